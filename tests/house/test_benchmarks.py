"""The generator of benchmarks writes the same region every time, and one that holds. Nothing here is timed."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.generate import Scenario, generate
from benchmarks.probe_close import measure
from benchmarks.report import markdown_tables, page
from benchmarks.write_both import write_both
from conductor_bean.simulation.scenario import Scenario as Simulation
from tests.house.tree import ROOT

SMALL = Scenario(transactions=1_500, companies=20, members=60, plans=60, cooperations=4, services=5, days=400)


BOTH = Simulation(members=30, companies=8, months=3, transactions=400)


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


@pytest.mark.parametrize("variant", [{}, {"timed": True}, {"with_credits": True}])
def test_a_generated_region_holds_with_the_plugin_and_without(tmp_path: Path, variant: dict[str, bool]) -> None:
    generate(tmp_path, replace(SMALL, **variant))
    checked = run("conductor", "check", str(tmp_path), "--format", "json")
    assert json.loads(checked.stdout)["errors"] == []
    counts = json.loads(checked.stdout)["counts"]
    assert (counts["members"], counts["companies"], counts["plans"]) == (60, 20, 60)
    for main in ("main", "plain"):
        done = run("bean-check", "--no-cache", str(tmp_path / f"{main}.beancount"))
        assert (done.returncode, done.stderr) == (0, "")


def test_a_simulated_region_holds_with_the_plugin_and_without(tmp_path: Path) -> None:
    write_both(tmp_path / "both", BOTH)
    files = {name: (tmp_path / "both" / f"{name}.beancount").read_text("utf-8") for name in ("plain", "main")}
    plain, plugin = (files[name].splitlines() for name in ("plain", "main"))
    assert [line for line in plugin if line not in plain] == ['plugin "conductor_bean.plugins.conductor"']
    assert [line for line in plain if line not in plugin] == []
    checked = run("conductor", "check", str(tmp_path / "both"), "--format", "json")
    assert json.loads(checked.stdout)["errors"] == []
    assert json.loads(checked.stdout)["counts"]["members"] == BOTH.members
    for main in files:
        done = run("bean-check", "--no-cache", str(tmp_path / "both" / f"{main}.beancount"))
        assert (done.returncode, done.stderr) == (0, "")


def test_the_close_that_is_measured_has_something_to_do(tmp_path: Path) -> None:
    write_both(tmp_path / "both", BOTH)
    found = measure(tmp_path / "both")
    assert found.pop("seconds") > 0
    assert (found.pop("members"), found.pop("companies")) == (30, 8)
    assert found.pop("arrears") >= 0
    assert all(found.values()), found


def test_the_page_tells_of_both_economies_where_they_were_measured() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    ratios = {key: measured["commands"][key] for key in ("rounds", "costs", "plugin_ratio", "check_ratio")}
    both = {"transactions": 100_000, "members": 2_000, "companies": 200, "months": 12, **ratios}
    there = {"members": 2_000, "companies": 200, "leases": 900, "loans": 300, "students": 250, "arrears": 20}
    close = {"rounds": 5, **there, "transfers": 4_400, "seconds": 0.123, "seconds_highest": 0.2}
    tables = markdown_tables(measured | {"both": both, "credits": both, "close": close})
    assert "## What the rules of both economies cost: the same 100,000 transactions with credits on" in tables
    assert "## What they cost in a simulated region: 100,000 transactions, each month closed" in tables
    assert "with 2,000 members and 200 companies over 12 months" in tables
    assert "| 2,000 | 200 | 900 | 300 | 250 | 20 | 4,400 | 0.123 | 0.200 | at most 0.1: MISSED |" in tables


def test_the_page_of_figures_is_what_was_measured() -> None:
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "performance.md").read_text(encoding="utf-8") == page(measured)
