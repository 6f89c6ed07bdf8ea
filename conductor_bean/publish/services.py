"""FIC day by day without telling who was served when.

Hours of basic services count in L in full, from the moment they are consumed until they leave the window: whoever
knows L exactly each morning sees each single service. So an edition counts them once a month, to the nearest step of a
grid, wide enough that no jump tells a person's hours more closely than the region allows. All else in FIC follows from
public plans. Where the services in a window are those of few, none of them is counted.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.fic import half_window
from conductor_bean.domain.instants import month_of
from conductor_bean.engine.events import Fact, Movement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from conductor_bean.engine.events import Outcome

SERVICES = frozenset(("private_consumption_of_basic_service", "productive_consumption_of_basic_service"))


@dataclass(slots=True)
class Served:
    """A basic service that was consumed.

    Attributes:
        instant: When.
        until: When it was reversed, whole or in part, or None.
        units: Its hours, in units of labour time.
        parties: Who provided and who consumed it.
        since: When a reversal left so many hours of it, 0 where none did.
    """

    instant: int
    until: int | None
    units: int
    parties: tuple[str, str]
    since: int = 0


def sides_of(services: Iterable[Served]) -> tuple[dict[str, int], dict[str, int]]:
    """Units by who consumed and by who provided."""
    sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for served in services:
        for side, party in zip(sides, served.parties, strict=True):
            side[party] = side.get(party, 0) + served.units
    return sides


@dataclass(slots=True)
class Services:
    """All basic services of a ledger, in order."""

    found: list[Served] = field(default_factory=list)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Services:
        """The basic services among what became of events."""
        services, by_id = cls(), dict[str, Served]()
        for outcome in outcomes:
            if outcome.rejection is not None or not outcome.transfers:
                continue
            event = outcome.event
            if isinstance(event, Movement) and outcome.transfers[0].type in SERVICES:
                first = outcome.transfers[0]
                served = Served(event.instant, None, first.units, (first.debit.owner, first.credit.owner))
                services.found.append(served)
                if event.id:
                    by_id[event.id] = served
            elif isinstance(event, Fact) and event.type.name == "reversal" and event.ids[0] in by_id:
                served = by_id[event.ids[0]]
                served.until = event.instant
                left = served.units - outcome.transfers[0].units
                if left:
                    rest = by_id[event.ids[0]] = replace(served, until=None, units=left, since=event.instant)
                    insort(services.found, rest, key=lambda served: served.instant)
        return services

    def step(self, window_days: int, margin: Fraction, hour: int) -> int:
        """The step of the grid, in units: 1, 2 or 5 times a power of ten of hours.

        Args:
            window_days: Length of the window of FIC.
            margin: How closely a person's hours may be estimated, as a share.
            hour: Units of labour time in an hour.
        """
        half = half_window(window_days)
        most = max((self._most(mine, half) for mine in self._by_party().values()), default=0)
        step, factors = hour, (Fraction(2), Fraction(5, 2), Fraction(2))
        turn = 0
        while step < 4 * margin * most:
            step = int(step * factors[turn % 3])
            turn += 1
        return step

    def counted(
        self, mornings: Iterable[tuple[int, int]], step: int, allowed: Callable[[list[Served]], bool]
    ) -> list[int]:
        """Hours in the window each morning, in units: those of the month's first, to the nearest step.

        One value a month: whoever knows small services of her own would learn those of others from a sum that moves
        with hers over the steps of the grid, day by day.

        Args:
            mornings: Instants and lengths of their windows in days, in order of instant.
            step: The step of the grid, in units.
            allowed: Whether the sum of some services may be told; where it may not, none is counted.
        """
        found = []
        month, told = "", 0
        for instant, days in mornings:
            if month_of(instant) != month:
                month, mine = month_of(instant), self._within(instant, half_window(days))
                total = sum(served.units for served in mine)
                told = round_half_even(total, step) * step if allowed(mine) else 0
            found.append(told)
        return found

    def _within(self, instant: int, half: int) -> list[Served]:
        """Services that count in FIC at an instant."""
        first = bisect_left(self.found, instant - half, key=lambda served: served.instant)
        last = bisect_left(self.found, instant, key=lambda served: served.instant)
        return [s for s in self.found[first:last] if s.since <= instant and (s.until is None or s.until > instant)]

    def _by_party(self) -> dict[str, list[Served]]:
        found: dict[str, list[Served]] = {}
        for served in self.found:
            for party in served.parties:
                found.setdefault(party, []).append(served)
        return found

    @staticmethod
    def _most(mine: list[Served], half: int) -> int:
        """The most hours of one party within a window."""
        most = total = start = 0
        for served in mine:
            total += served.units
            while mine[start].instant < served.instant - half:
                total -= mine[start].units
                start += 1
            most = max(most, total)
        return most
