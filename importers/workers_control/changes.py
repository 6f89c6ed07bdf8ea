"""Finds the smallest changes to a set of plans that give it a wanted mean cost: subset sums, met in the middle."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterator
from fractions import Fraction

# Costs are compared as integers of this unit first, exactly afterwards.
_SCALE = 10**16

# More plans than this are not combined in pairs, in triples: it bounds the time of one search to some hundredths of
# a second. Plans of which other records speak come first.
_IN_PAIRS = 160
_IN_TRIPLES = 32
_FOUND = 40

Wanted = tuple[Fraction, Fraction]
_Sums = list[tuple[int, int]]


class Pool:
    """The plans that may be in one cooperation, by their place (a bit of the sets of plans).

    Args:
        costs: The cost of a unit, by place.
        evidence: The plans that records or the present show in the cooperation at some time.
    """

    def __init__(self, costs: list[Fraction], evidence: int) -> None:
        self._costs = [round(cost * _SCALE) for cost in costs]
        self._evidence = evidence

    def changes(
        self, members: int, movable: int, wanted: Wanted, largest: int, accept: Callable[[int], bool]
    ) -> list[int]:
        """Sets of plans to take in or put out so that the mean cost of the members becomes the price.

        Args:
            members: The active members as they are.
            movable: The plans that may come or go.
            wanted: The wanted mean, and how far from it the mean may lie.
            largest: How many plans may come or go at most, up to 6.
            accept: Says of members changed so whether they are right, exactly.

        Returns:
            All changes of the smallest number of plans that suffices, up to a limit; where one plan suffices, also
            those of two: a chance hit is cheap to find out later, and dear to follow.
        """
        price, tolerance = round(wanted[0] * _SCALE), round(wanted[1] * _SCALE)
        places = [place for place in range(len(self._costs)) if movable >> place & 1]
        places.sort(key=lambda place: (not self._evidence >> place & 1, place))
        base = sum(self._costs[place] - price for place in range(len(self._costs)) if members >> place & 1)
        slack = (members.bit_count() + len(places)) * (tolerance + 2)
        weights = [((self._costs[place] - price) * (-1 if members >> place & 1 else 1), 1 << place) for place in places]
        found: set[int] = set()
        for size in range(largest + 1):
            if found and size > 2:
                break
            for change in _sums_to(weights, size, -base, slack):
                if change not in found and accept(members ^ change):
                    found.add(change)
                    if len(found) >= _FOUND:
                        return sorted(found)
        return sorted(found)


def _sums_to(weights: _Sums, size: int, target: int, slack: int) -> Iterator[int]:
    """The sets of `size` plans whose weights sum to the target, within the slack."""
    if size == 0:
        if abs(target) <= slack:
            yield 0
        return
    large = _sums(weights, (size + 1) // 2)
    for total, plans in _sums(weights, size // 2):
        start = bisect_left(large, (target - total - slack, 0))
        for index in range(start, len(large)):
            other, others = large[index]
            if other > target - total + slack:
                break
            if not plans & others:
                yield plans | others


def _sums(weights: _Sums, size: int) -> _Sums:
    """The sums of all sets of `size` plans, in order; of the first plans only, where there would be too many."""
    if size == 0:
        return [(0, 0)]
    chosen = weights[: {1: len(weights), 2: _IN_PAIRS}.get(size, _IN_TRIPLES)]
    sums = []
    for combination in itertools.combinations(chosen, size):
        total = plans = 0
        for weight, plan in combination:
            total += weight
            plans |= plan
        sums.append((total, plans))
    sums.sort()
    return sums
