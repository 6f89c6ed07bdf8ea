"""A ledger as it stood at an instant, for documents that look at an earlier time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conductor_bean.engine.events import Evidence

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books


def books_until(books: Books, instant: int) -> Books:
    """The books with the events at or before an instant alone, and the engine as it stood then.

    What the entries say stays whole: whoever tells a course of these books says where it ends.

    Args:
        books: A ledger whose check is complete.
        instant: The instant.
    """
    assert books.checked is not None
    if instant >= books.last_instant:
        return books
    outcomes = [
        outcome
        for outcome in books.outcomes
        if not isinstance(outcome.event, Evidence) and outcome.event.instant <= instant
    ]
    return replace(books, checked=replace(books.checked, machine=books.at(instant), outcomes=outcomes))
