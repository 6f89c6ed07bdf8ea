"""A change of a ledger's files that holds, or is taken back: one way for every command that writes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.appending import Change, FileChangedError, read_bytes, write_together
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.locking import writing
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.quick import quick_books


class WouldNotHoldError(Exception):
    """With a change the ledger would have errors that it did not have; its files are as they were.

    Attributes:
        problems: The errors.
        kept: Files that could not be put back: somebody else has changed them meanwhile, or the disk is full.
    """

    def __init__(self, problems: Sequence[Problem], kept: Sequence[Path] = ()) -> None:
        self.problems = list(problems)
        self.kept = list(kept)
        super().__init__(f"{problems[0].code}: {problems[0].message}")


@dataclass(frozen=True, slots=True)
class Seen:
    """The files of a ledger as they were when it was loaded.

    Attributes:
        digests: A digest of the bytes of each file, None where there was none.
    """

    digests: dict[Path, bytes | None]

    @staticmethod
    def of(books: Books) -> Seen:
        """The files of books that were loaded just now.

        Raises:
            OSError: One cannot be read.
        """
        assert books.checked is not None
        assert books.checked.places is not None
        return Seen({path: _digest(path) for path in map(Path, sorted(books.checked.places.files))})

    def hold(self) -> None:
        """Hold that no file has changed since.

        Raises:
            FileChangedError: One has.
            OSError: One cannot be read.
        """
        for path, digest in self.digests.items():
            if _digest(path) != digest:
                raise FileChangedError(path)


def change_ledger(
    main: Path,
    changes: Sequence[Change],
    seen: Seen | None = None,
    wanted: Path | None = None,
    stood: Callable[[Problem], bool] = lambda _: False,
) -> Books:
    """Write changes, check the ledger with them, and take them back where it would not hold.

    Args:
        main: The ledger's main.beancount; it had no errors but those that stood.
        changes: What files become, in an order in which the ledger holds after each.
        seen: The files on which the changes were decided, which must not have changed since.
        wanted: A file that the ledger must read afterwards.
        stood: Whether an error is one that the ledger had before, and may have still.

    Returns:
        The ledger as it is now.

    Raises:
        LedgerBusyError: Another command is writing.
        FileChangedError: Somebody else has changed a file meanwhile.
        OSError: A file cannot be written. Nothing has changed then.
        WouldNotHoldError: The ledger would have errors. The files are as they were.
    """
    folder = Folder(main.parent)
    for change in changes:
        folder.hold_writable(change.path)
    with writing(main):
        if seen is not None:
            seen.hold()
        write_together(changes)
        books = quick_books(main, waypoints=True)
        problems = [each for each in books.errors if not stood(each)] or _unread(books, wanted)
        if problems:
            raise WouldNotHoldError(problems, _take_back(changes))
        return books


def _unread(books: Books, wanted: Path | None) -> list[Problem]:
    assert books.checked is not None
    assert books.checked.places is not None
    if wanted is None or str(wanted) in books.checked.places.files:
        return []
    return [Problem(str(wanted), 1, "file-not-loaded", "the ledger does not read this file; include it first")]


def _take_back(changes: Sequence[Change]) -> list[Path]:
    """Take changes back, the last first; say which files stay, since they are not as we left them."""
    try:
        ours = [change.undone() for change in reversed(changes) if _is(change.path, change.new)]
        write_together(ours)
    except OSError:
        return [change.path for change in changes]
    taken = {change.path for change in ours}
    return [change.path for change in changes if change.path not in taken]


def _is(path: Path, content: bytes | None) -> bool:
    return read_bytes(path) == content


def _digest(path: Path) -> bytes | None:
    content = read_bytes(path)
    return None if content is None else hashlib.sha256(content).digest()
