"""`conductor what-if`: the same facts under other decisions; figures worked out by hand (see tests/cli/town.py)."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.engine.machine import Machine
from conductor_bean.engine.state import State
from conductor_bean.ledger.scenario import other_region
from tests.cli.region import answer
from tests.cli.test_months import hold_months, total
from tests.cli.town import (
    BAKERY,
    CLOSE_JANUARY,
    JANUARY,
    MARCH,
    REGION,
    SCHOOL,
    books_of,
    both_months,
    write_town,
)
from tests.support import conductor

Months = dict[str, dict[str, Any]]


def what_if(folder: Path, *settings: str, start: str = "2026-01-01") -> tuple[Months, Months]:
    """What happened, and what would have, by month."""
    arguments = [part for setting in settings for part in ("--set", setting)]
    document = answer("what-if", folder, *arguments, "--from", start)
    assert list(document) == ["baseline", "scenario"]
    for side in document.values():
        if "treasury" in next(iter(side.values())):
            hold_months([{"month": month, **row} for month, row in side.items()])
    return document["baseline"], document["scenario"]


def differing(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    return {key for key in one if one[key] != other[key]}


def hypothetical(folder: Path, *settings: str) -> tuple[Machine, list[str]]:
    """The engine after the same facts under other decisions, and the codes of what it refused."""
    books = books_of(folder)
    assert books.checked is not None
    reading = books.checked.reading
    assert reading is not None
    region = other_region(books.region, list(settings), datetime.date(2026, 1, 1))
    machine = Machine(region, State(), reading.chart, reading.evidence, hypothetical=True)
    outcomes = list(machine.run(reading.facts, reading.movements))
    return machine, [outcome.rejection.code for outcome in outcomes if outcome.rejection is not None]


# The document


def test_the_baseline_is_what_months_tells(town: Path) -> None:
    baseline, scenario = what_if(town, "income_tax=0.2")
    assert baseline == {row.pop("month"): row for row in answer("months", town)}
    assert list(scenario) == list(baseline)
    assert all(list(scenario[month]) == list(baseline[month]) for month in baseline)


@pytest.mark.parametrize(
    "setting",
    [
        "income_tax=0.10",
        "dividend=0.5",
        "fic_window_days=40",
        "member_overdraw=null",
        "approvals=1",
        "account_deviation=9",
    ],
)
def test_the_same_decisions_give_the_same_figures(town: Path, setting: str) -> None:
    baseline, scenario = what_if(town, setting)
    assert baseline == scenario


def test_all_the_decisions_again_give_the_same_figures_in_each_economy(
    town: Path, credits_only: Path, small: Path
) -> None:
    rates = ["income_tax=0.10", "sales_tax_internal=0.05", "sales_tax_external=0.1", "profit_at_rest_tax=0.01"]
    rates += ["dividend=0.50", "housing_markup=0.1", "non_member_markup=0.2", "tuition_share=0.25"]
    rates += ["occupations.baker.min=18", "occupations.baker.max=24.00", "occupations.teacher.min=20"]
    for folder in (town, credits_only):
        baseline, scenario = what_if(folder, *rates)
        assert baseline == scenario
    baseline, scenario = what_if(small, "fic_window_days=40", "member_overdraw=10", "account_deviation=0.5")
    assert baseline == scenario


def test_nothing_changes_before_the_date(town: Path) -> None:
    baseline, scenario = what_if(town, "income_tax=0.5", "dividend=1", start="2026-02-01")
    assert baseline["2026-01"] == scenario["2026-01"]
    assert baseline["2026-02"] != scenario["2026-02"]
    baseline, scenario = what_if(town, "income_tax=0.5", start="2030-01-01")
    assert baseline == scenario


def test_the_ledger_is_not_touched(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "town", both_months())
    shutil.copytree(folder, tmp_path / "copy")
    what_if(folder, "income_tax=1")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "copy" / path.relative_to(folder)).read_bytes()


# Taxes


def test_a_higher_income_tax(town: Path) -> None:
    baseline, scenario = what_if(town, "income_tax=0.2")
    january, february = scenario["2026-01"], scenario["2026-02"]
    assert january["income_tax"] == "122.00"  # 610 x 0.2
    assert january["sales_tax"] == "105.00"
    # (122 + 105 + 4.04 + 3 + 7) x 0.5 / 3 = 40.1733
    assert january["dividend"] == "40.17"
    assert january["treasury"] == "8377.53"  # 8347.04 + 61 - 3 x 10.17
    # Ada has 189 - 21 - 60 = 108 for 118.75 of tuition: 10.75 in arrears.
    assert (january["companies_short"], january["members_short"]) == ([], 1)
    assert (baseline["2026-01"]["members_short"], february["income_tax"]) == (0, "42.00")
    assert differing(baseline["2026-01"], january) == {
        "income_tax",
        "taxes",
        "dividend",
        "treasury",
        "treasury_income",
        "treasury_spending",
        "members_short",
    }


def test_a_decision_from_the_middle_of_a_month(town: Path) -> None:
    """On 10 January Ada's 210 are taxed as they were, from the 11th on the wages of Cyd (400) with 0.2."""
    _, scenario = what_if(town, "income_tax=0.2", start="2026-01-11")
    assert scenario["2026-01"]["income_tax"] == "101.00"


