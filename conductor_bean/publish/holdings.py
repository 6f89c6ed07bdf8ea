"""What public accounts really held at the end of each month, and what regional companies really cost.

It is the private truth: an edition tells of it what its audit allows.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import month_number, month_of
from conductor_bean.engine.tracking import PURCHASES, SALES
from conductor_bean.publish.privacy import REGIONAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.costs import CostSheet
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.activity import Activity
    from conductor_bean.publish.cells import Cell
    from conductor_bean.publish.history import History
    from conductor_bean.publish.relations import Known


class Holdings:
    """Balances of public accounts at month ends, and cost sheets of regional companies.

    Args:
        books: The ledger.
        happened: All that happened.
    """

    def __init__(self, books: Books, happened: Activity) -> None:
        self.made = happened.made
        self._cells = happened.cells
        self.economies = dict(sorted(happened.moved))
        self._true = {account: _Course(happened.moved[account, economy]) for account, economy in self.economies.items()}
        public: dict[str, dict[int, int]] = {}
        self._paid: dict[tuple[int, str, str], int] = {}
        self._dividends: dict[int, int] = {}
        for transfer in happened.public:
            month = month_number(month_of(transfer.instant))
            for account, units in ((transfer.debit, -transfer.units), (transfer.credit, transfer.units)):
                of_account = public.setdefault(account, {})
                of_account[month] = of_account.get(month, 0) + units
            if transfer.type == "dividend":
                self._dividends[month] = self._dividends.get(month, 0) + transfer.units
            self._count(month, transfer.type, transfer.debit, transfer.credit, transfer.units)
        self._public = {account: _Course(by_month) for account, by_month in public.items()}
        self.costs: dict[str, dict[int, CostSheet]] = {
            company: {
                month_number(month): sheet
                for month, sheet in books.machine.state.credits.costs.get(company, {}).items()
            }
            for company, party in sorted(books.machine.state.companies.items())
            if party.ownership == REGIONAL
        }

    def _count(self, month: int, kind: str, debit: str, credit: str, units: int) -> None:
        parts = [("purchases", debit), ("cost", debit)] if kind in PURCHASES else []
        parts += [("sales", credit)] if kind in SALES else []
        for part, wallet in parts:
            key = month, part, wallet
            self._paid[key] = self._paid.get(key, 0) + units

    def first(self, account: str) -> int:
        """The month in which an account moved first."""
        return self._true[account].months[0]

    def at(self, account: str, month: int) -> int:
        """What an account held at the end of a month, in units."""
        return self._true[account].at(month)

    def private(self, account: str, month: int) -> int:
        """What transfers that are told as totals moved on an account up to the end of a month."""
        public = self._public.get(account)
        return self.at(account, month) - (public.at(month) if public else 0)

    def settled(self, account: str, month: int, cells: Iterable[Cell]) -> int:
        """What settlements that are told in full moved on an account up to the end of a month."""
        found = 0
        for cell in cells:
            if cell.month <= month and account in (cell.debit, cell.credit):
                found += self._cells[cell].units * (1 if cell.credit == account else -1)
        return found

    def dividends_are_told(self, history: History, known: Known, month: int) -> bool:
        """Whether all dividends up to a month are told, or about to be, as they are by now."""
        told: dict[int, int] = {}
        for entry in history.in_full:
            if entry.transfer.type == "dividend":
                of = month_number(month_of(entry.transfer.instant))
                told[of] = told.get(of, 0) + entry.transfer.units * entry.times
        return all(
            units == told.get(of) if of in history.dividends else of in known.dividends
            for of, units in self._dividends.items()
            if of <= month and units
        )

    def public_part(self, company: str, month: int, part: str) -> int:
        """What of a month's cost or sales of a company is told in full, in units."""
        return self._paid.get((month, part, f"Assets:Companies:{company}:Wallet"), 0)


class _Course:
    """Sums of months up to each."""

    def __init__(self, by_month: dict[int, int]) -> None:
        self.months = sorted(by_month)
        self._sums = list(accumulate(by_month[month] for month in self.months))

    def at(self, month: int) -> int:
        number = bisect_right(self.months, month)
        return self._sums[number - 1] if number else 0
