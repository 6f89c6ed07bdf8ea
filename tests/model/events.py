"""What a test may say happened: plain values, ordered by nobody yet.

An event here is one directive or one transaction of the ledger language, without the text around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TypeAlias

# The order in which the facts of one instant apply (the numbered list of the language).
FACT_ORDER = (
    "accountant",
    "member",
    "company",
    "employment",
    "plan",
    "plan-withdrawal",
    "plan-rejection",
    "plan-approval",
    "cooperation",
    "cooperation-exit",
    "coordination-request",
    "coordination-denial",
    "coordination-acceptance",
    "cooperation-request",
    "cooperation-cancellation",
    "cooperation-denial",
    "cooperation-acceptance",
    "basic-service",
    "basic-service-end",
    "region",
    "bank",
    "pool",
    "offer",
    "property",
    "wait-list",
    "lease",
    "enrolment-request",
    "enrolment",
    "loan",
    "outside-loan",
    "asset",
    "asset-end",
    "bankruptcy",
    "offer-end",
    "lease-end",
    "enrolment-end",
    "wait-list-end",
    "employment-end",
    "company-end",
    "member-end",
    "accountant-end",
    "reversal",
    "month-close",
)
CREDIT_FACTS = (*FACT_ORDER[FACT_ORDER.index("region") : FACT_ORDER.index("employment-end")], "month-close")
LABOUR_FACTS = FACT_ORDER[FACT_ORDER.index("plan") : FACT_ORDER.index("region")]
Value: TypeAlias = str | int | Decimal


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What a plan promises."""

    quantity: int
    fixed_means: Decimal
    raw_materials: Decimal
    labour: Decimal
    days: int
    public: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A custom directive: its type, its positional ids, who acted, and what else its metadata says."""

    instant: datetime
    kind: str
    ids: tuple[str, ...]
    by: str | None = None
    terms: PlanTerms | None = None
    says: Mapping[str, Value] = field(default_factory=dict)

    def text(self, key: str) -> str | None:
        """A name or a choice in the metadata."""
        value = self.says.get(key)
        return value if isinstance(value, str) else None

    def number(self, key: str) -> Decimal | None:
        """A number or an amount in the metadata."""
        value = self.says.get(key)
        return None if value is None or isinstance(value, str) else Decimal(value)


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting: a positive amount credits the account; ``hours`` are those that a recorded wage pays for."""

    account: str
    amount: Decimal
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction on governed accounts as a person writes it: no derived legs."""

    instant: datetime
    legs: tuple[Leg, ...]
    links: tuple[str, ...] = ()
    quantity: int | Decimal | None = None
    id: str | None = None
    payee: str = ""
    narration: str = ""
    transfer: str | None = None
    by: str | None = None
    input: str | None = None


@dataclass(frozen=True, slots=True)
class Nonsense:
    """Text that no rule needs to look at to refuse it; the first line starts after the date.

    ``code`` is the code that the contract names for it, or ``*`` where it names none.
    """

    instant: datetime
    text: str
    code: str = "*"


Event: TypeAlias = Fact | Transaction | Nonsense


def moment(event: Event) -> tuple[datetime, bool]:
    """Where an event stands in time: a month-close after everything else of its date."""
    if isinstance(event, Fact) and event.kind == "month-close":
        return datetime.combine(event.instant.date(), time.max), True
    return event.instant, False


@dataclass(frozen=True, slots=True)
class Decision:
    """What the region decided, in force from the first instant of its date."""

    since: date
    window_days: int | None = None  # None: this decision leaves it as it is
    overdraw: Decimal | str | None = "unchanged"  # None: no limit
    numbers: Mapping[str, Decimal] = field(default_factory=dict)  # rates, approvals, years
    occupations: Mapping[str, tuple[Decimal, Decimal] | None] = field(default_factory=dict)  # None: no longer one

    @property
    def instant(self) -> datetime:
        """The first instant of the decision's date."""
        return datetime.combine(self.since, time())


