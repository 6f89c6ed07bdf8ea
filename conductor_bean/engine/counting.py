"""What an accepted transaction counts for beyond its transfers, and what a reversal takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.engine.events import Movement
from conductor_bean.engine.payroll import hours_of
from conductor_bean.engine.state import Posted

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome, Transfer

_SERVICES = ("private_consumption_of_basic_service", "productive_consumption_of_basic_service")


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
    )
    if outcome.plan is not None:
        assert isinstance(movement.quantity, int)
        posted.plan, posted.quantity = outcome.plan.id, movement.quantity
    elif kind in _SERVICES:
        posted.service = (movement.instant, movement.transfers[0].units)
    elif kind in ("work_certificates", "wage") and context.has_credits:
        posted.occupations, posted.hours = _work(context, movement)
    return posted


def count_outcome(context: Context, outcome: Outcome) -> None:
    """Count a transaction that was accepted; of labour time alone there is nothing to count."""
    movement = outcome.event
    assert isinstance(movement, Movement)
    kind = movement.transfers[0].type
    if kind in ("work_certificates", "wage"):
        occupations, hours = _work(context, movement)
        context.tracker.worked((t.debit.owner for t in movement.transfers), occupations, hours)
    elif movement.transfers[0].debit.economy != "credits":
        return
    context.tracker.moved(outcome.transfers, context.rules, outcome.thing, outcome.sold)
    if outcome.thing:
        _change(context, kind, outcome.thing, movement.transfers[0].units, movement.instant, 1)


def count(context: Context, posted: Posted, transfers: list[Transfer], sign: int) -> None:
    """Take back what a posted event counted for (-1), or count it again (1), in the present month."""
    rules = context.region.decisions.at(posted.instant)
    context.tracker.moved(transfers, rules, posted.thing, posted.sold, sign=sign)
    if posted.hours:
        companies = [transfer.debit.owner for transfer in transfers if transfer.type == "wage"]
        context.tracker.worked(companies, posted.occupations, posted.hours, sign=sign)
    if posted.thing:
        _change(context, transfers[0].type, posted.thing, transfers[0].units, posted.instant, sign)


def _work(context: Context, movement: Movement) -> tuple[list[str], list[int]]:
    """Occupation and hours of each worker."""
    employments = context.state.employments
    occupations = [employments[t.debit.owner][t.credit.owner].occupation for t in movement.transfers]
    if movement.transfers[0].type == "wage":
        return occupations, hours_of(context, movement)
    return occupations, [transfer.units for transfer in movement.transfers]


def _change(context: Context, kind: str, thing: str, units: int, instant: int, sign: int) -> None:
    """What becomes of the loan or property that a transaction is about."""
    kept = context.state.credits
    if kind == "loan_repayment":
        kept.loans[thing].outstanding -= sign * units
    elif kind == "outside_loan":
        kept.outside_loans[thing].drawn += sign * units
    elif kind == "outside_repayment":
        kept.outside_loans[thing].repaid += sign * units
    elif kind in ("acquisition", "property_purchase"):
        kept.properties[thing].bought = sign > 0
        kept.properties[thing].sold = None
    elif kind == "property_sale":
        kept.properties[thing].bought = sign < 0
        kept.properties[thing].sold = instant if sign > 0 else None
