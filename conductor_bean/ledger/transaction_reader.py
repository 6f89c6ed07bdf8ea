"""Transactions to movements (LANGUAGE.md, "Transactions: what moved")."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME, Account, Chart, is_governed, nearest_pattern
from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import Rejection, did_you_mean, quoted
from conductor_bean.domain.transfers import TransferType, allowed_from, allowed_to, recorded_between, table
from conductor_bean.engine.events import Evidence, Groups, Movement, Transfer

if TYPE_CHECKING:
    from beancount.core.data import Posting, Transaction

    from conductor_bean.domain.region import Region
    from conductor_bean.ledger.moments import Clock

Leg = tuple[Account, int]

_NO_LINKS: frozenset[str] = frozenset()
_MAX_QUANTITY = 10**15
_MAX_ID = 200

_SINGLE = {name for name, row in table().items() if row.recorded and "consumption" in name}


class TransactionReader:
    """Reads transactions as movements of a region."""

    def __init__(self, region: Region, chart: Chart, clock: Clock) -> None:
        self._chart = chart
        self._clock = clock
        self._commodities = {economy: region.commodity(economy) for economy in (LABOUR_TIME, CREDITS)}
        self._names = {c.name for c in self._commodities.values() if c is not None}
        self._hours = region.labour_time
        self._hour = "" if region.labour_time is None else region.labour_time.name
        self._accounts: dict[str, Account | None] = {}
        self._units: dict[Decimal, int] = {}
        self._quantities: dict[Any, int] = {}
        self._rows = table()
        self._between = recorded_between()

    def read(self, entry: Transaction, source: int) -> Movement | Evidence | None:
        """The movement that a transaction records, what it writes down of a directive, or None if it is not ours.

        Raises:
            Rejection: A fault of form.
        """
        postings = entry.postings
        if len(postings) == 2 and "derived-from" not in entry.meta:
            # Nearly every transaction: two plain legs on accounts and of amounts that were seen before.
            first, second = postings
            one, other = self._known_leg(first), self._known_leg(second)
            if one is not None and other is not None and one[1] == -other[1] and one[1]:
                debit, credit = (one, other) if one[1] < 0 else (other, one)
                row = self._between.get((debit[0].kind, credit[0].kind))
                if row is not None:
                    transfers = [Transfer(row.name, debit[0], credit[0], credit[1], derived=False)]
                    return self._movement(entry, source, row, transfers, None)
        return self._read_slowly(entry, source)

    def _known_leg(self, posting: Posting) -> Leg | None:
        """A posting as a leg, where it is plain and both its account and its amount were checked before."""
        account = self._accounts.get(posting.account)
        number, currency = posting.units
        units = self._units.get(number)
        if (
            account is None
            or units is None
            or currency != self._hour
            or posting.cost is not None
            or posting.price is not None
            or account.economy != LABOUR_TIME
            or (posting.meta and "transfer" in posting.meta)
        ):
            return None
        return account, units

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
                    f"{posting.account} stands beside governed accounts; write two transactions, one for each",
                    leg=index,
                )
        legs = [
            (account, self._amount(posting, account, index))
            for index, (posting, account) in enumerate(zip(entry.postings, governed, strict=True))
            if account is not None
        ]
        groups: Groups | None = None
        claimed: str | None = None
        if "derived-from" in entry.meta or any("transfer" in (posting.meta or {}) for posting in entry.postings):
            self._check_balance(legs)
            legs, groups, claimed = self._grouped(entry, legs)
            if "derived-from" in entry.meta:
                return self._evidence(entry, source, legs, groups)
        row, transfers = self._transfers(legs, groups)
        if claimed is not None and claimed != row.name:
            raise _contradiction(claimed, row)
        return self._movement(entry, source, row, transfers, groups)

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
        if account.economy == LABOUR_TIME:
            self._units[number] = units
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
        instant = self._clock.instant(entry.date, meta)
        if "transfer" in meta and meta["transfer"] != row.name:
            raise _contradiction(meta["transfer"], row)
        quantity = None
        if row.name in _SINGLE:
            if not links:
                raise Rejection("missing-link", "no link names the plan or basic service that is consumed; add its ^id")
            if row.credit == "prd":
                quantity = meta.get("quantity")
                quantity = self._quantities.get(quantity) or self._quantity(quantity)
        return Movement(
            instant,
            transfers,
            links or _NO_LINKS,
            quantity,
            _event_id(meta["id"]) if "id" in meta else "",
            entry.payee or "",
            entry.narration or "",
            groups,
            source,
        )

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

    def _check_balance(self, legs: list[Leg]) -> None:
        for economy, commodity in self._commodities.items():
            total = sum(units for account, units in legs if account.economy == economy)
            if total and commodity is not None:
                raise Rejection(
                    "unbalanced-transaction",
                    f"the legs sum to {commodity.number(total)} {commodity.name}; they must sum to exactly zero",
                )

    def _grouped(self, entry: Transaction, legs: list[Leg]) -> tuple[list[Leg], Groups | None, str | None]:
        """Recorded legs, derived ones by the transfer that their metadata names, and the recorded transfer's name."""
        recorded: list[Leg] = []
        groups: Groups = {}
        own: set[str] = set()
        reverses = "derived-from" in entry.meta
        for index, (posting, (account, units)) in enumerate(zip(entry.postings, legs, strict=True)):
            name = (posting.meta or {}).get("transfer")
            if name is None:
                recorded.append((account, units))
                continue
            row = self._rows.get(name) if isinstance(name, str) else None
            if row is None:
                raise Rejection(
                    "unknown-transfer",
                    f"transfer: {quoted(str(name))} is not in the table" + did_you_mean(str(name), self._rows),
                    leg=index,
                )
            if account.kind not in (row.debit, row.credit):
                raise Rejection(
                    "transfer-contradicts-accounts",
                    f"transfer: {row.name} goes from {row.debit} to {row.credit}; {account.name} is neither",
                    leg=index,
                )
            if row.recorded and not reverses:
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
        if legs or groups is None:
            raise Rejection(
                "derived-without-cause",
                "a transaction that writes down what a directive entails names the transfer: of each leg; "
                "add it, or remove the transaction and let it be derived",
            )
        return Evidence(self._clock.instant(entry.date, entry.meta), name, groups, source)

    def _transfers(self, legs: list[Leg], groups: Groups | None) -> tuple[TransferType, list[Transfer]]:
        """Transfers of one type from one debit and many credited, or many charged and one credit."""
        if not legs:
            names = ", ".join(sorted(groups or {}))
            raise Rejection(
                "derived-without-cause",
                f"{names} follows from another event and cannot be recorded alone; record that event",
            )
        if len(legs) == 2:
            (first, units), (second, others) = legs
            if units + others:
                self._check_balance(legs)
            if units < 0 or (not units and not self._points(first, second) and self._points(second, first)):
                charged, credited = (
                    ([(first, -units)], [(second, others)])
                    if units < 0
                    else (
                        [(second, 0)],
                        [(first, 0)],
                    )
                )
            elif units:
                charged, credited = [(second, -others)], [(first, units)]
            else:
                charged, credited = [(first, 0)], [(second, 0)]
        else:
            charged, credited = self._sides(legs)
        row = self._row(charged, credited)
        if row.name in _SINGLE and len(legs) != 2:
            raise Rejection(
                "ambiguous-legs", f"{row.name} has exactly one debit and one credit; write one transaction for each"
            )
        if len(charged) == 1:
            debit = charged[0][0]
            return row, [Transfer(row.name, debit, credit, units, derived=False) for credit, units in credited]
        credit = credited[0][0]
        return row, [Transfer(row.name, debit, credit, units, derived=False) for debit, units in charged]

    def _points(self, debit: Account, credit: Account) -> bool:
        return (debit.kind, credit.kind) in self._between

    def _sides(self, legs: list[Leg]) -> tuple[list[Leg], list[Leg]]:
        self._check_balance(legs)
        charged = [(account, -units) for account, units in legs if units < 0]
        credited = [(account, units) for account, units in legs if units > 0]
        zeros = [account for account, units in legs if not units]
        for account in zeros:
            # A zero has no sign: it stands where an account of its kind stands already, or where its kind points.
            beside_debits = any(account.kind == other.kind for other, _ in charged)
            beside_credits = any(account.kind == other.kind for other, _ in credited)
            points = any(self._points(account, other) for other, _ in legs)
            side = charged if beside_debits or (points and not beside_credits) else credited
            side.append((account, 0))
        if (len(charged) != 1 and len(credited) != 1) or not charged or not credited:
            raise Rejection(
                "ambiguous-legs",
                f"{len(charged)} debits and {len(credited)} credits do not say who gave what to whom; write one debit "
                "with many credits or many debits with one credit, and name derived legs with transfer:",
            )
        return charged, credited

    def _row(self, charged: list[Leg], credited: list[Leg]) -> TransferType:
        pairs = {(debit.kind, credit.kind) for debit, _ in charged for credit, _ in credited}
        if len(pairs) > 1:
            rows = sorted(self._between[pair].name if pair in self._between else "-".join(pair) for pair in pairs)
            raise Rejection("ambiguous-legs", f"one transaction records transfers of one type; found {', '.join(rows)}")
        (pair,) = pairs
        row = self._between.get(pair)
        if row is None:
            raise self._forbidden(charged[0], credited[0])
        return row

    def _forbidden(self, debit: Leg, credit: Leg) -> Rejection:
        debit_kind, credit_kind = debit[0].kind, credit[0].kind
        if (debit_kind, credit_kind) == ("member", "a"):
            # The one reversed pair that people mean something by: hours of -8.
            return Rejection(
                "hours-worked-must-be-positive",
                "the member is debited and the company credited, which would be negative hours; debit the A account "
                "and credit the member's Hours; to undo hours, record a reversal",
            )
        derived = [row.name for row in self._rows.values() if (row.debit, row.credit) == (debit_kind, credit_kind)]
        if derived:
            return Rejection(
                "derived-without-cause",
                f"{debit_kind} -> {credit_kind} is {' or '.join(derived)}, which follows from another event; "
                "record that event, the transfer is derived from it",
            )
        allowed = [f"{row.debit} -> {row.credit} ({row.name})" for row in allowed_from(debit_kind)]
        right = f"{debit_kind} may go: {', '.join(allowed)}" if allowed else f"nothing recorded charges {debit_kind}"
        sources = [f"{row.debit} ({row.name})" for row in allowed_to(credit_kind)]
        right += f"; {credit_kind} may come from: {', '.join(sources)}" if sources else ""
        return Rejection(
            "forbidden-transfer",
            f"{debit_kind} -> {credit_kind} is not in the table of allowed transfers; {right}",
        )


def _contradiction(name: object, row: TransferType) -> Rejection:
    return Rejection(
        "transfer-contradicts-accounts",
        f"transfer: {quoted(str(name))} does not fit the accounts; these accounts are {row.name}",
    )


def _event_id(value: object) -> str:
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > _MAX_ID:
        raise Rejection("malformed-metadata", 'id: is not a plain text; write it in quotes, such as id: "2026-0042"')
    return value
