"""The page *Companies*."""

from __future__ import annotations

from typing import Any

from conductor_bean.fava.pages import charts
from conductor_bean.fava.pages.blocks import (
    DASH,
    PARTLY_TOLD,
    Cell,
    Charts,
    Choice,
    Column,
    Form,
    Links,
    Page,
    Section,
    Table,
    cut,
    heading,
    is_partly_told,
    number,
    text,
)
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.pages.words import date_of, link_filter, percent

_ACCOUNTS = {
    "p": "Assets:Companies:{}:P",
    "r": "Assets:Companies:{}:R",
    "a": "Assets:Companies:{}:A",
    "prd": "Liabilities:Companies:{}:PRD",
    "wallet": "Assets:Companies:{}:Wallet",
}
_MEANINGS = {"p": "p: fixed means", "r": "r: liquid means", "a": "a: labour", "prd": "prd: product"}
_REGIONAL = "regional"
NOT_TOLD = "This is not told: no month is told yet, or credits are off."


def companies(document: dict[str, Any], query: Query, links: Links) -> Page:
    """The register of companies, their accounts, and the books of regional ones."""
    about, rows = document["about"], (document["companies"] or [])
    found = [row for row in search(rows, query.q, _texts) if query.kind in ("", row["ownership"])]
    shown, pager = part_of(found, query, links)
    form = Form(
        links.page(""),
        [("page", query.page)],
        [
            Choice("q", "Search", query.q),
            Choice("kind", "Owned by", query.kind, [("", "all"), ("regional", "the region"), ("workers", "workers")]),
        ],
        "Show",
    )
    empty = "No company was ever registered." if not rows else "No company is like that."
    table = Table(_columns(about), [_row(row, about, links) for row in shown], empty, "Companies", pager)
    register = [form, table, *_explained(document, links)]
    return Page("Companies", [*_books(document, query, links), Section("Register", register, "register")])


def _texts(row: dict[str, Any]) -> list[object]:
    return [row["company"], row["name"]]


def _explained(document: dict[str, Any], links: Links) -> list[Any]:
    limit = document["deviation_limit"]
    if limit is None:
        found: list[Any] = [text("Labour time is off in this region, so there are no accounts p, r, a and prd.")]
    else:
        found = [
            text(
                f"Off plan: accounts that deviate by more than {percent(limit)} of what was planned (",
                Cell("decided by the region", links.page("decisions")),
                ").",
            )
        ]
    if any(_is_partly_told(row) for row in document["companies"] or []):
        found.append(text(PARTLY_TOLD))
    return found


def _columns(about: dict[str, Any]) -> list[Column]:
    columns = [Column("company"), Column("owned by"), Column("members", number=True)]
    if about["hours"]:
        columns += [Column(meaning, about["hours"], number=True) for meaning in _MEANINGS.values()]
        columns += [Column("off plan")]
    if about["credits"]:
        columns += [Column("wallet", about["credits"], number=True)]
    columns += [Column("plans", number=True)] if about["hours"] else []
    columns += [Column("offers", number=True)] if about["credits"] else []
    return [*columns, Column("since"), Column("ended")]


def _row(row: dict[str, Any], about: dict[str, Any], links: Links) -> list[Cell]:
    company = str(row["company"])
    books = links.page("companies", party=company) if row["ownership"] == _REGIONAL else ""
    name = str(row["name"]) if row["name"] and row["name"] != company else ""
    owner = "the region" if row["ownership"] == _REGIONAL else row["ownership"]
    told = "partly told" if _is_partly_told(row) else ""
    cells = [cut(company, books, small=cut(name).text if name else ""), cut(owner, small=told), number(row["members"])]
    if about["hours"]:
        cells += [number(row[kind], links.account(_ACCOUNTS[kind].format(company))) for kind in _MEANINGS]
        cells.append(_off_plan(row))
    if about["credits"]:
        cells.append(number(row["wallet"], links.account(_ACCOUNTS["wallet"].format(company))))
    if about["hours"]:
        cells.append(number(row["plans"], links.page("plans", q=company, state="active")))
    if about["credits"]:
        cells.append(number(row["offers"], links.page("prices", q=company)))
    ended = None if row["ended"] is None else date_of(row["ended"]) + (" (bankrupt)" if row["bankrupt"] else "")
    return [*cells, cut(date_of(row["since"]) if row["since"] else None), cut(ended)]


