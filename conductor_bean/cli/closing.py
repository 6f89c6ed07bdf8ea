"""`conductor close`: what the close of a month derives, shown before it is written."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from conductor_bean.cli.changing import cannot_be_written, change, held
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
from conductor_bean.cli.renewing import renew
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, last_day_of, parse_month
from conductor_bean.domain.problems import printable
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.preview import ClosePreview, file_of_month, preview_close
from conductor_bean.ledger.renewal import list_change
from conductor_bean.recording.accountants import accountant_of
from conductor_bean.recording.missing import Missing, missing
from conductor_bean.recording.placing import Place, Placer, changes_at
from conductor_bean.recording.text import MistakeError


@click.command()
@ledger_argument
@click.argument("month")
@click.option("--dry-run", is_flag=True, help="Show what the close derives; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--accountant", "told", default="", help="Who writes, where each accountant has a file of her own.")
@click.option("--strict", is_flag=True, help="Write nothing, with exit status 1, where something is missing.")
@click.option("--again", is_flag=True, help="Renew the close of a closed month: show what changes for whom first.")
@json_option
@reads_ledger
def close(
    ledger: Path, month: str, told: str, *, dry_run: bool, yes: bool, strict: bool, again: bool, as_json: bool
) -> None:
    """Close MONTH (2026-01): say what is missing in it, show what follows, then append the close.

    Missing are hours where there usually are some, plans that wait for review, transactions marked "!" (to be looked
    at, as importers mark what they could not match), payments that wallets cannot make, months before it that are not
    closed. What follows are rents, instalments, taxes and the dividend.
    """
    parsed = parse_month(month)
    if parsed is None or not FIRST_DATE <= last_day_of(*parsed) <= LAST_DATE:
        raise click.UsageError(f"{month!r} is no month; write it as 2026-01")
    asks = not (dry_run or yes or as_json) and sys.stdin.isatty()
    if again:
        renew(ledger, month, writes=not dry_run, asks=asks, as_json=as_json)
        return
    # Who asks a person waits for minutes and holds nothing meanwhile; then what she saw must still be so.
    with nullcontext() if asks or dry_run else held(ledger):
        books = load(ledger)
        if books.errors:
            warn(books)
            sys.exit(1)
        seen = Seen.of(books)
        accountant = _accountant(books, told)
        preview = preview_close(books, month)
        _refuse(preview)
        rows, gaps = _rows(books, preview), missing(books, preview)
        if not as_json:
            _show_missing(preview, gaps, books)
            _show(books, preview, rows)
        place: tuple[Path, int] | None = None
        head, *_ = preview.text.splitlines()
        refused = strict and bool(gaps)
        if not (dry_run or refused) and (not asks or click.confirm("Append the close?")):
            place = _write(books, preview, accountant, seen)
            if not as_json:
                click.echo(f"{shown_path(str(place[0]))}:{place[1]}: {head}")
    if as_json:
        print_json(_document(books, preview, rows, place, gaps))
    if refused:
        click.echo(
            f"conductor: {len(gaps)} thing(s) are missing in {month}, so with --strict it is not closed", err=True
        )
        sys.exit(1)


def _write(books: Books, preview: ClosePreview, accountant: str, seen: Seen) -> tuple[Path, int]:
    """Append the close where the month's journal is kept, with the list of its events, and say where that is."""
    place = Placer(books, accountant).of_month(preview.month) or Place(file_of_month(books, preview.month))
    try:
        changes, line = changes_at(place, preview.text)
        changes.append(list_change(books, preview.closed))
    except OSError as error:
        cannot_be_written(place.file, error)
    change(books.main, changes, seen)
    return place.file, line


def _accountant(books: Books, told: str) -> str:
    try:
        return accountant_of(books, told)
    except MistakeError as error:
        raise click.UsageError(str(error)) from error


def _show_missing(preview: ClosePreview, gaps: list[Missing], books: Books) -> None:
    if not gaps:
        click.echo(f"Nothing is missing in {preview.month}.")
        return
    click.echo(f"Missing in {preview.month}, before it is closed:")
    for gap in gaps:
        place = f"{shown_path(str(books.main.parent / gap.file))}:{gap.line}: " if gap.file else ""
        click.echo(f"  {place}{printable(gap.message)}")
    click.echo()


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
    books: Books,
    preview: ClosePreview,
    rows: list[dict[str, Any]],
    place: tuple[Path, int] | None,
    gaps: list[Missing],
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
        "missing": [
            {
                "kind": gap.kind,
                "about": gap.about,
                "message": gap.message,
                "file": gap.file or None,
                "line": gap.line or None,
            }
            for gap in gaps
        ],
    }
