"""Facts and transactions as an accountant would write them: one blank line between, amounts in one column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.columns import aligned
from conductor_bean.simulation.decisions import DIGITS

if TYPE_CHECKING:
    import datetime

    from conductor_bean.domain.facts import FactType

_COMMODITIES = {"labour_time": "HOUR", "credits": "RSC"}
_AMOUNTS = {"amount": "labour_time", "credits": "credits"}


def number(units: int, economy: str) -> str:
    """Units of an economy's commodity as a number with all digits of its precision."""
    sign = "-" if units < 0 else ""
    digits = DIGITS[economy]
    whole, rest = divmod(abs(units), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}}"


def quoted(text: str) -> str:
    """A text as a Beancount string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def fact_text(
    day: datetime.date, fact_type: FactType, ids: Iterable[str], data: Mapping[str, Any], by: Iterable[str]
) -> str:
    """A custom directive with its metadata.

    Args:
        day: Its date.
        fact_type: Its row in the table of facts, which knows what its values mean.
        ids: Its positional values.
        data: The metadata to write; amounts are in units.
        by: Who acted.
    """
    lines = [f"{day} custom {quoted(fact_type.name)} " + " ".join(quoted(name) for name in ids)]
    lines += [f"  {key}: {_value(fact_type.keys[key].type, value)}" for key, value in data.items()]
    acted = ", ".join(by)
    if acted:
        lines.append(f"  by: {quoted(acted)}")
    return "\n".join(lines) + "\n"


def _value(kind: str, value: object) -> str:
    if kind in _AMOUNTS:
        assert isinstance(value, int)
        return f"{number(value, _AMOUNTS[kind])} {_COMMODITIES[_AMOUNTS[kind]]}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"{value:f}" if isinstance(value, Decimal) else quoted(value) if isinstance(value, str) else str(value)


def transaction_text(
    day: datetime.date,
    head: tuple[str, str, Iterable[str]],
    data: Mapping[str, str],
    legs: Iterable[tuple[str, int, str]],
) -> str:
    """A transaction.

    Args:
        day: Its date.
        head: Payee, narration and links.
        data: Its metadata, as it is written.
        legs: Account, signed units and economy of each leg.
    """
    payee, narration, links = head
    lines = [f"{day} * {quoted(payee)} {quoted(narration)}" + "".join(f" ^{link}" for link in links)]
    lines += [f"  {key}: {value}" for key, value in data.items()]
    lines += [
        aligned(f"  {account}", number(units, economy), _COMMODITIES[economy]) for account, units, economy in legs
    ]
    return "\n".join(lines) + "\n"
