"""`conductor check --since REV`: what a change introduced, and nothing else."""

from __future__ import annotations

import click

from conductor_bean.domain.problems import printable
from conductor_bean.ledger.at_revision import compared
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.quick import quick_books


def news(books: Books, revision: str, *, full: bool) -> Books:
    """The books with those problems only that the ledger at a revision did not have; stderr says what is left out.

    Args:
        books: The ledger as it is.
        revision: What git calls a revision.
        full: Whether to read sealed months of the earlier ledger too.

    Raises:
        LedgerNotReadableError: There is no such revision, or no repository.
    """
    result = compared(books, revision, load_books if full else lambda main: quick_books(main, books.main))
    if result.note:
        click.echo(f"conductor: {printable(result.note)}", err=True)
    return result.books
