"""What editions have told so far, for good."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor_bean.publish.cells import Cell, Content


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it was told, for good.

    Attributes:
        period: The months that it is of: `2026-03`, `2026-Q1` or `2026`.
        told: The month at whose end it was told first, as a number.
        level: `type`, `broad type` or `other`.
        broad: The broad type, or "other".
        type: The transfer, or "".
        economy: HOUR or RSC, whatever the region calls them.
        debit: The account of the edition that is charged.
        credit: The account of the edition that is credited.
        units: The total, in units of the commodity.
        transfers: How many transfers it is the sum of.
        cells: The cells that it holds.
    """

    period: str
    told: int
    level: str
    broad: str
    type: str
    economy: str
    debit: str
    credit: str
    units: int
    transfers: int
    cells: tuple[Cell, ...]


@dataclass(slots=True)
class History:
    """What editions have told so far: the private record that makes the next one.

    Attributes:
        told: Every figure, in the order in which it was told.
        counted: What stood behind each told cell when it was counted last.
        through: The month that was told last, as a number, or None.
    """

    told: list[Told] = field(default_factory=list)
    counted: dict[Cell, Content] = field(default_factory=dict)
    through: int | None = None
