"""Whole pieces at public prices: a sum of few of them has one solution, and tells what each company sold.

How many solutions a sum of prices times whole numbers has is the number of ways to pay it in coins of those values,
about T^(n-1) g / ((n-1)! p_1 ... p_n) for a sum T, n prices p_i and their greatest common divisor g (Schur's theorem).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

ENOUGH = 1000
"""Of so many solutions none tells anything."""


def has_many_solutions(total: int, prices: Iterable[Fraction]) -> bool:
    """Whether a sum of whole pieces leaves open of what there were how many.

    Args:
        total: The sum, in units.
        prices: The prices that may be in it, in units, each above 0.
    """
    values = sorted({max(Fraction(1), Fraction(round(price))) for price in prices})
    if len(values) < 2:
        return True  # one price: the number of pieces, which is the sum, and no more
    if total <= 0:
        return False
    divisor = math.gcd(*(value.numerator for value in values))
    count = len(values) - 1
    size = count * math.log(total) + math.log(divisor) - math.lgamma(count + 1)
    return size - sum(math.log(value) for value in values) >= math.log(ENOUGH)
