"""Now and then something is recorded that did not happen; history stays, a reversal takes it back."""

from __future__ import annotations

from functools import partial

from conductor_bean.simulation.names import counted
from conductor_bean.simulation.world import World

_DAY = 17


def noon(world: World) -> None:
    """Record a purchase that nobody made, and take it back four days later."""
    if world.day.day != _DAY or not world.offers or world.days_left < 5:
        return
    member = world.choice(world.members)
    offer = world.state.credits.offers[world.choice(world.offers)]
    wallet, pool = world.wallet(member), world.pool(offer.company)
    if world.units(wallet) < offer.price:
        return
    slip = f"slip-{world.recorder.month}"
    words = (world.name(member), f"{offer.product}, {counted(1, offer.unit)}")
    legs = [(wallet, pool, offer.price)]
    if world.recorder.move("purchase", legs, words, link=offer.id, quantity=1, name=slip):
        world.later(
            4, partial(world.recorder.declare, "reversal", slip, by="carla", reason="recorded for somebody else")
        )