def test_a_tax_on_profit_at_rest_from_the_middle_of_a_month(town: Path) -> None:
    """(2370 + 4150) x 0.01 until 19 January and 6000 x 0.02 from the 20th on, over 31 days: 185.2 / 31 = 5.974."""
    _, scenario = what_if(town, "profit_at_rest_tax=0.02", start="2026-01-20")
    assert scenario["2026-01"]["profit_tax"] == "5.97"


def test_sales_taxes_take_the_rate_of_the_day_of_the_sale(town: Path) -> None:
    _, scenario = what_if(town, "sales_tax_external=0", "sales_tax_internal=0.5", start="2026-01-13")
    # 1000 outside on the 12th x 0.10, then 40 and 60 inside x 0.5
    assert scenario["2026-01"]["sales_tax"] == "150.00"


def test_no_dividend_stays_in_the_treasury(town: Path) -> None:
    _, scenario = what_if(town, "dividend=0")
    assert scenario["2026-01"]["dividend"] == "0.00"
    assert scenario["2026-01"]["treasury"] == "8437.04"  # 8347.04 + 90
    assert "dividend" not in scenario["2026-01"]["treasury_spending"]


def test_housing_and_non_members_pay_by_days(town: Path) -> None:
    _, scenario = what_if(town, "housing_markup=0.21", "non_member_markup=0.5", start="2026-01-01")
    # Bob 100 x 1.21 = 121, the bakery 62 and the school 75 at cost; outside 31 x 1.71 x 10/31 = 17.10.
    assert scenario["2026-01"]["treasury_income"]["rent"] == "258.00"
    assert scenario["2026-01"]["treasury_income"]["outsider_rent"] == "17.10"


# Wages


def test_occupations_with_other_bounds(town: Path) -> None:
    _, scenario = what_if(town, "occupations.baker.min=20", "occupations.baker.max=30")
    # Ada: 20 + 0.5 x 10 = 25 an hour, 250; with Cyd's 400: 650 x 0.1.
    assert scenario["2026-01"]["income_tax"] == "65.00"
    _, scenario = what_if(town, "occupations.baker.max=30")
    assert scenario["2026-01"]["income_tax"] == "64.00"  # 18 + 0.5 x 12 = 24
    _, scenario = what_if(town, "occupations.baker.min=19.5")
    assert scenario["2026-01"]["income_tax"] == "61.75"  # 19.5 + 0.5 x 4.5 = 21.75; 217.50


def test_wages_that_are_written_down_are_computed_anew(credits_only: Path, town: Path) -> None:
    settings = ["occupations.baker.min=20", "occupations.baker.max=30", "income_tax=0.15"]
    _, scenario = what_if(credits_only, *settings)
    _, other = what_if(town, *settings)
    assert scenario["2026-01"]["income_tax"] == "97.50"  # 650 x 0.15
    assert scenario == {month: {key: row[key] for key in scenario[month]} for month, row in other.items()}


