"""One command at a time writes a ledger; the folder of what is kept beside it on this machine alone."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

LOCAL_FOLDER = ".conductor"
LOCK = "lock"
PATIENCE = 20.0
"""Seconds that a command waits for another to end: a check of a large ledger takes some."""


class LedgerBusyError(Exception):
    """The ledger cannot be had for writing now; the message says why, and what to do."""


def local_folder(main: Path) -> Path:
    """The folder beside a ledger for what this machine alone keeps of it, made where it is not there yet.

    It tells git to leave it alone, so it never needs a line in the region's own `.gitignore`.

    Args:
        main: The ledger's main.beancount.

    Raises:
        OSError: It cannot be made.
    """
    folder = main.resolve().parent / LOCAL_FOLDER
    folder.mkdir(exist_ok=True)
    ignore = folder / ".gitignore"
    if not stat.S_ISDIR(folder.lstat().st_mode) or any(
        os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode) for path in (ignore, folder / LOCK)
    ):
        raise NotADirectoryError(errno.ENOTDIR, "it is no plain folder of plain files; remove it", str(folder))
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder


@contextmanager
def writing(main: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold a ledger for writing: until the block ends no other command writes one of its files.

    The lock falls with the process, also with one that is killed. Within a process it may be taken again.

    Args:
        main: The ledger's main.beancount.
        patience: Seconds to wait for another command.

    Raises:
        LedgerBusyError: Another command holds it for too long, or no lock can stand there.
    """
    try:
        lock = FileLock(local_folder(main) / LOCK, is_singleton=True)
        lock.acquire(timeout=patience)
    except Timeout as error:
        raise LedgerBusyError(
            f"another command has been writing {main.parent.name} for {patience:.0f} seconds; nothing has changed: "
            "let it end, then try again"
        ) from error
    except (OSError, NotImplementedError) as error:
        reason = (getattr(error, "strerror", None) or str(error)) if isinstance(error, OSError) else str(error)
        raise LedgerBusyError(
            f"{os.fspath(main.parent)}: no lock can be taken in {LOCAL_FOLDER}/ ({reason}); nothing has changed: see "
            "that you may write in the ledger's folder"
        ) from error
    try:
        yield
    finally:
        lock.release()
