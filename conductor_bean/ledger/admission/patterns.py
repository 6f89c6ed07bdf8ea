"""The files that an include names, found within the region's folder and within bounds."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from conductor_bean.ledger.admission.plain_files import Folder, NotAdmittedError

MOST_NAMES = 100_000
"""Names in folders that the patterns of a ledger may look at."""

MOST_LINKS = 500
"""Symbolic links to folders that they may follow."""

_LONGEST = 4096
_WILD = re.compile(r"[*?\[]")
_DEEP = "**"


@dataclass(slots=True)
class Finder:
    """Finds the files of patterns; all of them together look at a bounded number of names.

    Args:
        folder: The region's folder.
    """

    folder: Folder
    _looked: int = 0
    _links: int = 0

    def files(self, above: str, pattern: str) -> list[str]:
        """What a pattern names, as Beancount finds it, in order of names; [] where there is nothing.

        Args:
            above: The folder of the file that includes it; "" is the region's own.
            pattern: The pattern or name.

        Raises:
            NotAdmittedError: It leads out of the folder, or is about too much.
        """
        named = os.path.normpath(os.path.join(above or self.folder.path, pattern))
        root = self.folder.path
        if os.path.isabs(pattern) or not (named == root or named.startswith(root.rstrip(os.sep) + os.sep)):
            raise NotAdmittedError(
                "outside-the-folder", "leads out of the region's folder; name a file in it", pattern[:200]
            )
        if len(pattern) > _LONGEST:
            raise NotAdmittedError("file-not-loaded", "is too long for a name; name a file", pattern[:200])
        if not _WILD.search(pattern):
            return [named] if os.path.lexists(named) else []
        found: list[str] = [root]
        parts = os.path.relpath(named, root).split(os.sep)
        for index, part in enumerate(parts):
            found = self._below(found, part, last=index == len(parts) - 1)
        return found

    def _below(self, folders: list[str], part: str, *, last: bool) -> list[str]:
        if part == _DEEP:
            deep = [name for folder in folders for name in self._all(folder, files=last)]
            return list(dict.fromkeys([*([] if last else folders), *deep]))
        if not _WILD.search(part):
            named = (os.path.join(folder, part) for folder in folders)
            return [name for name in named if (os.path.lexists(name) if last else os.path.isdir(name))]
        found = []
        for folder in folders:
            names = fnmatch.filter(self._names(folder), part)
            found += [os.path.join(folder, name) for name in _shown(names, part)]
        return found if last else [name for name in found if os.path.isdir(name)]

    def _all(self, folder: str, *, files: bool) -> Iterator[str]:
        """Everything below a folder, hidden folders left out."""
        waiting = [(folder, os.path.realpath(folder))]
        while waiting:
            above, real = waiting.pop()
            below = []
            for name in _shown(self._names(above, real), _DEEP):
                path = os.path.join(above, name)
                if os.path.isdir(path):
                    below.append((path, self._real_below(real, name, path)))
                if files or os.path.isdir(path):
                    yield path
            waiting += reversed(below)

    def _names(self, folder: str, real: str = "") -> list[str]:
        if not self.folder.holds(real or os.path.realpath(folder)):
            raise NotAdmittedError(
                "outside-the-folder", "leads out of the region's folder through a symbolic link; remove it", folder
            )
        try:
            names = os.listdir(folder)
        except OSError:
            return []
        self._looked += len(names) + 1
        if self._looked > MOST_NAMES:
            raise NotAdmittedError(
                "file-not-loaded", f"the patterns look at more than {MOST_NAMES} names; name folders, not **", folder
            )
        return sorted(names)

    def _real_below(self, real: str, name: str, path: str) -> str:
        """Where a folder really is.

        Raises:
            NotAdmittedError: Above itself, so that it has no end; or there are too many links to follow.
        """
        inside = os.path.join(real, name)
        if not os.path.islink(path):
            return inside
        target = os.path.realpath(inside)
        self._links += 1
        if f"{inside}{os.sep}".startswith(f"{target.rstrip(os.sep)}{os.sep}") or self._links > MOST_LINKS:
            message = "is a symbolic link to a folder in which it stands, or one of too many links; remove it"
            raise NotAdmittedError("not-a-plain-file", message, path)
        return target


def _shown(names: Iterable[str], part: str) -> Iterator[str]:
    return (name for name in names if part.startswith(".") or not name.startswith("."))
