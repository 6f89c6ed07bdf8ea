"""What an entry cannot do without, once it is known who acts: what the table of kinds leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conductor_bean.engine.machine import Machine
    from conductor_bean.recording.kind import Field, Kind


def needed(machine: Machine, kind: Kind, values: Mapping[str, Sequence[str]]) -> list[Field]:
    """Values that are not given and without which this entry is refused.

    Args:
        machine: The engine.
        kind: The kind of entry.
        values: What was given.
    """
    names = [each.name for each in kind.fields if each.required]
    if kind.name == "consume" and _one(values, "consumer") in machine.state.companies:
        names += ["means"] * (_one(values, "what") in machine.state.plans)
    if kind.name == "external-purchase" and _one(values, "buyer") in machine.state.companies:
        names.append("input")
    return [each for each in kind.fields if each.name in names and not values.get(each.name)]


def _one(values: Mapping[str, Sequence[str]], name: str) -> str:
    found = values.get(name)
    return found[0] if found else ""
