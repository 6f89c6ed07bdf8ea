"""Other decisions, tried on what happened (`conductor what-if`)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from conductor_bean.domain.instants import start_of
from conductor_bean.domain.problems import did_you_mean
from conductor_bean.ledger.region_file import decided
from conductor_bean.ledger.region_schema import DecisionModel, SettingsModel

if TYPE_CHECKING:
    import datetime

    from pydantic_core import ErrorDetails

    from conductor_bean.domain.region import Region, Rules


class ScenarioError(Exception):
    """A setting that no region could decide; its text says what is right."""


def other_region(region: Region, settings: list[str], start: datetime.date) -> Region:
    """The region had it decided otherwise from a date on.

    Args:
        region: The region as it is.
        settings: `KEY=VALUE`, with the keys of region.yaml's `set:`, and `occupations.NAME.min` or `.max`.
        start: The date from which they hold, also beyond later decisions.

    Raises:
        ScenarioError: A setting is malformed or out of bounds.
    """
    plain: dict[str, str | None] = {}
    seen: set[str] = set()
    wages: list[tuple[str, str, str]] = []
    for setting in settings:
        key, equals, value = (part.strip() for part in setting.partition("="))
        if not key or not equals:
            raise ScenarioError(f"{setting!r} is no setting; write KEY=VALUE, such as income_tax=0.15")
        if key in seen:
            raise ScenarioError(f"{key!r} is set twice; set it once")
        seen.add(key)
        if key.startswith("occupations."):
            _, _, rest = key.partition(".")
            name, _, end = rest.rpartition(".")
            if not name or end not in ("min", "max"):
                raise ScenarioError(f"{key!r} is no key; write occupations.NAME.min or occupations.NAME.max")
            wages.append((name, end, value))
        elif key not in SettingsModel.model_fields:
            raise ScenarioError(
                f"{key!r} is nothing that a region decides{did_you_mean(key, SettingsModel.model_fields)}"
            )
        else:
            plain[key] = None if value == "null" else value

    _check_precision(region, plain.get("member_overdraw"))

    def change(rules: Rules) -> Rules:
        return decided(rules, _decision(rules, plain, wages, start), region.labour_time)

    in_force = region.decisions.at(start_of(start)).occupations
    for name, _, _ in wages:
        if name not in in_force:
            raise ScenarioError(f"no occupation {name!r} is in force on {start}{did_you_mean(name, in_force)}")
    return replace(region, decisions=region.decisions.changed(start_of(start), change))


def _decision(
    rules: Rules, plain: dict[str, str | None], wages: list[tuple[str, str, str]], start: datetime.date
) -> DecisionModel:
    """The settings as a decision beside the rules in force, held to the schema of region.yaml."""
    occupations: dict[str, dict[str, Any]] = {}
    for name, end, value in wages:
        known = rules.occupations.get(name)
        if known is None:
            continue  # a later decision of the region abolishes it
        if name not in occupations:
            occupations[name] = {"min": _decimal(known.minimum), "max": _decimal(known.maximum)}
        occupations[name][end] = value
    try:
        return DecisionModel.model_validate({"date": start, "set": plain, "occupations": occupations})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"] if part != "set")
        raise ScenarioError(f"{where}: {what_is_right(first)}") from None


def _check_precision(region: Region, overdraw: str | None) -> None:
    """Hold that a limit of hours can be counted; region.yaml is held to the same."""
    hours = region.labour_time
    if hours is None or overdraw is None:
        return
    try:
        number = Decimal(overdraw)
    except InvalidOperation:
        return  # the schema says what is right
    if number.is_finite() and hours.units(number) is None:
        raise ScenarioError(f"member_overdraw: {overdraw} has more digits than {hours.name} is counted with")


def what_is_right(detail: ErrorDetails) -> str:
    """What is right, in the words of a person at a terminal."""
    kind = detail["type"]
    if kind in ("decimal_parsing", "decimal_type"):
        return "must be a number, such as 0.15"
    if kind in ("int_parsing", "int_type", "int_from_float"):
        return "must be a whole number"
    return detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")


def _decimal(value: Any) -> str:
    """A bound of wages, which is a decimal, as text."""
    whole, rest = divmod(value, 1)
    digits = ""
    while rest and len(digits) < 28:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
    return f"{whole}.{digits}" if digits else str(whole)
