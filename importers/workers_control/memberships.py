"""Infers which plan was in which cooperation, and when.

The app keeps the present membership only; what was before is inferred from recorded prices and compensations
(sights.py, search.py). What they leave open is claimed no wider than they show: a plan joins at the first record that
needs it as a member and leaves one microsecond after the last one.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from conductor_bean.importers.workers_control.records import App, Cooperation, Plan
from conductor_bean.importers.workers_control.search import Search, Step
from conductor_bean.importers.workers_control.sights import Sight

_ORDERS = 8


@dataclass(frozen=True, slots=True)
class Membership:
    """A plan's time in a cooperation, from an instant to another (exclusive), or to the present.

    Attributes:
        shown: Whether recorded prices show it; if not, only its present membership is known.
    """

    cooperation: str
    plan: str
    start: int
    end: int | None
    shown: bool


@dataclass(frozen=True, slots=True)
class Memberships:
    """What was inferred.

    Attributes:
        found: The memberships in order of their start.
        homeless: Plans whose present membership fits nowhere.
        unexplained: Consumptions (their ids) whose price or compensation does not follow from the memberships.
    """

    found: tuple[Membership, ...]
    homeless: frozenset[str]
    unexplained: frozenset[str]


def infer_memberships(app: App, sights: list[Sight]) -> Memberships:
    """Finds memberships that explain as many sights as possible.

    A plan is in one cooperation at a time: the cooperation that is searched first may take what another needs. So the
    one of which most is known comes first, and where a later one fails, it is searched again from its own beginning.
    """
    timeline = _Timeline(app, sights)
    named = {cooperation.uuid: 0 for cooperation in app.cooperations}
    for sight in sights:
        if sight.cooperation is not None:
            named[sight.cooperation] += 1
    order = sorted(app.cooperations, key=lambda c: (-named[c.uuid], c.created, c.uuid))
    best: tuple[int, Memberships] | None = None
    for _ in range(_ORDERS):
        result, failed = _judge(app, sights, timeline.memberships(order))
        if best is None or len(failed) < best[0]:
            best = (len(failed), result)
        again = next((cooperation for cooperation in order[1:] if cooperation.uuid in failed), None)
        if again is None:
            break
        order = [again, *(cooperation for cooperation in order if cooperation is not again)]
    return best[1] if best else Memberships((), frozenset(), frozenset())


def _judge(app: App, sights: list[Sight], found: list[Membership]) -> tuple[Memberships, list[str]]:
    """What the memberships leave unexplained, and the cooperation of each failure: sound sight or present member."""
    plans = {plan.uuid: plan for plan in app.plans}
    of_cooperation: dict[str, list[Membership]] = defaultdict(list)
    of_plan: dict[str, list[Membership]] = defaultdict(list)
    for membership in found:
        of_cooperation[membership.cooperation].append(membership)
        of_plan[membership.plan].append(membership)
    unexplained, failed = set(), []
    for sight in sights:
        home = next((m.cooperation for m in of_plan[sight.plan.uuid] if _covers(m, sight.instant)), None)
        members = [plans[m.plan] for m in of_cooperation[home or ""] if _covers(m, sight.instant)]
        costs = [plan.cost for plan in members if plan.is_active(sight.instant)]
        price = sum(costs, Fraction(0)) / len(costs) if costs else sight.plan.cost
        if not sight.sound or not sight.admits(price, home):
            unexplained.add(sight.consumption.uuid)
            if sight.sound:
                failed.append(sight.cooperation or home or "")
    placed = {membership.plan for membership in found if membership.end is None}
    homeless = [plan for plan in app.plans if plan.home is not None and plan.uuid not in placed]
    failed += [plan.home or "" for plan in homeless]
    ordered = tuple(sorted(found, key=lambda m: (m.start, m.cooperation, m.plan)))
    return Memberships(ordered, frozenset(plan.uuid for plan in homeless), frozenset(unexplained)), failed


def _covers(membership: Membership, instant: int) -> bool:
    return membership.start <= instant and (membership.end is None or instant < membership.end)


class _Timeline:
    """The plans that may cooperate, and the steps at which something is known of them."""

    def __init__(self, app: App, sights: list[Sight]) -> None:
        self._plans = sorted(
            (plan for plan in app.plans if plan.approved is not None and not plan.public and plan.days > 0),
            key=lambda plan: (plan.approved, plan.uuid),
        )
        self._bits = {plan.uuid: 1 << place for place, plan in enumerate(self._plans)}
        seen: dict[int, list[tuple[int, Sight]]] = defaultdict(list)
        for sight in sights:
            seen[sight.instant].append((self._bits[sight.plan.uuid], sight))
        # A plan may have joined after the last thing that the app recorded.
        horizon = app.instants()[-1] + 1
        # The last instant at which a plan that is in a cooperation at present can have been an active member of it.
        self._last = {plan.uuid: min(plan.expires - 1, horizon) for plan in self._plans if plan.home is not None}
        instants = sorted({*seen, *self._last.values()})
        active = _active(self._plans, self._bits, instants)
        self._seen = [tuple(seen[instant]) for instant in instants]
        self._instants = instants
        self._numbers = {instant: number for number, instant in enumerate(instants)}
        self._active = active

    def memberships(self, order: list[Cooperation]) -> list[Membership]:
        """The memberships of all cooperations, each leaving to the next what records do not show of it.

        Between two records a plan may have been elsewhere: only at the steps of the records themselves is it taken.
        """
        taken = [0] * len(self._instants)
        runs: list[_Place] = []
        claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for cooperation in order:
            search = self._search(cooperation, taken)
            place = _Place(cooperation, search, [0] * len(self._instants))
            for plan, steps in self._runs(cooperation, search.members()):
                claims[plan.uuid] += [(number, len(runs)) for number in steps]
                runs.append(place)
                for number in steps:
                    taken[number] |= self._bits[plan.uuid]
        spans: list[tuple[_Place, Plan, int, int]] = []
        for plan in self._plans:
            for run, group in itertools.groupby(sorted(claims[plan.uuid]), key=lambda claim: claim[1]):
                steps = [number for number, _ in group]
                spans.append((runs[run], plan, steps[0], steps[-1]))
        return self._spans_as_memberships(spans)

    def _spans_as_memberships(self, spans: list[tuple[_Place, Plan, int, int]]) -> list[Membership]:
        taken = [0] * len(self._instants)
        for place, plan, first, last in spans:
            for number in range(first, last + 1):
                place.members[number] |= self._bits[plan.uuid]
                taken[number] |= self._bits[plan.uuid]
        found = []
        for place, plan, first, last in spans:
            home = place.cooperation.uuid
            stays = plan.home == home and self._instants[last] == self._last[plan.uuid]
            shown = self._supports(place.cooperation, plan, first, place.members[first])
            start = self._instants[first] if shown else self._earliest(place, plan, first, taken)
            found.append(Membership(home, plan.uuid, start, None if stays else self._instants[last] + 1, shown))
        return found

    def _search(self, cooperation: Cooperation, taken: list[int]) -> Search:
        present: dict[int, int] = defaultdict(int)
        barred = list(taken)
        for plan in self._plans:
            if plan.home == cooperation.uuid:
                present[self._last[plan.uuid]] |= self._bits[plan.uuid]
            elif plan.home is not None:
                barred[self._numbers[self._last[plan.uuid]]] |= self._bits[plan.uuid]
        steps = [
            Step(instant, self._seen[number], self._active[number], present[instant])
            for number, instant in enumerate(self._instants)
        ]
        return Search(cooperation.uuid, cooperation.created, [plan.cost for plan in self._plans], steps, barred)

    def _supports(self, cooperation: Cooperation, plan: Plan, number: int, members: int) -> bool:
        """Whether a price recorded at a step depends on an active plan's being a member."""
        if not members & self._active[number] & self._bits[plan.uuid]:
            return False
        # The price of a sole member is its own cost, as it is without any cooperation.
        shared = (members & self._active[number]).bit_count() > 1
        return any(
            sight.cooperation == cooperation.uuid or (shared and sight.cooperation is None and members & bit)
            for bit, sight in self._seen[number]
        )

    def _runs(self, cooperation: Cooperation, members: list[int]) -> Iterator[tuple[Plan, list[int]]]:
        """Each plan's unbroken times as a member, as the steps whose records show it."""
        for plan in self._plans:
            bit = self._bits[plan.uuid]
            run: list[int] = []
            for number in range(len(members) + 1):
                if number < len(members) and members[number] & bit:
                    present = plan.home == cooperation.uuid and self._instants[number] == self._last[plan.uuid]
                    if present or self._supports(cooperation, plan, number, members[number]):
                        run.append(number)
                elif run:
                    yield plan, run
                    run = []

    def _earliest(self, place: _Place, plan: Plan, first: int, taken: list[int]) -> int:
        """The first instant from which on a plan may be a member without contradicting any record.

        Of a present membership that no price shows, only this much is known.
        """
        bit = self._bits[plan.uuid]
        lowest = max(plan.approved or 0, place.cooperation.created)
        for number in range(first - 1, -1, -1):
            if self._instants[number] < lowest:
                break
            if taken[number] & bit or not place.search.holds(place.members[number] | bit, number):
                return self._instants[number] + 1
            place.members[number] |= bit
            taken[number] |= bit
        return lowest


@dataclass(frozen=True, slots=True)
class _Place:
    """A cooperation, its search, and the members that it claims at each step."""

    cooperation: Cooperation
    search: Search
    members: list[int]


def _active(plans: list[Plan], bits: dict[str, int], instants: list[int]) -> list[int]:
    """The active plans at each instant."""
    turns = sorted(
        (turn, bits[plan.uuid]) for plan in plans if plan.approved is not None for turn in (plan.approved, plan.expires)
    )
    found, active, done = [], 0, 0
    for instant in instants:
        while done < len(turns) and turns[done][0] <= instant:
            active ^= turns[done][1]
            done += 1
        found.append(active)
    return found
