"""What people type, read as values: ids that must exist, numbers with a point, names of accounts."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.amounts import Commodity, within_bounds
from conductor_bean.domain.problems import did_you_mean, quoted
from conductor_bean.recording.text import MistakeError

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.machine import Machine

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_YES = ("true", "yes", "1")
_NO = ("false", "no", "0", "")
WORDS = {"treasury": "treasury", "outside": "outside", "issuance": "issuance"}
"""Words for accounts that nobody in particular owns; no id begins in lower case."""

_UNKNOWN = {
    "party": ("member or company", "member-not-found"),
    "consumer": ("consumer", "consumer-does-not-exist"),
    "consumable": ("plan or basic service", "plan-not-found"),
    "outside-loan": ("outside-loan", "loan-not-found"),
}
"""What is said of an id that does not exist, and its code, where the shape alone does not say it."""


def number(name: str, text: str, unit: str = "") -> Decimal:
    """A number as people type it, with the commodity behind it if they like.

    Args:
        name: What it is.
        text: What was typed.
        unit: The commodity in which it counts.

    Raises:
        MistakeError: It is no plain number.
    """
    plain = text.strip().removesuffix(unit).strip() if unit else text.strip()
    if _NUMBER.fullmatch(plain) is None:
        comma = "; write a point, not a comma" if _NUMBER.fullmatch(plain.replace(",", ".")) else ""
        like = f"4.50 {unit}" if unit else "3"
        raise MistakeError(name, f"{name} is {quoted(text)}, which is no number such as {like}{comma}")
    value = Decimal(plain)
    if not within_bounds(value):
        raise MistakeError(name, f"{name} is {quoted(text)}; amounts stay below 10^15")
    return value


def units(name: str, text: str, commodity: Commodity) -> int:
    """An amount in units of a commodity.

    Raises:
        MistakeError: It is no number, or finer than the commodity's precision.
    """
    value = number(name, text, commodity.name)
    found = commodity.units(value)
    if found is None:
        raise MistakeError(
            name,
            f"{name} is {value:f}, finer than the precision {commodity.precision} of {commodity.name}; write "
            f"{commodity.nearest(value)}",
        )
    return found


def flag(name: str, text: str) -> bool:
    """TRUE or FALSE.

    Raises:
        MistakeError: It is neither.
    """
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise MistakeError(name, f"{name} is {quoted(text)}; write yes or no")


def known(machine: Machine, shape: str, text: str) -> str:
    """An id that exists at that time.

    Raises:
        Rejection: There is none such, as the engine says it; the nearest is named.
    """
    kind, code = _UNKNOWN.get(shape, (shape, f"{shape}-not-found"))
    machine.context.known(things(machine, shape), kind, text, code)
    return text


def things(machine: Machine, shape: str) -> Mapping[str, object]:
    """Ids of what a shape of value names; none where it names nothing that exists before."""
    state, credit = machine.state, machine.state.credits
    kept: dict[str, Mapping[str, object]] = {
        "accountant": state.accountants,
        "member": state.members,
        "company": state.companies,
        "party": {**state.members, **state.companies},
        "consumer": {**state.members, **state.companies},
        "lessee": {**state.members, **state.companies, "outside": None},
        "plan": state.plans,
        "service": state.services,
        "consumable": {**state.plans, **state.services},
        "cooperation": state.cooperations,
        "offer": credit.offers,
        "property": credit.properties,
        "asset": credit.assets,
        "loan": credit.loans,
        "outside-loan": credit.outside_loans,
        "bank": credit.banks,
        "pool": credit.pools,
        "region": credit.regions,
    }
    return kept.get(shape, {})


def owners(machine: Machine, kind: str) -> Collection[str]:
    """Who owns an account of a kind; the word for it where it has no owner."""
    if "*" not in KINDS[kind].patterns[0]:
        return [kind]
    shape = {"neighbour": "region"}.get(KINDS[kind].owner_type, KINDS[kind].owner_type)
    return things(machine, shape)


def account(machine: Machine, name: str, text: str, kinds: Collection[str]) -> Account:
    """The account of one of some kinds that a word or an id names.

    Raises:
        MistakeError: There is none.
    """
    everybody: list[str] = []
    for kind in kinds:
        candidates = owners(machine, kind)
        if text in candidates:
            return machine.context.chart.of(kind, "" if text in WORDS else text)
        everybody += candidates
    raise MistakeError(name, f"{quoted(text)} is no {_told(kinds)}{did_you_mean(text, everybody)}")


def _told(kinds: Collection[str]) -> str:
    names = [KINDS[kind].owner_type if "*" in KINDS[kind].patterns[0] else kind for kind in kinds]
    return " or ".join("region" if name == "neighbour" else name for name in names)
