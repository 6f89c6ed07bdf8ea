"""Put an edition and its private record in their places: both whole, or neither."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from conductor_bean.publish.files import EDITION_FILE
from conductor_bean.publish.key import RECORD, read_key
from conductor_bean.publish.leaves import SECRET_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from conductor_bean.publish.edition import Edition


class EditionRefusedError(Exception):
    """An edition cannot be written there; nothing was."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path}: {fault}; nothing is written")


def key_of(folder: Path) -> bytes:
    """The region's secret; before the first edition a new one, that nobody can guess.

    Args:
        folder: The folder of the ledger's main.beancount.

    Raises:
        RecordRefusedError: The record is damaged.
    """
    return read_key(folder) if (folder / RECORD).exists() else secrets.token_bytes(SECRET_SIZE)


def check_place(target: Path, ledger: Path) -> Path:
    """Hold that an edition may be written to a folder: a new one, an empty one, or that of an edition.

    Args:
        target: The folder.
        ledger: The folder of the private ledger.

    Raises:
        EditionRefusedError: Something else stands there.
    """
    try:
        resolved, private = target.resolve(), ledger.resolve()
        if resolved == private or resolved in private.parents:
            raise EditionRefusedError(target, "the private ledger itself stands there; name another folder")
        if resolved.is_dir():
            if any(resolved.iterdir()) and not (resolved / EDITION_FILE).is_file():
                raise EditionRefusedError(target, "is neither empty nor an edition; name a new folder")
        elif resolved.exists():
            raise EditionRefusedError(target, "is a file; name a new folder")
    except (OSError, ValueError, RuntimeError) as error:
        raise EditionRefusedError(target, f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return resolved


def place(edition: Edition, target: Path, ledger: Path) -> None:
    """Write an edition and its record.

    The record comes first: should the machine stop between the two, what it says was told is told by the next edition,
    and nothing is ever told twice.

    Args:
        edition: The edition.
        target: Its folder, see `check_place`.
        ledger: The folder of the private ledger.

    Raises:
        EditionRefusedError: Something cannot be written; record and edition are as they were.
    """
    record = ledger / RECORD
    try:
        before = record.read_bytes() if record.exists() else None
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = _written(edition, target)
    except OSError as error:
        raise EditionRefusedError(target, f"cannot be written ({error.strerror or error})") from error
    try:
        _replace(record, edition.record.encode())
    except OSError as error:
        shutil.rmtree(scratch, ignore_errors=True)
        raise EditionRefusedError(record, f"cannot be written ({error.strerror or error})") from error
    try:
        _exchange(scratch / "edition", target)
    except OSError as error:
        with suppress(OSError):
            _restore(record, before)
        raise EditionRefusedError(target, f"cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _written(edition: Edition, target: Path) -> Path:
    """All files in a new folder beside the target."""
    scratch = target.parent / tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        for name, content in edition.files.items():
            path = scratch / "edition" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return scratch


def _exchange(fresh: Path, target: Path) -> None:
    """Put a new folder in the place of the old; where the second step fails the first is taken back."""
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name("old")
    target.rename(old)
    try:
        fresh.rename(target)
    except BaseException:
        old.rename(target)
        raise


def _replace(path: Path, content: bytes) -> None:
    """Write a file for its owner alone, in one step."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    scratch = path.parent / name
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        with suppress(OSError):
            scratch.unlink()
        raise


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        _replace(path, content)
