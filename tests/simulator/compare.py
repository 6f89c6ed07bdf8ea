"""Holds what the engine made of a ledger against what the naive model says."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from tests.model.events import Event, Fact, Transaction
from tests.model.ledger_text import Written
from tests.model.naive import History
from tests.model.state import Plan, price

Place: TypeAlias = tuple[str, int]
Moved: TypeAlias = tuple[str, str, str, Decimal]


@dataclass(slots=True)
class PlanSeen:
    """Where a plan stands at the end."""

    state: str
    consumed: int
    cooperation: str | None
    expires: datetime | None
    price: Decimal | None


@dataclass(slots=True)
class CooperationSeen:
    """Where a cooperation stands at the end."""

    coordinator: str | None
    history: list[tuple[str, datetime]]
    plans: set[str]
    requests: set[str]


@dataclass(slots=True)
class Seen:
    """What the engine makes of a ledger, in the terms of the tests."""

    errors: list[tuple[str, str, int]] = field(default_factory=list)  # code, file, line
    set_aside: list[Place] = field(default_factory=list)  # refused, since it depends on something refused
    transfers: list[tuple[Place, datetime, Moved]] = field(default_factory=list)
    balances: dict[str, Decimal] = field(default_factory=dict)
    fics: dict[Place, Fraction] = field(default_factory=dict)
    plans: dict[str, PlanSeen] = field(default_factory=dict)
    cooperations: dict[str, CooperationSeen] = field(default_factory=dict)


def differences(events: list[Event], history: History, written: Written, seen: Seen) -> list[str]:
    """Everything that differs, in words; nothing if model and engine agree."""
    found = refusal_differences(events, history, written, seen)
    found += transfer_differences(events, history, written, seen)
    expected = {name: balance for name, balance in history.state.balances.items() if balance}
    for name in sorted(expected.keys() | seen.balances.keys()):
        if expected.get(name, Decimal(0)) != seen.balances.get(name, Decimal(0)):
            found.append(f"balance of {name}: model {expected.get(name)}, engine {seen.balances.get(name)}")
    found += fic_differences(events, history, written, seen)
    return found + plan_differences(history, seen) + cooperation_differences(history, seen)


def position_at(written: Written, file: str, line: int) -> int | None:
    """The event whose text holds this line."""
    starts = sorted(start for name, start in written.lines if name == file)
    place = bisect_right(starts, line)
    return written.lines[file, starts[place - 1]] if place else None


def told(events: list[Event], position: int) -> str:
    """An event in a message."""
    return f"event {position} ({events[position]})"


def refusal_differences(events: list[Event], history: History, written: Written, seen: Seen) -> list[str]:
    """Who is refused, once, and with which code where the contract names one."""
    found = []
    reported: set[int] = set()
    for code, file, line in seen.errors:
        position = position_at(written, file, line)
        if position is None or position not in history.refusals:
            found.append(
                f"only the engine refuses: {code} at {file}:{line} {position is not None and events[position]}"
            )
            continue
        if position in reported:
            found.append(f"a second error, {code}, for {told(events, position)}")
        reported.add(position)
        expected = history.refusals[position].code
        if "*" not in expected.split("|") and code not in expected.split("|"):
            found.append(f"engine says {code}, model {expected}: {told(events, position)}")
    for file, line in seen.set_aside:
        position = position_at(written, file, line)
        if position is None or position not in history.refusals:
            found.append(f"only the engine sets aside: {file}:{line} {position is not None and events[position]}")
        elif position in reported:
            found.append(f"reported and set aside: {told(events, position)}")
        elif not depends(events, history, position):
            found.append(f"set aside without anything refused that it depends on: {told(events, position)}")
        else:
            reported.add(position)
    return found + [
        f"only the model refuses ({history.refusals[position].code}): {told(events, position)}"
        for position in sorted(history.refusals.keys() - reported)
    ]


def depends(events: list[Event], history: History, position: int) -> bool:
    """Whether something refused, before an event or at its instant, is about something that the event names."""
    return any(
        other != position
        and events[other].instant <= events[position].instant
        and names_given(events[other]) & names_in(events[position])
        for other in history.refusals
    )


def names_given(event: Event) -> set[str]:
    """The names of what there would be, had an event not been refused."""
    match event:
        case Fact():
            return {*event.ids}
        case Transaction():
            return {event.id} if event.id is not None else set()
        case _:
            return names_in(event)


def names_in(event: Event) -> set[str]:
    """The ids that an event names, in its values, links and accounts."""
    match event:
        case Fact():
            return {*event.ids, *(name.strip() for name in (event.by or "").split(","))}
        case Transaction():
            named = {*event.links, *(part for leg in event.legs for part in leg.account.split(":"))}
            return named | {name.strip() for name in (event.by or "").split(",")}
        case _:
            return {*re.findall('"([^"]+)"', event.text)}


def transfer_differences(events: list[Event], history: History, written: Written, seen: Seen) -> list[str]:
    """The transfers of each event, recorded and derived."""
    engines: dict[int, list[Moved]] = defaultdict(list)
    for (file, line), _instant, moved in seen.transfers:
        position = position_at(written, file, line)
        engines[-1 if position is None else position].append(moved)
    found = []
    for position in sorted(engines.keys() | history.transfers.keys()):
        models = Counter((t.type, t.debit, t.credit, t.amount) for t in history.transfers.get(position, []))
        more = Counter(engines[position])
        if models != more:
            event = told(events, position) if position >= 0 else "no event"
            only = [sorted((one - other).elements()) for one, other in ((models, more), (more, models))]
            found.append(f"transfers of {event}: only the model {only[0]}, only the engine {only[1]}")
    return found


def fic_differences(events: list[Event], history: History, written: Written, seen: Seen) -> list[str]:
    """FIC of every event for which the engine names one."""
    found = []
    for place, value in seen.fics.items():
        position = position_at(written, *place)
        if position in history.fics and history.fics[position].value != value:
            found.append(f"FIC of {told(events, position)}: model {history.fics[position].value}, engine {value}")
    return found


def state_of(plan: Plan, at: datetime) -> str:
    """A plan's state in the words of the commands."""
    if plan.state != "approved":
        return plan.state
    return "active" if plan.is_active(at) else "expired"


