"""Where imported entries go: a file of the ledger, or a new one that an include of it covers."""

from __future__ import annotations

import fnmatch
import os
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.entries import Directive, text_of
from conductor_bean.importers.common.faults import unreadable
from conductor_bean.ledger.appending import Change, read_bytes, with_appended
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.files import LedgerFiles

SUFFIXES = (".beancount", ".bean")


@dataclass(frozen=True, slots=True)
class Addition:
    """Entries as they will stand in a file.

    Attributes:
        change: What the file becomes.
        lines: Each entry's first line in it, in order.
    """

    change: Change
    lines: list[int]


def check_target(books: Books, target: Path) -> Path:
    """Hold that a file belongs to a ledger, or will as soon as it is there.

    Returns:
        The file's absolute path.

    Raises:
        ImportRefusedError: It does not, so that entries written there would not count.
    """
    path = Path(os.path.normpath(target.absolute()))
    files = LedgerFiles(books.main)
    found = files.found()
    if path.suffix not in SUFFIXES:
        raise unreadable(str(target), "is no file of entries; name one that ends in .beancount")
    if any(_same(path, Path(file)) for file in found):
        return path
    if path.exists():
        name = quoted(books.main.parent.name)
        message = f"is no file of the ledger {name}, so entries there would not count; {_include(books, path)}"
        raise unreadable(str(target), message)
    patterns = [pattern for file in found for pattern in files.patterns(file)]
    if not any(_covers(pattern, path) for pattern in patterns):
        raise unreadable(str(target), f"there is no such file, and no include covers it; {_include(books, path)}")
    return path


def addition(path: Path, entries: list[Directive]) -> Addition:
    """What a file becomes with entries at its end.

    Raises:
        OSError: It cannot be read.
    """
    texts = [text_of(entry) for entry in entries]
    old = read_bytes(path)
    added = with_appended(old, "\n\n".join(texts))
    lines, line = [], added.line
    for text in texts:
        lines.append(line)
        line += text.count("\n") + 2
    return Addition(Change(path, old, added.new), lines)


def _same(path: Path, other: Path) -> bool:
    try:
        return path == other or path.resolve() == other.resolve()
    except (OSError, RuntimeError):
        return False


def _covers(pattern: str, path: Path) -> bool:
    """Whether an include will find a file once it is there: part by part, as a star matches no slash."""
    wanted = Path(os.path.normpath(pattern)).parts
    parts = path.parts
    if "**" in wanted:
        star = wanted.index("**")
        tail = wanted[star + 1 :]
        return (
            parts[:star] == wanted[:star]
            and len(parts) > star
            and fnmatch.fnmatchcase(parts[-1], tail[-1] if tail else "*")
        )
    return len(wanted) == len(parts) and all(
        part == want or (fnmatch.fnmatchcase(part, want) and not part.startswith("."))
        for part, want in zip(parts, wanted, strict=True)
    )


def _include(books: Books, path: Path) -> str:
    try:
        name = os.path.relpath(path, books.main.parent)
    except ValueError:
        name = str(path)
    return f'add the line: include "{name}" to {books.main.name}, and make the file, or name a file of the ledger'
