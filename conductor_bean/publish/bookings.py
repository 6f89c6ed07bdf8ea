"""The transactions of an edition's ledger: at each month's end every account that bears its own name holds the truth.

What of an account waits, or is told together with others, is carried by one leg against `Assets:Private:Waiting`. Where
even the sum would expose somebody, the account stands under `Partly-Told`, as `Assets:Partly-Told:Region:Treasury`,
until its balance can be told again; then what stands there moves back. What was booked once is never booked otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import last_date, month_from_number, month_number, month_of, start_of
from conductor_bean.publish.entries import Entry

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from conductor_bean.publish.history import History

WAITING = "Assets:Private:Waiting"
PARTLY = "Partly-Told"
CARRIED = "carried"
"""The level of entries that carry what is not told by itself."""


def bookings(history: History, entries: Iterable[Entry]) -> list[Entry]:
    """The transactions of an edition's ledger, in order of date; what is carried comes last in its month.

    Args:
        history: What was told.
        entries: All that was told, in order of date.
    """
    return _Bookings(history, list(entries)).all()


def partly_told(account: str) -> str:
    """The name of an account whose entries are told in part."""
    root, _, rest = account.partition(":")
    return f"{root}:{PARTLY}:{rest}"


class _Bookings:
    def __init__(self, history: History, entries: list[Entry]) -> None:
        self._told = {(told.account, told.economy, told.month): told.units for told in history.balances}
        self._entries = entries
        self._own: dict[tuple[str, str], int] = {}
        self._partly: dict[tuple[str, str], int] = {}

    def all(self) -> list[Entry]:
        by_month: dict[int, list[Entry]] = {month: [] for _, _, month in self._told}
        for entry in self._entries:
            by_month.setdefault(_month(entry.date), []).append(entry)
        found: list[Entry] = []
        for month, entries in sorted(by_month.items()):
            found += [self._named(entry, month) for entry in entries]
            found += self._carried(entries, month)
        return found

    def _named(self, entry: Entry, month: int) -> Entry:
        return replace(
            entry,
            debit=self._name(entry.debit, entry.economy, month),
            credit=self._name(entry.credit, entry.economy, month),
        )

    def _name(self, account: str, economy: str, month: int) -> str:
        is_told = account.split(":")[1] == "Private" or (account, economy, month) in self._told
        return account if is_told else partly_told(account)

    def _carried(self, entries: list[Entry], month: int) -> list[Entry]:
        """What each account needs, so that it holds at the month's end what is told of it, or nothing."""
        moved: dict[tuple[str, str], int] = {}
        for entry in entries:
            for account, units in ((entry.debit, -entry.units), (entry.credit, entry.units)):
                if account.split(":")[1] != "Private":
                    moved[account, entry.economy] = moved.get((account, entry.economy), 0) + units
        told = {(account, economy) for account, economy, at in self._told if at == month}
        found = []
        for key in sorted(told | moved.keys() | {key for key, units in self._own.items() if units}):
            account, economy = key
            own, partly, units = self._own.get(key, 0), self._partly.get(key, 0), moved.get(key, 0)
            if key not in told:
                found += _leg((month, economy, "not told"), account, partly_told(account), own)
                self._own[key], self._partly[key] = 0, partly + own + units
                continue
            balance = self._told[account, economy, month]
            found += _leg((month, economy, "told again"), partly_told(account), account, partly)
            found += _leg((month, economy, "waiting"), WAITING, account, balance - own - partly - units)
            self._own[key], self._partly[key] = balance, 0
        return found


def _leg(at: tuple[int, str, str], debit: str, credit: str, units: int) -> list[Entry]:
    """An entry of a month, an economy and a label; none where there is nothing to move."""
    month, economy, label = at
    name = month_from_number(month)
    return [Entry(last_date(name), label, CARRIED, name, economy, debit, credit, units, 0)] if units else []


def _month(date: datetime.date) -> int:
    return month_number(month_of(start_of(date)))
