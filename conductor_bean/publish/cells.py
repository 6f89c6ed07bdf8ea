"""What private parties did, as cells: totals by month, transfer and account, each with who stands behind it.

A cell is never published as such before it was found safe; it is what figures of an edition are sums of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPENSATIONS = ("compensation_for_coop", "compensation_for_company")
CONSUMPTION = ("private_consumption", "productive_consumption_p", "productive_consumption_r")


class Cell(NamedTuple):
    """What a total is about.

    Attributes:
        month: Its month, counted as `month_number` does.
        broad: The broad type of the event.
        branch: The public accounts' owners, other than the region itself, that take part; "" where there are none.
        type: The transfer.
        debit: The account of the edition that is charged.
        credit: The account of the edition that is credited.
    """

    month: int
    broad: str
    branch: str
    type: str
    debit: str
    credit: str


@dataclass(slots=True)
class Content:
    """What stands behind a cell.

    Attributes:
        units: Its total, in units of the commodity; what is taken back counts against it.
        transfers: How many transfers there were.
        debits: Units by each private party that is charged.
        credits: Units by each private party that is credited.
        pairs: Units by both, where both are private; of what was told before, they are not kept.
        known: Whether somebody outside the region knows the total anyway, as of a clearing account its neighbour.
    """

    units: int = 0
    transfers: int = 0
    debits: dict[str, int] = field(default_factory=dict)
    credits: dict[str, int] = field(default_factory=dict)
    known: bool = False
    pairs: dict[tuple[str, str], int] = field(default_factory=dict)

    def deals(self) -> Iterator[tuple[tuple[str, str], int]]:
        """Units by who is charged and who is credited; "" stands for whoever is public."""
        if self.pairs:
            yield from self.pairs.items()
        elif self.debits:
            yield from (((party, ""), units) for party, units in self.debits.items())
        else:
            yield from ((("", party), units) for party, units in self.credits.items())

    def add(self, other: Content) -> None:
        """Add what stands behind another cell."""
        self.units += other.units
        self.transfers += other.transfers
        for mine, more in ((self.debits, other.debits), (self.credits, other.credits)):
            for party, units in more.items():
                mine[party] = mine.get(party, 0) + units
        for pair, units in other.pairs.items():
            self.pairs[pair] = self.pairs.get(pair, 0) + units


@dataclass(frozen=True, slots=True)
class PublicTransfer:
    """A transfer that an edition tells in full.

    Attributes:
        instant: When it happened.
        type: The transfer.
        debit: The account of the edition that is charged.
        credit: The account of the edition that is credited.
        units: Units of the commodity.
        link: The plan whose approval it follows from, or "".
    """

    instant: int
    type: str
    debit: str
    credit: str
    units: int
    link: str = ""
