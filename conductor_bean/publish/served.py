"""What taxes and certificates together say of FIC, and FIC of the basic services in its window.

Whoever knows how many hours were worked in a month and what was paid of them as taxes knows 1 - FIC, but for the
rounding of each transfer: on which days people are paid is no secret. The plans in L are public, so what is left of L
is the hours of basic services. The relation is no linear one, so the audit asks for it apart from its linear programme.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.fic import half_window
from conductor_bean.domain.instants import (
    end_of,
    last_date,
    month_from_number,
    month_number,
    month_of,
    start_of,
)
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.services import sides_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conductor_bean.domain.fic import FactorParts
    from conductor_bean.domain.region import Region
    from conductor_bean.publish.cells import Cell, Content
    from conductor_bean.publish.services import Served, Services


@dataclass(frozen=True, slots=True)
class Stake:
    """How closely the services in the windows of a month may be known.

    Attributes:
        distance: Units that an estimate has to stay from the truth.
        steepness: Units of services by which FIC moves by 1, at the morning of the month that tells most.
    """

    distance: Fraction
    steepness: Fraction


def stakes(region: Region, services: Services, mornings: Sequence[FactorParts]) -> dict[int, Stake]:
    """What is at stake in which month: nothing where no services, or those of many, are in the window.

    Args:
        region: The region with its decisions.
        services: All basic services.
        mornings: FIC with its parts each morning, of the plans alone.
    """
    by_month: dict[int, list[FactorParts]] = {}
    for morning in mornings:
        by_month.setdefault(month_number(month_of(morning.instant)), []).append(morning)
    found = {}
    for month, parts in by_month.items():
        last = last_date(month_from_number(month))
        rules = region.decisions.at(end_of(last))
        half = half_window(rules.fic_window_days)
        first = start_of(last.replace(day=1)) - half
        served = [s for s in services.found if first <= s.instant <= end_of(last)]
        most = _most(served, Thresholds.of(rules))
        steepness = min((steep for part in parts if (steep := _steepness(part)) is not None), default=None)
        if most is not None and steepness is not None:
            found[month] = Stake(rules.publication_margin * most, steepness)
    return found


def may_be_told(served: Iterable[Served], thresholds: Thresholds) -> bool:
    """Whether the sum of some basic services exposes neither who provided nor who consumed them."""
    return all(thresholds.allow(side.values()) for side in sides_of(served))


def _most(served: list[Served], thresholds: Thresholds) -> int | None:
    """The most hours of one party, None where the services are those of many."""
    if may_be_told(served, thresholds):
        return None
    return max((units for side in sides_of(served) for units in side.values()), default=None)


def _steepness(parts: FactorParts) -> Fraction | None:
    """The derivative of L by FIC = (L - M) / (L + L_o), where M = P_o + R_o; None where FIC says nothing of L."""
    public = parts.public_labour + parts.public_fixed_means + parts.public_raw_materials
    return (parts.labour + parts.public_labour) ** 2 / public if public else None


def reach(
    month: int,
    stake: Stake,
    told: Iterable[Sequence[Cell]],
    contents: dict[Cell, Content],
) -> Fraction | None:
    """How closely, in units, the services in the windows of a month can be computed; None where not at all.

    Args:
        month: The month.
        stake: What is at stake.
        told: The cells of each figure.
        contents: What stands behind them.
    """
    hours = taxes = transfers = 0
    for cells in told:
        kinds = {cell.type for cell in cells}
        if len(kinds) != 1 or not any(cell.month == month for cell in cells):
            continue
        if kinds == {"work_certificates"}:
            hours += sum(contents[cell].units for cell in cells)
        elif kinds == {"taxes"} and any(cell.broad == "work" for cell in cells):
            taxes += 1
            transfers += sum(contents[cell].transfers for cell in cells)
    return Fraction(transfers, 2 * hours) * stake.steepness if taxes and hours > 0 else None
