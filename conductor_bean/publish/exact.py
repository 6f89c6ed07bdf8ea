"""Totals of a month that an edition tells exactly: every part of them by type, or in full, and of that month alone."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import month_from_number, month_number, month_of, start_of

if TYPE_CHECKING:
    from conductor_bean.publish.public import Public

Total = list[int]
"""Units and number of transfers."""


class Exact:
    """Totals by month and transfer, and by account, of which everything is told as such.

    Args:
        public: What is told.
    """

    def __init__(self, public: Public) -> None:
        self._through = public.history.through
        self._unknown: set[tuple[int, str]] = set()
        self._unknown_on: set[tuple[str, int, str, bool]] = set()
        self._totals: dict[tuple[int, str], Total] = {}
        self._on: dict[tuple[str, int, bool], dict[str, int]] = {}
        history = public.history
        told = history.told_cells()
        for cell in history.counted.keys() - told:
            self._hide(cell.month, cell.type, cell.debit, cell.credit)
        for figure in history.told:
            is_exact = figure.type and figure.period == month_from_number(figure.told)
            for cell in figure.cells:
                # What late entries changed is told, but is not what the month brought.
                if not is_exact or cell in history.stood or figure.period != month_from_number(cell.month):
                    self._hide(cell.month, cell.type, cell.debit, cell.credit)
                else:
                    self._show(cell.month, cell.type, cell.debit, cell.credit, history.counted[cell].units)
                    self._totals[cell.month, cell.type][1] += history.counted[cell].transfers
        for entry in public.entries:
            if entry.level == "in full":
                month = month_number(month_of(start_of(datetime.date.fromisoformat(entry.period))))
                self._show(month, entry.label, entry.debit, entry.credit, entry.units)
                self._totals[month, entry.label][1] += entry.transfers
        # Where something was taken back, or told late, the sum is right, and what came and went is another.
        made = public.holdings.made
        self._made = {key: n for key, (n, units) in made.items() if self._totals.get(key, [0])[0] == units}
        for month in history.withheld:
            self._hide(month, "dividend", "Assets:Region:Treasury", "")

    def _hide(self, month: int, kind: str, debit: str, credit: str) -> None:
        self._unknown.add((month, kind))
        self._unknown_on |= {(debit, month, kind, False), (credit, month, kind, True)}

    def _show(self, month: int, kind: str, debit: str, credit: str, units: int) -> None:
        self._totals.setdefault((month, kind), [0, 0])[0] += units
        for account, into in ((debit, False), (credit, True)):
            flows = self._on.setdefault((account, month, into), {})
            flows[kind] = flows.get(kind, 0) + units

    def of(self, month: int, kind: str) -> int | None:
        """The total of a transfer in a month in units, None where it is not told as such."""
        if self._through is None or month > self._through or (month, kind) in self._unknown:
            return None
        return self._totals.get((month, kind), [0, 0])[0]

    def on(self, account: str, month: int, *, into: bool) -> dict[str, int]:
        """What of each transfer came into an account, or went out of it, in units, where all of it is told as such."""
        flows = self._on.get((account, month, into), {})
        return {
            kind: units
            for kind, units in flows.items()
            if (account, month, kind, into) not in self._unknown_on and (month, kind) in self._made
        }

    def months(self, kind: str) -> dict[int, tuple[int, int | None]]:
        """Units of a transfer by month, of the months of which all of it is told as such, and their number.

        Transfers that cost nothing, and those that are told by the day, are not counted: then the number is None.
        """
        return {
            month: (units, count if count == self._made[month, kind] else None)
            for (month, of), (units, count) in self._totals.items()
            if of == kind and (month, kind) in self._made and (month, kind) not in self._unknown
        }

    def is_complete(self, kind: str) -> bool:
        """Whether all that there was of a transfer is told as such."""
        return all(of != kind for _, of in self._unknown) and all(
            of != kind or (month, of) in self._made for month, of in self._totals
        )
