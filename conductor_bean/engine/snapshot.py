"""The state written out as plain JSON data and read back, with the same result for all that follows."""

from __future__ import annotations

import json
import types
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from conductor_bean.engine.state import State

FORMAT = "conductor-bean-state/2"


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
    missing = {tuple(key): instant for key, instant in data.pop("missing")}
    state: State = _built(State, data)
    state.missing = missing
    return state


def _built(kind: Any, value: Any) -> Any:
    """A value of JSON as the type that a field declares: lists as tuples, mappings as dataclasses."""
    if is_dataclass(kind):
        hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]
        return kind(**{name: _built(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        return None if value is None else _built(inner, value)
    if origin is dict:
        return {key: _built(arguments[1], item) for key, item in value.items()}
    if origin is list:
        return [_built(arguments[0], item) for item in value]
    if origin is tuple:
        return tuple(_built(argument, item) for argument, item in zip(arguments, value, strict=True))
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
