"""Transactions to movements (LANGUAGE.md, "Transactions: what moved")."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import (
    CREDITS,
    LABOUR_TIME,
    Account,
    Chart,
    is_governed,
    near_governed,
    nearest_pattern,
)
from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import Rejection, did_you_mean, nearest, quoted
from conductor_bean.domain.transfers import VERSIONS, TransferType, recorded_between, table
from conductor_bean.engine.context import HOURS_ALONE
from conductor_bean.engine.events import Evidence, Groups, Movement, Transfer
from conductor_bean.engine.evidence import UNNAMED
from conductor_bean.ledger.legs import CONSUMPTION, Between, Leg, check_balance, contradiction, recorded_transfers
from conductor_bean.ledger.particulars import decimal_quantity, event_id, read_particulars, read_shown, welcome_quantity
from conductor_bean.ledger.quick_reader import QuickReader

if TYPE_CHECKING:
    from beancount.core.data import Posting, Transaction

    from conductor_bean.domain.region import Region
    from conductor_bean.ledger.moments import Clock

_NO_LINKS: frozenset[str] = frozenset()
_LENT = {"claim", "debt"}
"""Accounts that nobody records alone: of an early repayment, the loan's release may be written down beside it."""

_MAX_QUANTITY = 10**15
_KEYS = ("by", "derived-from", "fic", "id", "input", "price", "quantity", "time", "transfer")
_SOLD = frozenset({"purchase", "external_sale", "interregional_sale"})
_BOUGHT = frozenset({"external_purchase", "interregional_purchase", "upkeep"})


