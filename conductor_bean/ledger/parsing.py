"""The files of a ledger as Beancount parses them: noted for a checkpoint, or left unread where one vouches for them.

Beancount's loader finds includes, globs and duplicates; only its call of the parser is replaced, for one load.
"""

from __future__ import annotations

import datetime
import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.parser import options, parser

from conductor_bean.domain.accounts import is_governed
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, options_digest

Parsed = tuple[list[Any], list[Any], dict[str, Any]]

_BARE = frozenset({"filename", "lineno"})
_INERT = (data.Balance, data.Note, data.Document, data.Open, data.Close, data.Pad)
_NO_FACTS = frozenset({"month-close", "seal"})


class FullCheckNeededError(Exception):
    """Sealed history is not, or not surely, as the checkpoint knows it; all has to be read. The text says why."""


@contextmanager
def parsing_with(parse: Callable[[str], Parsed]) -> Iterator[None]:
    """Let Beancount's loader parse files by another function."""
    original = parser.parse_file

    def parse_file(file: Any, *args: Any, **arguments: Any) -> Parsed:
        if isinstance(file, str) and not args and set(arguments) <= {"encoding"}:
            return parse(file)
        parsed: Parsed = original(file, *args, **arguments)
        return parsed

    parser.parse_file = parse_file
    try:
        yield
    finally:
        parser.parse_file = original


def parse_bytes(content: bytes, file: str, line: int = 1) -> Parsed:
    """The entries of a text, with the places they have in their file.

    Args:
        content: The text.
        file: Its file.
        line: The line at which it begins.
    """
    parsed: Parsed = parser.parse_file(io.BytesIO(content), report_filename=file, report_firstline=line)
    return parsed


class Judge:
    """Tells the region's entries from those that are its own affair, before they are booked."""

    def __init__(self) -> None:
        self._governed: dict[str, bool] = {}

    def is_governed(self, account: str) -> bool:
        """Whether an account is governed."""
        found = self._governed.get(account)
        if found is None:
            found = self._governed[account] = is_governed(account)
        return found

    def is_ours(self, entry: Any) -> bool:
        """Whether an entry has a meaning for the region, or none for anybody but Fava."""
        kind = type(entry)
        if kind is data.Transaction:
            return any(self.is_governed(posting.account) for posting in entry.postings)
        return kind is data.Custom or (kind in _INERT and self.is_governed(entry.account))


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


def _ends_of(dates: Iterable[datetime.date | str]) -> tuple[str, str]:
    found = {str(date) for date in dates}
    return (min(found), max(found)) if found else ("", "")


@cache
def _month(date: datetime.date) -> str:
    return f"{date.year:04}-{date.month:02}"


class Recorder:
    """Parses every file and notes what it held."""

    def __init__(self, main: Path) -> None:
        self._main = main
        self._judge = Judge()
        self.files: dict[str, FileRecord] = {}
        self.options = ""

    def parse(self, file: str) -> Parsed:
        """Parse a file."""
        content = Path(file).read_bytes()
        parsed = parse_bytes(content, file)
        self.note(file, content, parsed)
        return parsed

    def note(self, file: str, content: bytes, parsed: Parsed) -> None:
        """Note what a file holds."""
        entries, _, options_map = parsed
        if not self.files:
            self.options = options_digest(options_map)
        ours = [entry for entry in entries if self._judge.is_ours(entry)]
        self.files[relative(file, self._main)] = FileRecord(
            len(content),
            hashlib.sha256(content).hexdigest(),
            list(options_map["include"]),
            list(options_map["operating_currency"]),
            sorted({month_told(entry) for entry in ours}),
            *_ends_of(entry.date for entry in ours if not is_seal(entry)),
            sorted({month_told(entry) for entry in ours if is_seal(entry)}),
            len(ours) < len(entries)
            or bool(options_map.get("insert_pythonpath"))
            or not all(_stands_in(entry, file) for entry in entries),
            any(type(e) is data.Custom and e.type in FACT_TYPES and e.type not in _NO_FACTS for e in ours),
        )


