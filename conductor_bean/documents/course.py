"""A region over time, told in one pass over its events: figures by month, FIC by day, cooperative prices."""

from __future__ import annotations

import datetime
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conductor_bean.documents.traffic import Traffic, traffic
from conductor_bean.domain.fic import FactorParts, factor_parts, half_window
from conductor_bean.domain.instants import DAY, FIRST_DATE, date_of, start_of
from conductor_bean.domain.plans import cooperative_price
from conductor_bean.engine.events import Evidence, Fact
from conductor_bean.ledger import months

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.events import Outcome
    from conductor_bean.engine.machine import Machine
    from conductor_bean.ledger.books import Books

PriceChanges = list[tuple[int, "Fraction | None"]]


@dataclass(frozen=True, slots=True)
class Course:
    """A region over time.

    Attributes:
        first: Date of the first event, None where there is none.
        last: Date of the last one, or of the earlier instant at which the course ends.
        instant: The instant of the last event, or that earlier one, at which documents look at the region.
        months: Figures by month.
        fic: FIC with its parts each morning from the first date to the last; empty where labour time is off.
        prices: By cooperation from which instant on which price held, in units of labour time; None where no plan is
            active.
        traffic: What moved, by row of the table and by month.
    """

    first: datetime.date | None
    last: datetime.date | None
    instant: int
    months: list[months.MonthFigures]
    fic: list[FactorParts]
    prices: dict[str, PriceChanges]
    traffic: Traffic

    @classmethod
    def of(cls, books: Books, through: int | None = None) -> Course:
        """The course of a ledger whose check is complete.

        Args:
            books: The ledger; where the course ends earlier, as it stood then (see `documents.moment`).
            through: The instant at which it ends; by default that of the last event.
        """
        applied = (o for o in books.outcomes if o.rejection is None and not isinstance(o.event, Evidence))
        first = next((date_of(outcome.event.instant) for outcome in applied), None)
        end = books.last_instant if through is None else through
        last = date_of(end) if end else None
        mornings, prices = Mornings(first, last), Prices()
        watchers = () if books.region.labour_time is None else (mornings, prices)
        found = months.course(books, watchers=watchers, through=through)
        if watchers:
            mornings.look(books.machine, None)
            prices.expire(end + 1)
        return cls(first, last, end or start_of(FIRST_DATE), found, mornings.found, prices.found, traffic(books))


class Mornings:
    """FIC with its parts at the start of each date, of the plans and services in the window only."""

    def __init__(self, first: datetime.date | None, last: datetime.date | None) -> None:
        self._day = 1 if first is None else first.toordinal()
        self._last = 0 if last is None else last.toordinal()
        self._plans: list[Plan] = []
        self._window = 0
        self.found: list[FactorParts] = []

    def before(self, machine: Machine, instant: int) -> None:
        """Look at the mornings before an instant."""
        self.look(machine, instant)

    def after(self, machine: Machine, instant: int, outcomes: list[Outcome]) -> None:  # noqa: ARG002
        """Count the plans that were approved from now on."""
        plans = machine.state.plans
        self._plans += [plans[ids[0]] for name, ids in _facts(outcomes) if name == "plan-approval"]

    def look(self, machine: Machine, until: int | None) -> None:
        """Look at every morning before an instant, or at all that are left."""
        while self._day <= self._last and (until is None or self._day * DAY < until):
            self.found.append(self._parts(machine, self._day * DAY, self._day * DAY))
            self._day += 1

    def _parts(self, machine: Machine, instant: int, decided: int) -> FactorParts:
        days = machine.context.region.decisions.at(decided).fic_window_days
        half = half_window(days)
        if days != self._window:
            self._window = days
            self._plans = [plan for plan in machine.state.plans.values() if plan.approved is not None]
        self._plans = [plan for plan in self._plans if plan.expires is not None and plan.expires > instant - half]
        consumed = machine.state.consumed_services
        services = consumed[bisect_left(consumed, (instant - half, 0)) : bisect_left(consumed, (instant, 0))]
        return factor_parts(self._plans, services, instant, days)


class MonthEnds(Mornings):
    """FIC with its parts at the end of each month: 00:00 of the next date, without what happens or is decided then."""

    def look(self, machine: Machine, until: int | None) -> None:
        """Look at every month that ends at an instant or before, or at all that are left."""
        while self._day <= self._last and (until is None or self._day * DAY <= until):
            if datetime.date.fromordinal(self._day).day == 1:
                self.found.append(self._parts(machine, self._day * DAY, self._day * DAY - 1))
            self._day += 1


@dataclass(slots=True)
class Prices:
    """Cooperative prices, looked at where a plan joins, leaves, ends or expires."""

    found: dict[str, PriceChanges] = field(default_factory=dict)
    _until: dict[str, int] = field(default_factory=dict)
    _machine: Machine | None = None

    def before(self, machine: Machine, instant: int) -> None:
        """Look at the prices that end before an instant."""
        self._machine = machine
        self.expire(instant)

    def after(self, machine: Machine, instant: int, outcomes: list[Outcome]) -> None:
        """Look at the prices that an instant changed."""
        touched: set[str] = set()
        for name, ids in _facts(outcomes):
            if name.startswith("cooperation"):
                touched.add(ids[0])
            elif name in ("company-end", "bankruptcy"):
                touched.update(self.found)
        for cooperation in sorted(touched):
            self._look(machine, cooperation, instant)

    def expire(self, instant: int) -> None:
        """Look at the prices that end before an instant since a plan expires, each at its own."""
        while self._machine is not None and self._until and min(self._until.values()) < instant:
            until, cooperation = min((until, cooperation) for cooperation, until in self._until.items())
            self._look(self._machine, cooperation, until)

    def _look(self, machine: Machine, cooperation: str, instant: int) -> None:
        state = machine.state
        plans = [state.plans[plan] for plan in state.cooperations[cooperation].plans]
        price = cooperative_price(plans, instant)
        self._until.pop(cooperation, None)
        if price is not None:
            self._until[cooperation] = price[1]
        changes = self.found.setdefault(cooperation, [])
        now = None if price is None else price[0]
        if now != (changes[-1][1] if changes else None):
            changes.append((instant, now))


def _facts(outcomes: list[Outcome]) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Type and ids of the facts that hold."""
    return (
        (outcome.event.type.name, outcome.event.ids)
        for outcome in outcomes
        if outcome.rejection is None and isinstance(outcome.event, Fact)
    )
