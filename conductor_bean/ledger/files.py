"""The files of a ledger, found by following its includes as Beancount does, without loading it.

It also works where a file does not parse, or is not there at the moment: whoever watches a ledger needs to know what
belongs to it while it is being written.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from conductor_bean.ledger.admission.patterns import Finder
from conductor_bean.ledger.admission.plain_files import Folder, NotAdmittedError

_INCLUDE = re.compile(rb'^include[ \t]*"((?:[^"\\\n]|\\.)*)"', re.MULTILINE)
_WILD = re.compile(r"[*?\[]")

Signature = tuple[int, int, int] | None
"""What tells one state of a file from another without reading it; None where there is no file."""


def signature(path: Path | str) -> Signature:
    """Time of the last change, size and identity of a file."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(slots=True)
class LedgerFiles:
    """The files of a ledger as they are now; what did not change is not read again.

    Args:
        main: Its main.beancount, absolute.
    """

    main: Path
    _patterns: dict[str, tuple[Signature, tuple[str, ...]]] = field(default_factory=dict)

    def found(self) -> list[str]:
        """Absolute paths of main, which comes first, and of all that is included.

        A file that is named but does not exist is among them; a pattern stands for what it matches.
        """
        known: dict[str, None] = {}
        waiting = [os.path.normpath(self.main)]
        while waiting:
            file = waiting.pop()
            if file in known:
                continue
            known[file] = None
            included: list[str] = []
            for pattern in self.patterns(file):
                included += self._expanded(pattern) if _WILD.search(pattern) else [pattern]
            waiting += [os.path.normpath(name) for name in reversed(included)]
        for gone in self._patterns.keys() - known.keys():
            del self._patterns[gone]
        return list(known)

    def patterns(self, file: str) -> tuple[str, ...]:
        """What a file includes: absolute paths and patterns."""
        now = signature(file)
        kept = self._patterns.get(file)
        if kept is None or kept[0] != now:
            kept = self._patterns[file] = (now, self._read_patterns(file))
        return kept[1]

    def folders(self) -> list[str]:
        """Existing folders in which a file of the ledger stands, or a new one would appear."""
        folders: set[str] = set()
        for file in self.found():
            folders.add(str(Path(file).parent))
            for pattern in self.patterns(file):
                above = str(Path(pattern).parent)
                while _WILD.search(above):
                    folders.update(self._expanded(above))
                    above = str(Path(above).parent)
                folders.add(above)
        return sorted(folder for folder in folders if Path(folder).is_dir())

    def _expanded(self, pattern: str) -> list[str]:
        try:
            return Finder(self._folder).files("", os.path.relpath(pattern, self._folder.path))
        except NotAdmittedError:
            return []

    def _read_patterns(self, file: str) -> tuple[str, ...]:
        try:
            content = self._folder.read(file)
        except (OSError, ValueError):
            return ()
        names = (match.decode("utf-8", "surrogateescape") for match in _INCLUDE.findall(content))
        return tuple(str(Path(file).parent / name) for name in names)

    @property
    def _folder(self) -> Folder:
        return Folder(self.main.parent)
