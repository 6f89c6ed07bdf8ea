"""A glance at a ledger's files: its facts by their text alone, fast, for completion and for finding files.

Nothing is checked here, and nothing fails: what cannot be read is passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from conductor_bean.recording.includes import includes, lines_with

_FACT = re.compile(
    rb'^(\d{4}-\d\d-\d\d)[ \t]+custom[ \t]+"([a-z-]+)"((?:[ \t]+"[^"\r\n]*")+)[^\n]*((?:\n[ \t]+[^\n]*)*)', re.MULTILINE
)
_STRING = re.compile(rb'"([^"]*)"')
_META = re.compile(rb'^[ \t]+([a-z][a-z-]+):[ \t]*(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]+))', re.MULTILINE)
_DATE = re.compile(rb"^(\d{4}-\d\d-\d\d)[ \t]", re.MULTILINE)

_MONTH = re.compile(r"\d{4}-\d{2}")
_TAIL = 65_536
_LARGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A fact as its text says it.

    Attributes:
        date: Its date.
        type: Its type.
        ids: Its positional values.
        meta: Its metadata, as text.
        file: Where it stands.
    """

    date: str
    type: str
    ids: tuple[str, ...]
    meta: dict[str, str]
    file: Path


def files_of(main: Path) -> list[Path]:
    """The files of a ledger as its includes name them, main.beancount first."""
    found: dict[Path, None] = {}
    waiting = [main]
    while waiting:
        file = waiting.pop(0)
        if file in found or not file.is_file():
            continue
        found[file] = None
        for include in includes([file]) if _is_quick(file) else ():
            waiting += sorted(Path(name) for name in glob(include.pattern, recursive=True))  # noqa: PTH207 - as Beancount
    return list(found)


def _is_quick(file: Path) -> bool:
    """Whether a file is read: a large journal of a month is not, for it holds transactions, and a shell waits."""
    try:
        return file.stat().st_size < _LARGE or not (_MONTH.fullmatch(file.stem) or _MONTH.fullmatch(file.parent.name))
    except OSError:
        return False


def facts_in(files: Iterable[Path]) -> Iterator[Glimpse]:
    """Facts of some files, in order of file and line; of large journals none."""
    for file in filter(_is_quick, files):
        content = b""
        with suppress(OSError):
            content = file.read_bytes()
        for match in lines_with(content, b' custom "', _FACT):
            ids = tuple(_decoded(text) for text in _STRING.findall(match[3]))
            meta = {_decoded(key): _decoded(text or bare) for key, text, bare in _META.findall(match[4])}
            yield Glimpse(_decoded(match[1]), _decoded(match[2]), ids, meta, file)


def last_date(files: Iterable[Path]) -> str:
    """The last date at the ends of some files, "" where there is none: about when the ledger ends."""
    last = b""
    for file in files:
        with suppress(OSError), file.open("rb") as content:
            content.seek(max(0, content.seek(0, os.SEEK_END) - _TAIL))
            last = max([last, *_DATE.findall(content.read())])
    return last.decode()


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")
