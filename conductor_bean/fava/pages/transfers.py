"""The page *Transfers*: the table as law."""

from __future__ import annotations

from typing import Any

from conductor_bean.fava.pages.blocks import (
    DASH,
    Cell,
    Choice,
    Column,
    Form,
    Links,
    Page,
    Section,
    Table,
    cut,
    is_partly_told,
    number,
    text,
)
from conductor_bean.fava.pages.query import Query, search
from conductor_bean.fava.pages.words import plain, transfer_filter


def transfers(document: dict[str, Any], query: Query, links: Links) -> Page:
    """What may move from where to where, and how much of each did."""
    rows = document["rows"] or []
    periods = sorted({str(period["period"]) for row in rows for period in row["periods"] or []}, reverse=True)
    chosen = query.month if query.month in periods else ""
    form = Form(
        links.page(""),
        [("page", query.page)],
        [
            Choice("q", "Search", query.q),
            Choice("month", "Month", chosen, [("", "the whole ledger"), *((period, period) for period in periods)]),
        ],
        "Show",
    )
    found = search(
        rows, query.q, lambda row: (plain(row["name"]), row["name"], row["debit"], row["credit"], row["condition"])
    )
    table = Table(
        [
            *(
                Column("transfer", wide=True),
                Column("from", wide=True),
                Column("to", wide=True),
                Column("number", number=True),
            ),
            *(Column("volume", number=True), Column(""), Column("taken back", number=True)),
            Column("condition and meaning", wide=True),
        ],
        [_row(row, chosen, links) for row in found],
        "No transfer is like that.",
        "The table of allowed transfers",
    )
    law = text("What is not in this table is forbidden. Recorded transfers are written by people, derived ones follow.")
    blocks: list[Any] = [law, form, table]
    if any(is_partly_told(row) for row in rows):
        blocks.append(
            text(
                "Partly told: the rest would expose somebody, so it is told below together with others, or waits for "
                "the next period."
            )
        )
    sections = [Section("", blocks)]
    if document.get("merged"):
        sections.append(Section("Told together", [_merged(document["merged"], chosen, links)]))
    return Page("Transfers", sections)


def _merged(rows: list[dict[str, Any]], period: str, links: Links) -> Table:
    """What an edition tells of several transfers together."""
    return Table(
        [
            *(Column("period"), Column("transfers"), Column("from", wide=True), Column("to", wide=True)),
            *(Column("number", number=True), Column("volume", number=True), Column("")),
        ],
        [
            [
                cut(row["period"]),
                Cell(plain(row["name"]), links.journal(transfer_filter(row["name"])), small=row["level"]),
                cut(row["debit"], links.account(row["debit"])),
                cut(row["credit"], links.account(row["credit"])),
                number(row["count"]),
                number(row["volume"]),
                cut(row["commodity"]),
            ]
            for row in rows
            if period in ("", row["period"])
        ],
        "Nothing of this period is told together.",
        "What is told of several transfers together",
    )


def _row(row: dict[str, Any], month: str, links: Links) -> list[Cell]:
    moved = row
    if month:
        nothing = dict.fromkeys(("count", "volume")) if is_partly_told(row) else {"count": 0, "volume": "0"}
        moved = next((period for period in row["periods"] or [] if str(period["period"]) == month), nothing)
    journal = links.journal(transfer_filter(row["name"]), month) if row["count"] else ""
    who = [name for name, written in (("recorded", row["recorded"]), ("derived", row["derived"])) if written]
    approved = ", approved by accountants" if row["approved"] else ""
    told = ", partly told" if is_partly_told(row) else ""
    return [
        Cell(plain(row["name"]), journal, small=" or ".join(who) + approved + told),
        Cell(plain(row["debit"])),
        Cell(plain(row["credit"])),
        number(moved["count"], journal),
        number(moved["volume"], journal),
        cut(row["commodity"]),
        number(None if month else row["reversed"]),
        Cell(row["condition"] or DASH, small=row["explanation"] or ""),
    ]
