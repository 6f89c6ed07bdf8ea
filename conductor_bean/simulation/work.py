"""Hours that are worked, and the credits that pay for them."""

from __future__ import annotations

from conductor_bean.simulation.decisions import HOUR
from conductor_bean.simulation.names import REGION, counted
from conductor_bean.simulation.recorder import Leg
from conductor_bean.simulation.world import APPROVERS, Company, World

_HOURS = tuple(hours * HOUR // 2 for hours in (16, 16, 16, 16, 15, 12, 8))  # in half hours
_TOGETHER = 25
"""Of a hundred registrations, how many are of several workers."""

_LARGEST_TEAM = 4
_AHEAD = 12
"""An order from outside pays for so many registrations like the present one."""


def begin_day(world: World, registrations: int) -> None:
    """Decide who may work today; nobody does on weekends."""
    world.worked.clear()
    world.ready.clear()
    if world.day.weekday() < 5:
        workers = [member for member in world.members if member in world.employer]
        world.ready = world.random.sample(workers, min(len(workers), registrations * 2))


def register(world: World) -> bool:
    """Register the hours of a worker, or of some who work together."""
    while world.ready:
        worker = world.ready.pop()
        company = world.employer.get(worker)
        employed = {} if company is None else world.state.employments.get(company.id, {})
        if company is None or worker in world.worked or worker not in employed:
            continue
        team = [worker]
        if world.happens(_TOGETHER):
            others = [o for o in company.workers if o in employed and o not in world.worked and o != worker]
            team += others[: world.random.randrange(1, _LARGEST_TEAM)]
        world.worked.update(team)
        return _record(world, company, team)
    return False


def _record(world: World, company: Company, team: list[str]) -> bool:
    hours = [world.choice(_HOURS) for _ in team]
    employments = world.state.employments[company.id]
    wages = 0
    for worker, units in zip(team, hours, strict=True):
        employment = employments[worker]
        wages += world.context.wages.paid(employment.occupation, employment.productivity, units)[0]
    if world.units(world.pool(company.id)) < wages:
        _fund(world, company, wages * _AHEAD)
    budget = world.account("a", company.id)
    legs: list[Leg] = [
        (budget, world.account("member", worker), units) for worker, units in zip(team, hours, strict=True)
    ]
    words = "A day's work" if len(team) == 1 else f"A day's work of {len(team)}"
    return world.recorder.move("work_certificates", legs, (world.name(company.id), words))


def _fund(world: World, company: Company, units: int) -> None:
    """Let the region support a company of its own where it can, or an order from outside come in."""
    pool, treasury = world.pool(company.id), world.context.treasury
    if company.trade.regional and world.units(treasury) > units * 2:
        words = (f"Region of {REGION}", f"For the work of {world.name(company.id)}")
        world.recorder.move("subsidy", [(treasury, pool, units)], words, by=APPROVERS)
        return
    sell_outside(world, company, units)


def sell_outside(world: World, company: Company, units: int) -> bool:
    """Sell outside the region for about so much."""
    offers = world.state.credits.offers
    mine = [name for name in world.state.companies[company.id].offers if name in world.offers]
    outside, pool = world.account("outside"), world.pool(company.id)
    if not mine:
        return world.recorder.move("external_sale", [(outside, pool, units)], ("A buyer outside", "An order"))
    offer = offers[world.choice(mine)]
    quantity = max(1, units // offer.price)
    return world.recorder.move(
        "external_sale",
        [(outside, pool, quantity * offer.price)],
        (world.choice(_BUYERS), f"{offer.product}, {counted(quantity, offer.unit)}"),
        link=offer.id,
        quantity=quantity,
    )


_BUYERS = ("Coast Traders", "City Market", "Northern Railways", "Museum Café", "A school in the hills")
