"""Changing a ledger's files: each whole or not at all, and never over what somebody else has written meanwhile."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.ledger.admission.plain_files import opened


class FileChangedError(OSError):
    """A file is not as it was when it was read; nothing was written over it."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            errno.EAGAIN, "it was changed by somebody else meanwhile; look at it, then try again", str(path)
        )


@dataclass(frozen=True, slots=True)
class Addition:
    """A file with an entry more.

    Attributes:
        old: Its bytes before, None where it is new.
        new: Its bytes with the entry.
        line: The line at which the entry begins.
    """

    old: bytes | None
    new: bytes
    line: int


def with_appended(old: bytes | None, text: str) -> Addition:
    """What a file becomes with an entry at its end, after an empty line, with the line ends that it has.

    Args:
        old: The file's bytes, or None for a new file.
        text: The entry, without the empty line before it.
    """
    before = old or b""
    newline = b"\r\n" if b"\r\n" in before else b"\n"
    kept = before if not before or before.endswith(b"\n") else before + newline
    gap = newline if kept and not kept.endswith(newline * 2) else b""
    new = kept + gap + text.strip("\n").encode().replace(b"\n", newline) + newline
    return Addition(old, new, (kept + gap).count(b"\n") + 1)


def replace_whole(path: Path, content: bytes, old: bytes | None = None) -> None:
    """Put a file's new content in its place in one step, with the permissions of the old.

    Args:
        path: The file, which exists.
        content: Its new bytes.
        old: What it must still hold, or None where that does not matter.

    Raises:
        OSError: The file cannot be written; the old one stands.
    """
    waiting = _write_beside(path, content)
    try:
        if old is not None and read_bytes(path) != old:
            raise FileChangedError(path)
        _take_place(waiting, path)
    except BaseException:
        _drop(waiting)
        raise


@dataclass(frozen=True, slots=True)
class Change:
    """What a file becomes.

    Attributes:
        path: The file; a link is followed. Its folder is made where it is not there yet.
        old: What it must still hold, None where it must not exist yet.
        new: What it will hold, None where it is removed.
    """

    path: Path
    old: bytes | None
    new: bytes | None

    def undone(self) -> Change:
        """The change that takes this one back."""
        return Change(self.path, self.new, self.old)


def write_together(changes: Sequence[Change]) -> None:
    """Change several files: all are written beside the old ones first, then each takes its place in one step.

    Where one cannot take its place, those that did are put back. Who is killed in between leaves each file as the old
    or the new one; so the order of the changes is one in which the ledger holds after each.

    Raises:
        OSError: Nothing has changed, or what had changed was put back.
    """
    made: list[Path] = []
    waiting: list[Path | None] = []
    done: list[Change] = []
    try:
        for change in changes:
            _make_folders(change.path.resolve().parent, made)
            waiting.append(None if change.new is None else _write_beside(change.path.resolve(), change.new))
        for change in changes:
            _hold(change)
        for change, beside in zip(changes, waiting, strict=True):
            done.append(change)
            _put(change.path.resolve(), beside)
    except BaseException:
        for beside in filter(None, waiting):
            _drop(beside)
        for change in reversed(done):
            with suppress(OSError):
                _put_back(change)
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise


def _hold(change: Change) -> None:
    if read_bytes(change.path) != change.old:
        raise FileChangedError(change.path)


def _put(path: Path, beside: Path | None) -> None:
    if beside is None:
        path.unlink()
    else:
        _take_place(beside, path)


def _put_back(change: Change) -> None:
    """Take one change back as well as one can: only where the file is what it made of it."""
    if change.old != change.new and read_bytes(change.path) == change.new:
        path = change.path.resolve()
        _put(path, None if change.old is None else _write_beside(path, change.old))


def read_bytes(path: Path) -> bytes | None:
    """A file's bytes, None where there is no such file.

    Raises:
        OSError: It cannot be read.
    """
    try:
        with opened(os.path.realpath(path)) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _make_folders(folder: Path, made: list[Path]) -> None:
    """Make a folder, and what is missing above it; note which were made, the outermost first."""
    for parent in reversed([parent for parent in (folder, *folder.parents) if not parent.exists()]):
        parent.mkdir()
        made.append(parent)


def _write_beside(path: Path, content: bytes) -> Path:
    """Write a file beside the one whose place it will take, down to the disk, with the permissions of the old."""
    exists = path.exists()
    if exists and not os.access(path, os.W_OK):
        # Renaming would not mind, but whoever has locked a file means it.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    mode = stat.S_IMODE(path.stat().st_mode) if exists else _usual_mode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
    except BaseException:
        _drop(Path(name))
        raise
    return Path(name)


def _usual_mode() -> int:
    """What a new file may be by this process's mask; mkstemp makes one for its owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _take_place(waiting: Path, path: Path) -> None:
    waiting.replace(path)
    _settle_folder(path.parent)


def _settle_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, so that no power cut brings the old file back after we said it is new."""
    with suppress(OSError):  # the file stands already; some file systems let no folder be settled
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _drop(file: Path) -> None:
    with suppress(OSError):
        file.unlink()
