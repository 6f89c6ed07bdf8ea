"""Transactions put together: legs with amounts, and what stands above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from beancount.core.amount import Amount

from conductor_bean.domain.amounts import Commodity, decimal_text
from conductor_bean.domain.transfers import recorded_between
from conductor_bean.recording.text import Leg, TransactionDraft

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.recording.asked import Asked
    from conductor_bean.recording.text import Value

_ORDER = ("time", "transfer", "by", "input", "quantity", "id")


def transaction(
    asked: Asked,
    who: str,
    told: str,
    legs: Sequence[tuple[Account, int]],
    commodity: Commodity,
    *,
    link: str = "",
    meta: Mapping[str, Value] | None = None,
) -> TransactionDraft:
    """A transaction on accounts of one commodity.

    Args:
        asked: What was typed.
        who: The payee, unless another was typed.
        told: The narration, unless another was typed.
        legs: Each account with its signed units, the one that is charged first.
        commodity: Their commodity.
        link: What it is about, "" for nothing.
        meta: Metadata besides what every transaction may have.
    """
    written = tuple(Leg(account.name, amount_of(commodity, units)) for account, units in legs)
    more = dict(meta or {})
    rows = recorded_between().get((legs[0][0].kind, legs[-1][0].kind), ())
    if len(rows) > 1 and asked.kind.transfer:
        more["transfer"] = asked.kind.transfer
    return with_legs(asked, who, told, written, link=link, meta=more)


def with_legs(
    asked: Asked, who: str, told: str, legs: tuple[Leg, ...], *, link: str = "", meta: Mapping[str, Value] | None = None
) -> TransactionDraft:
    """A transaction with legs as they are."""
    found: dict[str, Value] = {"time": asked.time, "by": asked.by, "id": asked.id or "", **(meta or {})}
    ordered = {key: found[key] for key in _ORDER if found.get(key, "") != ""}
    links = tuple(dict.fromkeys(name for name in (link, *asked.links) if name))
    return TransactionDraft(
        asked.date,
        who if asked.payee is None else asked.payee,
        told if asked.narration is None else asked.narration,
        links,
        ordered,
        legs,
    )


def amount_of(commodity: Commodity, units: int) -> Amount:
    """Units of a commodity as an amount with all digits of its precision."""
    return Amount(commodity.number(units), commodity.name)


def plain_number(commodity: Commodity, units: int) -> str:
    """Units as a number without needless zeros: 8, 7.5."""
    number = commodity.number(units)
    return decimal_text(number.normalize() if number else Decimal(0))


def told_quantity(quantity: Decimal, unit: str, product: str) -> str:
    """What a quantity is of: `3 x loaf of Sourdough`."""
    shown = decimal_text(quantity)
    return f"{shown} x {product}, {unit}" if unit else f"{shown} x {product}"
