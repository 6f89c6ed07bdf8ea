"""`conductor services`: what members offer with their own labour."""

from __future__ import annotations

from pathlib import Path

import click

from conductor_bean.cli.output import (
    at_option,
    finish,
    json_option,
    ledger_argument,
    load,
    print_json,
    print_table,
    reads_ledger,
)
from conductor_bean.ledger.service_reports import services as service_rows


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def services(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print every basic service: who offers it, since when, and how many hours of it were consumed."""
    books = load(ledger)
    if books.region.labour_time is None:
        raise click.UsageError(f"{books.region.name} has not switched on labour time.")
    instant = books.last_instant if at is None else at
    rows = service_rows(books, books.at(instant), instant)
    if as_json:
        print_json(rows)
    else:
        columns = ("service", "provider", "name", "since", "ended", "listed", ">hours")
        print_table(
            f"{books.region.name}: basic services",
            columns,
            [
                (
                    row["service"],
                    row["provider"],
                    row["name"],
                    row["since"][:10],
                    (row["ended"] or "")[:10],
                    "listed" if row["listed"] else "",
                    row["hours"],
                )
                for row in rows
            ],
        )
    finish(books)
