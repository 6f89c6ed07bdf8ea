"""Nearly every transaction: plain legs whose meaning is certain at first sight."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.amounts import within_bounds
from conductor_bean.engine.events import Transfer
from conductor_bean.ledger.legs import SINGLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from beancount.core.data import Posting, Transaction

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.domain.transfers import TransferType
    from conductor_bean.ledger.legs import Between, Leg


class QuickReader:
    """Reads plain transactions; whatever is unusual it leaves to a closer look.

    Args:
        commodities: Commodity by economy.
        between: What people may record between two kinds of accounts, without saying what it is.
        named: What they may record there by name.

    Attributes:
        accounts: Governed accounts that were seen before, by name.
        units: Amounts that were seen before, in units, by economy and number.
    """

    def __init__(self, commodities: Mapping[str, Commodity | None], between: Between, named: Between) -> None:
        self._commodities = commodities
        self._currencies = {economy: "" if c is None else c.name for economy, c in commodities.items()}
        self._between = between
        self._named = named
        self.accounts: dict[str, Account | None] = {}
        self.units: dict[str, dict[Decimal, int]] = {LABOUR_TIME: {}, CREDITS: {}}

    def transfers(self, entry: Transaction) -> list[Transfer] | None:
        """What plain legs record, where that is certain at first sight: one debit, one kind of credits; else None."""
        debit: Leg | None = None
        credits_: list[Leg] = []
        total = 0
        for posting in entry.postings:
            leg = self._leg(posting)
            if leg is None or not leg[1]:
                return None
            total += leg[1]
            if leg[1] > 0:
                credits_.append(leg)
            elif debit is None:
                debit = leg
            else:
                return None
        if debit is None or total or not credits_:
            return None
        kind = credits_[0][0].kind
        row = self._only_row(debit[0].kind, kind, entry)
        if row is None or (len(credits_) > 1 and (row.name in SINGLE or any(a.kind != kind for a, _ in credits_))):
            return None
        return [Transfer(row.name, debit[0], account, units, derived=False) for account, units in credits_]

    def _only_row(self, debit: str, credit: str, entry: Transaction) -> TransferType | None:
        """The row between two kinds, where that is certain at first sight."""
        name = entry.meta.get("transfer")
        if name is not None:
            return next((row for row in self._named.get((debit, credit), ()) if row.name == name), None)
        rows = self._between.get((debit, credit), ())
        return rows[0] if len(rows) == 1 and (rows[0].name != "purchase" or entry.links) else None

    def _leg(self, posting: Posting) -> Leg | None:
        """A posting as a leg, where it is plain and both its account and its amount were checked before."""
        account = self.accounts.get(posting.account)
        if account is None:
            return None
        number, currency = posting.units
        units = self.units[account.economy].get(number)
        if units is None and type(number) is Decimal and within_bounds(number):
            commodity = self._commodities[account.economy]
            units = None if commodity is None else commodity.units(number)
            if units is not None:
                self.units[account.economy][number] = units
        if (
            units is None
            or currency != self._currencies[account.economy]
            or posting.cost is not None
            or posting.price is not None
            or (posting.meta and ("transfer" in posting.meta or "hours" in posting.meta))
        ):
            return None
        return account, units
