"""Balances, transfers, statements and companies where credits are on: exactly the keys and figures of the small town.

Every figure is worked out by hand in tests/cli/town.py.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.region import answer
from tests.cli.town import (
    ADA,
    BAKERY,
    BANK,
    BOB,
    CLAIM,
    CYD,
    JANUARY,
    PARTIES,
    REGION,
    SCHOOL,
    TREASURY,
    write_town,
)
from tests.support import conductor

TABLE = """\
gift                    member_wallet -> member_wallet                           recorded
purchase                wallet -> company_wallet                                 recorded
external_sale           outside -> company_wallet                                recorded
external_purchase       wallet -> outside                                        recorded
sales_tax               company_wallet -> treasury                               derived
sales_tax_refund        treasury -> company_wallet                               derived
wage                    company_wallet -> treasury                               derived
wage                    company_wallet -> member_wallet                          derived
income_tax              member_wallet -> treasury                                derived
rent                    wallet -> treasury                                       derived
outsider_rent           outside -> treasury                                      derived
surcharge               outside or clearing -> treasury                          recorded
loan                    bank -> wallet                                           derived
loan_claim              debt -> claim                                            derived
loan_repayment          wallet -> bank                                           derived
loan_interest           wallet -> bank                                           derived
loan_release            claim -> debt                                            derived
outside_loan            outside -> company_wallet                                recorded
outside_repayment       company_wallet -> outside                                recorded
profit_tax              company_wallet -> treasury                               derived
tuition                 member_wallet -> company_wallet                          derived
subsidy                 treasury -> company_wallet                               recorded
upkeep                  treasury -> company_wallet or outside                    recorded
bank_surplus            bank -> treasury                                         derived
dividend                treasury -> member_wallet                                derived
issue                   issuance -> treasury or bank                             recorded
retire                  treasury or bank -> issuance                             recorded
capitalization          treasury -> bank                                         recorded
acquisition             company_wallet -> outside or company_wallet              recorded
property_purchase       treasury -> member_wallet, company_wallet or outside     recorded
property_sale           member_wallet, company_wallet or outside -> treasury     recorded
pooling                 treasury or clearing -> pool                             recorded
pooling                 pool -> company_wallet, outside, clearing or treasury    recorded
interregional_purchase  wallet -> clearing                                       recorded
interregional_sale      clearing -> company_wallet                               recorded
interregional_gift      member_wallet -> clearing                                recorded
interregional_gift      clearing -> member_wallet                                recorded
settlement              treasury -> clearing                                     recorded
settlement              clearing -> treasury                                     recorded
liquidation             company_wallet -> bank, company_wallet, outside or treasury  derived
"""
"""The table of RULES.md, part B; a bankrupt company pays lenders outside as well."""

ROWS = [re.split(r" {2,}| -> ", line) for line in TABLE.splitlines()]


def test_balances_say_kind_owner_and_commodity_of_every_account_of_credits(town: Path) -> None:
    rows = {row["account"]: row for row in answer("balances", town)}
    shown = {
        name: (row["kind"], row["owner"], row["balance"]) for name, row in rows.items() if row["commodity"] == "RSC"
    }
    assert shown == {
        BANK: ("bank", "PublicBank", "8300.00"),  # 10000 - 1800 lent + 100 + 12 - 12
        CLAIM: ("claim", "PublicBank", "1700.00"),
        BAKERY: ("company_wallet", "Bakery", "1446.07"),
        SCHOOL: ("company_wallet", "School", "1698.50"),
        ADA: ("member_wallet", "Ada", "83.86"),
        BOB: ("member_wallet", "Bob", "8.36"),
        CYD: ("member_wallet", "Cyd", "813.36"),
        "Assets:Region:Pools:Transit": ("pool", "Transit", "0.00"),
        TREASURY: ("treasury", "Milltown", "8680.15"),
        "Assets:Regions:Lakeside:Clearing": ("clearing", "Lakeside", "0.00"),
        "Equity:Issuance": ("issuance", "Milltown", "-20000.00"),
        "Equity:Outside": ("outside", "outside", "-1030.30"),  # -300 - 1000 + 330 - 7 - 13 - 40.30
        "Liabilities:Companies:Bakery:Loans": ("debt", "Bakery", "-1100.00"),
        "Liabilities:Companies:School:Loans": ("debt", "School", "0.00"),
        "Liabilities:Members:Ada:Loans": ("debt", "Ada", "0.00"),
        "Liabilities:Members:Bob:Loans": ("debt", "Bob", "-600.00"),
        "Liabilities:Members:Cyd:Loans": ("debt", "Cyd", "0.00"),
    }
    assert {row["commodity"] for row in rows.values() if row["kind"] in ("p", "r", "a", "prd", "member", "psf")} == {
        "HOUR"
    }


def test_the_commodity_is_called_as_the_region_calls_it(tmp_path: Path) -> None:
    folder = write_town(
        tmp_path,
        {"2026-01": JANUARY.replace("RSC", "TALER")},
        region=REGION.replace("RSC", "TALER"),
        parties=PARTIES.replace("RSC", "TALER"),
    )
    assert {row["commodity"] for row in answer("balances", folder)} == {"HOUR", "TALER"}
    assert {row["commodity"] for row in answer("transfers", folder, "--type", "wage")} == {"TALER"}


@pytest.mark.parametrize(
    ("at", "bakery", "debt"),
    [
        ("2025-12-31", None, None),
        ("2026-01-01", "0.00", "0.00"),
        ("2026-01-05", "1200.00", "-1200.00"),
        ("2026-01-30", "2000.00", "-1200.00"),
        ("2026-01-31T12:00:00", "2000.00", "-1200.00"),  # the close comes after everything else of its date
        ("2026-01-31", "1831.96", "-1200.00"),
        ("2026-02-28", "1446.07", "-1100.00"),
    ],
)
def test_at_the_end_of_a_closed_month_the_close_counts(
    town: Path, at: str, bakery: str | None, debt: str | None
) -> None:
    rows = {row["account"]: row["balance"] for row in answer("balances", town, "--at", at)}
    assert rows.get(BAKERY) == bakery
    assert rows.get("Liabilities:Companies:Bakery:Loans") == debt


def test_balances_of_each_commodity_sum_to_zero_at_any_date(town: Path) -> None:
    for at in ("2026-01-01", "2026-01-10", "2026-01-31", "2026-02-12", "2026-02-28", "2026-03-05"):
        sums: dict[str, Decimal] = {}
        for row in answer("balances", town, "--at", at):
            sums[row["commodity"]] = sums.get(row["commodity"], Decimal(0)) + Decimal(row["balance"])
        assert sums == {"HOUR": 0, "RSC": 0}, at


def test_a_region_of_credits_alone_has_no_accounts_of_hours(credits_only: Path, town: Path) -> None:
    rows = answer("balances", credits_only)
    assert {row["commodity"] for row in rows} == {"RSC"}
    assert "Equity:PSF" not in {row["account"] for row in rows}
    # Wages that are written down move what derived ones move.
    both = {row["account"]: row["balance"] for row in answer("balances", town) if row["commodity"] == "RSC"}
    assert {row["account"]: row["balance"] for row in rows} == both


def test_hours_derive_wage_and_income_tax_beside_the_taxes_of_labour_time(town: Path) -> None:
    rows = answer("transfers", town, "--from", "2026-01-10", "--to", "2026-01-10")
    assert [(r["type"], r["debit"], r["credit"], r["commodity"], r["amount"], r["derived"]) for r in rows] == [
        ("work_certificates", "Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours", "HOUR", "10.00", False),
        ("taxes", "Assets:Members:Ada:Hours", "Equity:PSF", "HOUR", "1.43", True),  # 10 x (1 - 6/7)
        ("wage", BAKERY, ADA, "RSC", "210.00", True),
        ("income_tax", ADA, TREASURY, "RSC", "21.00", True),
    ]


def test_without_labour_time_the_wage_is_recorded_and_its_tax_derived(credits_only: Path) -> None:
    rows = answer("transfers", credits_only, "--from", "2026-01-10", "--to", "2026-01-10")
    assert [(r["type"], r["debit"], r["credit"], r["amount"], r["derived"]) for r in rows] == [
        ("wage", BAKERY, ADA, "210.00", False),
        ("income_tax", ADA, TREASURY, "21.00", True),
    ]


def test_a_loan_moves_credits_and_a_debt_and_links_the_loan(town: Path) -> None:
    rows = answer("transfers", town, "--party", "PublicBank", "--to", "2026-01-05")
    assert [(r["type"], r["debit"], r["credit"], r["amount"], r["derived"], r["links"]) for r in rows] == [
        ("issue", "Equity:Issuance", BANK, "10000.00", False, []),
        ("loan", BANK, BOB, "600.00", True, ["home-1"]),
        ("loan_claim", "Liabilities:Members:Bob:Loans", CLAIM, "600.00", True, ["home-1"]),
        ("loan", BANK, BAKERY, "1200.00", True, ["loan-1"]),
        ("loan_claim", "Liabilities:Companies:Bakery:Loans", CLAIM, "1200.00", True, ["loan-1"]),
    ]


def test_what_a_close_derives_stands_at_the_end_of_its_day_and_at_its_line(town: Path) -> None:
    rows = answer("transfers", town, "--from", "2026-02-28", "--to", "2026-02-28")
    assert {row["derived"] for row in rows} == {True}
    assert {row["instant"][:10] for row in rows} == {"2026-02-28"}
    line = (town / "journal/2026-02.beancount").read_text("utf-8").splitlines().index(
        '2026-02-28 custom "month-close" "2026-02"'
    ) + 1
    assert {(row["file"], row["line"]) for row in rows} == {("journal/2026-02.beancount", line)}
    assert sorted((row["type"], row["debit"], row["amount"]) for row in rows) == sorted(
        [
            ("rent", BAKERY, "62.00"),
            ("rent", SCHOOL, "155.00"),
            ("rent", BOB, "60.00"),  # of 110: 50 remain in arrears
            ("outsider_rent", "Equity:Outside", "40.30"),
            ("loan_interest", BAKERY, "12.00"),
            ("loan_repayment", BAKERY, "100.00"),
            ("loan_release", CLAIM, "100.00"),
            ("tuition", ADA, "38.75"),
            ("sales_tax", SCHOOL, "6.00"),
            ("profit_tax", BAKERY, "1.89"),
            ("bank_surplus", BANK, "12.00"),
            *[("dividend", TREASURY, "8.36")] * 3,
        ]
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--type", "rent", "--to", "2026-01-31"], ["62.00", "75.00", "110.00"]),
        (["--type", "rent", "--from", "2026-02-01"], ["62.00", "155.00", "60.00"]),
        (["--type", "rent", "--party", "Bob"], ["110.00", "60.00"]),
        (["--type", "rent", "--to", "2026-01-31", "--party", "School"], ["75.00"]),
        (["--type", "rent", "--to", "2026-01-30"], []),
        (["--type", "surcharge"], ["7.00"]),
        (["--type", "gift", "--party", "Cyd"], ["20.00", "400.00", "5.00"]),
        (["--type", "bank_surplus", "--party", "Milltown"], ["12.00"]),
        (["--party", "Transit"], []),
        (["--party", "Lakeside"], []),
    ],
)
def test_transfers_can_be_narrowed_down_to_a_type_and_a_party(
    town: Path, arguments: list[str], expected: list[str]
) -> None:
    rows = answer("transfers", town, *arguments)
    assert [row["amount"] for row in rows] == expected


def test_the_party_may_be_a_region_next_door(tmp_path: Path) -> None:
    trade = (
        '2026-01-29 * "Lakeside" "200 loaves for the festival"\n  transfer: "interregional_sale"\n'
        f"  Assets:Regions:Lakeside:Clearing  -50 RSC\n  {BAKERY}  50 RSC\n"
    )
    folder = write_town(tmp_path, {"2026-01": JANUARY + trade})
    (row,) = answer("transfers", folder, "--party", "Lakeside")
    assert (row["type"], row["amount"], row["credit"]) == ("interregional_sale", "50.00", BAKERY)
    assert answer("statement", folder, "Lakeside")["closing"] == {"Assets:Regions:Lakeside:Clearing": "-50.00"}


def test_a_party_that_does_not_exist_is_exit_2_and_names_the_nearest(town: Path) -> None:
    for command in (["transfers", town, "--party", "PublicBnk"], ["statement", town, "PublicBnk"]):
        result = conductor(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert '"PublicBank"' in result.stderr


def test_a_type_that_does_not_exist_is_exit_2_and_names_the_nearest(town: Path) -> None:
    result = conductor("transfers", town, "--type", "rant")
    assert (result.exit_code, result.stdout) == (2, "")
    assert '"rent"' in result.stderr


def test_the_table_has_every_row_of_the_rules() -> None:
    mine = [row for row in answer("transfers", "--table") if row["commodity"] == "RSC"]
    assert [[r["name"], r["debit"], r["credit"], "derived" if r["derived"] else "recorded"] for r in mine] == ROWS
    assert all(row["explanation"] for row in mine)


def test_the_text_of_the_table_names_every_row() -> None:
    text = conductor("transfers", "--table").stdout
    shown = {line.split()[0] for line in text.splitlines() if line.split()}
    assert {row[0] for row in ROWS} <= shown


def test_a_statement_has_the_wallet_the_debt_and_the_hours_of_a_member(town: Path) -> None:
    document = answer("statement", town, "Bob", "--from", "2026-02-01", "--to", "2026-02-28")
    assert list(document) == ["party", "opening", "transfers", "closing"]
    rest = {"Assets:Members:Bob:Hours": "0.00", "Liabilities:Members:Bob:Loans": "-600.00"}
    assert document["opening"] == {BOB: "460.00"} | rest
    assert document["closing"] == {BOB: "8.36"} | rest
    assert [(row["type"], row["amount"]) for row in document["transfers"]] == [
        ("gift", "400.00"),
        ("rent", "60.00"),
        ("dividend", "8.36"),
    ]


@pytest.mark.parametrize("party", ["Ada", "Bob", "Bakery", "School", "PublicBank", "Milltown", "outside", "Transit"])
def test_a_statement_goes_from_opening_to_closing_by_its_transfers(town: Path, party: str) -> None:
    document = answer("statement", town, party, "--from", "2026-01-20", "--to", "2026-02-20")
    balances = {name: Decimal(amount) for name, amount in document["opening"].items()}
    for row in document["transfers"]:
        if row["debit"] in balances:
            balances[row["debit"]] -= Decimal(row["amount"])
        if row["credit"] in balances:
            balances[row["credit"]] += Decimal(row["amount"])
    assert balances == {name: Decimal(amount) for name, amount in document["closing"].items()}
    at_the_end = {row["account"]: row["balance"] for row in answer("balances", town, "--at", "2026-02-20")}
    assert {name: at_the_end[name] for name in document["closing"]} == document["closing"]


def test_the_statement_of_the_region_is_its_treasury_and_what_it_issued(town: Path) -> None:
    document = answer("statement", town, "Milltown")
    assert document["closing"] == {TREASURY: "8680.15", "Equity:Issuance": "-20000.00"}


def test_companies_show_their_pools_at_a_date(town: Path) -> None:
    keys = ["company", "ownership", "p", "r", "a", "prd", "wallet", "deviation", "members"]
    rows = answer("companies", town)
    assert all(list(row) == keys for row in rows)
    assert [(row["company"], row["ownership"], row["wallet"]) for row in rows] == [
        ("Bakery", "workers", "1446.07"),
        ("School", "regional", "1698.50"),
    ]
    assert [row["wallet"] for row in answer("companies", town, "--at", "2026-01-31")] == ["1831.96", "1700.75"]


def test_companies_of_a_region_of_credits_alone_have_pools_and_no_plans(credits_only: Path) -> None:
    rows = answer("companies", credits_only)
    assert [row["wallet"] for row in rows] == ["1446.07", "1698.50"]
    assert [row["members"] for row in rows] == [["Ada"], ["Cyd"]]
    text = conductor("companies", credits_only).stdout
    assert "1446.07" in text
    assert "prd" not in text


def test_a_ledger_with_an_error_still_tells_figures_says_so_and_is_exit_1(tmp_path: Path) -> None:
    gift = f'2026-01-29 * "more than he has"\n  {BOB}  -5000 RSC\n  {CYD}  5000 RSC\n'
    folder = write_town(tmp_path, {"2026-01": JANUARY + gift})
    for command in (["balances"], ["transfers"], ["companies"], ["statement", "Bob"], ["cost", "Bakery"], ["loans"],
                    ["properties"], ["lists"], ["months"]):  # fmt: skip
        result = conductor(command[0], folder, *command[1:])
        assert result.exit_code == 1, command
        assert "insufficient-balance" in result.stderr, command
        assert result.stdout, command
