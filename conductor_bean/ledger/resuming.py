"""The files of a ledger from a checkpoint on: what lies before it is held against what it knows, and not read again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, options_digest
from conductor_bean.ledger.parsing import (
    FullCheckNeededError,
    Parsed,
    Recorder,
    ends_of,
    is_ours,
    is_seal,
    month_told,
    parse_bytes,
    relative,
    unread,
)

_BARE = frozenset({"filename", "lineno"})


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
        self._seen: set[str] = set()
        self.lines: dict[str, list[int]] = {}

    def parse(self, file: str, content: bytes) -> Parsed:
        """The open entries of a file.

        Raises:
            FullCheckNeededError: Its sealed entries are not as the checkpoint knows them.
        """
        name = relative(file, self._main)
        is_main = not self._seen
        self._seen.add(name)
        record = self._checkpoint.files.get(name)
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
        first = before.count(b"\n") + 1
        entries, errors, options_map = parse_bytes(after, file, first)
        if any(error.source["lineno"] == first for error in errors):
            return None  # Beancount drops the entry before a line that it cannot even tell apart
        known, rest = self._split(entries)
        if known:
            raise FullCheckNeededError(f"{relative(file, self._main)} has new entries before the checkpoint")
        self._recorder.note(file, content, (entries, errors, options_map))
        fresh = self._recorder.files[relative(file, self._main)]
        options_map["include"] = [*record.includes, *options_map["include"]]
        fresh.includes = list(options_map["include"])
        fresh.months = sorted({*record.months, *fresh.months})
        fresh.seals = sorted({*record.seals, *fresh.seals})
        fresh.first, fresh.last = ends_of(d for d in (record.first, record.last, fresh.first, fresh.last) if d)
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
        return split(entries, self._checkpoint)


def split(entries: list[Any], checkpoint: Checkpoint) -> tuple[list[Any], list[Any]]:
    """The region's entries before a checkpoint, and all others."""
    date, sealed = checkpoint.date, {month for month, *_ in checkpoint.seals}
    known: list[Any] = []
    rest: list[Any] = []
    for entry in entries:
        is_known = month_told(entry) in sealed if is_seal(entry) else entry.date < date and is_ours(entry)
        (known if is_known else rest).append(entry)
    return known, rest


def holds_before(record: FileRecord, checkpoint: Checkpoint) -> bool:
    """Whether a file held entries of the region before a checkpoint."""
    if record.first and record.first < str(checkpoint.date):
        return True
    return any(month in record.seals for month, *_ in checkpoint.seals)


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
