"""region.yaml held against an earlier state of it: decisions are only appended, and the table is never lowered."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any, NamedTuple

from conductor_bean.domain.instants import start_of
from conductor_bean.ledger.problem import Change, Problem
from conductor_bean.ledger.region_schema import RegionModel
from conductor_bean.ledger.yaml_text import Path as YamlPath
from conductor_bean.ledger.yaml_text import parse


class Charter(NamedTuple):
    """A region.yaml that holds.

    Attributes:
        head: All but the decisions, as far as it is said.
        decisions: The decisions, each with what it says.
        lines: Line of each value by its path.
    """

    head: dict[str, Any]
    decisions: list[dict[str, Any]]
    lines: dict[YamlPath, int]


def read_charter(path: Path) -> Charter:
    """The region.yaml at a path, which is known to hold."""
    data, lines = parse(path.read_bytes().decode("utf-8-sig"))
    head = RegionModel.model_validate(data).model_dump(exclude_unset=True)
    decisions = head.pop("decisions", [])
    return Charter(head, [{key: value for key, value in each.items() if value} for each in decisions], lines)


def compared_charters(
    earlier: Charter, present: Charter, file: str, revision: str, held_until: int
) -> tuple[list[Problem], list[Change]]:
    """What may not change in region.yaml, and what somebody should look at.

    Args:
        earlier: The file at the revision.
        present: The file as it is.
        file: Its path.
        revision: What the revision is called.
        held_until: The first instant after all months that were closed or sealed at the revision.
    """
    problems = _decisions(earlier, present, file, revision, held_until)
    before, after = earlier.head.get("table"), present.head.get("table")
    if before is not None and (after is None or after < before):
        message = (
            f"the version of the table is {'not said any more' if after is None else after}, but was {before} at "
            f"{revision}; it is never lowered or removed: write table: {before}"
        )
        problems.append(Problem(file, _line(present, "table"), "table-lowered", message))
    changes = []
    for key in sorted(earlier.head.keys() | present.head.keys()):
        old, new = earlier.head.get(key), present.head.get(key)
        if old != new:
            kind = "plugins" if key == "plugins" else "region"
            message = f"{key} was {_told(old)} at {revision}, and is {_told(new)}"
            changes.append(Change(file, _line(present, key), kind, message))
    return problems, changes


def _decisions(earlier: Charter, present: Charter, file: str, revision: str, held_until: int) -> list[Problem]:
    code, remedy = "decision-changed", "put it back as it was (git knows), and append a decision instead"
    for index, decision in enumerate(earlier.decisions):
        found = present.decisions[index] if index < len(present.decisions) else None
        if found != decision:
            title = f"the decision of {decision['date']} ({decision.get('title') or 'without a title'})"
            gone = decision not in present.decisions
            how = "was changed or removed" if gone else "does not stand where it stood"
            line = _line(present, "decisions", *([index] if found else []))
            return [Problem(file, line, code, f"{title} {how} since {revision}; {remedy}")]
    return [
        Problem(
            file,
            _line(present, "decisions", index, "date"),
            code,
            f"this decision is new since {revision}, but is dated in or before a month that is closed or sealed; date "
            "it in an open month",
        )
        for index, decision in enumerate(present.decisions[len(earlier.decisions) :], len(earlier.decisions))
        if start_of(decision["date"]) < held_until
    ]


def _line(charter: Charter, *path: str | int) -> int:
    return charter.lines.get((*path, "!key"), charter.lines.get(path, 1))


def _told(value: Any) -> str:
    return "not said" if value is None else json.dumps(value, default=_plain, ensure_ascii=False)[:200]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
