"""Whole pieces at public prices: a sum of few of them has one solution, and tells what each company sold.

How many solutions a sum of prices times whole numbers has is the number of ways to pay it in coins of those values,
about T^(n-1) g / ((n-1)! p_1 ... p_n) for a sum T, n prices p_i and their greatest common divisor g (Schur's theorem).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

ENOUGH = 1000
"""Of so many solutions none tells anything."""


@dataclass(frozen=True, slots=True)
class Coins:
    """The prices that may be in a sum.

    Attributes:
        count: How many different ones.
        divisor: Their greatest common divisor, in units.
        logarithms: The sum of their natural logarithms.
    """

    count: int
    divisor: int
    logarithms: float

    @classmethod
    def of(cls, prices: Iterable[Fraction]) -> Coins:
        """The coins of some prices, each above 0, in units."""
        values = sorted({max(1, round(price)) for price in prices})
        return cls(len(values), math.gcd(*values), math.fsum(math.log(value) for value in values))

    def pay_in_many_ways(self, total: int) -> bool:
        """Whether a sum of whole pieces leaves open of what there were how many.

        Args:
            total: The sum, in units.
        """
        if self.count < 2:
            return True  # one price: the number of pieces, which is the sum, and no more
        if total <= 0:
            return False
        others = self.count - 1
        size = others * math.log(total) + math.log(self.divisor) - math.lgamma(others + 1)
        return size - self.logarithms >= math.log(ENOUGH)
