"""The page *Month*."""

from __future__ import annotations

from typing import Any

from conductor_bean.fava.pages.blocks import (
    Beside,
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
from conductor_bean.fava.pages.flow import flow
from conductor_bean.fava.pages.query import Query
from conductor_bean.fava.pages.region import PSF, TREASURY
from conductor_bean.fava.pages.words import plain, transfer_filter

Row = dict[str, Any]


def months(document: Row, query: Query, links: Links) -> Page:
    """A month: where the money, and the hours of the Public Sector Fund, came from and went."""
    about, rows = document["about"], document["months"] or []
    if not rows:
        return Page("Month", [Section("", [text("There are no events yet, so there are no months.")])])
    names = [str(row["month"]) for row in rows]
    index = names.index(query.month) if query.month in names else len(names) - 1
    row = rows[index]
    sections = [Section("", [_chooser(names, index, query, links), _figures(row, about, links)])]
    for name, key, unit, account in (
        ("Treasury", "treasury", about["credits"], TREASURY),
        ("Public Sector Fund", "psf", about["hours"], PSF),
    ):
        if not unit:
            off = "Regional credits are off" if key == "treasury" else "Labour time is off"
            sections.append(Section(name, [text(f"{off} in this region, so there is none.")], key))
        elif row[key] is None:
            sections.append(Section(name, [text("This is not known of this month.")], key))
        else:
            picture = flow(name, names[index], unit, row[key])
            blocks: list[Any] = [Beside([picture, _table(row, key, unit, account, links)])]
            if row[key].get("receivers"):
                blocks.append(_receivers(row, key, unit, account, links))
            sections.append(Section(f"{name}, {unit}", blocks, key))
    return Page(f"Month {names[index]}", sections)


def _chooser(names: list[str], index: int, query: Query, links: Links) -> Form:
    options = [(name, name) for name in reversed(names)]
    steps = [
        Cell(label, links.page(query.page, month=names[at]))
        for label, at in (("the month before", index - 1), ("the month after", index + 1))
        if 0 <= at < len(names)
    ]
    choice = Choice("month", "Month", names[index], options)
    return Form(links.page(""), [("page", query.page)], [choice], "Show", steps)


def _figures(row: Row, about: Row, links: Links) -> Figures:
    month = str(row["month"])
    figures = [("Closed", Cell("yes" if row["closed"] else "not yet"))]
    if about["hours"]:
        figures.append(("FIC at its end", number(row["fic"], links.page("region"), 6)))
    if about["credits"]:
        dividend = number(row["dividend"], links.journal(transfer_filter("dividend"), month))
        figures.append((f"Dividend of each member ({about['credits']})", dividend))
    figures.append(("Members", number(row["members"])))
    if about["credits"]:
        short = row["companies_short"]
        names = None if short is None else ", ".join(short) or "none"
        figures.append(("Companies that could not pay all", cut(names)))
        figures.append(("Members who could not pay all", number(row["members_short"])))
    return Figures(figures)


def _table(row: Row, key: str, unit: str, account: str, links: Links) -> Table:
    month, fund = str(row["month"]), row[key]
    journal = links.account(account, month)
    rows = [[Cell("held before"), Cell(""), number(fund["opening"], journal)]]
    for direction, side in (("came in", "income"), ("went out", "spending")):
        for name, amount in (fund[side] or {}).items():
            entries = links.account(account, month, "" if name == "other" else transfer_filter(name))
            rows.append([cut(plain(name), entries), Cell(direction), number(amount, entries)])
    rows.append([Cell("held at the end"), Cell(""), number(fund["closing"], journal)])
    return Table(
        [Column("transfer"), Column(""), Column("amount", unit, number=True)],
        rows,
        "",
        f"Income and spending of {month}",
    )


def _receivers(row: Row, key: str, unit: str, account: str, links: Links) -> Table:
    """Who got what went out, where that is public."""
    month = str(row["month"])
    return Table(
        [Column("who got it"), Column("transfer"), Column("amount", unit, number=True)],
        [
            [
                cut(found["to"], links.account(found["account"], month)),
                Cell(plain(found["transfer"])),
                number(found["amount"], links.account(account, month, transfer_filter(found["transfer"]))),
            ]
            for found in row[key]["receivers"]
        ],
        "",
        f"Who got what went out in {month}",
    )
