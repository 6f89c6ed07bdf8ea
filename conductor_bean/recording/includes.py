"""Which files a ledger would read: its `include` lines, globs among them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

_INCLUDE = re.compile(rb'^include[ \t]+"((?:[^"\\]|\\.)*)"', re.MULTILINE)
_DEEP = "**"


@dataclass(frozen=True, slots=True)
class Include:
    """An `include` line.

    Attributes:
        file: The file in which it stands.
        line: Its number.
        pattern: What it includes, as an absolute path or glob.
    """

    file: Path
    line: int
    pattern: str

    def covers(self, path: Path) -> bool:
        """Whether a file of that name would be included, as Beancount looks for them."""
        return _matches(Path(os.path.normpath(path)).parts, Path(self.pattern).parts)


def includes(files: Iterable[Path]) -> list[Include]:
    """All include lines of some files, in order; a file that cannot be read has none."""
    found = []
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:
            continue
        for match in lines_with(content, b"include", _INCLUDE):
            name = match[1].decode("utf-8", "replace").replace('\\"', '"')
            pattern = os.path.normpath(os.path.join(file.parent, name))  # noqa: PTH118 - a glob is no path
            found.append(Include(file, content.count(b"\n", 0, match.start()) + 1, pattern))
    return found


def lines_with(content: bytes, word: bytes, pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """Matches of a pattern at the beginnings of lines that hold a word: far faster than to try it on each line."""
    at = content.find(word)
    while at >= 0:
        match = pattern.match(content, content.rfind(b"\n", 0, at) + 1)
        if match is not None:
            yield match
        at = content.find(word, max(at + len(word), match.end() if match else 0))


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == _DEEP:
        return any(_matches(parts[skip:], pattern[1:]) for skip in range(len(parts) + 1))
    if not parts or (parts[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    return re.match(translate(pattern[0]), parts[0]) is not None and _matches(parts[1:], pattern[1:])
