"""Where an entry lives: beside entries of its kind, in the file of the accountant who writes it, or of its month."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import month_of
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.ledger.appending import Change, read_bytes, with_appended
from conductor_bean.ledger.file_names import file_stem
from conductor_bean.recording.glance import facts_in
from conductor_bean.recording.includes import Include, includes
from conductor_bean.recording.kind import JOURNAL
from conductor_bean.recording.kinds import by_any_name

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.recording.kind import Kind

_MONTH = re.compile(r"\d{4}-\d{2}")
_SUFFIX = ".beancount"
_RELATED = {"coordination": "cooperation", "outside": "loan"}


class PlaceError(Exception):
    """An entry cannot live where it was told to; the message says what is possible."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry will stand.

    Attributes:
        file: The file; it may not exist yet.
        include: The line that the ledger needs to read it: after which `include`, and what; None where it reads it.
    """

    file: Path
    include: tuple[Include, str] | None = None


class Placer:
    """Finds places in one ledger.

    Args:
        books: The ledger.
        accountant: Who writes, "" where that is not known.
    """

    def __init__(self, books: Books, accountant: str) -> None:
        assert books.checked is not None
        assert books.checked.places is not None
        self._books = books
        self._places = books.checked.places
        self._files = sorted(Path(file) for file in self._places.files if Path(file).suffix not in {".yaml", ".yml"})
        self._includes = includes([books.main, *(file for file in self._files if file != books.main)])
        self._name = file_stem(accountant) if accountant else ""
        self._accountants = {file_stem(name) for name in books.machine.state.accountants}

    def told(self, file: Path) -> Place:
        """A file that was named.

        Raises:
            PlaceError: The ledger does not read it.
        """
        path = file.absolute()
        resolved = {loaded.resolve(): loaded for loaded in self._files}
        if path.resolve() in resolved:
            return Place(resolved[path.resolve()])
        if self._reads(path):
            return Place(path)
        raise PlaceError(f"{file}: the ledger does not read this file; include it, or leave --file out")

    def place(self, kind: Kind, instant: int) -> Place:
        """Where an entry of a kind lives."""
        return self._journal(month_of(instant)) if kind.group == JOURNAL else self._register(kind)

    def of_month(self, month: str) -> Place | None:
        """The file of a month, None where files and folders are not named after months."""
        named = any(month in {file.stem, file.parent.name} for file in self._files)
        return self._journal(month) if named else self._new_month(month)

    def _reads(self, path: Path) -> bool:
        return any(include.covers(path) for include in self._includes)

    # Facts: the file of the last one of the same type, else of its group, else the one that has the group's name.

    def _register(self, kind: Kind) -> Place:
        assert kind.fact is not None
        facts = list(self._facts())
        same = [file for name, file in facts if _family(name) == _family(kind.fact.name)]
        group = [file for name, file in facts if _group_of(name) == kind.group]
        named = [file for file in self._files if kind.group in {file.stem, file.parent.name}]
        for files in (same, group, named):
            if files:
                return self._of_accountant(files) or Place(files[-1])
        return Place(self._books.main)

    def _facts(self) -> Iterable[tuple[str, Path]]:
        """Facts with their files in order of date; read from the text, for sealed history is not in memory."""
        registers = [
            file for file in self._files if not _MONTH.fullmatch(file.stem) and not _MONTH.fullmatch(file.parent.name)
        ]
        for fact in sorted(facts_in(registers), key=lambda fact: fact.date):
            yield fact.type, fact.file

    def _of_accountant(self, files: list[Path]) -> Place | None:
        """Her own file beside others that are named after accountants; None where none is."""
        hers = [file for file in files if file.stem in self._accountants]
        if not hers or not self._name:
            return None
        path = hers[-1].with_name(self._name + _SUFFIX)
        return Place(path) if path in self._files or self._reads(path) else None

    # Transactions: the file or the folder of the month.

    def _journal(self, month: str) -> Place:
        of_month = [file for file in self._files if month in {file.stem, file.parent.name}]
        if of_month:
            last = [file for instant, file in self._events() if month_of(instant) == month and file in of_month]
            return self._new_here(of_month) or Place((last or of_month)[-1])
        return self._new_month(month) or Place(self._last(month))

    def _new_here(self, of_month: list[Path]) -> Place | None:
        """Her own file in the folder of the month, where its files are not named after the month themselves."""
        folders = {file.parent for file in of_month if _MONTH.fullmatch(file.parent.name)}
        if not self._name or len(folders) != 1 or any(_MONTH.fullmatch(file.stem) for file in of_month):
            return None
        path = folders.pop() / (self._name + _SUFFIX)
        return Place(path) if self._reads(path) else None

    def _new_month(self, month: str) -> Place | None:
        """A file of its own for a month, beside those of other months."""
        folders = [file for file in self._files if _MONTH.fullmatch(file.parent.name)]
        if folders:
            newest = max(folders, key=lambda file: file.parent.name)
            path = newest.parent.with_name(month) / ((self._name or newest.stem) + _SUFFIX)
            if self._reads(path):
                return Place(path)
        files = [file for file in self._files if _MONTH.fullmatch(file.stem)]
        if not files:
            return None
        path = max(files, key=lambda file: file.stem).with_name(month + _SUFFIX)
        if self._reads(path):
            return Place(path)
        after = [include for include in self._includes if Path(include.pattern) in files]
        return Place(path, (after[-1], month)) if after else None

    def _last(self, month: str) -> Path:
        events = list(self._events())
        of_month = [file for instant, file in events if month_of(instant) == month]
        anywhere = [file for _, file in events]
        return (of_month or anywhere or [self._books.main])[-1]

    def _events(self) -> Iterable[tuple[int, Path]]:
        """Transactions, closes and reversals with their files, in order of instant."""
        assert self._books.checked is not None
        sources = self._books.checked.sources
        for outcome in self._books.outcomes:
            event = outcome.event
            if isinstance(event, Movement) or (isinstance(event, Fact) and event.type.number >= 44):
                yield event.instant, Path(self._places.of(sources[event.source].meta)[0])


def _family(name: str) -> str:
    """What belongs together: a plan and its approval, a lease and its end."""
    first = name.partition("-")[0]
    return _RELATED.get(first, first)


def _group_of(name: str) -> str:
    kind = by_any_name().get(name)
    return JOURNAL if kind is None else kind.group


def changes_at(place: Place, text: str) -> tuple[list[Change], int]:
    """The changes of files that write an entry at its place, and the line at which it will begin.

    Raises:
        OSError: A file cannot be read.
    """
    addition = with_appended(read_bytes(place.file), text)
    changes = [Change(place.file, addition.old, addition.new)]
    included = include_line(place)
    if included is not None:
        # The file first: until a line includes it, it is not part of the ledger, so nothing is ever missing.
        changes.append(Change(*included))
    return changes, addition.line


def include_line(place: Place) -> tuple[Path, bytes, bytes] | None:
    """The change of the file that includes the months one by one: the file, its bytes, and its bytes with one more."""
    if place.include is None:
        return None
    after, month = place.include
    old = after.file.read_bytes()
    lines = old.splitlines(keepends=True)
    line = lines[after.line - 1]
    stem = Path(after.pattern).stem.encode()
    head, _, tail = line.rpartition(stem)
    new = head + month.encode() + tail
    ended = line if line.endswith(b"\n") else line + (b"\r\n" if b"\r\n" in old else b"\n")
    lines[after.line - 1 : after.line] = [ended, new]
    return after.file, old, b"".join(lines)
