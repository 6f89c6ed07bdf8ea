r"""The factor of individual consumption (seed of Workers Control, "Labour Certificates and FIC"; RULES.md, part A).

FIC = max(0, (L - (P_o + R_o)) / (L + L_o)), 1 where nothing is planned at all, 0 where only means of production are.

The formula asks for every plan's share of whole days in a window that moves with the instant. Reading every plan for
every registration would make the cost of a registration grow with the region. `Staircase` instead uses that the
whole days of one plan inside the window are a staircase in the instant x:

    days inside
      ^            ________
      |         __|        |__
      |      __|              |__
      |   __|                    |__
      +--+--------------------------+--> x
         approval                   expiry + half a window

up (one more each day), constant (the whole plan, or the whole window), down (one less each day). Sums over plans in
one phase need only the sums of rate and rate x offset, and, because each stair has its own time of day, the sum of
the rates whose time of day has not yet come today, kept in a Fenwick tree. A plan changes its phase at most three
times. As integers over the least common multiple of all `days` everything is exact.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from math import lcm
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.plans import Plan

_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class FactorParts:
    """FIC at an instant with its parts, in units of labour time.

    Attributes:
        instant: The instant x.
        labour: L, hours in productive plans and of consumed basic services.
        public_labour: L_o, hours in public plans.
        public_fixed_means: P_o.
        public_raw_materials: R_o.
        window: Start and end of the window.
    """

    instant: int
    labour: Fraction
    public_labour: Fraction
    public_fixed_means: Fraction
    public_raw_materials: Fraction
    window: tuple[int, int]

    @property
    def fic(self) -> Fraction:
        """The factor, between 0 and 1."""
        return factor(
            self.labour - self.public_fixed_means - self.public_raw_materials,
            self.labour + self.public_labour,
            self.public_fixed_means + self.public_raw_materials,
        )


def factor(numerator: Fraction | int, denominator: Fraction | int, public_means: Fraction | int) -> Fraction:
    """FIC from L - (P_o + R_o), L + L_o and P_o + R_o."""
    if denominator == 0:
        return Fraction(0) if public_means > 0 else Fraction(1)
    return max(Fraction(0), Fraction(numerator) / denominator)


def half_window(days: int) -> int:
    """Half of a window of so many days, in microseconds; exact, since a day is an even number of them."""
    return days * DAY // 2


def whole_days(plan: Plan, instant: int, half: int) -> int:
    """Whole days of an approved plan inside the window around an instant, not below 0."""
    assert plan.approved is not None
    assert plan.expires is not None
    end = min(plan.expires, instant + half)
    start = max(plan.approved, instant - half)
    return max(0, (end - start) // DAY)


def factor_parts(
    plans: Iterable[Plan], services: Iterable[tuple[int, int]], instant: int, window_days: int
) -> FactorParts:
    """FIC by the plain formula, reading every plan and every consumed service.

    Args:
        plans: Plans; those not approved at or before the instant, or of no days, do not count.
        services: Instant and units of consumed basic services; those at the instant or later do not count.
        instant: The instant x.
        window_days: Length of the window in force at x, in days.
    """
    half = half_window(window_days)
    labour = public_labour = fixed_means = raw_materials = Fraction(0)
    for plan in plans:
        if plan.approved is None or plan.approved > instant or not plan.days:
            continue
        weight = Fraction(whole_days(plan, instant, half), plan.days)
        if plan.public:
            public_labour += plan.labour * weight
            fixed_means += plan.fixed_means * weight
            raw_materials += plan.raw_materials * weight
        else:
            labour += plan.labour * weight
    labour += sum(units for at, units in services if instant - half <= at < instant)
    return FactorParts(instant, labour, public_labour, fixed_means, raw_materials, (instant - half, instant + half))


class _TimesOfDay:
    """Sums of pairs of rates by time of day: a sparse Fenwick tree over seconds, fractions kept in its leaves."""

    def __init__(self) -> None:
        self._tree: dict[int, list[int]] = {}
        self._leaves: dict[int, dict[int, list[int]]] = {}
        self._total = [0, 0]

    def add(self, time: int, labour: int, means: int) -> None:
        second, fraction = divmod(time, SECOND)
        leaf = self._leaves.setdefault(second, {})
        self._increase(leaf, fraction, labour, means)
        self._total[0] += labour
        self._total[1] += means
        node = second + 1
        while node <= _SECONDS:
            self._increase(self._tree, node, labour, means)
            node += node & -node

    @staticmethod
    def _increase(sums: dict[int, list[int]], key: int, labour: int, means: int) -> None:
        pair = sums.get(key)
        if pair is None:
            sums[key] = [labour, means]
        else:
            pair[0] += labour
            pair[1] += means
            if pair == [0, 0]:
                del sums[key]

    def before(self, time: int) -> tuple[int, int]:
        """Sum of the rates whose time of day is earlier."""
        second, fraction = divmod(time, SECOND)
        labour = means = 0
        node = second
        tree = self._tree
        while node:
            pair = tree.get(node)
            if pair is not None:
                labour += pair[0]
                means += pair[1]
            node &= node - 1
        for at, pair in self._leaves.get(second, {}).items():
            if at < fraction:
                labour += pair[0]
                means += pair[1]
        return labour, means

    def after(self, time: int) -> tuple[int, int]:
        """Sum of the rates whose time of day is later."""
        labour, means = self.before(time + 1)
        return self._total[0] - labour, self._total[1] - means

    def scale(self, by: int) -> None:
        for pair in (self._total, *self._tree.values(), *(p for leaf in self._leaves.values() for p in leaf.values())):
            pair[0] *= by
            pair[1] *= by


class _Slope:
    """Plans whose whole days are all rising (sign 1) or all falling (sign -1), one stair each day.

    A rising plan has floor((x - origin) / day) whole days, a falling one floor((origin - x) / day).
    """

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._times = _TimesOfDay()
        self._rate = [0, 0]
        self._moment = [0, 0]

    def add(self, origin: int, labour: int, means: int) -> None:
        day, time = divmod(origin, DAY)
        self._rate[0] += labour
        self._rate[1] += means
        self._moment[0] += labour * day
        self._moment[1] += means * day
        self._times.add(time, labour, means)

    def at(self, instant: int) -> tuple[int, int]:
        """Sum of rate x whole days."""
        day, time = divmod(instant, DAY)
        # A stair whose time of day has not come yet today (rising), or has passed (falling), is one day lower.
        labour, means = self._times.after(time) if self._sign > 0 else self._times.before(time)
        rate, moment = self._rate, self._moment
        return (
            self._sign * (rate[0] * day - moment[0]) - labour,
            self._sign * (rate[1] * day - moment[1]) - means,
        )

    def scale(self, by: int) -> None:
        for pair in (self._rate, self._moment):
            pair[0] *= by
            pair[1] *= by
        self._times.scale(by)


class Staircase:
    """FIC at instants that never go back, without reading every plan.

    Plans contribute to two sums: the hours of living labour (L + L_o without services) and the hours of public means
    of production with the labour of public plans (P_o + R_o + L_o), since FIC = (H - M) / H with H = L + L_o and
    M = P_o + R_o + L_o.
    """

    _UP, _LEVEL, _DOWN, _GONE = range(4)

    def __init__(self, window_days: int) -> None:
        self._half = half_window(window_days)
        self._common = 1
        self._up = _Slope(1)
        self._down = _Slope(-1)
        self._level = [0, 0]
        self._changes: list[tuple[int, int]] = []
        self._plans: list[tuple[Plan, int, int]] = []
        self._phases: list[int] = []
        self._numbers: dict[str, int] = {}

    def add(self, plan: Plan, instant: int) -> None:
        """Count an approved plan from this instant on."""
        if not plan.days:
            return
        assert plan.approved is not None
        if self._common % plan.days:
            common = lcm(self._common, plan.days)
            self._scale(common // self._common)
            self._common = common
        number = len(self._plans)
        self._numbers[plan.id] = number
        means = plan.fixed_means + plan.raw_materials + plan.labour if plan.public else 0
        self._plans.append((plan, plan.labour, means))
        self._phases.append(self._UP)
        self._shift(number, self._UP, 1)
        self._settle(number, instant)

    def shorten(self, plan: Plan, instant: int, end: int) -> None:
        """Let an approved plan expire at `end` instead, from this instant on; sets its `expires`."""
        number = self._numbers.get(plan.id)
        if number is not None:
            self.advance(instant)
            self._shift(number, self._phases[number], -1)
        plan.expires = end
        if number is not None:
            self._phases[number] = self._UP
            self._shift(number, self._UP, 1)
            self._settle(number, instant)

    def advance(self, instant: int) -> None:
        """Let all phases that change at or before the instant change."""
        while self._changes and self._changes[0][0] <= instant:
            _, number = heappop(self._changes)
            self._settle(number, instant)

    def at(self, instant: int) -> tuple[Fraction, Fraction]:
        """Hours of labour in plans, and hours of public means and labour, weighted, in units of labour time."""
        labour, means = self.sums(instant)
        return Fraction(labour, self._common), Fraction(means, self._common)

    def sums(self, instant: int) -> tuple[int, int]:
        """The same as integers over `common`."""
        self.advance(instant)
        up, down, level = self._up.at(instant), self._down.at(instant), self._level
        return up[0] + level[0] + down[0], up[1] + level[1] + down[1]

    @property
    def common(self) -> int:
        """The least common multiple of all plans' days."""
        return self._common

    def _settle(self, number: int, instant: int) -> None:
        """Bring one plan into the phase that holds at the instant and note when that ends."""
        plan = self._plans[number][0]
        assert plan.approved is not None
        assert plan.expires is not None
        expiry_enters = plan.expires - self._half  # from here on the window reaches beyond the plan's end
        approval_leaves = plan.approved + self._half  # from here on the window starts after the plan's
        first, second = sorted((expiry_enters, approval_leaves))
        gone = plan.expires + self._half
        if instant < first:
            phase, until = self._UP, first
        elif instant < second:
            phase, until = self._LEVEL, second
        elif instant < gone:
            phase, until = self._DOWN, gone
        else:
            phase, until = self._GONE, None
        if phase != self._phases[number]:
            self._shift(number, self._phases[number], -1)
            self._shift(number, phase, 1)
            self._phases[number] = phase
        if until is not None:
            heappush(self._changes, (until, number))

    def _shift(self, number: int, phase: int, times: int) -> None:
        """Add (1) or remove (-1) a plan's contribution to the sums of a phase."""
        plan, labour, means = self._plans[number]
        assert plan.approved is not None
        assert plan.expires is not None
        rate = times * (self._common // plan.days)
        labour, means = labour * rate, means * rate
        if phase == self._UP:
            self._up.add(plan.approved - self._half, labour, means)
        elif phase == self._DOWN:
            self._down.add(plan.expires + self._half, labour, means)
        elif phase == self._LEVEL:
            days = min(plan.expires - plan.approved, 2 * self._half) // DAY
            self._level[0] += labour * days
            self._level[1] += means * days

    def _scale(self, by: int) -> None:
        self._up.scale(by)
        self._down.scale(by)
        self._level[0] *= by
        self._level[1] *= by


class ServicesInWindow:
    """Hours of basic services consumed before an instant and not before its window's start, in units.

    Instants are asked for in order and consumption is added in order, so both ends of the window only move on.
    """

    def __init__(self, window_days: int, consumed: list[tuple[int, int]]) -> None:
        self._half = half_window(window_days)
        self._consumed = consumed
        self._first = self._next = 0
        self._sum = 0

    def at(self, instant: int) -> int:
        """Units consumed in the part of the window that lies before the instant."""
        consumed = self._consumed
        while self._next < len(consumed) and consumed[self._next][0] < instant:
            self._sum += consumed[self._next][1]
            self._next += 1
        start = instant - self._half
        while self._first < self._next and consumed[self._first][0] < start:
            self._sum -= consumed[self._first][1]
            self._first += 1
        return self._sum

    def withdraw(self, at: int, units: int) -> None:
        """Take back a consumption: from now on it no longer counts."""
        index = bisect_left(self._consumed, (at, units))
        if index == len(self._consumed) or self._consumed[index] != (at, units):
            return
        if self._first <= index < self._next:
            self._sum -= units
        del self._consumed[index]
        self._next -= index < self._next
        self._first -= index < self._first
