"""Writes a region's folder, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.ledger.folder import FolderRefusedError, check_free, new_folder

_REMEDY = "give --to a folder that does not exist yet"


def check_target(target: Path) -> Path:
    """Refuses a target that is not free, before any work is done.

    Returns:
        The target with symbolic links followed, so that it is the folder itself that is made.

    Raises:
        ImportRefusedError: When something stands there that an import would overwrite.
    """
    try:
        return check_free(target)
    except FolderRefusedError as error:
        right = "an import writes into a new or empty folder, and overwrites nothing"
        raise ImportRefusedError(f"the folder {target} {error.why}", right, _REMEDY) from error


def write_folder(target: Path, files: dict[str, str]) -> None:
    """Writes files into a new folder beside the target and moves it there in one step.

    Args:
        target: The folder to make; if it exists, it is empty.
        files: Text by path within the folder.

    Raises:
        ImportRefusedError: When it cannot be written. Nothing is left behind then.
    """
    try:
        with new_folder(target) as folder:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("w", encoding="utf-8", newline="\n") as stream:
                    stream.write(text)
                    stream.flush()
                    os.fsync(stream.fileno())
    except FolderRefusedError as error:
        raise ImportRefusedError(f"the folder {target} {error.why}", "nothing was written", _REMEDY) from error
