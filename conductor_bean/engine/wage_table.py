"""Wages and income taxes under the decisions in force, each computed once. Never part of the state."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.wages import hourly_wage

if TYPE_CHECKING:
    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.domain.region import Rules


class WageTable:
    """What hours of an occupation are paid, and the tax on it.

    Args:
        rules: The decisions in force; the table is made anew when they change.
        labour_time: How hours are counted.
        credits_: How credits are counted.
    """

    def __init__(self, rules: Rules, labour_time: Commodity, credits_: Commodity) -> None:
        self._rules = rules
        self._scale = Fraction(10**credits_.digits, 10**labour_time.digits)
        self._rates: dict[tuple[str, str], Fraction] = {}
        self._paid: dict[tuple[str, str, int], tuple[int, int]] = {}

    def paid(self, occupation: str, productivity: str, hours: int) -> tuple[int, int]:
        """Wage and income tax of some hours, in units of credits, each rounded half-even.

        RULES.md, part B: hours x (min + productivity x (max - min)), and the wage x income tax.

        Raises:
            KeyError: The occupation has no range of wages at this time.
        """
        key = (occupation, productivity, hours)
        paid = self._paid.get(key)
        if paid is None:
            rate = self._rate(occupation, productivity) * hours
            wage = round_half_even(rate.numerator, rate.denominator)
            tax = wage * self._rules.income_tax
            paid = self._paid[key] = (wage, round_half_even(tax.numerator, tax.denominator))
        return paid

    def _rate(self, occupation: str, productivity: str) -> Fraction:
        """Units of credits for a unit of hours."""
        rate = self._rates.get((occupation, productivity))
        if rate is None:
            hourly = hourly_wage(self._rules.occupations[occupation], Fraction(productivity or 0))
            rate = self._rates[occupation, productivity] = hourly * self._scale
        return rate
