"""What regions owe one another: a settlement tells what private parties of both moved since the last one.

Whoever reads that Lakeside was paid 100.87 knows what three people bought there, unless others hide them. So a
settlement is a total like any other, of those whose trade it settles, and the audit knows that it leaves nothing owed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conductor_bean.publish.relations import Relation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Transfer
    from conductor_bean.publish.cells import Cell

SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of the cells that one settlement, or one statement of a neighbour, is about.

    Attributes:
        months: The months of the cells.
        relation: Their sum.
        ways: What moved in one way, and in the other.
    """

    months: frozenset[int]
    relation: Relation
    ways: tuple[tuple[Cell, ...], ...] = ()


@dataclass(slots=True)
class _Open:
    """What moved on a clearing account since it was settled last.

    Attributes:
        balance: What the neighbour owes, in units.
        nets: What each private party moved, in units, credits above zero.
        terms: Cells of parts, with their sign.
        public: What of it is told in full, in units.
    """

    balance: int = 0
    nets: dict[str, int] = field(default_factory=dict)
    terms: dict[Cell, float] = field(default_factory=dict)
    public: int = 0


class ClearingAccounts:
    """Follows the clearing accounts of a ledger, in order of its events."""

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}
        self._numbers: dict[str, int] = {}
        self._last: dict[str, dict[str, int]] = {}
        self.settled: list[Settled] = []

    def contributors(self, transfer: Transfer, *, mirrored: bool) -> dict[str, int]:
        """Whose trade a settlement settles, in units by private party, net of what they moved the other way.

        Args:
            transfer: The settlement.
            mirrored: Whether it takes one back: then it is about the same trade.
        """
        state = self._state(transfer)
        if mirrored:
            for party, units in self._last.get(self._name(transfer), {}).items():
                state.nets[party] = state.nets.get(party, 0) + units
        return {party: abs(units) for party, units in sorted(state.nets.items()) if units}

    def part(self, transfer: Transfer, cell: Cell) -> Cell:
        """The part of a cell that the next settlement is about."""
        name = self._name(transfer)
        return cell._replace(type=f"{cell.type} of {name} {self._numbers.get(name, 0)}")

    def move(self, transfer: Transfer, parties: Iterable[str], part: Cell | None) -> None:
        """Note what moved; part is None where it is told in full."""
        state = self._state(transfer)
        units = transfer.units if transfer.credit.kind == "clearing" else -transfer.units
        state.balance += units
        if part is None:
            state.public += units
        else:
            state.terms[part] = 1.0 if self._credits(part) else -1.0
        for party in parties:
            state.nets[party] = state.nets.get(party, 0) + units
        if transfer.type == SETTLEMENT:
            self._settle(transfer, state, told=part is None)

    def _settle(self, transfer: Transfer, state: _Open, *, told: bool) -> None:
        if state.terms and (state.balance == 0 or (state.balance > 0) != (transfer.credit.kind == "clearing")):
            paid_in = transfer.credit.kind == "clearing"
            # Nobody settles more than what is owed; who settles all of it says what that was.
            low = -float(state.public) if state.balance == 0 or not paid_in else float("-inf")
            high = -float(state.public) if state.balance == 0 or paid_in else float("inf")
            flows = [cell for cell in state.terms if not cell.type.startswith(SETTLEMENT)]
            ways = tuple(tuple(sorted(c for c in flows if state.terms[c] == sign)) for sign in (1.0, -1.0))
            relation = Relation(dict(state.terms), low, high, anchored=told)
            self.settled.append(Settled(frozenset(cell.month for cell in state.terms), relation, ways))
        if state.balance == 0:
            name = self._name(transfer)
            self._numbers[name] = self._numbers.get(name, 0) + 1
            self._last[name] = state.nets
            self._open[name] = _Open()

    def _state(self, transfer: Transfer) -> _Open:
        return self._open.setdefault(self._name(transfer), _Open())

    @staticmethod
    def _name(transfer: Transfer) -> str:
        return (transfer.credit if transfer.credit.kind == "clearing" else transfer.debit).owner

    @staticmethod
    def _credits(cell: Cell) -> bool:
        return cell.credit.startswith("Assets:Regions:")
