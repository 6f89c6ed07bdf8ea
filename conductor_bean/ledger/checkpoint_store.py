"""Checkpoints on disk, in the user's cache: one for each sealed month of each ledger, and one table of events by id.

A checkpoint that is missing, damaged or of another version costs time and nothing else, so every fault of reading or
writing means that there is none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.engine import snapshot
from conductor_bean.engine.state import Posted, State
from conductor_bean.ledger.checkpoint import FORMAT, Checkpoint, FileRecord, SealedAdvice, program_digest

if TYPE_CHECKING:
    from conductor_bean.ledger.snapshots import Snapshot

_ENVIRONMENT = "CONDUCTOR_CACHE"
_POSTED = (
    "CREATE TABLE IF NOT EXISTS posted (id TEXT PRIMARY KEY, month TEXT NOT NULL, data TEXT NOT NULL) WITHOUT ROWID"
)
_REVERSED = """CREATE TABLE IF NOT EXISTS reversals (id TEXT NOT NULL, month TEXT NOT NULL, left_of TEXT NOT NULL,
    PRIMARY KEY (id, left_of))"""


_KEPT = tuple(field.name for field in fields(Checkpoint) if field.name != "load")


def cache_folder(main: Path) -> Path | None:
    """Where the checkpoints of a ledger are kept, or None where this user has no place for them.

    `CONDUCTOR_CACHE` names another folder than the user's cache; where it is empty nothing is kept.
    """
    named = os.environ.get(_ENVIRONMENT)
    if named is not None:
        root = Path(named) if named else None
    else:
        try:
            root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "conductor-bean"
        except RuntimeError:
            root = None
    if root is None:
        return None
    return root / hashlib.sha256(str(main.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:32]


class CheckpointStore:
    """The checkpoints of one ledger.

    Args:
        main: Its main.beancount.
    """

    def __init__(self, main: Path) -> None:
        self._folder = cache_folder(main)

    def months(self) -> list[str]:
        """Months of which there is a checkpoint, in order."""
        try:
            return [] if self._folder is None else sorted(path.stem for path in self._folder.glob("????-??.json"))
        except OSError:
            return []

    def latest(self) -> Checkpoint | None:
        """The checkpoint of the latest sealed month, if one can be used."""
        return next((found for month in reversed(self.months()) if (found := self.read(month)) is not None), None)

    def read(self, month: str) -> Checkpoint | None:
        """The checkpoint of a month, or None where there is none that this version can use."""
        if self._folder is None:
            return None
        try:
            found = json.loads((self._folder / f"{month}.json").read_text("utf-8"))
            if found.pop("format") != FORMAT or found.pop("program") != program_digest() or found["month"] != month:
                return None
            posted = found.pop("posted")
            base = found["base"]
            found["seals"] = [(str(name), str(digest), int(form)) for name, digest, form in found["seals"]]
            found["files"] = {name: FileRecord(**record) for name, record in found["files"].items()}
            found["advice"] = [SealedAdvice(**advice) for advice in found["advice"]]
            checkpoint = Checkpoint(**found)
            text = gzip.decompress((self._folder / f"{month}.state").read_bytes())
            if hashlib.sha256(text).hexdigest() != checkpoint.state:
                return None
            if posted and EventsById(self._folder / "events.sqlite", base).count() != posted:
                return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, sqlite3.Error, zlib.error):
            return None
        folder = self._folder

        def load() -> State:
            state = snapshot.load(text.decode())
            if posted or checkpoint.later:
                table = folder / "events.sqlite" if posted else None
                state.posted = EventsById(table, base, checkpoint.later, checkpoint.reversed)
            return state

        checkpoint.load = load
        return checkpoint

    def write(self, checkpoint: Checkpoint, taken: Snapshot) -> None:
        """Keep a checkpoint, if there is a place for it."""
        if self._folder is None:
            return
        with suppress(OSError, sqlite3.Error):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Without a date in its header, so that the same state gives the same bytes.
            state = gzip.compress(taken.state, compresslevel=1, mtime=0)
            is_waypoint = checkpoint.base != checkpoint.month
            posted = self._count(checkpoint.base) if is_waypoint else self._write_events(checkpoint.month, taken)
            _put(self._folder / f"{checkpoint.month}.state", state)
            told: dict[str, Any] = {name: getattr(checkpoint, name) for name in _KEPT}
            told["files"] = {name: asdict(record) for name, record in checkpoint.files.items()}
            told["advice"] = [asdict(advice) for advice in checkpoint.advice]
            told.update(format=FORMAT, program=program_digest(), posted=posted)
            _put(self._folder / f"{checkpoint.month}.json", json.dumps(told, ensure_ascii=False).encode())

    def drop(self, name: str) -> None:
        """Remove one checkpoint."""
        if self._folder is not None:
            with suppress(OSError):
                (self._folder / f"{name}.json").unlink()

    def forget(self) -> None:
        """Remove all checkpoints: sealed history is not what they know."""
        if self._folder is None:
            return
        with suppress(OSError):
            for path in [*self._folder.glob("*.json"), *self._folder.glob("*.state"), self._folder / "events.sqlite"]:
                path.unlink()

    def _count(self, base: str) -> int:
        """How many events with an id lie before a sealed month's end."""
        assert self._folder is not None
        path = self._folder / "events.sqlite"
        return EventsById(path, base).count() if base and path.exists() else 0

    def _write_events(self, month: str, taken: Snapshot) -> int:
        assert self._folder is not None
        path = self._folder / "events.sqlite"
        if not taken.posted and not path.exists():
            return 0
        with closing(sqlite3.connect(path)) as table, table:
            table.execute(_POSTED)
            table.execute(_REVERSED)
            table.executemany("INSERT OR IGNORE INTO posted VALUES (?, ?, ?)", _rows(month, taken.posted))
            table.executemany(
                "INSERT OR IGNORE INTO reversals VALUES (?, ?, ?)",
                ((name, month, left) for name, left in taken.reversals),
            )
            (count,) = table.execute("SELECT count(*) FROM posted WHERE month <= ?", (month,)).fetchone()
        return int(count)


