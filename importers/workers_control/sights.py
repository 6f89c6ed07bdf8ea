"""What each consumption says of the cooperation of its plan.

A consumption with a compensation says: this plan was in that cooperation, whose price was so much. One without says:
this plan was in none, or in one whose price was its own cost (the app records no compensation of zero).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from conductor_bean.importers.workers_control.records import App, Consumption, Plan

UNIT = Fraction(1, 10**10)
"""The last decimal that the app keeps of an amount."""

# Where SQLite keeps an amount as a double, it is good to one part in 2^53.
_DOUBLE = Fraction(1, 2**52)


@dataclass(frozen=True, slots=True)
class Sight:
    """One look at a plan.

    Attributes:
        consumption: What was recorded.
        plan: The plan, productive and active.
        cooperation: The cooperation that a recorded compensation names, or None.
        prices: The prices of a unit that the record may mean: one where amount and compensation agree, else both.
        tolerance: How far from it the true price of a unit may lie.
        sound: Whether the record agrees with itself. One that does not was not written by the app as it stands.
    """

    consumption: Consumption
    plan: Plan
    cooperation: str | None
    prices: tuple[Fraction, ...]
    tolerance: Fraction
    sound: bool

    @property
    def instant(self) -> int:
        """When it was consumed."""
        return self.consumption.transfer.instant

    def admits(self, price: Fraction, cooperation: str | None) -> bool:
        """Whether the record may stand at a price, the plan being in a cooperation or in none."""
        if self.cooperation is None:
            return cooperation is None or price == self.plan.cost
        return cooperation == self.cooperation and any(abs(price - seen) <= self.tolerance for seen in self.prices)

    def is_explained(self, price: Fraction, cooperation: str | None) -> bool:
        """Whether everything recorded follows from that price and membership."""
        return self.sound and self.admits(price, cooperation)


def sights_of(app: App) -> list[Sight]:
    """The sights of all productive plans that were active when they were consumed, in order of instant.

    Consumption of public plans, of inactive ones, and of no or fewer units says nothing: it has no cooperative price.
    """
    plans = {plan.uuid: plan for plan in app.plans}
    found = []
    for consumption in app.consumptions:
        plan = plans[consumption.plan]
        if not plan.public and plan.is_active(consumption.transfer.instant) and consumption.quantity > 0:
            found.append(_sight(consumption, plan))
    return found


def _sight(consumption: Consumption, plan: Plan) -> Sight:
    quantity = consumption.quantity
    paid = Fraction(consumption.transfer.value) / quantity
    tolerance = (2 * UNIT + abs(Fraction(consumption.transfer.value)) * _DOUBLE) / quantity
    compensation = consumption.compensation
    sides = () if compensation is None else (compensation.debit, compensation.credit)
    named = [account.owner for account in sides if account.kind == "cooperation"]
    if compensation is None or len(named) != 1:
        return Sight(consumption, plan, None, (), tolerance, abs(paid - plan.cost) <= tolerance and not sides)
    sign = 1 if compensation.credit.kind == "cooperation" else -1
    compensated = plan.cost + sign * Fraction(compensation.value) / quantity
    if abs(paid - compensated) <= 2 * tolerance:
        return Sight(consumption, plan, named[0], (paid,), tolerance, sound=True)
    return Sight(consumption, plan, named[0], (paid, compensated), tolerance, sound=False)
