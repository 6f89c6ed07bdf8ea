"""What people consume and buy: products of plans for hours, offers for credits, services of each other, gifts."""

from __future__ import annotations

from conductor_bean.domain.plans import Plan
from conductor_bean.simulation.decisions import HOUR
from conductor_bean.simulation.names import counted
from conductor_bean.simulation.world import ASKED, World

_MOST = 40
"""Most units of anything that somebody takes at once."""

_FEW = 20
"""Who can choose takes few of something good rather than many of something cheap."""

_SMALL = 200
"""A gift is worth at least this much: 2.00."""

_OCCASIONS = ("Happy birthday", "Thanks for the help", "For the journey", "A wedding", "Paid back for lunch")


def consume(world: World) -> bool:
    """A member takes a planned product for hours; what is public costs none."""
    if not world.market:
        return False
    for _ in range(ASKED):
        member, plan = world.choice(world.members), world.choice(world.market)
        account = world.account("member", member)
        price = world.context.prices.quote(plan, 1, world.recorder.instant).amount
        budget = world.part(world.units(account), 0.05, 0.35)
        quantity = world.random.randrange(1, 3) if plan.public else min(budget // max(1, price), _MOST)
        quantity = min(quantity, plan.quantity - plan.consumed)
        if quantity > 0:
            return take(world, "private_consumption", ("member", member), plan, quantity)
    return False


def take(world: World, kind: str, consumer: tuple[str, str], plan: Plan, quantity: int) -> bool:
    """Record the consumption of a plan at its price.

    Args:
        world: The region.
        kind: The transfer.
        consumer: Kind and owner of the account that pays.
        plan: What is consumed.
        quantity: How much of it.
    """
    units = world.context.prices.quote(plan, quantity, world.recorder.instant).amount
    legs = [(world.account(*consumer), world.account("prd", plan.planner), units)]
    words = (world.name(consumer[1]), f"{plan.product}, {counted(quantity, plan.unit)}")
    return world.recorder.move(kind, legs, words, link=plan.id, quantity=quantity)


def buy(world: World) -> bool:
    """A member buys what a company offers, and keeps what she will owe at the end of the month."""
    for _ in range(ASKED):
        member = world.choice(world.members)
        wallet = world.wallet(member)
        budget = world.part(world.units(wallet) - world.reserve.get(member, 0), 0.1, 0.6)
        offer = choose_offer(world, budget)
        if offer:
            found = world.state.credits.offers[offer]
            quantity = min(budget // found.price, _MOST)
            return world.recorder.move(
                "purchase",
                [(wallet, world.pool(found.company), quantity * found.price)],
                (world.name(member), f"{found.product}, {counted(quantity, found.unit)}"),
                link=offer,
                quantity=quantity,
            )
    return False


def choose_offer(world: World, budget: int, buyer: str = "") -> str:
    """Of some offers that a budget allows that of the poorest company, or nothing."""
    offers = world.state.credits.offers
    looked = [offers[world.choice(world.offers)] for _ in range(5)] if world.offers else []
    fit = [offer for offer in looked if offer.company != buyer and 0 < offer.price <= budget]
    fit = [offer for offer in fit if budget // offer.price <= _FEW] or fit
    return min(fit, key=lambda offer: (world.units(world.pool(offer.company)), offer.id)).id if fit else ""


def serve(world: World) -> bool:
    """A member takes another one's basic service for hours; now and then a company does."""
    services = [service for service in world.state.services.values() if service.ended is None]
    if not services:
        return False
    for _ in range(ASKED):
        service = world.choice(services)
        units = world.random.choice((HOUR // 2, HOUR, HOUR, HOUR * 3 // 2))
        credit = world.account("member", service.provider)
        if world.happens(15):
            company = world.choice(world.companies).id
            legs = [(world.account("r", company), credit, units)]
            kind, name = "productive_consumption_of_basic_service", world.name(company)
        else:
            member = world.choice(world.members)
            account = world.account("member", member)
            if member == service.provider or world.units(account) < units:
                continue
            legs = [(account, credit, units)]
            kind, name = "private_consumption_of_basic_service", world.name(member)
        words = (name, f"{service.name} by {world.name(service.provider)}")
        return world.recorder.move(kind, legs, words, link=service.id)
    return False


def give(world: World) -> bool:
    """A member gives credits to another one."""
    giver, taker = world.choice(world.members), world.choice(world.members)
    units = world.part(world.units(world.wallet(giver)) - world.reserve.get(giver, 0), 0.02, 0.1) // 100 * 100
    if giver == taker or units < _SMALL:
        return False
    words = (world.name(giver), f"{world.choice(_OCCASIONS)}, {world.name(taker)}")
    return world.recorder.move("gift", [(world.wallet(giver), world.wallet(taker), units)], words)
