"""Waiting for the files of a ledger to change, and to come to rest again.

An editor may write a file in pieces, move it away for a moment, or put another in its place; git changes many at once.
So what counts is not which events the system tells, but whether files differ from how they were when they were
checked. Events only say when to look; where the system tells none, as on some network drives, one looks all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

from watchfiles import watch
from watchfiles._rust_notify import WatchfilesRustInternalError

from conductor_bean.ledger.files import LedgerFiles, Signature, signature

REST = 0.1
"""Seconds without a change after which files are at rest."""

GRACE = 0.6
"""Seconds that a file which was there may be gone before it counts as removed."""

PATIENCE = 5.0
"""Seconds after which files that never rest are checked as they are."""

_LOOK = 1000
"""Milliseconds after which one looks without being told to."""

State = dict[str, Signature]
"""What tells one state of a ledger's files from another."""


class Watch:
    """Waits for changes of a ledger's files.

    Args:
        main: Its main.beancount, absolute.
        ended: Set where nobody waits any more.
    """

    def __init__(self, main: Path, ended: Event) -> None:
        self._files = LedgerFiles(main)
        self._others: tuple[str, ...] = (str(main.parent / "region.yaml"),)
        self._ended = ended

    def also(self, files: Iterable[str]) -> None:
        """Watch what a check has read besides, as the region.yaml that the plugin's line names."""
        self._others = tuple(sorted({self._others[0], *files}))

    def state(self) -> State:
        """The ledger's files as they are now."""
        return {name: signature(name) for name in (*self._files.found(), *self._others)}

    def settled(self, known: State) -> State:
        """The ledger's files as soon as they are at rest, and those that were known are back or surely gone."""
        began = time.monotonic()
        state = self.state()
        while not self._ended.wait(REST):
            later, waited = self.state(), time.monotonic() - began
            if later == state and (waited > GRACE or not _missing(later, known)):
                break
            state = later
            if waited > PATIENCE:
                break
        return state

    def changed(self, known: State) -> State | None:
        """Wait until the files differ from a known state, and rest; None where nobody waits any more."""
        while not self._ended.is_set():
            for _ in self._looks():
                if self.state() != known and (settled := self.settled(known)) != known:
                    return None if self._ended.is_set() else settled
        return None

    def _looks(self) -> Iterator[None]:
        """Tells when to look, until other folders are to be watched."""
        yield
        folders = self._folders()
        try:
            for _ in watch(
                *folders,
                watch_filter=None,
                step=20,
                debounce=100,
                rust_timeout=_LOOK,
                yield_on_timeout=True,
                stop_event=self._ended,
                recursive=False,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                yield
                if self._folders() != folders:
                    return
        except (OSError, WatchfilesRustInternalError):  # a folder is gone, or the system watches no more of them
            self._ended.wait(_LOOK / 1000)

    def _folders(self) -> list[str]:
        named = {*self._files.folders(), *(str(Path(name).parent) for name in self._others)}
        return sorted(folder for folder in named if Path(folder).is_dir())


def _missing(state: State, known: State) -> bool:
    return any(found is not None and state.get(name) is None for name, found in known.items())
