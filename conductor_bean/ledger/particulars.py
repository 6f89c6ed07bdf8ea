"""What a transaction says besides its legs: hours of wages, approvals, inputs, quantities, its id."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core.amount import Amount

from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.events import Particulars

if TYPE_CHECKING:
    from beancount.core.data import Transaction

    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.domain.transfers import TransferType
    from conductor_bean.engine.events import Transfer

_MAX_ID = 200


def read_particulars(
    entry: Transaction, row: TransferType, transfers: list[Transfer], labour_time: Commodity
) -> Particulars | None:
    """What a transaction on credits says besides its legs, or None where it says nothing more.

    Raises:
        Rejection: `malformed-metadata`.
    """
    meta = entry.meta
    hours: tuple[int | Decimal | None, ...] = ()
    if row.name == "wage":
        legs = [(posting.account, posting.meta or {}) for posting in entry.postings]
        # The same wallet may stand here again, charged with the tax on the wage.
        written = {account: meta.get("hours") for account, meta in legs if meta.get("transfer", row.name) == row.name}
        hours = tuple(_worked(written.get(transfer.credit.name), labour_time) for transfer in transfers)
    if "by" not in meta and "input" not in meta and not hours:
        return None
    return Particulars(_names(meta.get("by")), _text("input", meta.get("input")), hours)


def decimal_quantity(quantity: Any, row: TransferType) -> Decimal | None:
    """The quantity of a purchase; of other sales it is welcome.

    Raises:
        Rejection: `missing-quantity` or `malformed-metadata`.
    """
    if quantity is None:
        if row.name == "purchase":
            raise Rejection("missing-quantity", "a purchase says how much of the offer: add quantity: (such as 3)")
        return None
    if not isinstance(quantity, Decimal) or not within_bounds(quantity):
        raise Rejection("malformed-metadata", "quantity: is not a number; write a positive one such as 3 or 0.5")
    return quantity


def welcome_quantity(quantity: Any) -> Decimal | None:
    """The quantity of what no rule asks a quantity of, so that a part of it can be reversed; None where it is none."""
    return quantity if isinstance(quantity, Decimal) and within_bounds(quantity) and quantity > 0 else None


def read_shown(meta: dict[str, Any], hour: str) -> dict[str, Decimal]:
    """What the text shows of `fic:` and `price:`, which the engine writes.

    Args:
        meta: The transaction's metadata.
        hour: The name of labour time's commodity.

    Raises:
        Rejection: `malformed-metadata`.
    """
    shown = {}
    for key in ("fic", "price"):
        value = meta.get(key)
        if isinstance(value, Amount) and value.currency == hour:
            value = value.number
        if isinstance(value, Decimal) and value.is_finite():
            shown[key] = value
        elif value is not None:
            raise Rejection("malformed-metadata", f"{key}: is not a number; remove it, the engine adds what is right")
    return shown


def event_id(value: object) -> str:
    """The id by which a reversal finds a transaction.

    Raises:
        Rejection: `malformed-metadata`.
    """
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > _MAX_ID:
        raise Rejection("malformed-metadata", 'id: is not a plain text; write it in quotes, such as id: "2026-0042"')
    return value


def _worked(value: Any, labour_time: Commodity) -> int | Decimal | None:
    """Hours of a wage as units; what is no positive amount of them stays as it is, for the engine to refuse."""
    if isinstance(value, Amount):
        value = value.number
    if value is None:
        return None
    if not isinstance(value, Decimal) or not within_bounds(value):
        raise Rejection("malformed-metadata", "hours: is not a number; write the hours worked, such as 8")
    units = labour_time.units(value)
    return value if units is None or units <= 0 else units


def _names(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, str):
        raise Rejection(
            "malformed-metadata", 'by: is not names in quotes, separated by commas; write by: "carla, dora"'
        )
    return tuple(name for name in (part.strip() for part in value.split(",")) if name)


def _text(key: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejection("malformed-metadata", f"{key}: is not a text in quotes; write it so")
    return value
