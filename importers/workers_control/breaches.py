"""What the app let pass though a rule of the ledger language forbids it.

Such a row is written as recorded, under a comment that says so, and `conductor check` judges it at its line. Where that
would set aside what rests on it (the hours of a service, everything of a plan), the one fact that forbids it gives way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conductor_bean.domain import instants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor_bean.importers.workers_control.records import App

MARK = "the app let this pass: "
"""How the comments in the ledger begin."""


@dataclass(slots=True)
class Breaches:
    """What was let pass.

    Attributes:
        said: What is to be said of a row, by its id.
        ends: When a service is to end, by its id: after the last consumption of it that the app let pass.
        rejections: When a rejection is to stand, by its id: after the approval that the app let follow it.
    """

    said: dict[str, str] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    rejections: dict[str, int] = field(default_factory=dict)


def breaches_of(app: App) -> Breaches:
    """Finds what the app let pass."""
    found = Breaches()
    for consumption in app.consumptions:
        if consumption.quantity <= 0:
            found.said[consumption.uuid] = f"{MARK}a consumption of {consumption.quantity}, where one is 1 or more"
    told = {event.transfer.uuid for event in app.consumptions if event.uuid in found.said}
    found.said |= {
        transfer.uuid: f"{MARK}a transfer of {transfer.value.normalize():f} hours, where none is below zero"
        for transfer in app.transfers
        if transfer.value < 0 and transfer.uuid not in told
    }
    ends = {service.uuid: service.ended for service in app.services}
    for event in app.service_consumptions:
        end = ends[event.service]
        if end is not None and event.transfer.instant >= end:
            found.said[event.uuid] = f"{MARK}the service ended before, at {instants.format_instant(end)}"
            found.ends[event.service] = event.transfer.instant + 1
    _decisions(app, found)
    return found


def _decisions(app: App, found: Breaches) -> None:
    """Plans that were both rejected and approved: the approval counts, as it does in the app."""
    approved = {plan.uuid: plan.approved for plan in app.plans}
    for rejection in app.rejections:
        approval = approved[rejection.plan]
        if approval is None:
            continue
        if rejection.instant > approval:
            found.said[rejection.uuid] = f"{MARK}a plan is rejected that was approved before"
            continue
        when = instants.format_instant(rejection.instant)
        found.said[rejection.uuid] = (
            f"{MARK}the plan was rejected at {when} and approved after that; the rejection stands after the approval"
        )
        found.rejections[rejection.uuid] = approval + 1


def let_pass(files: dict[str, str]) -> Iterator[str]:
    """What the comments of a ledger say was let pass, each with its file and line.

    Args:
        files: The texts of the ledger, by their path in its folder.
    """
    for path, text in files.items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if line.startswith(f"; {MARK}"):
                # The line is that of the entry, below all of its comments: where `conductor check` speaks of it.
                place = next(below for below in range(number, len(lines)) if not lines[below].startswith(";"))
                yield f"{path}:{place + 1}: {line.removeprefix('; ' + MARK)}"
