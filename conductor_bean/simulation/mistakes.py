"""Now and then something is recorded that did not happen; history stays, a reversal takes it back, or a part of it."""

from __future__ import annotations

from functools import partial

from conductor_bean.simulation.names import counted
from conductor_bean.simulation.world import World

_TOO_MANY, _NOT_BOUGHT, _NOT_SOLD = 9, 17, 26


def noon(world: World) -> None:
    """Record what did not happen, and take it back some days later."""
    if not world.offers or world.days_left < 8:
        return
    if world.day.day == _TOO_MANY:
        _buy(world, "tally", 3, 2)
    elif world.day.day == _NOT_BOUGHT:
        _buy(world, "slip", 1)
    elif world.day.day == _NOT_SOLD and world.day.month % 2 == 0:
        _sell(world)


def _buy(world: World, slip: str, quantity: int, back: int | None = None) -> None:
    """A purchase that nobody made, or of which one was made; four days later that is noticed."""
    member = world.choice(world.members)
    offer = world.state.credits.offers[world.choice(world.offers)]
    wallet, pool = world.wallet(member), world.pool(offer.company)
    units = offer.price * quantity
    if world.units(wallet) < units:
        return
    name = f"{slip}-{world.recorder.month}"
    words = (world.name(member), f"{offer.product}, {counted(quantity, offer.unit)}")
    if world.recorder.move("purchase", [(wallet, pool, units)], words, link=offer.id, quantity=quantity, name=name):
        part = {} if back is None else {"quantity": back}
        reason = "recorded for somebody else" if back is None else "only one was bought"
        world.later(4, partial(world.recorder.declare, "reversal", name, by="carla", reason=reason, **part))


def _sell(world: World) -> None:
    """An order from outside that is called off in the next month, when its tax is paid: the close gives it back."""
    richest = max(world.companies, key=lambda company: (world.units(world.pool(company.id)), company.id))
    pool = world.pool(richest.id)
    units = world.units(pool) // 4
    name = f"order-{world.recorder.month}"
    words = ("Coast Traders", f"An order from {world.name(richest.id)}")
    if units and world.recorder.move("external_sale", [(world.account("outside"), pool, units)], words, name=name):
        reason = "called off before it was paid"
        world.later(7, partial(world.recorder.declare, "reversal", name, by="carla", reason=reason))
