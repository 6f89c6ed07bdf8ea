"""The pages for accountants alone: *Member statement* and *Errors and advice*."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages.blocks import (
    Cell,
    Choice,
    Column,
    Figures,
    Form,
    Links,
    Page,
    Section,
    Table,
    cut,
    number,
    text,
)
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.pages.words import moment, plain

Row = dict[str, Any]


def statement(parties: list[Row], found: Row | None, query: Query, links: Links) -> Page:
    """The statement of a party, and all parties to choose from.

    Args:
        parties: Everybody who has accounts.
        found: The statement that is asked for, or None.
        query: The query.
        links: Addresses.
    """
    sections = []
    if query.party and found is None:
        sections.append(Section("", [text(f"There is no party {query.party!r} with accounts.", notice=True)]))
    if found is not None:
        sections.append(_statement(found, parties, query, links))
    sections.append(_chooser(parties, query, links, alone=found is None))
    return Page("Member statement", sections)


def _chooser(parties: list[Row], query: Query, links: Links, *, alone: bool) -> Section:
    matching = search(parties, query.q, lambda row: (row["party"], row["name"]))
    shown, pager = part_of(matching, query, links) if alone else (matching[:10], None)
    hidden = [("page", query.page)]
    form = Form(links.page(""), hidden, [Choice("q", "Search by id or name", query.q)], "Find")
    table = Table(
        [Column("party"), Column("name"), Column("kind"), Column("")],
        [
            [
                cut(row["party"], links.page(query.page, party=row["party"])),
                cut(row["name"]),
                Cell(plain(row["kind"])),
                Cell("ended" if row["ended"] else ""),
            ]
            for row in shown
        ],
        "Nobody is named like that." if parties else "Nobody has accounts yet.",
        "Parties with accounts",
        pager,
    )
    return Section("Choose a party", [form, table] if alone or query.q else [form], "parties")


def _statement(found: Row, parties: list[Row], query: Query, links: Links) -> Section:
    """Signed amounts on the party's own accounts, each with the balance that it leaves."""
    name = next((row["name"] for row in parties if row["party"] == found["party"]), "")
    lines = _lines(found)
    # The newest transfers are asked for most.
    shown, pager = part_of(lines, replace(query, part=query.part or len(lines)), links)
    figures = []
    for account, closing in found["closing"].items():
        figures.append((f"{account} before", number(found["opening"][account])))
        figures.append((f"{account} at the end", number(closing, links.account(account))))
    table = Table(
        [
            *(Column("when"), Column("account"), Column("transfer"), Column("with")),
            *(Column("amount", number=True), Column("balance", number=True), Column("where")),
        ],
        [
            [
                cut(moment(row["instant"])),
                Cell(account.rpartition(":")[2], links.account(account), title=account),
                cut(plain(row["type"])),
                cut(other, links.account(other)),
                number(f"{amount:+f}"),
                number(f"{balance:f}"),
                cut(f"{row['file']}:{row['line']}", links.source(row["file"], row["line"])),
            ]
            for row, account, other, amount, balance in shown
        ],
        "Nothing was ever moved on these accounts.",
        f"Statement of {found['party']}",
        pager,
    )
    title = cut(found["party"]).text + (f" ({cut(name).text})" if name and name != found["party"] else "")
    return Section(f"Statement of {title}", [Figures(figures), table], "statement")


def _lines(found: Row) -> list[tuple[Row, str, str, Decimal, Decimal]]:
    running = {account: Decimal(balance) for account, balance in found["opening"].items()}
    lines = []
    for row in found["transfers"]:
        amount = Decimal(row["amount"])
        for account, other, signed in ((row["debit"], row["credit"], -amount), (row["credit"], row["debit"], amount)):
            if account in running:
                running[account] += signed
                lines.append((row, account, other, signed, running[account]))
    return lines


def problems(rows: list[Row], query: Query, links: Links) -> Page:
    """Errors and advice, each with what it means and what to do."""
    kinds = [("", "errors and advice"), ("error", "errors"), ("advice", "advice")]
    asked = [row for row in rows if query.kind in ("", row["severity"])]
    found = search(asked, query.q, lambda row: (row["code"], row["message"], row["file"]))
    shown, pager = part_of(found, query, links)
    counts = [sum(row["severity"] == severity for row in rows) for severity in ("error", "advice")]
    form = Form(
        links.page(""),
        [("page", query.page)],
        [Choice("q", "Search", query.q), Choice("kind", "Show", query.kind, kinds)],
        "Show",
    )
    table = Table(
        [
            Column("where"),
            Column("what"),
            Column("message", wide=True),
            Column("what it means, and what to do", wide=True),
        ],
        [
            [
                cut(f"{row['file']}:{row['line']}", links.source(row["file"], row["line"])),
                Cell(row["code"], small=row["severity"]),
                Cell(row["message"][:1_000]),
                Cell(row["explanation"] or row["summary"], small=row["remedy"]),
            ]
            for row in shown
        ],
        "Nothing is like that." if rows else "The ledger holds: there are no errors, and no advice.",
        "Errors and advice",
        pager,
    )
    figures = Figures([("Errors", number(counts[0])), ("Advice", number(counts[1]))])
    return Page("Errors and advice", [Section("", [figures, form, table])])
