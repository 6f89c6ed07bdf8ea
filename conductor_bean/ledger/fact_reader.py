"""Custom directives to facts (LANGUAGE.md, "Facts: custom directives")."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core.account import ACC_COMP_NAME_RE
from beancount.core.amount import Amount
from regex import compile as compile_unicode  # Beancount matches account names with it: unicode classes

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.facts import (
    DIGEST,
    FACT_TYPES,
    LESSEE,
    LINK,
    MONTH,
    PARTY,
    PERSON,
    REQUIRED,
    SEAL_FORMAT,
    FactType,
    Key,
)
from conductor_bean.domain.instants import DAY, parse_month
from conductor_bean.domain.problems import Rejection, did_you_mean, printable, quoted
from conductor_bean.engine.events import Fact

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.domain.region import Region
    from conductor_bean.ledger.moments import Clock

_MAX_ID = 200
_MIN_COUNT = {"months": 1}
_MAX_COUNT = {"days": 36_500, "quantity": 10**15 - 1, "months": 1_200}
_MAX_DIGITS = 28

_SHAPES = {
    PARTY: (compile_unicode(ACC_COMP_NAME_RE), "an account component such as Ada or M-0042"),
    LESSEE: (compile_unicode(f"outside|(?:{ACC_COMP_NAME_RE})"), 'an account component such as Ada, or "outside"'),
    LINK: (compile_unicode(r"[A-Za-z0-9\-_/.]+"), "a link such as bread-2026 (letters, digits, - _ / .)"),
    PERSON: (compile_unicode(r"[^\s,\p{C}](?:[^,\p{C}]*[^\s,\p{C}])?"), "a name without a comma"),
    DIGEST: (compile_unicode(r"sha256:[0-9a-f]{64}"), "sha256: and 64 hexadecimal digits"),
}
_FORMATS = " or ".join(str(form) for form in range(1, SEAL_FORMAT + 1))
_INTERNAL = {"filename", "lineno", "time", "by"}


class FactReader:
    """Reads custom directives as facts of a region."""

    def __init__(self, region: Region, clock: Clock) -> None:
        self._region = region
        self._clock = clock

    def concerns(self, entry: Custom) -> bool:
        """Whether a custom directive is ours to judge, and not Fava's or the region's own affair."""
        name = entry.type
        return not (name.startswith("fava-") or (name in self._region.other_customs and name not in FACT_TYPES))

    def read(self, entry: Custom, source: int) -> Fact:
        """The fact that a directive states.

        Raises:
            Rejection: A fault of form.
        """
        fact_type = self._type(entry)
        ids = self._ids(entry, fact_type)
        instant = self._clock.instant(entry.date, entry.meta)
        if fact_type.timeless:
            if "time" in entry.meta:
                raise Rejection(
                    "unknown-metadata", f"{fact_type.name} takes no time:; it applies after everything of its date"
                )
            instant += DAY - 1
        return Fact(instant, fact_type, ids, self._data(entry, fact_type), _by(entry, fact_type), source)

    def _type(self, entry: Custom) -> FactType:
        fact_type = FACT_TYPES.get(entry.type)
        if fact_type is not None:
            if fact_type.economy and self._region.commodity(fact_type.economy) is None:
                off = fact_type.economy.replace("_", "-")
                what = "regional credits" if fact_type.economy == CREDITS else "labour time"
                raise Rejection(
                    f"{off}-are-off" if fact_type.economy == CREDITS else f"{off}-is-off",
                    f"custom {quoted(entry.type)} belongs to {what}, which this region has not switched on; remove it",
                )
            return fact_type
        raise Rejection(
            "unknown-fact",
            f"custom {quoted(entry.type)} is no fact of the language; list it under other_customs in region.yaml "
            "if it is the region's own affair" + did_you_mean(entry.type, FACT_TYPES),
        )

    @staticmethod
    def _ids(entry: Custom, fact_type: FactType) -> tuple[str, ...]:
        expected = " ".join(f'"{name}"' for name, _ in fact_type.values)
        values = entry.values or []
        most = len(fact_type.values)
        if not most - fact_type.optional <= len(values) <= most:
            raise Rejection(
                "wrong-values", f'custom "{fact_type.name}" takes {most} value(s), {expected}; found {len(values)}'
            )
        ids = []
        for value, (name, shape) in zip(values, fact_type.values, strict=False):
            if value.dtype is not str:
                raise Rejection(
                    "wrong-values", f'the {name} of custom "{fact_type.name}" is not a quoted string; write {expected}'
                )
            check_shape(value.value, name, shape)
            ids.append(value.value)
        return tuple(ids)

    def _data(self, entry: Custom, fact_type: FactType) -> dict[str, Any]:
        keys = fact_type.keys
        for key in entry.meta:
            if key not in keys and key not in _INTERNAL and not key.startswith("__"):
                own = (*keys, "by") if fact_type.timeless else (*keys, "time", "by")
                known = ", ".join(f"{name}:" for name in own)
                raise Rejection(
                    "unknown-metadata",
                    f"{quoted(key + ':')} is no metadata of {fact_type.name}; it has {known}" + did_you_mean(key, own),
                )
        data = {}
        for name, key in keys.items():
            if name in entry.meta and entry.meta[name] is not None:
                data[name] = self._value(name, key, entry.meta[name])
            elif key.default is REQUIRED:
                raise Rejection(
                    "missing-metadata", f"{fact_type.name} {quoted(str(entry.values[0].value))} lacks {name}:; add it"
                )
            else:
                data[name] = key.default
        return data

    def _value(self, name: str, key: Key, value: Any) -> Any:
        if key.type == "text":
            return _expect(name, value, isinstance(value, str), "a quoted text")
        if key.type == "member":
            check_shape(_expect(name, value, isinstance(value, str), "the id of a member in quotes"), name, PARTY)
            return value
        if key.type == "choice":
            return _expect(
                name,
                value,
                isinstance(value, str) and value in key.choices,
                " or ".join(f'"{choice}"' for choice in key.choices),
            )
        if key.type == "flag":
            return _expect(name, value, isinstance(value, bool), "TRUE or FALSE")
        if key.type == "rate":
            return _expect(name, value, _is_rate(value), "a number from 0 to 1, with 28 digits at most")
        if key.type in ("hours", "quantity"):
            # A quantity that is not positive is refused by the engine, as that of a transaction.
            holds = _is_number(value) and (value > 0 or key.type == "quantity") and abs(value) < _MAX_COUNT["quantity"]
            return _expect(name, value, holds, "a positive number")
        if key.type == "count":
            least, limit = _MIN_COUNT.get(name, 0), _MAX_COUNT[name]
            whole = _is_number(value) and value == value.to_integral_value()
            _expect(name, value, whole and abs(value) <= limit, f"a whole number from {least} to {limit}")
            _check_not_negative(name, value, "negative-amount" if name == "months" else "negative-plan-input")
            _expect(name, value, value >= least, f"a whole number from {least} to {limit}")
            return int(value)
        if key.type == "format":
            return int(_expect(name, value, _is_number(value) and value in range(1, SEAL_FORMAT + 1), _FORMATS))
        if key.type == "digest":
            pattern, right = _SHAPES[DIGEST]
            return _expect(name, value, isinstance(value, str) and pattern.fullmatch(value) is not None, right)
        in_credits = key.type == "credits"
        commodity = self._region.credits if in_credits else self._region.labour_time
        return self._amount(name, value, commodity, "negative-amount" if in_credits else "negative-plan-input")

    @staticmethod
    def _amount(name: str, value: Any, commodity: Commodity | None, negative: str) -> int:
        if commodity is None:
            raise Rejection("labour-time-is-off", f"{name}: counts labour time, which this region has not switched on")
        if isinstance(value, Amount):
            if value.currency != commodity.name:
                raise Rejection("wrong-commodity", f"{name}: is in {value.currency}; write it in {commodity.name}")
            value = value.number
        _expect(name, value, _is_number(value), f"an amount such as 100 {commodity.name}")
        _check_not_negative(name, value, negative)
        if not within_bounds(value):
            raise Rejection("amount-out-of-bounds", f"{name}: is 10^15 or more; amounts stay below that")
        units = commodity.units(value)
        if units is None:
            raise Rejection(
                "too-many-digits",
                f"{name}: {value:.28g} is finer than the precision {commodity.precision} of {commodity.name}; "
                f"write {commodity.nearest(value)}",
            )
        return units


def check_shape(value: str, name: str, shape: str) -> None:
    """Hold that a text can be an id of some shape.

    Args:
        value: The text.
        name: What it is the id of, for the message.
        shape: One of the shapes in domain/facts.py.

    Raises:
        Rejection: It cannot be one.
    """
    if len(value) > _MAX_ID:
        raise Rejection("invalid-id", f"the {name} is {len(value)} characters long; {_MAX_ID} at most")
    if shape == MONTH:
        if parse_month(value) is None:
            raise Rejection("invalid-id", f'the {name} is {quoted(value)}; write it as "2026-01"')
    elif shape in _SHAPES:
        pattern, right = _SHAPES[shape]
        if pattern.fullmatch(value) is None:
            raise Rejection("invalid-id", f"the {name} is {quoted(value)}; it must be {right}")


def _expect(name: str, value: Any, holds: bool, right: str) -> Any:  # noqa: FBT001 - reads as a sentence at each call
    if not holds:
        raise Rejection("malformed-metadata", f"{name}: is {_shown(value)}; write {right}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def _is_rate(value: Any) -> bool:
    return (
        _is_number(value)
        and 0 <= value <= 1
        and len(value.as_tuple().digits) <= _MAX_DIGITS
        and (value.adjusted() >= -_MAX_DIGITS)
    )


def _check_not_negative(name: str, value: Decimal, code: str) -> None:
    if value < 0:
        raise Rejection(code, f"{name}: is {value:.28g}; costs, prices, quantities and days are not negative")


def _shown(value: Any) -> str:
    """A value as it would stand in the ledger: quotes around texts only."""
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    return ("TRUE" if value else "FALSE") if isinstance(value, bool) else printable(str(value)[:40])


def _by(entry: Custom, fact_type: FactType) -> tuple[str, ...]:
    if entry.meta.get("by") is None:
        if fact_type.by_required:
            raise Rejection("missing-metadata", f'{fact_type.name} names who acted; add by:, such as by: "carla"')
        return ()
    text = entry.meta["by"]
    _expect("by", text, isinstance(text, str), "names in quotes, separated by commas")
    names = tuple(name for name in re.split(r"\s*,\s*", text.strip()) if name)
    _expect("by", text, bool(names), "the name of who acted")
    return names
