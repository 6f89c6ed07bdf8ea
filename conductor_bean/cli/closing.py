"""`conductor close`: what the close of a month derives, shown before it is written."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.changing import append_entry, held
from conductor_bean.cli.output import (
    json_option,
    ledger_argument,
    load,
    print_json,
    print_table,
    reads_ledger,
    shown_path,
    warn,
)
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, last_day_of, parse_month
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.preview import ClosePreview, file_of_month, preview_close


@click.command()
@ledger_argument
@click.argument("month")
@click.option("--dry-run", is_flag=True, help="Show what the close derives; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@json_option
@reads_ledger
def close(ledger: Path, month: str, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Close MONTH (2026-01): show rents, instalments, taxes and the dividend that follow, then append it."""
    parsed = parse_month(month)
    if parsed is None or not FIRST_DATE <= last_day_of(*parsed) <= LAST_DATE:
        raise click.UsageError(f"{month!r} is no month; write it as 2026-01")
    asks = not (dry_run or yes or as_json) and sys.stdin.isatty()
    # Who asks a person waits for minutes and holds nothing meanwhile; then what she saw must still be so.
    with nullcontext() if asks or dry_run else held(ledger):
        books = load(ledger)
        if books.errors:
            warn(books)
            sys.exit(1)
        seen = Seen.of(books)
        preview = preview_close(books, month)
        _refuse(preview)
        rows = _rows(books, preview)
        if not as_json:
            _show(books, preview, rows)
        place: tuple[Path, int] | None = None
        if not dry_run and (not asks or click.confirm("Append the close?")):
            path = file_of_month(books, month)
            place = path, append_entry(books.main, path, preview.text, seen)
            if not as_json:
                click.echo(f"{shown_path(str(path))}:{place[1]}: {preview.text}")
    if as_json:
        print_json(_document(books, preview, rows, place))


def _refuse(preview: ClosePreview) -> None:
    """End with exit 1 where the month cannot be closed; nothing is written then."""
    if preview.rejection is not None:
        click.echo(f"conductor: {preview.rejection.code}: {preview.rejection.message}", err=True)
        sys.exit(1)
    if preview.upset:
        click.echo(
            f"conductor: closing {preview.month} now would make {preview.upset} later event(s) impossible; nothing is "
            "written. Close a month before the next one begins, or mend what comes after",
            err=True,
        )
        sys.exit(1)


def _rows(books: Books, preview: ClosePreview) -> list[dict[str, Any]]:
    assert preview.outcome is not None
    return [
        {
            "type": transfer.type,
            "debit": transfer.debit.name,
            "credit": transfer.credit.name,
            "commodity": reports.commodity_of(books, transfer.debit.economy).name,
            "amount": reports.amount(books, transfer.debit, transfer.units),
        }
        for transfer in preview.outcome.transfers
    ]


def _show(books: Books, preview: ClosePreview, rows: list[dict[str, Any]]) -> None:
    plain = [row for row in rows if row["type"] != "dividend"]
    cells = [(row["type"], row["debit"], row["credit"], row["amount"]) for row in plain]
    title = f"{books.region.name}: the close of {preview.month} derives"
    if cells:
        print_table(title, ("transfer", "debit", "credit", ">amount"), cells)
    paid = [row for row in rows if row["type"] == "dividend"]
    if paid:
        commodity = paid[0]["commodity"]
        click.echo(f"Dividend: {paid[0]['amount']} {commodity} to each of {len(paid)} members")
    if not rows:
        click.echo(f"Nothing follows from the close of {preview.month}.")
    for code, message in preview.advice:
        click.echo(f"{code}: {message}")


def _document(
    books: Books, preview: ClosePreview, rows: list[dict[str, Any]], place: tuple[Path, int] | None
) -> dict[str, Any]:
    arrears = [
        {
            "type": arrear.type,
            "debit": arrear.debit,
            "credit": arrear.credit,
            "amount": reports.rsc(books, arrear.units),
        }
        for arrear in preview.arrears
    ]
    return {
        "month": preview.month,
        "written": place is not None,
        "file": None if place is None else books.relative(str(place[0])),
        "line": None if place is None else place[1],
        "transfers": rows,
        "arrears": arrears,
        "advice": [{"code": code, "message": message} for code, message in preview.advice],
    }
