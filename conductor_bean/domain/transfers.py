"""The table of allowed transfers, read from `transfers.yaml`, the only place where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from conductor_bean.domain.tables import read_table


@dataclass(frozen=True, slots=True)
class TransferType:
    """A row of the table.

    Attributes:
        name: The seed's variable name.
        debit: Kind of the account that is charged.
        credit: Kind of the account that is credited.
        commodity: HOUR for labour time, RSC for regional credits, whatever a region calls them.
        recorded: Whether a person writes it; otherwise the engine derives it.
        condition: What must hold for it.
        explanation: What it means.
        seed: The text it comes from.
    """

    name: str
    debit: str
    credit: str
    commodity: str
    recorded: bool
    condition: str
    explanation: str
    seed: str


@cache
def table() -> dict[str, TransferType]:
    """All rows by name, in the order of the table."""
    return {row["name"]: TransferType(**row) for row in read_table("transfers.yaml")}


@cache
def recorded_between() -> dict[tuple[str, str], TransferType]:
    """Recorded rows of labour time by their pair of kinds (for HOUR the pair decides)."""
    return {(row.debit, row.credit): row for row in table().values() if row.recorded}


def allowed_to(kind: str) -> list[TransferType]:
    """Recorded rows that credit a kind of account."""
    return [row for row in table().values() if row.recorded and row.credit == kind]


def allowed_from(kind: str) -> list[TransferType]:
    """Recorded rows that debit a kind of account: what an accountant may have meant."""
    return [row for row in table().values() if row.recorded and row.debit == kind]
