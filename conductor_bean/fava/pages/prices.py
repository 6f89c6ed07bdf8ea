"""The page *Prices and offers*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conductor_bean.fava.pages.blocks import (
    Cell,
    Choice,
    Column,
    Form,
    Links,
    Page,
    Section,
    Table,
    cut,
    number,
    text,
    unit_of,
)
from conductor_bean.fava.pages.query import ROWS, Query, part_of, search
from conductor_bean.fava.pages.words import date_of, link_filter, plain

FIRST = 40
"""Rows of each kind where all kinds stand on one page."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of what can be had."""

    name: str
    heading: str
    economy: str
    of: Callable[[Row], list[Row]]
    columns: Callable[[str], list[Column]]
    cells: Callable[[Row, Links], list[Cell]]
    empty: str


def prices(document: dict[str, Any], query: Query, links: Links) -> Page:
    """What there is and what it costs: plans, offers, jobs, property and how long the lists are."""
    about = document["about"]
    kinds = [kind for kind in KINDS if query.kind in ("", kind.name)] or list(KINDS)
    names = [("", "everything"), *((kind.name, kind.heading) for kind in KINDS)]
    form = Form(
        links.page(""),
        [("page", query.page)],
        [Choice("q", "Search", query.q), Choice("kind", "Kind", query.kind, names)],
        "Show",
    )
    sections = [_section(kind, document, query, links, alone=len(kinds) == 1) for kind in kinds]
    found = "" if about["through"] is None else f"As it stands at the end of {about['through']}."
    return Page("Prices and offers", [Section("", [text(found), form] if found else [form]), *sections])


def _section(kind: _Kind, document: Row, query: Query, links: Links, *, alone: bool) -> Section:
    unit = document["about"][kind.economy]
    if not unit:
        why = "Labour time is off in this region." if kind.economy == "hours" else "Regional credits are off here."
        return Section(kind.heading, [text(why)], kind.name)
    rows = kind.of(document)
    found = search(rows, query.q, lambda row: row.values())
    shown, pager = part_of(found, query, links, ROWS if alone else FIRST)
    empty = kind.empty if not rows else "Nothing is like that."
    if not alone and pager is not None:
        shown, pager = found[:FIRST], None
    table = Table(kind.columns(unit), [kind.cells(row, links) for row in shown], empty, kind.heading, pager)
    blocks: list[Any] = [table]
    if kind.name == "services" and (others := document.get("services_unlisted")):
        blocks.append(text(f"{others} more basic service(s) are offered, and not listed here."))
    if not alone and len(found) > FIRST:
        more = links.page("prices", kind=kind.name, **({"q": query.q} if query.q else {}))
        blocks.append(text(f"The first {FIRST} of {len(found)}. ", Cell("Show all", more)))
    return Section(kind.heading, blocks, kind.name)


def _plan_columns(unit: str) -> list[Column]:
    return [
        *(
            Column("product", wide=True),
            Column("plan"),
            Column("company"),
            Column("price of a unit", unit, number=True),
        ),
        *(Column("own cost", unit, number=True), Column("cooperation"), Column("until")),
    ]


def _plan_cells(row: Row, links: Links) -> list[Cell]:
    journal = links.journal(link_filter(row["plan"]))
    return [
        cut(row["product"], small=unit_of(row["unit"])),
        cut(row["plan"], journal),
        cut(row["planner"], links.page("companies", q=row["planner"])),
        number(row["price"], links.page("plans", q=row["plan"]), 4),
        number(row["cost"], digits=4),
        cut(row["cooperation"], links.page("cooperations", q=row["cooperation"] or "")),
        cut(date_of(row["expires"]) if row["expires"] else None),
    ]


def _offer_columns(unit: str) -> list[Column]:
    return [
        *(Column("product", wide=True), Column("offer"), Column("company"), Column("kind")),
        *(Column("price of a unit", unit, number=True), Column("since")),
    ]


def _offer_cells(row: Row, links: Links) -> list[Cell]:
    journal = links.journal(link_filter(row["offer"]))
    return [
        cut(row["product"], small=unit_of(row["unit"])),
        cut(row["offer"], journal),
        cut(row["company"], links.page("companies", q=row["company"])),
        cut(row["kind"]),
        number(row["price"], journal),
        cut(date_of(row["since"]) if row["since"] else None),
    ]


