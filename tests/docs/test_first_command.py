"""The README's first command, word for word, on a fresh copy of what git tracks."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT, tracked_files

# On the worker that builds the wheel: two installations at a time would fight for the machine.
pytestmark = pytest.mark.xdist_group("wheel")


def first_command() -> str:
    """The first sh block of the README."""
    found = re.search(r"^```sh\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_first_command_of_the_readme(tmp_path: Path) -> None:
    for path in tracked_files():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for name in ("plugins", "importers"):
        (tmp_path / "conductor_bean" / name).symlink_to((ROOT / "conductor_bean" / name).readlink())
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        ["bash", "-c", first_command()],
        cwd=tmp_path,
        env=environment | {"NO_COLOR": "1", "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for word in ("riverbend", "lakeside", "imported", "Equity:PSF", "Assets:Members:Ada:Hours"):
        assert word in done.stdout, f"{word} is not in\n{done.stdout}"
