"""What moved and what is there: balances, transfers."""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.output import (
    at_option,
    finish,
    from_option,
    json_option,
    ledger_argument,
    load,
    moment,
    print_json,
    print_table,
    reads_ledger,
    to_option,
)
from conductor_bean.domain.instants import end_of, start_of
from conductor_bean.domain.problems import did_you_mean
from conductor_bean.domain.transfers import table
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books


@click.command()
@ledger_argument
@at_option
@json_option
@reads_ledger
def balances(ledger: Path, at: int | None, *, as_json: bool) -> None:
    """Print the balance of every governed account."""
    books = load(ledger)
    rows = reports.balances(books, books.at(at))
    if as_json:
        print_json(rows)
    else:
        print_table(
            f"{books.region.name}: balances",
            ("account", "kind", "owner", ">balance", ""),
            [(r["account"], r["kind"], r["owner"], r["balance"], r["commodity"]) for r in rows],
        )
    finish(books)


@click.command()
@click.argument("ledger", type=click.Path(path_type=Path), required=False)
@click.option("--table", "show_table", is_flag=True, help="Print the table of allowed transfers instead.")
@from_option
@to_option
@click.option("--party", help="Only transfers of one member, company, cooperation ...")
@click.option("--type", "kind", help="Only transfers of one type.")
@json_option
@reads_ledger
def transfers(
    ledger: Path | None,
    start: datetime.date | None,
    end: datetime.date | None,
    party: str | None,
    kind: str | None,
    *,
    show_table: bool,
    as_json: bool,
) -> None:
    """Print every transfer, recorded and derived, in order; or the table of what is allowed."""
    if show_table:
        _print_transfer_table(as_json=as_json)
        return
    if ledger is None:
        raise click.UsageError("Missing argument 'LEDGER' (or give --table).")
    if kind is not None and kind not in table():
        raise click.UsageError(f"There is no transfer type {kind!r}{did_you_mean(kind, table())}")
    books = load(ledger)
    if party is not None:
        check_party(books, party)
    records = [
        record
        for record in reports.transfer_records(books, *instants(start, end))
        if (party is None or reports.concerns(books, record, party)) and (kind is None or record.transfer.type == kind)
    ]
    rows = [reports.transfer_row(books, record) for record in records]
    if as_json:
        print_json(rows)
    else:
        print_table(
            f"{books.region.name}: transfers",
            ("instant", "type", "debit", "credit", ">amount", "", "derived", "where"),
            [
                (*_transfer_cells(row), row["commodity"], "derived" if row["derived"] else "", where(row))
                for row in rows
            ],
        )
    finish(books)


def _print_transfer_table(*, as_json: bool) -> None:
    rows = reports.transfer_table()
    if as_json:
        print_json(rows)
        return
    print_table(
        "Allowed transfers; what is not listed is forbidden",
        ("transfer", "debit", "credit", "", "", "condition"),
        [
            (
                r["name"],
                r["debit"],
                r["credit"],
                r["commodity"],
                "derived" if r["derived"] else "recorded",
                r["condition"],
            )
            for r in rows
        ],
    )


def _transfer_cells(row: reports.Row) -> tuple[Any, ...]:
    return moment(row["instant"]), row["type"], row["debit"], row["credit"], row["amount"]


def where(row: reports.Row) -> str:
    """File and line of a transfer."""
    return f"{row['file']}:{row['line']}"


def instants(start: datetime.date | None, end: datetime.date | None) -> tuple[int, int | None]:
    """The first instant of a time and the last one, None where it is open."""
    return (start_of(start) if start else 1, end_of(end) if end else None)


def check_party(books: Books, party: str) -> None:
    """End the command where nobody of that name has accounts."""
    owners = reports.owners(books)
    if party not in owners:
        click.echo(f"conductor: there is no party {party!r} with accounts{did_you_mean(party, owners)}", err=True)
        sys.exit(2)