def _job_columns(unit: str) -> list[Column]:
    return [
        *(Column("occupation"), Column("offer"), Column("company"), Column("hours")),
        *(Column("wage of an hour", unit, number=True), Column("since")),
    ]


def _job_cells(row: Row, links: Links) -> list[Cell]:
    wage = row["wage"]
    shown = None if wage is None else f"{wage['min']} to {wage['max']}"
    return [
        cut(row["occupation"] or row["product"]),
        cut(row["offer"]),
        cut(row["company"], links.page("companies", q=row["company"])),
        cut(row["hours"]),
        number(shown, links.page("decisions")),
        cut(date_of(row["since"]) if row["since"] else None),
    ]


def _property_columns(unit: str) -> list[Column]:
    return [
        *(Column("property"), Column("kind"), Column("cost a month", unit, number=True)),
        *(Column("price", unit, number=True), Column("is"), Column("since")),
    ]


def _property_cells(row: Row, links: Links) -> list[Cell]:
    if row["sold"]:
        state = f"sold on {date_of(row['sold'])}"
    else:
        state = f"held by {cut(row['lessee']).text}" if row["lessee"] else "held" if row["held"] else "free"
    return [
        cut(
            row["property"],
            links.journal(link_filter(row["property"])),
            small=cut(row["name"]).text if row["name"] else "",
        ),
        cut(row["kind"]),
        number(row["monthly_cost"]),
        number(row["price"]),
        cut(None if row["held"] is None else state),
        cut(row["since"]),
    ]


def _list_columns(unit: str) -> list[Column]:  # noqa: ARG001 - people are counted, not credits
    return [
        *(Column("list"), Column("waiting", number=True), Column("served", number=True)),
        Column("median wait", "days", number=True),
    ]


def _list_cells(row: Row, links: Links) -> list[Cell]:  # noqa: ARG001 - who waits is private
    cells = [cut(plain(row["list"])), number(row["length"]), number(row["served"])]
    return [*cells, number(row.get("median_days"))]


def _home_columns(unit: str) -> list[Column]:  # noqa: ARG001 - property is counted, not credits
    return [Column("kind"), Column("free", number=True), Column("held", number=True)]


def _home_cells(row: Row, links: Links) -> list[Cell]:  # noqa: ARG001 - who holds it is private
    return [cut(row["kind"]), number(row["free"]), number(row["held"])]


def _service_columns(unit: str) -> list[Column]:  # noqa: ARG001 - services cost their own hours
    return [Column("service", wide=True), Column("contact", wide=True), Column("since")]


def _service_cells(row: Row, links: Links) -> list[Cell]:  # noqa: ARG001 - who consumes it is private
    return [
        cut(row["name"], small=cut(row["description"]).text if row["description"] else ""),
        cut(row["contact"]),
        cut(row["since"]),
    ]


def _lists(document: Row) -> list[Row]:
    waits = {row["list"]: row["median_days"] for row in document.get("waits") or []}
    return [{**row, "median_days": waits.get(row["list"])} for row in document["lists"] or []]


def _offers(*, jobs: bool) -> Callable[[Row], list[Row]]:
    return lambda document: [row for row in document["offers"] or [] if (row["kind"] == "job") == jobs]


KINDS = (
    _Kind(
        "plans",
        "Planned products",
        "hours",
        lambda document: document["plans"] or [],
        _plan_columns,
        _plan_cells,
        "No plan is active.",
    ),
    _Kind(
        "offers",
        "Products and services for credits",
        "credits",
        _offers(jobs=False),
        _offer_columns,
        _offer_cells,
        "Nobody offers anything for credits.",
    ),
    _Kind("jobs", "Jobs", "credits", _offers(jobs=True), _job_columns, _job_cells, "Nobody offers a job."),
    _Kind(
        "property",
        "Property of the region",
        "credits",
        lambda document: document["properties"] or [],
        _property_columns,
        _property_cells,
        "The region has no property.",
    ),
    _Kind(
        "homes",
        "Property that is free",
        "credits",
        lambda document: document.get("homes") or [],
        _home_columns,
        _home_cells,
        "The region has no property.",
    ),
    _Kind(
        "lists",
        "Wait-lists",
        "credits",
        _lists,
        _list_columns,
        _list_cells,
        "There are no wait-lists.",
    ),
    _Kind(
        "services",
        "Basic services",
        "hours",
        lambda document: document.get("services") or [],
        _service_columns,
        _service_cells,
        "No basic service is listed.",
    ),
)
