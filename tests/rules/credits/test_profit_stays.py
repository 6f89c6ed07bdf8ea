"""Company profits are paid to nobody: not as gifts, not as wages, not as purchases, not by a detour."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BOB,
    FUNDED,
    MILL,
    OUTSIDE,
    PLAIN,
    PRELUDE,
    TREASURY,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger, load


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_gift_of_a_company(books: Loaded) -> None:
    """
    2026-01-02 * "a bonus" ; ! derived-without-cause
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "a bonus that says it is a gift" ; ! derived-without-cause
      transfer: "gift"
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "a bonus that says it is a purchase" ^job ; ! derived-without-cause
      transfer: "purchase"
      quantity: 1
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "from company to company" ; ! forbidden-transfer
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Companies:Mill:Wallet      100 RSC
    2026-01-02 * "shared among the workers" ; ! derived-without-cause
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet          50 RSC
      Assets:Members:Bob:Wallet          50 RSC
    """
    assert books.balance(BAKERY) == 1000


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_wage_without_hours_or_above_the_range(books: Loaded) -> None:
    """
    2026-01-02 * "a wage without hours" ; ! derived-without-cause
      transfer: "wage"
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "with a word about hours" ; ! derived-without-cause
      Assets:Companies:Bakery:Wallet   -100 RSC
        transfer: "wage"
      Assets:Members:Ada:Wallet         100 RSC
        transfer: "wage"
        hours: 4
    2026-01-02 * "an hour at 100" ; ! incomplete-derived-legs
      Assets:Companies:Bakery:A          -1 HOUR
      Assets:Members:Ada:Hours            1 HOUR
      Assets:Companies:Bakery:Wallet   -100 RSC
        transfer: "wage"
      Assets:Members:Ada:Wallet         100 RSC
        transfer: "wage"
    """
    assert paid(books, "wage") == []


D = Decimal

NO_WAGE_ABOVE = """
2026-01-02 * "an hour at 100, with all its legs"
  Assets:Companies:Bakery:A          -1 HOUR
  Assets:Members:Ada:Hours            1 HOUR
  Assets:Companies:Bakery:Wallet   -{wage} RSC
    transfer: "wage"
  Assets:Members:Ada:Wallet         {wage} RSC
    transfer: "wage"
  Assets:Members:Ada:Wallet          0 RSC
    transfer: "income_tax"
  Assets:Region:Treasury             0 RSC
    transfer: "income_tax"
  Assets:Members:Ada:Hours           0 HOUR
    transfer: "taxes"
  Equity:PSF                         0 HOUR
    transfer: "taxes"
"""


@pytest.mark.parametrize(
    ("wage", "codes"), [("21", []), ("100", ["wrong-derived-amount"]), ("20.99", ["wrong-derived-amount"])]
)
def test_a_recorded_wage_is_the_computed_one(wage: str, codes: list[str]) -> None:
    assert load(NO_WAGE_ABOVE.format(wage=wage), region=PLAIN, prelude=PRELUDE).codes == codes


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_hours_of_strangers(books: Loaded) -> None:
    """
    2026-01-02 * "Dan does not work at the bakery" ; ! worker-not-at-company
      Assets:Companies:Bakery:A     -8 HOUR
      Assets:Members:Dan:Hours       8 HOUR
    2026-01-02 custom "employment-end" "Bakery" "Ada"
    2026-01-02 * "severance for hours of somebody who left" ; ! worker-not-at-company
      Assets:Companies:Bakery:A     -8 HOUR
      Assets:Members:Ada:Hours       8 HOUR
    """
    assert paid(books, "wage") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_detour_in_one_transaction(books: Loaded) -> None:
    """
    2026-01-02 * "over the outside" ; ! ambiguous-legs
      Assets:Companies:Bakery:Wallet   -100 RSC
      Equity:Outside                    100 RSC
      Equity:Outside                   -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "over the treasury" ; ! ambiguous-legs
      by: "carla"
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Region:Treasury            100 RSC
      Assets:Region:Treasury           -100 RSC
      Assets:Members:Ada:Wallet         100 RSC
    2026-01-02 * "over the clearing, each leg with a name" ; ! ambiguous-legs
      Assets:Companies:Bakery:Wallet        -100 RSC
        transfer: "interregional_purchase"
      Assets:Regions:Lakeside:Clearing       100 RSC
        transfer: "interregional_purchase"
      Assets:Regions:Lakeside:Clearing      -100 RSC
        transfer: "interregional_gift"
      Assets:Members:Ada:Wallet              100 RSC
        transfer: "interregional_gift"
    2026-01-02 * "beside a gift that is allowed" ; ! ambiguous-legs
      Assets:Members:Bob:Wallet        -100 RSC
        transfer: "gift"
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         200 RSC
        transfer: "gift"
    2026-01-02 * "beside a gift that is allowed, without a name" ; ! ambiguous-legs
      Assets:Members:Bob:Wallet          -1 RSC
      Assets:Companies:Bakery:Wallet   -100 RSC
      Assets:Members:Ada:Wallet         101 RSC
    """
    assert books.balance(ADA) == books.balance(BAKERY) == 1000


def test_no_account_of_its_own_stands_between() -> None:
    text = """
