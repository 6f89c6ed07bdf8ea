"""What moved, in one pass over the outcomes: by row of the table, by month, and through the Public Sector Fund."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.domain.instants import DAY, month_of
from conductor_bean.domain.transfers import rows
from conductor_bean.engine.context import HOURS_ALONE
from conductor_bean.engine.events import Evidence, Fact, Movement
from conductor_bean.ledger.reports import hours

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.events import Outcome, Transfer
    from conductor_bean.ledger.books import Books


@dataclass(slots=True)
class RowTraffic:
    """What moved under a row of the table.

    Attributes:
        count: Number of transfers.
        units: Their amount, in units of the row's commodity.
        reversed: Units that reversals took back.
        months: Number and units by month.
    """

    count: int = 0
    units: int = 0
    reversed: int = 0
    months: dict[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(slots=True)
class MonthTraffic:
    """What a month brought.

    Attributes:
        transfers: Number of transfers, recorded, derived and taken back.
        hours: Hours worked, less those taken back, in units of labour time (see `hours_worked`).
        psf_income: What came into the Public Sector Fund, by transfer, in units of labour time.
        psf_spending: What went out of it.
    """

    transfers: int = 0
    hours: int = 0
    psf_income: dict[str, int] = field(default_factory=dict)
    psf_spending: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Traffic:
    """What moved over the whole ledger: by row of the table in its order, and by month."""

    rows: list[RowTraffic]
    months: dict[str, MonthTraffic]


def traffic(books: Books) -> Traffic:
    """Count what moved."""
    counter = _Counter(books)
    for outcome in books.outcomes:
        if outcome.transfers and outcome.rejection is None:
            counter.count(outcome)
    return counter.found


class _Counter:
    def __init__(self, books: Books) -> None:
        self._posted = books.machine.state.posted
        self._labour_time = books.region.labour_time is not None
        self.found = Traffic([RowTraffic() for _ in rows()], {})
        self._rows = {
            (row.name, *pair): found for row, found in zip(rows(), self.found.rows, strict=True) for pair in row.pairs
        }
        self._day = 0
        self._name = ""

    def count(self, outcome: Outcome) -> None:
        """Count the transfers of an event."""
        event = outcome.event
        assert not isinstance(event, Evidence)
        taken_back = isinstance(event, Fact) and event.type.name == "reversal"
        name = self._month(event.instant)
        month = self.found.months.get(name)
        if month is None:
            month = self.found.months[name] = MonthTraffic()
        month.transfers += len(outcome.transfers)
        for transfer in outcome.transfers:
            self._count_row(transfer, name, taken_back=taken_back)
            if transfer.debit.kind == "psf":
                _add(month.psf_spending, transfer)
            elif transfer.credit.kind == "psf":
                _add(month.psf_income, transfer)
        month.hours += self._hours(outcome, taken_back=taken_back)

    def _month(self, instant: int) -> str:
        if instant // DAY != self._day:
            self._day = instant // DAY
            self._name = month_of(instant)
        return self._name

    def _count_row(self, transfer: Transfer, month: str, *, taken_back: bool) -> None:
        if taken_back:
            self._row(transfer.type, transfer.credit, transfer.debit).reversed += transfer.units
            return
        row = self._row(transfer.type, transfer.debit, transfer.credit)
        row.count += 1
        row.units += transfer.units
        count, units = row.months.get(month, (0, 0))
        row.months[month] = (count + 1, units + transfer.units)

    def _row(self, name: str, debit: Account, credit: Account) -> RowTraffic:
        return self._rows[name, debit.kind, credit.kind]

    def _hours(self, outcome: Outcome, *, taken_back: bool) -> int:
        event = outcome.event
        if self._labour_time:
            units = sum(transfer.units for transfer in outcome.transfers if transfer.type == "work_certificates")
            return -units if taken_back else units
        if isinstance(event, Movement) and event.particulars is not None:
            return sum(units for units in event.particulars.hours if isinstance(units, int))
        if isinstance(event, Fact) and taken_back:
            return -sum(self._posted[event.ids[0]].hours)
        return 0


def hours_worked(books: Books, units: int) -> str:
    """Units of worked hours as a decimal string, also where labour time is off and wages say their hours."""
    if books.region.labour_time is not None:
        return hours(books, units)
    return decimal_text(significant(Fraction(units, 10**HOURS_ALONE.digits)))


def _add(sums: dict[str, int], transfer: Transfer) -> None:
    sums[transfer.type] = sums.get(transfer.type, 0) + transfer.units
