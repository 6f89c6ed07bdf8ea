"""What companies offer, what they use and buy, and trade with those outside and with the neighbour region."""

from __future__ import annotations

from conductor_bean.simulation.names import NEIGHBOUR, Ware, counted
from conductor_bean.simulation.shopping import choose_offer, take
from conductor_bean.simulation.work import sell_outside
from conductor_bean.simulation.world import ASKED, Company, World

_PRICE_CHANGES = 0.12
"""Share of the offers whose price changes in a month."""


def found(world: World) -> None:
    """State what companies offer, and who the neighbour is."""
    world.recorder.declare("region", NEIGHBOUR, name=f"The region of {NEIGHBOUR}")
    for company in world.companies:
        for ware in company.trade.wares:
            _offer(world, company, ware, round(ware.price * world.random.uniform(0.9, 1.15) / 5) * 5)


def _offer(world: World, company: Company, ware: Ware, price: int) -> None:
    name = f"{ware.id}-{company.id.lower()}"
    data = {"product": ware.product, "unit": ware.unit, "kind": ware.kind}
    world.recorder.declare("offer", name, company.id, **data, price=price)


def morning(world: World) -> None:
    """Change some prices."""
    if world.day_number == 0:
        return
    for _ in range(world.monthly(_PRICE_CHANGES * sum(len(company.trade.wares) for company in world.companies))):
        company = world.choice(world.companies)
        ware = world.choice(company.trade.wares)
        name = f"{ware.id}-{company.id.lower()}"
        price = world.state.credits.offers[name].price
        _offer(world, company, ware, max(5, round(price * world.random.uniform(0.93, 1.1) / 5) * 5))


def look_at_offers(world: World) -> None:
    """See what can be bought today; the region supports its own companies, so they need not sell as much."""
    offers = world.state.credits.offers
    world.offers = [
        name
        for company in world.companies
        for _ in range(1 if company.trade.regional else 2)
        for name in world.state.companies[company.id].offers
        if offers[name].ended is None and offers[name].kind != "job"
    ]


def use(world: World) -> bool:
    """A company uses another one's planned product, as raw material or as fixed means."""
    productive = [plan for plan in world.market if not plan.public]
    for _ in range(ASKED if productive else 0):
        company, plan = world.choice(world.companies).id, world.choice(productive)
        kind = "p" if world.happens(20) else "r"
        price = world.context.prices.quote(plan, 1, world.recorder.instant).amount
        budget = world.part(world.units(world.account(kind, company)), 0.08, 0.35)
        quantity = min(budget // max(1, price), 500, plan.quantity - plan.consumed)
        if company != plan.planner and quantity > 0:
            return take(world, f"productive_consumption_{kind}", (kind, company), plan, quantity)
    return False


def supply(world: World) -> bool:
    """A company buys what another one offers."""
    for _ in range(ASKED):
        company = world.choice(world.companies).id
        budget = world.part(world.units(world.pool(company)), 0.02, 0.12)
        offer = choose_offer(world, budget, company)
        if offer:
            found = world.state.credits.offers[offer]
            quantity = min(budget // found.price, 100)
            return world.recorder.move(
                "purchase",
                [(world.pool(company), world.pool(found.company), quantity * found.price)],
                (world.name(company), f"{found.product}, {counted(quantity, found.unit)}"),
                link=offer,
                quantity=quantity,
            )
    return False


def import_(world: World) -> bool:
    """A company buys outside what its production needs."""
    company = world.choice(world.companies)
    units = world.part(world.units(world.pool(company.id)), 0.01, 0.05)
    if units < 100:
        return False
    needed = company.trade.input
    legs = [(world.pool(company.id), world.account("outside"), units)]
    return world.recorder.move("external_purchase", legs, (world.name(company.id), f"Bought: {needed}"), bought=needed)


def export(world: World) -> bool:
    """A company sells outside: of three the one that needs it most."""
    asked = [world.choice(world.companies) for _ in range(3)]
    poorest = min(asked, key=lambda company: (world.units(world.pool(company.id)), company.id))
    return sell_outside(world, poorest, world.random.randrange(5_000, 40_000))


def visit_neighbour(world: World) -> bool:
    """Buy from the neighbour region, sell to it, give or be given."""
    clearing = world.account("clearing", NEIGHBOUR)
    member = world.choice(world.members)
    wallet = world.wallet(member)
    spare = world.part(world.units(wallet) - world.reserve.get(member, 0), 0.05, 0.2)
    way = world.random.randrange(4)
    if way == 0 and spare > 0:
        words = (world.name(member), f"Market day in {NEIGHBOUR}")
        return world.recorder.move("interregional_purchase", [(wallet, clearing, spare)], words)
    if way == 1 and spare > 0:
        words = (world.name(member), f"For a cousin in {NEIGHBOUR}")
        return world.recorder.move("interregional_gift", [(wallet, clearing, spare)], words)
    if way == 2:
        words = (world.name(member), f"From a cousin in {NEIGHBOUR}")
        units = world.random.randrange(5, 40) * 100
        return world.recorder.move("interregional_gift", [(clearing, wallet, units)], words)
    return _sell_to_neighbour(world)


def _sell_to_neighbour(world: World) -> bool:
    if not world.offers:
        return False
    offer = world.state.credits.offers[world.choice(world.offers)]
    quantity = world.random.randrange(1, 12)
    legs = [(world.account("clearing", NEIGHBOUR), world.pool(offer.company), quantity * offer.price)]
    words = (f"Somebody in {NEIGHBOUR}", f"{offer.product}, {counted(quantity, offer.unit)}")
    return world.recorder.move("interregional_sale", legs, words, link=offer.id, quantity=quantity)
