"""The page *Cooperations*."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages import charts
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
    heading,
    number,
    text,
    unit_of,
)
from conductor_bean.fava.pages.blocks import charts as drawn
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.pages.words import date_of, link_filter, moment

SHOWN = 10
"""Cooperations on one page, since each has a chart."""

PLANS = 100
CHANGES = 500
"""Plans and changes of price that are shown of each."""


def cooperations(document: dict[str, Any], query: Query, links: Links) -> Page:
    """Cooperations with their prices over time, the plans above and below them, and their coordinators."""
    about, rows = document["about"], (document["cooperations"] or [])
    if not about["hours"]:
        why = "Labour time is off in this region, so there are no cooperations."
        return Page("Cooperations", [Section("", [text(why)])])
    if not rows:
        return Page("Cooperations", [Section("", [text("No cooperation was ever founded.")])])
    found = search(rows, query.q, _texts)
    shown, pager = part_of(found, query, links, SHOWN)
    form = Form(links.page(""), [("page", query.page)], [Choice("q", "Search", query.q)], "Show")
    overview = Table(
        [
            *(Column("cooperation"), Column("price of a unit", about["hours"], number=True)),
            *(Column("balance", about["hours"], number=True), Column("active plans", number=True)),
            *(Column("above the price", number=True), Column("below it", number=True), Column("coordinator")),
        ],
        [_overview(row, links) for row in shown],
        "No cooperation is like that.",
        "Cooperations",
        pager,
    )
    return Page("Cooperations", [Section("", [form, overview]), *(_section(row, about, links) for row in shown)])


def _texts(row: dict[str, Any]) -> list[object]:
    plans = [plan[key] for plan in row["plans"] or [] for key in ("plan", "planner", "product")]
    return [row["cooperation"], row["name"], row["definition"], row["coordinator"], *plans]


def _account(row: dict[str, Any], links: Links) -> str:
    return links.account(f"Equity:Cooperations:{row['cooperation']}")


def _overview(row: dict[str, Any], links: Links) -> list[Cell]:
    plans = row["plans"] or []
    counts = [
        sum(bool(plan["active"]) for plan in plans),
        *(sum(plan["position"] == position for plan in plans) for position in ("above", "below")),
    ]
    name = str(row["name"]) if row["name"] and row["name"] != row["cooperation"] else ""
    return [
        cut(row["cooperation"], _account(row, links), small=cut(name).text if name else ""),
        number(row["price"], digits=4),
        number(row["balance"], _account(row, links)),
        *(number(count) for count in counts),
        cut(row["coordinator"]),
    ]


def _section(row: dict[str, Any], about: dict[str, Any], links: Links) -> Section:
    hours = about["hours"]
    blocks: list[Any] = []
    if row["definition"]:
        blocks.append(text(cut(row["definition"], limit=1_000)))
    blocks.append(
        Figures(
            [
                (f"Price of a unit ({hours})", number(row["price"], digits=4)),
                (f"Balance ({hours})", number(row["balance"], _account(row, links))),
                ("Coordinator", cut(row["coordinator"])),
                ("Founded", cut(date_of(row["since"]) if row["since"] else None)),
            ]
        )
    )
    blocks.append(drawn(charts.drawable(_prices(row, about))))
    blocks += [_plans(row, hours, links), _coordinators(row), *_requests(row, links)]
    return Section(heading(row["name"] or row["cooperation"]), blocks)


def _prices(row: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    """Prices where they change, the last one drawn on to the end of the ledger."""
    hours = about["hours"]
    changes = [change for change in row["prices"] or [] if change["price"] is not None][-CHANGES:]
    # Fava would write 0.55 at an axis as 550m.
    units = 1 if any(Decimal(change["price"]) >= 1 for change in changes) else 100
    points = [(date_of(change["instant"]), {hours: units * Decimal(change["price"])}) for change in changes]
    if points and row["price"] is not None and about["through"] and about["through"] > points[-1][0]:
        points.append((about["through"], {hours: units * Decimal(row["price"])}))
    what = "a unit" if units == 1 else f"{units} units"
    return charts.line(f"Price of {what} over time ({hours}): {cut(row['cooperation']).text}", points)


def _plans(row: dict[str, Any], hours: str, links: Links) -> Table:
    plans = row["plans"] or []
    words = {"above": "costs more than the price", "below": "costs less than the price", "equal": "costs the price"}
    return Table(
        [
            Column("plan"),
            Column("product", wide=True),
            Column("company"),
            Column("own cost", hours, number=True),
            Column("is"),
        ],
        [
            [
                cut(plan["plan"], links.journal(link_filter(plan["plan"]))),
                cut(plan["product"], small=unit_of(plan["unit"])),
                cut(plan["planner"], links.page("companies", q=plan["planner"])),
                number(plan["cost"], links.page("plans", q=plan["plan"]), 4),
                cut(words.get(str(plan["position"]), "" if plan["active"] else "not active")),
            ]
            for plan in plans[:PLANS]
        ],
        "No plan takes part.",
        "Plans of the cooperation",
    )


def _coordinators(row: dict[str, Any]) -> Table:
    return Table(
        [Column("coordinated by"), Column("since")],
        [[cut(held["company"]), cut(moment(held["since"]))] for held in (row["coordinators"] or [])[-PLANS:]],
        "Nobody ever coordinated it.",
        "Who coordinated since when",
    )


def _requests(row: dict[str, Any], links: Links) -> list[Any]:
    if not row["requests"]:
        return []
    parts: list[str | Cell] = ["Ask to take part: "]
    for plan in row["requests"][:PLANS]:
        parts += [cut(plan, links.journal(link_filter(plan))), " "]
    return [text(*parts)]
