"""The instant of a directive: its date and its `time:`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, parse_time, start_of
from conductor_bean.domain.problems import Rejection, quoted

if TYPE_CHECKING:
    import datetime


class Clock:
    """Dates and times of day to instants, each parsed once."""

    def __init__(self) -> None:
        self._dates: dict[datetime.date, int] = {}
        self._times: dict[str, int] = {}

    def instant(self, date: datetime.date, meta: dict[str, Any]) -> int:
        """The instant of a directive.

        Raises:
            Rejection: `date-out-of-bounds` or `malformed-time`.
        """
        if type(meta.get("lineno")) is not int:
            raise Rejection("malformed-metadata", "lineno: and filename: are Beancount's own; remove them")
        start = self._dates.get(date)
        if start is None:
            if not FIRST_DATE <= date <= LAST_DATE:
                raise Rejection("date-out-of-bounds", f"{date} lies outside {FIRST_DATE} to {LAST_DATE}")
            start = self._dates[date] = start_of(date)
        if "time" not in meta:
            return start
        return start + self._time(meta["time"])

    def _time(self, text: Any) -> int:
        time = self._times.get(text) if isinstance(text, str) else None
        if time is None:
            time = parse_time(text) if isinstance(text, str) else None
            if time is None:
                shown = quoted(text) if isinstance(text, str) else "not a quoted string"
                raise Rejection("malformed-time", f'time: is {shown}; write UTC in quotes, as time: "13:42:29"')
            self._times[text] = time
        return time
