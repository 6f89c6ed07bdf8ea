"""mapping.yaml: read safely, and held against its schema; every fault with its line."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as AnyMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from conductor_bean.domain.problems import nearest, quoted
from conductor_bean.importers.common.faults import Fault, ImportRefusedError
from conductor_bean.importers.common.files import read_bytes
from conductor_bean.importers.common.mapping_schema import SECTIONS, FormatsModel, MappingModel, SourceModel
from conductor_bean.ledger.yaml_text import Path as YamlPath
from conductor_bean.ledger.yaml_text import YamlError, parse

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FILE = "mapping.yaml"
MAX_BYTES = 4_000_000


def read_mapping(path: Path) -> MappingModel:
    """The mapping of a file.

    Raises:
        ImportRefusedError: It cannot be read, or does not hold.
    """
    name = str(path)
    raw = read_bytes(path, MAX_BYTES, may_be_empty=True)
    try:
        data, lines = parse(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ImportRefusedError([Fault(name, line, "is not UTF-8; save it in that encoding")]) from None
    except YamlError as fault:
        raise ImportRefusedError([Fault(name, fault.line, fault.message)]) from None
    try:
        mapping = MappingModel.model_validate({} if data is None else _without_empty(data))
    except ValidationError as error:
        raise ImportRefusedError(_fault(name, lines, detail) for detail in error.errors(include_url=False)) from None
    faults = [
        Fault(name, lines.get((section, key, "!key"), 1), f"{quoted(key)} stands twice, but for its spaces; keep one")
        for section in SECTIONS
        for key in _repeated(getattr(mapping, section))
    ]
    if faults:
        raise ImportRefusedError(faults)
    return mapping


def settings_of(mapping: MappingModel, source: str, overrides: AnyMapping[str, Any]) -> SourceModel:
    """How a source writes: what the command says, else its own section, else what holds for all.

    Args:
        mapping: The mapping.
        source: The name of the source.
        overrides: What the command says; None is nothing.

    Raises:
        ImportRefusedError: The command says something that cannot be.
    """
    own = mapping.sources.get(source, SourceModel())
    values = {key: getattr(mapping, key) for key in FormatsModel.model_fields}
    values |= {key: getattr(own, key) for key in own.model_fields_set}
    values |= {key: value for key, value in overrides.items() if value is not None}
    try:
        return SourceModel.model_validate(values)
    except ValidationError as error:
        (detail, *_) = error.errors(include_url=False)
        raise ImportRefusedError([_fault("the command", {(): 0}, detail)], unreadable=True) from None


def plain(name: str) -> str:
    """A name without what people do not see: composed alike, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _without_empty(data: Any) -> Any:
    """Sections that hold nothing yet are no fault: `members:` with only comments below."""
    return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


def _repeated(names: AnyMapping[str, Any]) -> list[str]:
    seen: set[str] = set()
    repeated = []
    for name in names:
        if plain(name) in seen:
            repeated.append(name)
        seen.add(plain(name))
    return repeated


def _fault(file: str, lines: dict[YamlPath, int], detail: ErrorDetails) -> Fault:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    shown = ".".join(str(part) for part in path) or "the file"
    line = _line(lines, path)
    if detail["type"] == "extra_forbidden":
        beside = SourceModel.model_fields if "sources" in path[:1] else MappingModel.model_fields
        near = nearest(str(path[-1]), beside)
        return Fault(
            file, line, f"{quoted(shown)} is no key here; " + (f"did you mean {near}?" if near else "remove it")
        )
    value = detail["input"]
    kind = "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "not that"
    found = quoted(value) if isinstance(value, str) else kind
    return Fault(file, line, f"{quoted(shown)} is {found}: {_right(detail)}")


def _right(detail: ErrorDetails) -> str:
    words = {
        "dict_type": "write keys and values here, such as Ada Lovelace: Ada",
        "model_type": "write keys and values here, such as members:",
        "string_type": "write a text here",
        "bool_parsing": "write true or false",
        "string_pattern_mismatch": "write a plain word here, such as Europe/Berlin for a timezone",
    }
    said = str(detail["msg"]).removeprefix("Value error, ")
    return words.get(detail["type"], said[:1].lower() + said[1:])


def _line(lines: dict[YamlPath, int], path: YamlPath) -> int:
    while path not in lines and path:
        path = path[:-1]
    return lines.get((*path, "!key"), lines[path])
