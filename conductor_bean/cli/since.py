"""`conductor check --since REV`: what a change introduced, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from conductor_bean.cli.output import quick
from conductor_bean.domain.problems import printable
from conductor_bean.ledger.at_revision import compared
from conductor_bean.ledger.books import Books, load_books, main_file
from conductor_bean.ledger.quick import quick_books, recorded_books


def news(ledger: Path, revision: str, *, full: bool) -> Books:
    """A ledger with those problems only that it did not have at a revision; stderr says what is left out.

    Args:
        ledger: The ledger.
        revision: What git calls a revision.
        full: Whether to read sealed months too.

    Raises:
        LedgerNotReadableError: There is no such revision, no repository, or no ledger.
    """
    main = main_file(ledger)
    if full:
        # In this process alone: what may run is agreed on here.
        result = compared(main, revision, lambda: recorded_books(main), load_books)
    else:
        result = compared(main, revision, lambda: quick(ledger), lambda earlier: quick_books(earlier, main))
    if result.note:
        click.echo(f"conductor: {printable(result.note)}", err=True)
    return result.books
