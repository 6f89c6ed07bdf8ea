"""`conductor statement`: opening, transfers and closing of one party, as text, JSON, CSV or PDF."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from conductor_bean.cli.accounts import check_party, instants, where
from conductor_bean.cli.output import (
    finish,
    from_option,
    ledger_argument,
    load,
    moment,
    print_json,
    print_table,
    reads_ledger,
    shown_path,
    to_option,
    warn,
)
from conductor_bean.domain.instants import date_of
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books
from conductor_bean.reporting.statement import csv_bytes, movements, shown_accounts

FORMATS = ("text", "json", "csv", "pdf")
TEXT, JSON, CSV, PDF = FORMATS


@click.command()
@ledger_argument
@click.argument("party")
@from_option
@to_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text; as --format json.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="By the end of --output's name, else text.")
@click.option(
    "--output", "-o", "target", type=click.Path(path_type=Path), help="The file to write (.json, .csv or .pdf)."
)
@click.option("--force", is_flag=True, help="Replace the file where it is there.")
@reads_ledger
def statement(
    *,
    ledger: Path,
    party: str,
    start: datetime.date | None,
    end: datetime.date | None,
    form: str | None,
    target: Path | None,
    as_json: bool,
    force: bool,
) -> None:
    """Print the account statement of PARTY: opening, transfers, closing; or write it as JSON, CSV or PDF.

    In CSV every transfer stands once for each account of the party that it touches, with the balance that it leaves.
    """
    form = _form(form, target, as_json=as_json)
    if target is not None and not force and (target.exists() or target.is_symlink()):
        _end(f"{target} exists; nothing was written: name another place, or give --force", 2)
    books = load(ledger)
    check_party(books, party)
    if books.errors and (form in (CSV, PDF) or target is not None):
        warn(books)
        _end("nothing is written; a statement as a file is made of books that hold", 1)
    document = reports.statement(books, party, *instants(start, end))
    if target is not None:
        _write(target, _content(books, document, form, start, end), force=force)
    elif form == CSV:
        click.echo(_content(books, document, form, start, end), nl=False)
    elif form == JSON:
        print_json(document)
    else:
        print_table(
            f"{books.region.name}: statement of {party}",
            ("when", "account", "transfer", "with", ">amount", ">balance", "where"),
            _lines(document),
        )
    finish(books)


def _form(form: str | None, target: Path | None, *, as_json: bool) -> str:
    """The format that is asked for; what is written to a file is told by its name too."""
    if as_json and form not in (None, JSON):
        raise click.UsageError("Give either --json or --format.")
    form = JSON if as_json else form
    if target is None:
        if form == PDF:
            raise click.UsageError("A PDF needs a file: give --output FILE.pdf.")
        return form or TEXT
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS[1:] or form not in (None, suffix):
        wanted = f".{form}" if form in FORMATS[1:] else ".json, .csv or .pdf"
        raise click.UsageError(f"{str(target)!r} does not end in {wanted}; nothing was written")
    return suffix


def _content(
    books: Books, document: reports.Row, form: str, start: datetime.date | None, end: datetime.date | None
) -> bytes:
    if form == JSON:
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "backslashreplace")
    commodities = {row["account"]: row["commodity"] for row in reports.balances(books, books.machine)}
    if form == CSV:
        return csv_bytes(document, commodities)
    # What draws is large; no other command should wait for it.
    from conductor_bean.reporting.fonts import NoFontError  # noqa: PLC0415
    from conductor_bean.reporting.paper import pdf  # noqa: PLC0415
    from conductor_bean.reporting.statement_report import statement_report  # noqa: PLC0415

    last = end or date_of(books.last_instant)
    first = None if start is None else start.isoformat()
    try:
        return pdf(statement_report(document, books.region.name, commodities, first, last.isoformat()))
    except NoFontError as error:
        _end(f"{error}; nothing was written", 2)


def _write(target: Path, content: bytes, *, force: bool) -> None:
    from conductor_bean.reporting.placing import TargetRefusedError, write_files  # noqa: PLC0415

    try:
        write_files({target: content}, force=force)
    except TargetRefusedError as error:
        _end(str(error), 2)
    click.echo(f"wrote {shown_path(str(target))}")


def _lines(document: reports.Row) -> Iterator[tuple[Any, ...]]:
    """Signed amounts on the party's own accounts, each with the balance that it leaves."""
    shown = shown_accounts(document)
    for account in shown:
        yield ("opening", account, "", "", "", document["opening"][account], "")
    for one in movements(document):
        yield (
            moment(one.row["instant"]),
            one.account,
            one.row["type"],
            one.other,
            f"{one.amount:+f}",
            f"{one.balance:f}",
            where(one.row),
        )
    for account in shown:
        yield ("closing", account, "", "", "", document["closing"][account], "")


def _end(message: str, status: int) -> NoReturn:
    click.echo(f"conductor: {message}", err=True)
    sys.exit(status)
