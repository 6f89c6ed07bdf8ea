"""`conductor close --again`: what the entries that came after a close change for whom, and the close written anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conductor_bean.cli.changing import change, held
from conductor_bean.cli.closed_months import rows_of, show
from conductor_bean.cli.output import load, print_json, warn
from conductor_bean.ledger.changing import Seen
from conductor_bean.ledger.close_check import CODE
from conductor_bean.ledger.closes import digests_now
from conductor_bean.ledger.consequences import consequences
from conductor_bean.ledger.renewal import renewed
from conductor_bean.ledger.seal_lists import CLOSES, all_changes, list_path, read_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.engine.events import Outcome
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.problem import Problem


def renew(ledger: Path, month: str, *, writes: bool, asks: bool, as_json: bool) -> None:
    """Show what changes for whom since a month was closed, and write its digest and list anew."""
    with held(ledger):
        books = load(ledger)
        if not books.complete or any(problem.code != CODE for problem in books.errors):
            warn(books)
            sys.exit(1)
        assert books.checked is not None
        _hold(books, month)
        seen = Seen.of(books)
        before, others = _before(books, month)
        changes = consequences(books, before, books.outcomes)
        if not as_json:
            show(books, changes, [month])
            if others:
                click.echo(f"{others} entries were changed or removed; what they brought before only git knows.")
        written = writes and (not asks or click.confirm(f"Renew the close of {month}?"))
        if written:
            changes_of_files = renewed(books, [month], books.outcomes, books.checked.sources)
            change(books.main, changes_of_files, seen, stood=_others(books, month))
    if as_json:
        print_json({"month": month, "written": written, "changes": rows_of(books, changes), "unknown": others})
    else:
        click.echo(f"The close of {month} is renewed." if written else "Nothing is written.")


def _others(books: Books, month: str) -> Callable[[Problem], bool]:
    """Whether an error is of another month whose close did not fit before: months are renewed one after another."""
    broken = {_month(problem) for problem in books.errors} - {month}
    return lambda problem: problem.code == CODE and _month(problem) in broken


def _month(problem: Problem) -> str:
    return problem.message.split(maxsplit=1)[0]


def _hold(books: Books, month: str) -> None:
    state = books.machine.state
    why = ""
    if state.sealed and month <= state.sealed[-1][0]:
        why = f"sealed-history-changed: {month} is sealed, and a sealed month is never closed again"
    elif month not in state.closed:
        why = f"{month} is not closed; conductor close {month} closes it"
    if why:
        click.echo(f"conductor: {why}", err=True)
        sys.exit(1)


def _before(books: Books, month: str) -> tuple[list[Outcome], int]:
    """The events without those that the list of the close does not know, and how many others nobody can tell."""
    assert books.checked is not None
    known = read_list(list_path(books.main.parent, month, CLOSES), month)
    if known is None:
        return books.outcomes, 0
    (verdict,) = digests_now([month], books.outcomes, books.checked.sources)
    found = all_changes(verdict.lines, known)
    new = {line.source for line in found.present}
    machine, reading = books.fresh()
    facts = [fact for fact in reading.facts if fact.source not in new]
    movements = [movement for movement in reading.movements if movement.source not in new]
    return list(machine.run(facts, movements)), len(found.changed) + len(found.removed)
