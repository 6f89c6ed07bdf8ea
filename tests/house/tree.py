"""The files of the project, for tests that look at all of them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "conductor_bean"


def tracked_files() -> list[Path]:
    """Every file that git tracks, or would: neither ignored ones nor symlinks."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def module_files(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield the dotted name and the file of each module of a package, through symlinked folders as Python sees them."""
    for path in sorted(package.iterdir()):
        if path.is_dir() and path.name != "__pycache__":
            yield from ((f"{package.name}.{name}", file) for name, file in module_files(path))
        elif path.suffix == ".py":
            yield (package.name if path.stem == "__init__" else f"{package.name}.{path.stem}"), path
