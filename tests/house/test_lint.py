"""ruff and mypy --strict are clean; they run as tests, so that one command holds everything."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.tree import ROOT


def complaints(*command: str) -> str:
    """Run a tool in the project's folder and return what it printed, or nothing when it was content."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.xdist_group("lint")
def test_ruff_finds_nothing() -> None:
    assert complaints("ruff", "check", "--no-cache", ".") == ""


@pytest.mark.xdist_group("lint")
def test_every_file_is_formatted() -> None:
    assert complaints("ruff", "format", "--check", "--no-cache", ".") == ""


@pytest.mark.xdist_group("lint")
def test_mypy_strict_finds_nothing() -> None:
    assert complaints("mypy") == ""
