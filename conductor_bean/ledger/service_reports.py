"""What is offered besides plans: basic services, and homes with those who wait for them."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, format_instant
from conductor_bean.domain.properties import PROPERTY_KINDS
from conductor_bean.engine.counting import SERVICES
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.ledger.reports import hours

if TYPE_CHECKING:
    from conductor_bean.engine.machine import Machine
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row


def services(books: Books, machine: Machine, instant: int) -> list[Row]:
    """Every basic service in the order in which they were offered, ended ones too.

    Returns:
        `[{"service", "provider", "name", "description", "since", "ended", "listed", "hours"}]`, hours consumed less
        what was taken back.
    """
    consumed = _consumed(books, instant)
    found = sorted(machine.state.services.values(), key=lambda service: (service.since, service.id))
    return [
        {
            "service": service.id,
            "provider": service.provider,
            "name": service.name,
            "description": service.description,
            "since": format_instant(service.since),
            "ended": None if service.ended is None else format_instant(service.ended),
            "listed": service.listed,
            "hours": hours(books, consumed.get(service.id, 0)),
        }
        for service in found
    ]


def _consumed(books: Books, instant: int) -> dict[str, int]:
    """Units of labour time that were consumed of each service, up to an instant."""
    known = books.machine.state.services
    units: dict[str, int] = {}
    by_id: dict[str, str] = {}
    for outcome in books.outcomes:
        event = outcome.event
        if outcome.rejection is not None or not outcome.transfers or event.instant > instant:
            continue
        first = outcome.transfers[0]
        if first.type not in SERVICES:
            continue
        if isinstance(event, Movement):
            name = next(link for link in sorted(event.links) if link in known)
            units[name] = units.get(name, 0) + first.units
            if event.id:
                by_id[event.id] = name
        elif isinstance(event, Fact) and event.ids[0] in by_id:
            units[by_id[event.ids[0]]] -= first.units
    return units


def homes(machine: Machine) -> list[Row]:
    """How much property of each kind is free and how much held: `[{"kind", "free", "held"}]`; sold one is neither."""
    kept = [found for found in machine.state.credits.properties.values() if found.sold is None]
    return [
        {
            "kind": kind,
            "free": sum(found.kind == kind and found.lease is None for found in kept),
            "held": sum(found.kind == kind and found.lease is not None for found in kept),
        }
        for kind in PROPERTY_KINDS
    ]


def waits(books: Books) -> dict[str, list[int]]:
    """How many days each of those waited who were served, by wait-list, in the order in which they were served."""
    properties = books.machine.state.credits.properties
    since: dict[tuple[str, str], int] = {}
    found: dict[str, list[int]] = {}
    for outcome in books.outcomes:
        event = outcome.event
        if outcome.rejection is not None or not isinstance(event, Fact):
            continue
        match event.type.name:
            case "wait-list" | "enrolment-request":
                since[event.ids[0], event.ids[1]] = event.instant
            case "wait-list-end" | "enrolment-end":
                since.pop((event.ids[0], event.ids[1]), None)
            case "lease" | "enrolment":
                served = properties[event.ids[0]].kind if event.type.name == "lease" else event.ids[0]
                begun = since.pop((served, event.ids[1]), None)
                if begun is not None:
                    found.setdefault(served, []).append((event.instant - begun) // DAY)
    return found


def median_wait(days: list[int], least: int) -> int | None:
    """The median of waiting times in days, of two in the middle the lower; None of fewer people than are asked for."""
    return median_low(days) if len(days) >= max(1, least) else None
