"""Seals that do not hold, as errors at the first entry that changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.ledger.seal_lists import Change, first_change, list_path, read_list

if TYPE_CHECKING:
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
    "removed": "an entry of {when}, which this seal covers, is gone; " + _REMEDY,
}


def seal_problem(verdict: Verdict, fact: Fact, entries: list[Any], places: Places) -> Problem:
    """What is wrong with a seal that does not hold, at the first entry that changed, or at the seal."""
    place = list_path(Path(places.main).parent, verdict.month)
    sealed = read_list(place, verdict.month)
    change = None if sealed is None else first_change(verdict.lines, sealed)
    if change is None:
        return places.at(entries[fact.source].meta, CODE, _without_list(verdict, known=sealed is not None))
    source = fact.source if change.source is None else change.source
    return places.at(entries[source].meta, CODE, _message(verdict, change))


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
