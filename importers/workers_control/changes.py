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
        self, members: int, movable: int, price: Fraction, tolerance: Fraction, accept: Callable[[int], bool]
    ) -> list[int]:
        """Sets of plans to take in or put out so that the mean cost of the members becomes the price.

        Args:
            members: The active members as they are.
            movable: The plans that may come or go.
            price: The wanted mean.
            tolerance: How far from the price the mean may lie.
            accept: Says of members changed so whether they are right, exactly.

        Returns:
            All changes of the smallest number of plans, and those of one plan more, up to a limit; the likeliest
            first: few changes, of plans of which there is other evidence.
        """
        wanted = round(price * _SCALE)
        places = [place for place in range(len(self._costs)) if movable >> place & 1]
        places.sort(key=lambda place: (not self._evidence >> place & 1, place))
        base = sum(self._costs[place] - wanted for place in range(len(self._costs)) if members >> place & 1)
        slack = (members.bit_count() + len(places)) * (round(tolerance * _SCALE) + 2)
        weights = [
            ((self._costs[place] - wanted) * (-1 if members >> place & 1 else 1), 1 << place) for place in places
        ]
        found: set[int] = set()
        enough = None
        for size in range(7):
            if enough is not None and size > enough + 1:
                break
            for change in _sums_to(weights, size, -base, slack):
                if change not in found and accept(members ^ change):
                    found.add(change)
                    enough = size if enough is None else enough
                    if len(found) >= _FOUND:
                        return self._likeliest_first(found)
        return self._likeliest_first(found)

    def _likeliest_first(self, found: set[int]) -> list[int]:
        return sorted(found, key=lambda change: (change.bit_count() + (change & ~self._evidence).bit_count(), change))


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
