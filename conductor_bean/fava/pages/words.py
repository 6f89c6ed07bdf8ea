"""Values in the words of a page: short numbers, shares, dates, periods, filters."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from conductor_bean.domain.instants import parse_month

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


def short(value: str, digits: int) -> str:
    """A decimal text rounded to some digits after the point where it has more."""
    _, _, fraction = value.partition(".")
    return value if len(fraction) <= digits else f"{Decimal(value):.{digits}f}"


def percent(value: object, digits: int = 2) -> str:
    """A share as a percentage, with as many digits as it needs up to some."""
    exact = Decimal(str(value)) * 100
    rounded = round(exact, digits).normalize()
    return f"{rounded:f} %"


def moment(instant: object) -> str:
    """An instant as a person reads it: the end of a date, a morning, or date and time."""
    date, _, time = str(instant or "").partition("T")
    if time == "23:59:59.999999":
        return f"the end of {date}"
    return date if time in ("", "00:00:00") else f"{date} {time}"


def date_of(instant: object) -> str:
    """The date of an instant."""
    return str(instant)[:10]


def plain(name: object) -> str:
    """The name of a transfer or kind of account in words."""
    return "" if name is None else str(name).replace("_", " ")


def period_dates(period: object) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last date of `2026`, `2026-Q1` or `2026-03`, None of anything else."""
    match = _PERIOD.fullmatch(str(period))
    if match is None or not 1 <= int(match[1]) <= 9998:
        return None
    year, quarter, month = int(match[1]), match[2], match[3]
    first = 1 if month is None and quarter is None else int(month or 3 * int(quarter) - 2)
    last = first + (0 if month else 2 if quarter else 11)
    following = datetime.date(year + last // 12, last % 12 + 1, 1)
    return datetime.date(year, first, 1), following - datetime.timedelta(days=1)


def is_month(value: str) -> bool:
    """Whether a text is a month, `2026-03`."""
    return parse_month(value) is not None


def transfer_filter(name: str) -> str:
    """Fava's filter for entries of a transfer, in a private ledger (on its postings) and in an edition (on it)."""
    return f'any(transfer:"^{name}$"), transfer:"^{name}$"'


def link_filter(name: str) -> str:
    """Fava's filter for entries that carry a link."""
    return f"^{name}"
