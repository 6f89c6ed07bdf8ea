"""Who writes: the accountant after whom files and ids are named; and ids that are free."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import did_you_mean, quoted
from conductor_bean.ledger.git import GitError, git
from conductor_bean.recording.text import MistakeError

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books

VARIABLE = "CONDUCTOR_ACCOUNTANT"
SETTING = "conductor.accountant"


def accountant_of(books: Books, told: str) -> str:
    """The accountant who writes: as told, else by the environment, else by git's settings, else the region's only one.

    Args:
        books: The ledger.
        told: What was said on the command line, "" for nothing.

    Returns:
        Her id, "" where it is not known.

    Raises:
        MistakeError: There is no such accountant, or her service has ended.
    """
    accountants = [name for name, party in books.machine.state.accountants.items() if party.ended is None]
    setting = _setting(books.main.parent)
    for source, name in (("--accountant", told), (VARIABLE, os.environ.get(VARIABLE, "")), (SETTING, setting)):
        if name:
            if name not in accountants:
                near = did_you_mean(name, accountants)
                raise MistakeError(
                    "accountant", f"{source} names {quoted(name)}, who is no accountant of the region now{near}"
                )
            return name
    return accountants[0] if len(accountants) == 1 else ""


def _setting(folder: Path) -> str:
    try:
        return git(folder, "config", "--get", SETTING).strip()
    except GitError:  # no git, or nothing is set there
        return ""


def free_id(books: Books, date: datetime.date, party: str, accountant: str) -> str:
    """An id of date, party and accountant, so that two accountants on two branches never give the same one."""
    posted = books.machine.state.posted
    stem = "-".join(part for part in (date.isoformat(), party, accountant) if part)
    number = 1
    while f"{stem}-{number}" in posted:
        number += 1
    return f"{stem}-{number}"
