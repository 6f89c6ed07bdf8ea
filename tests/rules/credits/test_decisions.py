"""A decision is in force from 00:00 of its date: what happened before keeps the rate it had."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.rules.credits.region import (
    BARE,
    OFFERS,
    PRELUDE,
    PROPERTY,
    close,
    decision,
    endow,
    hours,
    move,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal


def test_income_tax_changes_with_the_first_instant_of_its_date() -> None:
    changed = region(decision("2026-01-16", income_tax=0.2), income_tax=0.1)
    last = '  time: "23:59:59.999999"\n'
    text = hours("Mill", "Cyd", 1, date="2026-01-15", extra=last) + hours("Mill", "Cyd", 1, date="2026-01-16")
    assert paid(check(text, region=changed, prelude=PRELUDE), "income_tax") == [2, 4]


@pytest.mark.parametrize("date", ["2026-01-16", "2026-02-01"])
def test_the_range_of_a_wage_changes_with_its_date(date: str) -> None:
    changed = region(f"  - date: {date}\n    occupations:\n      baker: {{min: 20, max: 30}}\n")
    text = (
        hours("Bakery", "Ada", 1, date="2026-01-15") + close("2026-01") + hours("Bakery", "Ada", 1, date="2026-02-01")
    )
    # 18 + 0.5 x 6 = 21; 20 + 0.5 x 10 = 25.
    assert paid(check(text, region=changed, prelude=PRELUDE), "wage") == [21, 25]


def sale(amount: int, date: str) -> str:
    return move("Equity:Outside", "Assets:Companies:Mill:Wallet", amount, date=date, transfer="external_sale")


def test_a_sale_is_taxed_at_the_rate_of_its_own_instant() -> None:
    changed = region(decision("2026-01-16", sales_tax_external=0.2), sales_tax_external=0.1)
    text = sale(100, "2026-01-15") + sale(100, "2026-01-16") + close("2026-01") + sale(100, "2026-02-10")
    books = check(text + close("2026-02"), region=changed, prelude=BARE)
    assert paid(books, "sales_tax") == [10 + 20, 20]


def test_inside_and_outside_are_taxed_apart() -> None:
    changed = region(decision("2026-01-16", sales_tax_internal=0.05), sales_tax_internal=0.01, sales_tax_external=0.001)
    text = """
2026-01-10 * "100 loaves" ^loaf
  quantity: 100
  Assets:Members:Ada:Wallet         -420 RSC
  Assets:Companies:Bakery:Wallet     420 RSC
2026-01-20 * "100 loaves" ^loaf
  quantity: 100
  Assets:Members:Bob:Wallet         -420 RSC
  Assets:Companies:Bakery:Wallet     420 RSC
2026-01-21 * "for Lakeside"
  Assets:Regions:Lakeside:Clearing  -1000 RSC
  Assets:Companies:Bakery:Wallet     1000 RSC
2026-01-22 * "for the coast"
  transfer: "external_sale"
  Equity:Outside                    -2000 RSC
  Assets:Companies:Bakery:Wallet     2000 RSC
