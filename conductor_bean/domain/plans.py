"""Plans, basic services and cooperations, and the price that follows from them (RULES.md, part A)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from conductor_bean.domain.instants import DAY

FILED = "filed"
APPROVED = "approved"
REJECTED = "rejected"
WITHDRAWN = "withdrawn"
ACTIVE = "active"
EXPIRED = "expired"


@dataclass(slots=True)
class Plan:
    """A plan of a company.

    Costs are in units of labour time, `days` are whole days, instants are microseconds. `expires` is the approval
    plus `days`, or the instant at which the company ended, whichever came first.
    """

    id: str
    planner: str
    product: str
    unit: str
    description: str
    quantity: int
    fixed_means: int
    raw_materials: int
    labour: int
    days: int
    public: bool
    filed: int
    decision: str = FILED
    decided: int | None = None
    expires: int | None = None
    cooperation: str | None = None
    joined: int | None = None
    requested: str | None = None
    consumed: int = 0

    @property
    def total_cost(self) -> int:
        """Planned cost in units of labour time."""
        return self.fixed_means + self.raw_materials + self.labour

    @property
    def approved(self) -> int | None:
        """The instant of approval, or None."""
        return self.decided if self.decision == APPROVED else None

    def is_active(self, instant: int) -> bool:
        """Whether products of the plan can be consumed: from its approval until its expiry, exclusive."""
        return self.decision == APPROVED and self.expires is not None and instant < self.expires

    def state(self, instant: int) -> str:
        """The plan's state as people name it: filed, rejected, withdrawn, active or expired."""
        if self.decision != APPROVED:
            return self.decision
        return ACTIVE if self.is_active(instant) else EXPIRED

    def approve(self, instant: int) -> None:
        """Make the plan active for its `days`."""
        self.decision = APPROVED
        self.decided = instant
        self.expires = instant + self.days * DAY

    def cost_of_unit(self) -> Fraction:
        """Own cost of one unit, in units of labour time: total cost / quantity; a public plan costs nothing."""
        if self.public or not self.quantity:
            return Fraction(0)
        return Fraction(self.total_cost, self.quantity)


@dataclass(slots=True)
class BasicService:
    """A service that a member offers with her own labour alone.

    Attributes:
        listed: Whether a public edition may name it, and how to reach the provider.
        contact: How to reach the provider.
    """

    id: str
    provider: str
    name: str
    description: str
    since: int
    ended: int | None = None
    listed: bool = False
    contact: str = ""


@dataclass(slots=True)
class Cooperation:
    """Companies of one product that share a price.

    Attributes:
        plans: Ids of its plans in the order in which they joined.
        coordinator: The company that coordinates, or None after it ended without a successor.
        coordinators: Company and instant from which it coordinated, in order.
        offered: The company to which the role is offered, if any.
    """

    id: str
    name: str
    definition: str
    since: int
    coordinator: str | None
    coordinators: list[tuple[str, int]] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    offered: str | None = None


def cooperative_price(plans: list[Plan], instant: int) -> tuple[Fraction, int] | None:
    """The cooperative price of a unit and the instant until which it holds unless plans join or leave.

    The unweighted mean of cost / pieces over the plans that are active at the instant (seed of Workers Control,
    "Cooperations"; an expired plan no longer counts). None when no plan is active.
    """
    active = [plan for plan in plans if plan.is_active(instant)]
    if not active:
        return None
    costs = sum((plan.cost_of_unit() for plan in active), Fraction(0))
    until = min(plan.expires for plan in active if plan.expires is not None)
    return costs / len(active), until
