"""Put an edition and its private record in their places: both whole, or neither."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from conductor_bean.publish.edition import EDITION, Edition
from conductor_bean.publish.files import EDITION_FILE, TOTALS_FILE
from conductor_bean.publish.key import RECORD, read_key
from conductor_bean.publish.leaves import SECRET_SIZE
from conductor_bean.publish.strict_json import JsonRefusedError, read_json

try:
    import fcntl
except ImportError:  # a system that knows no locks of files
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAMES = frozenset(("README.md", "main.beancount", "accounts.beancount", "facts.beancount", "journal", "data"))
"""What an edition has in its folder; whatever else stands there, as the files of git, stays."""
_LIMIT = 2**31


class EditionRefusedError(Exception):
    """An edition cannot be written there; nothing was."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{str(path)[:200]}: {fault}; nothing is written")


@contextmanager
def alone(ledger: Path) -> Iterator[None]:
    """Hold that one edition of a ledger is made at a time: of two, each would miss what the other tells.

    Args:
        ledger: The folder of the private ledger; where there is none nothing is held.

    Raises:
        EditionRefusedError: Another edition of it is being made.
    """
    if fcntl is None or not ledger.is_dir():
        yield
        return
    handle = os.open(ledger, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            fault = "another `conductor publish` is at work on this ledger; try again when it has ended"
            raise EditionRefusedError(ledger, fault) from error
        except OSError:  # a file system that knows no locks
            pass
        yield
    finally:
        os.close(handle)


def key_of(folder: Path) -> bytes:
    """The region's secret; before the first edition a new one, that nobody can guess.

    Args:
        folder: The folder of the ledger's main.beancount.

    Raises:
        RecordRefusedError: The record is damaged.
    """
    return read_key(folder) if (folder / RECORD).exists() else secrets.token_bytes(SECRET_SIZE)


def check_place(target: Path, ledger: Path, region: str) -> Path:
    """Hold that an edition may be written to a folder: a new one, an empty one, or that of an edition of the region.

    Args:
        target: The folder.
        ledger: The folder of the private ledger.
        region: The id of the region.

    Returns:
        The folder with symbolic links followed.

    Raises:
        EditionRefusedError: Something else stands there.
    """
    try:
        resolved, private = target.resolve(), ledger.resolve()
        if resolved == private or resolved in private.parents:
            raise EditionRefusedError(target, "the private ledger itself stands there; name another folder")
        if resolved.is_dir():
            if any(resolved.iterdir()):
                _check_edition(target, region)
        elif resolved.exists():
            raise EditionRefusedError(target, "is a file; name a new folder")
    except (OSError, ValueError, RuntimeError) as error:
        raise EditionRefusedError(target, f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return resolved


def _check_edition(target: Path, region: str) -> None:
    """Hold that a folder has an edition of a region, in a format that is known."""
    if not (target / EDITION_FILE).is_file():
        raise EditionRefusedError(target, "is neither empty nor an edition; name a new folder")
    try:
        about = read_json(target / EDITION_FILE, _LIMIT)
    except JsonRefusedError as error:
        raise EditionRefusedError(target / EDITION_FILE, f"{error}; name a new folder") from error
    if not isinstance(about, dict) or not isinstance(about.get("edition"), int):
        raise EditionRefusedError(target / EDITION_FILE, "does not say what edition it is; name a new folder")
    if about["edition"] > EDITION:
        fault = f"is of format {about['edition']}, which this conductor does not know; update conductor-bean"
        raise EditionRefusedError(target / EDITION_FILE, fault)
    if about.get("region") != region:
        fault = (
            f"holds the edition of another region, {about.get('region')!r:.100}, not of {region!r}; name a new folder"
        )
        raise EditionRefusedError(target, fault)


def check_nothing_lost(edition: Edition, target: Path, ledger: Path) -> None:
    """Hold that an edition tells all that the one in its place tells.

    It does, unless the record beside the ledger is not the one by which that edition was made: lost, an old copy of
    it, or that of another ledger.

    Raises:
        EditionRefusedError: It would tell otherwise what was told.
    """
    if not (target / EDITION_FILE).is_file():
        return
    try:
        before = read_json(target / TOTALS_FILE, _LIMIT)
    except JsonRefusedError as error:
        raise EditionRefusedError(target / TOTALS_FILE, f"{error}; name a new folder") from error
    missing = _counted(before) - _counted(json.loads(edition.files[TOTALS_FILE]))
    if missing:
        fault = (
            f"the edition there tells {missing.total()} totals that {RECORD} does not know; restore {ledger / RECORD} "
            "from the ledger's history, so that nothing is told otherwise or twice"
        )
        raise EditionRefusedError(target, fault)


def _counted(totals: Any) -> Counter[str]:
    return Counter(json.dumps(total, sort_keys=True) for total in totals) if isinstance(totals, list) else Counter()


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
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        before = record.read_bytes() if record.exists() else None
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = _written(edition, target)
    except OSError as error:
        _remove(made)
        raise EditionRefusedError(target, f"cannot be written ({error.strerror or error})") from error
    try:
        _place(edition, target, record, before, scratch)
    except EditionRefusedError:
        shutil.rmtree(scratch, ignore_errors=True)
        _remove(made)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _place(edition: Edition, target: Path, record: Path, before: bytes | None, scratch: Path) -> None:
    try:
        _replace(record, edition.record.encode())
    except OSError as error:
        raise EditionRefusedError(record, f"cannot be written ({error.strerror or error})") from error
    try:
        _exchange(scratch / "edition", target)
    except OSError as error:
        with suppress(OSError):
            _restore(record, before)
        raise EditionRefusedError(target, f"cannot be written ({error.strerror or error})") from error


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
    """Put a new folder in the place of the old, with what is not the edition's; what fails midway is taken back."""
    if not target.exists():
        fresh.rename(target)
        return
    old = fresh.with_name("old")
    target.rename(old)
    moved: list[str] = []
    try:
        for path in sorted(old.iterdir()):
            if path.name not in _NAMES:
                path.rename(fresh / path.name)
                moved.append(path.name)
        fresh.rename(target)
    except BaseException:
        for name in moved:
            (fresh / name).rename(old / name)
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


def _remove(folders: list[Path]) -> None:
    """Take away parents that were made for nothing, the innermost first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