"""
    books = check(text + close("2026-01"), region=changed, prelude=PRELUDE)
    # 420 x 0.01 = 4.20; 420 x 0.05 = 21; 3000 x 0.001 = 3.
    assert paid(books, "sales_tax") == [D("28.20")]


def test_profit_at_rest_is_taxed_day_by_day() -> None:
    changed = region(decision("2026-01-21", profit_at_rest_tax=0.062), profit_at_rest_tax=0.031)
    books = check(close("2026-01"), region=changed, prelude=BARE + endow(100, "Mill"))
    # 20 days x 100 x 0.031 / 31 = 2; 11 days x 100 x 0.062 / 31 = 2.20.
    assert paid(books, "profit_tax") == [D("4.20")]


def test_each_day_of_profit_at_rest_has_its_own_level_and_its_own_rate() -> None:
    changed = region(decision("2026-01-21", profit_at_rest_tax=0.062), profit_at_rest_tax=0.031)
    text = endow(100, "Mill") + endow(100, "Mill", date="2026-01-11") + close("2026-01")
    # 10 days x 100 and 10 days x 200 at 0.031 / 31: 3; 11 days x 200 at 0.062 / 31: 4.40.
    assert paid(check(text, region=changed, prelude=BARE), "profit_tax") == [D("7.40")]


def test_the_dividend_is_the_one_that_is_decided_at_the_close() -> None:
    surcharge = move("Equity:Outside", "Assets:Region:Treasury", 100, date="2026-01-10", transfer="surcharge")
    again = surcharge.replace("2026-01-10", "2026-02-10")
    for date, shares in (("2026-01-31", [D("12.5")] * 8), ("2026-02-01", [D("25")] * 4 + [D("12.5")] * 4)):
        changed = region(decision(date, dividend=0.5), dividend=1)
        books = check(surcharge + close("2026-01") + again + close("2026-02"), region=changed, prelude=BARE)
        assert paid(books, "dividend") == shares


def test_markups_and_tuition_change_with_their_day() -> None:
    changed = region(
        decision("2026-01-16", housing_markup=0.2, non_member_markup=0.3, tuition_share=0.5),
        housing_markup=0.1,
        non_member_markup=0.1,
        tuition_share=0.25,
    )
    text = """
2026-01-01 custom "property" "second-flat"
  kind: "housing"
  property-tax: 310 RSC
  maintenance: 0 RSC
  administration: 0 RSC
  depreciation: 0 RSC
2026-01-01 custom "lease" "flat" "Ada"
2026-01-01 custom "lease" "second-flat" "outside"
  name: "A theatre"
2026-01-01 custom "enrolment-request" "School" "Bob"
2026-01-01 custom "enrolment" "School" "Bob"
2026-01-05 * "a teacher's day"
  Assets:Companies:School:A     -6.20 HOUR
  Assets:Members:Dan:Hours       6.20 HOUR
"""
    books = check(text + close("2026-01"), region=changed, prelude=PRELUDE)
    # 15 days of 10 x 1.1 and 16 days of 10 x 1.2; 15 x 10 x 1.2 and 16 x 10 x 1.5.
    assert paid(books, "rent") == [165 + 192]
    assert paid(books, "outsider_rent") == [180 + 240]
    # 6.2 x 30 = 186: 15 / 31 of it x 0.25 = 22.50, 16 / 31 of it x 0.50 = 48.
    assert paid(books, "tuition") == [D("70.50")]


@ledger(region=region(decision("2026-01-16", approvals=2)), prelude=PRELUDE)
def test_the_number_of_approvals_changes_with_its_date(books: Loaded) -> None:
    """
    2026-01-15 * "one is enough"
      by: "carla"
      Assets:Region:Treasury           -10 RSC
      Assets:Banks:PublicBank:Funds     10 RSC
    2026-01-16 * "not any more" ; ! missing-approvals
      by: "carla"
      Assets:Region:Treasury           -10 RSC
      Assets:Banks:PublicBank:Funds     10 RSC
    """
    assert paid(books, "capitalization") == [10]


def test_later_entries_and_later_decisions_never_change_an_earlier_month() -> None:
    rates: dict[str, Any] = {
        "income_tax": 0.12,
        "sales_tax_external": 0.05,
        "profit_at_rest_tax": 0.02,
        "dividend": 0.5,
    }
    january = hours("Mill", "Cyd", 8, date="2026-01-10") + sale(100, "2026-01-11") + close("2026-01")
    later = decision("2026-02-01", income_tax=0.5, sales_tax_external=0.5, profit_at_rest_tax=0.5, dividend=0)
    first = check(january, region=region(**rates), prelude=BARE + OFFERS + PROPERTY + endow(1000, "Mill"))
    both = check(
        january + sale(700, "2026-02-03") + hours("Mill", "Cyd", 8, date="2026-02-10") + close("2026-02"),
        region=region(later, **rates),
        prelude=BARE + OFFERS + PROPERTY + endow(1000, "Mill"),
    )
    assert moves(both)[: len(moves(first))] == moves(first)
    assert len(moves(both)) > len(moves(first))
