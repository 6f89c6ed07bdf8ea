"""Wages of an occupation (seed of Conductor: productivity sets the place in the occupation's range)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor_bean.domain.region import Wage


def hourly_wage(wage: Wage, productivity: Fraction) -> Fraction:
    """Credits an hour, exact: min + productivity x (max - min) (RULES.md, part B, row `wage`)."""
    return wage.minimum + productivity * (wage.maximum - wage.minimum)
