"""Housing by the wait-list, equipment and halls for companies, and what the region buys."""

from __future__ import annotations

from functools import partial

from conductor_bean.domain.properties import HOUSING, OUTSIDE, Property
from conductor_bean.simulation.names import REGION, STREETS
from conductor_bean.simulation.world import APPROVERS, World

_HOMES = 0.45
"""Homes for each member."""

_RENT = 0.12
"""What a home costs a month, as a share of a member's income."""

_KEPT_UP = 4
"""Properties on which something is spent in a month, where so many brought rent."""

_MOVES = 0.01
"""Share of the homes that somebody leaves in a month."""


def found(world: World) -> None:
    """State the homes and machines of the region, and who waits for a home."""
    for number in range(max(1, round(world.scenario.members * _HOMES))):
        street = f"{STREETS[number % len(STREETS)]} {number // len(STREETS) + 1}"
        cost = world.part(world.scenario.income, _RENT * 0.7, _RENT * 1.3)
        _declare(world, (world.next_id("home"), street), HOUSING, cost)
    for company in world.companies[:: max(1, len(world.companies) // 40)]:
        cost = world.part(world.scenario.income, 0.05, 0.2)
        machine = f"{company.trade.equipment.capitalize()} of {world.name(company.id)}"
        _declare(world, (company.machine, machine), "equipment", cost, cost * 24)
    _declare(world, ("market-hall", "The market hall"), "facility", world.scenario.income // 4)
    for member in world.random.sample([*world.employer], len(world.employer) * 2 // 3):
        world.recorder.declare("wait-list", HOUSING, member)
    world.later(20, partial(_let_outside, world))


def _declare(world: World, names: tuple[str, str], kind: str, cost: int, price: int | None = None) -> None:
    """State a property of an id and a name, its monthly cost in four parts."""
    tax, administration, depreciation = (cost * share // 100 // 10 * 10 for share in (15, 10, 35))
    world.recorder.declare(
        "property",
        names[0],
        name=names[1],
        kind=kind,
        property_tax=tax,
        maintenance=cost - tax - administration - depreciation,
        administration=administration,
        depreciation=depreciation,
        price=price,
    )


def morning(world: World) -> None:
    """Let those who wait move in, and some move out."""
    if world.day_number < 1:
        return
    properties = world.state.credits.properties
    waiting = world.state.credits.lists.get(HOUSING, [])
    at_once = max(2, world.scenario.members // 40)
    # On one day leases apply in order of property: so do those who wait, in the order of the list.
    free = sorted(name for name, found in properties.items() if _is_free(found, HOUSING))
    for name, member in zip(free[:at_once], waiting, strict=False):
        world.recorder.declare("lease", name, member)
    for _ in range(world.monthly(_MOVES * len(properties))):
        found = properties[world.choice(sorted(properties))]
        if found.kind == HOUSING and found.lease is not None:
            world.recorder.declare("lease-end", found.id, found.lease.lessee)
    for _ in range(world.monthly(len(world.members) * 0.02)):
        _wait(world, world.choice(world.members))
    if world.day.day == 10:
        _lease_equipment(world)
    if world.day.day == 26 and world.random.random() < 0.3:
        _pass_the_list(world)


def _is_free(found: Property, kind: str) -> bool:
    return found.kind == kind and found.lease is None and found.sold is None


def _wait(world: World, member: str) -> None:
    kept = world.state.credits
    housed = any(found.lease is not None and found.lease.lessee == member for found in kept.properties.values())
    if not housed and member in world.employer and member not in kept.lists.get(HOUSING, []):
        world.recorder.declare("wait-list", HOUSING, member)


def _lease_equipment(world: World) -> None:
    """Let companies hold the machines that they bought for the region."""
    kept = world.state.credits
    for name in sorted(kept.properties):
        found = kept.properties[name]
        if _is_free(found, "equipment") and found.bought:
            company = next((company.id for company in world.companies if company.machine == name), None)
            if company is not None:
                world.recorder.declare("wait-list", "equipment", company)
                world.recorder.declare("lease", name, company)


def _let_outside(world: World) -> None:
    world.recorder.declare("lease", "market-hall", OUTSIDE, name="The travelling theatre")


def _pass_the_list(world: World) -> None:
    """Somebody in need comes before those who wait, with a reason and the names of who decided so."""
    kept = world.state.credits
    free = sorted(name for name, found in kept.properties.items() if _is_free(found, HOUSING))
    waiting = kept.lists.get(HOUSING, [])
    if len(free) > max(2, world.scenario.members // 40) and len(waiting) > 4:
        reason = "the former home burnt down"
        world.recorder.declare("lease", free[-1], waiting[-1], reason=reason, by=APPROVERS)


def noon(world: World) -> None:
    """Buy what has a price: companies the machines they need, the region a home now and then."""
    if world.day.day == 12:
        _keep_up(world)
    if world.day.day not in (7, 16):
        return
    outside = world.account("outside")
    properties = world.state.credits.properties
    for company in world.companies:
        found = properties.get(company.machine)
        pool = world.pool(company.id)
        if found is None or found.price is None or found.bought or world.units(pool) < found.price * 2:
            continue
        words = (world.name(company.id), f"A {company.trade.equipment}, for all of us")
        world.recorder.move("acquisition", [(pool, outside, found.price)], words, link=found.id)
    if world.day.day == 16:
        _buy_home(world)


def _keep_up(world: World) -> None:
    """Spend on some properties part of what rents were charged for: taxes outside, repairs at a company's price."""
    treasury, kept = world.context.treasury, world.state.credits
    crafts = [name for name in world.offers if kept.offers[name].kind == "service"]
    crafts = [name for name in crafts if world.state.companies[kept.offers[name].company].ownership == "workers"]
    due = [found for found in kept.properties.values() if found.sold is None and found.charged > found.spent]
    for found in world.random.sample(due, min(len(due), _KEPT_UP)):
        budget = world.part(found.charged - found.spent, 0.3, 0.8)
        offer = kept.offers[world.choice(crafts)] if crafts and world.happens(50) else None
        words = (f"Region of {REGION}", f"Upkeep of {found.name}")
        if min(budget, 100) > world.units(treasury) // 5 or not budget:
            continue
        if offer is None or offer.price > budget:
            legs = [(treasury, world.account("outside"), budget)]
            world.recorder.move("upkeep", legs, words, link=found.id, by=APPROVERS, bought="property tax")
        else:
            quantity = budget // offer.price
            legs = [(treasury, world.pool(offer.company), quantity * offer.price)]
            world.recorder.move(
                "upkeep", legs, words, link=found.id, offer=offer.id, quantity=quantity, by=APPROVERS,
                bought="maintenance",
            )  # fmt: skip


def _buy_home(world: World) -> None:
    """Buy a home that its owner sells, where the treasury can well bear it."""
    name = "old-mill-house"
    price = world.scenario.income * 6
    treasury = world.context.treasury
    found = world.state.credits.properties.get(name)
    if found is None and world.units(treasury) > price * 3:
        names = (name, "The old mill house")
        world.later(1, partial(_declare, world, names, HOUSING, world.scenario.income // 6, price))
    elif found is not None and not found.bought and world.units(treasury) > price * 2:
        legs = [(treasury, world.account("outside"), price)]
        words = (f"Region of {REGION}", "The old mill house")
        world.recorder.move("property_purchase", legs, words, link=name, by=APPROVERS)


def reserve_for_close(world: World) -> None:
    """Note what each member will owe at the end of the month: rent, and the instalment of her loan."""
    world.reserve.clear()
    kept = world.state.credits
    owed = [
        (found.lease.lessee, sum(found.parts) * 11 // 10)
        for found in kept.properties.values()
        if found.lease is not None
    ]
    owed += [
        (loan.borrower, loan.instalment() + loan.interest(loan.outstanding))
        for loan in kept.loans.values()
        if loan.outstanding
    ]
    for party, units in owed:
        world.reserve[party] = world.reserve.get(party, 0) + units
