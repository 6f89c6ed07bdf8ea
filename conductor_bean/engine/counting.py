"""What an accepted transaction counts for beyond its transfers, and what a reversal takes back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Movement
from conductor_bean.engine.payroll import WORK, hours_of, hours_on_date
from conductor_bean.engine.state import Posted
from conductor_bean.engine.trade import scaled
from conductor_bean.engine.wage_arrears import owe

if TYPE_CHECKING:
    from conductor_bean.domain.loans import OutsideLoan
    from conductor_bean.domain.properties import Property
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome, Transfer

SERVICES = ("private_consumption_of_basic_service", "productive_consumption_of_basic_service")


def posted_of(context: Context, outcome: Outcome) -> Posted:
    """What a reversal needs to know of a transaction."""
    movement = outcome.event
    assert isinstance(movement, Movement)
    kind = movement.transfers[0].type
    posted = Posted(
        movement.instant,
        [(t.type, t.debit.name, t.credit.name, t.units, t.derived) for t in outcome.transfers],
        sorted(movement.links),
        thing=outcome.thing,
        sold=outcome.sold,
        offer=outcome.offer,
    )
    if movement.quantity is not None:
        with suppress(Rejection):  # of what no rule asks for, a quantity that is none is as if it was not said
            posted.measure = scaled(movement.quantity)
    if outcome.plan is not None:
        assert isinstance(movement.quantity, int)
        posted.plan, posted.quantity = outcome.plan.id, movement.quantity
    elif kind in SERVICES:
        posted.service = (movement.instant, movement.transfers[0].units)
    elif kind in WORK:
        posted.occupations, posted.hours = _work(context, movement)
        posted.unpaid = list(outcome.unpaid)
    return posted


def count_outcome(context: Context, outcome: Outcome) -> None:
    """Count a transaction that was accepted; of labour time alone there is nothing to count."""
    if not context.has_credits:
        return
    movement = outcome.event
    assert isinstance(movement, Movement)
    first = movement.transfers[0]
    if first.type in WORK:
        _count_work(context, movement)
        owe(context, outcome)
    elif first.debit.economy != CREDITS:
        return
    context.tracker.moved(outcome.transfers, context.rules, outcome.offer or outcome.thing, outcome.sold)
    if outcome.thing:
        _change(context, first, outcome.thing, movement.instant, 1)


def _count_work(context: Context, movement: Movement) -> None:
    """Count hours by occupation, and on the date of each worker."""
    state, employments = context.state, context.state.employments
    worked = hours_on_date(state, movement.instant)
    recorded = movement.transfers
    hours = hours_of(context, movement) if recorded[0].type == "wage" else None
    seen, counted = "", dict[str, int]()
    for index, transfer in enumerate(recorded):
        company, worker = transfer.debit.owner, transfer.credit.owner
        units = transfer.units if hours is None else hours[index]
        if company != seen:
            seen, counted = company, context.tracker.sheet(company).hours
        occupation = employments[company][worker].occupation
        counted[occupation] = counted.get(occupation, 0) + units
        worked[worker] = worked.get(worker, 0) + units


def count(context: Context, posted: Posted, transfers: list[Transfer], sold: int, sign: int) -> None:
    """Take back what an event, or a part of it, counted for (-1), or count it again (1), in the present month.

    Args:
        context: The region.
        posted: The event.
        transfers: What is taken back, in the direction of the event.
        sold: How much of an offer, in 10^-12 of a unit.
        sign: -1 or 1.
    """
    rules = context.region.decisions.at(posted.instant)
    context.tracker.moved(transfers, rules, posted.offer or posted.thing, sold, sign=sign)
    if posted.hours:
        companies = [transfer.debit.owner for transfer in transfers if transfer.type == "wage"]
        for company, occupation, units in zip(companies, posted.occupations, posted.hours, strict=True):
            context.tracker.worked(company, occupation, sign * units)
    if posted.thing:
        _change(context, transfers[0], posted.thing, posted.instant, sign)


def _work(context: Context, movement: Movement) -> tuple[list[str], list[int]]:
    """Occupation and hours of each worker."""
    employments = context.state.employments
    occupations = [employments[t.debit.owner][t.credit.owner].occupation for t in movement.transfers]
    if movement.transfers[0].type == "wage":
        return occupations, hours_of(context, movement)
    return occupations, [transfer.units for transfer in movement.transfers]


def _change(context: Context, first: Transfer, thing: str, instant: int, sign: int) -> None:
    """What becomes of the loan or property that a transaction is about."""
    kept = context.state.credits
    kind, units = first.type, sign * first.units
    if kind == "loan_repayment":
        kept.loans[thing].outstanding -= units
    elif kind == "outside_loan":
        kept.outside_loans[thing].drawn += units
    elif kind == "outside_repayment":
        _repaid(context, kept.outside_loans[thing], units)
    elif kind == "upkeep":
        _spent_on(context, kept.properties[thing], units)
    elif kind in ("acquisition", "property_purchase"):
        kept.properties[thing].deal(instant, sale=False, stands=sign > 0)
    elif kind == "property_sale":
        kept.properties[thing].deal(instant, sale=True, stands=sign > 0)


def _spent_on(context: Context, found: Property, units: int) -> None:
    found.spent += units
    if found.spent > found.charged and units > 0:
        context.advise(
            "upkeep-above-charges",
            f"{context.rsc(found.spent)} are spent on {quoted(found.id)}, {context.rsc(found.charged)} of rent were "
            "charged for it so far; mend its costs a month, or the upkeep, if that is not meant",
        )


def _repaid(context: Context, loan: OutsideLoan, units: int) -> None:
    loan.repaid += units
    if loan.repaid > loan.drawn and units > 0:
        context.advise(
            "outside-repayment-above-loan",
            f"{context.rsc(loan.repaid)} of {quoted(loan.id)} are repaid, {context.rsc(loan.drawn)} were drawn; "
            "what is "
            "beyond is that lender's interest",
        )
