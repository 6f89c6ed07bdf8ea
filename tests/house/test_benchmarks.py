"""The generator of benchmarks writes the same region every time, and one that holds. Nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.generate import Scenario, generate
from benchmarks.report import page
from tests.house.tree import ROOT

SMALL = Scenario(transactions=1_500, companies=20, members=60, plans=60, cooperations=4, services=5, days=400)


def written(folder: Path, scenario: Scenario) -> dict[str, str]:
    """Generate a region and return its files."""
    generate(folder, scenario)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is installed beside this Python."""
    command = [str(Path(sysconfig.get_path("scripts")) / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_same_seed_writes_the_same_region(tmp_path: Path) -> None:
    assert written(tmp_path / "a", SMALL) == written(tmp_path / "b", SMALL)


def test_another_seed_writes_another_region(tmp_path: Path) -> None:
    assert written(tmp_path / "a", SMALL) != written(tmp_path / "b", replace(SMALL, seed=2))


def test_the_twins_differ_in_the_plugin_line_only(tmp_path: Path) -> None:
    files = written(tmp_path, SMALL)
    plain, plugin = files["plain.beancount"].splitlines(), files["main.beancount"].splitlines()
    assert [line for line in plugin if line not in plain] == ['plugin "conductor_bean.plugins.conductor"']
    assert [line for line in plain if line not in plugin] == []


@pytest.mark.parametrize("timed", [False, True])
def test_a_generated_region_holds_with_the_plugin_and_without(tmp_path: Path, timed: bool) -> None:
    generate(tmp_path, replace(SMALL, timed=timed))
    checked = run("conductor", "check", str(tmp_path), "--format", "json")
    assert json.loads(checked.stdout)["errors"] == []
    counts = json.loads(checked.stdout)["counts"]
    assert (counts["members"], counts["companies"], counts["plans"]) == (60, 20, 60)
    for main in ("main", "plain"):
        done = run("bean-check", "--no-cache", str(tmp_path / f"{main}.beancount"))
        assert (done.returncode, done.stderr) == (0, "")


def test_the_page_of_figures_is_what_was_measured() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "performance.md").read_text(encoding="utf-8") == page(measured)
