"""The page *Region*: FIC, funds, regional profit, dividend, population and activity over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.about import about, share
from conductor_bean.documents.course import Course
from conductor_bean.documents.traffic import MonthTraffic, hours_worked
from conductor_bean.ledger.reports import balances, fic, fic_row, hours, rsc

if TYPE_CHECKING:
    from conductor_bean.domain.fic import FactorParts
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.months import MonthFigures
    from conductor_bean.ledger.reports import Row

REGIONAL_KINDS = frozenset(
    {"psf", "cooperation", "treasury", "pool", "bank", "claim", "issuance", "outside", "clearing"}
)
"""Kinds of accounts that belong to the region and its institutions: what they hold is public."""

_PARTS = ("fic", "L", "L_o", "P_o", "R_o")


def region(books: Books, course: Course | None = None) -> Row:
    """The region over time.

    Returns:
        `about` (see there);
        `now`: `{"fic", "L", "L_o", "P_o", "R_o", "psf", "treasury", "members", "companies", "plans", "dividend",
        "dividend_month"}` at the last event, with the active plans, and the dividend of the last closed month;
        `fic`: `[{"date", "fic", "L", "L_o", "P_o", "R_o"}]` each morning, parts in hours; empty without labour time;
        `months`: `[{"month", "closed", "fic", "psf", "treasury", "members", "companies", "taxes", "bank_surplus",
        "surcharges", "regional_profit", "dividend", "hours", "transfers"}]` at month ends, where `regional_profit` =
        `taxes` + `bank_surplus` + `surcharges` is null until the month is closed, `dividend` is that of each member,
        `hours` are those worked in the month, and `transfers` is their number;
        `accounts`: rows of `conductor balances --json` of what belongs to the region and its institutions.
    """
    course = course or Course.of(books)
    rows = [_month(books, figures, course.traffic.months.get(figures.month)) for figures in course.months]
    return {
        "about": about(books, course),
        "now": _now(books, course, rows),
        "fic": [_morning(books, parts) for parts in course.fic],
        "months": rows,
        "accounts": [row for row in balances(books, books.machine) if row["kind"] in REGIONAL_KINDS],
    }


def _now(books: Books, course: Course, rows: list[Row]) -> Row:
    state, context = books.machine.state, books.machine.context
    found: Row = dict.fromkeys(_PARTS)
    if books.region.labour_time is not None:
        row = fic_row(books, fic(books.machine, course.instant))
        found = {key: row[key] for key in _PARTS}
    closed = [row for row in rows if row["dividend"] is not None]
    return {
        **found,
        "psf": None if books.region.labour_time is None else hours(books, state.balances[context.psf.name]),
        "treasury": None if books.region.credits is None else rsc(books, state.balances[context.treasury.name]),
        "members": sum(member.ended is None for member in state.members.values()),
        "companies": sum(company.ended is None for company in state.companies.values()),
        "plans": sum(plan.is_active(course.instant) for plan in state.plans.values()),
        "dividend": closed[-1]["dividend"] if closed else None,
        "dividend_month": closed[-1]["month"] if closed else None,
    }


def _morning(books: Books, parts: FactorParts) -> Row:
    row = fic_row(books, parts)
    return {"date": row["instant"][:10], **{key: row[key] for key in _PARTS}}


def _month(books: Books, figures: MonthFigures, moved: MonthTraffic | None) -> Row:
    moved = moved or MonthTraffic()
    row: Row = {
        "month": figures.month,
        "closed": figures.closed,
        "fic": share(figures.fic),
        "psf": None if books.region.labour_time is None else hours(books, figures.psf),
        "treasury": None,
        "members": figures.members,
        "companies": figures.companies,
        "taxes": None,
        "bank_surplus": None,
        "surcharges": None,
        "regional_profit": None,
        "dividend": None,
        "hours": hours_worked(books, moved.hours),
        "transfers": moved.transfers,
    }
    if books.region.credits is not None:
        row["treasury"] = rsc(books, figures.closing)
        row.update(_profit(books, figures))
    return row


def _profit(books: Books, figures: MonthFigures) -> Row:
    """Regional profit with its parts; what non-members paid above cost is known when the month is closed."""
    surplus = figures.income.get("bank_surplus", 0)
    found = {"taxes": rsc(books, figures.taxes), "bank_surplus": rsc(books, surplus)}
    if figures.profit is not None:
        found["surcharges"] = rsc(books, figures.profit - figures.taxes - surplus)
        found["regional_profit"] = rsc(books, figures.profit)
    if figures.dividend is not None:
        found["dividend"] = rsc(books, figures.dividend)
    return found
