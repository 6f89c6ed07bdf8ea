"""When a total may be told: enough contributors, none of whom could be estimated too closely from it.

The rules are those of statistical offices for tables of magnitude (Hundepool et al., Statistical Disclosure Control,
2012, section 4.2): a minimum number of contributors, dominance of the largest one and of the two largest, and the p%
rule, here against two contributors who put together what they know.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
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
        if not self.margin:
            return True  # the region asks for nothing that estimates would have to stay away from
        sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
        known: dict[str, int] = {}
        for pair, units in deals.items():
            for side, party in zip(sides, pair, strict=True):
                side[party] = side.get(party, 0) + abs(units)
            for party in {*pair} - {""}:
                known[party] = known.get(party, 0) + abs(units)
        total = sum(sides[0].values())
        largest = max((units for side in sides for party, units in side.items() if party), default=0)
        order = sorted(known, key=lambda party: (-known[party], party))
        for number, first in enumerate(order):
            for second in order[number + 1 :]:
                if total - known[first] - known[second] >= (1 + self.margin) * largest:
                    break  # no later one knows more
                if not self._hides_from({first, second}, deals):
                    return False
        return len(order) > 2

    def _hides_from(self, two: set[str], deals: Mapping[tuple[str, str], int]) -> bool:
        outside = {pair: abs(units) for pair, units in deals.items() if not {*pair} & two}
        total = sum(outside.values())
        for place in (0, 1):
            own: dict[str, int] = {}
            for pair, units in outside.items():
                if pair[place]:
                    own[pair[place]] = own.get(pair[place], 0) + units
            if any(total - units < self.margin * units for units in own.values()):
                return False
        return True

    def surely_hides(self, debits: Mapping[str, int], credited: Mapping[str, int]) -> bool:
        """Whether a total hides each party, whoever did it with whom; where it does not, the deals tell.

        Args:
            debits: Units by each party that is charged; empty where that is nobody's secret.
            credited: Units by each party that is credited.
        """
        known: dict[str, int] = {}
        for side in (debits, credited):
            for party, units in side.items():
                known[party] = known.get(party, 0) + abs(units)
        total = max(sum(map(abs, side.values())) for side in (debits, credited))
        largest = max((abs(units) for side in (debits, credited) for units in side.values()), default=0)
        return max(0, total - sum(heapq.nlargest(2, known.values()))) >= (1 + self.margin) * largest

    def needed(self, contributions: Iterable[int]) -> Fraction:
        """How far from the truth an estimate of a total that may not be told has to stay, in units."""
        largest = max((abs(units) for units in contributions), default=0)
        return max(self.margin * largest, Fraction(1)) if largest else Fraction(0)
