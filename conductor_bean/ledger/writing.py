"""What followed, written into the books: derived legs, derived transactions, opened accounts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from beancount.core import data
from beancount.core.amount import Amount

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.amounts import Commodity, significant
from conductor_bean.domain.instants import date_of
from conductor_bean.engine.events import Fact, Movement, Outcome, Transfer
from conductor_bean.engine.evidence import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.accounts import Account, Chart
    from conductor_bean.domain.region import Region

DERIVED_TAG = "derived"
_Posting, _new = data.Posting, tuple.__new__
_NONE = Commodity("NONE", 2)
_TAGS: dict[frozenset[str], frozenset[str]] = {}


class BookWriter:
    """Turns outcomes into entries.

    Args:
        entries: The entries that were read; those of ours are replaced, none is written to but in its postings.
        region: The region whose commodities the amounts are in.
        opened: Accounts that the ledger opens itself.
        chart: The chart of accounts of the reading.
    """

    def __init__(self, entries: list[Any], region: Region, opened: dict[str, int], chart: Chart) -> None:
        self._entries = entries
        self._chart = chart
        self._commodities = {economy: region.commodity(economy) or _NONE for economy in (LABOUR_TIME, CREDITS)}
        self._opened = opened
        self._amounts: dict[str, dict[int, Amount]] = {LABOUR_TIME: {}, CREDITS: {}}
        self._fic: tuple[tuple[int, int], Decimal] | None = None
        self.removed: set[int] = set()
        self.added: list[Any] = []

    def write(self, outcome: Outcome) -> None:
        """Write what became of one event into the books."""
        event = outcome.event
        if outcome.rejection is not None:
            self.removed.add(event.source)
        elif isinstance(event, Movement):
            self._write_movement(event, outcome)
        elif isinstance(event, Fact):
            self._write_fact(event, outcome)

    def books(self) -> list[Any]:
        """All entries, in no particular order of ours: Beancount sorts them."""
        entries, removed = self._entries, self.removed
        kept = [entry for index, entry in enumerate(entries) if index not in removed] if removed else entries
        return [*kept, *self.added]

    def open(self, account: str, date: Any, meta: dict[str, Any]) -> None:
        """Open an account, unless the ledger does so itself, early enough."""
        index = self._opened.get(account)
        if index is not None and self._entries[index].date > date:
            self.removed.add(index)
            index = None
        if index is None:
            place = {"filename": meta["filename"], "lineno": meta["lineno"]}
            kind = self._chart.find(account)
            assert kind is not None
            self.added.append(data.Open(place, date, account, [self._commodities[kind.economy].name], None))

    def carry_over(self, date: Any, meta: dict[str, Any], balances: Iterable[tuple[Account, int]]) -> None:
        """Book what accounts hold from before the entries that were read.

        Args:
            date: The last date before them.
            meta: Where that is said to stand.
            balances: Accounts and units, which sum to zero for each commodity.
        """
        legs = [
            data.Posting(account.name, self._amount(account.economy, units), None, None, None, {})
            for account, units in balances
        ]
        tags = frozenset({DERIVED_TAG})
        self.added.append(data.Transaction(dict(meta), date, "*", None, "Carried over", tags, frozenset(), legs))

    def _write_movement(self, movement: Movement, outcome: Outcome) -> None:
        entry = self._entries[movement.source]
        postings = entry.postings
        kind = movement.transfers[0].type
        for index, posting in enumerate(postings):
            meta = posting.meta
            if meta is None:
                postings[index] = posting._replace(meta={"transfer": kind})
            elif "transfer" not in meta:
                meta["transfer"] = kind
        if outcome.price is not None:
            _show(entry.meta, "price", outcome.price)
        elif outcome.fic is not None:
            _show(entry.meta, "fic", self._factor(outcome.fic))
        derived = outcome.transfers[len(movement.transfers) :]
        if derived:
            if movement.evidence is None:
                self._add_legs(postings, derived)
            self._tag(movement.source)

    def _write_fact(self, fact: Fact, outcome: Outcome) -> None:
        directive = self._entries[fact.source]
        for name in outcome.opened:
            self.open(name, directive.date, directive.meta)
        if not outcome.transfers:
            return
        if outcome.evidence is not None:
            if UNNAMED in outcome.evidence.groups:
                # The text names no transfers: the books do, leg by leg, with the same sums.
                postings = self._entries[outcome.evidence.source].postings
                postings.clear()
                self._add_legs(postings, outcome.transfers)
            self._tag(outcome.evidence.source)
            return
        meta = {
            "filename": directive.meta["filename"],
            "lineno": directive.meta["lineno"],
            "derived-from": fact.name,
        }
        if "time" in directive.meta:
            meta["time"] = directive.meta["time"]
        legs: list[data.Posting] = []
        self._add_legs(legs, outcome.transfers)
        tags = frozenset({DERIVED_TAG})
        self.added.append(
            data.Transaction(
                meta,
                date_of(fact.instant),
                "*",
                None,
                _NARRATIONS[fact.type.name].format(*fact.ids),
                tags,
                outcome.links,
                legs,
            )
        )

    def _tag(self, source: int) -> None:
        entry = self._entries[source]
        tags = entry.tags or frozenset()
        if DERIVED_TAG not in tags:
            tagged = _TAGS.get(tags)
            if tagged is None:
                tagged = _TAGS[tags] = tags | {DERIVED_TAG}
            meta, date, flag, payee, narration, _, links, postings = entry
            self._entries[source] = data.Transaction(meta, date, flag, payee, narration, tagged, links, postings)

    def _add_legs(self, postings: list[data.Posting], transfers: list[Transfer]) -> None:
        kinds = {transfer.type for transfer in transfers}
        if len(kinds) == len(transfers):
            for transfer in transfers:
                legs = ((transfer.debit, -transfer.units), (transfer.credit, transfer.units))
                self._add(postings, legs, transfer.type)
            return
        groups: dict[str, list[Transfer]] = {}
        for transfer in transfers:
            groups.setdefault(transfer.type, []).append(transfer)
        for kind, group in groups.items():
            self._add(postings, _legs(group), kind)

    def _add(self, postings: list[data.Posting], legs: Iterable[tuple[Account, int]], kind: str) -> None:
        for account, units in legs:
            amount = self._amount(account.economy, units)
            # A named tuple's own constructor takes twice as long, and there are hundreds of thousands.
            postings.append(_new(_Posting, (account.name, amount, None, None, None, {"transfer": kind})))

    def _amount(self, economy: str, units: int) -> Amount:
        amount = self._amounts[economy].get(units)
        if amount is None:
            commodity = self._commodities[economy]
            amount = self._amounts[economy][units] = Amount(commodity.number(units), commodity.name)
        return amount

    def _factor(self, fic: tuple[int, int]) -> Decimal:
        if self._fic is None or self._fic[0] is not fic:
            self._fic = (fic, factor_number(fic))
        return self._fic[1]


_NARRATIONS = {
    "plan-approval": "Credits of the plan {0}",
    "reversal": "Reversal of {0}",
    "loan": "Loan {0} of {1} to {2}",
    "bankruptcy": "Bankruptcy of {0}",
    "company-end": "End of {0}",
    "month-close": "Close of {0}",
}


def _show(meta: dict[str, Any], key: str, number: Decimal) -> None:
    """Add a number to metadata as Beancount reads it back: its printer writes exponents, its parser knows none."""
    if number.is_zero():
        number = Decimal(0) if number.as_tuple().exponent == 0 else Decimal("0.00")
    if "E" in str(number):
        meta.pop(key, None)
    else:
        meta[key] = number


def factor_number(fic: tuple[int, int]) -> Decimal:
    """FIC as a decimal with 28 significant digits."""
    return significant(Fraction(*fic))


def _legs(transfers: list[Transfer]) -> list[tuple[Account, int]]:
    """Signed legs of transfers of one type, which share one summed leg on the account they have in common."""
    if len(transfers) == 1:
        (only,) = transfers
        return [(only.debit, -only.units), (only.credit, only.units)]
    charged = {transfer.debit.name for transfer in transfers}
    credited = {transfer.credit.name for transfer in transfers}
    total = sum(transfer.units for transfer in transfers)
    if len(credited) == 1:
        return [*((t.debit, -t.units) for t in transfers), (transfers[0].credit, total)]
    if len(charged) == 1:
        return [(transfers[0].debit, -total), *((t.credit, t.units) for t in transfers)]
    return [leg for t in transfers for leg in ((t.debit, -t.units), (t.credit, t.units))]
