"""Wages in arrears and assets where commands tell of them: two months of tests/simulator/test_wages_in_arrears.py."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.region import answer
from tests.model.ledger_text import write_region
from tests.model.test_credits import fact
from tests.simulator.test_wages_in_arrears import REGION, TWO_MONTHS
from tests.support import conductor

VAN = fact("2026-01-01", "asset", "van-kestrel", "Bakery", value=Decimal("4711.37"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_region(tmp_path / "region", [*TWO_MONTHS, VAN], REGION, rng=random.Random(1), files=1)
    return tmp_path / "region"


def test_companies_tell_who_is_owed_wages_and_what_they_own(folder: Path) -> None:
    (row,) = answer("companies", folder)
    assert row["wage_arrears"] == {"Ada": "90.62", "Bob": "90.63", "Cyd": "108.75"}
    assert row["assets"] == [{"asset": "van-kestrel", "name": "", "value": "4711.37", "to": None}]
    shown = conductor("companies", folder).stdout
    assert "owes wages" in shown
    assert "90.62 to Ada, 90.63 to Bob, 108.75 to Cyd" in " ".join(shown.split())
    assert "van-kestrel (4711.37)" in shown
    before = conductor("companies", folder, "--at", "2026-01-09").stdout
    assert "owes wages" not in before


def test_an_edition_says_neither_who_is_owed_wages_nor_what_a_company_of_workers_owns(
    folder: Path, tmp_path: Path
) -> None:
    edition = tmp_path / "edition"
    assert conductor("publish", folder, "--to", edition).exit_code == 0
    told = "".join(path.read_text("utf-8") for path in sorted(edition.rglob("*")) if path.is_file())
    secrets = ("kestrel", "4711.37", "90.62", "90.63", "108.75", "9.38", "11.25", "Cyd", "payment-in-arrears")
    assert [secret for secret in secrets if secret in told] == []


def test_under_another_tax_late_wages_are_taxed_as_they_are_paid(folder: Path) -> None:
    document = answer("what-if", folder, "--set", "income_tax=0.5", "--from", "2026-01-01")
    taxes = {side: [month["taxes"] for month in months.values()] for side, months in document.items()}
    # Half of 50.00 twice; then of 9.38, 9.37 and 11.25: 4.69, 4.685 -> 4.68 and 5.625 -> 5.62.
    assert taxes == {"baseline": ["10.00", "3.00"], "scenario": ["50.00", "14.99"]}
