"""Seals that do not hold, as errors at the first entry that changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.ledger.seal_lists import Change, first_change, list_path, read_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conductor_bean.engine.events import Fact
    from conductor_bean.ledger.places import Places
    from conductor_bean.ledger.problem import Problem
    from conductor_bean.ledger.seals import Verdict

CODE = "sealed-history-changed"
_REMEDY = "put it back as it was (git knows), and record what is to be corrected in an open month"
_MESSAGES = {
    "added": "the seal of {month} does not know this entry: it was added to a month that is sealed; " + _REMEDY,
    "changed": "this entry is not the one that the seal of {month} covers; " + _REMEDY,
    "follows": (
        "this entry is as the seal of {month} knows it, but something else follows from it now; look for a decision "
        "that changed in region.yaml, and put it back"
    ),
    "moved": ("the seal of {month} does not know this entry, and the one of {when} that it knows is gone; " + _REMEDY),
    "removed": "an entry of {when}, which this seal covers, is gone; " + _REMEDY,
}


def seal_problems(
    verdicts: Iterable[Verdict], stated: Mapping[str, Fact], entries: list[Any], places: Places
) -> list[Problem]:
    """What is wrong with the seals that do not hold, each at the first entry that changed, or at the seal.

    Where an earlier one is broken already, what follows otherwise in a later month is told by that.

    Args:
        verdicts: All seals, in order.
        stated: The fact of each, by month.
        entries: The ledger's entries by source.
        places: Where they stand.
    """
    problems: list[Problem] = []
    for verdict in verdicts:
        if verdict.holds:
            continue
        sealed = read_list(list_path(Path(places.main).parent, verdict.month), verdict.month)
        change = None if sealed is None else first_change(verdict.lines, sealed)
        fact = stated[verdict.month]
        if change is None:
            message = _without_list(verdict, known=sealed is not None)
            problems.append(places.at(entries[fact.source].meta, CODE, message))
        elif change.how != "follows" or not problems:
            source = fact.source if change.source is None else change.source
            problems.append(places.at(entries[source].meta, CODE, _message(verdict, change)))
    return problems


def _message(verdict: Verdict, change: Change) -> str:
    return _MESSAGES[change.how].format(month=verdict.month, when=change.when)


def _without_list(verdict: Verdict, *, known: bool) -> str:
    if known:
        return (
            f"the seal of {verdict.month} was changed, or the one before it: every entry is as its list has it, but "
            "the digest is another; put the line back as it was (git knows)"
        )
    return (
        f"what the seal of {verdict.month} covers is not what was sealed, and without the list seals/"
        f"{verdict.month}.txt it cannot be told which entry changed; compare with the commit that sealed the month"
    )
