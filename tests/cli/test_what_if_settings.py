"""Settings that no region could decide: `conductor what-if` ends with exit 2 and says what is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.region import FAULT, write_small
from tests.cli.town import refused


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("income_tax", "write KEY=VALUE"),
        ("=1", "write KEY=VALUE"),
        ("", "write KEY=VALUE"),
        ("income_tax=", "must be a number"),
        ("income_tax=much", "must be a number"),
        ("income_tax=0,15", "must be a number"),
        ("income_tax=0.1=0.2", "must be a number"),
        ("income_tax=1.01", "less than or equal to 1"),
        ("income_tax=-0.1", "greater than or equal to 0"),
        ("income_tax=NaN", "finite"),
        ("income_tax=Infinity", "finite"),
        ("income_tax=null", "must be a number"),
        ("income_tx=0.1", '"income_tax"'),
        ("INCOME_TAX=0.1", "nothing that a region decides"),
        ("date=2026-01-01", "nothing that a region decides"),
        ("occupations=3", "nothing that a region decides"),
        ("fic_window_days=0", "greater than 0"),
        ("fic_window_days=1.5", "whole number"),
        ("fic_window_days=40000", "36500"),
        ("fic_window_days=null", "whole number"),
        ("approvals=0", "greater than or equal to 1"),
        ("member_overdraw=-1", "greater than or equal to 0"),
        ("member_overdraw=0.001", "more digits"),
        ("member_overdraw=much", "must be a number"),
        ("schooling_pause_years=2.5", "whole number"),
        ("occupations.baker=20", "occupations.NAME.min"),
        ("occupations.baker.mean=20", "occupations.NAME.min"),
        ("occupations..min=20", "occupations.NAME.min"),
        ("occupations.bakr.min=20", '"baker"'),
        ("occupations.baker.min=25", "min must not be above max"),
        ("occupations.baker.max=17", "min must not be above max"),
        ("occupations.baker.min=-1", "greater than or equal to 0"),
        ("occupations.baker.min=null", "must be a number"),
    ],
)
def test_a_wrong_setting_is_exit_2_and_says_what_is_right(town: Path, setting: str, said: str) -> None:
    assert said in refused("what-if", town, "--set", setting, "--from", "2026-01-01", "--json")


def test_a_key_is_set_once(town: Path) -> None:
    twice = ("--set", "dividend=0", "--set", "dividend=1")
    assert "set twice" in refused("what-if", town, *twice, "--from", "2026-01-01")


@pytest.mark.parametrize("date", ["2026-13-01", "2026-02-30", "January", "1899-12-31", "2200-01-01", ""])
def test_a_wrong_date_is_exit_2(town: Path, date: str) -> None:
    assert "--from" in refused("what-if", town, "--set", "dividend=0", "--from", date)


def test_a_missing_option_or_ledger_is_exit_2(town: Path, tmp_path: Path) -> None:
    assert "--set" in refused("what-if", town, "--from", "2026-01-01")
    assert "--from" in refused("what-if", town, "--set", "dividend=0")
    refused("what-if", tmp_path / "nowhere", "--set", "dividend=0", "--from", "2026-01-01")


def test_a_ledger_with_errors_has_no_other_course(tmp_path: Path) -> None:
    folder = write_small(tmp_path, FAULT)
    said = refused("what-if", folder, "--set", "fic_window_days=20", "--from", "2026-01-01", "--json", code=1)
    assert "worker-not-at-company" in said