class TransactionReader:
    """Reads transactions as movements of a region."""

    def __init__(self, region: Region, chart: Chart, clock: Clock) -> None:
        self._chart = chart
        self._clock = clock
        self._commodities = {economy: region.commodity(economy) for economy in (LABOUR_TIME, CREDITS)}
        self._names = {c.name for c in self._commodities.values() if c is not None}
        self._hour = "" if region.labour_time is None else region.labour_time.name
        self._hours = region.labour_time or HOURS_ALONE
        self._quantities: dict[Any, int] = {}
        self._keys = {"filename", "lineno", *_KEYS}
        self.advice: list[tuple[int, str, str]] = []
        self._rows = table()
        # Wages follow from hours; only where labour time is off do people record them, with their hours.
        self._recorded = {
            name for name, row in self._rows.items() if row.recorded and (name != "wage" or region.labour_time is None)
        }
        self._between, self._named = self._recordable(region.table), self._recordable(VERSIONS[-1])
        self._quick = QuickReader(self._commodities, self._between, self._named)
        self._accounts = self._quick.accounts

    def _recordable(self, version: int) -> Between:
        """What people may record between two kinds of accounts, by a version of the table."""
        between = recorded_between(version).items()
        mine = ((pair, tuple(row for row in rows if row.name in self._recorded)) for pair, rows in between)
        return {pair: rows for pair, rows in mine if rows}

    def read(self, entry: Transaction, source: int) -> Movement | Evidence | None:
        """The movement that a transaction records, what it writes down of a directive, or None if it is not ours.

        Raises:
            Rejection: A fault of form.
        """
        if "derived-from" not in entry.meta:
            # Nearly every transaction: plain legs on accounts that were seen before.
            transfers = self._quick.transfers(entry)
            if transfers is not None:
                return self._movement(entry, source, self._rows[transfers[0].type], transfers, None)
        return self._read_slowly(entry, source)

    def _read_slowly(self, entry: Transaction, source: int) -> Movement | Evidence | None:
        """The same, looking for every fault of form; fills the tables that make the next one fast."""
        governed = [self._account(posting.account, index) for index, posting in enumerate(entry.postings)]
        if not any(governed):
            self._check_not_ours(entry)
            return None
        for index, (posting, account) in enumerate(zip(entry.postings, governed, strict=True)):
            if account is None:
                raise Rejection(
                    "mixed-transaction",
                    f"{posting.account} stands beside governed accounts; write two transactions, one for each"
                    + near_governed(posting.account),
                    leg=index,
                )
        legs = [
            (account, self._amount(posting, account, index))
            for index, (posting, account) in enumerate(zip(entry.postings, governed, strict=True))
            if account is not None
        ]
        self._fill_in(entry, legs)
        check_balance(legs, self._commodities)
        groups: Groups | None = None
        claimed: str | None = None
        if (
            "derived-from" in entry.meta
            or any("transfer" in (posting.meta or {}) for posting in entry.postings)
            or {account.kind for account, _ in legs} >= _LENT
        ):
            legs, groups, claimed = self._grouped(entry, legs)
            if "derived-from" in entry.meta:
                return self._evidence(entry, source, legs, groups)
        claimed = self._claimed(entry, claimed)
        between = self._between if claimed is None else self._named
        row, transfers = recorded_transfers(legs, groups, between, claimed, has_links=bool(entry.links))
        if claimed is not None and claimed != row.name:
            raise contradiction(claimed, [row])
        return self._movement(entry, source, row, transfers, groups)

    def _claimed(self, entry: Transaction, by_legs: str | None) -> str | None:
        """The transfer that the text names, on the transaction or on its legs; what has `hours:` is a wage."""
        named = entry.meta.get("transfer")
        if named is None:
            paid = "wage" in self._recorded and any("hours" in (posting.meta or {}) for posting in entry.postings)
            return "wage" if by_legs is None and paid else by_legs
        if named not in self._rows:
            raise _unknown(named)
        if by_legs is not None and by_legs != named:
            raise contradiction(str(named), [self._rows[by_legs]])
        return str(named)

    def _fill_in(self, entry: Transaction, legs: list[Leg]) -> None:
        """Make the one missing amount exact: Beancount rounds what it fills in to the coarsest amount beside it."""
        filled = [index for index, posting in enumerate(entry.postings) if "__automatic__" in (posting.meta or {})]
        if len(filled) != 1:
            return
        index = filled[0]
        account, units = legs[index]
        total = sum(units for other, units in legs if other.economy == account.economy)
        commodity = self._commodities[account.economy]
        if total and commodity is not None:
            legs[index] = (account, units - total)
            number = commodity.number(units - total)
            posting = entry.postings[index]
            entry.postings[index] = posting._replace(units=posting.units._replace(number=number))

    def account(self, name: str) -> Account | None:
        """The governed account of a name, or None where accounts are the region's own affair.

        Raises:
            Rejection: `unknown-account`, for a governed name that the table of accounts does not have.
        """
        return self._account(name, None)

    def _account(self, name: str, leg: int | None) -> Account | None:
        try:
            return self._accounts[name]
        except KeyError:
            account = self._chart.find(name)
        if account is None and is_governed(name):
            raise Rejection(
                "unknown-account",
                f"{name} is no account of the region; did you mean {nearest_pattern(name)}?",
                leg=leg,
            )
        if account is not None and self._commodities[account.economy] is None:
            off = "regional credits" if account.economy == CREDITS else "labour time"
            code = "credits-are-off" if account.economy == CREDITS else "labour-time-is-off"
            raise Rejection(code, f"{name} belongs to {off}, which this region has not switched on", leg=leg)
        self._accounts[name] = account
        return account

    def _check_not_ours(self, entry: Transaction) -> None:
        for index, posting in enumerate(entry.postings):
            amounts = (posting.units, posting.price, posting.cost)
            for amount in amounts:
                if amount is not None and amount.currency in self._names:
                    raise Rejection(
                        "commodity-on-other-account",
                        f"{amount.currency} stands on {posting.account}; it moves between governed accounts only",
                        leg=index,
                    )

    def _amount(self, posting: Posting, account: Account, leg: int) -> int:
        if posting.cost is not None or posting.price is not None:
            raise Rejection(
                "cost-or-price",
                f"{account.name} carries a cost {{}} or price @; governed accounts hold plain amounts, so remove it",
                leg=leg,
            )
        commodity = self._commodities[account.economy]
        assert commodity is not None
        if posting.units.currency != commodity.name:
            raise Rejection(
                "wrong-commodity",
                f"{account.name} holds {commodity.name}, not {posting.units.currency}; write {commodity.name}",
                leg=leg,
            )
        number = posting.units.number
        if not isinstance(number, Decimal) or not within_bounds(number):
            raise Rejection(
                "amount-out-of-bounds",
                f"the amount on {account.name} is 10^15 {commodity.name} or more; amounts stay below that",
                leg=leg,
            )
        units = commodity.units(number)
        if units is None:
            raise Rejection(
                "too-many-digits",
                f"{number:.28g} is finer than the precision {commodity.precision} of {commodity.name}; "
                f"write {commodity.nearest(number)}",
                leg=leg,
            )
        self._quick.units[account.economy][number] = units
        return units

    def _movement(
        self,
        entry: Transaction,
        source: int,
        row: TransferType,
        transfers: list[Transfer],
        groups: Groups | None,
    ) -> Movement:
        meta, links = entry.meta, entry.links
        for key in meta:
            if key not in self._keys:
                self._look_at_key(key, source)
        instant = self._clock.instant(entry.date, meta)
        quantity: int | Decimal | None = None
        particulars = None
        if row.commodity == "RSC":
            particulars = read_particulars(entry, row, transfers, self._hours)
            if row.name in _SOLD:
                quantity = decimal_quantity(meta.get("quantity"), row)
            elif row.name in _BOUGHT:
                quantity = welcome_quantity(meta.get("quantity"))
        elif row.name in CONSUMPTION:
            if not links:
                raise Rejection("missing-link", "no link names the plan or basic service that is consumed; add its ^id")
            if "prd" in row.credits:
                quantity = meta.get("quantity")
                quantity = self._quantities.get(quantity) or self._quantity(quantity)
            else:
                quantity = welcome_quantity(meta.get("quantity"))
        return Movement(
            instant,
            transfers,
            links or _NO_LINKS,
            quantity,
            event_id(meta["id"]) if "id" in meta else "",
            entry.payee or "",
            entry.narration or "",
            groups,
            source,
            read_shown(meta, self._hour) if "fic" in meta or "price" in meta else None,
            particulars,
        )

    def _look_at_key(self, key: str, source: int) -> None:
        """Other metadata is free on transactions, but what looks like ours most probably was meant to be."""
        near = None if key.startswith("__") else nearest(key, _KEYS)
        if near is None:
            self._keys.add(key)
        else:
            message = f"{quoted(key + ':')} means nothing here; did you mean {near}:?"
            self.advice.append((source, "unknown-transaction-metadata", message))

    def _quantity(self, quantity: Any) -> int | Decimal:
        """A quantity as an integer; one that is not a positive integer stays as it is, for the engine to refuse."""
        if quantity is None:
            raise Rejection("missing-quantity", "consumption of a plan says how many units: add quantity: (such as 3)")
        if not isinstance(quantity, Decimal) or not quantity.is_finite():
            raise Rejection("malformed-metadata", "quantity: is not a number; write a positive integer such as 3")
        if 0 < quantity < _MAX_QUANTITY and quantity == quantity.to_integral_value():
            self._quantities[quantity] = int(quantity)
            return int(quantity)
        return quantity

    def _grouped(self, entry: Transaction, legs: list[Leg]) -> tuple[list[Leg], Groups | None, str | None]:
        """Recorded legs, derived ones by the transfer that their metadata names, and the recorded transfer's name."""
        recorded: list[Leg] = []
        groups: Groups = {}
        own: set[str] = set()
        reverses = "derived-from" in entry.meta
        released = {account.kind for account, _ in legs} >= _LENT and not reverses
        for index, (posting, (account, units)) in enumerate(zip(entry.postings, legs, strict=True)):
            name = (posting.meta or {}).get("transfer")
            if name is None and not (released and account.kind in _LENT):
                recorded.append((account, units))
                continue
            name = "loan_release" if name is None else name
            row = self._rows.get(name) if isinstance(name, str) else None
            if row is None:
                raise _unknown(name, leg=index)
            if account.kind not in row.debits | row.credits:
                raise Rejection(
                    "transfer-contradicts-accounts",
                    f"transfer: {row.name} goes from {' or '.join(sorted(row.debits))} to "
                    f"{' or '.join(sorted(row.credits))}; {account.name} is neither",
                    leg=index,
                )
            if row.name in self._recorded and not reverses:
                recorded.append((account, units))
                own.add(row.name)
            else:
                sums = groups.setdefault(row.name, {})
                sums[account.name] = sums.get(account.name, 0) + units
        for name, sums in groups.items():
            if sum(sums.values()):
                raise Rejection(
                    "unbalanced-transaction", f"the legs of {name} do not sum to zero; mend the leg that is off"
                )
        if len(own) > 1:
            raise Rejection(
                "ambiguous-legs", f"one transaction records transfers of one type; found {', '.join(sorted(own))}"
            )
        return recorded, groups or None, min(own, default=None)

    def _evidence(self, entry: Transaction, source: int, legs: list[Leg], groups: Groups | None) -> Evidence:
        name = entry.meta["derived-from"]
        if not isinstance(name, str):
            raise Rejection("malformed-metadata", 'derived-from: is not a text; write "TYPE ID ..." in quotes')
        if legs and groups:
            raise Rejection(
                "ambiguous-legs",
                "some legs name their transfer:, others do not; write it on all legs, or on none",
            )
        if groups is None:
            groups = {UNNAMED: {}}
            for account, units in legs:
                groups[UNNAMED][account.name] = groups[UNNAMED].get(account.name, 0) + units
        return Evidence(self._clock.instant(entry.date, entry.meta), name, groups, source)


def _unknown(name: object, *, leg: int | None = None) -> Rejection:
    return Rejection(
        "unknown-transfer",
        f"transfer: {quoted(str(name))} is not in the table; name a row of it, or remove the metadata"
        + did_you_mean(str(name), table()),
        leg=leg,
    )
