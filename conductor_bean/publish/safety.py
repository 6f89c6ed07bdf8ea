"""When a total may be told: enough contributors, none of whom could be estimated too closely from it.

The rules are those of statistical offices for tables of magnitude (Hundepool et al., Statistical Disclosure Control,
2012, section 4.2): a minimum number of contributors, dominance of the largest one and of the two largest, and the p%
rule, here against two contributors who put together what they know.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conductor_bean.domain.region import Rules


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a region has decided about its editions.

    Attributes:
        contributors: Parties that stand at least behind a total.
        margin: How closely the largest contribution may be estimated, as a share of it.
        largest: Share of the total that its largest contributor may have.
        two_largest: Share of it that its two largest contributors may have together.
    """

    contributors: int
    margin: Fraction
    largest: Fraction
    two_largest: Fraction

    @classmethod
    def of(cls, rules: Rules) -> Thresholds:
        """The thresholds among the decisions in force."""
        return cls(
            rules.publication_contributors,
            rules.publication_margin,
            rules.publication_largest,
            rules.publication_two_largest,
        )

    def allow(self, contributions: Iterable[int]) -> bool:
        """Whether a total of these contributions exposes none of them.

        Args:
            contributions: Units by contributor; what is taken back counts by its size.
        """
        sizes = sorted((abs(units) for units in contributions if units), reverse=True)
        if len(sizes) < self.contributors:
            return False
        total = sum(sizes)
        if not total:
            return True  # nobody contributed anything, and the region asks for nobody
        if sizes[0] > self.largest * total or sum(sizes[:2]) > self.two_largest * total:
            return False
        # The second and the third know their own parts; what they cannot tell apart hides the first.
        return total - sum(sizes[:3]) >= self.margin * sizes[0]

    def hides(self, deals: Mapping[tuple[str, str], int]) -> bool:
        """Whether a total hides each party from any two others, who know what they did on both sides of it.

        What somebody did with those two they know themselves; it is the rest that must stay hidden.

        Args:
            deals: Units by who is charged and who is credited; "" stands for a party that is nobody's secret.
        """
        sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
        known: dict[str, int] = {}
        for pair, units in deals.items():
            for side, party in zip(sides, pair, strict=True):
                side[party] = side.get(party, 0) + abs(units)
            for party in {*pair} - {""}:
                known[party] = known.get(party, 0) + abs(units)
        total = sum(sides[0].values())
        knowing = _largest(known)
        for place, side in enumerate(sides):
            for party in _largest({party: units for party, units in side.items() if party}):
                others = [other for other in knowing if other != party][:4]
                for two in combinations(others, min(2, len(others))):
                    outside = {pair: abs(units) for pair, units in deals.items() if not {*pair} & {*two}}
                    own = sum(units for pair, units in outside.items() if pair[place] == party)
                    if sum(outside.values()) - own < self.margin * own:
                        return False
        return bool(total) or not deals

    def surely_hides(self, debits: Mapping[str, int], credited: Mapping[str, int]) -> bool:
        """Whether a total hides each party, even if what two others know on both sides were all different deals.

        Args:
            debits: Units by each party that is charged; empty where that is nobody's secret.
            credited: Units by each party that is credited.
        """
        known: dict[str, int] = {}
        for side in (debits, credited):
            for party, units in side.items():
                known[party] = known.get(party, 0) + abs(units)
        most = _largest(known)[:3]
        for side in (debits, credited):
            total = sum(map(abs, side.values()))
            for party in _largest({party: abs(units) for party, units in side.items()})[:3]:
                own = abs(side[party])
                others = sum([known[other] for other in most if other != party][:2])
                if max(0, total - own - others) < self.margin * own:
                    return False
        return True

    def needed(self, contributions: Iterable[int]) -> Fraction:
        """How far from the truth an estimate of a total that may not be told has to stay, in units."""
        largest = max((abs(units) for units in contributions), default=0)
        return max(self.margin * largest, Fraction(1)) if largest else Fraction(0)


def _largest(units: Mapping[str, int]) -> list[str]:
    """The parties with the most units, the largest first."""
    return heapq.nlargest(5, units, key=lambda party: (units[party], party))
