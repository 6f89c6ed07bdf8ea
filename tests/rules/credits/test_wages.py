"""Wages and the tax on them: what follows from each registration of hours."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BOB,
    FUNDED,
    PLAIN,
    TREASURY,
    decision,
    hours,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal


@ledger(region=region(income_tax=0.12), prelude=FUNDED)
def test_an_hour_pays_the_wage_of_the_occupation_and_its_tax(books: Loaded) -> None:
    """
    2026-01-02 * "Sunrise Bakery" "Ada, 8 hours"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    # 8 x (18 + 0.5 x (24 - 18)) = 168; 168 x 0.12 = 20.16. There are no plans, so FIC is 1 and no hour is taxed.
    (entry,) = [entry for entry in books.governed() if entry.payee == "Sunrise Bakery"]
    assert [(p.account, p.units.number, p.units.currency, p.meta["transfer"]) for p in entry.postings] == [
        ("Assets:Companies:Bakery:A", D(-8), "HOUR", "work_certificates"),
        ("Assets:Members:Ada:Hours", D(8), "HOUR", "work_certificates"),
        ("Assets:Members:Ada:Hours", D(0), "HOUR", "taxes"),
        ("Equity:PSF", D(0), "HOUR", "taxes"),
        (BAKERY, D(-168), "RSC", "wage"),
        (ADA, D(168), "RSC", "wage"),
        (ADA, D("-20.16"), "RSC", "income_tax"),
        (TREASURY, D("20.16"), "RSC", "income_tax"),
    ]
    assert entry.tags == {"derived"}


@ledger(region=region(income_tax=0.1), prelude=FUNDED)
def test_a_payroll_charges_the_company_once_and_pays_each_worker_her_wage(books: Loaded) -> None:
    """
    2026-01-02 * "payroll"
      Assets:Companies:Bakery:A     -13 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        5 HOUR
    """
    assert moves(books, "wage") == [("wage", BAKERY, ADA, D(168)), ("wage", BAKERY, BOB, D(90))]
    assert paid(books, "income_tax") == [D("16.80"), D(9)]
    (entry,) = [entry for entry in books.governed() if entry.narration == "payroll"]
    assert [p.units.number for p in entry.postings if p.account == BAKERY] == [D(-258)]
    assert [p.units.number for p in entry.postings if p.account == TREASURY] == [D("25.80")]


@ledger(region=region(income_tax=0.1), prelude=FUNDED)
def test_each_wage_and_each_tax_is_rounded_half_even_by_itself(books: Loaded) -> None:
    """
    2026-01-02 custom "employment" "Mill" "Cyd"
      occupation: "teacher"
      productivity: 0.0125
      standard: "of the guild"
    2026-01-02 * "0.10 hours"
      Assets:Companies:Mill:A        -0.10 HOUR
      Assets:Members:Cyd:Hours        0.10 HOUR
    2026-01-03 * "0.30 hours"
      Assets:Companies:Mill:A        -0.30 HOUR
      Assets:Members:Cyd:Hours        0.30 HOUR
    """
    # 30 + 0.0125 x 20 = 30.25 an hour. 0.10 hours: 3.025 -> 3.02, tax 0.302 -> 0.30.
    # 0.30 hours: 9.075 -> 9.08, tax 0.908 -> 0.91.
    assert paid(books, "wage") == [D("3.02"), D("9.08")]
    assert paid(books, "income_tax") == [D("0.30"), D("0.91")]


@pytest.mark.parametrize(("productivity", "wage"), [("0", 30), ("0.25", 35), ("0.5", 40), ("1", 50)])
def test_productivity_moves_the_wage_within_the_range(productivity: str, wage: int) -> None:
    text = f'2026-01-02 custom "employment" "School" "Dan"\n  occupation: "teacher"\n  productivity: {productivity}\n'
    text += '  standard: "of the guild"\n'
    books = check(text + hours("School", "Dan", 1), region=PLAIN, prelude=FUNDED)
    assert paid(books, "wage") == [wage]


@pytest.mark.parametrize("productivity", ["3", "1.01", "-0.1", '"high"', "1 RSC"])
def test_productivity_lies_between_0_and_1(productivity: str) -> None:
    text = (
        '2026-01-02 custom "employment" "School" "Dan" ; ! malformed-metadata\n'
        f'  occupation: "teacher"\n  productivity: {productivity}\n'
    )
    books = check(text + hours("School", "Dan", 1), region=PLAIN, prelude=FUNDED)
    assert paid(books, "wage") == [30]  # as before


def test_a_repeated_employment_changes_the_wage_from_then_on() -> None:
    text = hours("Bakery", "Bob", 1) + '2026-01-05 custom "employment" "Bakery" "Bob"\n  occupation: "teacher"\n'
    books = check(text + hours("Bakery", "Bob", 1, date="2026-01-05"), region=PLAIN, prelude=FUNDED)
    assert paid(books, "wage") == [18, 30]


@ledger(region=PLAIN, prelude=FUNDED)
def test_wages_need_an_occupation_that_the_region_has_set(books: Loaded) -> None:
    """
    2026-01-02 custom "employment" "Mill" "Ada"
    2026-01-02 custom "employment" "Mill" "Bob" ; ! occupation-not-found
      occupation: "backer"
    2026-01-03 * "no occupation: no wage could follow" ; ! occupation-not-found
      Assets:Companies:Mill:A        -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    """
    assert "baker" in str([problem.message for problem in books.books.errors])


