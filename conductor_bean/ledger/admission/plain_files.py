"""Plain files of a region's folder: no other is opened, so that none hangs, floods or stands elsewhere."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from conductor_bean.ledger.admission.characters import LONGEST_LINE, fault_in, fault_in_part

MOST_BYTES = 1 << 30
"""The largest file that is read."""

OF_THE_FILE_ITSELF = frozenset({"outside-the-folder", "not-a-plain-file"})
"""Codes of what cannot be mended in the file."""

_PART = 1 << 24


class NotAdmittedError(OSError):
    """A file is not read.

    Attributes:
        code: The stable code.
        message: What it is, and what to do; without its name.
        line: Where the fault stands in it, 0 where it is the file itself.
    """

    def __init__(self, code: str, message: str, path: str, line: int = 0) -> None:
        super().__init__(errno.EACCES, message, path)
        self.code = code
        self.message = message
        self.line = line


class Folder:
    """A region's folder.

    Args:
        path: The folder; symbolic links that lead to it are followed.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = os.path.abspath(path)
        self._root = os.path.realpath(path)
        self._real: dict[str, str] = {}

    def real(self, path: Path | str) -> str:
        """Where a path leads, symbolic links followed.

        Raises:
            NotAdmittedError: Out of the folder, or round in a circle.
            OSError: There is nothing.
        """
        path = os.path.abspath(path)
        above, name = os.path.split(path)
        folder = self._real.get(above)
        if folder is None:
            folder = self._real[above] = os.path.realpath(above)
        real = os.path.join(folder, name)
        if stat.S_ISLNK(os.lstat(real).st_mode):
            real = os.path.realpath(real)
        if not self.holds(real):
            raise NotAdmittedError(
                "outside-the-folder", "stands outside of the region's folder; move what is needed into it", path
            )
        try:
            if stat.S_ISLNK(os.lstat(real).st_mode):
                raise NotAdmittedError("not-a-plain-file", "is a symbolic link that leads in a circle; remove it", path)
        except NotADirectoryError as error:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path) from error
        return real

    def holds(self, real: str) -> bool:
        """Whether a path without symbolic links is the folder or lies in it."""
        return real == self._root or real.startswith(self._root.rstrip(os.sep) + os.sep)

    def read(self, path: Path | str, most: int = MOST_BYTES) -> bytes:
        """A file's bytes.

        Args:
            path: The file.
            most: The most bytes that it may have.

        Raises:
            NotAdmittedError: It is no plain file of the folder, too large, or holds what no file of a ledger may.
            OSError: It cannot be read.
        """
        with self.opened(path) as file:
            if os.fstat(file.fileno()).st_size > most:
                _hold_part(file.read(LONGEST_LINE + 1), str(path))
                raise NotAdmittedError("file-not-loaded", f"is larger than {most} bytes; part it", str(path))
            return _examined(file, most, str(path))

    def opened(self, path: Path | str) -> BinaryIO:
        """A plain file, open for reading.

        Raises:
            NotAdmittedError: It is none, or stands elsewhere.
            OSError: It cannot be opened.
        """
        return opened(self.real(path), str(path))

    def hold_writable(self, path: Path | str) -> None:
        """Hold that a file which is to be written is a plain one of the folder, or not there yet.

        Raises:
            NotAdmittedError: It is not.
        """
        target = os.path.abspath(path)
        while True:
            try:
                real = self.real(target)
            except FileNotFoundError:
                if os.path.islink(target):
                    raise NotAdmittedError(
                        "not-a-plain-file", "is a symbolic link to nothing; remove it", str(path)
                    ) from None
                target = os.path.dirname(target)
                continue
            break
        if target == os.path.abspath(path):
            _hold_regular(os.lstat(real).st_mode, str(path))


def opened(real: str, name: str = "") -> BinaryIO:
    """A plain file, open for reading.

    Args:
        real: Its path, without symbolic links.
        name: What it is called.

    Raises:
        NotAdmittedError: It is none.
        OSError: It cannot be opened.
    """
    _hold_regular(os.lstat(real).st_mode, name or real)
    # Whatever takes its place meanwhile is not followed, and not waited for.
    handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _hold_regular(os.fstat(handle).st_mode, name or real)
    except BaseException:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _hold_regular(mode: int, path: str) -> None:
    if not stat.S_ISREG(mode):
        raise NotAdmittedError(
            "not-a-plain-file", f"is {_kind(mode)}, and no plain file; name a file of text, or remove it", path
        )


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFLNK: "a symbolic link",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")


def _hold_part(start: bytes, path: str) -> None:
    fault = fault_in_part(start, 1, 0, first=True)
    if fault is not None:
        raise NotAdmittedError(fault.code, fault.message, path, fault.line)


def _examined(file: BinaryIO, most: int, path: str) -> bytes:
    """All of a file; what holds a fault is not read to its end."""
    parts: list[bytes] = []
    size, lines, rest = 0, 0, 0
    while part := file.read(_PART):
        size += len(part)
        if size > most:
            raise NotAdmittedError("file-not-loaded", f"is larger than {most} bytes; part it", path)
        fault = fault_in_part(part, lines + 1, rest, first=not parts)
        if fault is not None:
            raise NotAdmittedError(fault.code, fault.message, path, fault.line)
        parts.append(part)
        if len(part) == _PART:
            lines += part.count(b"\n")
            last = part.rfind(b"\n")
            rest = rest + len(part) if last < 0 else len(part) - last - 1
    content = parts[0] if len(parts) == 1 else b"".join(parts)
    fault = fault_in(content)
    if fault is not None:
        raise NotAdmittedError(fault.code, fault.message, path, fault.line)
    return content
