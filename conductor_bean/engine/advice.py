"""Advice: what is allowed, but worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, date_of
from conductor_bean.domain.problems import quoted

if TYPE_CHECKING:
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact, Movement


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice on an event: stable code, one-line message, and the event's source."""

    code: str
    message: str
    source: int


class Adviser:
    """Collects advice while events are applied."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._day_units = 24 * 10**context.labour_time.digits
        self.advice: list[Advice] = []

    def fact(self, fact: Fact) -> None:
        """Look at a fact that was applied."""
        if fact.type.name == "plan" and not (fact.data["quantity"] and fact.data["days"]):
            what = "no quantity, so its price is 0" if fact.data["days"] else "no days, so it is never active"
            self._add(
                "empty-plan", f"the plan {quoted(fact.ids[0])} has {what}; file it anew if that is not meant", fact
            )
        elif fact.type.name == "seal":
            self._add("seal-not-verified", f"the seal of {fact.ids[0]} is not verified by this version", fact)

    def consumption(self, movement: Movement, plan: Plan) -> None:
        """Look at a plan after some of it was consumed."""
        if plan.consumed > plan.quantity:
            self._add(
                "plan-overconsumed",
                f"{plan.consumed} of {quoted(plan.id)} are consumed, {plan.quantity} are planned; "
                "file a new plan for what is needed beyond",
                movement,
            )

    def work(self, movement: Movement) -> None:
        """Sum a member's hours of a date."""
        state = self._context.state
        date = movement.instant // DAY
        if state.hours_date != date:
            state.hours_date = date
            state.hours = {}
        for transfer in movement.transfers:
            worker = transfer.credit.owner
            hours = state.hours[worker] = state.hours.get(worker, 0) + transfer.units
            if hours > self._day_units:
                self._add(
                    "more-than-24-hours",
                    f"{worker} works {self._context.hours(hours)} on {date_of(movement.instant)}; look whether hours "
                    "were registered twice",
                    movement,
                )

    def _add(self, code: str, message: str, event: Fact | Movement) -> None:
        self.advice.append(Advice(code, message, event.source))
