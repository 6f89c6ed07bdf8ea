"""`conductor loans`, `properties`, `lists`, and what reports of credits share; figures stand in tests/cli/town.py."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.region import answer, write_small
from tests.cli.town import JANUARY, MARCH, both_months, refused, write_town
from tests.support import conductor

COMMANDS = [["cost", "Bakery"], ["loans"], ["loans", "loan-1"], ["properties"], ["lists"]]

# Loans


def test_loans_of_banks_and_from_outside_by_the_instant_of_the_grant(town: Path) -> None:
    home, oven, outside = answer("loans", town)
    assert oven == {
        "loan": "loan-1",
        "lender": "PublicBank",
        "borrower": "Bakery",
        "outside": False,
        "principal": "1200.00",
        "yearly_rate": "0.12",
        "months": 12,
        "repayment": "equal",
        "instalment": "100.00",
        "outstanding": "1100.00",
        "arrears": "0.00",
        "granted": "2026-01-05T00:00:00",
        "purpose": "A second oven",
    }
    assert home == oven | {
        "loan": "home-1",
        "borrower": "Bob",
        "principal": "600.00",
        "yearly_rate": "0",
        "months": 6,
        "repayment": "annuity",
        "outstanding": "600.00",
        "arrears": "100.00",
        "purpose": "",
    }
    assert outside == {
        "loan": "credit-7",
        "lender": "City Bank",
        "borrower": "Bakery",
        "outside": True,
        "principal": "500.00",
        "yearly_rate": None,
        "months": None,
        "repayment": None,
        "instalment": None,
        "outstanding": "300.00",
        "arrears": "0.00",
        "granted": "2026-01-06T00:00:00",
        "purpose": "",
    }


def test_loans_at_a_date(town: Path) -> None:
    assert answer("loans", town, "--at", "2026-01-04") == []
    rows = answer("loans", town, "--at", "2026-02-27")
    assert [(row["loan"], row["outstanding"], row["arrears"]) for row in rows] == [
        ("home-1", "600.00", "0.00"),
        ("loan-1", "1200.00", "0.00"),
        ("credit-7", "300.00", "0.00"),
    ]


def test_what_falls_due_of_a_loan_from_now_on(town: Path) -> None:
    rows = answer("loans", town, "loan-1")
    assert list(rows[0]) == ["instalment", "month", "interest", "principal", "payment", "outstanding"]
    # After the first of twelve: 1100 x 0.01 = 11.00 of interest, 100 less each month.
    assert [tuple(row.values()) for row in rows] == [
        (2 + index, month, f"{11 - index}.00", "100.00", f"{111 - index}.00", f"{1000 - 100 * index}.00")
        for index, month in enumerate([*(f"2026-{number:02}" for number in range(3, 13)), "2027-01"])
    ]


def test_what_is_in_arrears_falls_due_first_and_the_loan_still_ends_in_time(town: Path) -> None:
    rows = answer("loans", town, "home-1")
    # The instalment of February, 100, was not paid: it falls due with that of March.
    assert [(row["month"], row["payment"]) for row in rows] == [
        ("2026-03", "200.00"),
        ("2026-04", "100.00"),
        ("2026-05", "100.00"),
        ("2026-06", "100.00"),
        ("2026-07", "100.00"),
    ]


def test_a_schedule_is_what_the_closes_then_derive(tmp_path: Path) -> None:
    """Bob earns nothing, but he moves out, and Cyd helps him: from March on all is paid."""
    months = [f"2026-{month:02}" for month in range(3, 8)]
    last = dict(zip(months, (31, 30, 31, 30, 31), strict=True))
    later = {
        month: f'{month}-02 * "Cyd" "help"\n  Assets:Members:Cyd:Wallet  -{help_} RSC\n  Assets:Members:Bob:Wallet  '
        f'{help_} RSC\n{month}-{last[month]} custom "month-close" "{month}"\n'
        for month, help_ in zip(months, (300, 100, 100, 100, 100), strict=True)
    }
    later["2026-03"] += '2026-03-01 custom "lease-end" "apt-1"\n'
    journal = both_months() | later
    first = write_town(tmp_path / "first", both_months())
    folder = write_town(tmp_path / "later", journal)
    paid = [
        (row["instant"][:7], row["amount"])
        for row in answer("transfers", folder, "--type", "loan_repayment", "--party", "Bob")
    ]
    sums: dict[str, Decimal] = {}
    for month, amount in paid:
        sums[month] = sums.get(month, Decimal(0)) + Decimal(amount)
    planned = {row["month"]: Decimal(row["principal"]) for row in answer("loans", first, "home-1")}
    assert sums == planned
    assert answer("loans", folder, "home-1") == []
    assert answer("loans", folder)[0]["outstanding"] == "0.00"


def test_an_annuity_is_the_same_each_month_and_ends_at_exactly_zero(tmp_path: Path) -> None:
    loan = '2026-01-30 custom "loan" "loan-2" "PublicBank" "Bakery"\n  principal: 1000 RSC\n'
    loan += "  yearly-rate: 0.06\n  months: 3\n"
    rows = answer("loans", write_town(tmp_path, {"2026-01": JANUARY + loan}), "loan-2")
    # 1000 x 0.005 / (1 - 1.005^-3) = 336.6722...
    assert [(row["month"], row["interest"], row["payment"], row["outstanding"]) for row in rows] == [
        ("2026-02", "5.00", "336.67", "668.33"),
        ("2026-03", "3.34", "336.67", "335.00"),
        ("2026-04", "1.68", "336.68", "0.00"),  # the last one is outstanding + interest
    ]


def test_a_loan_that_does_not_exist_is_exit_2_and_names_the_nearest(town: Path) -> None:
    assert '"home-1"' in refused("loans", town, "home1")
    refused("loans", town, "loan-1", "--at", "2026-01-01")
    # What was borrowed outside has no schedule here: its terms are its lender's affair.
    refused("loans", town, "credit-7")


def test_the_text_of_loans(town: Path) -> None:
    text = conductor("loans", town).stdout
    assert [word for word in ("loan-1", "City Bank", "1200.00", "0.12", "1100.00") if word not in text] == []
    text = conductor("loans", town, "loan-1").stdout
    assert "PublicBank to Bakery" in text
    assert "2027-01" in text


# Property


def test_properties_with_their_costs_and_who_holds_them(town: Path) -> None:
    rows = answer("properties", town)
    assert [row["property"] for row in rows] == ["apt-1", "apt-2", "hall", "oven"]
    assert rows[0] == {
        "property": "apt-1",
        "kind": "housing",
        "name": "Under the roof",
        "property_tax": "20.00",
        "maintenance": "60.00",
        "administration": "15.00",
        "depreciation": "5.00",
        "monthly_cost": "100.00",
        "charged": "220.00",
        "spent": "0.00",
        "price": "5000.00",
        "sold": None,
        "lessee": "Bob",
        "lessee_name": None,
        "since": "2026-01-01",
    }
    assert (rows[1]["lessee"], rows[1]["lessee_name"], rows[1]["since"]) == ("outside", "Mr Grey", "2026-01-22")
    assert [row["monthly_cost"] for row in rows] == ["100.00", "31.00", "155.00", "62.00"]


def test_properties_at_a_date_and_after_a_lease_ended_and_a_sale(tmp_path: Path) -> None:
    more = (
        '2026-01-29 custom "lease-end" "apt-1" "Bob"\n'
        '2026-01-30 * "A buyer" "the apartment" ^apt-1\n  transfer: "property_sale"\n  by: "carla"\n'
        "  Equity:Outside  -5000 RSC\n  Assets:Region:Treasury  5000 RSC\n"
    )
    folder = write_town(tmp_path, {"2026-01": JANUARY + more})
    before = answer("properties", folder, "--at", "2026-01-16")
    assert [(row["property"], row["lessee"]) for row in before] == [
        ("apt-1", "Bob"),
        ("apt-2", None),
        ("hall", None),
        ("oven", "Bakery"),
    ]
    assert answer("properties", folder, "--at", "2026-01-28")[0]["lessee"] == "Bob"
    after = answer("properties", folder)[0]
    assert (after["lessee"], after["since"], after["sold"]) == (None, None, "2026-01-30T00:00:00")
    assert answer("properties", folder, "--at", "2025-12-31") == []
    assert "2026-01-30" in conductor("properties", folder).stdout


def test_the_text_of_properties_names_who_rents_from_outside(town: Path) -> None:
    text = conductor("properties", town).stdout
    for word in ("Under the roof", "Mr Grey", "hall", "155.00", "5000.00"):
        assert word in text


# Lists


def test_wait_lists_in_the_order_in_which_they_are_served(town: Path) -> None:
    assert answer("lists", town) == [
        {"list": "housing", "length": 2, "waiting": ["Cyd", "Ada"], "served": 2},
        {"list": "equipment", "length": 0, "waiting": [], "served": 1},
        {"list": "facility", "length": 0, "waiting": [], "served": 1},
        {"list": "School", "length": 0, "waiting": [], "served": 0},
    ]
    (housing, *_, school) = answer("lists", town, "--at", "2026-01-16")
    assert (housing["served"], housing["waiting"]) == (1, ["Cyd", "Ada"])
    assert school == {"list": "School", "length": 0, "waiting": [], "served": 1}
    assert [row["length"] for row in answer("lists", town, "--at", "2026-01-03")] == [1, 0, 0]


def test_schools_serve_first_who_was_not_there_for_years(tmp_path: Path) -> None:
    """Ada left on 15 February: for five years others come first, however late they ask."""
    march = (
        MARCH
        + '2026-03-06 custom "enrolment-request" "School" "Ada"\n2026-03-07 custom "enrolment-request" "School" "Bob"\n'
    )
    folder = write_town(tmp_path, both_months() | {"2026-03": march})
    assert answer("lists", folder)[-1]["waiting"] == ["Bob", "Ada"]
    assert answer("lists", folder, "--at", "2031-02-14")[-1]["waiting"] == ["Bob", "Ada"]
    assert answer("lists", folder, "--at", "2031-02-15")[-1]["waiting"] == ["Ada", "Bob"]


def test_the_text_of_lists_shows_the_demand(town: Path) -> None:
    assert "Cyd, Ada" in conductor("lists", town).stdout


# All of them


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_region_without_credits_says_so_and_is_exit_2(small: Path, command: list[str]) -> None:
    assert "has not switched on regional credits" in refused(command[0], small, *command[1:])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_region_of_credits_alone_is_told_the_same(credits_only: Path, town: Path, command: list[str]) -> None:
    found = answer(command[0], credits_only, *command[1:])
    if command[0] != "cost":
        assert found == answer(command[0], town, *command[1:])
    assert conductor(command[0], credits_only, *command[1:]).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_where_there_is_no_ledger_it_is_exit_2(tmp_path: Path, command: list[str]) -> None:
    refused(command[0], tmp_path / "nowhere", *command[1:])


def test_an_empty_region_has_nothing_to_show(tmp_path: Path) -> None:
    folder = write_town(tmp_path, {"2026-01": ""}, parties="")
    assert answer("loans", folder) == answer("properties", folder) == answer("months", folder) == []
    assert [row["list"] for row in answer("lists", folder)] == ["housing", "equipment", "facility"]
    for command in ("loans", "properties", "lists", "months"):
        assert conductor(command, folder).exit_code == 0


def test_names_of_the_ledger_are_never_markup_or_control_codes(tmp_path: Path) -> None:
    text = JANUARY.replace("Mr Grey", "[red]Mr \x1b[31m Grey[/red]")
    result = conductor("properties", write_town(tmp_path, {"2026-01": text}))
    assert "[red]Mr" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_ledger_whose_rules_could_not_run_tells_nothing(tmp_path: Path) -> None:
    folder = write_small(tmp_path, region="region: 1\n")
    for command in COMMANDS:
        result = conductor(command[0], folder, *command[1:])
        assert (result.exit_code, result.stdout) == (1, "")
        assert "no figures can be told" in result.stderr
