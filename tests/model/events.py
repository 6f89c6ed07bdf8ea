"""What a test may say happened: plain values, ordered by nobody yet.

An event here is one directive or one transaction of the ledger language, without the text around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
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
    "employment-end",
    "company-end",
    "member-end",
    "accountant-end",
    "reversal",
)


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
    """A custom directive: its type, its positional ids, who acted."""

    instant: datetime
    kind: str
    ids: tuple[str, ...]
    by: str | None = None
    terms: PlanTerms | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One posting: a positive amount credits the account."""

    account: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction on governed accounts as a person writes it: no derived legs."""

    instant: datetime
    legs: tuple[Leg, ...]
    links: tuple[str, ...] = ()
    quantity: int | None = None
    id: str | None = None
    payee: str = ""
    narration: str = ""


@dataclass(frozen=True, slots=True)
class Nonsense:
    """Text that no rule needs to look at to refuse it; the first line starts after the date.

    ``code`` is the code that the contract names for it, or ``*`` where it names none.
    """

    instant: datetime
    text: str
    code: str = "*"


Event: TypeAlias = Fact | Transaction | Nonsense


@dataclass(frozen=True, slots=True)
class Decision:
    """What the region decided, in force from the first instant of its date."""

    since: date
    window_days: int | None = None  # None: this decision leaves it as it is
    overdraw: Decimal | str | None = "unchanged"  # None: no limit

    @property
    def instant(self) -> datetime:
        """The first instant of the decision's date."""
        return datetime.combine(self.since, time())


@dataclass(frozen=True, slots=True)
class Region:
    """What region.yaml holds, as far as labour time is concerned."""

    precision: Decimal = Decimal("0.01")
    decisions: tuple[Decision, ...] = field(default=(Decision(date(1900, 1, 1), 180, Decimal(0)),))

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


def account(kind: str, owner: str = "") -> str:
    """The account of a kind and an owner, as the language names it."""
    return {
        "p": f"Assets:Companies:{owner}:P",
        "r": f"Assets:Companies:{owner}:R",
        "a": f"Assets:Companies:{owner}:A",
        "prd": f"Liabilities:Companies:{owner}:PRD",
        "member": f"Assets:Members:{owner}:Hours",
        "psf": "Equity:PSF",
        "cooperation": f"Equity:Cooperations:{owner}",
    }[kind]


def is_component(name: str) -> bool:
    """Whether a name can stand in an account: a capital letter or a digit, then letters, digits and dashes."""
    rest = name.replace("-", "x")
    return name[:1].isalnum() and not name[:1].islower() and rest.isalnum()


def is_link(name: str) -> bool:
    """Whether a name can be a link."""
    return bool(re.fullmatch(r"[A-Za-z0-9\-_/.]+", name))


def kind_and_owner(name: str) -> tuple[str, str] | None:
    """The kind and owner of an account, or None if it is none of the seven."""
    match name.split(":"):
        case ["Assets", "Companies", owner, "P" | "R" | "A" as letter]:
            return letter.lower(), owner
        case ["Liabilities", "Companies", owner, "PRD"]:
            return "prd", owner
        case ["Assets", "Members", owner, "Hours"]:
            return "member", owner
        case ["Equity", "PSF"]:
            return "psf", ""
        case ["Equity", "Cooperations", owner]:
            return "cooperation", owner
        case _:
            return None
