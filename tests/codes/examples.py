"""The examples of codes.yaml as ledgers that can be loaded.

An example stands in the small region of tests/codes/region. What `Code.example` says decides how:

    ledger           appended to the whole region: parties, plans, credits, journal
    main.beancount   the whole main.beancount; it includes what it needs, and may name another region.yaml
    region.yaml      the whole region.yaml, of a ledger with the region's parties
    seals/MONTH.txt  the whole list of a seal, beside such a ledger

Where a code is one of `check --since`, the example is a proposal, held against the right one in a repository of git.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.domain.problems import Code
from conductor_bean.ledger.at_revision import compared
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.git import git

REGION = Path(__file__).parent / "region"
MARK = "<- here"
WHO = ("-c", "user.name=Carla", "-c", "user.email=carla@example.org", "-c", "commit.gpgsign=false")
_PLUGIN = 'plugin "conductor_bean.plugins.conductor"\n'
_MAIN = {
    "ledger": ("parties", "filed", "plans", "credits", "journal", "example"),
    "region.yaml": ("parties",),
    "seals/2026-03.txt": ("parties",),
}
CHARACTER = re.compile(r"<U\+([0-9A-F]{4,6})(?: times (\d+))?>")
"""How an example writes a character that cannot be seen, or one that stands there many times."""

FILES = {"ledger": "example.beancount", "main.beancount": "main.beancount", "region.yaml": "region.yaml"} | {
    "seals/2026-03.txt": "seals/2026-03.txt"
}
"""The file in which an example stands."""


@dataclass(frozen=True)
class Found:
    """A problem of an example: its code, its place, its message."""

    code: str
    file: str
    line: int
    message: str
    is_advice: bool


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) * int(match[2] or 1)


def books_of(code: Code, text: str, folder: Path) -> Books:
    """Load an example of a code in a folder of its own."""
    shutil.copytree(REGION, folder, dirs_exist_ok=True)
    if code.example != "main.beancount":
        includes = "".join(f'include "{name}.beancount"\n' for name in _MAIN[code.example])
        (folder / "main.beancount").write_text(_PLUGIN + includes, "utf-8")
    file = folder / FILES[code.example]
    file.parent.mkdir(exist_ok=True)
    if code.since:
        file.write_text(code.right, "utf-8")
        git(folder, "init", "--quiet")
        git(folder, "add", "--all")
        git(folder, *WHO, "commit", "--quiet", "--message=The right one")
    file.write_text(CHARACTER.sub(_character, text), "utf-8")
    if code.since:
        return compared(folder / "main.beancount", "HEAD", lambda: load_books(folder), load_books).books
    return load_books(folder)


def problems_of(code: Code, text: str, folder: Path) -> list[Found]:
    """Everything that the check finds in an example."""
    books = books_of(code, text, folder)
    return [
        Found(problem.code, books.relative(problem.file), problem.line, problem.message, problem.is_advice)
        for problem in books.problems
    ]


def marked_line(text: str) -> int | None:
    """The line of an example that is marked as the one at fault, from 1."""
    marked = [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]
    assert len(marked) <= 1, text
    return marked[0] if marked else None
