"""Wrong input ends in an error with its code and its line, never in a traceback and never in figures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.credits.region import PLAIN, PRELUDE, close, loan, paid, region
from tests.support import Loaded, check, ledger, load

RATES = (
    "income_tax",
    "sales_tax_internal",
    "sales_tax_external",
    "profit_at_rest_tax",
    "dividend",
    "housing_markup",
    "non_member_markup",
    "tuition_share",
)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("value", ["1.01", "-0.01", "2", "12%", "no", "1e400", "nan", "null"])
def test_a_rate_lies_between_0_and_1(rate: str, value: str) -> None:
    rates: dict[str, Any] = {rate: f"{value} # ! region-file-wrong-value"}
    text = region(**rates)
    found = check("", region=text, prelude="")
    assert found.books.problems[0].line > 1


@pytest.mark.parametrize("value", ["0", "1", "1.0", "0.00000000001"])
def test_the_ends_of_a_rate_are_rates(value: str) -> None:
    check("", region=region(income_tax=value, dividend=value, tuition_share=value), prelude=PRELUDE)


@pytest.mark.parametrize(
    "bounds",
    ["{min: 24, max: 18}", "{min: -1, max: 18}", "{min: 18}", "{max: 18}", "18", "{min: 18, max: 24, mean: 20}"],
)
def test_a_range_of_wages_has_a_min_that_is_not_above_its_max(bounds: str) -> None:
    text = region().replace("baker: {min: 18, max: 24}", f"baker: {bounds}")
    found = load("", region=text, prelude="")
    assert len(found.books.errors) >= 1
    lines = text.splitlines()
    for problem in found.books.errors:
        assert problem.code.startswith("region-file-")
        assert "baker" in lines[problem.line - 1]


def test_decisions_stand_in_order_of_their_dates_and_know_their_keys() -> None:
    late = "  - date: 2025-12-31 # ! decisions-out-of-order\n    set: {income_tax: 0.1}\n"
    check("", region=region(late), prelude="")
    misspelt = "  - date: 2026-02-01\n    set:\n      incom_tax: 0.1 # ! region-file-unknown-key\n"
    found = check("", region=region(misspelt), prelude="")
    assert "income_tax" in found.message("region-file-unknown-key")


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_month_is_closed_once_in_order_and_on_its_last_day(books: Loaded) -> None:
    """
    2026-01-30 custom "month-close" "2026-01" ; ! month-close-on-wrong-day
    2026-01-31 custom "month-close" "2026-01"
    2026-01-31 custom "month-close" "2026-01" ; ! month-is-closed
    2026-02-28 custom "month-close" "2026-02"
    """
    assert [entry.meta["derived-from"] for entry in books.derived()] == []


def test_no_month_is_left_out() -> None:
    found = load(close("2026-01", "2026-03"), region=PLAIN, prelude=PRELUDE)
    assert found.codes == ["month-out-of-order"]
    assert "2026-02" in found.message("month-out-of-order")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("months: 12 -> months: 0", "malformed-metadata"),
        ("months: 12 -> months: -3", "negative-amount"),
        ("months: 12 -> months: 1.5", "malformed-metadata"),
        ('months: 12 -> months: "a year"', "malformed-metadata"),
        ("yearly-rate: 0.05 -> yearly-rate: -0.01", "malformed-metadata"),
        ("yearly-rate: 0.05 -> yearly-rate: 5%", ""),
        ("yearly-rate: 0.05 -> yearly-rate: 1.5", "malformed-metadata"),
        ("principal: 100 -> principal: -100", "negative-amount"),
        ("principal: 100 RSC -> principal: 100 HOUR", "wrong-commodity"),
        ("principal: 100 -> principal: 100.001", "too-many-digits"),
        ("principal: 100 -> principal: 1000000000000000", "amount-out-of-bounds"),
        ("  principal: 100 RSC\n -> ", "missing-metadata"),
        ("  months: 12\n -> ", "missing-metadata"),
        ('repayment: "annuity" -> repayment: "bullet"', "malformed-metadata"),
        ('"PublicBank" -> "PubicBank"', "bank-not-found"),
        ('"Bakery" -> "Bakry"', "member-not-found"),
        ('"loan-1" -> "loaf"', "duplicate-id"),
        ('"loan-1" -> "flat"', "duplicate-id"),
        ('"loan-1" -> "loan 1"', "invalid-id"),
        ('"loan-1" "PublicBank" "Bakery" -> "loan-1" "PublicBank"', "wrong-values"),
        ("principal: 100 -> principal: 10001", "insufficient-balance"),
    ],
)
def test_a_loan_is_refused_for_each_of_its_faults(change: str, code: str) -> None:
    before, after = change.split(" -> ")
    text = loan("loan-1", "Bakery", 100, rate="0.05", repayment="annuity", date="2026-01-02")
    assert before in text
    found = load(text.replace(before, after, 1) + close("2026-01"), region=PLAIN, prelude=PRELUDE)
    assert len(found.errors) == 1
    assert found.errors[0][:1] == ("doc.beancount",)
    assert found.codes[0] == code or not code
    assert paid(found, "loan") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_loan_is_granted_once_and_repaid_by_who_borrowed(books: Loaded) -> None:
    """
    2026-01-02 custom "loan" "loan-1" "PublicBank" "Bakery"
      principal: 100 RSC
      yearly-rate: 0.05
      months: 12
      by: "carla"
    2026-01-03 custom "loan" "loan-1" "PublicBank" "Bakery" ; ! duplicate-id
      principal: 100 RSC
      yearly-rate: 0.05
      months: 12
      by: "carla"
    2026-01-03 * "by another" ^loan-1 ; ! account-is-not-borrowers
      Assets:Companies:Mill:Wallet    -10 RSC
      Assets:Banks:PublicBank:Funds    10 RSC
    2026-01-03 * "to another bank" ^loan-1 ; ! account-is-not-banks
      Assets:Companies:Bakery:Wallet  -10 RSC
      Assets:Banks:Union:Funds         10 RSC
    2026-01-03 * "of no loan" ^loan-2 ; ! loan-not-found
      Assets:Companies:Bakery:Wallet  -10 RSC
      Assets:Banks:PublicBank:Funds    10 RSC
    2026-01-03 * "without a link" ; ! missing-link
      Assets:Companies:Bakery:Wallet  -10 RSC
      Assets:Banks:PublicBank:Funds    10 RSC
    2026-01-03 * "more than is owed" ^loan-1 ; ! repayment-exceeds-loan
      Assets:Companies:Bakery:Wallet  -100.01 RSC
      Assets:Banks:PublicBank:Funds    100.01 RSC
    2026-01-03 * "interest by hand" ^loan-1 ; ! derived-without-cause
      transfer: "loan_interest"
      Assets:Companies:Bakery:Wallet  -10 RSC
      Assets:Banks:PublicBank:Funds    10 RSC
    """
    assert paid(books, "loan_repayment") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_funding_from_outside_stays_within_its_loan(books: Loaded) -> None:
    """
    2026-01-02 custom "outside-loan" "credit-7" "Bakery"
      lender: "Coast Bank"
      principal: 500 RSC
    2026-01-02 * "first half" ^credit-7
      transfer: "outside_loan"
      Equity:Outside                   -250 RSC
      Assets:Companies:Bakery:Wallet    250 RSC
    2026-01-03 * "more than is left" ^credit-7 ; ! wrong-amount
      transfer: "outside_loan"
      Equity:Outside                   -250.01 RSC
      Assets:Companies:Bakery:Wallet    250.01 RSC
    2026-01-03 * "to another company" ^credit-7 ; ! account-is-not-borrowers
      transfer: "outside_loan"
      Equity:Outside                   -10 RSC
      Assets:Companies:Mill:Wallet      10 RSC
    2026-01-03 * "of no loan" ^credit-8 ; ! loan-not-found
      transfer: "outside_loan"
      Equity:Outside                   -10 RSC
      Assets:Companies:Bakery:Wallet    10 RSC
    2026-01-03 * "without a link" ; ! missing-link
      transfer: "outside_loan"
      Equity:Outside                   -10 RSC
      Assets:Companies:Bakery:Wallet    10 RSC
    2026-01-04 * "second half" ^credit-7
      transfer: "outside_loan"
      Equity:Outside                   -250 RSC
      Assets:Companies:Bakery:Wallet    250 RSC
    2026-01-05 * "back, with interest" ^credit-7 ; ? outside-repayment-above-loan
      transfer: "outside_repayment"
      Assets:Companies:Bakery:Wallet  -550 RSC
      Equity:Outside                   550 RSC
    2026-01-05 * "back, without a link" ; ! missing-link
      transfer: "outside_repayment"
      Assets:Companies:Bakery:Wallet  -10 RSC
      Equity:Outside                   10 RSC
    2026-01-06 custom "outside-loan" "credit-9" "Ada" ; ! company-not-found
      lender: "Coast Bank"
      principal: 500 RSC
    2026-01-06 custom "outside-loan" "credit-7" "Bakery" ; ! duplicate-id
      lender: "Coast Bank"
      principal: 500 RSC
    2026-01-06 custom "outside-loan" "credit-9" "Bakery" ; ! negative-amount
      lender: "Coast Bank"
      principal: -500 RSC
    2026-01-06 custom "outside-loan" "credit-9" "Bakery" ; ! missing-metadata
      lender: "Coast Bank"
    """
    assert paid(books, "outside_loan") == [250, 250]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_who_owes_or_owns_does_not_leave(books: Loaded) -> None:
    """
    2026-01-02 custom "loan" "loan-1" "PublicBank" "Dan"
      principal: 100 RSC
      yearly-rate: 0
      months: 12
      by: "carla"
    2026-01-02 custom "loan" "loan-2" "PublicBank" "Mill"
      principal: 100 RSC
      yearly-rate: 0
      months: 12
      by: "carla"
    2026-01-03 custom "member-end" "Ada" ; ! member-has-credits
    2026-01-03 custom "company-end" "Mill" ; ! company-has-loan
    2026-01-03 * "all he has"
      Assets:Members:Dan:Wallet   -1100 RSC
      Assets:Members:Ada:Wallet    1100 RSC
    2026-01-04 custom "member-end" "Dan" ; ! member-has-loan
    2026-01-04 * "repaid" ^loan-2
      Assets:Companies:Mill:Wallet    -100 RSC
      Assets:Banks:PublicBank:Funds    100 RSC
    2026-01-05 custom "company-end" "Mill"
    """
    assert paid(books, "liquidation") == [1000]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_bankruptcy_needs_a_company(books: Loaded) -> None:
    """
    2026-01-02 custom "bankruptcy" "Bakry" ; ! company-not-found
      by: "carla"
    2026-01-02 custom "company-end" "Mill"
    2026-01-03 custom "bankruptcy" "Mill" ; ! company-has-ended
      by: "carla"
    """
    assert paid(books, "liquidation") == [1000]


HOSTILE = [
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  price: -1 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  price: 1000000000000000 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  price: 1 HOUR\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x y" "Bakery"\n  product: "x"\n  price: 1 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: 7\n  price: 1 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x"\n  product: "x"\n  price: 1 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  prize: 1 RSC\n  kind: "product"\n',
    '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  kind: "job"\n  occupation: "baker"\n  hours: -3\n',
    '2026-01-02 custom "region" "lakeside"\n',
    '2026-01-02 custom "region"\n',
    '2026-01-02 custom "bank" "A Bank"\n  ownership: "regional"\n',
    '2026-01-02 custom "pool" "P" "Q"\n  with: "Lakeside"\n  purpose: "x"\n',
    '2026-01-02 custom "property" "p"\n  kind: "housing"\n  maintenance: 1000000000000000 RSC\n',
    '2026-01-02 custom "property" "p"\n  maintenance: 1 RSC\n',
    '2026-01-02 custom "lease" "flat"\n',
    '2026-01-02 custom "lease" "flat" Assets:Cash\n',
    '2026-01-02 custom "lease" "flat" 7\n',
    '2026-01-02 custom "wait-list" "housing"\n',
    '2026-01-02 custom "enrolment" "School"\n',
    '2026-01-02 custom "outside-loan" "c" "Bakery"\n  lender: ""\n  principal: 99999999999999999999 RSC\n',
    '2026-01-02 custom "bankruptcy" "Bakery" "Mill"\n',
    '2026-01-02 custom "bankruptcy"\n',
    '2026-01-02 custom "loan" "l" "PublicBank" "Bakery"\n  principal: 1 RSC\n  yearly-rate: 0\n  months: 100000\n',
    '2026-01-02 custom "month-close" "2026-01"\n',
    '2026-01-02 custom "lone" "l" "PublicBank" "Bakery"\n',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_facts_end_in_one_error_at_their_line(text: str) -> None:
    found = load(text + close("2026-01"), region=PLAIN, prelude=PRELUDE)
    assert [(file, line) for file, line, _ in found.errors] == [("doc.beancount", 1)]


def test_without_credits_every_fact_of_theirs_says_that_they_are_off() -> None:
    found = load(
        '2026-01-02 custom "bank" "B"\n  ownership: "regional"\n'
        '2026-01-02 custom "offer" "x" "Bakery"\n  product: "x"\n  price: 1 RSC\n  kind: "product"\n'
    )
    assert found.codes == ["credits-are-off"] * 2
