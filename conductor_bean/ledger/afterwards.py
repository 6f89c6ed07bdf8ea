"""What other plugins did to the books after the check: nothing may come to governed accounts unseen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from beancount.core.data import Transaction

from conductor_bean.domain.accounts import is_governed
from conductor_bean.ledger.problem import Problem

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from pathlib import Path

    from conductor_bean.ledger.judging import Checked


def changed_after(checked: Checked, entries: list[Any], main: Path) -> list[Problem]:
    """Governed transactions that another plugin added, changed or removed after the check.

    Args:
        checked: The books as the check left them, with the legs of each transaction.
        entries: The books as they are now.
        main: Where a change is reported whose author left no place.
    """
    judge = _Judge(checked)
    changed = []
    left = dict(checked.legs)
    for entry in entries:
        if type(entry) is Transaction:
            legs = left.get(id(entry))
            if legs is not None and legs == tuple(entry.postings):
                del left[id(entry)]
            elif judge.is_ours(entry.postings):
                changed.append(entry)
    # A plugin may rewrite a transaction, to tag it for instance, as long as date and legs stay what they were.
    gone = Counter(
        _content(entry.date, left[id(entry)])
        for entry in checked.entries
        if id(entry) in left and judge.is_ours(left[id(entry)])
    )
    problems = []
    for entry in changed:
        content = _content(entry.date, entry.postings)
        if gone[content] > 0:
            gone[content] -= 1
        else:
            problems.append(_added(entry, main))
    if +gone and not problems:
        message = (
            "another plugin removed transactions on governed accounts after the check, so the books no longer hold "
            "what was checked; put its plugin line before conductor's, or remove it"
        )
        problems.append(Problem(str(main), 1, "added-after-check", message))
    return problems


class _Judge:
    """Tells whether legs stand on governed accounts or move the region's commodities."""

    def __init__(self, checked: Checked) -> None:
        region = checked.region
        commodities = () if region is None else (region.labour_time, region.credits)
        self._names = {commodity.name for commodity in commodities if commodity is not None}

    def is_ours(self, postings: Any) -> bool:
        return any(is_governed(p.account) or p.units.currency in self._names for p in postings)


def _content(date: datetime.date, postings: Iterable[Any]) -> tuple[Any, ...]:
    return (date, *sorted((posting.account, posting.units.number, posting.units.currency) for posting in postings))


def _added(entry: Transaction, main: Path) -> Problem:
    file, line = entry.meta.get("filename", ""), entry.meta.get("lineno", 1)
    if not isinstance(file, str) or not file or file.startswith("<") or not isinstance(line, int):
        file, line = str(main), 1
    return Problem(
        file,
        line,
        "added-after-check",
        f"another plugin wrote the transaction of {entry.date} on {entry.postings[0].account} after the check; put its "
        "plugin line before conductor's, or remove it",
    )
