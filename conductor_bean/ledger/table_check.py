"""The table of allowed transfers alone: what can be said of a transaction without knowing the region's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beancount.core.data import Transaction

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.amounts import MAX_DIGITS, Commodity
from conductor_bean.domain.problems import Rejection
from conductor_bean.domain.region import Decisions, Region, Rules
from conductor_bean.domain.transfers import table
from conductor_bean.ledger.checking import find_region
from conductor_bean.ledger.places import Places
from conductor_bean.ledger.reading import read_entries

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Chart
    from conductor_bean.ledger.problem import Problem

_ANYWHERE = Region(
    id="Region",
    name="Region",
    labour_time=Commodity("HOUR", MAX_DIGITS),
    credits=Commodity("RSC", MAX_DIGITS),
    other_customs=frozenset(),
    decisions=Decisions(Rules(), []),
)

_TABLE_FAULTS = frozenset(
    {
        "ambiguous-legs",
        "ambiguous-transfer",
        "amount-out-of-bounds",
        "commodity-on-other-account",
        "cost-or-price",
        "credits-are-off",
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
    region = region or _ANYWHERE
    reading = read_entries(entries, region)
    # Derived transfers stand in the table too: whether their cause exists is a question of state, not asked here.
    places = Places(options_map, path, region.table)
    faults = [places.problem(entries[i], fault) for i, fault in reading.rejected if fault.code in _TABLE_FAULTS]
    faults += [
        places.problem(entries[i], fault)
        for i, fault in reading.rejected
        if fault.code == "derived-without-cause" and _moves_credits_unnamed(entries[i], reading.chart)
    ]
    faulty = {index for index, fault in reading.rejected if fault.code in _TABLE_FAULTS}
    for index, entry in enumerate(entries):
        if isinstance(entry, Transaction) and index not in faulty:
            fault = _against_the_row(entry, reading.chart)
            if fault is not None:
                faults.append(places.problem(entry, fault))
    return sorted(faults)


def _moves_credits_unnamed(entry: Any, chart: Chart) -> bool:
    """Whether a transaction moves credits as only the engine may, and does not even say as what.

    Stateless, a named leg may be right; an unnamed one from a company to a person is what the table forbids above all.
    """
    if not isinstance(entry, Transaction) or "derived-from" in entry.meta:
        return False
    accounts = [chart.find(posting.account) for posting in entry.postings]
    named = any("transfer" in (posting.meta or {}) or "hours" in (posting.meta or {}) for posting in entry.postings)
    return not named and all(account is not None and account.economy == CREDITS for account in accounts)


def _against_the_row(entry: Transaction, chart: Chart) -> Rejection | None:
    """A leg that names its transfer but goes the other way; reversals mirror their event and may."""
    if str(entry.meta.get("derived-from", "")).startswith("reversal "):
        return None
    for index, posting in enumerate(entry.postings):
        row = table().get(str((posting.meta or {}).get("transfer")))
        account = chart.find(posting.account)
        if row is None or account is None or (account.kind in row.debits) == (account.kind in row.credits):
            continue
        right = -1 if account.kind in row.debits else 1
        if posting.units.number * right < 0:
            side = "debits" if right < 0 else "credits"
            return Rejection(
                "forbidden-transfer",
                f"{row.name} {side} {account.kind}; {posting.account} goes the other way",
                leg=index,
            )
    return None
