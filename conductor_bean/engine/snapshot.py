"""The state written out as plain JSON data and read back, with the same result for all that follows."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from conductor_bean.engine.state import State

FORMAT = "conductor-bean-state/3"


def dump(state: State, *, without: frozenset[str] = frozenset()) -> str:
    """The state as JSON text: the same state gives the same bytes.

    Args:
        state: The state.
        without: Fields that are kept elsewhere; in the text they are as in a new region.
    """
    data: dict[str, Any] = {
        field.name: plain(getattr(_NEW if field.name in without else state, field.name)) for field in fields(state)
    }
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
    state: State = built(State, data)
    state.missing = missing
    return state


_NEW = State()


def plain(value: Any) -> Any:
    """A value of the state as data that JSON can write."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is tuple:
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {name: plain(getattr(value, name)) for name in _names(kind)}  # type: ignore[arg-type]
    return value


_PLAIN = frozenset({str, int, bool, type(None)})


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def built(kind: Any, value: Any) -> Any:
    """A value of JSON as the type that a field declares: lists as tuples, mappings as dataclasses."""
    return _builder(kind)(value)


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """How values of a type are made, decided once for each type: a state has half a million values."""
    if is_dataclass(kind):
        return _dataclass_builder(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        inner = _builder(next(argument for argument in arguments if argument is not types.NoneType))
        return inner if inner is _same else lambda value: None if value is None else inner(value)
    if origin is dict:
        item = _builder(arguments[1])
        return _same if item is _same else lambda value: {key: item(each) for key, each in value.items()}
    if origin is list:
        item = _builder(arguments[0])
        return _same if item is _same else lambda value: [item(each) for each in value]
    if origin is tuple:
        items = [_builder(argument) for argument in arguments]
        if all(item is _same for item in items):
            return tuple
        return lambda value: tuple(item(each) for item, each in zip(items, value, strict=True))
    return _same


def _same(value: Any) -> Any:
    return value


def _dataclass_builder(kind: Any) -> Callable[[Any], Any]:
    hints: dict[str, Any] = _hints(kind)
    builders = {name: built for name, hint in hints.items() if (built := _builder(hint)) is not _same}

    def build(value: dict[str, Any]) -> Any:
        for name, builder in builders.items():
            if name in value:
                value[name] = builder(value[name])
        return kind(**value)

    return build


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
