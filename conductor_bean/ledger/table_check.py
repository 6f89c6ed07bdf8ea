"""The table of allowed transfers alone: what can be said of a transaction without knowing the region's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conductor_bean.domain.amounts import MAX_DIGITS, Commodity
from conductor_bean.domain.region import Decisions, Region, Rules
from conductor_bean.ledger.checking import find_region, problem_at
from conductor_bean.ledger.reading import read_entries

if TYPE_CHECKING:
    from conductor_bean.ledger.problem import Problem

_ANYWHERE = Region(
    id="Region",
    name="Region",
    labour_time=Commodity("HOUR", MAX_DIGITS),
    credits=None,
    other_customs=frozenset(),
    decisions=Decisions(Rules(), []),
)

_TABLE_FAULTS = frozenset(
    {
        "ambiguous-legs",
        "amount-out-of-bounds",
        "commodity-on-other-account",
        "cost-or-price",
        "credits-are-off",
        "derived-without-cause",
        "forbidden-transfer",
        "hours-worked-must-be-positive",
        "labour-time-is-off",
        "mixed-transaction",
        "pad-on-governed-account",
        "too-many-digits",
        "transfer-contradicts-accounts",
        "unbalanced-transaction",
        "unknown-account",
        "unknown-transfer",
        "wrong-commodity",
    }
)


def check_table(entries: list[Any], options_map: dict[str, Any], config: str | None) -> list[Problem]:
    """Every transaction and account that the table of accounts or of transfers does not allow, in order of place."""
    path, region, faults = find_region(options_map, config)
    if region is None and path.exists():
        return faults
    reading = read_entries(entries, region or _ANYWHERE)
    return sorted(
        problem_at(entries[index], rejection)
        for index, rejection in reading.rejected
        if rejection.code in _TABLE_FAULTS
    )
