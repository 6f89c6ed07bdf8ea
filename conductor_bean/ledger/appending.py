"""Appending to a ledger's files: whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path


def append_whole(path: Path, text: str) -> int:
    """Append a directive to a file, after an empty line, and say on which line it begins.

    The new file is written beside the old one and takes its place in one step, so a reader, a crash or a full disk
    meets either the old or the new file.

    Args:
        path: The file; a link is followed.
        text: The directive, without the empty line before it.

    Raises:
        OSError: The file cannot be read or written.
    """
    path = path.resolve()
    old = path.read_bytes()
    newline = b"\r\n" if b"\r\n" in old else b"\n"
    kept = old if not old or old.endswith(b"\n") else old + newline
    gap = newline if kept and not kept.endswith(newline * 2) else b""
    replace_whole(path, kept + gap + text.strip("\n").encode().replace(b"\n", newline) + newline)
    return (kept + gap).count(b"\n") + 1


def replace_whole(path: Path, content: bytes) -> None:
    """Put a file's new content in its place in one step, with the permissions of the old.

    Raises:
        OSError: The file cannot be written; the old one stands.
    """
    mode = stat.S_IMODE(path.stat().st_mode)
    if not os.access(path, os.W_OK):
        # Renaming would not mind, but whoever has locked a file means it.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
