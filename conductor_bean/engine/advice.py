"""Advice: what is allowed, but worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.domain.instants import date_of, month_from_number, month_number
from conductor_bean.domain.problems import quoted
from conductor_bean.engine.events import Evidence, Movement
from conductor_bean.engine.payroll import hours_on_date

if TYPE_CHECKING:
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact, Outcome


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
        self._ended = ""
        self.advice: list[Advice] = []

    def fact(self, fact: Fact) -> None:
        """Look at a fact that was applied."""
        if fact.type.name == "plan" and not (fact.data["quantity"] and fact.data["days"]):
            what = "no quantity, so its price is 0" if fact.data["days"] else "no days, so it is never active"
            self._add(
                "empty-plan", f"the plan {quoted(fact.ids[0])} has {what}; file it anew if that is not meant", fact
            )

        if fact.type.name == "plan-approval":
            self._approval(fact)

    def _approval(self, fact: Fact) -> None:
        """Look whether rounding changes the price of an approved plan's unit by more than 1 %."""
        plan = self._context.state.plans[fact.ids[0]]
        price = plan.cost_of_unit()  # in units of labour time; of public plans, which are free, 0
        if abs(round(price) - price) * 100 > price:
            hours = self._context.labour_time
            self._add(
                "price-rounds-away",
                f"a unit of {quoted(plan.id)} costs {decimal_text(significant(price / 10**hours.digits).normalize())} "
                f"{hours.name}, and "
                f"{self._context.hours(round(price))} when it is bought by itself; plan a larger unit",
                fact,
            )

    def noted(self, event: Fact | Movement) -> None:
        """Give the advice that was noted while an event was applied."""
        for code, message in self._context.notes:
            self._add(code, message, event)
        self._context.notes.clear()

    def month_ended(self, month: str) -> None:
        """Remember a month that ended: the next event that is accepted shows whether it was closed."""
        self._ended = self._ended or month

    def month_begins(self, outcomes: list[Outcome]) -> None:
        """Look, at the first event of a later month, whether the months before were closed."""
        if not self._ended:
            return
        accepted = [o.event for o in outcomes if o.rejection is None and not isinstance(o.event, Evidence)]
        if not accepted:
            return
        before, self._ended = self._ended, ""
        # Whatever the order of lines: facts before transactions, each in canonical order.
        event = min(accepted, key=lambda event: (isinstance(event, Movement), event.order))
        state = self._context.state
        numbers = range(month_number(before), month_number(state.credits.month.name))
        missed = [month for month in map(month_from_number, numbers) if month not in state.closed]
        if missed:
            names = missed[0] if len(missed) == 1 else f"{missed[0]} to {missed[-1]}"
            self._add(
                "month-not-closed",
                f"this is the first event after {names}, not closed yet; record month-close on the last day of each "
                "month",
                event,
            )

    def consumption(self, plan: Plan, before: int, movements: list[Movement]) -> None:
        """Look at a plan after an instant's consumption of it: once, where it passes what was planned."""
        if before <= plan.quantity < plan.consumed:
            self._add(
                "plan-overconsumed",
                f"{plan.consumed} of {quoted(plan.id)} are consumed, {plan.quantity} are planned; "
                "file a new plan for what is needed beyond",
                _last(movements),
            )

    def duplicates(self, movements: list[Movement]) -> None:
        """Look at the transactions of one date without times: whether two say the same, and have no ids either."""
        alike: dict[tuple[object, ...], list[Movement]] = {}
        for movement in movements:
            if not movement.id:
                first = movement.transfers[0]
                key = (id(first.debit), id(first.credit), first.units, movement.payee, movement.narration)
                alike.setdefault(key, []).append(movement)
        for group in alike.values():
            if len(group) == 1:
                continue
            said: set[tuple[object, ...]] = set()
            for movement in sorted(group, key=attrgetter("source")):
                if movement.said in said:
                    self._add(
                        "looks-like-a-duplicate",
                        f"another transaction of {date_of(movement.instant)} says all the same as this one; remove "
                        "one, or give them an id: or a time:",
                        movement,
                    )
                said.add(movement.said)

    def work(self, worker: str, movements: list[Movement], units: int) -> None:
        """Look at a member's hours of a date after an instant's work: once, where they pass what a date has."""
        worked = hours_on_date(self._context.state, movements[0].instant)
        before = worked.get(worker, 0)
        hours = worked[worker] = before + units
        if before <= self._day_units < hours:
            self._add(
                "more-than-24-hours",
                f"{worker} works {self._context.hours(hours)} on {date_of(movements[0].instant)}; look whether hours "
                "were registered twice",
                _last(movements),
            )

    def _add(self, code: str, message: str, event: Fact | Movement) -> None:
        self.advice.append(Advice(code, message, event.source))


def _last(movements: list[Movement]) -> Movement:
    """Of transactions of one instant the last by the canonical key, so that the order of lines decides nothing."""
    return movements[0] if len(movements) == 1 else max(movements, key=attrgetter("order"))
