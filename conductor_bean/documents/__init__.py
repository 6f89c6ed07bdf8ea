"""What each page of the region shows, as plain data that JSON can hold.

Amounts, prices and rates are decimal strings as in `--json`, dates and instants are ISO texts, rows stand in canonical
order. In a document of a public edition every value may be null and rows may be missing: what is private.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from conductor_bean.documents.companies import companies
from conductor_bean.documents.cooperations import cooperations
from conductor_bean.documents.course import Course
from conductor_bean.documents.decisions import decisions
from conductor_bean.documents.moment import books_until
from conductor_bean.documents.months import months
from conductor_bean.documents.plans import plans
from conductor_bean.documents.prices import prices
from conductor_bean.documents.region import region
from conductor_bean.documents.transfers import transfers

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row

__all__ = ["DOCUMENTS", "Course", "all_documents"]

DOCUMENTS: dict[str, Callable[[Books, Course | None], Row]] = {
    "region": region,
    "plans": plans,
    "companies": companies,
    "cooperations": cooperations,
    "prices": prices,
    "decisions": decisions,
    "transfers": transfers,
    "months": months,
}
"""The function of each public page, by the page's name."""


def all_documents(books: Books, through: int | None = None) -> dict[str, Row]:
    """The documents of all public pages by name, from one pass over the events.

    Args:
        books: A ledger whose check is complete.
        through: The instant at which the documents look at the region, as if nothing had happened after it, as with
            `--at`; by default that of the last event.
    """
    then = books if through is None else books_until(books, through)
    course = Course.of(then, through)
    return {name: document(then, course) for name, document in DOCUMENTS.items()}
