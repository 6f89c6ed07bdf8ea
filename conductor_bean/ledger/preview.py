"""What the close of a month will derive, before anything is written, and where it would stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.instants import DAY, days_of, end_of, last_day_of, parse_month
from conductor_bean.engine.events import Fact, Outcome
from conductor_bean.engine.machine import Machine
from conductor_bean.engine.state import State

if TYPE_CHECKING:
    from conductor_bean.domain.problems import Rejection
    from conductor_bean.engine.credit_state import Arrear
    from conductor_bean.ledger.books import Books

_NOWHERE = -1


@dataclass(slots=True)
class ClosePreview:
    """What a close would bring.

    Attributes:
        month: The month.
        text: The directive that closes it.
        rejection: Why it cannot be closed, or None.
        outcome: What it derives.
        machine: The engine right after it.
        advice: Code and message of the advice it would give.
        arrears: What wallets would owe after it.
        upset: How many later events it would make impossible.
    """

    month: str
    text: str
    machine: Machine
    rejection: Rejection | None = None
    outcome: Outcome | None = None
    advice: list[tuple[str, str]] = field(default_factory=list)
    arrears: list[Arrear] = field(default_factory=list)
    upset: int = 0


def preview_close(books: Books, month: str) -> ClosePreview:
    """Apply the close of a month to the ledger's events, without writing anything.

    Args:
        books: The ledger, which has no errors.
        month: The month, `2026-01`.
    """
    assert books.checked is not None
    assert books.checked.reading is not None
    reading = books.checked.reading
    parsed = parse_month(month)
    assert parsed is not None
    date = last_day_of(*parsed)
    fact = Fact(end_of(date), FACT_TYPES["month-close"], (month,), {}, (), _NOWHERE)
    machine = Machine(books.region, State(missing=dict(reading.missing)), reading.chart, reading.evidence)
    preview = ClosePreview(month, f'{date} custom "month-close" "{month}"', machine)
    for outcome in machine.run([*reading.facts, fact], reading.movements):
        if outcome.event is fact:
            preview.outcome, preview.rejection = outcome, outcome.rejection
            preview.arrears = list(machine.state.credits.arrears)
        elif outcome.rejection is not None and preview.outcome is not None:
            preview.upset += 1
    preview.advice = [(a.code, a.message) for a in machine.adviser.advice if a.source == _NOWHERE]
    return preview


def file_of_month(books: Books, month: str) -> Path:
    """The file where events of a month live: one that is named after it, or where its last event stands."""
    assert books.checked is not None
    assert books.checked.places is not None
    files = sorted(books.checked.places.files)
    named = [Path(file) for file in files if Path(file).stem == month and Path(file).suffix not in (".yaml", ".yml")]
    if named:
        return named[0]
    days = days_of(month)
    last = [outcome.event.source for outcome in books.outcomes if outcome.event.instant // DAY in days]
    if last:
        return Path(books.checked.places.of(books.checked.sources[last[-1]].meta)[0])
    return books.main
