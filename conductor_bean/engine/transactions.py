"""Transactions: work, consumption, and what they entail.

Each ladder climbs in the order of precedence (existence, state, relations, amounts); balances come last, when all
transactions of an instant are known (see `settlement`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from conductor_bean.domain.amounts import significant
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.plans import FILED
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine import banking, public_spending, trade
from conductor_bean.engine.events import Movement, Outcome, Transfer
from conductor_bean.engine.evidence import DOUBT, doubt, follows_from_doubt, verify, verify_shown
from conductor_bean.engine.payroll import not_employed, recorded_wages, wages
from conductor_bean.engine.wage_arrears import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.market import Quote
    from conductor_bean.engine.state import Party

Thing = TypeVar("Thing")


def work(context: Context, movement: Movement) -> Outcome:
    """Members of one or more companies work: certificates, and taxes from each (seed, "Labour Certificates")."""
    employments = context.state.employments
    workers = set()
    for transfer in movement.transfers:
        employed = employments.get(transfer.debit.owner)
        worker = transfer.credit.owner
        if employed is None or worker not in employed or transfer.units <= 0:
            raise _why_not_work(context, movement)
        workers.add((transfer.debit.owner, worker))
    if len(workers) < len(movement.transfers):
        raise Rejection(
            "hours-registered-twice",
            "one transaction registers hours of one member at one company twice; write one leg with the sum",
        )
    tax, psf, instant = context.taxes.tax, context.psf, movement.instant
    derived = [Transfer("taxes", t.credit, psf, tax(t.units, instant), derived=True) for t in movement.transfers]
    if context.has_credits:
        # Hours first, then credits: so Beancount's booking orders postings, which then load again as they were.
        derived += wages(context, movement.transfers)
    unpaid = as_written(context, movement, derived)
    transfers = _with_derived(context, movement, derived)
    return Outcome(movement, transfers, fic=context.taxes.factor(movement.instant), unpaid=unpaid)


def _why_not_work(context: Context, movement: Movement) -> Rejection:
    try:
        for transfer in movement.transfers:
            context.known(context.state.companies, "company", transfer.debit.owner, "company-not-found")
            context.known(context.state.members, "member", transfer.credit.owner, "member-not-found")
        for transfer in movement.transfers:
            context.company(transfer.debit.owner)
            context.member(transfer.credit.owner)
        for transfer in movement.transfers:
            company, worker = transfer.debit.owner, transfer.credit.owner
            if worker not in context.state.employments[company]:
                return not_employed(company, worker)
        units = min(transfer.units for transfer in movement.transfers)
        return Rejection(
            "hours-worked-must-be-positive",
            f"{context.hours(units)} are registered; hours worked are positive: debit the company's A account and "
            "credit the member's Hours; to undo hours, record a reversal",
        )
    except Rejection as rejection:
        return rejection


def consume_plan(context: Context, movement: Movement) -> Outcome:
    """A member or company consumes a planned product at the price of that instant (seed, "Consumption")."""
    transfer = movement.transfers[0]
    instant = movement.instant
    plan = _linked(context, movement, context.state.plans, "plan-not-found", "plan")
    private = transfer.debit.kind == "member"
    consumer = _consumer(context, transfer, private=private)
    if transfer.credit.owner != plan.planner:
        context.known(context.state.companies, "company", transfer.credit.owner, "company-not-found")
    if not plan.is_active(instant):
        raise _inactive(plan, instant)
    if plan.public and not private:
        raise Rejection(
            "cannot-consume-public-service",
            f"the plan {quoted(plan.id)} is public; companies consume productive plans only; link one",
        )
    if consumer.ended is not None:
        raise context.has_ended(consumer)
    if consumer.id == plan.planner:
        raise Rejection(
            "consumer-is-planner",
            f"{quoted(plan.planner)} planned {quoted(plan.id)}; no company consumes its own; debit another company",
        )
    if transfer.credit.owner != plan.planner:
        raise Rejection(
            "account-is-not-planners",
            f"the plan {quoted(plan.id)} belongs to {plan.planner}, not to {transfer.credit.owner}; "
            f"credit {context.chart.of('prd', plan.planner).name}",
        )
    quote = _quoted(context, movement, plan)
    if movement.shown is not None:
        verify_shown(movement, "price", quote.price)
    derived = _compensation(context, plan, transfer.credit, quote) if quote.compensation else []
    return Outcome(movement, _with_derived(context, movement, derived), price=quote.price, plan=plan)


def _quoted(context: Context, movement: Movement, plan: Plan) -> Quote:
    """What the quantity costs, and that this is what was paid."""
    transfer, quantity, instant = movement.transfers[0], movement.quantity, movement.instant
    if type(quantity) is not int:
        raise Rejection(
            "quantity-must-be-positive", f"quantity: {quantity:.10g} is not a positive integer; write one such as 3"
        )
    quote = context.prices.quote(plan, quantity, instant)
    if transfer.units != quote.amount and abs(transfer.units - quote.amount) > context.labour_time.tolerance:
        raise Rejection(
            "wrong-amount",
            f"{quantity} x {quoted(plan.id)} cost {context.hours(quote.amount)} at {format_instant(instant)}, "
            f"not {context.hours(transfer.units)}; write {context.hours(quote.amount)}",
        )
    return quote


def _compensation(context: Context, plan: Plan, prd: Account, quote: Quote) -> list[Transfer]:
    """What the company owes its cooperation, or the other way round (seed, "Productivity and compensation")."""
    assert plan.cooperation is not None
    shared = context.chart.of("cooperation", plan.cooperation)
    if quote.for_cooperation:
        return [Transfer("compensation_for_coop", prd, shared, quote.compensation, derived=True)]
    return [Transfer("compensation_for_company", shared, prd, quote.compensation, derived=True)]


def consume_service(context: Context, movement: Movement) -> Outcome:
    """A member or company consumes a basic service; the provider pays taxes on the hours (seed, "Basic Services")."""
    transfer = movement.transfers[0]
    service = _linked(context, movement, context.state.services, "basic-service-not-found", "basic service")
    consumer = _consumer(context, transfer, private=transfer.debit.kind == "member")
    if service.ended is not None:
        raise Rejection(
            "basic-service-inactive",
            f"the basic service {quoted(service.id)} ended at {format_instant(service.ended)}; "
            "an ended service is not consumed: link another, or mend the date",
        )
    if consumer.ended is not None:
        raise context.has_ended(consumer)
    if consumer.id == service.provider:
        raise Rejection(
            "consumer-is-provider",
            f"{quoted(service.provider)} provides {quoted(service.id)}; nobody consumes her own service; "
            "debit another member",
        )
    if transfer.credit.owner != service.provider:
        raise Rejection(
            "account-is-not-providers",
            f"the basic service {quoted(service.id)} belongs to {service.provider}, not to {transfer.credit.owner}; "
            f"credit {context.chart.of('member', service.provider).name}",
        )
    if transfer.units <= 0:
        raise Rejection(
            "service-hours-must-be-positive",
            f"{context.hours(transfer.units)} of {quoted(service.id)} are consumed; services are positive hours: debit "
            "the consumer and credit the provider",
        )
    taxes = [_taxes(context, transfer.credit, transfer.units, movement.instant)]
    factor = context.taxes.factor(movement.instant)
    try:
        return Outcome(movement, _with_derived(context, movement, taxes), fic=factor)
    except Rejection as rejection:
        if rejection.code == "wrong-derived-amount":
            doubt(context, movement, factor, dependent=bool(rejection.missing))
        raise


HANDLERS: dict[str, Callable[[Context, Movement], Outcome]] = {
    **trade.HANDLERS,
    **public_spending.HANDLERS,
    **banking.HANDLERS,
    "wage": recorded_wages,
    "work_certificates": work,
    "private_consumption": consume_plan,
    "productive_consumption_p": consume_plan,
    "productive_consumption_r": consume_plan,
    "private_consumption_of_basic_service": consume_service,
    "productive_consumption_of_basic_service": consume_service,
}


def _taxes(context: Context, member: Account, units: int, instant: int) -> Transfer:
    return Transfer("taxes", member, context.psf, context.taxes.tax(units, instant), derived=True)


def _consumer(context: Context, transfer: Transfer, *, private: bool) -> Party:
    parties = context.state.members if private else context.state.companies
    consumer = parties.get(transfer.debit.owner)
    if consumer is None:
        kind = "member" if private else "company"
        consumer = context.known(parties, kind, transfer.debit.owner, "consumer-does-not-exist")
    return consumer


def _linked(context: Context, movement: Movement, wanted: dict[str, Thing], code: str, kind: str) -> Thing:
    """What is consumed: the plan or basic service of the one link that resolves."""
    if len(movement.links) == 1:
        (link,) = movement.links
        thing = wanted.get(link)
        if thing is not None:
            return thing
    return wanted[_one_link(context, movement, wanted, code, kind)]


def _one_link(context: Context, movement: Movement, wanted: Mapping[str, object], code: str, kind: str) -> str:
    """The one link that names what is consumed; other links are free."""
    state = context.state
    resolved = [link for link in movement.links if link in state.plans or link in state.services]
    if len(resolved) == 1 and resolved[0] in wanted:
        return resolved[0]
    if len(resolved) > 1:
        raise Rejection(
            "ambiguous-link",
            f"the links {', '.join('^' + link for link in sorted(resolved))} all name something to consume; "
            "one transaction consumes one thing, so write one for each",
        )
    if resolved:
        other = "basic service" if kind == "plan" else "plan"
        raise Rejection(code, f"^{resolved[0]} is a {other}, but these accounts consume a {kind}; link the {kind}")
    links = sorted(movement.links)
    # Other links are free, so the one that was meant is one that should have come, or one that looks like an id.
    meant = [link for link in links if (kind, link) in state.missing] or [
        link for link in links if context.hint(link, wanted)
    ]
    context.known(wanted, kind, (meant or links)[0], code)
    raise AssertionError("unreachable: an unknown link was found")


def _inactive(plan: Plan, instant: int) -> Rejection:
    if plan.approved is None:
        found = "is filed, but not approved" if plan.decision == FILED else f"was {plan.decision}"
    else:
        assert plan.expires is not None
        found = f"expired at {format_instant(plan.expires)}"
    return Rejection(
        "plan-inactive",
        f"the plan {quoted(plan.id)} {found}; at {format_instant(instant)} it is not active, and only active plans "
        "are consumed: link an active one, or mend the date",
        missing=() if plan.approved else ("approval", plan.id),
    )


def _with_derived(context: Context, movement: Movement, derived: list[Transfer]) -> list[Transfer]:
    """Recorded and derived transfers together, the derived ones held against what the text says of them."""
    if movement.shown is not None and movement.transfers[0].credit.kind == "member" and not context.hypothetical:
        verify_shown(movement, "fic", significant(Fraction(*context.taxes.factor(movement.instant))))
    if movement.evidence is not None and not context.hypothetical:
        try:
            verify(context, movement.evidence, derived)
        except Rejection as rejection:
            if rejection.code == "wrong-derived-amount" and follows_from_doubt(context, movement):
                rejection.missing = DOUBT
            raise
    return movement.transfers + derived
