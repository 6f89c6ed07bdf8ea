"""The state of the naive model, and the three formulas: FIC, price, compensation.

Every formula reads everything there is, every time. Fractions are exact; only amounts are rounded.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.model.credits.state import CreditState
from tests.model.events import PlanTerms, Region


class RefusedError(Exception):
    """An event that breaks a rule; ``code`` is ``*`` where the contract names no code for it.

    ``missing`` names what the event refers to and does not exist: a checker that does not report what depends
    on a rejected event may stay silent about it.
    """

    def __init__(self, code: str, *missing: str) -> None:
        super().__init__(code)
        self.code = code
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Transfer:
    """What moved from one account to another."""

    type: str
    debit: str
    credit: str
    amount: Decimal
    derived: bool = False
    thing: str = ""  # the loan, property or offer that it is about
    hours: Decimal = Decimal(0)  # of work
    mirrors: datetime | None = None  # when what it takes back was done; None: it takes nothing back

    def __deepcopy__(self, memo: object) -> Transfer:
        """What cannot change need not be copied."""
        return self

    @property
    def sign(self) -> int:
        """What is taken back counts against what was done."""
        return 1 if self.mirrors is None else -1

    @property
    def payer(self) -> str:
        """Who paid at first."""
        return self.debit if self.mirrors is None else self.credit

    @property
    def payee(self) -> str:
        """Who was paid at first."""
        return self.credit if self.mirrors is None else self.debit


@dataclass(slots=True)
class Party:
    """A member or a company."""

    id: str
    kind: str
    since: datetime
    ended: datetime | None = None
    ownership: str = "workers"
    bankrupt: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What an employment says of how the work is paid."""

    occupation: str | None = None
    productivity: Decimal = Decimal(0)


@dataclass(slots=True)
class Plan:
    """A plan and where it stands."""

    id: str
    planner: str
    terms: PlanTerms
    filed: datetime
    state: str = "filed"
    approved: datetime | None = None
    expires: datetime | None = None
    cooperation: str | None = None
    joined: datetime | None = None
    requested: str | None = None

    def is_active(self, at: datetime) -> bool:
        """Approved, and not expired: the instant of expiry itself is no longer active."""
        if self.approved is None or self.expires is None:
            return False
        return self.approved <= at < self.expires

    def own_cost(self) -> Fraction:
        """The planned cost of one unit; public plans cost nothing, and so does a plan of no quantity."""
        terms = self.terms
        if terms.public or terms.quantity == 0:
            return Fraction(0)
        return Fraction(terms.fixed_means + terms.raw_materials + terms.labour) / terms.quantity


@dataclass(slots=True)
class Service:
    """A basic service of a member."""

    id: str
    provider: str
    since: datetime
    ended: datetime | None = None


@dataclass(slots=True)
class Cooperation:
    """A cooperation, its coordinator (None while it waits for one) and who was it before."""

    id: str
    coordinator: str | None
    history: list[tuple[str, datetime]]
    offered_to: str | None = None


@dataclass(slots=True)
class Consumption:
    """An accepted consumption of a plan (``quantity`` units) or of a basic service (``hours``)."""

    of: str
    instant: datetime
    quantity: int
    hours: Decimal
    reversed: bool = False


