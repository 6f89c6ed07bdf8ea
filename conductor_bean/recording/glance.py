"""A glance at a ledger's files: its facts by their text alone, fast, for completion and for finding files.

Nothing is checked here, and nothing fails: what cannot be read is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from conductor_bean.recording.includes import includes

_FACT = re.compile(
    rb'^(\d{4}-\d\d-\d\d)[ \t]+custom[ \t]+"([a-z-]+)"((?:[ \t]+"[^"\r\n]*")+)[^\n]*((?:\n[ \t]+[^\n]*)*)', re.MULTILINE
)
_STRING = re.compile(rb'"([^"]*)"')
_META = re.compile(rb'^[ \t]+([a-z][a-z-]+):[ \t]*(?:"((?:[^"\\\r\n]|\\.)*)"|([^\s;"]+))', re.MULTILINE)
_DATE = re.compile(rb"^(\d{4}-\d\d-\d\d)[ \t]", re.MULTILINE)


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
        for include in includes([file]):
            waiting += sorted(Path(name) for name in glob(include.pattern, recursive=True))  # noqa: PTH207 - as Beancount
    return list(found)


def facts_in(files: Iterable[Path]) -> Iterator[Glimpse]:
    """Facts of some files, in order of file and line."""
    for file in files:
        content = b""
        with suppress(OSError):
            content = file.read_bytes()
        for match in _FACT.finditer(content):
            ids = tuple(_decoded(text) for text in _STRING.findall(match[3]))
            meta = {_decoded(key): _decoded(text or bare) for key, text, bare in _META.findall(match[4])}
            yield Glimpse(_decoded(match[1]), _decoded(match[2]), ids, meta, file)


def last_date(files: Iterable[Path]) -> str:
    """The last date on which anything stands in some files, "" where there is none."""
    last = b""
    for file in files:
        with suppress(OSError):
            last = max([last, *_DATE.findall(file.read_bytes())])
    return last.decode()


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")
