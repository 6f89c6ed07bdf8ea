"""What the model knows of regional credits, apart from what moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

COSTS = ("property-tax", "maintenance", "administration", "depreciation")


@dataclass(slots=True)
class Offer:
    """What a company sells, or whom it looks for."""

    id: str
    company: str
    kind: str
    price: Decimal | None
    ended: datetime | None = None


@dataclass(slots=True)
class Property:
    """A property of the region, with what it was said to be and to cost a month since when."""

    id: str
    kind: str = ""
    price: Decimal | None = None
    said: list[tuple[datetime, str, Decimal]] = field(default_factory=list)
    inherited: bool = False  # from a company that ended

    def on(self, day: date) -> tuple[str, Fraction]:
        """Its kind, and the cost of a month that is in force at the end of a day."""
        return [(kind, Fraction(cost)) for since, kind, cost in self.said if since.date() <= day][-1]


@dataclass(slots=True)
class Stay:
    """Somebody holds a property, or attends a school, from a day to the day before its end."""

    thing: str
    who: str
    since: datetime
    ended: datetime | None = None

    def on(self, day: date) -> bool:
        """Whether the end of that day falls into it."""
        return self.since.date() <= day and (self.ended is None or day < self.ended.date())


@dataclass(slots=True)
class Loan:
    """A loan of a bank of the region."""

    id: str
    bank: str
    borrower: str
    principal: Decimal
    yearly_rate: Decimal
    months: int
    repayment: str
    granted: datetime


@dataclass(slots=True)
class OutsideLoan:
    """A loan of a lender elsewhere."""

    id: str
    company: str
    lender: str
    principal: Decimal


@dataclass(slots=True)
class Asset:
    """What a company owns, its worth, and whom it secures."""

    company: str
    value: Decimal
    to: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """What somebody has to pay at a month-close."""

    type: str
    payer: str
    thing: str
    payee: str
    amount: Decimal


@dataclass(slots=True)
class CreditState:
    """Everything by its id; lists of those who wait are in order of request."""

    banks: dict[str, str] = field(default_factory=dict)  # ownership
    pools: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)
    offers: dict[str, Offer] = field(default_factory=dict)
    properties: dict[str, Property] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)  # by kind of property
    requests: dict[str, list[str]] = field(default_factory=dict)  # by school
    leases: list[Stay] = field(default_factory=list)
    enrolments: list[Stay] = field(default_factory=list)
    loans: dict[str, Loan] = field(default_factory=dict)
    outside_loans: dict[str, OutsideLoan] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    arrears: list[Due] = field(default_factory=list)
    owed: dict[tuple[str, str], Decimal] = field(default_factory=dict)  # wages, by company and member
    paid_late: dict[tuple[str, str], tuple[Decimal, Decimal]] = field(default_factory=dict)  # of them, with the tax
    unpaid: dict[str, list[tuple[str, str, Decimal]]] = field(default_factory=dict)  # by the hours' id
    unpaid_costs: list[tuple[str, str, Decimal]] = field(default_factory=list)  # month, company
    closed: list[str] = field(default_factory=list)  # months
    loss: Decimal = Decimal(0)  # what the months so far took back of the region's profit beyond what they brought
    costs_back: dict[str, Decimal] = field(default_factory=dict)  # the same of a school's costs, by school
