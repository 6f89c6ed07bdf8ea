"""What entries would bring, before anything is written: the ledger's own events, and theirs among them."""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beancount.core import data
from beancount.parser import booking, parser

from conductor_bean.domain.instants import DAY, days_of, last_date, month_of
from conductor_bean.domain.problems import Rejection, printable
from conductor_bean.engine.events import Evidence, Fact, Movement, Outcome
from conductor_bean.engine.wage_arrears import as_arrears
from conductor_bean.ledger.closes import digests_now
from conductor_bean.ledger.fact_reader import FactReader
from conductor_bean.ledger.judging import closes_of
from conductor_bean.ledger.moments import Clock
from conductor_bean.ledger.transaction_reader import TransactionReader

if TYPE_CHECKING:
    from conductor_bean.engine.credit_state import Arrear
    from conductor_bean.engine.machine import Machine
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reading import Reading
    from conductor_bean.ledger.seals import Verdict


_OF_MONTHS = frozenset({"month-close", "seal"})


@dataclass(slots=True)
class Preview:
    """What entries would bring.

    Attributes:
        text: The entries.
        rejection: Why they cannot be, or None.
        outcomes: What became of each of them, in order of instant.
        advice: Code and message of the advice that the ledger would give with them and does not give without.
        arrears: What wallets would owe right after the last of them.
        upset: Events of the ledger that they would make impossible.
        entries: They themselves, as Beancount reads them.
        months: Closed months, and months before one, in which they are dated.
        after: What becomes of all events of the ledger and theirs; kept only where some are dated in a closed month.
    """

    text: str
    rejection: Rejection | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    advice: list[tuple[str, str]] = field(default_factory=list)
    arrears: list[Arrear] = field(default_factory=list)
    upset: list[Outcome] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    months: list[str] = field(default_factory=list)
    after: list[Outcome] = field(default_factory=list)


def preview(books: Books, text: str, ids: Mapping[int, str] | None = None) -> Preview:
    """Apply entries on a ledger's events, without writing anything.

    Args:
        books: The ledger, which has no errors.
        text: Entries of the ledger language.
        ids: Ids that transactions of the ledger would be given with them, by source.
    """
    machine, reading = books.fresh()
    found = Preview(text)
    try:
        found.entries = parse_entries(text)
        ours = _read(books, reading, found.entries)
        _hold_open(machine, ours)
    except Rejection as rejection:
        found.rejection = rejection
        return found
    found.months = _closed_months(books, ours, reading, ids or {})
    facts = [*reading.facts, *(event for event in ours if isinstance(event, Fact))]
    movements = [_named(movement, ids or {}) for movement in reading.movements]
    movements += [event for event in ours if isinstance(event, Movement)]
    _run(machine, facts, movements, found)
    known = {(advice.source, advice.code, advice.message) for advice in books.machine.adviser.advice}
    found.advice = [
        (advice.code, advice.message)
        for advice in machine.adviser.advice
        if (advice.source, advice.code, advice.message) not in known
    ]
    return found


def _named(movement: Movement, ids: Mapping[int, str]) -> Movement:
    name = ids.get(movement.source)
    return movement if name is None else replace(movement, id=name)


def _run(machine: Machine, facts: list[Fact], movements: list[Movement], found: Preview) -> None:
    for outcome in machine.run(facts, movements):
        if found.months:
            found.after.append(outcome)
        if outcome.event.source >= 0:
            if outcome.rejection is not None:
                found.upset.append(outcome)
            continue
        found.outcomes.append(outcome)
        found.rejection = found.rejection or outcome.rejection
        found.arrears = [*as_arrears(machine.context), *machine.state.credits.arrears]


def _closed_months(
    books: Books, ours: Sequence[Fact | Movement], reading: Reading, ids: Mapping[int, str]
) -> list[str]:
    """Closed months, and months before one, that entries change: by their dates, or by an id that one of them gets."""
    closed = books.machine.state.closed
    if not closed:
        return []
    instants = [event.instant for event in ours if not (isinstance(event, Fact) and event.type.name in _OF_MONTHS)]
    months = {month_of(instant) for instant in instants}
    named = {month_of(movement.instant) for movement in reading.movements if movement.source in ids}
    months |= named & closes_of(reading).keys()
    return sorted(month for month in months if month <= closed[-1])


def _read(books: Books, reading: Reading, entries: Sequence[Any]) -> list[Fact | Movement]:
    """The events of some entries; their sources are -1, -2 ..., for they stand nowhere yet.

    Raises:
        Rejection: One cannot be read.
    """
    clock = Clock()
    facts = FactReader(books.region, clock)
    transactions = TransactionReader(books.region, reading.chart, clock)
    events: list[Fact | Movement] = []
    for number, entry in enumerate(entries, 1):
        event: Fact | Movement | Evidence | None = None
        if isinstance(entry, data.Custom) and facts.concerns(entry):
            event = facts.read(entry, -number)
        elif isinstance(entry, data.Transaction):
            event = transactions.read(entry, -number)
        if isinstance(event, Fact | Movement):
            events.append(event)
    return events


def parse_entries(text: str) -> list[Any]:
    """The entries that Beancount reads in a text.

    Raises:
        Rejection: `syntax-error`.
    """
    with decimal.localcontext() as context:
        # With its traps on, `1/0 HOUR` ends Beancount's parser, and the process, in a segmentation fault.
        context.traps[decimal.DivisionByZero] = context.traps[decimal.InvalidOperation] = False
        entries, errors, options_map = parser.parse_string(text)
        if not errors:
            entries, errors = booking.book(entries, options_map)
    if errors:
        message = " ".join(str(errors[0].message).split())
        raise Rejection("syntax-error", printable(message[:300]))
    return list(entries)


def _hold_open(machine: Machine, events: Sequence[Fact | Movement]) -> None:
    """Hold that nothing comes before what the machine starts from, where it starts from a sealed month."""
    for event in events:
        if event.instant <= machine.state.now:
            raise Rejection(
                "sealed-history-changed",
                "this stands in a sealed month, which never changes; give it a later date, and reverse what was wrong",
            )


@dataclass(slots=True)
class ClosePreview:
    """What a close would bring.

    Attributes:
        month: The month.
        text: The directive that closes it.
        closed: The digest that it states, and the lines of which it is made.
        rejection: Why it cannot be closed, or None.
        outcome: What it derives.
        advice: Code and message of the advice it would give.
        arrears: What wallets would owe after it.
        upset: How many later events it would make impossible.
    """

    month: str
    text: str
    closed: Verdict
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
    (closed,) = digests_now([month], books.outcomes, books.checked.sources)
    text = f'{last_date(month)} custom "month-close" "{month}"\n  digest: "{closed.digest}"'
    found = preview(books, text)
    outcome = found.outcomes[0] if found.outcomes else None
    return ClosePreview(month, text, closed, found.rejection, outcome, found.advice, found.arrears, len(found.upset))


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
