"""Entries of a ledger sorted out: facts, transactions, what is not ours, and what cannot be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from beancount.core import data

from conductor_bean.domain.accounts import Chart
from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, start_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.events import Evidence, Fact, Movement
from conductor_bean.engine.machine import missing_key
from conductor_bean.ledger.fact_reader import FactReader
from conductor_bean.ledger.moments import Clock
from conductor_bean.ledger.transaction_reader import TransactionReader

if TYPE_CHECKING:
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
    """

    chart: Chart = field(default_factory=Chart)
    facts: list[Fact] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    rejected: list[tuple[int, Rejection]] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)
    missing: dict[tuple[str, ...], int] = field(default_factory=dict)


def read_entries(entries: list[Any], region: Region) -> Reading:
    """Read all entries once."""
    reading = Reading()
    clock = Clock()
    facts = FactReader(region, clock)
    transactions = TransactionReader(region, reading.chart, clock)
    for index, entry in enumerate(entries):
        kind = type(entry)
        try:
            if kind is data.Transaction:
                event = transactions.read(entry, index)
                if type(event) is Movement:
                    reading.movements.append(event)
                elif event is not None:
                    reading.evidence.append(event)  # type: ignore[arg-type]
            elif kind is data.Custom:
                if facts.concerns(entry):
                    reading.facts.append(facts.read(entry, index))
            elif kind is data.Open:
                if transactions.account(entry.account) is not None:
                    _check_open(entry, region, transactions)
                    reading.opened[entry.account] = index
            elif kind is data.Close:
                if transactions.account(entry.account) is not None:
                    raise Rejection(
                        "closed-account",
                        f"{entry.account} is governed and never closed; remove this line, and end the party instead",
                    )
            elif kind is data.Pad:
                if transactions.account(entry.account) or transactions.account(entry.source_account):
                    raise Rejection(
                        "pad-on-governed-account",
                        f"pad would move {entry.account} past every check; record the events that are missing",
                    )
            elif kind is data.Balance or kind is data.Note or kind is data.Document:
                transactions.account(entry.account)
        except Rejection as rejection:
            reading.rejected.append((index, rejection))
            if kind is data.Custom:
                _note_missing(reading, entry)
    return reading


def _check_open(entry: data.Open, region: Region, transactions: TransactionReader) -> None:
    account = transactions.account(entry.account)
    assert account is not None
    commodity = region.commodity(account.economy)
    if commodity is not None and entry.currencies and commodity.name not in entry.currencies:
        raise Rejection(
            "wrong-commodity",
            f"{entry.account} holds {commodity.name}, but this open allows {', '.join(entry.currencies)}; "
            "remove the line, the engine opens the account",
        )


def _note_missing(reading: Reading, entry: data.Custom) -> None:
    """Remember what an unreadable fact should have brought, so that what depends on it is not reported again."""
    ids = tuple(value.value for value in entry.values or () if isinstance(value.value, str))
    key = missing_key(entry.type, ids)
    if key is not None and FIRST_DATE <= entry.date <= LAST_DATE:
        instant = start_of(entry.date)
        reading.missing[key] = min(instant, reading.missing.get(key, instant))
