"""Transactions of labour time: hours worked, and what is consumed; and wages where labour time is off."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted
from conductor_bean.recording import values
from conductor_bean.recording.asked import Asked, Drafted
from conductor_bean.recording.legs import amount_of, plain_number, told_quantity, transaction, with_legs
from conductor_bean.recording.text import Leg, MistakeError

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.machine import Machine


def hours(machine: Machine, asked: Asked) -> Drafted:
    """Hours worked at a company, or the wages of them where labour time is off.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context = machine.context
    company = values.known(machine, "company", asked.one("company"))
    worked = _worked(machine, asked)
    told = ", ".join(f"{member} {plain_number(context.labour_time, hours)}" for member, hours in worked)
    if context.region.labour_time is None:
        return _wages(machine, asked, company, worked, told)
    chart, commodity = context.chart, context.labour_time
    total = sum(hours for _, hours in worked)
    legs = [(chart.of("a", company), -total), *((chart.of("member", member), hours) for member, hours in worked)]
    return Drafted(transaction(asked, company, f"Hours: {told}", legs, commodity))


def _worked(machine: Machine, asked: Asked) -> list[tuple[str, int]]:
    worked = []
    for text in asked.values.get("work", ()):
        member, sign, hours = text.partition("=")
        if not sign:
            raise MistakeError("work", f"{quoted(text)} is not MEMBER=HOURS, such as Ada=8")
        member = values.known(machine, "member", member.strip())
        worked.append((member, values.units("hours", hours, machine.context.labour_time)))
    return worked


def _wages(machine: Machine, asked: Asked, company: str, worked: list[tuple[str, int]], told: str) -> Drafted:
    """Wages with their hours, where labour time is off; what the engine would derive is computed by it."""
    context = machine.context
    notes, legs, total = [], [], 0
    for member, hours in worked:
        employment = machine.state.employments.get(company, {}).get(member)
        try:
            wage = (
                0
                if employment is None
                else context.wages.paid(employment.occupation, employment.productivity, hours)[0]
            )
        except KeyError:
            wage = 0  # the engine says which occupation is missing
        total += wage
        hours_text = plain_number(context.labour_time, hours)
        amount = amount_of(context.credits, wage)
        legs.append(Leg(context.member_wallets[member].name, amount, {"hours": Decimal(hours_text)}))
        notes.append(f"{hours_text} hours of {member} are paid {amount}")
    first = Leg(context.company_wallets[company].name, amount_of(context.credits, -total))
    return Drafted(with_legs(asked, company, f"Wages: {told}", (first, *legs)), notes)


def consume(machine: Machine, asked: Asked) -> Drafted:
    """A plan's product or a basic service is consumed, at its price.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    state, chart = machine.state, machine.context.chart
    consumer = values.known(machine, "consumer", asked.one("consumer"))
    what = values.known(machine, "consumable", asked.one("what"))
    private = consumer in state.members
    if what in state.services:
        debit = chart.of("member", consumer) if private else chart.of("r", consumer)
        return _consume_service(machine, asked, debit, what)
    means = asked.one("means")
    if private == bool(means):
        raise MistakeError(
            "means",
            f"{consumer} is a member, who consumes privately; leave --means out"
            if private
            else f"{consumer} is a company; say --means p (fixed means) or r (raw materials)",
        )
    debit = chart.of("member" if private else means, consumer)
    return _consume_plan(machine, asked, debit, what)


def _consume_plan(machine: Machine, asked: Asked, debit: Account, what: str) -> Drafted:
    context, plan = machine.context, machine.state.plans[what]
    quantity = values.number("quantity", asked.one("quantity"))
    if quantity != quantity.to_integral_value() or quantity <= 0:
        raise MistakeError("quantity", f"quantity is {quantity:f}; of a plan it is a positive whole number")
    quote = context.prices.quote(plan, int(quantity), asked.instant)
    legs = [(debit, -quote.amount), (context.chart.of("prd", plan.planner), quote.amount)]
    told = told_quantity(quantity, plan.unit, plan.product)
    entry = transaction(asked, debit.owner, told, legs, context.labour_time, link=what, meta={"quantity": quantity})
    note = f"{told}: {quantity:f} x {quote.price:f} = {context.hours(quote.amount)}"
    return Drafted(entry, [note])


def _consume_service(machine: Machine, asked: Asked, debit: Account, what: str) -> Drafted:
    context, service = machine.context, machine.state.services[what]
    hours = values.units("hours", asked.one("quantity"), context.labour_time)
    legs = [(debit, -hours), (context.chart.of("member", service.provider), hours)]
    told = f"{plain_number(context.labour_time, hours)} hours of {service.name or service.id}"
    return Drafted(transaction(asked, debit.owner, told, legs, context.labour_time, link=what))
