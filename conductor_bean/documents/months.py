"""The page *Month*: where the money, and the hours of the Public Sector Fund, came from and went."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from conductor_bean.documents.about import about, share
from conductor_bean.documents.course import Course
from conductor_bean.documents.traffic import MonthTraffic
from conductor_bean.ledger.reports import hours, rsc

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.months import MonthFigures
    from conductor_bean.ledger.reports import Row


def months(books: Books, course: Course | None = None) -> Row:
    """The region's funds month by month.

    Returns:
        `about` (see there);
        `months`: `[{"month", "closed", "fic", "dividend", "members", "companies_short", "members_short", "treasury",
        "psf"}]`, where `treasury` (credits) and `psf` (hours) are `{"opening", "income", "spending", "closing"}` with
        amounts by transfer, null where that economy is off; `companies_short` are ids of companies and
        `members_short` the number of members who could not pay all that was due, null where credits are off.
    """
    course = course or Course.of(books)
    moved = course.traffic.months
    rows, psf = [], 0
    for figures in course.months:
        row, psf = _month(books, figures, moved.get(figures.month) or MonthTraffic(), psf), figures.psf
        rows.append(row)
    return {"about": about(books, course), "months": rows}


def _month(books: Books, figures: MonthFigures, moved: MonthTraffic, psf: int) -> Row:
    has_hours, has_credits = books.region.labour_time is not None, books.region.credits is not None
    row: Row = {
        "month": figures.month,
        "closed": figures.closed,
        "fic": share(figures.fic),
        "dividend": None if figures.dividend is None or not has_credits else rsc(books, figures.dividend),
        "members": figures.members,
        "companies_short": figures.short if has_credits else None,
        "members_short": figures.members_short if has_credits else None,
        "treasury": None,
        "psf": None,
    }
    if has_credits:
        treasury = partial(rsc, books)
        row["treasury"] = {
            "opening": treasury(figures.opening),
            **_flows(treasury, figures.income, figures.spending),
            "closing": treasury(figures.closing),
        }
    if has_hours:
        fund = partial(hours, books)
        row["psf"] = {
            "opening": fund(psf),
            **_flows(fund, moved.psf_income, moved.psf_spending),
            "closing": fund(figures.psf),
        }
    return row


def _flows(text: Callable[[int], str], income: dict[str, int], spending: dict[str, int]) -> Row:
    return {
        "income": {kind: text(units) for kind, units in sorted(income.items())},
        "spending": {kind: text(units) for kind, units in sorted(spending.items())},
    }
