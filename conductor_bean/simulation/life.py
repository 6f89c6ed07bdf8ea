"""The days of a simulated region, one after the other."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Callable, Iterator

from conductor_bean.simulation import (
    endings,
    estate,
    lending,
    mistakes,
    people,
    planning,
    schools,
    shopping,
    trade,
    treasury,
    work,
)
from conductor_bean.simulation.scenario import HOURS_SHARE
from conductor_bean.simulation.world import World

_ACTIVITIES: tuple[tuple[float, Callable[[World], bool]], ...] = (
    (HOURS_SHARE * 100, work.register),
    (21, shopping.consume),
    (23, shopping.buy),
    (3, shopping.serve),
    (1.5, shopping.give),
    (5, trade.use),
    (3.5, trade.supply),
    (1.2, trade.import_),
    (0.8, trade.export),
    (1, trade.visit_neighbour),
)
"""How often of a hundred times people do what."""

_WEEKDAY, _SATURDAY, _SUNDAY = 10, 5, 2
"""How much happens on such a day, compared."""


def live(world: World, days: Callable[[Iterator[datetime.date]], Iterator[datetime.date]] = iter) -> None:
    """Let all days pass.

    Args:
        world: The world before its first day.
        days: Wraps the days as they pass, to show how far it is.
    """
    first = world.scenario.first_day
    dates = [first + datetime.timedelta(index) for index in range(world.scenario.days)]
    weights = [_weight(date) for date in dates]
    total, passed = sum(weights), 0
    for date, weight in zip(days(iter(dates)), weights, strict=True):
        passed += weight
        _live_day(world, date, world.scenario.wanted * passed // total)


def _live_day(world: World, date: datetime.date, until: int) -> None:
    """Let a day pass, until so many transactions are recorded in all."""
    record = world.recorder
    record.begin(date)
    if world.day_number == 0:
        _found(world)
    elif date.day == 1:
        record.balance(world.context.treasury, world.context.psf)
    _morning(world)
    record.settle()
    planning.look_at_market(world)
    trade.look_at_offers(world)
    if date.day == 1:
        estate.reserve_for_close(world)
    world.keep_agenda(noon=True)
    treasury.noon(world)
    estate.noon(world)
    mistakes.noon(world)
    _afternoon(world, until)
    if date.day == calendar.monthrange(date.year, date.month)[1]:
        record.close()


def _found(world: World) -> None:
    for sector in (people, planning, trade, treasury, lending, estate, endings):
        sector.found(world)


def _morning(world: World) -> None:
    world.keep_agenda()
    if world.day_number > 0:
        for sector in (people, planning, trade, lending, estate, schools):
            sector.morning(world)


def _afternoon(world: World, until: int) -> None:
    """Let people do what they do, until the day's transactions are recorded or nobody finds anything to do."""
    record = world.recorder
    left = until - record.transactions
    work.begin_day(world, max(0, round(left * HOURS_SHARE)))
    activities = [activity for _, activity in _ACTIVITIES]
    weights = [weight for weight, _ in _ACTIVITIES]
    for activity in world.random.choices(activities, weights, k=max(0, left) * 2):
        if record.transactions >= until:
            return
        activity(world)


def _weight(date: datetime.date) -> int:
    return _WEEKDAY if date.weekday() < 5 else _SATURDAY if date.weekday() == 5 else _SUNDAY
