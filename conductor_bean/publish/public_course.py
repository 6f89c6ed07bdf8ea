"""The public life of a region, told again from its public facts alone: FIC of the plans, cooperative prices.

No private transfer takes part in it, so that nothing of one can come out of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.documents.course import MonthEnds, Mornings, PriceChanges, Prices
from conductor_bean.domain.instants import date_of
from conductor_bean.engine.events import Evidence, Fact
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.engine.state import State

if TYPE_CHECKING:
    import datetime

    from conductor_bean.domain.fic import FactorParts
    from conductor_bean.ledger.books import Books

_PUBLIC = frozenset(
    (
        "accountant",
        "company",
        "plan",
        "plan-withdrawal",
        "plan-rejection",
        "plan-approval",
        "cooperation",
        "cooperation-exit",
        "coordination-request",
        "coordination-denial",
        "coordination-acceptance",
        "cooperation-request",
        "cooperation-cancellation",
        "cooperation-denial",
        "cooperation-acceptance",
        "company-end",
        "bankruptcy",
        "accountant-end",
    )
)


@dataclass(frozen=True, slots=True)
class PublicCourse:
    """What public facts alone tell.

    Attributes:
        fic: FIC each morning as if nobody ever consumed a basic service; empty where labour time is off.
        ends: The same at the end of each month, by the instant at which the next begins.
        prices: Cooperative prices, by cooperation from which instant on which held.
        first: The date of the ledger's first event, None where there is none.
        last: The date of its last event.
    """

    first: datetime.date | None
    last: datetime.date | None
    fic: list[FactorParts]
    ends: dict[int, FactorParts]
    prices: dict[str, PriceChanges]


def public_course(books: Books) -> PublicCourse:
    """The course of a ledger's public facts, from its first date to its last."""
    first, last = _first_date(books), date_of(books.last_instant) if books.last_instant else None
    if books.region.labour_time is None or books.checked is None or books.checked.reading is None:
        return PublicCourse(first, last, [], {}, {})
    facts = [
        outcome.event
        for outcome in books.outcomes
        if outcome.rejection is None and isinstance(outcome.event, Fact) and outcome.event.type.name in _PUBLIC
    ]
    machine = Machine(books.region, State(), books.checked.reading.chart)
    mornings, ends, prices = Mornings(first, last), MonthEnds(first, last), Prices()
    watchers = (mornings, ends, prices)
    for instant, events in timeline(facts, []):
        for watcher in watchers:
            watcher.before(machine, instant)
        outcomes = machine.apply_instant(instant, events)
        for watcher in watchers:
            watcher.after(machine, instant, outcomes)
    mornings.look(machine, None)
    ends.look(machine, None)
    prices.expire(books.last_instant + 1)
    return PublicCourse(first, last, mornings.found, {parts.instant: parts for parts in ends.found}, prices.found)


def _first_date(books: Books) -> datetime.date | None:
    """The date of the first event, None where there is none."""
    return next(
        (
            date_of(outcome.event.instant)
            for outcome in books.outcomes
            if outcome.rejection is None and not isinstance(outcome.event, Evidence)
        ),
        None,
    )
