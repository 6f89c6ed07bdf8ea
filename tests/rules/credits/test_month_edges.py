"""Where months, ends and payments meet: each of these was got wrong somewhere once."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BANK,
    BARE,
    BOB,
    FUNDED,
    MILL,
    OUTSIDE,
    PLAIN,
    PRELUDE,
    SCHOOL,
    TREASURY,
    close,
    endow,
    hours,
    loan,
    move,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal


def sale(amount: object, date: str, company: str = MILL) -> str:
    return move(OUTSIDE, company, amount, date=date, transfer="external_sale")


def spend(amount: object, date: str, company: str = MILL) -> str:
    return move(company, OUTSIDE, amount, date=date, transfer="external_purchase", extra='  input: "stone"\n')


# Months that were not closed


def test_what_belongs_to_a_month_that_was_not_closed_is_never_due() -> None:
    taxed = region(sales_tax_external=0.1, income_tax=0.1, profit_at_rest_tax=0.1, dividend=1)
    text = (
        '2026-01-02 custom "lease" "oven" "Mill"\n'
        + sale(100, "2026-01-05")
        + hours("Mill", "Cyd", 1, date="2026-01-06")
        + '2026-01-20 custom "lease-end" "oven"\n'
        + spend(1080, "2026-01-31")
        + sale(7, "2026-02-28").replace('"a transfer"', '"a transfer" ; ? month-not-closed')
        + close("2026-02")
    )
    books = check(text, region=taxed, prelude=PRELUDE.replace(endow(), endow(1000, "Ada", "Mill")))
    assert paid(books, "rent") == []
    assert paid(books, "sales_tax") == [D("0.70")]
    # At rest on one day of 28: 7 x 0.1 / 28 = 0.025; half-even 0.02. The income tax of January is not of February.
    assert paid(books, "profit_tax") == [D("0.02")]
    assert paid(books, "dividend") == [D("0.18")] * 4


def test_a_close_that_leaves_a_month_out_for_ever_is_an_advice() -> None:
    skipped = close("2026-02").replace('"2026-02"', '"2026-02" ; ? month-not-closed')
    assert "2026-01" in check(skipped, region=PLAIN, prelude=FUNDED).message("month-not-closed")


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_lease_that_ended_in_a_month_is_paid_in_that_month_only(books: Loaded) -> None:
    """
    2026-01-02 custom "lease" "oven" "Mill"
    2026-01-12 custom "lease-end" "oven"
    2026-01-31 custom "month-close" "2026-01"
    2026-02-28 custom "month-close" "2026-02"
    """
    assert paid(books, "rent") == [50]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_who_leaves_a_property_and_comes_back_pays_once_for_each_day(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "oven" "Mill"
    2026-01-11 custom "lease-end" "oven"
    2026-01-11 custom "lease" "oven" "Bakery"
      time: "06:00:00"
    2026-01-21 custom "lease-end" "oven"
    2026-01-21 custom "lease" "oven" "Mill"
      time: "06:00:00"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert sum(amount for _, payer, _, amount in moves(books, "rent") if payer == MILL) == 50 + 55
    assert sum(amount for _, payer, _, amount in moves(books, "rent") if payer == BAKERY) == 50


# The last day


@ledger(region=region(sales_tax_external=0.1, profit_at_rest_tax=0.31), prelude=BARE)
def test_the_last_moment_of_a_month_belongs_to_it(books: Loaded) -> None:
    """
    2026-01-31 * "the last sale"
      time: "23:59:59.999999"
      transfer: "external_sale"
      Equity:Outside                     -100 RSC
      Assets:Companies:Mill:Wallet        100 RSC
    2026-01-31 custom "month-close" "2026-01"
    2026-02-01 * "the first one of the next"
      transfer: "external_sale"
      Equity:Outside                     -200 RSC
      Assets:Companies:Mill:Wallet        200 RSC
    2026-02-28 custom "month-close" "2026-02"
    """
    assert paid(books, "sales_tax") == [10, 20]
    # January: 100 x 0.31 / 31 = 1. February: 89 + 200 = 289 on all 28 days, x 0.31 = 89.59.
    assert paid(books, "profit_tax") == [1, D("89.59")]


# Loans


ARREARS = loan("loan-1", "Mill", 900, months=3, repayment="equal") + spend(1900, "2026-01-02")


def repaid(amount: int, date: str) -> str:
    return move(MILL, BANK, amount, date=date, link="loan-1")


def in_arrears(*months: str) -> str:
    return close(*months).replace('"\n', '" ; ? payment-in-arrears\n')


def test_who_repays_early_what_was_in_arrears_owes_it_no_more() -> None:
    # 300 stay due in February; 900 are repaid in March: neither the arrears nor any instalment is due any more.
    text = ARREARS + close("2026-01") + in_arrears("2026-02") + endow(2000, "Mill", date="2026-03-02")
    books = check(
        text + repaid(900, "2026-03-03") + close("2026-03", "2026-04", "2026-05"), region=PLAIN, prelude=FUNDED
    )
    assert paid(books, "loan_repayment") == [900]
    assert books.balance("Liabilities:Companies:Mill:Loans") == 0
    assert books.balance(MILL) == 1100
    # Of 900 only 100 are left after an early repayment of 800: nobody ever pays more than is owed.
    books = check(
        text + repaid(800, "2026-03-03") + close("2026-03", "2026-04", "2026-05"), region=PLAIN, prelude=FUNDED
    )
    assert sum(paid(books, "loan_repayment")) == 900
    assert books.balance("Liabilities:Companies:Mill:Loans") == 0


def test_a_company_in_arrears_goes_bankrupt_and_its_arrears_are_not_claimed_twice() -> None:
    text = ARREARS + close("2026-01") + in_arrears("2026-02") + endow(450, "Mill", date="2026-03-02")
    books = check(text + '2026-03-03 custom "bankruptcy" "Mill"\n  by: "carla"\n', region=PLAIN, prelude=FUNDED)
    # The bank claims 900 and not 1200: 450 are all that is left.
    assert paid(books, "liquidation") == [450]
    assert paid(books, "loan_release") == [900]


def test_a_debtor_who_leaves_nothing_leaves_no_arrears() -> None:
    text = (
        '2026-01-02 custom "lease" "oven" "Mill"\n'
        + spend(1000, "2026-01-03")
        + in_arrears("2026-01")
        + '2026-02-01 custom "company-end" "Mill"\n'
        + close("2026-02", "2026-03")
    )
    books = check(text, region=PLAIN, prelude=PRELUDE)
    assert paid(books, "rent", "liquidation") == []


def test_a_company_that_ends_pays_its_arrears_before_the_rest_goes_to_the_treasury() -> None:
    text = (
        '2026-01-01 custom "lease" "oven" "Mill"\n'
        + spend(1000, "2026-01-03")
        + in_arrears("2026-01")
        + endow(500, "Mill", date="2026-02-01")
        + '2026-02-02 custom "company-end" "Mill"\n'
        + close("2026-02")
    )
    books = check(text, region=PLAIN, prelude=PRELUDE)
    assert sum(paid(books, "liquidation")) == 500
    assert books.balance(TREASURY) == 10_000 + 500
    assert paid(books, "rent") == []


def test_interest_on_a_day_of_grant_and_repayment_in_one_month_is_none() -> None:
    text = loan("loan-1", "Mill", 900, rate="0.12", date="2026-01-05")
    text += repaid(900, "2026-01-20")
    books = check(text + close("2026-01", "2026-02"), region=PLAIN, prelude=FUNDED)
    assert paid(books, "loan_interest") == []


def test_what_is_owed_to_a_school_that_ended_is_owed_no_more() -> None:
    text = (
        '2026-01-01 custom "enrolment-request" "School" "Ada"\n2026-01-01 custom "enrolment" "School" "Ada"\n'
        + hours("School", "Dan", 10)
        + move(ADA, BOB, 1000, date="2026-01-03")
        + in_arrears("2026-01")
        + '2026-02-01 custom "company-end" "School"\n'
        + move(BOB, ADA, 1000, date="2026-02-02")
        + close("2026-02")
    )
    books = check(text, region=region(tuition_share=0.5), prelude=FUNDED)
    assert paid(books, "tuition") == []
    assert books.balance(SCHOOL) == 0


# What a reversal leaves


def test_sales_taken_back_beyond_those_of_the_month_give_their_tax_back() -> None:
    sold = sale(1000, "2026-01-05").replace("  transfer:", '  id: "it"\n  transfer:')
    text = sold + close("2026-01") + '2026-02-05 custom "reversal" "it"\n' + sale(100, "2026-02-06") + close("2026-02")
    books = check(text, region=region(sales_tax_external=0.1), prelude=FUNDED)
    assert paid(books, "sales_tax") == [100]
    # February: (100 - 1000) x 0.1 = -90.
    assert paid(books, "sales_tax_refund") == [90]
    assert books.balance(MILL) == 1000 + 1000 - 100 - 1000 + 100 + 90


def test_costs_taken_back_beyond_those_of_the_month_are_no_negative_tuition() -> None:
    text = """
