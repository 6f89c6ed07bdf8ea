"""The state of a region: plain data, so that it can be written out at any instant and read back."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor_bean.domain.plans import BasicService, Cooperation, Plan
from conductor_bean.engine.credit_state import Credits


@dataclass(slots=True)
class Party:
    """A member, company or accountant of the region.

    Attributes:
        kind: `member`, `company` or `accountant`.
        id: Its id, never used again.
        name: Its name as people say it.
        since: Instant of registration.
        ended: Instant at which it left or was dissolved, or None.
        ownership: For companies, `workers` or `regional`.
        things: Ids of a company's plans or of a member's basic services, so that an end need not read all.
        employers: Ids of the companies where a member works.
        bankrupt: Whether a company ended by bankruptcy.
        offers: Ids of a company's offers.
        assets: Ids of what a company owns or owned beside its wallet.
        member: The member who an accountant is, or "" where nobody says so.
    """

    kind: str
    id: str
    name: str
    since: int
    ended: int | None = None
    ownership: str = ""
    things: list[str] = field(default_factory=list)
    employers: list[str] = field(default_factory=list)
    bankrupt: bool = False
    offers: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    member: str = ""


@dataclass(slots=True)
class Employment:
    """The work of a member at a company; occupation and productivity matter to credits only."""

    since: int
    occupation: str
    productivity: str


@dataclass(slots=True)
class Posted:
    """An event that a reversal can name.

    Attributes:
        instant: When it happened.
        transfers: Type, debit account, credit account, units, whether derived.
        links: Its links.
        plan: The plan it consumed, or "".
        quantity: Units of that plan.
        service: Instant and units of a consumed basic service, or None.
        reversed: Instant of the reversal after which nothing of it is left, or None.
        thing: Offer, property or loan that a movement of credits is about, or "".
        sold: Quantity that was bought or sold, in 10^-12 of a unit.
        offer: What was bought or sold, where the movement is about something else, or "".
        occupations: Occupation of each worker, in the order of the transfers.
        hours: Units worked by each of them.
        measure: Its `quantity:`, in 10^-12 of a unit, 0 where it has none; what may be reversed in parts.
        back: How much of that was reversed in parts.
        taken: Units that these parts took back, by transfer; empty before the first.
        unpaid: Wages of each of them that the pool did not reach for, nothing where all were paid.
        taken_back: Of each of those, by its reversal: units no longer owed, units paid since and returned, their tax.
    """

    instant: int
    transfers: list[tuple[str, str, str, int, bool]]
    links: list[str]
    plan: str = ""
    quantity: int = 0
    service: tuple[int, int] | None = None
    reversed: int | None = None
    thing: str = ""
    sold: int = 0
    offer: str = ""
    occupations: list[str] = field(default_factory=list)
    hours: list[int] = field(default_factory=list)
    measure: int = 0
    back: int = 0
    taken: list[int] = field(default_factory=list)
    unpaid: list[int] = field(default_factory=list)
    taken_back: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass(slots=True)
class State:
    """All that the engine knows at an instant.

    Attributes:
        now: The last instant applied; 0 before the first.
        accountants: Accountants by id.
        members: Members by id.
        companies: Companies by id.
        employments: Present employment by company and member.
        plans: Plans by id.
        services: Basic services by id.
        cooperations: Cooperations by id.
        balances: Units by account name.
        planned: Planned credits by account name, for the deviation of a company.
        consumed_services: Instant and units of basic services consumed, in order.
        posted: Events with an id.
        closed: Months that were closed.
        sealed: Month and digest of each seal, in order.
        hours_date: Date (ordinal) to which `hours` belongs.
        hours: Units worked on that date, by member.
        missing: What rejected facts should have brought, with the instant.
        doubtful: Basic services rejected for their recorded taxes alone: instant, recorded units, and the units that
            those taxes would follow from (a fraction as numerator and denominator).
        events: Number of events applied.
        transfers: Number of transfers posted.
        credits: What is known of regional credits.
    """

    now: int = 0
    accountants: dict[str, Party] = field(default_factory=dict)
    members: dict[str, Party] = field(default_factory=dict)
    companies: dict[str, Party] = field(default_factory=dict)
    employments: dict[str, dict[str, Employment]] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    services: dict[str, BasicService] = field(default_factory=dict)
    cooperations: dict[str, Cooperation] = field(default_factory=dict)
    balances: dict[str, int] = field(default_factory=dict)
    planned: dict[str, int] = field(default_factory=dict)
    consumed_services: list[tuple[int, int]] = field(default_factory=list)
    posted: dict[str, Posted] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)
    sealed: list[tuple[str, str, int]] = field(default_factory=list)
    hours_date: int = 0
    hours: dict[str, int] = field(default_factory=dict)
    missing: dict[tuple[str, ...], int] = field(default_factory=dict)
    doubtful: list[tuple[int, int, tuple[int, int]]] = field(default_factory=list)
    events: int = 0
    transfers: int = 0
    credits: Credits = field(default_factory=Credits)
