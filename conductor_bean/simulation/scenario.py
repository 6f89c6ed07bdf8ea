"""How large a simulated region is, and at what pace it lives."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from conductor_bean.domain.instants import last_day_of, month_from_number, month_number, parse_month

MONTHLY_TRANSACTIONS = 8
"""Transactions of a member in a month, where nothing else is asked for."""

HOURS_SHARE = 0.40
"""Share of the transactions that register hours."""

WORKERS_EACH = 1.5
"""Workers in one registration of hours, on average."""

HOURS_EACH = 7.2
"""Hours of one worker in it, on average."""

WAGE_OF_HOUR = 12
"""Credits that an hour is paid, on average."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is asked for.

    Attributes:
        members: How many people take part by the end.
        companies: How many companies there are.
        months: How many months are told, each of them closed.
        seed: What chance begins with.
        start: The first month, `2026-01`.
        transactions: About how many there are in all, or None for a lively region of that size.
    """

    members: int = 50
    companies: int = 10
    months: int = 12
    seed: int = 1
    start: str = "2026-01"
    transactions: int | None = None

    @property
    def month_names(self) -> list[str]:
        """The months in order."""
        first = month_number(self.start)
        return [month_from_number(first + index) for index in range(self.months)]

    @property
    def first_day(self) -> datetime.date:
        """The first day."""
        return datetime.date.fromisoformat(f"{self.start}-01")

    @property
    def last_day(self) -> datetime.date:
        """The last day."""
        parsed = parse_month(self.month_names[-1])
        assert parsed is not None
        return last_day_of(*parsed)

    @property
    def days(self) -> int:
        """How many days are told."""
        return (self.last_day - self.first_day).days + 1

    @property
    def turning_day(self) -> datetime.date:
        """When the assembly decides anew, half-way."""
        if self.months == 1:
            return self.first_day.replace(day=15)
        return datetime.date.fromisoformat(f"{self.month_names[self.months // 2]}-01")

    @property
    def wanted(self) -> int:
        """About how many transactions there shall be."""
        return self.members * self.months * MONTHLY_TRANSACTIONS if self.transactions is None else self.transactions

    @property
    def hours_a_day(self) -> float:
        """Hours that everybody together works on a day, weekends counted."""
        return self.wanted * HOURS_SHARE * WORKERS_EACH * HOURS_EACH / self.days

    @property
    def income(self) -> int:
        """What a member earns in a month, in units of credits; never so little that nothing is for sale."""
        return max(4_000, round(self.hours_a_day * 30 * WAGE_OF_HOUR * 100 / self.members))