def test_a_company_that_could_no_longer_pay_is_told_and_nothing_is_rejected(town: Path) -> None:
    """The school has 2000; 20 hours at 150 are 3000. It is 1000 short, and has no 75 for its rent at the close."""
    baseline, scenario = what_if(town, "occupations.teacher.min=150", "occupations.teacher.max=150")
    assert baseline["2026-01"]["companies_short"] == []
    january = scenario["2026-01"]
    assert january["companies_short"] == ["School"]
    assert january["income_tax"] == "321.00"  # (210 + 3000) x 0.1
    text = conductor(
        "what-if", town, "--set", "occupations.teacher.min=150", "--set", "occupations.teacher.max=150",
        "--from", "2026-01-01",
    ).stdout  # fmt: skip
    assert "Who could not pay" in text
    assert "School" in text.partition("Who could not pay")[2]


def test_all_credits_sum_to_zero_under_other_decisions_too(town: Path) -> None:
    machine, refusals = hypothetical(town, "occupations.teacher.min=150", "occupations.teacher.max=150")
    assert refusals == []
    units = {
        name: units
        for name, units in machine.state.balances.items()
        if machine.context.account(name).economy == CREDITS
    }
    assert sum(units.values()) == 0
    assert units[SCHOOL] < 0


# Labour time


def test_a_longer_window_changes_the_factor_and_the_taxes_of_labour_time(town: Path) -> None:
    baseline, scenario = what_if(town, "fic_window_days=400")
    assert (scenario["2026-01"]["fic"], scenario["2026-01"]["labour_taxes"]) == ("0.75", "7.50")  # 30 x 1/4
    assert scenario["2026-01"]["psf"] == "-92.50"
    assert differing(baseline["2026-01"], scenario["2026-01"]) == {"fic", "psf", "labour_taxes"}


def test_what_if_in_labour_time_alone(small: Path) -> None:
    baseline, scenario = what_if(small, "fic_window_days=20")
    assert set(baseline["2026-01"]) == {"closed", "fic", "psf", "labour_taxes"}
    # Window of 10 + 10 days around 5 January: bread 2 + 10 = 12 days, rolls and clinic 13:
    # L = 36 + 13 = 49, L_o = 13, P_o = 2.6, R_o = 3.9: FIC = 42.5 / 62; 10 x (1 - FIC) = 3.145
    assert scenario["2026-01"]["labour_taxes"] == "3.15"
    assert "dividend" not in conductor("what-if", small, "--set", "fic_window_days=20", "--from", "2026-01-01").stdout


def test_who_has_less_to_spend_is_short_and_not_rejected(small: Path) -> None:
    """Bob took bread for 6 hours of the 10 that he may be below zero; had he no limit to draw on, he still took it."""
    baseline, scenario = what_if(small, "member_overdraw=0")
    assert scenario == baseline


# Facts are facts


