"""Single values as foreign files write them: numbers, dates, times and durations, exact or refused."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import RowFault

Cell = str | Decimal | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta | None
"""What stands in a cell: text in CSV, typed values in a spreadsheet."""

DAY_MONTH, MONTH_DAY, YEAR_MONTH_DAY = "day-month", "month-day", "year-month-day"
COMMA, POINT = ",", "."

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<body>\d[\d.,'\u2019 ]*)", re.ASCII)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DATE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:\.(\d{1,6}))?)?\s*(?:([AaPp])\.?\s?(?:[Mm]\.?)?)?", re.ASCII)
_DURATION = re.compile(r"(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_HOURS = r"h(?:(?:ou)?rs?)?|std\.?|stunden?"
_MINUTES = r"m(?:in(?:ute)?[ns]?)?\.?"
_SECONDS = r"s(?:ec(?:ond)?s?|ek(?:unden?)?)?\.?"
_UNITS = re.compile(
    rf"(?P<minus>-?)(?:(?P<h>\d{{1,6}}) ?(?:{_HOURS}))?"
    rf"(?: ?(?P<m>\d{{1,6}}) ?(?:{_MINUTES}|(?P<bare>$)))?(?: ?(?P<s>\d{{1,6}}) ?(?:{_SECONDS}))?",
    re.ASCII | re.IGNORECASE,
)
"""`2 h 05`, `1h 30m`, `90 min`, `45 sec`."""
_CLOCKED = re.compile(
    rf"(?P<minus>-?)(?P<first>\d{{1,6}}):(?P<second>[0-5]\d) ?(?:(?P<h>{_HOURS})|{_MINUTES})", re.ASCII | re.IGNORECASE
)
"""`18:25 min` and `7:30 h`."""
_DECIMAL_HOURS = re.compile(rf"([+-]?\d[\d.,]*) ?(?:{_HOURS})", re.ASCII | re.IGNORECASE)
OFFSET = re.compile(r"(.*\d)\s*(Z|[+-]\d{2}:?\d{2})", re.ASCII)
"""A time with its offset from UTC."""
STAMP = re.compile(r"(\S+?)(?:T|\s+)(\d{1,2}[:.]\d{2}.*)", re.ASCII)
"""A date and a time in one."""
_LONGEST_NUMBER = 40
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "))
_FORMULA = "a formula: spreadsheets compute it, files of data hold the result; write the value instead"


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return text[:1] in ("=", "@") or (text[:1] in ("+", "-") and not re.match(r"[+-][\d.,]", text))


def number(cell: Cell, mark: str | None) -> Decimal:
    """A number.

    Args:
        cell: Text or a number of a spreadsheet.
        mark: The decimal mark of the file, or None where no number of it told: then `1.234` is not read.

    Raises:
        RowFault: It is none, or could mean two.
    """
    if isinstance(cell, Decimal):
        return cell
    text = _text(cell, "a number")
    if looks_like_formula(text):
        raise RowFault(f"{quoted(text)} is {_FORMULA}")
    match = _NUMBER.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if match is None:
        raise RowFault(f"{quoted(text)} is no number; write it as 12.50")
    body = match["body"]
    own = decimal_mark_of(text)
    if mark is None and own is None and _separators(body):
        raise RowFault(
            f"{quoted(text)} could be {body.replace('.', '').replace(',', '')} or "
            f'{body.replace(",", ".")}; say decimal_mark: "," or "." in mapping.yaml, or with --decimal-mark'
        )
    if own is not None and mark is not None and own != mark:
        raise RowFault(f"{quoted(text)} is not written with the decimal mark {quoted(mark)} of this file")
    whole, _, fraction = body.partition(own or mark or POINT)
    first, *groups = re.split(r"[.,'\u2019 ]", whole)
    if (fraction and not fraction.isdigit()) or any(len(group) != 3 for group in groups) or (groups and len(first) > 3):
        raise RowFault(f"{quoted(text)} is no number; write it as 1250.50")
    return Decimal(f"{match['sign']}{first}{''.join(groups)}" + (f".{fraction}" if fraction else ""))


def decimal_mark_of(text: str) -> str | None:
    """The decimal mark that a number shows beyond doubt, or None where it shows none."""
    match = _NUMBER.fullmatch(text.strip())
    found = _separators(match["body"]) if match else []
    if not found:
        return None
    last = found[-1]
    body = match["body"] if match else ""
    whole, _, fraction = body.rpartition(last)
    if len(set(found)) > 1:
        return last if found.count(last) == 1 else None
    if len(found) > 1:
        return POINT if last == COMMA else COMMA  # 1.234.567: it can only divide thousands
    if len(fraction) != 3 or whole.startswith("0") or len(whole) > 3:
        return last
    return None


def _separators(body: str) -> list[str]:
    return [character for character in body if character in ".,"]


def date(cell: Cell, order: str | None) -> datetime.date:
    """A date.

    Args:
        cell: Text, or a date of a spreadsheet.
        order: How the file orders day and month, or None where nothing told: then `03/04/2026` is not read.

    Raises:
        RowFault: It is none, or could mean two.
    """
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    if isinstance(cell, Decimal):
        raise RowFault(f"{cell} is a number, no date; format the column as a date, or write 2026-03-02")
    text = _text(cell, "a date")
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _real(text, int(iso[1]), int(iso[3]), int(iso[4]))
    match = _DATE.fullmatch(text)
    if match is None:
        raise RowFault(f"{quoted(text)} is no date; write it as 2026-03-02")
    if len(match[4]) != 4:
        raise RowFault(f"{quoted(text)} has a year of two digits; write it as 2026-03-02")
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    own = date_order_of(text)
    if order in (DAY_MONTH, MONTH_DAY) and own is not None and own != order:
        raise RowFault(f"{quoted(text)} is not written as {order}, as the other dates of this file are")
    chosen = own or order
    if chosen not in (DAY_MONTH, MONTH_DAY) and first != second:
        raise RowFault(
            f"{quoted(text)} could be {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}; say date_order: "
            "day-month or month-day in mapping.yaml, or with --date-order"
        )
    day, month = (second, first) if chosen == MONTH_DAY else (first, second)
    return _real(text, year, month, day)


def date_order_of(text: str) -> str | None:
    """The order of day and month that a date shows beyond doubt, or None."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > 12:
        return DAY_MONTH  # 02.03.2026 is written with points only where the day comes first
    return MONTH_DAY if second > 12 else None


