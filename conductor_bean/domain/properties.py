"""Regional property: housing, equipment, facilities, and who holds them (seed of Conductor, "Regional socialism")."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from math import lcm
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import round_half_even

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

HOUSING = "housing"
EQUIPMENT = "equipment"
PROPERTY_KINDS = (HOUSING, EQUIPMENT, "facility")
OUTSIDE = "outside"


@dataclass(slots=True)
class Property:
    """A property of the region.

    Attributes:
        id: Its id, a link.
        kind: `housing`, `equipment` or `facility`.
        name: Its name as people say it.
        since: Instant of its declaration.
        price: What it costs to buy or sell, in units of credits, or None.
        costs: From which day (ordinal) on it costs how much a month, in units, as which kind, in order.
        parts: Property tax, maintenance, administration and depreciation a month, in units, now.
        lease: The present lease, or None.
        charged: Rents that fell due for it so far, in units.
        spent: Upkeep that the region paid for it so far, in units.
        deals: Instant of each acquisition, purchase or sale that stands, and whether it was a sale, in order.
    """

    id: str
    kind: str
    name: str
    since: int
    price: int | None
    costs: list[tuple[int, int, str]]
    parts: tuple[int, int, int, int]
    lease: Lease | None = None
    charged: int = 0
    spent: int = 0
    deals: list[tuple[int, bool]] = field(default_factory=list)

    @property
    def bought(self) -> bool:
        """Whether the books say that it was paid for and not sold since."""
        return bool(self.deals) and not self.deals[-1][1]

    @property
    def sold(self) -> int | None:
        """Instant at which it was sold, None while it is regional."""
        return self.deals[-1][0] if self.deals and self.deals[-1][1] else None

    def deal(self, instant: int, *, sale: bool, stands: bool) -> None:
        """Note that it was bought or sold, or that this is taken back."""
        if stands:
            insort(self.deals, (instant, sale))
        else:
            self.deals.remove((instant, sale))

    def cost_on(self, day: int) -> tuple[int, str]:
        """Monthly cost in force on a day, in units, and the kind of property it was."""
        return next(((cost, kind) for since, cost, kind in reversed(self.costs) if since <= day), (0, self.kind))


@dataclass(slots=True)
class Asset:
    """What a company owns beside its wallet.

    Attributes:
        id: Its id, a link.
        company: Who owns it.
        name: Its name as people say it.
        value: What it is worth, in units of credits.
        to: The creditor that has it when the company ends: a loan of the company, or a bank; "" for the region.
        since: Instant of its declaration.
        ended: Instant at which the company owned it no longer, or None.
    """

    id: str
    company: str
    name: str
    value: int
    to: str
    since: int
    ended: int | None = None


@dataclass(slots=True)
class Lease:
    """A property held by somebody.

    Attributes:
        property: Id of the property.
        lessee: A member, a company, or `outside`.
        lessee_type: `member`, `company` or `outside`.
        name: Who somebody outside is.
        since: First day (ordinal) held.
        until: The day on which it is held no longer, or None.
    """

    property: str
    lessee: str
    lessee_type: str
    name: str
    since: int
    until: int | None = None


@dataclass(slots=True)
class Enrolment:
    """A student at a regional school: first day (ordinal), and the day on which she no longer is, or None."""

    school: str
    member: str
    since: int
    until: int | None = None


@dataclass(slots=True)
class Schooling:
    """What a school's list needs to know of a member: how many schools she attends, and when she left the last."""

    attending: list[str] = field(default_factory=list)
    left: int | None = None


def days_held(since: int, until: int | None, days: range) -> range:
    """Which of some days something is held at the end of the day: the first day counts, the last one does not."""
    start = max(since, days.start)
    end = days.stop if until is None else min(until, days.stop)
    return range(start, max(start, end))


def rent(days: Sequence[tuple[int, Fraction]], days_of_month: int) -> int:
    """Rent of a month in units: for each day held, the monthly cost x (1 + markup) / days of the month; half-even.

    Source: RULES.md, part B, row `rent`.

    Args:
        days: For each stretch of days held the monthly cost in units times its days, and 1 + markup.
        days_of_month: Days of the month.
    """
    common = lcm(*(factor.denominator for _, factor in days))
    exact = sum(cost * factor.numerator * (common // factor.denominator) for cost, factor in days)
    return round_half_even(exact, common * days_of_month)
