"""The hierarchy by which an edition merges totals, declared beforehand in `publication.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from conductor_bean.domain.tables import read_table

IN_FULL = "in_full"
"""The broad type of what is public whoever takes part."""


@dataclass(frozen=True, slots=True)
class BroadType:
    """Transfers that are merged first where one of them would expose a party."""

    name: str
    types: tuple[str, ...]
    meaning: str


@cache
def broad_types() -> tuple[BroadType, ...]:
    """All broad types, in the order in which "other" takes them in."""
    rows = read_table("publication.yaml")
    return tuple(BroadType(row["name"], tuple(row["types"]), row["meaning"]) for row in rows)


@cache
def broad_type_of() -> dict[str, str]:
    """The broad type of each transfer of the table."""
    return {name: broad.name for broad in broad_types() for name in broad.types}


@cache
def pool_order() -> dict[str, int]:
    """The place of each broad type in the order in which "other" takes them in."""
    return {broad.name: number for number, broad in enumerate(broad_types())}
