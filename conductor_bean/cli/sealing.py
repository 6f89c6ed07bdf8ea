"""`conductor seal`: what is over and agreed on is sealed, so that nobody changes it unseen."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.changing import change, held
from conductor_bean.cli.output import json_option, ledger_argument, print_json, quick, reads_ledger, shown_path, warn
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.sealing import NotSealableError, Sealed, seal_months


@click.command()
@ledger_argument
@click.argument("month")
@click.option("--each", is_flag=True, help="Seal every month since the last seal by itself.")
@click.option("--dry-run", is_flag=True, help="Show the seal; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@json_option
@reads_ledger
def seal(ledger: Path, month: str, *, each: bool, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Seal all up to the end of MONTH (2026-01): append its digest, chained to the seal before.

    From then on any change of sealed history is an error that names the first entry that changed, and a check reads
    only what is open. The list of what was sealed is written to seals/MONTH.txt beside the ledger; commit both.
    """
    asks = not (dry_run or yes or as_json) and sys.stdin.isatty()
    with nullcontext() if asks or dry_run else held(ledger):
        books = quick(ledger)
        if books.errors or not books.complete:
            warn(books)
            sys.exit(1)
        seen = Seen.of(books)
        try:
            sealed, changes = seal_months(books, month, each=each)
        except NotSealableError as error:
            click.echo(f"conductor: {error}", err=True)
            sys.exit(1)
        if not as_json:
            for one in sealed:
                click.echo(f"{one.month}: {one.events} events, {one.digest}")
        written = not dry_run and (not asks or click.confirm("Append the seal?"))
        if written:
            change(books.main, changes, seen)
            if not as_json:
                for one in sealed:
                    head, *_ = one.text.splitlines()
                    click.echo(f"{shown_path(str(one.path))}:{one.line}: {head}")
    if as_json:
        print_json([_row(books, one, written=written) for one in sealed])


def _row(books: Books, one: Sealed, *, written: bool) -> dict[str, Any]:
    return {
        "month": one.month,
        "digest": one.digest,
        "events": one.events,
        "written": written,
        "file": books.relative(str(one.path)) if written else None,
        "line": one.line if written else None,
    }