2026-01-01 custom "enrolment-request" "School" "Ada"
2026-01-01 custom "enrolment" "School" "Ada"
2026-01-10 * "work"
  id: "it"
  Assets:Companies:School:A  -8 HOUR
  Assets:Members:Dan:Hours    8 HOUR
"""
    text += close("2026-01") + '2026-02-05 custom "reversal" "it"\n' + close("2026-02")
    books = check(text, region=region(tuition_share=0.5), prelude=FUNDED)
    assert paid(books, "tuition") == [120]
    assert books.balance(ADA) == 880


# Ends


@ledger(region=region(profit_at_rest_tax=0.31, sales_tax_external=0.1), prelude=BARE)
def test_a_company_that_ended_within_the_month_pays_no_more(books: Loaded) -> None:
    """
    2026-01-05 * "bread for the coast"
      transfer: "external_sale"
      Equity:Outside                       -310 RSC
      Assets:Companies:Bakery:Wallet        310 RSC
    2026-01-20 custom "company-end" "Bakery"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "sales_tax", "profit_tax") == []
    assert books.balance(TREASURY) == 310


def test_a_close_pays_in_the_order_of_the_contract_when_a_wallet_has_too_little_for_all() -> None:
    # Rent 155, interest 10, principal 100 and sales tax 100 are due; 300 are there.
    text = (
        loan("loan-1", "Mill", 1000, rate="0.12", months=10, repayment="equal")
        + spend(2000, "2026-01-02")
        + close("2026-01")
        + '2026-02-01 custom "lease" "oven" "Mill"\n'
        + sale(1000, "2026-02-02")
        + spend(700, "2026-02-03")
        + in_arrears("2026-02")
    )
    books = check(text, region=region(sales_tax_external=0.1), prelude=PRELUDE)
    assert moves(books, "rent", "loan_interest", "loan_repayment", "sales_tax") == [
        ("rent", MILL, TREASURY, D(155)),
        ("loan_interest", MILL, BANK, D(10)),
        ("loan_repayment", MILL, BANK, D(100)),
        ("sales_tax", MILL, TREASURY, D(35)),
    ]


