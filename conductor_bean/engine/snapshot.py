"""The state written out as plain JSON data and read back, with the same result for all that follows."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from conductor_bean.domain.plans import BasicService, Cooperation, Plan
from conductor_bean.engine.state import Employment, Party, Posted, State

FORMAT = "conductor-bean-state/1"


def dump(state: State) -> str:
    """The state as JSON text: the same state gives the same bytes."""
    data = asdict(state)
    data["missing"] = sorted([list(key), instant] for key, instant in state.missing.items())
    return json.dumps({"format": FORMAT, **data}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> State:
    """The state of a text that `dump` wrote.

    Raises:
        ValueError: The text is of another format.
    """
    data: Any = json.loads(text)
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise ValueError(f"not a state of the format {FORMAT}")
    for name, kind in (("accountants", Party), ("members", Party), ("companies", Party), ("plans", Plan)):
        data[name] = {key: kind(**value) for key, value in data[name].items()}
    data["services"] = {key: BasicService(**value) for key, value in data["services"].items()}
    data["cooperations"] = {key: _cooperation(value) for key, value in data["cooperations"].items()}
    data["employments"] = {
        company: {member: Employment(**value) for member, value in employed.items()}
        for company, employed in data["employments"].items()
    }
    data["posted"] = {key: _posted(value) for key, value in data["posted"].items()}
    data["consumed_services"] = [(instant, units) for instant, units in data["consumed_services"]]
    data["doubtful"] = [(instant, units, (implied[0], implied[1])) for instant, units, implied in data["doubtful"]]
    data["missing"] = {tuple(key): instant for key, instant in data["missing"]}
    return State(**data)


def _cooperation(value: dict[str, Any]) -> Cooperation:
    value["coordinators"] = [(company, since) for company, since in value["coordinators"]]
    return Cooperation(**value)


def _posted(value: dict[str, Any]) -> Posted:
    value["transfers"] = [tuple(transfer) for transfer in value["transfers"]]
    value["service"] = None if value["service"] is None else tuple(value["service"])
    return Posted(**value)
