"""Who asks for a place at a school, who is enrolled, and who leaves."""

from __future__ import annotations

from functools import partial

from conductor_bean.engine.schooling import school_order
from conductor_bean.simulation.world import World

_REQUESTS = 0.06
"""Share of the members who ask for a place in a month."""


def morning(world: World) -> None:
    """Enrol who comes first on each list, and let others ask."""
    schools = world.of_trade(school=True)
    if not schools or world.day_number < 1:
        return
    kept = world.state.credits
    for _ in range(world.monthly(_REQUESTS * len(world.members))):
        school, member = world.choice(schools).id, world.choice(world.members)
        known = member in kept.schooling or any(member in waiting for waiting in kept.requests.values())
        if not known:
            world.recorder.declare("enrolment-request", school, member)
    for company in schools:
        waiting = school_order(world.context, company.id, world.recorder.instant)
        places = max(4, len(company.workers) * 2)
        if waiting and len(kept.enrolled.get(company.id, {})) < places:
            _enrol(world, company.id, waiting[0])


def _enrol(world: World, school: str, member: str) -> None:
    world.recorder.declare("enrolment", school, member)
    world.later(world.random.randrange(60, 200), partial(_leave, world, school, member))


def _leave(world: World, school: str, member: str) -> None:
    if member in world.state.credits.enrolled.get(school, {}):
        world.recorder.declare("enrolment-end", school, member)
