"""Closed months that are no longer what was closed, as errors that name what was added, changed or removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.ledger.seal_lists import CLOSES, Changes, all_changes, list_path, read_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conductor_bean.engine.events import Fact
    from conductor_bean.ledger.places import Places
    from conductor_bean.ledger.problem import Problem
    from conductor_bean.ledger.seals import Verdict

CODE = "closed-month-changed"
_NAMED = 8
"""How many entries of each kind a message names; a month may have thousands."""
_REMEDY = (
    "put it back as it was (git knows), and record what is to be corrected in the present month; or, where all agree "
    "that it belongs here, conductor close --again {month} shows what changes for whom and renews the close"
)


def close_problems(
    verdicts: Iterable[Verdict], stated: Mapping[str, Fact], entries: list[Any], places: Places
) -> list[Problem]:
    """Errors of closes whose digest no longer fits: one each, at the first entry that is not as it was.

    Where that entry is gone, or nobody can say which it is, the error stands at the close.

    Args:
        verdicts: All closes with a digest, in order.
        stated: The fact of each, by month.
        entries: The ledger's entries by source.
        places: Where they stand.
    """
    problems = []
    for verdict in verdicts:
        if verdict.holds:
            continue
        known = read_list(list_path(Path(places.main).parent, verdict.month, CLOSES), verdict.month)
        changes = None if known is None else all_changes(verdict.lines, known)
        at = stated[verdict.month].source
        if changes is not None and changes.present:
            at = changes.present[0].source
        message = f"{_what(verdict.month, changes, entries, places)}; {_REMEDY.format(month=verdict.month)}"
        problems.append(places.at(entries[at].meta, CODE, message))
    return problems


def _what(month: str, changes: Changes | None, entries: list[Any], places: Places) -> str:
    if changes is None:
        return (
            f"{month} is closed, and what its entries say is not what was closed; without the list {CLOSES}/"
            f"{month}.txt it cannot be told which of them were added, changed or removed"
        )
    if not changes:
        return (
            f"{month} is closed, and the digest of its close does not fit, though every entry is as {CLOSES}/"
            f"{month}.txt has it: the digest was changed, or the list with an entry"
        )
    folder = Path(places.main).parent
    told = [
        *_told("added", [_place(entries[line.source].meta, places, folder) for line in changes.added]),
        *_told("changed", [_place(entries[line.source].meta, places, folder) for line in changes.changed]),
        *_told("removed", [f"one of {when}" for when in changes.removed]),
    ]
    return f"{month} is closed, and its entries are not those that were closed: {'; '.join(told)}"


def _told(how: str, names: list[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [f"{how}: {', '.join(names[:_NAMED])}{more}"]


def _place(meta: dict[str, Any], places: Places, folder: Path) -> str:
    file, line = places.of(meta)
    return f"{os.path.relpath(file, folder)}:{line}"
