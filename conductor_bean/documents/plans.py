"""The page *Plans*: what is planned, public and productive, how far it is, and when it expires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.about import about
from conductor_bean.documents.course import Course
from conductor_bean.ledger import reports

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row


def plans(books: Books, course: Course | None = None) -> Row:
    """Every plan of the region.

    Returns:
        `about` (see there);
        `plans`: rows of `conductor plans --json`, each with its `description` (null in a public edition).
    """
    course = course or Course.of(books)
    known = books.machine.state.plans
    return {
        "about": about(books, course),
        "plans": [
            {**row, "description": known[row["plan"]].description}
            for row in reports.plans(books, books.machine, course.instant)
        ],
    }
