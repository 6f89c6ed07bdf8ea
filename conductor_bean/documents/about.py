"""What every document begins with, and the words for what may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from conductor_bean.documents.course import Course
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row

from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.ledger.reports import commodity_of


def about(books: Books, course: Course) -> Row:
    """Whose figures these are, of which dates, and in which commodities.

    Returns:
        `{"region", "name", "from", "through", "hours", "credits"}`: the dates of the first and the last event, null
        where there is none; the names of the commodities, null where that economy is off.
    """
    region = books.region
    return {
        "region": region.id,
        "name": region.name,
        "from": None if course.first is None else course.first.isoformat(),
        "through": None if course.last is None else course.last.isoformat(),
        "hours": None if region.labour_time is None else region.labour_time.name,
        "credits": None if region.credits is None else region.credits.name,
    }


def share(value: Fraction | None) -> str | None:
    """A rate as a decimal string with up to 28 significant digits."""
    return None if value is None else decimal_text(significant(value))


def exact_hours(books: Books, units: Fraction | None) -> str | None:
    """An exact value in units of labour time, such as a price, as a decimal string."""
    return None if units is None else decimal_text(commodity_of(books).exact(units))
