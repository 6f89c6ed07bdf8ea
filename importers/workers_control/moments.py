"""Gives events of one instant the order that they had in the app.

What follows of an event depends on what came before it, and the app applies one event after the other; its clock may
give several of them the same time. The numbers of their transfers tell their order. In the ledger it is told by
microseconds: the first event keeps its time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor_bean.importers.workers_control.records import (
        App,
        Approval,
        Service,
        Tenure,
        Transfer,
    )


@dataclass(frozen=True, slots=True)
class _Moment:
    """When an event happened: its instant, and the number of its first transfer."""

    instant: int
    number: int


def order_events(app: App) -> None:
    """Gives every event that moves something an instant of its own, in the app's order."""
    moments = sorted(
        {_of_approval(event) for event in app.approvals}
        | {_of_transfer(event.certificates) for event in app.hours}
        | {_of_transfer(event.transfer) for event in app.consumptions}
        | {_of_transfer(event.transfer) for event in app.service_consumptions}
        | {_of_transfer(transfer) for transfer in app.orphans},
        key=lambda moment: (moment.instant, moment.number),
    )
    new: dict[_Moment, int] = {}
    last = -1
    for moment in moments:
        last = max(moment.instant, last + 1)
        new[moment] = last
    app.services = _after_consumption(app, new)
    if any(moment.instant != instant for moment, instant in new.items()):
        _move(app, new)


def in_turn(tenures: list[Tenure]) -> tuple[Tenure, ...]:
    """The tenures of a cooperation, each with a start of its own."""
    found: list[Tenure] = []
    for tenure in tenures:
        start = max(tenure.start, found[-1].start + 1) if found else tenure.start
        found.append(replace(tenure, start=start))
    return tuple(found)


def _of_approval(approval: Approval) -> _Moment:
    return _Moment(approval.instant, min(transfer.number for transfer in approval.transfers))


def _of_transfer(transfer: Transfer) -> _Moment:
    return _Moment(transfer.instant, transfer.number)


def _move(app: App, new: dict[_Moment, int]) -> None:
    """Puts every event at its new instant, and what lies behind it in the app after it."""

    def moved(transfer: Transfer) -> Transfer:
        return replace(transfer, instant=new.get(_of_transfer(transfer), transfer.instant))

    app.approvals = [replace(event, instant=new[_of_approval(event)]) for event in app.approvals]
    approved = {event.plan: event.instant for event in reversed(app.approvals)}
    app.plans = [replace(plan, approved=approved.get(plan.uuid)) for plan in app.plans]
    app.hours = [replace(event, certificates=moved(event.certificates)) for event in app.hours]
    app.consumptions = [replace(event, transfer=moved(event.transfer)) for event in app.consumptions]
    app.service_consumptions = [replace(event, transfer=moved(event.transfer)) for event in app.service_consumptions]
    app.transfers = [moved(transfer) for transfer in app.transfers]
    app.orphans = [moved(transfer) for transfer in app.orphans]
    for events in (app.approvals, app.transfers, app.orphans):
        events.sort(key=lambda event: (event.instant, event.uuid))
    app.hours.sort(key=lambda event: (event.certificates.instant, event.uuid))
    app.consumptions.sort(key=lambda event: (event.transfer.instant, event.uuid))
    app.service_consumptions.sort(key=lambda event: (event.transfer.instant, event.uuid))


def _after_consumption(app: App, new: dict[_Moment, int]) -> list[Service]:
    """The services; one that ended in the instant of its consumption ended after it, as the app let it be consumed."""
    last: dict[tuple[str, int], int] = {}
    for consumption in app.service_consumptions:
        key = (consumption.service, consumption.transfer.instant)
        last[key] = max(last.get(key, 0), new[_of_transfer(consumption.transfer)])
    ends = [last.get((service.uuid, service.ended or -1)) for service in app.services]
    return [
        service if end is None else replace(service, ended=end + 1)
        for service, end in zip(app.services, ends, strict=True)
    ]
