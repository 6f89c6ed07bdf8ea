"""A company that cannot go on: its creditors share what is left, the region sells its machine, its workers go on."""

from __future__ import annotations

from functools import partial

from conductor_bean.simulation.people import employ
from conductor_bean.simulation.world import APPROVERS, Company, World

_LEAST = 5
"""Where fewer companies belong to their workers, none fails."""


def found(world: World) -> None:
    """Let a company fail after two thirds of the time, where there are enough others."""
    if len(world.of_trade(regional=False)) >= _LEAST:
        world.later(world.scenario.days * 2 // 3, partial(_fail, world))


def _fail(world: World) -> None:
    """Of companies that bought a machine, or of all, the one that owes its banks most for what it has."""
    debts: dict[str, int] = {}
    for loan in world.state.credits.loans.values():
        debts[loan.borrower] = debts.get(loan.borrower, 0) + loan.outstanding
    properties = world.state.credits.properties
    workers = world.of_trade(regional=False)
    owners = [one for one in workers if one.machine in properties and properties[one.machine].bought]
    failed = max(owners or workers, key=lambda one: (debts.get(one.id, 0) - world.units(world.pool(one.id)), one.id))
    reason = "it sells less than it costs, and cannot pay its loans"
    world.recorder.declare("bankruptcy", failed.id, by=APPROVERS, reason=reason)
    world.companies.remove(failed)
    for worker in failed.workers:
        del world.employer[worker]
        world.later(world.random.randrange(5, 25), partial(_find_work, world, worker))
    world.later(21, partial(_sell_machine, world, failed), noon=True)


def _find_work(world: World, member: str) -> None:
    if member in world.members and member not in world.employer:
        employ(world, member, world.choice(world.companies))


def _sell_machine(world: World, failed: Company) -> None:
    """What the company had bought belongs to the region, which sells it."""
    machine = world.state.credits.properties.get(failed.machine)
    if machine is None or not machine.bought or machine.lease is not None or machine.price is None:
        return
    words = ("Coast Traders", f"The {failed.trade.equipment} of {world.name(failed.id)}")
    legs = [(world.account("outside"), world.context.treasury, machine.price)]
    world.recorder.move("property_sale", legs, words, link=machine.id, by=APPROVERS)
