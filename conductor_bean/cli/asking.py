"""What is missing, asked of a person: with what may stand there, and what is nearest to what cannot."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from conductor_bean.cli.output import DATE
from conductor_bean.domain.problems import did_you_mean, printable
from conductor_bean.recording.completing import Candidates, Glance, candidates
from conductor_bean.recording.needed import needed

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.recording.kind import Field, Kind

SHOWN = 12
_FREE = {"new", "text"}


def somebody_is_there() -> bool:
    """Whether a person can be asked."""
    return sys.stdin.isatty()


def ask_missing(books: Books, kind: Kind, values: dict[str, list[str]], date: datetime.date) -> None:
    """Ask for each value that is missing, in order; what may be left out is asked for where it usually is not."""
    missing = [each for each in kind.fields if (each.required or each.asked) and not values.get(each.name)]
    glance: Glance | None = None
    while missing:
        glance = glance or Glance.of(books.main, date.isoformat())
        for each in missing:
            found = candidates(glance, kind, each, values)
            if each.many:
                values[each.name] = _ask_several(each, found)
            else:
                answer = _ask(each, found, must=each.required or not each.asked)
                values |= {each.name: [answer]} if answer else {}
        missing = needed(books.machine, kind, values)


def ask_date(default: datetime.date | None) -> datetime.date:
    """Ask for a date."""
    answer: datetime.date = click.prompt("Date", default=default, type=DATE)
    return answer


def ask_signers(books: Books, needed: int, accountant: str) -> str:
    """Ask which accountants sign."""
    accountants = {name: party.name for name, party in books.machine.state.accountants.items() if party.ended is None}
    _hint(accountants)
    with _completing(accountants):
        answer: str = click.prompt(f"By ({needed} accountant(s), separated by commas)", default=accountant or None)
    return answer


def _ask(each: Field, found: Candidates, *, must: bool) -> str:
    label = each.name.capitalize() + (f" ({each.help.rstrip('.')})" if each.help else "")
    _hint(found)
    while True:
        with _completing(found):
            answer: str = click.prompt(label, default=None if must else "", show_default=False).strip()
        if not answer or not found or answer in found or each.shape in _FREE:
            return answer
        click.echo(f"There is no {printable(answer)} here{did_you_mean(answer, found)}.")
        # What is not in the texts may still be right, so the engine has the last word on a second try.
        if click.confirm("Take it all the same?", default=False):
            return answer


def _ask_several(each: Field, found: Candidates) -> list[str]:
    _hint(found)
    answers: list[str] = []
    while True:
        with _completing(found):
            label = f"{each.name.capitalize()} {each.help}" + (" (empty to end)" if answers else "")
            answer = click.prompt(label, default="" if answers else None, show_default=False).strip()
        if not answer:
            return answers
        answers.append(answer)


def _hint(found: Candidates) -> None:
    if found:
        more = f" ... {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        click.echo(f"  {', '.join(printable(name) for name in list(found)[:SHOWN])}{more}")


@contextmanager
def _completing(found: Candidates) -> Iterator[None]:
    """Let the Tab key complete, where the terminal can."""
    try:
        import readline  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    before = readline.get_completer()
    readline.set_completer(lambda text, state: ([name for name in found if name.startswith(text)] + [None])[state])
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
