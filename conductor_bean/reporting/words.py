"""Values in the words of a report: short numbers, sums, dates."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from conductor_bean.domain.amounts import decimal_text

NONE = "–"
NOT_TOLD = "not told"
"""Stand for what there is not, and for what a public edition does not tell."""

LONGEST = 300
"""How many characters of a text are shown: names and titles come from anybody."""

LOST = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that cannot be shown."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Invisible, but scripts are written with them."""


def visible(text: str, limit: int = LONGEST) -> str:
    """A text of one line without characters that would change what stands around it, cut to a length."""
    shown = " ".join(text[: 2 * limit].split())
    shown = "".join(one if one.isprintable() or one in _JOINERS else LOST for one in shown)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def short(value: object, digits: int) -> str:
    """A decimal text rounded to some digits after the point where it has more, a dash where it is missing."""
    if value is None:
        return NONE
    text = str(value)
    _, _, fraction = text.partition(".")
    return text if len(fraction) <= digits else f"{Decimal(text):.{digits}f}"


def dash(value: object) -> str:
    """A value as text, a dash where there is none."""
    return NONE if value is None or value == "" else str(value)


def percent(value: object, digits: int = 0) -> str:
    """A share as a percentage."""
    rounded = round(Decimal(str(value)) * 100, digits).normalize()
    return f"{rounded:f} %"


def moment(instant: object) -> str:
    """An instant as a person reads it: the end of a date, a morning, or date and time."""
    date, _, time = str(instant or "").partition("T")
    if time == "23:59:59.999999":
        return f"the end of {date}"
    return date if time in ("", "00:00:00") else f"{date} {time}"


def date_of(instant: object) -> str:
    """The date of an instant, a dash where there is none."""
    return str(instant)[:10] if instant else NONE


def plain(name: object) -> str:
    """The name of a transfer or a kind of account in words."""
    return str(name).replace("_", " ")


def total(values: Iterable[object], like: str = "") -> str | None:
    """The sum of decimal texts, None where one of them is not known.

    Args:
        values: The texts, or None.
        like: A decimal text with as many digits after the point as the sum has at least.
    """
    found = Decimal(0)
    digits = len(like.partition(".")[2])
    for value in values:
        if value is None:
            return None
        number = Decimal(str(value))
        digits = max(digits, len(str(value).partition(".")[2]))
        found += number
    return decimal_text(found) if not digits else f"{found:.{digits}f}"
