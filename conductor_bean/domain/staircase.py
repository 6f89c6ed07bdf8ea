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

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
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
    rates whose time of day has (not) passed: a sparse Fenwick tree over minutes, with what is finer in its leaves. A
    rising plan that has had its stair takes back what `_waiting` takes off for all of them, so one tree with signed
    rates serves both. Labour and means have their stairs each: most plans are not public, and have none of the second.
    """

    def __init__(self) -> None:
        self._slope = self._start = self._waiting = 0
        self._tree: dict[int, int] = {}
        self._leaves: dict[int, dict[tuple[int, int], int]] = {}

    def add(self, sign: int, origin: int, rate: int) -> None:
        if not rate:
            return
        day, time = divmod(origin, DAY)
        if sign > 0:
            self._waiting += rate
        rate *= sign
        self._slope += rate
        self._start += rate * day
        minute, fraction = divmod(time, _BUCKET)
        leaf = self._leaves.setdefault(minute, {})
        left = leaf.pop((fraction, sign), 0) - rate
        if left:
            leaf[fraction, sign] = left
        tree = self._tree
        node = minute + 1
        while node <= _BUCKETS:
            tree[node] = tree.get(node, 0) - rate
            node += node & -node

    def at(self, instant: int) -> int:
        day, time = divmod(instant, DAY)
        minute, fraction = divmod(time, _BUCKET)
        waiting = self._waiting
        tree = self._tree
        node = minute
        while node:
            if node in tree:
                waiting += tree[node]
            node &= node - 1
        if minute in self._leaves:
            for (at, sign), rate in self._leaves[minute].items():
                if at < fraction or (at == fraction and sign > 0):
                    waiting += rate
        return self._slope * day - self._start - waiting

    def scale(self, by: int) -> None:
        self._slope *= by
        self._start *= by
        self._waiting *= by
        self._tree = {node: rate * by for node, rate in self._tree.items()}
        for leaf in self._leaves.values():
            for key in leaf:
                leaf[key] *= by


@dataclass(slots=True)
class _Course:
    """A plan's way through the window.

    Attributes:
        days: Its `days`.
        labour: Its hours of living labour, in units.
        means: Its hours of public means and labour, in units.
        rise: The instant from which its whole days in the window are counted up.
        fall: The instant to which they are counted down.
        level: How many they are in between.
        ends: The instants at which it stops to rise, to be level, to fall.
        phase: Where it stands: the number of these instants that have come.
    """

    days: int
    labour: int
    means: int
    rise: int
    fall: int
    level: int
    ends: tuple[int, int, int]
    phase: int = 0


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
        self._labour = _Stairs()
        self._means = _Stairs()
        self._level = [0, 0]
        self._changes: list[tuple[int, int]] = []
        self._courses: list[_Course] = []
        self._numbers: dict[str, int] = {}

    def add(self, plan: Plan, instant: int) -> None:
        """Count an approved plan from this instant on."""
        if not plan.days:
            return
        if self._common % plan.days:
            common = lcm(self._common, plan.days)
            self._scale(common // self._common)
            self._common = common
        self._numbers[plan.id] = len(self._courses)
        self._courses.append(self._course(plan))
        self._enlist(self._numbers[plan.id], instant)

    def shorten(self, plan: Plan, instant: int, end: int) -> None:
        """Let an approved plan expire at `end` instead, from this instant on; sets its `expires`."""
        number = self._numbers.get(plan.id)
        if number is not None:
            self.advance(instant)
            self._shift(self._courses[number], -1)
        plan.expires = end
        if number is not None:
            self._courses[number] = self._course(plan)
            self._enlist(number, instant)

    def advance(self, instant: int) -> None:
        """Let all phases that change at or before the instant change."""
        changes = self._changes
        while changes and changes[0][0] <= instant:
            number = changes[0][1]
            course = self._courses[number]
            self._shift(course, -1)
            course.phase = bisect_right(course.ends, instant)
            self._shift(course, 1)
            if course.phase == self._GONE:
                heappop(changes)
            else:
                heapreplace(changes, (course.ends[course.phase], number))

    def at(self, instant: int) -> tuple[Fraction, Fraction]:
        """Hours of labour in plans, and hours of public means and labour, weighted, in units of labour time."""
        labour, means = self.sums(instant)
        return Fraction(labour, self._common), Fraction(means, self._common)

    def sums(self, instant: int) -> tuple[int, int]:
        """The same as integers over `common`."""
        self.advance(instant)
        return self._labour.at(instant) + self._level[0], self._means.at(instant) + self._level[1]

    @property
    def common(self) -> int:
        """The least common multiple of all plans' days."""
        return self._common

    def _course(self, plan: Plan) -> _Course:
        assert plan.approved is not None
        assert plan.expires is not None
        half = self._half
        # The window reaches the plan's end, and leaves its beginning behind: whichever comes first ends the rise.
        first, second = sorted((plan.expires - half, plan.approved + half))
        return _Course(
            days=plan.days,
            labour=plan.labour,
            means=plan.fixed_means + plan.raw_materials + plan.labour if plan.public else 0,
            rise=plan.approved - half,
            fall=plan.expires + half,
            level=min(plan.expires - plan.approved, 2 * half) // DAY,
            ends=(first, second, plan.expires + half),
        )

    def _enlist(self, number: int, instant: int) -> None:
        """Count a plan in the phase that holds at the instant, and note when that ends."""
        course = self._courses[number]
        course.phase = bisect_right(course.ends, instant)
        self._shift(course, 1)
        if course.phase != self._GONE:
            heappush(self._changes, (course.ends[course.phase], number))

    def _shift(self, course: _Course, times: int) -> None:
        """Add (1) or remove (-1) a plan's contribution to the sums of its phase."""
        rate = times * (self._common // course.days)
        labour, means = course.labour * rate, course.means * rate
        if course.phase == self._UP:
            self._labour.add(1, course.rise, labour)
            self._means.add(1, course.rise, means)
        elif course.phase == self._LEVEL:
            self._level[0] += labour * course.level
            self._level[1] += means * course.level
        elif course.phase == self._DOWN:
            self._labour.add(-1, course.fall, labour)
            self._means.add(-1, course.fall, means)

    def _scale(self, by: int) -> None:
        self._labour.scale(by)
        self._means.scale(by)
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

    def withdraw(self, at: int, units: int, left: int = 0) -> None:
        """Take back a consumption: from now on it no longer counts, or only as far as it is left."""
        index = bisect_left(self._consumed, (at, units))
        if index == len(self._consumed) or self._consumed[index] != (at, units):
            return
        counted, gone = index < self._next, index < self._first
        if counted and not gone:
            self._sum -= units - left
        del self._consumed[index]
        if left:  # of one instant they stand in order of units, so it stays on its side of what is counted
            insort(self._consumed, (at, left))
            return
        self._next -= counted
        self._first -= gone
