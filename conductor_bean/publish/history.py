"""What editions have told so far, for good."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from conductor_bean.publish.cells import Cell, Content, PublicTransfer


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


@dataclass(frozen=True, slots=True)
class ToldInFull:
    """A public transfer as it was told, for good.

    Attributes:
        date: The date at which it stands in editions: its own, or, of one that came late, the day it was told.
        transfer: The transfer, with its own instant.
        times: How many of them; -1 takes one back that is no longer in the books.
    """

    date: datetime.date
    transfer: PublicTransfer
    times: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance of a public account as it was told, for good.

    Attributes:
        account: The account.
        economy: HOUR or RSC, whatever the region calls them.
        month: The month at whose end it held, as a number.
        since: The month at whose end the balance before it was told, None where none was.
        units: What the account held, in units of the commodity.
    """

    account: str
    economy: str
    month: int
    since: int | None
    units: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a month of a regional company cost, or sold, as it was told, for good.

    Attributes:
        company: The company.
        month: The month, as a number.
        part: A part of its cost sheet: `wages`, `purchases`, `cost`, `sales`, or `hours of OCCUPATION`.
        units: The amount, in units of the commodity.
    """

    company: str
    month: int
    part: str
    units: int


Statement = Balance | Cost
"""A balance or a cost: what stands in the audit beside the totals."""


@dataclass(frozen=True, slots=True)
class Morning:
    """FIC with its parts as it was told of a morning: decimals as text, parts in hours."""

    date: str
    fic: str
    L: str
    L_o: str
    P_o: str
    R_o: str


@dataclass(slots=True)
class History:
    """What editions have told so far: the private record that makes the next one.

    Attributes:
        told: Every figure, in the order in which it was told.
        counted: What stood behind each cell of a told month, told or waiting, when it was counted last, to find what
            changed since.
        stood: What stood behind it when its month was told, where that is something else: with corrections of other
            cells that joined it, or without its own that joined others.
        balances: Every balance that was told, in that order.
        costs: Every cost that was told, in that order.
        through: The month that was told last, as a number, or None.
        withheld: Months whose dividend would expose somebody, and is not told.
        dividends: The dividend of each member that was told, in units, by month; late changes of it never are, since
            they would tell what the region took in late, and of whom.
        in_full: Every public transfer that was told, in that order.
        until: The instant up to which public transfers were told, or None.
        mornings: FIC as it was told.
    """

    told: list[Told] = field(default_factory=list)
    counted: dict[Cell, Content] = field(default_factory=dict)
    stood: dict[Cell, Content] = field(default_factory=dict)
    balances: list[Balance] = field(default_factory=list)
    costs: list[Cost] = field(default_factory=list)
    through: int | None = None
    withheld: list[int] = field(default_factory=list)
    dividends: dict[int, int] = field(default_factory=dict)
    in_full: list[ToldInFull] = field(default_factory=list)
    until: int | None = None
    mornings: list[Morning] = field(default_factory=list)

    def told_cells(self) -> set[Cell]:
        """All cells that figures tell."""
        return {cell for told in self.told for cell in told.cells}

    def content(self, cell: Cell) -> Content:
        """What stood behind a cell when its month was told."""
        return self.stood.get(cell) or self.counted[cell]
