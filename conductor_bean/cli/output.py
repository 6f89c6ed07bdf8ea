"""How commands speak: JSON for programs, tables for people, faults on stderr."""

from __future__ import annotations

import datetime
import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, ParamSpec

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, end_of, parse_instant, start_of
from conductor_bean.ledger.books import Books, LedgerNotReadableError, load_books
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.quick import quick_books
from conductor_bean.ledger.spans import full_books

SHOWN_ERRORS = 10

Params = ParamSpec("Params")

ledger_argument = click.argument("ledger", type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")


class InstantType(click.ParamType[int]):
    """A date (its end) or an instant, as `2026-03-02` or `2026-03-02T13:42:29`."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the text as an instant."""
        if isinstance(value, int):
            return value
        instant = parse_instant(value)
        if instant is not None and not start_of(FIRST_DATE) <= instant <= end_of(LAST_DATE):
            self.fail(f"{value!r} lies outside {FIRST_DATE} to {LAST_DATE}", param, ctx)
        if instant is None:
            self.fail(f"{value!r} is neither a date (2026-03-02) nor an instant (2026-03-02T13:42:29)", param, ctx)
        return instant


class DateType(click.ParamType[datetime.date]):
    """A date, as `2026-03-02`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Read the text as a date within the bounds of the language."""
        if isinstance(value, datetime.date):
            return value
        try:
            date = datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date; write it as 2026-03-02", param, ctx)
        if not FIRST_DATE <= date <= LAST_DATE:
            self.fail(f"{value!r} lies outside {FIRST_DATE} to {LAST_DATE}", param, ctx)
        return date


INSTANT = InstantType()
DATE = DateType()
at_option = click.option("--at", type=INSTANT, help="The end of a date, or an instant; the last event by default.")
from_option = click.option("--from", "start", type=DATE, help="First date.")
to_option = click.option("--to", "end", type=DATE, help="Last date.")


def reads_ledger(command: Callable[Params, None]) -> Callable[Params, None]:
    """Let a command fail with exit 2 where there is no ledger to read."""

    @functools.wraps(command)
    def wrapper(*args: Params.args, **kwargs: Params.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except LedgerNotReadableError as error:
            click.echo(f"conductor: {error}", err=True)
            sys.exit(2)

    return wrapper


def read(ledger: Path) -> Books:
    """Load a ledger, with a sign of life on stderr where that is a terminal."""
    if not sys.stderr.isatty():
        return load_books(ledger)
    with Console(stderr=True).status(f"Checking {ledger} ..."):
        return load_books(ledger)


def quick(ledger: Path, *, waypoints: bool = False) -> Books:
    """Load a ledger from its last sealed month on, with a sign of life on stderr where that is a terminal.

    Args:
        ledger: The ledger.
        waypoints: Go on from wherever that is possible, for whom the verdict is enough.
    """
    if not sys.stderr.isatty():
        return quick_books(ledger, waypoints=waypoints)
    with Console(stderr=True).status(f"Checking {ledger} ..."):
        return quick_books(ledger, waypoints=waypoints)


def whole(ledger: Path) -> Books:
    """Load all of a ledger, by several processes where that is possible, with a sign of life where a terminal is."""
    if not sys.stderr.isatty():
        return full_books(ledger)
    with Console(stderr=True).status(f"Checking all of {ledger} ..."):
        return full_books(ledger)


def load(ledger: Path) -> Books:
    """Load a ledger for a report; without a complete check there are no figures, and the command ends."""
    books = read(ledger)
    if not books.complete:
        warn(books)
        sys.exit(1)
    return books


def warn(books: Books) -> None:
    """Say on stderr that a ledger has errors, the first ones in full."""
    for problem in books.errors[:SHOWN_ERRORS]:
        click.echo(problem_line(problem), err=True)
    count = len(books.errors)
    rest = f" (the first {SHOWN_ERRORS} are shown)" if count > SHOWN_ERRORS else ""
    click.echo(
        f"conductor: {shown_path(str(books.main))} has {count} error(s){rest}; "
        + ("what is shown leaves the rejected events out" if books.complete else "no figures can be told"),
        err=True,
    )


def finish(books: Books) -> None:
    """End a report: with exit 1, and a word on stderr, where the ledger has errors."""
    if books.errors:
        warn(books)
        sys.exit(1)


def shown_path(file: str) -> str:
    """A path that an editor opens from here."""
    try:
        relative = os.path.relpath(file)
    except ValueError:
        return file
    return file if relative.startswith("..") else relative


def problem_line(problem: Problem) -> str:
    """A problem as `file:line: code: message`."""
    return f"{shown_path(problem.file)}:{problem.line}: {problem.code}: {problem.message}"


def color(name: str) -> str | None:
    """A colour, or none where NO_COLOR is set (https://no-color.org)."""
    return None if os.environ.get("NO_COLOR") else name


def print_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def console() -> Console:
    """Where tables go: as wide as the terminal, or as wide as they need where there is none."""
    return Console(width=None if sys.stdout.isatty() else 250, highlight=False)


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], caption: str = "") -> None:
    """Print a table under its title; columns whose heading starts with `>` are right-aligned."""
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        heading = Text(_cell(column.removeprefix(">")))
        table.add_column(heading, justify="right" if column.startswith(">") else "left")
    for row in rows:
        # Names come from the ledger: shown as they are, never as markup.
        table.add_row(*(Text(_cell(cell)) for cell in row))
    out = console()
    for text in (title, caption):
        if text:
            out.print(Text(_cell(text), style="bold" if text == title else "dim"), soft_wrap=True)
    out.print(table)


def moment(instant: str) -> str:
    """An instant of JSON as a person reads it: the end of a date, a morning, or date and time."""
    date, _, time = instant.partition("T")
    if time == "23:59:59.999999":
        return f"the end of {date}"
    return date if time == "00:00:00" else f"{date} {time}"


def short(number: str, digits: int = 4) -> str:
    """A long decimal rounded to some digits after the point, for people."""
    _, _, fraction = number.partition(".")
    return number if len(fraction) <= digits else f"{Decimal(number):.{digits}f}"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else "?" for c in text)


def percent(share: Fraction) -> str:
    """A share as a percentage with at most two digits after the point."""
    return f"{Decimal(round(share * 10_000)) / 100:f} %"
