"""The factor of individual consumption (seed of Workers Control, "Labour Certificates and FIC"; RULES.md, part A).

FIC = max(0, (L - (P_o + R_o)) / (L + L_o)), 1 where nothing is planned at all, 0 where only means of production are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.plans import Plan


@dataclass(frozen=True, slots=True)
class FactorParts:
    """FIC at an instant with its parts, in units of labour time.

    Attributes:
        instant: The instant x.
        labour: L, hours in productive plans and of consumed basic services.
        public_labour: L_o, hours in public plans.
        public_fixed_means: P_o.
        public_raw_materials: R_o.
        window: Start and end of the window.
    """

    instant: int
    labour: Fraction
    public_labour: Fraction
    public_fixed_means: Fraction
    public_raw_materials: Fraction
    window: tuple[int, int]

    def with_services(self, units: int) -> FactorParts:
        """The same with more hours of basic services in L, in units."""
        return replace(self, labour=self.labour + units)

    @property
    def fic(self) -> Fraction:
        """The factor, between 0 and 1."""
        return factor(
            self.labour - self.public_fixed_means - self.public_raw_materials,
            self.labour + self.public_labour,
            self.public_fixed_means + self.public_raw_materials,
        )


def factor(numerator: Fraction | int, denominator: Fraction | int, public_means: Fraction | int) -> Fraction:
    """FIC from L - (P_o + R_o), L + L_o and P_o + R_o."""
    if denominator == 0:
        return Fraction(0) if public_means > 0 else Fraction(1)
    return max(Fraction(0), Fraction(numerator) / denominator)


def reckoned_at(instant: int) -> int:
    """The instant whose window and weights tell FIC as it is asked for at an instant.

    The end of a date (its last microsecond) is looked at as 00:00 of the next: every plan that was approved on the date
    has had its first whole day then. What counts is still what happened up to the date's end (RULES.md, part A, "FIC").
    """
    return instant + 1 if instant % DAY == DAY - 1 else instant


def half_window(days: int) -> int:
    """Half of a window of so many days, in microseconds; exact, since a day is an even number of them."""
    return days * DAY // 2


def whole_days(plan: Plan, instant: int, half: int) -> int:
    """Whole days of an approved plan inside the window around an instant, not below 0."""
    assert plan.approved is not None
    assert plan.expires is not None
    end = min(plan.expires, instant + half)
    start = max(plan.approved, instant - half)
    return max(0, (end - start) // DAY)


def factor_parts(
    plans: Iterable[Plan], services: Iterable[tuple[int, int]], instant: int, window_days: int
) -> FactorParts:
    """FIC by the plain formula, reading every plan and every consumed service.

    Args:
        plans: Plans; those not approved at or before the instant, or of no days, do not count.
        services: Instant and units of consumed basic services; those at the instant or later do not count.
        instant: The instant x.
        window_days: Length of the window in force at x, in days.
    """
    half = half_window(window_days)
    # Shares of the same number of days are added as integers, and become one fraction.
    sums: dict[int, list[int]] = {}
    for plan in plans:
        if plan.approved is None or plan.approved > instant or not plan.days:
            continue
        days = whole_days(plan, instant, half)
        found = sums.setdefault(plan.days, [0, 0, 0, 0])
        if plan.public:
            found[1] += plan.labour * days
            found[2] += plan.fixed_means * days
            found[3] += plan.raw_materials * days
        else:
            found[0] += plan.labour * days
    labour, public_labour, fixed_means, raw_materials = (
        sum((Fraction(found[part], days) for days, found in sums.items()), Fraction(0)) for part in range(4)
    )
    labour += sum(units for at, units in services if instant - half <= at < instant)
    return FactorParts(instant, labour, public_labour, fixed_means, raw_materials, (instant - half, instant + half))
