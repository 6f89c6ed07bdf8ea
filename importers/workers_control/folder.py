"""Writes a region's folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from conductor_bean.importers.workers_control.errors import ImportRefusedError

_REMEDY = "give --to a folder that does not exist yet"


def check_target(target: Path) -> Path:
    """Refuses a target that is not free, before any work is done.

    Returns:
        The target with symbolic links followed, so that it is the folder itself that is made.

    Raises:
        ImportRefusedError: When something stands there that an import would overwrite.
    """
    right = "an import writes into a new or empty folder, and overwrites nothing"
    try:
        resolved = target.resolve()
        if resolved.is_dir():
            if any(resolved.iterdir()):
                raise ImportRefusedError(f"the folder {target} is not empty", right, _REMEDY)
        elif resolved.exists():
            raise ImportRefusedError(f"{target} is a file", right, _REMEDY)
    except (OSError, ValueError, RuntimeError) as error:
        raise ImportRefusedError(f"{str(target)!r} cannot be read ({error})", right, _REMEDY) from error
    return resolved


def write_folder(target: Path, files: dict[str, str]) -> None:
    """Writes files into a new folder beside the target and moves it there in one step.

    Args:
        target: The folder to make; if it exists, it is empty.
        files: Text by path within the folder.

    Raises:
        ImportRefusedError: When it cannot be written. Nothing is left behind then.
    """
    scratch: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        # mkdtemp makes a folder for its owner alone; the one inside has the usual rights.
        region = scratch / "region"
        region.mkdir()
        for name, text in files.items():
            path = region / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
        # A rename replaces an empty folder, and fails on one that somebody has filled meanwhile.
        region.rename(target)
    except OSError as error:
        reason = error.strerror or error
        raise ImportRefusedError(
            f"the folder {target} cannot be written ({reason})", "nothing was written", _REMEDY
        ) from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)
