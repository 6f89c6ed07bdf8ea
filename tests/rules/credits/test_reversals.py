"""Reversal of each kind of event of credits: every transfer is mirrored, and what it had counted is taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    PLAIN,
    PRELUDE,
    close,
    decision,
    hours,
    loan,
    moves,
    paid,
    region,
)
from tests.support import check, load

D = Decimal

PRICED = PRELUDE + """\
2026-01-01 custom "property" "kiln"
  kind: "equipment"
  property-tax: 10 RSC
  maintenance: 10 RSC
  administration: 10 RSC
  depreciation: 10 RSC
  price: 500 RSC
2026-01-01 custom "outside-loan" "credit-7" "Bakery"
  lender: "Coast Bank"
  principal: 500 RSC
2026-01-01 custom "loan" "loan-1" "PublicBank" "Bakery"
  principal: 300 RSC
  yearly-rate: 0
  months: 3
  by: "carla"
"""  # fmt: skip


def event(head: str, debit: str, credit: str, amount: object) -> str:
    return f'2026-01-10 * "an event"{head}  id: "it"\n  {debit}  -{amount} RSC\n  {credit}  {amount} RSC\n'


EVENTS = {
    "gift": event("\n", ADA, "Assets:Members:Bob:Wallet", 10),
    "purchase": event(" ^loaf\n  quantity: 10\n", ADA, BAKERY, 42),
    "external_sale": event('\n  transfer: "external_sale"\n', "Equity:Outside", BAKERY, 10),
    "external_purchase": event('\n  transfer: "external_purchase"\n  input: "x"\n', BAKERY, "Equity:Outside", 10),
    "surcharge": event('\n  transfer: "surcharge"\n', "Equity:Outside", "Assets:Region:Treasury", 10),
    "loan_repayment": event(" ^loan-1\n", BAKERY, "Assets:Banks:PublicBank:Funds", 100),
    "outside_loan": event(' ^credit-7\n  transfer: "outside_loan"\n', "Equity:Outside", BAKERY, 100),
    "outside_repayment": event(
        ' ^credit-7 ; ? outside-repayment-above-loan\n  transfer: "outside_repayment"\n', BAKERY, "Equity:Outside", 100
    ),
    "subsidy": event(
        '\n  transfer: "subsidy"\n  by: "carla"\n', "Assets:Region:Treasury", "Assets:Companies:School:Wallet", 100
    ),
    "issue": event('\n  by: "carla"\n', "Equity:Issuance", "Assets:Region:Treasury", 100),
    "retire": event('\n  by: "carla"\n', "Assets:Region:Treasury", "Equity:Issuance", 100),
    "capitalization": event('\n  by: "carla"\n', "Assets:Region:Treasury", "Assets:Banks:PublicBank:Funds", 100),
    "acquisition": event(' ^kiln\n  transfer: "acquisition"\n', BAKERY, "Equity:Outside", 500),
    "property_purchase": event(' ^kiln\n  by: "carla"\n', "Assets:Region:Treasury", "Equity:Outside", 500),
    "property_sale": event(' ^kiln\n  by: "carla"\n', BAKERY, "Assets:Region:Treasury", 500),
    "pooling": event('\n  by: "carla"\n', "Assets:Region:Treasury", "Assets:Region:Pools:Commons", 100),
    "interregional_purchase": event('\n  input: "x"\n', BAKERY, "Assets:Regions:Lakeside:Clearing", 100),
    "interregional_sale": event("\n", "Assets:Regions:Lakeside:Clearing", BAKERY, 100),
    "interregional_gift": event(" ; ? gift-without-crossing\n", "Assets:Regions:Lakeside:Clearing", ADA, 100),
    "settlement": event(
        '\n  transfer: "settlement"\n  by: "carla"\n', "Assets:Region:Treasury", "Assets:Regions:Lakeside:Clearing", 100
    ),
    "wage": hours("Bakery", "Ada", 8, date="2026-01-10", extra='  id: "it"\n'),
}
TAXED = region(income_tax=0.12, sales_tax_internal=0.1, sales_tax_external=0.1, dividend=1, tuition_share=0.5)
REVERSED = '2026-01-20 custom "reversal" "it"\n  by: "carla"\n  reason: "a mistake"\n'


@pytest.mark.parametrize("name", EVENTS)
def test_a_reversal_mirrors_every_transfer(name: str) -> None:
    before = load("", region=TAXED, prelude=PRICED)
    books = check(EVENTS[name] + REVERSED, region=TAXED, prelude=PRICED)
    for account in before.books.machine.state.balances:
        assert books.balance(account) == before.balance(account), account
    (_, debit, credit, amount), (_, back_debit, back_credit, back) = moves(books, name)[-2:]
    assert (debit, credit, amount) == (back_credit, back_debit, back)
    check(EVENTS[name] + REVERSED + REVERSED.replace("-20", "-21").replace('"it"', '"it" ; ! event-is-reversed'),
          region=TAXED, prelude=PRICED)  # fmt: skip


@pytest.mark.parametrize("name", EVENTS)
def test_after_a_reversal_the_month_is_as_if_nothing_had_happened(name: str) -> None:
    plain = check(close("2026-01"), region=TAXED, prelude=PRICED)
    books = check(EVENTS[name] + REVERSED + close("2026-01"), region=TAXED, prelude=PRICED)
    closing = ("rent", "loan_interest", "tuition", "sales_tax", "profit_tax", "bank_surplus", "dividend")
    assert moves(books, *closing) == moves(plain, *closing)


@pytest.mark.parametrize("name", ["acquisition", "property_purchase", "property_sale"])
def test_a_property_may_be_bought_or_sold_again_after_a_reversal(name: str) -> None:
    again = EVENTS[name].replace("01-10", "01-21").replace('  id: "it"\n', "")
    check(EVENTS[name] + REVERSED + again, region=PLAIN, prelude=PRICED)


def test_a_reversed_repayment_is_owed_again() -> None:
    text = EVENTS["loan_repayment"] + REVERSED + close("2026-01", "2026-02", "2026-03", "2026-04")
    books = check(text, region=PLAIN, prelude=PRICED)
    assert paid(books, "loan_repayment") == [100, 100, 100, 100, 100]
    assert books.balance("Liabilities:Companies:Bakery:Loans") == 0


def test_a_reversed_draft_of_an_outside_loan_may_be_drawn_again() -> None:
    drawn = EVENTS["outside_loan"].replace("100 RSC", "500 RSC")
    again = drawn.replace("01-10", "01-21").replace('  id: "it"\n', "")
    check(drawn + REVERSED + again, region=PLAIN, prelude=PRICED)
    refused = again.replace("^credit-7", "^credit-7 ; ! wrong-amount")
    check(drawn + refused, region=PLAIN, prelude=PRICED)


def test_a_reversal_in_a_later_month_takes_back_the_tax_of_the_sale_at_the_rate_of_the_sale() -> None:
    changed = region(decision("2026-02-01", sales_tax_internal=0.5), sales_tax_internal=0.1)
    bought = '2026-02-15 * "more loaves" ^loaf\n  quantity: 100\n'
    bought += f"  Assets:Members:Bob:Wallet  -420 RSC\n  {BAKERY}  420 RSC\n"
    text = EVENTS["purchase"] + close("2026-01") + REVERSED.replace("01-20", "02-20") + bought + close("2026-02")
    books = check(text, region=changed, prelude=PRICED)
    # January: 42 x 0.1. February: 420 x 0.5 - 42 x 0.1 = 205.80.
    assert paid(books, "sales_tax") == [D("4.20"), D("205.80")]


def test_a_reversed_income_tax_is_no_profit_of_the_month_in_which_it_is_reversed() -> None:
    work = '2026-02-10 * "more work"\n  Assets:Companies:Mill:A  -8 HOUR\n  Assets:Members:Cyd:Hours  8 HOUR\n'
    text = EVENTS["wage"] + close("2026-01") + REVERSED.replace("01-20", "02-20") + work + close("2026-02")
    books = check(text, region=region(income_tax=0.12, dividend=1), prelude=PRICED)
    # January: 168 x 0.12 = 20.16, / 4 = 5.04. February: 160 x 0.12 - 20.16 = -0.96: no profit, no dividend.
    assert paid(books, "dividend") == [D("5.04")] * 4


def test_a_reversal_takes_from_nobody_what_is_spent_already() -> None:
    spent = '2026-01-15 * "spent"\n  Assets:Members:Bob:Wallet  -1005 RSC\n  Assets:Members:Cyd:Wallet  1005 RSC\n'
    marked = REVERSED.replace('"it"', '"it" ; ! insufficient-balance')
    books = check(EVENTS["gift"] + spent + marked, region=PLAIN, prelude=PRICED)
    assert books.balance(ADA) == 990


def test_a_reversed_wage_of_a_school_is_no_cost_of_its_students() -> None:
    text = """
2026-01-01 custom "enrolment-request" "School" "Ada"
2026-01-01 custom "enrolment" "School" "Ada"
2026-01-10 * "work"
  id: "it"
  Assets:Companies:School:A  -8 HOUR
  Assets:Members:Dan:Hours    8 HOUR
2026-01-11 * "work"
  Assets:Companies:School:A  -2 HOUR
  Assets:Members:Dan:Hours    2 HOUR
"""
    books = check(text + REVERSED + close("2026-01"), region=region(tuition_share=0.5), prelude=PRICED)
    assert paid(books, "tuition") == [30]


def test_a_loan_is_no_transaction_and_is_not_reversed_by_its_id() -> None:
    text = loan("loan-2", "Mill", 100) + '2026-01-20 custom "reversal" "loan-2" ; ! event-not-found\n'
    check(text, region=PLAIN, prelude=PRICED)
