"""The entries of an edition: what was told, as transactions between accounts of the edition."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import (
    date_of,
    last_date,
    month_from_number,
    month_number,
    month_of,
)
from conductor_bean.domain.transfers import table
from conductor_bean.publish.history import History, ToldInFull

if TYPE_CHECKING:
    from conductor_bean.publish.cells import PublicTransfer


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction of an edition.

    Attributes:
        date: Its date.
        label: The transfer, the broad type, or "other".
        level: `in full`, `type`, `broad type` or `other`.
        period: The day or the months that it is of.
        economy: HOUR or RSC, whatever the region calls them.
        debit: The account that is charged.
        credit: The account that is credited.
        units: Units of the commodity; below zero where more was taken back than done.
        transfers: How many transfers it tells.
        link: The plan that it follows from, or "".
    """

    date: datetime.date
    label: str
    level: str
    period: str
    economy: str
    debit: str
    credit: str
    units: int
    transfers: int
    link: str = ""


def entries_of(history: History) -> list[Entry]:
    """Everything that was told, in order of date, then canonically."""
    found = [
        Entry(
            _last_day(told.told),
            told.type or told.broad,
            told.level,
            told.period,
            told.economy,
            told.debit,
            told.credit,
            told.units,
            told.transfers,
        )
        for told in history.told
    ]
    found += [_in_full(told) for told in history.in_full]
    found.sort(key=lambda e: (e.date, e.level, e.label, e.period, e.debit, e.credit, e.link, e.units))
    return found


def _in_full(told: ToldInFull) -> Entry:
    transfer = told.transfer
    return Entry(
        told.date,
        transfer.type,
        "in full",
        date_of(transfer.instant).isoformat(),
        table()[transfer.type].commodity,
        transfer.debit,
        transfer.credit,
        transfer.units * told.times,
        told.times,
        transfer.link,
    )


def _last_day(month: int) -> datetime.date:
    return last_date(month_from_number(month))


def tell_in_full(history: History, transfers: list[PublicTransfer], until: int, dividends: dict[int, int]) -> None:
    """Note public transfers that were not told yet; what comes late, or is gone, is dated when it is told.

    A dividend that was told stays as it is: what late taxes change in it would tell them, and whose they are.

    Args:
        history: What was told; it grows.
        transfers: All public transfers of the ledger.
        until: The last instant of the last month that is told.
        dividends: The dividend of each member by month, as far as it may be told.
    """
    due = dividends.keys() - history.dividends.keys()
    history.dividends.update((month, dividends[month]) for month in sorted(due))
    before: Counter[PublicTransfer] = Counter()
    for told in history.in_full:
        before[told.transfer] += told.times
    now = Counter(t for t in transfers if t.type != "dividend" or _month(t) in due)
    told_until = until if history.until is None else max(until, history.until)
    for transfer in sorted(now.keys() | before.keys(), key=_order):
        change = now[transfer] - before[transfer]
        if transfer.instant > told_until:
            continue
        if not change or not transfer.units or (transfer.type == "dividend" and _month(transfer) not in due):
            continue
        late = history.until is not None and (transfer.instant <= history.until or change < 0)
        # A ledger that lost its last events does not take an entry back to before what was told already.
        instant = told_until if late else transfer.instant
        history.in_full.append(ToldInFull(date_of(instant), transfer, change))
    history.until = told_until or None


def _month(transfer: PublicTransfer) -> int:
    return month_number(month_of(transfer.instant))


def _order(transfer: PublicTransfer) -> tuple[object, ...]:
    return (transfer.instant, transfer.type, transfer.debit, transfer.credit, transfer.link, transfer.units)


def balances(entries: list[Entry]) -> dict[tuple[str, str], int]:
    """Units by account and economy after some entries."""
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        for account, units in ((entry.debit, -entry.units), (entry.credit, entry.units)):
            found[account, entry.economy] = found.get((account, entry.economy), 0) + units
    return found