class Resumer:
    """Parses what lies after a checkpoint, and holds what lies before it against what it knows.

    Args:
        main: The ledger's main.beancount.
        checkpoint: Where the check goes on.
        digests: What was computed already of the same files.

    Attributes:
        lines: Lines of the sealed entries of the files that were read as a whole.
    """

    def __init__(self, main: Path, checkpoint: Checkpoint, digests: Digests) -> None:
        self._main = main
        self._checkpoint = checkpoint
        self._digests = digests
        self._recorder = Recorder(main)
        self._judge = Judge()
        self._seen: set[str] = set()
        self.lines: dict[str, list[int]] = {}

    def parse(self, file: str) -> Parsed:
        """The open entries of a file.

        Raises:
            FullCheckNeededError: Its sealed entries are not as the checkpoint knows them.
        """
        name = relative(file, self._main)
        is_main = not self._seen
        self._seen.add(name)
        record = self._checkpoint.files.get(name)
        content = Path(file).read_bytes()
        if record is not None and not is_main and record.prefix:
            parsed = self._after_what_is_known(content, file, record)
            if parsed is not None:
                return parsed
        parsed = parse_bytes(content, file)
        if is_main and options_digest(parsed[2]) != self._checkpoint.options:
            raise FullCheckNeededError("the options of main.beancount changed")
        self._recorder.note(file, content, parsed)
        entries, errors, options_map = parsed
        known, rest = self._split(entries)
        if not self._is_known(known, record, self._recorder.files[name].digest):
            raise FullCheckNeededError(f"what {name} holds of sealed months is not as it was")
        self.lines[name] = [entry.meta["lineno"] for entry in known]
        return rest, errors, options_map

    def check_complete(self) -> None:
        """Hold that every file with sealed entries is still part of the ledger.

        Raises:
            FullCheckNeededError: One is not.
        """
        for name, record in self._checkpoint.files.items():
            if name not in self._seen and holds_before(record, self._checkpoint):
                raise FullCheckNeededError(f"{name} is no longer part of the ledger")

    def records(self) -> dict[str, FileRecord]:
        """What every file of the ledger holds now."""
        known = {name: record for name, record in self._checkpoint.files.items() if name in self._seen}
        return {**known, **self._recorder.files}

    def _after_what_is_known(self, content: bytes, file: str, record: FileRecord) -> Parsed | None:
        """What was appended to a file whose entries were all sealed, None where its beginning is another."""
        before, after = content[: record.prefix], content[record.prefix :]
        if self._digests.of(file, before) != record.before:
            return None
        if not after:
            return unread(file, record)
        if not before.endswith(b"\n") or after[:1] in (b" ", b"\t"):
            return None  # it goes on in the entry before
        entries, errors, options_map = parse_bytes(after, file, before.count(b"\n") + 1)
        known, rest = self._split(entries)
        if known:
            raise FullCheckNeededError(f"{relative(file, self._main)} has new entries before the checkpoint")
        self._recorder.note(file, content, (entries, errors, options_map))
        fresh = self._recorder.files[relative(file, self._main)]
        options_map["include"] = [*record.includes, *options_map["include"]]
        fresh.includes = list(options_map["include"])
        fresh.months = sorted({*record.months, *fresh.months})
        fresh.seals = sorted({*record.seals, *fresh.seals})
        fresh.first, fresh.last = _ends_of(d for d in (record.first, record.last, fresh.first, fresh.last) if d)
        fresh.facts = fresh.facts or record.facts
        return rest, errors, options_map

    def _is_known(self, known: list[Any], record: FileRecord | None, digest: str) -> bool:
        """Whether what a file holds of sealed months is what the checkpoint knows."""
        if record is None:
            return not known
        if record.digest == digest or not (known or holds_before(record, self._checkpoint)):
            return True
        return bool(record.sealed) and sealed_digest(known) == record.sealed

    def _split(self, entries: list[Any]) -> tuple[list[Any], list[Any]]:
        return split(entries, self._judge, self._checkpoint)


def split(entries: list[Any], judge: Judge, checkpoint: Checkpoint) -> tuple[list[Any], list[Any]]:
    """The region's entries before a checkpoint, and all others."""
    date, sealed = checkpoint.date, {month for month, _ in checkpoint.seals}
    known: list[Any] = []
    rest: list[Any] = []
    for entry in entries:
        is_known = month_told(entry) in sealed if is_seal(entry) else entry.date < date and judge.is_ours(entry)
        (known if is_known else rest).append(entry)
    return known, rest


def holds_before(record: FileRecord, checkpoint: Checkpoint) -> bool:
    """Whether a file held entries of the region before a checkpoint."""
    if record.first and record.first < str(checkpoint.date):
        return True
    return any(month in record.seals for month, _ in checkpoint.seals)


class Digests:
    """SHA-256 of the beginnings of files, computed once in a run."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], str] = {}

    def of(self, file: str, content: bytes) -> str:
        """The digest of the first bytes of a file."""
        key = (file, len(content))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = hashlib.sha256(content).hexdigest()
        return found


def sealed_digest(entries: list[Any]) -> str:
    """Digest of entries as they were parsed, in their order, without their places."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(repr(_told(entry)).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def _told(value: Any) -> Any:
    """A parsed value without the places in it."""
    if isinstance(value, dict):
        return [(key, _told(value[key])) for key in sorted(value) if key not in _BARE]
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, list | tuple):
        return [type(value).__name__, *(_told(item) for item in value)]
    return value


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