def plan_differences(history: History, seen: Seen) -> list[str]:
    """Where each plan stands at the end."""
    state = history.state
    at = max(instant for instant, positions in history.order if set(positions) & history.transfers.keys())
    found = []
    for name in sorted(state.plans.keys() | seen.plans.keys()):
        plan, engines = state.plans.get(name), seen.plans.get(name)
        if engines is not None and engines.price is not None:
            # Prices are told with more digits than can be paid.
            engines.price = state.round(Fraction(engines.price))
        models = None
        if plan is not None:
            cost = state.round(price(state, plan, at)) if plan.is_active(at) else None
            models = PlanSeen(state_of(plan, at), state.consumed(name), plan.cooperation, plan.expires, cost)
        if models != engines:
            found.append(f"plan {name}: model {models}, engine {engines}")
    return found


def cooperation_differences(history: History, seen: Seen) -> list[str]:
    """Where each cooperation stands at the end."""
    state = history.state
    found = []
    for name in sorted(state.cooperations.keys() | seen.cooperations.keys()):
        cooperation, engines = state.cooperations.get(name), seen.cooperations.get(name)
        models = None
        if cooperation is not None:
            models = CooperationSeen(
                cooperation.coordinator,
                cooperation.history,
                {plan.id for plan in state.plans.values() if plan.cooperation == name},
                {plan.id for plan in state.plans.values() if plan.requested == name},
            )
        if models != engines:
            found.append(f"cooperation {name}: model {models}, engine {engines}")
    return found