def _real(text: str, year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise RowFault(f"{quoted(text)} is no date of the calendar; write it as 2026-03-02") from None


def time(cell: Cell) -> datetime.time:
    """A time of day: `13:42`, `13:42:29` or `1:42 PM`.

    Raises:
        RowFault: It is none.
    """
    if isinstance(cell, datetime.datetime):
        return cell.time()
    if isinstance(cell, datetime.time):
        return cell
    text = _text(cell, "a time")
    match = _TIME.fullmatch(text)
    if match is not None:
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if match[5] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if match[5] in "Pp" else 0)
        elif match[5]:
            hour = 24
        if hour < 24 and minute < 60 and second < 60:
            return datetime.time(hour, minute, second, int((match[4] or "").ljust(6, "0")))
    raise RowFault(f"{quoted(text)} is no time of day; write it as 13:42 or 13:42:29")


def hours(cell: Cell, mark: str | None) -> Fraction:
    """A duration in hours, exact: `7:30`, `07:30:15`, or a decimal number of hours.

    Raises:
        RowFault: It is none, or negative.
    """
    if isinstance(cell, datetime.time):
        found = Fraction(cell.hour * 3600 + cell.minute * 60 + cell.second, 3600)
    elif isinstance(cell, datetime.timedelta):
        found = Fraction(cell // datetime.timedelta(microseconds=1), 3_600_000_000)
    elif isinstance(cell, str) and (match := _DURATION.fullmatch(cell.strip())) is not None:
        seconds = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
        found = Fraction(-seconds if match[1] else seconds, 3600)
    elif isinstance(cell, str) and re.search(r"\d\s*[a-z]", cell, re.IGNORECASE):
        found = _with_units(cell, mark)
    else:
        found = Fraction(number(cell, mark))
    if found < 0:
        raise RowFault(f"{_shown(cell)} is less than nothing; hours worked are positive: reverse the entry instead")
    return found


def _with_units(cell: str, mark: str | None) -> Fraction:
    """A duration that names its units."""
    text = " ".join(plain_spaces(cell).split())
    decimal = _DECIMAL_HOURS.fullmatch(text)
    if decimal is not None:
        return Fraction(number(decimal[1], mark))
    clocked = _CLOCKED.fullmatch(text)
    match = clocked or _UNITS.fullmatch(text)
    seconds = None
    if clocked is not None:
        seconds = (int(clocked["first"]) * 60 + int(clocked["second"])) * (60 if clocked["h"] else 1)
    elif match is not None and any(match[unit] for unit in "hms") and (match["h"] or match["bare"] is None):
        whole, minutes, rest = (int(match[unit] or 0) for unit in "hms")
        # What a larger unit counts already, a smaller one does not hold.
        if (minutes < 60 or not match["h"]) and (rest < 60 or not (match["h"] or match["m"])):
            seconds = (whole * 60 + minutes) * 60 + rest
    if seconds is None or match is None:
        raise RowFault(f"{quoted(cell)} is no duration; write it as 7:30, 12.50, 1 h 30 min or 18:25 min")
    return Fraction(-seconds if match["minus"] else seconds, 3600)


def plain_spaces(text: str) -> str:
    """A text with plain spaces for those that break no line: ICU writes U+202F before AM since its version 72."""
    return text.translate(_SPACES)


def _shown(cell: Cell) -> str:
    return quoted(cell) if isinstance(cell, str) else str(cell)


def _text(cell: Cell, what: str) -> str:
    """The text of a cell that is to be something."""
    if cell is None or cell == "":
        raise RowFault(f"{what} is missing")
    if not isinstance(cell, str):
        raise RowFault(f"{cell} is not {what}")
    return plain_spaces(cell).strip()
