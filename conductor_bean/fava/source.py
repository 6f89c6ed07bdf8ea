"""Where the documents of the pages come from: the files of an edition, or the books of a private ledger."""

from __future__ import annotations

import gc
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

from conductor_bean.documents import DOCUMENTS, Course, accountants
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.service_reports import services

DATA: Final = "data"
MARK: Final = "edition.json"
"""An edition has this file in its folder of data."""

STATEMENTS: Final = 8
"""How many statements are kept, so that leafing through one does not compute it anew."""

Row = dict[str, Any]


class EditionSource:
    """The documents of an edition, each read when it is first asked for and when its file has changed.

    Args:
        folder: The folder of the edition.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / DATA
        self._read: dict[str, tuple[int, Row]] = {}

    def document(self, name: str) -> Row | None:
        """The document of a page, None where the edition has none."""
        path = self._folder / f"{name}.json"
        try:
            changed = path.stat().st_mtime_ns
            known = self._read.get(name)
            if known is None or known[0] != changed:
                document = json.loads(path.read_text("utf-8"))
                if not isinstance(document, dict):
                    return None
                known = self._read[name] = (changed, document)
        except (OSError, ValueError):
            return None
        return known[1]


class LedgerSource:
    """The documents of a private ledger, computed when they are first asked for.

    Args:
        load: Gives the books; called once.
    """

    def __init__(self, load: Callable[[], Books]) -> None:
        self._load = load
        self._lock = RLock()
        self._books: Books | None = None
        self._course: Course | None = None
        self._documents: dict[str, Row] = {}
        self._parties: list[Row] | None = None
        self._services: list[Row] | None = None
        self._statements: OrderedDict[str, Row | None] = OrderedDict()

    @property
    def books(self) -> Books:
        """The books."""
        with self._lock:
            if self._books is None:
                self._books = self._load()
            return self._books

    def document(self, name: str) -> Row | None:
        """The document of a page, None where the check did not run to its end."""
        with self._lock:
            if not self.books.complete:
                return None
            if name not in self._documents:
                self._documents[name] = DOCUMENTS[name](self.books, self._told())
            return self._documents[name]

    def review(self) -> Row | None:
        """The document of plans that wait for a decision, None where the check did not run to its end."""
        plans = self.document("plans")
        return None if plans is None else accountants.waiting(plans)

    def services(self) -> list[Row] | None:
        """All basic services, None where the check did not run to its end."""
        with self._lock:
            if self._services is None and self.books.complete:
                self._services = services(self.books, self.books.machine, self.books.last_instant)
            return self._services

    def parties(self) -> list[Row] | None:
        """Everybody who has accounts, None where the check did not run to its end."""
        with self._lock:
            if self._parties is None and self.books.complete:
                self._parties = accountants.parties(self.books)
            return self._parties

    def statement(self, party: str) -> Row | None:
        """The statement of a party, None where there is no such party with accounts."""
        with self._lock:
            if party not in self._statements:
                found = accountants.statement(self.books, party) if self.books.complete and party else None
                self._statements[party] = found if found and found["closing"] else None
                if len(self._statements) > STATEMENTS:
                    self._statements.popitem(last=False)
            return self._statements[party]

    def problems(self) -> list[Row]:
        """Errors and advice, with what to do."""
        return accountants.problems(self.books)

    def _told(self) -> Course:
        if self._course is None:
            with _without_collection():
                self._course = Course.of(self.books)
        return self._course


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector from walking a whole ledger again and again: that is half of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


Source = EditionSource | LedgerSource


def is_edition(folder: Path) -> bool:
    """Whether a folder is a public edition."""
    return (folder / DATA / MARK).is_file()
