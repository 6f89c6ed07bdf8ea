"""Writing files that are made of a ledger: all of them whole, or none."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PRIVATE = 0o600
PUBLIC = 0o644
"""Permissions of files for their owner alone, and for everybody."""


class TargetRefusedError(Exception):
    """Nothing was written; the message says why and what to do."""


def write_files(files: Mapping[Path, bytes], *, mode: int = PRIVATE, force: bool = False) -> None:
    """Write files, all of them whole or none; a file that is there stays, unless that is asked for.

    Args:
        files: Content by path; the folder of a path is made where only it is missing.
        mode: Their permissions.
        force: Whether files that are there are replaced.

    Raises:
        TargetRefusedError: Nothing was written.
    """
    if not force:
        hold_free(files)
    made = _folders(files)
    written: dict[Path, Path] = {}
    done = False
    try:
        for path, content in files.items():
            written[path] = _beside(path, content, mode)
        _place(written, force=force)
        done = True
    except OSError as error:
        raise TargetRefusedError(
            f"{' and '.join(map(str, files))} cannot be written: {error.strerror or error}; nothing was written"
        ) from error
    finally:
        for path in written.values():
            path.unlink(missing_ok=True)
        for folder in [] if done else made:
            with suppress(OSError):
                folder.rmdir()


def hold_free(paths: Iterable[Path]) -> None:
    """Hold that there is no file at some paths.

    Raises:
        TargetRefusedError: There is one.
    """
    for path in paths:
        if path.exists() or path.is_symlink():
            raise TargetRefusedError(f"{path} exists; nothing was written: name another place, or give --force")


def _folders(files: Mapping[Path, bytes]) -> list[Path]:
    made = []
    for folder in dict.fromkeys(path.parent for path in files):
        try:
            if not folder.is_dir():
                folder.mkdir()
                made.append(folder)
        except OSError as error:
            raise TargetRefusedError(f"{folder} cannot be made: {error.strerror}; nothing was written") from error
    return made


def _beside(path: Path, content: bytes, mode: int) -> Path:
    """Write the content beside its place."""
    if path.is_dir():
        raise IsADirectoryError(None, "it is a folder", str(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name)


def _place(written: Mapping[Path, Path], *, force: bool) -> None:
    """Put every file in its place; where one cannot be, take back the others."""
    placed: dict[Path, bytes | None] = {}
    try:
        for path, beside in written.items():
            old = path.read_bytes() if force and path.exists() else None
            if force:
                beside.replace(path)
            else:
                os.link(beside, path)  # fails where somebody else was faster, as a rename would not
            placed[path] = old
    except BaseException:
        for path, old in placed.items():
            path.unlink()
            if old is not None:
                path.write_bytes(old)
        raise
