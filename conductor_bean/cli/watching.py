"""`conductor check --watch`: the verdict again whenever a file of the ledger is saved."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import FrameType

import click

from conductor_bean.ledger.books import Books, LedgerNotReadableError, main_file
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.same_problems import Trace, accounted_for, traces
from conductor_bean.ledger.watching import State, Watch

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_AGAIN = 3
"""How often a check is made anew because files changed meanwhile, before it is told all the same."""


@dataclass(frozen=True, slots=True)
class News:
    """What a check found that the check before did not, and the other way round.

    Attributes:
        books: The ledger.
        new: Problems that it did not have.
        mended: Problems that it had.
        first: Whether there was no check before.
    """

    books: Books
    new: list[Problem]
    mended: list[Problem]
    first: bool


@dataclass(slots=True)
class Watcher:
    """Checks a ledger again and again.

    Args:
        load: Loads and checks it.
        tell: Says what is new, and returns the exit status.
        fail: Says that it cannot be read.
    """

    load: Callable[[Path], Books]
    tell: Callable[[News], int]
    fail: Callable[[str], None]
    _ended: Event = field(default_factory=Event)
    _before: list[Trace] | None = None
    _checking: bool = False

    def run(self, ledger: Path) -> int:
        """Watch until a signal ends it.

        Returns:
            The exit status of the last verdict.

        Raises:
            LedgerNotReadableError: There is no ledger to begin with.
        """
        watch = Watch(main_file(ledger), self._ended)
        status = 0
        with self._until_signal():
            state: State | None = watch.settled({})
            while state is not None and not self._ended.is_set():
                status, state = self._check(ledger, watch, state, status)
                state = watch.changed(state)
        return status

    def _check(self, ledger: Path, watch: Watch, state: State, status: int) -> tuple[int, State]:
        """Check and tell; where files changed meanwhile what was found may never have been so, and is checked anew."""
        first = self._before is None
        for attempt in range(_AGAIN):
            gc.collect()  # the command runs without: what the last check left in circles goes now
            try:
                books = self._loaded(ledger)
            except LedgerNotReadableError as error:
                self.fail(str(error))
                return 2, state
            if books is None:
                return status, state
            if books.checked is not None and books.checked.places is not None:
                watch.also(books.checked.places.files)
            now = watch.state()
            if all(now.get(name) == found for name, found in state.items()) or attempt == _AGAIN - 1:
                return self.tell(self._news(books)), now
            del books
            state = watch.settled(state)
            if first:
                click.echo("conductor: the ledger changed while it was checked; once more", err=True)
        raise AssertionError

    def _loaded(self, ledger: Path) -> Books | None:
        """The ledger, or None where a signal came meanwhile."""
        self._checking = True
        try:
            books = self.load(ledger)
        except KeyboardInterrupt:
            return None
        finally:
            self._checking = False
        # Beancount's parser takes what is raised in it for a fault of the text: what was read then is not all.
        return None if self._ended.is_set() else books

    def _news(self, books: Books) -> News:
        found, before = traces(books), self._before
        self._before = found
        old, kept = accounted_for(found, before or []), accounted_for(before or [], found)
        return News(
            books,
            [trace.problem for trace in found if id(trace.problem) not in old],
            [trace.problem for trace in before or [] if id(trace.problem) not in kept],
            before is None,
        )

    @contextmanager
    def _until_signal(self) -> Iterator[None]:
        def end(_number: int, _frame: FrameType | None) -> None:
            again = self._ended.is_set()
            self._ended.set()
            if self._checking or again:
                raise KeyboardInterrupt

        before = {number: signal.signal(number, end) for number in _SIGNALS}
        try:
            yield
        except KeyboardInterrupt:
            pass
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            sys.stdout.flush()