def test_derived_legs_that_are_written_down_are_computed_anew(tmp_path: Path) -> None:
    """The same January with everything written down that follows from Ada's hours and from the close."""
    hours = (
        '2026-01-10 * "Bakery" "Ada\'s hours"\n'
        "  Assets:Companies:Bakery:A  -10 HOUR\n  Assets:Members:Ada:Hours  10 HOUR\n"
    )
    legs = [
        ("wage", BAKERY, "-210 RSC"),
        ("wage", "Assets:Members:Ada:Wallet", "210 RSC"),
        ("income_tax", "Assets:Members:Ada:Wallet", "-21 RSC"),
        ("income_tax", "Assets:Region:Treasury", "21 RSC"),
        ("taxes", "Assets:Members:Ada:Hours", "-1.43 HOUR"),
        ("taxes", "Equity:PSF", "1.43 HOUR"),
    ]
    written = (
        '2026-01-10 * "Bakery" "Ada\'s hours"\n'
        "  Assets:Companies:Bakery:A  -10 HOUR\n"
        '    transfer: "work_certificates"\n'
        "  Assets:Members:Ada:Hours  10 HOUR\n"
        '    transfer: "work_certificates"\n'
        + "".join(f'  {account}  {amount}\n    transfer: "{kind}"\n' for kind, account, amount in legs)
    )
    close = answer("close", write_town(tmp_path / "open"), "2026-01", "--dry-run")["transfers"]
    closing = '2026-01-31 * "what the close derives" #derived\n  derived-from: "month-close 2026-01"\n' + "".join(
        f'  {row["debit"]}  -{row["amount"]} RSC\n    transfer: "{row["type"]}"\n'
        f'  {row["credit"]}  {row["amount"]} RSC\n    transfer: "{row["type"]}"\n'
        for row in close
    )
    short = JANUARY.replace("            -10 HOUR", "  -10 HOUR").replace("              10 HOUR", "  10 HOUR")
    assert hours in short
    plain = write_town(tmp_path / "plain", {"2026-01": short + CLOSE_JANUARY})
    full = write_town(tmp_path / "full", {"2026-01": short.replace(hours, written) + CLOSE_JANUARY + closing})
    assert answer("balances", full) == answer("balances", plain)
    settings = ("income_tax=0.2", "fic_window_days=400", "occupations.baker.max=30", "dividend=0.1")
    assert what_if(full, *settings) == what_if(plain, *settings)
    assert what_if(full, *settings)[1]["2026-01"]["income_tax"] == "128.00"  # (240 + 400) x 0.2


def test_who_may_act_was_decided_then(town: Path) -> None:
    """What was issued and subsidized by one accountant happened, however many would have to sign."""
    assert hypothetical(town, "approvals=2")[1] == []
    baseline, scenario = what_if(town, "approvals=2")
    assert baseline == scenario


def test_who_was_enrolled_was_enrolled(tmp_path: Path) -> None:
    """Without a pause Ada comes before Bob; had there been one, she would still have been at school, and have paid."""
    region = REGION.replace("schooling_pause_years: 5", "schooling_pause_years: 0")
    march = (
        MARCH
        + '2026-03-06 custom "enrolment-request" "School" "Ada"\n2026-03-07 custom "enrolment-request" "School" "Bob"\n'
        '2026-03-08 custom "enrolment" "School" "Ada"\n2026-03-31 custom "month-close" "2026-03"\n'
    )
    folder = write_town(tmp_path, both_months() | {"2026-03": march}, region=region)
    assert hypothetical(folder, "schooling_pause_years=5")[1] == []


def test_later_decisions_of_the_region_do_not_take_a_setting_back(tmp_path: Path) -> None:
    region = REGION + "  - date: 2026-02-01\n    set: {income_tax: 0.30}\n    occupations: {teacher: null}\n"
    journal = both_months()
    journal["2026-02"] = '2026-02-01 custom "employment-end" "School" "Cyd"\n' + journal["2026-02"]
    folder = write_town(tmp_path, journal, region=region)
    baseline, scenario = what_if(folder, "income_tax=0.20", "occupations.teacher.min=30")
    assert baseline["2026-02"]["income_tax"] == "63.00"
    assert scenario["2026-02"]["income_tax"] == "42.00"
    assert scenario["2026-01"]["income_tax"] == "162.00"  # (210 + 20 x 30) x 0.2


# Text


def test_the_text_tells_what_would_be_beside_what_was(town: Path) -> None:
    result = conductor("what-if", town, "--set", "income_tax=0.2", "--set", "dividend=0.4", "--from", "2026-01-01")
    assert result.exit_code == 0
    assert "income_tax=0.2, dividend=0.4 from 2026-01-01" in result.stdout
    january = next(line for line in result.stdout.splitlines() if line.strip().startswith("2026-01"))
    # 241.04 x 0.4 / 3 = 32.138
    assert [word for word in ("170.04", "231.04", "30.00", "32.13", "=") if word not in january] == []


def test_income_less_spending_is_what_the_treasury_gained_under_other_decisions(town: Path) -> None:
    for settings in (["income_tax=0.9", "dividend=1"], ["occupations.teacher.min=199", "occupations.teacher.max=199"]):
        _, scenario = what_if(town, *settings)
        assert total(scenario["2026-01"]["treasury_income"]) > 0
