r"""FIC without reading every plan for every registration.

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
from fractions import Fraction
from heapq import heappop, heappush, heapreplace
from math import lcm
from typing import TYPE_CHECKING

from conductor_bean.domain.fic import half_window
from conductor_bean.domain.instants import DAY, SECOND

if TYPE_CHECKING:
    from conductor_bean.domain.plans import Plan

_BUCKET = 60 * SECOND  # fewer nodes than with seconds, and still only a few plans in a leaf
_BUCKETS = DAY // _BUCKET


class _Stairs:
    """Sum of rate x whole days over plans whose days are rising (sign 1) or falling (sign -1), one stair each day.

    A rising plan has floor((x - origin) / day) whole days, a falling one floor((origin - x) / day). With both split
    into day and time of day that is sign x (day of x - day of origin), less one as long as the stair's time of day
    has not come yet today (rising) or has passed (falling). The first part needs two sums; the second the sum of the
    rates whose time of day has (not) passed: a sparse Fenwick tree over minutes, with what is finer in
    its leaves. A rising plan that has had its stair takes back what `_waiting` takes off for all of them, so one tree
    with signed rates serves both.
    """

    def __init__(self) -> None:
        self._slope = [0, 0]
        self._start = [0, 0]
        self._waiting = [0, 0]
        self._tree: dict[int, list[int]] = {}
        self._leaves: dict[int, dict[tuple[int, int], list[int]]] = {}

    def add(self, sign: int, origin: int, labour: int, means: int) -> None:
        day, time = divmod(origin, DAY)
        if sign > 0:
            self._waiting[0] += labour
            self._waiting[1] += means
        labour, means = sign * labour, sign * means
        self._slope[0] += labour
        self._slope[1] += means
        self._start[0] += labour * day
        self._start[1] += means * day
        minute, fraction = divmod(time, _BUCKET)
        leaf = self._leaves.setdefault(minute, {})
        pair = leaf.setdefault((fraction, sign), [0, 0])
        pair[0] -= labour
        pair[1] -= means
        tree = self._tree
        node = minute + 1
        while node <= _BUCKETS:
            if node in tree:
                pair = tree[node]
                pair[0] -= labour
                pair[1] -= means
            else:
                tree[node] = [-labour, -means]
            node += node & -node

    def at(self, instant: int) -> tuple[int, int]:
        day, time = divmod(instant, DAY)
        minute, fraction = divmod(time, _BUCKET)
        labour, means = self._waiting
        tree = self._tree
        node = minute
        while node:
            if node in tree:
                more_labour, more_means = tree[node]
                labour += more_labour
                means += more_means
            node &= node - 1
        if minute in self._leaves:
            for (at, sign), pair in self._leaves[minute].items():
                if at < fraction or (at == fraction and sign > 0):
                    labour += pair[0]
                    means += pair[1]
        return self._slope[0] * day - self._start[0] - labour, self._slope[1] * day - self._start[1] - means

    def scale(self, by: int) -> None:
        leaves = (pair for leaf in self._leaves.values() for pair in leaf.values())
        for pair in (self._slope, self._start, self._waiting, *self._tree.values(), *leaves):
            pair[0] *= by
            pair[1] *= by


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
        self._stairs = _Stairs()
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
        self._enlist(number, instant)

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
            self._enlist(number, instant)

    def advance(self, instant: int) -> None:
        """Let all phases that change at or before the instant change."""
        changes = self._changes
        while changes and changes[0][0] <= instant:
            until = self._settle(changes[0][1], instant)
            if until is None:
                heappop(changes)
            else:
                heapreplace(changes, (until, changes[0][1]))

    def at(self, instant: int) -> tuple[Fraction, Fraction]:
        """Hours of labour in plans, and hours of public means and labour, weighted, in units of labour time."""
        labour, means = self.sums(instant)
        return Fraction(labour, self._common), Fraction(means, self._common)

    def sums(self, instant: int) -> tuple[int, int]:
        """The same as integers over `common`."""
        self.advance(instant)
        labour, means = self._stairs.at(instant)
        return labour + self._level[0], means + self._level[1]

    @property
    def common(self) -> int:
        """The least common multiple of all plans' days."""
        return self._common

    def _enlist(self, number: int, instant: int) -> None:
        until = self._settle(number, instant)
        if until is not None:
            heappush(self._changes, (until, number))

    def _settle(self, number: int, instant: int) -> int | None:
        """Bring one plan into the phase that holds at the instant and say when that ends."""
        plan = self._plans[number][0]
        assert plan.approved is not None
        assert plan.expires is not None
        expiry_enters = plan.expires - self._half  # from here on the window reaches beyond the plan's end
        approval_leaves = plan.approved + self._half  # from here on the window starts after the plan's
        first, second = expiry_enters, approval_leaves
        if first > second:
            first, second = second, first
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
        return until

    def _shift(self, number: int, phase: int, times: int) -> None:
        """Add (1) or remove (-1) a plan's contribution to the sums of a phase."""
        plan, labour, means = self._plans[number]
        assert plan.approved is not None
        assert plan.expires is not None
        rate = times * (self._common // plan.days)
        labour, means = labour * rate, means * rate
        if phase == self._UP:
            self._stairs.add(1, plan.approved - self._half, labour, means)
        elif phase == self._DOWN:
            self._stairs.add(-1, plan.expires + self._half, labour, means)
        elif phase == self._LEVEL:
            days = min(plan.expires - plan.approved, 2 * self._half) // DAY
            self._level[0] += labour * days
            self._level[1] += means * days

    def _scale(self, by: int) -> None:
        self._stairs.scale(by)
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
