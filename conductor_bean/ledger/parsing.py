"""The files of a ledger as Beancount parses them, and what each of them holds."""

from __future__ import annotations

import datetime
import hashlib
import io
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.parser import options, parser

from conductor_bean.domain.accounts import is_governed
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.ledger.checkpoint import FileRecord, options_digest

Parsed = tuple[list[Any], list[Any], dict[str, Any]]

_INERT = (data.Balance, data.Note, data.Document, data.Open, data.Close, data.Pad)
_NO_FACTS = frozenset({"month-close", "seal"})


class FullCheckNeededError(Exception):
    """What lies before a checkpoint is not, or not surely, as it knows it; all has to be read. The text says why."""


def parse_bytes(content: bytes, file: str, line: int = 1) -> Parsed:
    """The entries of a text, with the places they have in their file.

    Args:
        content: The text.
        file: Its file.
        line: The line at which it begins.
    """
    parsed: Parsed = parser.parse_file(io.BytesIO(content), report_filename=file, report_firstline=line)
    return parsed


def is_ours(entry: Any) -> bool:
    """Whether an entry has a meaning for the region, or none for anybody but Fava; before it is booked, too."""
    kind = type(entry)
    if kind is data.Transaction:
        return any(is_governed(posting.account) for posting in entry.postings)
    return kind is data.Custom or (kind in _INERT and is_governed(entry.account))


def month_told(entry: Any) -> str:
    """The month to which an entry belongs; a seal belongs to the month that it seals."""
    return str(entry.values[0].value) if is_seal(entry) else _month(entry.date)


def is_seal(entry: Any) -> bool:
    """Whether an entry is the seal of a month."""
    return (
        type(entry) is data.Custom
        and entry.type == "seal"
        and bool(entry.values)
        and isinstance(entry.values[0].value, str)
    )


def _stands_in(entry: Any, file: str) -> bool:
    """Whether an entry says truly where it stands: metadata of its text may say otherwise."""
    return entry.meta["filename"] == file and type(entry.meta["lineno"]) is int


def ends_of(dates: Iterable[datetime.date | str]) -> tuple[str, str]:
    """The first and the last of some dates, "" where there is none."""
    found = {str(date) for date in dates}
    return (min(found), max(found)) if found else ("", "")


@cache
def _month(date: datetime.date) -> str:
    return f"{date.year:04}-{date.month:02}"


class Recorder:
    """Parses every file and notes what it held."""

    def __init__(self, main: Path) -> None:
        self._main = main
        self.files: dict[str, FileRecord] = {}
        self.options = ""

    def parse(self, file: str, content: bytes) -> Parsed:
        """Parse a file."""
        parsed = parse_bytes(content, file)
        self.note(file, content, parsed)
        return parsed

    def note(self, file: str, content: bytes, parsed: Parsed) -> None:
        """Note what a file holds."""
        entries, _, options_map = parsed
        if not self.files:
            self.options = options_digest(options_map)
        ours = [entry for entry in entries if is_ours(entry)]
        self.files[relative(file, self._main)] = FileRecord(
            len(content),
            hashlib.sha256(content).hexdigest(),
            list(options_map["include"]),
            list(options_map["operating_currency"]),
            sorted({month_told(entry) for entry in ours}),
            *ends_of(entry.date for entry in ours if not is_seal(entry)),
            sorted({month_told(entry) for entry in ours if is_seal(entry)}),
            len(ours) < len(entries)
            or bool(options_map.get("insert_pythonpath"))
            or not all(_stands_in(entry, file) for entry in entries),
            any(type(e) is data.Custom and e.type in FACT_TYPES and e.type not in _NO_FACTS for e in ours),
        )


def unread(file: str, record: FileRecord) -> Parsed:
    """What the loader asks for of a file that is not parsed: no entries, and its includes."""
    options_map: dict[str, Any] = options.OPTIONS_DEFAULTS.copy()
    options_map.update(
        filename=file, include=list(record.includes), operating_currency=list(record.currencies), commodities=set()
    )
    return [], [], options_map


def relative(file: str, main: Path) -> str:
    """A file's path relative to the ledger's folder."""
    return os.path.relpath(file, main.parent)
