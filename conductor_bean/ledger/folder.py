"""A region's new folder: written whole or not at all, and nothing is ever overwritten."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def fava_lines(date: str) -> str:
    """What main.beancount says so that Fava shows the region's pages, and shows them first.

    Args:
        date: The region's first date, `2026-01-01`; any would do.
    """
    return f"""\
{date} custom "fava-extension" "conductor_bean.fava"
{date} custom "fava-option" "default-page" "extension/Conductor/"
"""


class FolderRefusedError(Exception):
    """A folder cannot be made there; the message says why, and what to do.

    Attributes:
        why: What stands in the way, as the end of a sentence about the folder.
    """

    def __init__(self, target: Path, why: str) -> None:
        self.why = why
        super().__init__(
            f"{str(target)[:200]!r} {why}; nothing was written: give --to a folder that does not exist yet"
        )


def check_free(target: Path) -> Path:
    """Hold that nothing stands where a folder is to be made, before any work is done.

    Returns:
        The target with symbolic links followed, so that it is the folder itself that is made.

    Raises:
        FolderRefusedError: Something stands there that would be overwritten, or it cannot be read.
    """
    try:
        resolved = target.resolve()
        if resolved.is_dir():
            if any(resolved.iterdir()):
                raise FolderRefusedError(target, "is not empty")
        elif resolved.exists():
            raise FolderRefusedError(target, "is a file")
    except (OSError, ValueError, RuntimeError) as error:
        raise FolderRefusedError(target, f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    return resolved


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder beside the target to write into; where the block ends well it becomes the target in one step.

    Raises:
        FolderRefusedError: It cannot be written. Nothing is left behind then.
    """
    resolved = check_free(target)
    made = _missing_parents(resolved)
    scratch: Path | None = None
    done = False
    try:
        resolved.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{resolved.name}.", dir=resolved.parent))
        # mkdtemp makes a folder for its owner alone; the one inside has the usual rights.
        inside = scratch / "region"
        inside.mkdir()
        yield inside
        # A rename replaces an empty folder, and fails on one that somebody has filled meanwhile.
        inside.rename(resolved)
        done = True
    except OSError as error:
        raise FolderRefusedError(target, f"cannot be written ({error.strerror or error})") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
        if not done:
            _remove(made)


def _missing_parents(target: Path) -> list[Path]:
    """Parents that do not exist yet, the innermost first."""
    return [parent for parent in target.parents if not parent.exists()]


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # it was never made, or somebody put something into it
            return
