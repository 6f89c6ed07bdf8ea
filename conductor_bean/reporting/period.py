"""The time of a report: a month or a year."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conductor_bean.domain.instants import last_day_of, month_from_number, month_number, parse_month

TRAILING = 12
"""How many months a report of one month shows to compare it with."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a year.

    Attributes:
        name: `2026-01` or `2026`.
        months: Its months in order.
        first: Its first date.
        last: Its last one.
    """

    name: str
    months: tuple[str, ...]
    first: datetime.date
    last: datetime.date

    @classmethod
    def month(cls, name: str) -> Period:
        """The period of a month `2026-01`."""
        parsed = parse_month(name)
        assert parsed is not None
        return cls(name, (name,), datetime.date(*parsed, 1), last_day_of(*parsed))

    @classmethod
    def year(cls, year: int) -> Period:
        """The period of a year."""
        months = tuple(f"{year:04}-{month:02}" for month in range(1, 13))
        return cls(f"{year:04}", months, datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    @property
    def is_month(self) -> bool:
        """Whether it is a month."""
        return len(self.months) == 1

    @property
    def kind(self) -> str:
        """`month` or `year`."""
        return "month" if self.is_month else "year"

    @property
    def shown(self) -> tuple[str, ...]:
        """The months that tables and plots show: those of a year, or a month with those before it."""
        if not self.is_month:
            return self.months
        last = month_number(self.name)
        return tuple(month_from_number(last - before) for before in range(min(TRAILING, last + 1) - 1, -1, -1))

    def holds(self, date: str) -> bool:
        """Whether an ISO date or instant lies in it."""
        return self.first.isoformat() <= date[:10] <= self.last.isoformat()