@dataclass(slots=True)
class State:
    """Everything that the model knows after the events so far."""

    region: Region
    accountants: set[str] = field(default_factory=set)
    former_accountants: set[str] = field(default_factory=set)
    parties: dict[str, Party] = field(default_factory=dict)
    employments: dict[tuple[str, str], Job] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    cooperations: dict[str, Cooperation] = field(default_factory=dict)
    plan_consumptions: list[Consumption] = field(default_factory=list)
    service_consumptions: list[Consumption] = field(default_factory=list)
    balances: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    # Of every accepted transaction with an id: its transfers, what it consumed, and when.
    by_id: dict[str, tuple[list[Transfer], Consumption | None, datetime]] = field(default_factory=dict)
    reversed_ids: set[str] = field(default_factory=set)
    quantities: dict[str, Decimal] = field(default_factory=dict)  # of transactions with an id that say one
    # Of what was reversed in parts: how much of its quantity, and what that took back of each leg.
    parts: dict[str, tuple[Decimal, list[Decimal]]] = field(default_factory=dict)
    # Everything that ever moved, in order: the formulas of regional credits read all of it every time.
    moved: list[tuple[datetime, Transfer]] = field(default_factory=list)
    credits: CreditState = field(default_factory=CreditState)

    def copy(self) -> State:
        """A state that can be gone back to."""
        return deepcopy(self, {id(self.region): self.region})

    def round(self, value: Fraction) -> Decimal:
        """Half-even to the precision of the commodity; ``round`` of a fraction is half-even and exact."""
        step = Fraction(self.region.precision)
        return Decimal(round(value / step)) * self.region.precision

    def round_credits(self, value: Fraction) -> Decimal:
        """The same for regional credits."""
        assert self.region.credits is not None
        return Decimal(round(value / Fraction(self.region.credits))) * self.region.credits

    def apply(self, transfers: list[Transfer], at: datetime) -> None:
        """Debit and credit."""
        for transfer in transfers:
            self.moved.append((at, transfer))
            self.balances[transfer.debit] -= transfer.amount
            self.balances[transfer.credit] += transfer.amount

    def consumed(self, plan: str) -> int:
        """How many units of a plan were consumed, reversed consumptions left out."""
        return sum(c.quantity for c in self.plan_consumptions if c.of == plan and not c.reversed)


@dataclass(frozen=True, slots=True)
class Fic:
    """The factor of individual consumption with its parts."""

    labour: Fraction
    public_labour: Fraction
    public_fixed_means: Fraction
    public_raw_materials: Fraction
    start: datetime
    end: datetime

    @property
    def value(self) -> Fraction:
        """FIC itself; nothing planned at all is 1, means of production without any labour is 0."""
        outside = self.public_fixed_means + self.public_raw_materials
        total = self.labour + self.public_labour
        if total == 0:
            return Fraction(0) if outside > 0 else Fraction(1)
        return max(Fraction(0), (self.labour - outside) / total)


def fic(state: State, at: datetime) -> Fic:
    """FIC as known at an instant, from all plans and all services."""
    half = timedelta(days=state.region.window_days(at)) / 2
    start, end = at - half, at + half
    labour = public_labour = public_fixed = public_raw = Fraction(0)
    for plan in state.plans.values():
        if plan.approved is None or plan.expires is None or plan.approved > at or plan.terms.days == 0:
            continue
        whole_days = max(0, (min(plan.expires, end) - max(plan.approved, start)).days)
        # A plan whose company ended is shorter than planned, its `days` are still the planned ones.
        weight = Fraction(whole_days, plan.terms.days)
        if plan.terms.public:
            public_labour += weight * Fraction(plan.terms.labour)
            public_fixed += weight * Fraction(plan.terms.fixed_means)
            public_raw += weight * Fraction(plan.terms.raw_materials)
        else:
            labour += weight * Fraction(plan.terms.labour)
    for service in state.service_consumptions:
        if start <= service.instant < at and not service.reversed:
            labour += Fraction(service.hours)
    return Fic(labour, public_labour, public_fixed, public_raw, start, end)


def price(state: State, plan: Plan, at: datetime) -> Fraction:
    """What a unit costs its consumer: its own cost, or the mean of its cooperation's active plans."""
    if plan.cooperation is None:
        return plan.own_cost()
    costs = [
        other.own_cost()
        for other in state.plans.values()
        if other.cooperation == plan.cooperation and other.is_active(at)
    ]
    return sum(costs, Fraction(0)) / len(costs) if costs else plan.own_cost()
