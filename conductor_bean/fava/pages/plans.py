"""The pages *Plans* and, for accountants, *Plans to review*."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages.blocks import (
    DASH,
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
    unit_of,
)
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.pages.words import date_of, link_filter

_STATES = ("active", "filed", "expired", "rejected", "withdrawn")
_KINDS = ("productive", "public")


def plans(document: dict[str, Any], query: Query, links: Links) -> Page:
    """Every plan: public and productive, how far it is, when it expires."""
    about, rows = document["about"], (document["plans"] or [])
    if not about["hours"]:
        return Page(
            "Plans", [Section("", [text("Labour time is off in this region, so nothing is planned in hours.")])]
        )
    found = [row for row in search(rows, query.q, _texts) if _asked_for(row, query)]
    shown, pager = part_of(found, query, links)
    form = Form(
        links.page(""),
        [("page", query.page)],
        [
            Choice("q", "Search", query.q),
            Choice("state", "State", query.state, [("", "all"), *((state, state) for state in _STATES)]),
            Choice("kind", "Kind", query.kind, [("", "all"), *((kind, kind) for kind in _KINDS)]),
        ],
        "Show",
    )
    empty = "No plan was ever filed." if not rows else "No plan is like that."
    table = Table(_columns(about["hours"]), [_row(row, links) for row in shown], empty, "Plans", pager)
    return Page("Plans", [Section("", [_sums(rows, about["hours"]), form, table])])


def review(document: dict[str, Any], query: Query, links: Links) -> Page:
    """Plans that were filed and wait for accountants to decide."""
    about = document["about"]
    if not about["hours"]:
        return Page(
            "Plans to review", [Section("", [text("Labour time is off in this region, so there are no plans.")])]
        )
    shown, pager = part_of((document["plans"] or []), query, links)
    columns = [*_columns(about["hours"]), Column("description", wide=True)]
    rows = [[*_row(row, links), cut(row["description"], limit=400)] for row in shown]
    empty = "Every plan that was filed is approved, rejected or withdrawn."
    table = Table(columns, rows, empty, "Plans to review", pager)
    hint = text(
        "A plan waits here from its filing until it is approved, rejected or withdrawn. Approve it with a ",
        "`plan-approval` directive that names you in `by:`; reject it with `plan-rejection` and a `reason:`.",
    )
    return Page("Plans to review", [Section("", [hint, table])])


def _texts(row: dict[str, Any]) -> list[object]:
    return [row["plan"], row["planner"], row["product"], row["cooperation"], row["description"]]


def _asked_for(row: dict[str, Any], query: Query) -> bool:
    kind = "public" if row["public"] else "productive"
    return query.state in ("", row["state"]) and query.kind in ("", kind)


def _sums(rows: list[dict[str, Any]], hours: str) -> Figures:
    """How much labour and means the active plans hold."""
    figures = []
    for kind in _KINDS:
        mine = [row for row in rows if row["state"] == "active" and bool(row["public"]) == (kind == "public")]
        total = sum(
            (
                Decimal(row[key])
                for row in mine
                for key in ("fixed_means", "raw_materials", "labour")
                if row[key] is not None
            ),
            Decimal(0),
        )
        figures.append((f"Active {kind} plans", Cell(str(len(mine)))))
        figures.append((f"Planned in active {kind} plans ({hours})", Cell(f"{total:f}")))
    return Figures(figures)


def _columns(hours: str) -> list[Column]:
    return [
        Column("plan"),
        Column("product", wide=True),
        Column("company"),
        Column("state"),
        Column("kind"),
        Column("consumed"),
        Column("expires"),
        Column("fixed means", hours, number=True),
        Column("raw materials", hours, number=True),
        Column("labour", hours, number=True),
        Column("price of a unit", hours, number=True),
        Column("own cost", hours, number=True),
        Column("cooperation"),
        Column("filed"),
        Column("approved"),
    ]


def _row(row: dict[str, Any], links: Links) -> list[Cell]:
    journal = links.journal(link_filter(row["plan"]))
    return [
        cut(row["plan"], journal),
        cut(row["product"], small=unit_of(row["unit"])),
        cut(row["planner"], links.page("companies", q=row["planner"])),
        cut(row["state"]),
        cut(None if row["public"] is None else "public" if row["public"] else "productive"),
        _consumed(row, journal),
        cut(date_of(row["expires"]) if row["expires"] else None),
        number(row["fixed_means"]),
        number(row["raw_materials"]),
        number(row["labour"]),
        number(row["price"], journal, 4),
        number(row["cost"], digits=4),
        cut(row["cooperation"], links.page("cooperations", q=row["cooperation"] or "")),
        cut(date_of(row["filed"]) if row["filed"] else None),
        cut(date_of(row["approved"]) if row["approved"] else None),
    ]


def _consumed(row: dict[str, Any], journal: str) -> Cell:
    if row["consumed"] is None or row["quantity"] is None:
        return Cell(DASH)
    share = (min(row["consumed"], row["quantity"]), row["quantity"])
    return Cell(f"{row['consumed']} of {row['quantity']}", journal, done=share)
