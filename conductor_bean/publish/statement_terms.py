"""Of which totals a balance or a cost is the sum: its terms in the audit's linear programme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.engine.tracking import PURCHASES, SALES
from conductor_bean.publish.history import Balance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.publish.cells import Cell
    from conductor_bean.publish.history import Cost, Statement

COST_PARTS = ("cost", "wages", "sales", "purchases")
"""Parts of a cost sheet that private parties take part in; rents and interest are told in full."""
HOURS_OF = "hours of "
"""Begins the part of a cost sheet that has the hours of an occupation."""


class StatementIndex:
    """Finds the cells behind balances and costs.

    Args:
        cells: All cells, also those of parts.
    """

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._of_account: dict[str, list[Cell]] = {}
        self._parts: dict[tuple[int, str], list[Cell]] = {}
        for cell in cells:
            if " of " in cell.type:
                self._parts.setdefault((cell.month, cell.debit), []).append(cell)
                continue
            for account in {cell.debit, cell.credit}:
                if not account.startswith(_PRIVATE):
                    self._of_account.setdefault(account, []).append(cell)
        for found in (*self._of_account.values(), *self._parts.values()):
            found.sort()

    def terms(self, told: Statement) -> dict[Cell, float]:
        """What a balance or a cost adds to what is known: cells with 1 or -1, empty where it follows from public books.

        Args:
            told: The balance or the cost.
        """
        if isinstance(told, Balance):
            return {
                cell: 1.0 if cell.credit == told.account else -1.0
                for cell in self._of_account.get(told.account, ())
                if cell.month <= told.month and (told.since is None or told.since < cell.month)
            }
        return dict.fromkeys(self._of_cost(told), 1.0)

    def _of_cost(self, cost: Cost) -> list[Cell]:
        if cost.part.startswith(HOURS_OF):
            kind = f"work_certificates of {cost.part.removeprefix(HOURS_OF)}"
            return [
                c for c in self._parts.get((cost.month, f"Assets:Companies:{cost.company}:A"), ()) if c.type == kind
            ]
        wallet = f"Assets:Companies:{cost.company}:Wallet"
        mine = [cell for cell in self._of_account.get(wallet, ()) if cell.month == cost.month]
        if cost.part == "sales":
            return [cell for cell in mine if cell.type in SALES and cell.credit == wallet]
        kinds = {"wages": {"wage"}, "purchases": PURCHASES, "cost": {"wage", *PURCHASES}}[cost.part]
        return [cell for cell in mine if cell.type in kinds and cell.debit == wallet]


_PRIVATE = ("Assets:Private:", "Liabilities:Private:")
