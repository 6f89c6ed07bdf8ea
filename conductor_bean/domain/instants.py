"""Instants: points in time as exact integers.

An instant is the number of microseconds (UTC) since the start of day one of the proleptic Gregorian calendar, so
that `instant // DAY` is `date.toordinal()`. Integers sort, add and divide exactly, which the factor of individual
consumption needs (it counts whole days between instants).
"""

from __future__ import annotations

import calendar
import datetime
import re

SECOND = 1_000_000
DAY = 86_400 * SECOND

FIRST_DATE = datetime.date(1900, 1, 1)
LAST_DATE = datetime.date(2199, 12, 31)

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,6}))?", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](.+?)Z?)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def start_of(date: datetime.date) -> int:
    """The first instant of a date, 00:00:00."""
    return date.toordinal() * DAY


def end_of(date: datetime.date) -> int:
    """The last instant of a date that the language can write, 23:59:59.999999."""
    return date.toordinal() * DAY + DAY - 1


def date_of(instant: int) -> datetime.date:
    """The date on which an instant lies."""
    return datetime.date.fromordinal(instant // DAY)


def parse_time(text: str) -> int | None:
    """Microseconds since midnight of `HH:MM:SS[.ffffff]`, or None where the text is not such a time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction = match.groups()
    microseconds = int((fraction or "").ljust(6, "0"))
    return ((int(hour) * 60 + int(minute)) * 60 + int(second)) * SECOND + microseconds


def parse_instant(text: str) -> int | None:
    """The instant of `YYYY-MM-DD` (its end) or `YYYY-MM-DDTHH:MM:SS[.ffffff]`, or None."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        return None
    try:
        date = datetime.date.fromisoformat(match[1])
    except ValueError:
        return None
    if match[2] is None:
        return end_of(date)
    time = parse_time(match[2])
    return None if time is None else start_of(date) + time


def format_time(instant: int) -> str:
    """The time of day of an instant, as `time:` metadata writes it."""
    seconds, microseconds = divmod(instant % DAY, SECOND)
    minutes, second = divmod(seconds, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
    return f"{text}.{microseconds:06}" if microseconds else text


def format_instant(instant: int) -> str:
    """`YYYY-MM-DDTHH:MM:SS`, with `.ffffff` where the instant has a fraction of a second."""
    return f"{date_of(instant).isoformat()}T{format_time(instant)}"


def parse_month(text: str) -> tuple[int, int] | None:
    """Year and month of `YYYY-MM`, or None."""
    match = _MONTH.fullmatch(text)
    return None if match is None else (int(match[1]), int(match[2]))


def last_day_of(year: int, month: int) -> datetime.date:
    """The last date of a month."""
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def month_of(instant: int) -> str:
    """The month `YYYY-MM` in which an instant lies."""
    return date_of(instant).isoformat()[:7]


def days_of(month: str) -> range:
    """The days of a month, as ordinals (`instant // DAY`)."""
    parsed = parse_month(month)
    if parsed is None:
        raise ValueError(f"not a month: {month!r}")
    first = datetime.date(*parsed, 1).toordinal()
    return range(first, first + calendar.monthrange(*parsed)[1])


def last_date(month: str) -> datetime.date:
    """The last date of a month `YYYY-MM`."""
    return datetime.date.fromordinal(days_of(month)[-1])


def month_number(month: str) -> int:
    """Months since year 0, so that months can be subtracted."""
    parsed = parse_month(month)
    if parsed is None:
        raise ValueError(f"not a month: {month!r}")
    return parsed[0] * 12 + parsed[1] - 1


def month_from_number(number: int) -> str:
    """The month of such a number."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def years_later(instant: int, years: int) -> int:
    """The same time of the same date some years later; 29 February becomes 1 March where there is none."""
    date = date_of(instant)
    if date.year + years > datetime.MAXYEAR:
        return start_of(datetime.date.max)
    try:
        later = date.replace(year=date.year + years)
    except ValueError:
        later = datetime.date(date.year + years, 3, 1)
    return start_of(later) + instant % DAY
