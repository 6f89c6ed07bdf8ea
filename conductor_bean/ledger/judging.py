"""What a check found, and the check itself: events applied once, what follows written into the books."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from beancount.core.data import Transaction

from conductor_bean.domain.instants import DAY, date_of, month_of, start_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.machine import REGION_ACCOUNTS, Machine
from conductor_bean.engine.state import State
from conductor_bean.ledger.close_check import close_problems
from conductor_bean.ledger.closes import Closer, start_of_month
from conductor_bean.ledger.reading import Reading, read_entries
from conductor_bean.ledger.seal_check import seal_problems
from conductor_bean.ledger.seals import NOTHING_BEFORE, Sealer, Verdict, end_of_month
from conductor_bean.ledger.snapshots import Photographer, Snapshot
from conductor_bean.ledger.writing import BookWriter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from conductor_bean.domain.region import Region
    from conductor_bean.engine.events import Fact, Movement, Outcome
    from conductor_bean.ledger.checkpoint import Checkpoint
    from conductor_bean.ledger.places import Places
    from conductor_bean.ledger.problem import Problem


WAYPOINTS = ("waypoint-1", "waypoint-2")
_EXACT = Decimal(0)
_MUCH = 2_000
"""Events that a check goes through in some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check is asked for beside its verdict.

    Attributes:
        outcomes: Keep what became of each event.
        snapshots: Take the state at the end of each sealed month.
        waypoints: Take it also on the way through what is open, where that is much.
        checkpoint: Go on from there; the entries are those after it.
    """

    outcomes: bool = False
    snapshots: bool = False
    waypoints: bool = False
    checkpoint: Checkpoint | None = None


VERDICT_ONLY = Wanted()


@dataclass(slots=True)
class Checked:
    """A ledger after its check.

    Attributes:
        entries: The books: entries with what follows from them, without what was rejected.
        problems: Every error and advice, in order of file and line.
        region: The region, or None where region.yaml does not hold.
        machine: The engine after the last event, or None where it did not run.
        reading: What the entries say, or None.
        outcomes: What became of each event, where it was asked for.
        sources: The entries as they were read; an event's source is an index in it.
        places: Where faults of those entries stand.
        legs: Postings of each transaction of the books as the check left them, by identity, where asked for.
        seals: What became of each seal, in order.
        closes: What became of each close with a digest, in order.
        snapshots: The state at the end of each sealed month, where it was asked for.
        checkpoint: Where the check went on from, None where it read all.
    """

    entries: list[Any]
    problems: list[Problem]
    region: Region | None = None
    machine: Machine | None = None
    reading: Reading | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    sources: list[Any] = field(default_factory=list)
    places: Places | None = None
    legs: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    seals: list[Verdict] = field(default_factory=list)
    closes: list[Verdict] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    checkpoint: Checkpoint | None = None

    def start(self) -> State:
        """The state before the first event that was read."""
        assert self.reading is not None
        state = State() if self.checkpoint is None else self.checkpoint.start()
        state.missing = dict(self.reading.missing)
        return state


def judge(entries: list[Any], region: Region, places: Places, wanted: Wanted) -> Checked:
    """Check entries: read them, apply them, write what follows.

    Args:
        entries: The ledger's entries, or those after a checkpoint.
        region: The region.
        places: Where they stand.
        wanted: What is asked for.
    """
    reading = read_entries(entries, region)
    checked = Checked([], [], region, None, reading, places=places, checkpoint=wanted.checkpoint)
    checked.sources = entries = list(entries)
    writer = BookWriter(entries, region, reading.opened, reading.chart)
    writer.removed.update(reading.silenced)
    for index in reading.exact:
        # LANGUAGE.md: Beancount's tolerance, and its options on it, do not apply to governed accounts.
        entries[index] = entries[index]._replace(tolerance=_EXACT)
    checked.machine = machine = Machine(region, checked.start(), reading.chart, reading.evidence)
    stated = seals_of(reading)
    before = NOTHING_BEFORE if wanted.checkpoint is None else wanted.checkpoint.last_digest
    sealer = Sealer([(month, fact.ids[1], fact.data["format"]) for month, fact in stated.items()], entries, before)
    closed = closes_of(reading)
    closer = Closer({month: fact.data["digest"] for month, fact in closed.items()}, entries)
    photographer = Photographer(_ends(reading, stated, machine, wanted), machine.state)
    if wanted.checkpoint is not None:
        _carry_over(writer, machine, places, wanted.checkpoint)
    faults: list[tuple[int, Rejection]] = []
    dependent: list[tuple[int, Rejection]] = []
    for index, rejection in reading.rejected:
        writer.removed.add(index)
        faults.append((index, rejection))
    for outcome in machine.run(reading.facts, reading.movements, before=photographer.before):
        writer.write(outcome)
        closer.see(outcome, sealer.see(outcome))
        photographer.see(outcome)
        if outcome.rejection is not None:
            (dependent if outcome.depends else faults).append((outcome.event.source, outcome.rejection))
        if wanted.outcomes:
            checked.outcomes.append(outcome)
    if wanted.checkpoint is None:
        _open_region(entries, reading, region, writer)
    faults += _strange_opens(reading, machine)
    checked.seals, checked.closes, checked.snapshots = sealer.finish(), closer.finish(), photographer.finish()
    checked.problems = _problems(checked, faults, dependent, (stated, closed))
    checked.entries = books = writer.books()
    if wanted.outcomes:
        checked.legs = {id(entry): tuple(entry.postings) for entry in books if type(entry) is Transaction}
    return checked


def _ends(reading: Reading, stated: Iterable[str], machine: Machine, wanted: Wanted) -> dict[str, int]:
    """Where the state is wanted: after each sealed month, and at waypoints after the last of them."""
    ends = {month: end_of_month(month) for month in stated} if wanted.snapshots else {}
    if wanted.waypoints:
        after = max(ends.values(), default=machine.state.now + 1)
        found = waypoints([*reading.facts, *reading.movements], after, closes_of(reading))
        if wanted.checkpoint is not None and wanted.checkpoint.month == WAYPOINTS[0]:
            found.pop(WAYPOINTS[0], None)  # the one from which this check goes on stays where it is
        ends |= found
    return ends


def _problems(
    checked: Checked,
    faults: list[tuple[int, Rejection]],
    dependent: list[tuple[int, Rejection]],
    stated: tuple[Mapping[str, Fact], Mapping[str, Fact]],
) -> list[Problem]:
    """Every error and advice, in order of file and line; what is stated are the seals, and the closes with a digest."""
    assert checked.places is not None
    assert checked.reading is not None
    assert checked.machine is not None
    places, entries = checked.places, checked.sources
    refused = {source for source, _ in faults}
    sealed, closed = stated
    seals = [verdict for verdict in checked.seals if sealed[verdict.month].source not in refused]
    # What a broken seal covers is told by that: of a sealed month the close is never renewed.
    told = {month for month in closed if (seal := _covering(seals, month)) is not None and not seal.holds}
    closes = [v for v in checked.closes if v.month not in told and closed[v.month].source not in refused]
    return sorted(
        chain(
            (places.problem(entries[source], rejection) for source, rejection in faults),
            (places.set_aside(entries[source], rejection) for source, rejection in dependent),
            (places.at(entries[a.source].meta, a.code, a.message, advice=True) for a in checked.machine.adviser.advice),
            (places.at(entries[index].meta, code, message) for index, code, message in checked.reading.advice),
            seal_problems(seals, sealed, entries, places),
            close_problems(closes, closed, entries, places),
        )
    )


def _covering(seals: Iterable[Verdict], month: str) -> Verdict | None:
    """The seal that covers a month."""
    return next((seal for seal in seals if seal.month >= month), None)


def seals_of(reading: Reading) -> dict[str, Fact]:
    """The seals that a ledger states, by month, in order; of two of one month the one that applies first."""
    seals = sorted((fact for fact in reading.facts if fact.type.name == "seal"), key=lambda fact: fact.instant)
    found: dict[str, Fact] = {}
    for fact in sorted(seals, key=lambda fact: fact.ids[0]):
        found.setdefault(fact.ids[0], fact)
    return found


def closes_of(reading: Reading) -> dict[str, Fact]:
    """The closes that state a digest, by month, in order; of two of one month the one that applies first."""
    closes = [fact for fact in reading.facts if fact.type.name == "month-close" and fact.data["digest"]]
    found: dict[str, Fact] = {}
    for fact in sorted(closes, key=lambda fact: (fact.ids, fact.instant, fact.order)):
        found.setdefault(fact.ids[0], fact)
    return found


def waypoints(events: Sequence[Fact | Movement], after: int, closed: Collection[str] = ()) -> dict[str, int]:
    """Where on the way a state is kept, so that the next check need not begin so far back.

    One lies half way, for an edit of what is some weeks old, one at the beginning of the last date. A month whose close
    states a digest is read as a whole, so none lies within it.

    Args:
        events: The events that are applied.
        after: The instant before which nothing is open.
        closed: Months whose close states a digest.
    """
    instants = sorted(event.instant for event in events if event.instant >= after)
    if len(instants) < _MUCH:
        return {}
    dates = [
        start_of_month(month_of(instant)) if month_of(instant) in closed else start_of(date_of(instant))
        for instant in (instants[len(instants) // 2], instants[-1])
    ]
    return {name: date for name, date in zip(WAYPOINTS, dates, strict=True) if date > after}


def _carry_over(writer: BookWriter, machine: Machine, places: Places, checkpoint: Checkpoint) -> None:
    """Open every account of sealed months with its balance at their end, so that Beancount goes on from there."""
    meta = {"filename": places.main, "lineno": 1}
    date = date_of(checkpoint.end - DAY)
    balances = machine.state.balances
    for account in balances:
        writer.open(account, date, meta)
    writer.carry_over(date, meta, [(machine.context.account(name), units) for name, units in balances.items() if units])


def _open_region(entries: list[Any], reading: Reading, region: Region, writer: BookWriter) -> None:
    """Open what belongs to nobody in particular, with the first event."""
    events: list[Fact | Movement] = [*reading.facts, *reading.movements]
    if events:
        first = min(events, key=lambda event: event.instant)
        kinds: tuple[str, ...] = ("psf",) if region.labour_time is not None else ()
        kinds += REGION_ACCOUNTS if region.credits is not None else ()
        for kind in kinds:
            writer.open(reading.chart.of(kind).name, date_of(first.instant), entries[first.source].meta)


def _strange_opens(reading: Reading, machine: Machine) -> list[tuple[int, Rejection]]:
    """Explicit opens of accounts whose owner the region never had."""
    return [
        (index, Rejection("account-without-owner", f"{account} belongs to nobody in the region; declare the party"))
        for account, index in sorted(reading.opened.items())
        if account not in machine.state.balances
    ]