def test_what_a_school_receives_in_a_close_pays_what_it_owes_later_in_that_close_and_no_more() -> None:
    text = (
        '2026-01-01 custom "enrolment-request" "School" "Ada"\n2026-01-01 custom "enrolment" "School" "Ada"\n'
        + sale(200, "2026-01-02", SCHOOL)
        + hours("School", "Dan", 10, date="2026-01-03")
        + spend(200, "2026-01-04", SCHOOL)
        + in_arrears("2026-01")
    )
    shared = region(tuition_share=0.03, sales_tax_external=0.1)
    books = check(text, region=shared, prelude=BARE + endow(100, "Ada") + endow(300, "School"))
    # 300 + 200 - 300 - 200 = 0 are left; (300 + 200) x 0.03 = 15 come in, and of 200 x 0.1 = 20 no more can be paid.
    assert moves(books, "tuition", "sales_tax") == [
        ("tuition", ADA, SCHOOL, D(15)),
        ("sales_tax", SCHOOL, TREASURY, D(15)),
    ]


def test_the_advice_on_arrears_sums_up_what_a_wallet_lacks_of_each_kind() -> None:
    text = '2026-01-01 custom "lease" "oven" "Mill"\n2026-01-01 custom "lease" "hall" "Mill"\n'
    books = check(text + spend(1000, "2026-01-01") + in_arrears("2026-01"), region=PLAIN, prelude=PRELUDE)
    assert "310.00 RSC of rent" in books.message("payment-in-arrears")


def test_the_smallest_amount_that_there_is_falls_due() -> None:
    # 10 x 0.001 = 0.01; of 4 it is 0.004, which rounds to nothing, and nothing is no transfer.
    text = sale(10, "2026-01-05") + sale(4, "2026-01-06", BAKERY) + close("2026-01")
    books = check(text, region=region(sales_tax_external=0.001))
    assert moves(books, "sales_tax") == [("sales_tax", MILL, TREASURY, D("0.01"))]
