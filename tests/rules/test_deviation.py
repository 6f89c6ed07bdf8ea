"""RULES.md, part A, "Deviation" of a company."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.support import PARTIES, conductor, consumption, plan, work, write

REGION = """\
region: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    set: {member_overdraw: null, account_deviation: %s}
"""
PLANS = plan("bread", "Bakery", p=100, r=200, a=300, quantity=600) + plan(
    "soup", "Clinic", p=10, r=20, a=30, public=True, quantity=10
)


def companies(folder: Path, text: str, *, limit: str = "0.33", as_json: bool = True, prelude: str = PLANS) -> Any:
    write(folder, text, prelude=PARTIES + prelude, region=REGION % limit)
    done = conductor("companies", folder, *(["--json"] if as_json else []))
    assert done.exit_code == 0, done.output
    return {row["company"]: row for row in json.loads(done.stdout)} if as_json else done.stdout


def test_it_is_the_balance_over_the_planned_credits(tmp_path: Path) -> None:
    text = work("Bakery", "Ada", 20) + consumption("bread", "Assets:Companies:Mill:R", "Bakery", 150, 150)
    row = companies(tmp_path, text)["Bakery"]
    assert (row["p"], row["r"], row["a"], row["prd"]) == ("100.00", "200.00", "280.00", "-450.00")
    # p 100/100, r 200/200, a (300 - 20)/300 = 0.9333..., prd |-600 + 150| / 600 = 0.75
    assert row["deviation"]["p"] == "1"
    assert row["deviation"]["r"] == "1"
    assert row["deviation"]["a"] == "0.9333333333333333333333333333"
    assert row["deviation"]["prd"] == "0.75"


def test_prd_counts_productive_plans_only(tmp_path: Path) -> None:
    row = companies(tmp_path, "")["Clinic"]
    assert row["deviation"] == {"p": "1", "r": "1", "a": "1", "prd": "0"}


def test_a_company_without_plans_does_not_deviate_until_something_moves(tmp_path: Path) -> None:
    assert companies(tmp_path, "")["Mill"]["deviation"] == {"p": "0", "r": "0", "a": "0", "prd": "0"}


def test_spending_without_a_plan_has_no_relative_deviation_but_is_flagged(tmp_path: Path) -> None:
    row = companies(tmp_path, work("Mill", "Cyd", 1))["Mill"]
    assert row["deviation"]["a"] is None
    shown = companies(tmp_path, work("Mill", "Cyd", 1), as_json=False)
    (line,) = [line for line in shown.splitlines() if line.strip().startswith("Mill")]
    assert line.split()[-1] == "a"


def test_credits_of_all_plans_add_up(tmp_path: Path) -> None:
    second = plan("rolls", "Bakery", p=100, r=0, a=100, quantity=1, days=1)
    row = companies(tmp_path, work("Bakery", "Ada", 20), prelude=PLANS + second)["Bakery"]
    assert Fraction(row["deviation"]["a"]) == Fraction(300 + 100 - 20, 300 + 100)


def test_a_company_is_flagged_above_the_decided_deviation_and_not_at_it(tmp_path: Path) -> None:
    # Spend a to 60 of 300 (0.2), r to 66 of 200 (0.33).
    hours = "".join(work("Bakery", "Ada", 24, date=f"2026-02-{day:02}") for day in range(1, 11))
    means = '2026-02-01 custom "basic-service" "cut" "Cyd"\n'
    means += '2026-02-02 * "staff" ^cut\n  Assets:Companies:Bakery:R  -134 HOUR\n  Assets:Members:Cyd:Hours  134 HOUR\n'
    flags = {}
    for limit in ("0.1", "0.2", "0.33", "0.329"):
        shown = companies(tmp_path, hours + means, limit=limit, as_json=False)
        (line,) = [line for line in shown.splitlines() if line.strip().startswith("Bakery")]
        flags[limit] = line.replace(",", " ").split()[7:]
    assert flags == {
        "0.1": ["p", "r", "a", "prd"],
        "0.2": ["p", "r", "prd"],
        "0.33": ["p", "prd"],
        "0.329": ["p", "r", "prd"],
    }
