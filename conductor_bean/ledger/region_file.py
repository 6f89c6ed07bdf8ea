"""region.yaml: read, held against its schema, and made into the decisions of a region."""

from __future__ import annotations

import ast
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from conductor_bean.domain.amounts import Commodity
from conductor_bean.domain.instants import start_of
from conductor_bean.domain.problems import nearest, quoted
from conductor_bean.domain.region import Decisions, Region, Rules, Wage
from conductor_bean.ledger.admission.plain_files import Folder, NotAdmittedError
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.region_schema import (
    CommoditiesModel,
    CommodityModel,
    DecisionModel,
    OccupationModel,
    RegionModel,
    SettingsModel,
)
from conductor_bean.ledger.yaml_text import Path as YamlPath
from conductor_bean.ledger.yaml_text import YamlError, parse

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_BYTES = 4_000_000
YAML_SUFFIXES = (".yaml", ".yml")
REGION_FILE = "region.yaml"
OUR_PLUGINS = "conductor_bean.plugins."
PLUGIN = f"{OUR_PLUGINS}conductor"


def region_path(main: Path | str, config: str | None) -> Path:
    """Where a ledger's region.yaml stands.

    Args:
        main: Its main.beancount.
        config: The plugin line's configuration: a path relative to the ledger, plain or as a quoted Python string.
    """
    if config:
        try:
            value = ast.literal_eval(config)
        except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
            value = config
        config = (value if isinstance(value, str) and value else config).replace("\0", "")
    return Path(main).absolute().parent / (config or REGION_FILE)


def read_region(path: Path, folder: Folder | None = None) -> tuple[Region | None, list[Problem]]:
    """The region of a region.yaml, or None and every fault with its line.

    Args:
        path: The file.
        folder: The folder in which it must stand, its own by default.
    """
    file = str(path)
    if path.suffix not in YAML_SUFFIXES:
        # The line that names the file may come from a stranger: no other file of the machine is read, or quoted.
        message = f"{quoted(path.name)} is not named as YAML; name a file that ends in .yaml"
        return None, [Problem(file, 1, "region-file-not-readable", message)]
    try:
        raw = (folder or Folder(path.parent)).read(path, MAX_BYTES)
    except NotAdmittedError as fault:
        return None, [_not_admitted(file, fault)]
    except FileNotFoundError:
        message = (
            f"there is no {path.name} beside main.beancount; write down there what the region has decided, "
            'or name the file: plugin "conductor_bean.plugins.conductor" "FILE"'
        )
        return None, [Problem(file, 1, "region-file-not-found", message)]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, [Problem(file, 1, "region-file-not-readable", f"cannot be read: {reason}")]
    region, problems = _read(file, raw)
    return region, list(problems)


def _not_admitted(file: str, fault: NotAdmittedError) -> Problem:
    code, message = fault.code, fault.message
    if code == "file-not-loaded":
        code, message = "region-file-not-readable", f"is larger than {MAX_BYTES} bytes"
    if code == "byte-order-mark":
        message = message.replace("run conductor format", "save it without one")
    return Problem(file, fault.line or 1, code, message)


@lru_cache(maxsize=4)
def _read(file: str, raw: bytes) -> tuple[Region | None, tuple[Problem, ...]]:
    """What a file says; it is asked for once before a ledger is loaded and once by its plugin."""
    region, problems = _region_or_faults(file, raw)
    return region, tuple(problems)


def _region_or_faults(file: str, raw: bytes) -> tuple[Region | None, list[Problem]]:
    try:
        data, lines = parse(raw.decode())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, "region-file-not-readable", "is not UTF-8; save it in that encoding")]
    except YamlError as fault:
        return None, [Problem(file, fault.line, "region-file-not-readable", fault.message)]
    try:
        model = RegionModel.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        mistyped = {
            (*detail["loc"][:-1], nearest(str(detail["loc"][-1]), _keys_beside(detail["loc"][:-1])))
            for detail in details
            if detail["type"] == "extra_forbidden"
        }
        # A key that is missing because it is mistyped is one fault, not two.
        return None, sorted(
            _problem(file, lines, detail)
            for detail in details
            if detail["type"] != "missing" or tuple(detail["loc"]) not in mistyped
        )
    problems = [*_out_of_order(file, lines, model), *_too_fine(file, lines, model)]
    return (None, problems) if problems else (_region(model), [])


def _problem(file: str, lines: dict[YamlPath, int], detail: ErrorDetails) -> Problem:
    path = tuple(part for part in detail["loc"] if part != "[key]")
    shown = ".".join(str(part) for part in path) or "the file"
    line = _line(lines, path)
    if detail["type"] == "extra_forbidden":
        near = nearest(str(path[-1]), _keys_beside(path[:-1]))
        hint = f"; did you mean {near}?" if near else "; remove it"
        return Problem(
            file, lines.get((*path, "!key"), line), "region-file-unknown-key", f"{quoted(shown)} is no key here{hint}"
        )
    if detail["type"] == "missing":
        return Problem(file, line, "region-file-missing-key", f"{quoted(shown)} is missing; add it")
    return Problem(file, line, "region-file-wrong-value", f"{quoted(shown)} is {_found(detail)}: {_right(detail)}")


