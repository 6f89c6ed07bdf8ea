"""YAML as text with line numbers: the schema decides what a scalar means, not YAML.

PyYAML reads `1e-10` as a string, `no` as false and `0.1` as a float. Here every scalar stays the text that stands in
the file, so that numbers become exact decimals, and every value keeps its line for errors.
"""

from __future__ import annotations

from typing import Any

import yaml

Path = tuple[str | int, ...]

_NULL = {"", "~", "null", "Null", "NULL"}
_MAX_DEPTH = 20


class YamlError(Exception):
    """The text is not YAML as we read it; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def parse(text: str) -> tuple[Any, dict[Path, int]]:
    """Nested dicts, lists, strings and None, and the line of every value by its path (of a key by path + `!key`).

    Raises:
        YamlError: Broken syntax, a repeated key, an alias (which could unfold without bound), or nesting too deep.
    """
    try:
        _refuse_bombs(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _syntax(error) from None
    except (RecursionError, ValueError) as error:
        raise YamlError(1, f"not readable as YAML: {type(error).__name__}") from None
    lines: dict[Path, int] = {(): 1}
    return (None if node is None else _value(node, (), lines)), lines


def _refuse_bombs(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(_line(event), "aliases (*name) are not read; write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise YamlError(_line(event), "nested too deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = _line(node)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(_line(key_node), "a key must be a plain word")
            key = key_node.value
            if key in mapping:
                raise YamlError(_line(key_node), f'the key "{key[:60]}" stands twice; keep one')
            mapping[key] = _value(value_node, (*path, key), lines)
            lines[*path, key, "!key"] = _line(key_node)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    if node.style is None and node.value in _NULL:
        return None
    return node.value


def _line(place: yaml.Node | yaml.Event) -> int:
    assert place.start_mark is not None
    return place.start_mark.line + 1


def _syntax(error: yaml.YAMLError) -> YamlError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or type(error).__name__
    return YamlError(1 if mark is None else mark.line + 1, f"not readable as YAML: {problem}")