def _rows(month: str, posted: Iterable[tuple[str, Posted]]) -> Iterator[tuple[str, str, str]]:
    for name, event in posted:
        yield name, month, event_text(event)


def event_text(event: Posted) -> str:
    """An event as text, but for what reversals took back, which may have happened later."""
    data = snapshot.plain(event)
    data |= {"reversed": None, "back": 0, "taken": []}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class EventsById(dict[str, Posted]):
    """Events with an id: those before a checkpoint are looked up when they are asked for, later ones are held.

    Args:
        path: The table of those before the last sealed month's end, None where there is none.
        month: That month.
        later: Those between it and a waypoint, as text.
        reversed_: Ids of events that were reversed between the two, each with what is left (`left_of`).
    """

    def __init__(
        self,
        path: Path | None,
        month: str,
        later: Mapping[str, str] | None = None,
        reversed_: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._month = month
        self._later = later or {}
        self._reversed = reversed_ or {}
        source = ":memory:" if path is None else f"{path.absolute().as_uri()}?mode=ro"
        self._table = sqlite3.connect(source, uri=True)
        if path is None:
            self._table.execute(_POSTED)
            self._table.execute(_REVERSED)

    def count(self) -> int:
        """How many events the table holds."""
        (count,) = self._table.execute("SELECT count(*) FROM posted WHERE month <= ?", (self._month,)).fetchone()
        return int(count)

    def __missing__(self, name: str) -> Posted:
        text = self._later.get(name)
        if text is None:
            row = self._one("SELECT data FROM posted WHERE id = ? AND month <= ?", name)
            if row is None:
                raise KeyError(name)
            text = row[0]
        event: Posted = snapshot.built(Posted, json.loads(text))
        left = self._reversed.get(name)
        if left is None and name not in self._later:
            # Rows are written as time passes: the last one is what the last reversal left.
            row = self._one("SELECT left_of FROM reversals WHERE id = ? AND month <= ? ORDER BY rowid DESC", name)
            left = None if row is None else row[0]
        if left is not None:
            event.reversed, event.back, event.taken = json.loads(left)
        self[name] = event
        return event

    def _one(self, query: str, name: object) -> Any:
        return self._table.execute(query, (name, self._month)).fetchone()

    def get(self, name: str, default: Any = None) -> Any:
        """The event of an id."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name) or name in self._later:
            return True
        return self._one("SELECT 1 FROM posted WHERE id = ? AND month <= ?", name) is not None

    def __iter__(self) -> Iterator[str]:
        later = {*super().__iter__(), *self._later}
        for (name,) in self._table.execute("SELECT id FROM posted WHERE month <= ? ORDER BY id", (self._month,)):
            later.discard(name)
            yield name
        yield from sorted(later)


def _put(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
