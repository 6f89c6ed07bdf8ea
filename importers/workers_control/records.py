"""What the importer knows of an app: its rows, checked and joined.

Ids are 32 hexadecimal digits, instants microseconds (conductor_bean.domain.instants), amounts hours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from conductor_bean.domain import instants


@dataclass(frozen=True, slots=True)
class Party:
    """A member, a company or an accountant. The app does not say when an accountant registered: she has no instant."""

    uuid: str
    name: str
    registered: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """An account: its kind (p, r, a, prd, member, psf, cooperation) and its owner's id."""

    kind: str
    owner: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as the app recorded it; its number is its place among all transfers, in order of recording."""

    uuid: str
    instant: int
    debit: Account
    credit: Account
    value: Decimal
    type: str
    number: int = 0


@dataclass(frozen=True)
class Plan:
    """A filed plan, with what became of it.

    Attributes:
        home: The cooperation in which the app has it at present, if any.
        requested: The cooperation that it asks to join at present, if any.
        approved: When it was approved first, or None.
    """

    uuid: str
    filed: int
    planner: str
    fixed_means: Decimal
    raw_materials: Decimal
    labour: Decimal
    product: str
    unit: str
    quantity: int
    description: str
    days: int
    public: bool
    hidden: bool
    requested: str | None
    home: str | None
    approved: int | None

    @cached_property
    def cost(self) -> Fraction:
        """Its own cost of a unit, exact."""
        total = Fraction(self.fixed_means) + Fraction(self.raw_materials) + Fraction(self.labour)
        return total / self.quantity if self.quantity else Fraction(0)

    @cached_property
    def expires(self) -> int:
        """The first instant at which it is no longer active (of a plan never approved: its filing)."""
        return self.filed if self.approved is None else self.approved + self.days * instants.DAY

    def is_active(self, instant: int) -> bool:
        """Whether it is approved and not yet expired at an instant."""
        return self.approved is not None and self.approved <= instant < self.expires


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval of a plan and the three transfers that credit its planner."""

    uuid: str
    plan: str
    instant: int
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """The rejection of a plan."""

    uuid: str
    plan: str
    instant: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Registered hours: certificates and taxes."""

    uuid: str
    company: str
    worker: str
    certificates: Transfer
    taxes: Transfer


@dataclass(frozen=True, slots=True)
class Consumption:
    """The consumption of a plan's product, by a member or a company."""

    uuid: str
    plan: str
    transfer: Transfer
    compensation: Transfer | None
    quantity: int


@dataclass(frozen=True, slots=True)
class ServiceConsumption:
    """The consumption of a basic service, by a member or a company."""

    uuid: str
    service: str
    transfer: Transfer
    taxes: Transfer


@dataclass(frozen=True, slots=True)
class Service:
    """A basic service."""

    uuid: str
    name: str
    description: str
    provider: str
    created: int
    ended: int | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A company's time as coordinator, from its start to the next tenure's."""

    uuid: str
    company: str
    start: int


@dataclass(frozen=True, slots=True)
class CoordinationRequest:
    """A coordinator's request to a candidate to take over."""

    uuid: str
    tenure: str
    candidate: str
    instant: int


@dataclass(frozen=True, slots=True)
class Cooperation:
    """A cooperation, its tenures in order of their start and the requests to pass coordination on."""

    uuid: str
    created: int
    name: str
    definition: str
    tenures: tuple[Tenure, ...]
    requests: tuple[CoordinationRequest, ...]


@dataclass(slots=True)
class App:
    """A whole app. Lists are in order of instant, then of id."""

    members: list[Party] = field(default_factory=list)
    companies: list[Party] = field(default_factory=list)
    accountants: list[Party] = field(default_factory=list)
    jobs: list[tuple[str, str]] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    cooperations: list[Cooperation] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)
    consumptions: list[Consumption] = field(default_factory=list)
    service_consumptions: list[ServiceConsumption] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    orphans: list[Transfer] = field(default_factory=list)
    drafts: int = 0
    invitations: int = 0

    def instants(self) -> list[int]:
        """Every instant at which something happened, in order."""
        found = [party.registered for party in (*self.members, *self.companies)]
        found += [plan.filed for plan in self.plans]
        found += [approval.instant for approval in self.approvals]
        found += [rejection.instant for rejection in self.rejections]
        found += [transfer.instant for transfer in self.transfers]
        for cooperation in self.cooperations:
            found.append(cooperation.created)
            found += [tenure.start for tenure in cooperation.tenures]
            found += [request.instant for request in cooperation.requests]
        for service in self.services:
            found += [service.created] if service.ended is None else [service.created, service.ended]
        return sorted(found)
