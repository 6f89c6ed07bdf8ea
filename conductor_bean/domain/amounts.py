"""Commodities and exact amounts.

Inside the engine an amount is an integer count of the smallest unit of its commodity ("units": 8.25 HOUR at a
precision of 0.01 is 825). Integers of any size are exact, so no sum and no product ever rounds; a rounding happens in
one place only, `round_half_even`, when a computed amount becomes a posting.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from fractions import Fraction

AMOUNT_LIMIT = Decimal(10) ** 15
"""Amounts stay strictly below this, so that hostile numbers end in errors."""

MAX_DIGITS = 12
"""Finest precision of a commodity; with amounts below 10^15 all fit Beancount's 28 decimal digits."""

_WIDE = Context(prec=100, rounding=ROUND_HALF_EVEN)
_FACTOR = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Commodity:
    """A commodity of the region: its name in the ledger and the number of digits after the point."""

    name: str
    digits: int

    @property
    def precision(self) -> Decimal:
        """The smallest amount, such as 0.01."""
        return Decimal(1).scaleb(-self.digits)

    @property
    def tolerance(self) -> int:
        """Units by which a recorded derived amount may differ from the computed one.

        LANGUAGE.md, "Derived legs": only at a precision finer than 0.00000001, as importers use it, up to two units.
        """
        return 2 if self.digits > 8 else 0

    def units(self, number: Decimal) -> int | None:
        """The amount in units, or None where the number is finer than the precision."""
        try:
            scaled = number.scaleb(self.digits, _WIDE)
            units = int(scaled)
        except (InvalidOperation, OverflowError, ValueError):
            return None
        return units if units == scaled else None

    def exact(self, units: Fraction) -> Decimal:
        """A price or other exact value in units: as many digits as it needs, from the precision's to 28 in all."""
        number = significant(units / 10**self.digits)
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        return number if -exponent > self.digits else number.quantize(self.precision, context=_WIDE)

    def nearest(self, number: Decimal) -> Decimal:
        """The number rounded half-even to the precision: what may have been meant by one that is too fine."""
        return number.quantize(self.precision, context=_WIDE)

    def number(self, units: int) -> Decimal:
        """The amount as a decimal with all digits of the precision: 825 becomes 8.25."""
        return Decimal(units).scaleb(-self.digits, _WIDE)


def within_bounds(number: Decimal) -> bool:
    """Whether an amount lies within the bounds of the language (see AMOUNT_LIMIT)."""
    return number.is_finite() and -AMOUNT_LIMIT < number < AMOUNT_LIMIT


def round_half_even(numerator: int, denominator: int) -> int:
    """The integer nearest to numerator / denominator, ties to the even one (denominator > 0)."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient & 1):
        return quotient + 1
    return quotient


def decimal_text(number: Decimal) -> str:
    """A decimal as plain digits, never in scientific notation, never `-0`."""
    return format(number.copy_abs() if number.is_zero() else number, "f")


def significant(value: Fraction) -> Decimal:
    """A fraction as a decimal with 28 significant digits, without trailing zeros."""
    quotient = _FACTOR.divide(Decimal(value.numerator), Decimal(value.denominator))
    if quotient.is_zero():
        return Decimal(0)
    quotient = quotient.normalize(_FACTOR)
    return quotient if quotient.as_tuple().exponent <= 0 else quotient.quantize(Decimal(1))  # type: ignore[operator]
