"""Searches the history of one cooperation's members that explains what was recorded of it.

The history is a set of members at each step (an instant at which a plan was seen). The cheapest one is sought: joins
and exits cost, and leaving a record unexplained costs more. Where the members so far do not explain a step, the
smallest changes that do are tried. Several histories are carried on at once, so that a choice which later records
contradict gives way to another; their number is bounded, and so is the time.

Sets of plans are integers, a bit a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from conductor_bean.importers.workers_control.changes import Pool, Wanted
from conductor_bean.importers.workers_control.sights import Sight

# Leaving a sound record unexplained is worse than this many joins and exits. A record that contradicts itself cannot
# be explained wholly: it is worth a change or two, no more.
_CHANGE = 4
_UNEXPLAINED = 50 * _CHANGE
_CONTRADICTORY = 3 * _CHANGE
# A plan of which nothing else shows that it ever was in this cooperation is a worse guess than one of which something
# does; one that other records show in another cooperation is worse still.
_STRANGER = 1
_SEEN_ELSEWHERE = 2

_HISTORIES = 40
# Large changes are looked for from the cheapest histories only; they take the most time.
_DEEP_HISTORIES = 6
_DEEP = 6
_SHALLOW = 2


@dataclass(frozen=True, slots=True)
class Step:
    """An instant at which something is known.

    Attributes:
        sights: What was seen of plans, with each plan's bit.
        active: The plans that are active.
        present: The plans that must be members, as they are at present and this is the last that one may ask.
    """

    instant: int
    sights: tuple[tuple[int, Sight], ...]
    active: int
    present: int


@dataclass(frozen=True, slots=True)
class _History:
    """Members from a step on, and what they were before."""

    cost: int
    members: int
    step: int
    before: _History | None


class Search:
    """The search for one cooperation.

    Args:
        cooperation: Its id in the app.
        created: The instant from which it has members.
        costs: Cost of a unit of each plan, by place.
        steps: All steps of the app, in order.
        taken: The plans that are in other cooperations, by step.
    """

    def __init__(
        self, cooperation: str, created: int, costs: list[Fraction], steps: list[Step], taken: list[int]
    ) -> None:
        self._cooperation = cooperation
        self._created = created
        self._costs = costs
        self._steps = steps
        self._taken = taken
        here = elsewhere = 0
        for step in steps:
            here |= step.present
            for bit, sight in step.sights:
                if sight.cooperation == cooperation:
                    here |= bit
                elif sight.cooperation is not None:
                    elsewhere |= bit
        self._here, self._elsewhere = here, elsewhere & ~here
        self._pool = Pool(costs, here)
        self._means: dict[int, Fraction] = {0: Fraction(0)}

    def members(self) -> list[int]:
        """The members at each step."""
        histories = [_History(0, 0, -1, None)]
        for number, step in enumerate(self._steps):
            if step.instant < self._created or all(self._fault(h.members, number) == 0 for h in histories):
                continue
            following: dict[int, _History] = {}
            for rank, history in enumerate(histories):
                largest = _DEEP if rank < _DEEP_HISTORIES else _SHALLOW
                for members, cost in self._options(history.members, number, largest).items():
                    total = history.cost + cost
                    if members not in following or total < following[members].cost:
                        same = members == history.members and cost == 0
                        following[members] = history if same else _History(total, members, number, history)
            histories = sorted(following.values(), key=lambda h: (h.cost, h.members))[:_HISTORIES]
        stay = 0
        for step in self._steps:
            stay |= step.present
        # Who is not a member at present must have left.
        return self._unfold(
            min(histories, key=lambda h: (h.cost + _CHANGE * (h.members & ~stay).bit_count(), h.members))
        )

    def holds(self, members: int, number: int) -> bool:
        """Whether members explain everything seen at a step."""
        return self._fault(members, number) == 0

    def _unfold(self, history: _History) -> list[int]:
        members = [0] * len(self._steps)
        end = len(self._steps)
        node: _History | None = history
        while node is not None:
            for number in range(max(node.step, 0), end):
                members[number] = node.members
            end, node = max(node.step, 0), node.before
        return members

    def _mean(self, members: int) -> Fraction:
        """The cooperative price: the unweighted mean of the members' costs."""
        mean = self._means.get(members)
        if mean is None:
            total = sum((self._costs[place] for place in _places(members)), Fraction(0))
            mean = self._means[members] = total / members.bit_count()
        return mean

    def _fault(self, members: int, number: int) -> int:
        """What it costs that members do not explain a step; 0 where they do."""
        step = self._steps[number]
        active = members & step.active
        fault = _UNEXPLAINED * ((active & self._taken[number]).bit_count() + (step.present & ~members).bit_count())
        for bit, sight in step.sights:
            weight = _UNEXPLAINED if sight.sound else _CONTRADICTORY
            if sight.cooperation == self._cooperation and not active & bit:
                fault += weight + 1
            elif active & bit and not sight.admits(self._mean(active), self._cooperation):
                fault += weight
        return fault

    def _options(self, members: int, number: int, largest: int) -> dict[int, int]:
        """The members that may follow at a step, each with what the changes and the faults cost."""
        step = self._steps[number]
        here = elsewhere = silent = 0
        for bit, sight in step.sights:
            if sight.cooperation == self._cooperation:
                here |= bit
            elif sight.cooperation is None:
                silent |= bit
            else:
                elsewhere |= bit
        barred = elsewhere | self._taken[number]
        forced = members & ~(barred & step.active) | (here | step.present) & step.active & ~self._taken[number]
        options = {members, forced, forced & ~silent}
        if self._fault(members, number):
            fixed = here | step.present
            for base in (forced, forced & ~(silent & ~fixed)):
                for wanted in self._prices(step, base):
                    options.update(self._changed(base, step.active, step.active & ~barred & ~fixed, wanted, largest))
        costs = {option: self._change(members, option) + self._fault(option, number) for option in options}
        return {members: 0} if costs[members] == 0 else costs

    def _prices(self, step: Step, base: int) -> Iterator[Wanted]:
        """The prices that the cooperation may have had at a step."""
        for bit, sight in step.sights:
            if sight.cooperation == self._cooperation:
                for price in sight.prices:
                    yield price, sight.tolerance
            elif sight.cooperation is None and base & bit:
                yield sight.plan.cost, Fraction(0)

    def _changed(self, base: int, active: int, movable: int, wanted: Wanted, largest: int) -> Iterator[int]:
        price, tolerance = wanted

        def accept(members: int) -> bool:
            return bool(members) and abs(self._mean(members) - price) <= tolerance

        for change in self._pool.changes(base & active, movable, wanted, largest, accept):
            yield base ^ change

    def _change(self, before: int, after: int) -> int:
        joined = after & ~before
        strangers = (joined & ~self._here).bit_count() * _STRANGER
        strangers += (joined & self._elsewhere).bit_count() * (_SEEN_ELSEWHERE - _STRANGER)
        return _CHANGE * (before ^ after).bit_count() + strangers


def _places(members: int) -> Iterator[int]:
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest
