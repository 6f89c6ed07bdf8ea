"""Which problems of a ledger it had before: known again though lines were added above them, or their entry moved."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.admission.plain_files import Folder

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.problem import Problem

_LINE_NUMBER = re.compile(r"(?<=:)\d+\b|(?<=\bline )\d+\b")


@dataclass(frozen=True, slots=True)
class Trace:
    """A problem without what shifts when lines are added above it.

    Attributes:
        problem: The problem.
        file: Its file, relative to the ledger's folder.
        message: Its message without line numbers.
        text: The line on which it stands.
    """

    problem: Problem
    file: str
    message: str
    text: str

    @property
    def _kind(self) -> Hashable:
        """What a later version of the table makes of it: advice that is an error now is new."""
        return self.problem.code, self.problem.is_advice

    def unchanged(self) -> Hashable:
        """What stays of a problem whose entry nobody touched."""
        return self.file, self._kind, self.message, self.text

    def edited(self) -> Hashable:
        """What stays of a problem whose entry was edited, but not mended."""
        return self.file, self._kind, self.message

    def moved(self) -> Hashable:
        """What stays of a problem whose entry stands in another file now."""
        return self._kind, self.message, self.text


def traces(books: Books) -> list[Trace]:
    """The problems of a ledger as they are known again in another state of it."""
    folder = books.main.parent
    texts: dict[str, list[str]] = {}
    found = []
    for problem in books.problems:
        if problem.file not in texts:
            texts[problem.file] = _lines(problem.file)
        lines = texts[problem.file]
        found.append(
            Trace(
                problem,
                os.path.relpath(problem.file, folder),
                _LINE_NUMBER.sub("#", problem.message.replace(f"{folder}{os.sep}", "")),
                lines[problem.line - 1].strip() if problem.line <= len(lines) else "",
            )
        )
    return found


def _lines(file: str) -> list[str]:
    try:
        return Folder(Path(file).parent).read(file).decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return []


def accounted_for(present: list[Trace], earlier: list[Trace]) -> dict[int, Problem]:
    """The present problems, by identity, that an earlier one accounts for; each earlier one does so once at most."""
    used: set[int] = set()
    known: dict[int, Problem] = {}
    for kept in (Trace.unchanged, Trace.edited, Trace.moved):
        waiting: dict[Hashable, list[Trace]] = {}
        for trace in earlier:
            if id(trace) not in used:
                waiting.setdefault(kept(trace), []).append(trace)
        for trace in present:
            same = waiting.get(kept(trace))
            if same and id(trace.problem) not in known:
                used.add(id(same.pop()))
                known[id(trace.problem)] = trace.problem
    return known