def _is_partly_told(row: dict[str, Any]) -> bool:
    """Of companies of workers nothing is told at all, which needs no mark."""
    return row["ownership"] == _REGIONAL and is_partly_told(row)


def _off_plan(row: dict[str, Any]) -> Cell:
    if row["flags"] is None:
        return Cell(DASH)
    deviation = row["deviation"] or {}
    parts = []
    for kind in row["flags"]:
        value = deviation.get(kind)
        parts.append(f"{kind} {percent(value, 0)}" if value is not None else f"{kind} (nothing was planned)")
    return Cell(", ".join(parts) or "no")


def _books(document: dict[str, Any], query: Query, links: Links) -> list[Section]:
    """The books of the regional company that is asked for."""
    known = [row for row in (document["companies"] or []) if row["ownership"] == _REGIONAL]
    row = next((row for row in known if row["company"] == query.party), None)
    if row is None:
        if not query.party:
            return []
        return [Section("", [text(f"There are no public books of a company {query.party!r}.", notice=True)])]
    unit = document["about"]["credits"] or ""
    months = row["costs"] or []
    drawn = charts.drawable(
        charts.bars(
            f"Cost and sales by month ({unit})",
            [
                (month["month"], {f"cost ({unit})": month["cost"], f"sales ({unit})": month["sales"]})
                for month in months
            ],
        )
    )
    accounts: list[str | Cell] = ["Its accounts: "]
    for kind, pattern in _ACCOUNTS.items():
        address = links.account(pattern.format(row["company"]))
        accounts += [Cell(kind, address), " "] if address else []
    blocks: list[Any] = [text(*accounts), *(Charts([chart]) for chart in drawn)]
    if is_partly_told(row):
        blocks.append(text(PARTLY_TOLD))
    blocks.append(_costs(row, unit, links))
    if row["costs"] is not None or row["products"] is not None:
        blocks.append(_products(row, unit, links))
    return [Section(f"Books of {heading(row['name'] or row['company'])}", blocks, "books")]


def _costs(row: dict[str, Any], unit: str, links: Links) -> Table:
    keys = ("wages", "purchases", "rents", "interest", "cost", "sales")
    wallet = _ACCOUNTS["wallet"].format(row["company"])
    return Table(
        [
            *(Column("month"), Column("hours worked")),
            *(Column(key, unit, number=True) for key in keys),
            *(Column("units sold", number=True), Column("cost of a unit", unit, number=True)),
        ],
        [
            [
                cut(month["month"], links.account(wallet, month["month"])),
                _hours(month),
                *(number(month[key], links.account(wallet, month["month"])) for key in keys),
                *(number(month["units"]), number(month["unit_cost"], digits=4)),
            ]
            for month in row["costs"] or []
        ],
        "It has not cost anything yet." if row["costs"] is not None else NOT_TOLD,
        "Costs by month",
    )


def _hours(month: dict[str, Any]) -> Cell:
    """Hours by occupation; an edition may leave some out."""
    told = ", ".join(f"{hours} {name}".rstrip() for name, hours in (month["hours"] or {}).items())
    return cut(told, small="" if month.get("hours_told", True) or not told else "others are not told")


def _products(row: dict[str, Any], unit: str, links: Links) -> Table:
    return Table(
        [
            *(Column("offer"), Column("product", wide=True), Column("sold", "the last three months", number=True)),
            *(Column("price", unit, number=True), Column("cost of a unit", unit, number=True)),
            Column("price at cost", unit, number=True),
        ],
        [
            [
                cut(offer["offer"], links.journal(link_filter(offer["offer"]))),
                cut(offer["product"]),
                number(offer["sold"], links.journal(link_filter(offer["offer"]))),
                number(offer["price"]),
                number(offer["unit_cost"], digits=4),
                number(offer["at_cost_price"]),
            ]
            for offer in row["products"] or []
        ],
        "It offers nothing." if row["products"] is not None else NOT_TOLD,
        "What it offers, over the last three months",
    )