@dataclass(frozen=True, slots=True)
class Region:
    """What region.yaml holds; without a precision of credits, or without labour time, that economy is off."""

    precision: Decimal = Decimal("0.01")
    decisions: tuple[Decision, ...] = field(default=(Decision(date(1900, 1, 1), 180, Decimal(0)),))
    credits: Decimal | None = None
    labour: bool = True

    def window_days(self, at: datetime) -> int:
        """The window in force at an instant."""
        days = 180
        for decision in self.decisions:
            if decision.instant <= at and decision.window_days is not None:
                days = decision.window_days
        return days

    def overdraw(self, at: datetime) -> Decimal | None:
        """How far below zero a member may go by consuming; None where nobody minds."""
        limit: Decimal | None = Decimal(0)
        for decision in self.decisions:
            if decision.instant <= at and not isinstance(decision.overdraw, str):
                limit = decision.overdraw
        return limit

    def number(self, key: str, at: datetime) -> Fraction:
        """A rate or another number in force at an instant; nothing decided is nothing."""
        found = Decimal(0)
        for decision in self.decisions:
            if decision.instant <= at:
                found = decision.numbers.get(key, found)
        return Fraction(found)

    def on_day(self, key: str, day: date) -> Fraction:
        """A rate in force on a day: decisions change with the date."""
        return self.number(key, datetime.combine(day, time()))

    def occupation(self, name: str, at: datetime) -> tuple[Decimal, Decimal] | None:
        """The least and the most that an hour of an occupation is paid, or None if there is no such occupation."""
        found = None
        for decision in self.decisions:
            if decision.instant <= at and name in decision.occupations:
                found = decision.occupations[name]
        return found


# Where each kind of account stands; {} is its owner. A debt may be a member's or a company's.
ACCOUNTS = {
    "p": "Assets:Companies:{}:P",
    "r": "Assets:Companies:{}:R",
    "a": "Assets:Companies:{}:A",
    "prd": "Liabilities:Companies:{}:PRD",
    "member": "Assets:Members:{}:Hours",
    "psf": "Equity:PSF",
    "cooperation": "Equity:Cooperations:{}",
    "member_wallet": "Assets:Members:{}:Wallet",
    "company_wallet": "Assets:Companies:{}:Wallet",
    "treasury": "Assets:Region:Treasury",
    "pool": "Assets:Region:Pools:{}",
    "bank": "Assets:Banks:{}:Funds",
    "claim": "Assets:Banks:{}:Loans",
    "member_debt": "Liabilities:Members:{}:Loans",
    "company_debt": "Liabilities:Companies:{}:Loans",
    "issuance": "Equity:Issuance",
    "outside": "Equity:Outside",
    "clearing": "Assets:Regions:{}:Clearing",
}
LABOUR_KINDS = ("p", "r", "a", "prd", "member", "psf", "cooperation")


def account(kind: str, owner: str = "") -> str:
    """The account of a kind and an owner, as the language names it."""
    return ACCOUNTS[kind].format(owner)


def is_component(name: str) -> bool:
    """Whether a name can stand in an account: a capital letter or a digit, then letters, digits and dashes."""
    rest = name.replace("-", "x")
    return name[:1].isalnum() and not name[:1].islower() and rest.isalnum()


def is_link(name: str) -> bool:
    """Whether a name can be a link."""
    return bool(re.fullmatch(r"[A-Za-z0-9\-_/.]+", name))


def is_month(name: str) -> bool:
    """Whether a name is a month, like `2026-01`."""
    return bool(re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", name))


@cache
def kind_and_owner(name: str) -> tuple[str, str] | None:
    """The kind and owner of an account, or None if it is none of the kinds that there are."""
    parts = name.split(":")
    for kind, pattern in ACCOUNTS.items():
        places = pattern.split(":")
        if len(parts) == len(places) and all(place in ("{}", part) for place, part in zip(places, parts, strict=True)):
            owner = parts[places.index("{}")] if "{}" in places else ""
            return ("debt" if kind.endswith("_debt") else kind), owner
    return None


def kind_of(name: str) -> str:
    """The kind of an account that is one of them."""
    found = kind_and_owner(name)
    return found[0] if found else ""


def owner_of(name: str) -> str:
    """The owner of an account that is one of them."""
    found = kind_and_owner(name)
    return found[1] if found else ""
