"""Entries of a ledger sorted out: facts, transactions, what is not ours, and what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from beancount.core import data

from conductor_bean.domain.accounts import Chart, is_governed
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, start_of
from conductor_bean.domain.problems import Rejection, nearest, quoted
from conductor_bean.engine.dependence import missing_key
from conductor_bean.engine.events import Evidence, Fact, Movement
from conductor_bean.ledger.fact_reader import FactReader
from conductor_bean.ledger.moments import Clock
from conductor_bean.ledger.transaction_reader import TransactionReader

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.domain.region import Region


@dataclass(slots=True)
class Reading:
    """What the entries of a ledger say.

    Attributes:
        facts: Facts, in no particular order.
        movements: Transactions on governed accounts.
        evidence: Transactions that write down what directives entail.
        rejected: Index of an entry and its fault of form.
        opened: Index of the explicit `open` of each governed account.
        missing: What unreadable facts should have brought, with the instant.
        advice: Index of an entry, code and message.
        silenced: Balance assertions that only a refused pad would have made true.
        exact: Balance assertions on governed accounts that say no tolerance: they hold exactly or not at all.
    """

    chart: Chart = field(default_factory=Chart)
    facts: list[Fact] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    rejected: list[tuple[int, Rejection]] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)
    missing: dict[tuple[str, ...], int] = field(default_factory=dict)
    advice: list[tuple[int, str, str]] = field(default_factory=list)
    silenced: list[int] = field(default_factory=list)
    exact: list[int] = field(default_factory=list)


def touches_governed(entry: Any) -> bool:
    """Whether a directive stands on accounts that only a region's check can judge."""
    if isinstance(entry, data.Transaction):
        return any(is_governed(posting.account) for posting in entry.postings)
    if isinstance(entry, data.Pad):
        return is_governed(entry.account) or is_governed(entry.source_account)
    return isinstance(entry, data.Balance | data.Note | data.Document) and is_governed(entry.account)


def read_entries(entries: list[Any], region: Region) -> Reading:
    """Read all entries once."""
    reader = _Reader(region)
    readers = reader.readers
    for index, entry in enumerate(entries):
        read = readers.get(type(entry))
        if read is not None:
            try:
                read(entry, index)
            except Rejection as rejection:
                reader.reading.rejected.append((index, rejection))
                _note_missing(reader.reading, entry)
    reader.finish()
    return reader.reading


class _Reader:
    """Reads entry after entry; each type of directive has its method."""

    def __init__(self, region: Region) -> None:
        clock = Clock()
        self.reading = Reading()
        self._padded: set[str] = set()
        self._region = region
        self._facts = FactReader(region, clock)
        self._transactions = TransactionReader(region, self.reading.chart, clock)
        self.readers: dict[type, Callable[[Any, int], None]] = {
            data.Transaction: self._transaction,
            data.Custom: self._custom,
            data.Open: self._open,
            data.Close: self._close,
            data.Pad: self._pad,
            data.Balance: self._balance,
            data.Note: self._mention,
            data.Document: self._mention,
        }

    def finish(self) -> None:
        """Hand over what was seen along the way."""
        self.reading.advice = self._transactions.advice

    def _transaction(self, entry: data.Transaction, index: int) -> None:
        event = self._transactions.read(entry, index)
        if isinstance(event, Movement):
            self.reading.movements.append(event)
        elif event is not None:
            self.reading.evidence.append(event)

    def _custom(self, entry: data.Custom, index: int) -> None:
        if self._facts.concerns(entry):
            self.reading.facts.append(self._facts.read(entry, index))
        elif not entry.values:
            raise Rejection(
                "wrong-values",
                f"custom {quoted(entry.type)} has no value, on which Beancount's own passes fail; give it one, such as "
                f'custom "{entry.type}" "all"',
            )

    def _open(self, entry: data.Open, index: int) -> None:
        account = self._transactions.account(entry.account)
        if account is None:
            return
        commodity = self._region.commodity(account.economy)
        if commodity is not None and entry.currencies and commodity.name not in entry.currencies:
            raise Rejection(
                "wrong-commodity",
                f"{entry.account} holds {commodity.name}, but this open allows {', '.join(entry.currencies)}; "
                "remove the line, the engine opens the account",
            )
        self.reading.opened[entry.account] = index

    def _close(self, entry: data.Close, _: int) -> None:
        if self._transactions.account(entry.account) is not None:
            raise Rejection(
                "closed-account",
                f"{entry.account} is governed and never closed; remove this line, and end the party instead",
            )

    def _pad(self, entry: data.Pad, _: int) -> None:
        if self._transactions.account(entry.account) or self._transactions.account(entry.source_account):
            self._padded.add(entry.account)
            raise Rejection(
                "pad-on-governed-account",
                f"pad would move {entry.account} past every check; record the events that are missing",
            )

    def _balance(self, entry: data.Balance, index: int) -> None:
        if self._transactions.account(entry.account) is not None and entry.tolerance is None:
            self.reading.exact.append(index)
        if entry.account in self._padded:
            self._padded.remove(entry.account)
            self.reading.silenced.append(index)

    def _mention(self, entry: data.Balance | data.Note | data.Document, _: int) -> None:
        self._transactions.account(entry.account)


def _note_missing(reading: Reading, entry: Any) -> None:
    """Remember what an unreadable event should have brought, so that what depends on it is not reported again."""
    key: tuple[str, ...] | None = None
    if isinstance(entry, data.Custom):
        ids = tuple(value.value for value in entry.values or () if isinstance(value.value, str))
        key = missing_key(nearest(entry.type, FACT_TYPES) or entry.type, ids)
    elif isinstance(entry, data.Transaction) and isinstance(entry.meta.get("id"), str):
        key = ("event", entry.meta["id"])
    if key is not None:
        # A typo in the year must not make an error of every event that builds on it.
        instant = start_of(entry.date if FIRST_DATE <= entry.date <= LAST_DATE else FIRST_DATE)
        reading.missing[key] = min(instant, reading.missing.get(key, instant))
