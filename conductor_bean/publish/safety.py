"""When a total may be told: enough contributors, none of whom could be estimated too closely from it.

The rules are those of statistical offices for tables of magnitude (Hundepool et al., Statistical Disclosure Control,
2012, section 4.2): a minimum number of contributors, dominance of the largest one and of the two largest, and the p%
rule, here against two contributors who put together what they know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

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

    def needed(self, contributions: Iterable[int]) -> Fraction:
        """How far from the truth an estimate of a total that may not be told has to stay, in units."""
        return self.margin * max((abs(units) for units in contributions), default=0)
