"""What the region does with its own money: issue, capital, support of its companies, settlement with others."""

from __future__ import annotations

from functools import partial

from conductor_bean.simulation.names import NEIGHBOUR, REGION
from conductor_bean.simulation.recorder import Leg
from conductor_bean.simulation.world import APPROVERS, World

BANK, UNION, POOL = "PublicBank", "Thrift", "Railway"

_WORDS = f"Region of {REGION}"


def found(world: World) -> None:
    """State the banks and the common pool, and bring the first credits into the world."""
    world.recorder.declare("bank", BANK, name=f"Public Bank of {REGION}")
    world.recorder.declare("bank", UNION, name="Thrift Credit Union", ownership="credit-union")
    world.recorder.declare("pool", POOL, name="Railway in common", with_=NEIGHBOUR, purpose="the valley railway")
    world.later(0, partial(_issue, world), noon=True)


def _issue(world: World) -> None:
    issuance, treasury = world.account("issuance"), world.context.treasury
    bank, union = world.account("bank", BANK), world.account("bank", UNION)
    sum_ = world.scenario.income * world.scenario.members
    move = world.recorder.move
    move("issue", [(issuance, treasury, sum_ * 2)], (_WORDS, "The first credits"), by=APPROVERS)
    move("issue", [(issuance, bank, sum_ * 2)], (_WORDS, "Funds of the public bank"), by=APPROVERS)
    move("capitalization", [(treasury, union, sum_ // 2)], (_WORDS, "Capital of the credit union"), by=APPROVERS)


def noon(world: World) -> None:
    """Spend on certain days of the month."""
    world_day = world.day.day
    if world_day == 3:
        _support(world)
    elif world_day == 8:
        _pool(world)
    elif world_day == 11:
        _take_surcharge(world)
    elif world_day == 20 and world.day.month % 3 == 0:
        _settle_with_neighbour(world)
    elif world_day == 24 and world.day.month % 6 == 0:
        _adjust(world)


def _support(world: World) -> None:
    """Support the regional companies by what their work costs a month, as far as there is."""
    treasury = world.context.treasury
    regional = world.of_trade(regional=True)
    wanted = {c.id: world.scenario.income * len(c.workers) // 2 // 100 * 100 for c in regional}
    legs: list[Leg] = [(treasury, world.pool(name), units) for name, units in wanted.items() if units]
    if legs and sum(wanted.values()) <= world.units(treasury) * 7 // 10:
        words = (_WORDS, f"Regional companies, {world.recorder.month}")
        world.recorder.move("subsidy", legs, words, by=APPROVERS)


def _pool(world: World) -> None:
    """Pay into the common pool, and let it pay for what it is there for."""
    treasury, pool = world.context.treasury, world.account("pool", POOL)
    units = world.units(treasury) // 50 // 100 * 100
    if units:
        world.recorder.move("pooling", [(treasury, pool, units)], (_WORDS, "Share in the railway"), by=APPROVERS)
    spare = world.units(pool) // 2
    if spare and world.day.month % 2 == 0:
        words = ("Railway in common", "Sleepers and rails")
        world.recorder.move("pooling", [(pool, world.account("outside"), spare)], words, by=APPROVERS)


def _take_surcharge(world: World) -> None:
    units = world.random.randrange(20, 200) * 50
    legs = [(world.account("outside"), world.context.treasury, units)]
    world.recorder.move("surcharge", legs, ("Visitors", "Markup on regional services"))


def _settle_with_neighbour(world: World) -> None:
    """Bring the clearing with the neighbour back to zero, as far as the treasury can."""
    treasury, clearing = world.context.treasury, world.account("clearing", NEIGHBOUR)
    units = world.units(clearing)
    words = (_WORDS, f"Clearing with {NEIGHBOUR}")
    if units > 0:
        world.recorder.move("settlement", [(clearing, treasury, units)], words, by=APPROVERS)
    elif units < 0:
        paid = min(-units, world.units(treasury) // 3)
        if paid:
            world.recorder.move("settlement", [(treasury, clearing, paid)], words, by=APPROVERS)


def _adjust(world: World) -> None:
    """Take credits out where much lies in the treasury, bring some in where little does."""
    treasury, issuance = world.context.treasury, world.account("issuance")
    usual = world.scenario.income * world.scenario.members
    if world.units(treasury) > usual * 3 // 4:
        units = world.units(treasury) // 10
        world.recorder.move("retire", [(treasury, issuance, units)], (_WORDS, "Credits taken out"), by=APPROVERS)
    else:
        words = (_WORDS, "More credits for more work")
        world.recorder.move("issue", [(issuance, treasury, usual // 10)], words, by=APPROVERS)
