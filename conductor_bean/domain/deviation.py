"""How far a company's accounts are from its plans (RULES.md, part A, "Deviation")."""

from __future__ import annotations

from fractions import Fraction


def relative_deviation(balance: int, planned: int) -> Fraction | None:
    """|balance| / planned credits; 0 where nothing moved, None where something moved that nobody planned."""
    if planned == 0:
        return None if balance else Fraction(0)
    return abs(Fraction(balance, planned))


def is_flagged(deviation: Fraction | None, limit: Fraction) -> bool:
    """Whether a deviation is above what the region has decided."""
    return deviation is None or deviation > limit