def _found(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, str):
        return quoted(value) if detail["loc"] else "a text"
    return {type(None): "empty or null", dict: "a mapping", list: "a list"}.get(type(value), "something else")


def _right(detail: ErrorDetails) -> str:
    """What is right, in the words of the language rather than of the library that found the fault."""
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    kind = detail["type"]
    if kind == "string_pattern_mismatch":
        right = {"region": "write an account component such as Riverbend", "name": "write a commodity such as HOUR"}
        return right.get(key, "write the name of a module such as beancount.plugins.auto")
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return (
            "write keys and values here, such as region: and commodities:" if not key else "write keys and values here"
        )
    words = {
        "list_type": "write a list here, each item after a dash",
        "string_type": "write a text here",
        "decimal_type": "write a number here",
        "decimal_parsing": "write a number here",
        "int_type": "write a whole number here",
        "int_parsing": "write a whole number here",
        "int_from_float": "write a whole number here",
    }
    return words.get(kind, detail["msg"].removeprefix("Value error, "))


def _line(lines: dict[YamlPath, int], path: YamlPath) -> int:
    while path not in lines and path:
        path = path[:-1]
    return lines.get((*path, "!key"), lines[path])


def _keys_beside(path: YamlPath) -> list[str]:
    """The keys that a mapping of the schema may have."""
    names = {part for part in path if isinstance(part, str)}
    if not path:
        model: Any = RegionModel
    elif "set" in names:
        model = SettingsModel
    elif "occupations" in names:
        model = OccupationModel
    elif "decisions" in names:
        model = DecisionModel
    else:
        model = CommoditiesModel if len(path) == 1 else CommodityModel
    return list(model.model_fields)


def _out_of_order(file: str, lines: dict[YamlPath, int], model: RegionModel) -> list[Problem]:
    problems = []
    for index, (earlier, later) in enumerate(zip(model.decisions, model.decisions[1:], strict=False), 1):
        if later.date < earlier.date:
            message = (
                f"the decision of {later.date} stands after that of {earlier.date}; put decisions in order of date"
            )
            problems.append(Problem(file, lines["decisions", index, "date"], "decisions-out-of-order", message))
    return problems


def _too_fine(file: str, lines: dict[YamlPath, int], model: RegionModel) -> list[Problem]:
    hours = model.commodities.labour_time
    if hours is None:
        return []
    commodity = _commodity(hours)
    assert commodity is not None
    problems = []
    for index, decision in enumerate(model.decisions):
        overdraw = decision.set.member_overdraw
        if overdraw is not None and commodity.units(overdraw) is None:
            message = f'"member_overdraw" has more digits than the precision {hours.precision} of {hours.name}'
            line = _line(lines, ("decisions", index, "set", "member_overdraw"))
            problems.append(Problem(file, line, "region-file-wrong-value", message))
    return problems


def _region(model: RegionModel) -> Region:
    labour_time = _commodity(model.commodities.labour_time)
    rules = Rules()
    changes = []
    for decision in model.decisions:
        rules = decided(rules, decision, labour_time)
        changes.append((start_of(decision.date), rules))
    return Region(
        id=model.region,
        name=model.name or model.region,
        labour_time=labour_time,
        credits=_commodity(model.commodities.credits),
        other_customs=frozenset(model.other_customs),
        decisions=Decisions(Rules(), changes),
        titles=tuple(decision.title for decision in model.decisions),
        plugins=frozenset(model.plugins),
        table=model.table,
    )


def decided(rules: Rules, decision: DecisionModel, labour_time: Commodity | None) -> Rules:
    """Rules after a decision."""
    changed: dict[str, Any] = {}
    for key in decision.set.model_fields_set:
        value: Decimal | int | str | None = getattr(decision.set, key)
        if key == "member_overdraw":
            changed[key] = None if value is None or labour_time is None else labour_time.units(value)  # type: ignore[arg-type]
        else:
            changed[key] = Fraction(value) if isinstance(value, Decimal) else value
    occupations = dict(rules.occupations)
    for name, wage in decision.occupations.items():
        if wage is None:
            occupations.pop(name, None)
        else:
            occupations[name] = Wage(Fraction(wage.min), Fraction(wage.max), wage.why)
    return replace(rules, occupations=occupations, **changed)


def _commodity(model: CommodityModel | None) -> Commodity | None:
    return None if model is None else Commodity(model.name, -model.precision.normalize().adjusted())


assert {field.name for field in fields(Rules)} - {"occupations"} == set(SettingsModel.model_fields), (
    "a setting of region.yaml without its rule, or the reverse"
)