GONE = region("  - date: 2026-01-05\n    occupations:\n      baker: null\n      miller: {min: 25, max: 25}\n")


@ledger(region=GONE, prelude=FUNDED)
def test_an_occupation_that_is_gone_pays_no_wage(books: Loaded) -> None:
    """
    2026-01-04 * "the last day"
      time: "23:59:59.999999"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-01-05 * "gone" ; ! occupation-not-found
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-01-05 * "others are paid what is decided now"
      Assets:Companies:Mill:A        -1 HOUR
      Assets:Members:Cyd:Hours        1 HOUR
    """
    assert paid(books, "wage") == [21, 25]


@ledger(region=PLAIN, prelude=FUNDED)
def test_a_company_that_lacks_the_wage_registers_no_hours(books: Loaded) -> None:
    """
    2026-01-02 * "24 x 21 = 504"
      Assets:Companies:Bakery:A      -24 HOUR
      Assets:Members:Ada:Hours        24 HOUR
    2026-01-03 * "504 are spent, 496 are left, 504 would be needed" ; ! insufficient-balance
      Assets:Companies:Bakery:A      -24 HOUR
      Assets:Members:Ada:Hours        24 HOUR
    2026-01-04 * "23 x 21 = 483"
      Assets:Companies:Bakery:A      -23 HOUR
      Assets:Members:Ada:Hours        23 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == 24 + 23
    assert books.balance(BAKERY) == 1000 - 504 - 483


@ledger(region=PLAIN, prelude=FUNDED)
def test_a_day_has_24_hours(books: Loaded) -> None:
    """
    2026-01-02 * "27 hours" ; ! more-than-24-hours-a-day
      Assets:Companies:Bakery:A      -27 HOUR
      Assets:Members:Ada:Hours        27 HOUR
    2026-01-03 custom "employment" "Mill" "Ada"
      occupation: "miller"
    2026-01-03 * "the morning"
      Assets:Companies:Bakery:A      -20 HOUR
      Assets:Members:Ada:Hours        20 HOUR
    2026-01-03 * "a hundredth too much, at another company" ; ! more-than-24-hours-a-day
      time: "20:00:00"
      Assets:Companies:Mill:A        -4.01 HOUR
      Assets:Members:Ada:Hours        4.01 HOUR
    2026-01-03 * "exactly 24"
      time: "21:00:00"
      Assets:Companies:Mill:A        -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    """
    assert paid(books, "wage") == [420, 80]


@ledger(region=PLAIN, prelude=FUNDED)
def test_of_one_instant_the_last_registration_by_the_key_falls(books: Loaded) -> None:
    """
    2026-01-03 custom "employment" "Mill" "Ada"
      occupation: "miller"
    2026-01-03 * "at the mill" ; ! more-than-24-hours-a-day
      Assets:Companies:Mill:A        -13 HOUR
      Assets:Members:Ada:Hours        13 HOUR
    2026-01-03 * "at the bakery"
      Assets:Companies:Bakery:A      -12 HOUR
      Assets:Members:Ada:Hours        12 HOUR
    """
    assert paid(books, "wage") == [252]


@ledger(region=PLAIN, prelude=FUNDED)
def test_too_many_hours_are_refused_before_balances_are_looked_at(books: Loaded) -> None:
    """
    2026-01-03 * "27 hours cost 567" ; ! more-than-24-hours-a-day
      Assets:Companies:Bakery:A      -27 HOUR
      Assets:Members:Ada:Hours        27 HOUR
    2026-01-03 * "950, which the wallet of 1000 has once those hours have fallen"
      transfer: "external_purchase"
      input: "wheat"
      Assets:Companies:Bakery:Wallet   -950 RSC
      Equity:Outside                    950 RSC
    """
    assert books.balance(BAKERY) == 50


@ledger(region=PLAIN, prelude=FUNDED)
def test_hours_taken_back_may_be_registered_anew_on_the_same_day(books: Loaded) -> None:
    """
    2026-01-03 * "20 hours, but it was Bob who worked them"
      id: "it"
      Assets:Companies:Bakery:A      -20 HOUR
      Assets:Members:Ada:Hours        20 HOUR
    2026-01-03 custom "reversal" "it"
      time: "20:00:00"
    2026-01-03 * "10 hours of Ada"
      time: "21:00:00"
      Assets:Companies:Bakery:A      -10 HOUR
      Assets:Members:Ada:Hours        10 HOUR
    2026-01-03 * "and no more than 24 all the same" ; ! more-than-24-hours-a-day
      time: "22:00:00"
      Assets:Companies:Bakery:A      -14.01 HOUR
      Assets:Members:Ada:Hours        14.01 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == 10


FREE = region(decision("2026-01-05", income_tax=0.2))


@ledger(region=FREE, prelude=FUNDED)
def test_a_tax_of_zero_is_written_and_a_wage_of_zero_too(books: Loaded) -> None:
    """
    2026-01-04 * "untaxed"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Bob:Hours        1 HOUR
    2026-01-05 * "taxed"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Bob:Hours        1 HOUR
    """
    assert moves(books, "income_tax") == [
        ("income_tax", BOB, TREASURY, D(0)),
        ("income_tax", BOB, TREASURY, D("3.60")),
    ]