2026-01-01 open Assets:Cash
2026-01-02 * "over an account of nobody"
  Assets:Companies:Bakery:Wallet   -100 RSC
  Assets:Cash                       100 RSC
"""
    found = load(text, region=PLAIN, prelude=PRELUDE)
    assert found.codes == ["mixed-transaction"]
    assert found.balance(BAKERY) == 1000


def test_no_detour_by_the_outside_in_two_transactions() -> None:
    # What left the region does not come back to people: nothing outside pays a member.
    text = f"""
2026-01-02 * "a consultant"
  transfer: "external_purchase"
  input: "advice"
  {BAKERY}  -100 RSC
  {OUTSIDE}  100 RSC
2026-01-03 * "who knows Ada" ; ! forbidden-transfer
  {OUTSIDE}  -100 RSC
  {ADA}  100 RSC
"""
    check(text, region=PLAIN, prelude=PRELUDE)


@ledger(region=PLAIN, prelude=PRELUDE)
def test_what_is_left_of_a_company_is_the_regions(books: Loaded) -> None:
    """
    2026-01-02 custom "company-end" "Bakery"
    """
    assert moves(books, "liquidation") == [("liquidation", BAKERY, TREASURY, D(1000))]
    assert books.balance(ADA) == books.balance(BOB) == 1000


@ledger(region=region(dividend=0.5), prelude=FUNDED)
def test_the_region_pays_people_by_its_dividend_only(books: Loaded) -> None:
    """
    2026-01-02 * "a dividend by hand" ; ! derived-without-cause
      by: "carla"
      transfer: "dividend"
      Assets:Region:Treasury       -40 RSC
      Assets:Members:Ada:Wallet     10 RSC
      Assets:Members:Bob:Wallet     10 RSC
      Assets:Members:Cyd:Wallet     10 RSC
      Assets:Members:Dan:Wallet     10 RSC
    2026-01-02 * "a present of the bank" ; ! derived-without-cause
      by: "carla"
      Assets:Banks:PublicBank:Funds   -10 RSC
      Assets:Members:Ada:Wallet        10 RSC
    2026-01-02 * "credits out of nothing" ; ! forbidden-transfer
      by: "carla"
      Equity:Issuance              -10 RSC
      Assets:Members:Ada:Wallet     10 RSC
    2026-01-02 * "or for a company" ; ! forbidden-transfer
      by: "carla"
      Equity:Issuance                  -10 RSC
      Assets:Companies:Mill:Wallet      10 RSC
    2026-01-02 * "from the pool" ; ! forbidden-transfer
      by: "carla"
      Assets:Region:Pools:Commons   -10 RSC
      Assets:Members:Ada:Wallet      10 RSC
    """
    assert books.balance(MILL) == 1000


@ledger(region=PLAIN, prelude=PRELUDE)
def test_people_do_not_pay_companies_but_for_what_they_offer(books: Loaded) -> None:
    """
    2026-01-02 * "capital" ; ! forbidden-transfer
      Assets:Members:Ada:Wallet        -100 RSC
      Assets:Companies:Bakery:Wallet    100 RSC
    2026-01-02 * "tuition by hand" ; ! derived-without-cause
      transfer: "tuition"
      Assets:Members:Ada:Wallet        -100 RSC
      Assets:Companies:School:Wallet    100 RSC
    2026-01-02 * "rent by hand" ; ! derived-without-cause
      transfer: "rent"
      Assets:Members:Ada:Wallet        -100 RSC
      Assets:Region:Treasury            100 RSC
    """
    assert books.balance(ADA) == 1000


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_company_pays_what_its_workers_owe_or_own(books: Loaded) -> None:
    """
    2026-01-02 custom "loan" "car" "PublicBank" "Ada"
      by: "carla"
      principal: 100 RSC
      yearly-rate: 0
      months: 12
    2026-01-02 custom "property" "house"
      kind: "housing"
      price: 100 RSC
    2026-01-03 * "Ada's instalment" ^car ; ! account-is-not-borrowers
      Assets:Companies:Bakery:Wallet   -50 RSC
      Assets:Banks:PublicBank:Funds     50 RSC
    2026-01-03 * "her debt is forgiven" ^car ; ! derived-without-cause
      Assets:Banks:PublicBank:Loans    -50 RSC
        transfer: "loan_release"
      Liabilities:Members:Ada:Loans     50 RSC
        transfer: "loan_release"
    2026-01-03 * "her house" ^house ; ! derived-without-cause
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet  -100 RSC
      Assets:Members:Ada:Wallet        100 RSC
    2026-01-03 * "a present to her sister in Lakeside" ; ! transfer-contradicts-accounts
      transfer: "interregional_gift"
      Assets:Companies:Bakery:Wallet    -50 RSC
      Assets:Regions:Lakeside:Clearing   50 RSC
    2026-01-03 * "her tuition" ; ! transfer-contradicts-accounts
      transfer: "tuition"
      Assets:Companies:Bakery:Wallet    -50 RSC
      Assets:Companies:School:Wallet     50 RSC
    """
    assert books.balance(BAKERY) == 1000
    assert books.balance("Liabilities:Members:Ada:Loans") == -100
