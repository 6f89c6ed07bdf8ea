"""Plans through the year, the cooperations of those who make the same, and what can be consumed today."""

from __future__ import annotations

from functools import partial

from conductor_bean.domain.instants import DAY
from conductor_bean.domain.plans import APPROVED, FILED
from conductor_bean.simulation.decisions import HOUR
from conductor_bean.simulation.names import ACCOUNTANTS
from conductor_bean.simulation.world import Company, World

_COOPERATION_DAY = 9
_LARGEST_COOPERATION = 5
_RUN_OUT = 0.85
"""A plan is followed by the next one when so much of it is consumed."""


def found(world: World) -> None:
    """File and approve the first plan of every company, and arrange the cooperations."""
    for company in world.companies:
        _file(world, company)
        _approve(world, company)
    world.later(_COOPERATION_DAY, partial(_found_cooperations, world))


def morning(world: World) -> None:
    """Follow up the plans that run out."""
    for company in world.companies:
        if _runs_out(world, company):
            _file(world, company)
            verdict = _reject if world.happens(6) else _approve
            world.later(world.random.randrange(2, 6), partial(verdict, world, company))


def look_at_market(world: World) -> None:
    """See what can be consumed today."""
    now = world.recorder.instant
    world.market = []
    for company in world.companies:
        plans = [world.state.plans[name] for name in company.live if name in world.state.plans]
        company.live = [plan.id for plan in plans if plan.decision == FILED or plan.is_active(now)]
        world.market += [plan for plan in plans if plan.is_active(now) and plan.consumed < plan.quantity]


def _runs_out(world: World, company: Company) -> bool:
    plan = world.state.plans[company.plan]
    if plan.decision != APPROVED:
        return plan.decision != FILED
    assert plan.expires is not None
    return plan.expires - world.recorder.instant < 6 * DAY or plan.consumed > plan.quantity * _RUN_OUT


def _file(world: World, company: Company) -> None:
    """File a plan of about as many hours as the company's workers will give."""
    trade, chance = company.trade, world.random
    days = chance.choice((90, 120, 150, 180, 240, 365))
    share = max(1, len(company.workers)) / max(1, len(world.members))
    labour = max(20, round(world.scenario.hours_a_day * days * share * chance.uniform(0.9, 1.1)))
    raw, fixed = round(labour * chance.uniform(0.3, 0.6)), round(labour * chance.uniform(0.05, 0.2))
    quantity = max(10, (labour + raw + fixed) * 100 // trade.cost)
    company.plans += 1
    company.plan = f"{trade.product.lower().replace(' ', '-')}-{company.id.lower()}.{company.plans}"
    company.live.append(company.plan)
    world.recorder.declare(
        "plan",
        company.plan,
        company.id,
        product=trade.product,
        unit=trade.unit,
        quantity=quantity,
        fixed_means=fixed * HOUR,
        raw_materials=raw * HOUR,
        labour=labour * HOUR,
        days=days,
        public=trade.public,
    )


def _approve(world: World, company: Company) -> None:
    world.recorder.declare("plan-approval", company.plan, by=world.choice(ACCOUNTANTS)[0])
    if company.cooperation:
        world.later(2, partial(_join, world, company, company.plan))


def _reject(world: World, company: Company) -> None:
    reason = "more raw materials than last time, and no reason given"
    world.recorder.declare("plan-rejection", company.plan, by=world.choice(ACCOUNTANTS)[0], reason=reason)


def _found_cooperations(world: World) -> None:
    """Those who make the same found cooperations, of a few companies each."""
    by_product: dict[str, list[Company]] = {}
    for company in world.companies:
        if not company.trade.public:
            by_product.setdefault(company.trade.product, []).append(company)
    for product, companies in by_product.items():
        for number, start in enumerate(range(0, len(companies), _LARGEST_COOPERATION), 1):
            group = companies[start : start + _LARGEST_COOPERATION]
            if len(group) > 1:
                name = product.replace(" ", "-") + (f"-{number}" if number > 1 else "")
                _found_cooperation(world, name, group)


def _found_cooperation(world: World, name: str, group: list[Company]) -> None:
    product = group[0].trade.product
    world.recorder.declare(
        "cooperation",
        name,
        group[0].id,
        name=f"{product} together",
        definition=f"{product}, by the {group[0].trade.unit}",
    )
    for company in group:
        company.cooperation = name
        world.later(1, partial(_join, world, company, company.plan))
    heir = group[1].id
    half = world.scenario.days // 2
    world.later(half, partial(_offer_coordination, world, name, heir))


def _join(world: World, company: Company, plan: str) -> None:
    now = world.recorder.instant
    found = world.state.plans[plan]
    coordinator = world.state.cooperations[company.cooperation].coordinator
    if found.is_active(now) and found.cooperation is None and coordinator is not None:
        world.recorder.declare("cooperation-request", company.cooperation, plan, by=company.id)
        world.recorder.declare("cooperation-acceptance", company.cooperation, plan, by=coordinator)


def _offer_coordination(world: World, name: str, heir: str) -> None:
    coordinator = world.state.cooperations[name].coordinator
    if coordinator is not None and coordinator != heir and world.days_left > 3:
        world.recorder.declare("coordination-request", name, heir, by=coordinator)
        world.later(3, partial(world.recorder.declare, "coordination-acceptance", name, heir, by=heir))
