"""The table of allowed transfers, read from `transfers.yaml`, the only place where it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

from conductor_bean.domain.tables import read_table

WALLETS = ("member_wallet", "company_wallet")
_SHORT = {"wallet": WALLETS}

VERSIONS = (1, 2)
"""Versions of the table that a region.yaml may name (`table:`); the last one is a new region's."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what may go from where to where.

    Attributes:
        name: The seed's variable name, or the contract's.
        debit: Kinds of the account that is charged, as people read them: `wallet`, `treasury or clearing`.
        credit: Kinds of the account that is credited.
        commodity: HOUR for labour time, RSC for regional credits, whatever a region calls them.
        recorded: Whether a person writes it.
        derived: Whether the engine derives it from another event; a few are both.
        approved: Whether accountants must stand in `by:`, as many as the region has decided.
        since: The version of the table from which on the accounts alone may mean it. A row that is added between two
            kinds that have one already is of the next version, so that what the accounts meant before they mean still.
        condition: What must hold for it.
        explanation: What it means.
        seed: The text it comes from.
    """

    name: str
    debit: str
    credit: str
    commodity: str
    recorded: bool
    derived: bool
    condition: str
    explanation: str
    seed: str
    approved: bool = False
    since: int = 1

    @property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Each kind that may be charged with each that may be credited."""
        return frozenset(product(_kinds(self.debit), _kinds(self.credit)))


@dataclass(frozen=True, slots=True)
class TransferType:
    """A transfer of the table: all rows of one name, as one.

    Attributes:
        name: Its name.
        pairs: Kinds of the accounts that it charges and credits.
        debits: Kinds of accounts that it charges.
        credits: Kinds of accounts that it credits.
        commodity: HOUR or RSC.
        recorded: Whether a person may write it.
        derived: Whether the engine derives it.
        approved: Whether accountants must approve it.
    """

    name: str
    pairs: frozenset[tuple[str, str]]
    debits: frozenset[str]
    credits: frozenset[str]
    commodity: str
    recorded: bool
    derived: bool
    approved: bool


@cache
def rows() -> tuple[Row, ...]:
    """All rows in the order of the table; a transfer that goes both ways has two."""
    return tuple(Row(**row) for row in read_table("transfers.yaml"))


@cache
def table() -> dict[str, TransferType]:
    """All transfers by name, in the order of the table."""
    names: dict[str, list[Row]] = {}
    for row in rows():
        names.setdefault(row.name, []).append(row)
    return {name: _joined(name, same) for name, same in names.items()}


@cache
def recorded_between(version: int = VERSIONS[-1]) -> dict[tuple[str, str], tuple[TransferType, ...]]:
    """Transfers that people record, by each pair of kinds; for labour time the pair decides.

    Args:
        version: The version of the table whose rows the accounts alone may mean. Who writes `transfer:` may name any.
    """
    between: dict[tuple[str, str], tuple[TransferType, ...]] = {}
    for name, kind in table().items():
        if kind.recorded:
            mine = (row for row in rows() if row.name == name and row.recorded and row.since <= version)
            for pair in sorted(frozenset[tuple[str, str]]().union(*(row.pairs for row in mine))):
                between[pair] = (*between.get(pair, ()), kind)
    return between


def allowed_to(kind: str) -> list[Row]:
    """Recorded rows that credit a kind of account."""
    return [row for row in rows() if row.recorded and any(credit == kind for _, credit in row.pairs)]


def allowed_from(kind: str) -> list[Row]:
    """Recorded rows that debit a kind of account: what an accountant may have meant."""
    return [row for row in rows() if row.recorded and any(debit == kind for debit, _ in row.pairs)]


def _joined(name: str, same: list[Row]) -> TransferType:
    pairs = frozenset(pair for row in same for pair in row.pairs)
    return TransferType(
        name=name,
        pairs=pairs,
        debits=frozenset(debit for debit, _ in pairs),
        credits=frozenset(credit for _, credit in pairs),
        commodity=same[0].commodity,
        recorded=any(row.recorded for row in same),
        derived=any(row.derived for row in same),
        approved=any(row.approved for row in same),
    )


def _kinds(text: str) -> tuple[str, ...]:
    """`company_wallet, outside or treasury` as kinds."""
    names = re.split(r", | or ", text)
    return tuple(kind for name in names for kind in _SHORT.get(name, (name,)))
