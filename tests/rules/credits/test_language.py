"""The ledger language where credits are on: amounts, accounts, time, and what stays Beancount's own (LANGUAGE.md)."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BARE,
    BOB,
    MILL,
    PLAIN,
    PRELUDE,
    TREASURY,
    buy,
    close,
    endow,
    issue,
    moves,
    paid,
    region,
    wallet,
)
from tests.support import Loaded, check, ledger, load

D = Decimal


@ledger(region=region(housing_markup=0.1), prelude=PRELUDE)
def test_amounts_may_be_plain_numbers_in_the_commodity_that_is_meant(books: Loaded) -> None:
    """
    2026-01-02 custom "offer" "bran" "Mill"
      product: "Bran"
      price: 2.50
      kind: "product"
    2026-01-02 custom "property" "attic"
      kind: "housing"
      property-tax: 31
      price: 500
    2026-01-02 custom "loan" "loan-1" "PublicBank" "Bakery"
      by: "carla"
      principal: 100
      yearly-rate: 0
      months: 1
    2026-01-02 custom "outside-loan" "credit-7" "Bakery"
      lender: "Coast Bank"
      principal: 50
    2026-01-03 * "bran" ^bran
      quantity: 4
      Assets:Members:Ada:Wallet       -10 RSC
      Assets:Companies:Mill:Wallet     10 RSC
    2026-01-04 * "drawn" ^credit-7
      transfer: "outside_loan"
      Equity:Outside                  -50 RSC
      Assets:Companies:Bakery:Wallet   50 RSC
    2026-01-05 custom "lease" "attic" "Ada"
    2026-01-15 custom "lease-end" "attic"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "rent") == [11]
    assert books.balance(BAKERY) == 1150


@ledger(region=PLAIN, prelude=PRELUDE)
def test_one_amount_may_be_left_out(books: Loaded) -> None:
    """
    2026-01-02 * "3 loaves" ^loaf
      quantity: 3
      Assets:Members:Ada:Wallet          -12.60 RSC
      Assets:Companies:Bakery:Wallet
    2026-01-02 * "shared"
      Assets:Members:Ada:Wallet
      Assets:Members:Bob:Wallet            1.25 RSC
      Assets:Members:Cyd:Wallet            2.50 RSC
    """
    assert books.balance(ADA) == D(1000) - D("12.60") - D("3.75")
    assert books.balance(BAKERY) == D("1012.60")


@ledger(region=PLAIN, prelude=PRELUDE)
def test_what_does_not_sum_to_zero_is_refused_however_little_it_is(books: Loaded) -> None:
    """
    2026-01-02 * "a hundredth is lost" ; ! unbalanced-transaction
      Assets:Members:Ada:Wallet          -10.00 RSC
      Assets:Members:Bob:Wallet            9.99 RSC
    2026-01-02 * "finer than the precision"
      Assets:Members:Ada:Wallet          -10.001 RSC ; ! too-many-digits
      Assets:Members:Bob:Wallet           10.001 RSC
    """
    assert books.balance(BOB) == 1000


def test_accounts_of_credits_are_opened_by_themselves_and_may_be_opened_by_hand() -> None:
    text = (
        "2026-01-01 open Assets:Members:Ada:Wallet RSC\n"
        "2026-01-01 open Assets:Region:Treasury\n"
        "2026-01-01 open Liabilities:Companies:Mill:Loans\n"
    )
    books = check(text + '2026-01-02 custom "member" "Eve"\n', region=PLAIN, prelude=PRELUDE)
    assert {
        "Assets:Members:Eve:Wallet",
        "Liabilities:Members:Eve:Loans",
    } <= set(books.books.machine.state.balances)


def test_accounts_that_the_table_of_accounts_does_not_have() -> None:
    lines = [
        ("Assets:Members:Ada:Walet", "unknown-account"),
        ("Assets:Companies:Mill:Capital", "unknown-account"),
        ("Assets:Banks:PublicBank", "unknown-account"),
        ("Assets:Region:Treasure", "unknown-account"),
        ("Assets:Regions:Lakeside", "unknown-account"),
    ]
    for account, code in lines:
        text = f'2026-01-02 * "x"\n  Assets:Members:Ada:Wallet  -1 RSC\n  {account}  1 RSC ; ! {code}\n'
        check(text, region=PLAIN, prelude=PRELUDE)


def test_credits_move_on_governed_accounts_only_and_governed_accounts_hold_nothing_else() -> None:
    texts = [
        ('2026-01-02 * "x"\n  Assets:Mine  -1 RSC\n  Assets:Yours  1 RSC\n', "commodity-on-other-account"),
        (f'2026-01-02 * "x"\n  {ADA}  -1 EUR\n  {BOB}  1 EUR\n', "wrong-commodity"),
        (f'2026-01-02 * "x"\n  {ADA}  -1 RSC @ 2 EUR\n  {BOB}  1 RSC @ 2 EUR\n', "cost-or-price"),
        (f'2026-01-02 * "x"\n  {ADA}  -1 HOUR\n  {BOB}  1 HOUR\n', "wrong-commodity"),
        (f'2026-01-02 * "x"\n  {ADA}  -1000000000000000 RSC\n  {BOB}  1000000000000000 RSC\n', "amount-out-of-bounds"),
        (f"2026-01-02 pad {ADA} Equity:Outside\n2026-01-03 balance {ADA} 1000 RSC\n", "pad-on-governed-account"),
        (f"2026-01-02 close {ADA}\n", "closed-account"),
    ]
    for text, code in texts:
        opened = "2026-01-01 open Assets:Mine\n2026-01-01 open Assets:Yours\n"
        found = load(opened + text, region=PLAIN, prelude=PRELUDE)
        assert found.codes == [code], text


def test_balance_assertions_see_what_was_derived() -> None:
    text = (
        '2026-01-01 custom "lease" "flat" "Ada"\n'
        + close("2026-01")
        + "2026-02-01 balance Assets:Members:Ada:Wallet  690 RSC\n"
        + "2026-02-01 balance Assets:Region:Treasury  10310 RSC\n"
    )
    books = check(text, region=PLAIN, prelude=PRELUDE)
    assert books.balance(TREASURY) == 10_310


@ledger(region=PLAIN, prelude=PRELUDE)
def test_ids_are_unique_among_plans_offers_properties_and_loans_and_among_parties(books: Loaded) -> None:
    """
    2026-01-02 custom "property" "loaf" ; ! duplicate-id
      kind: "housing"
    2026-01-02 custom "offer" "oven" "Mill" ; ! duplicate-id
      product: "Oven"
      price: 1 RSC
    2026-01-02 custom "outside-loan" "flat" "Mill" ; ! duplicate-id
      lender: "Coast Bank"
      principal: 50 RSC
    2026-01-02 custom "plan" "flour" "Mill" ; ! duplicate-id
      product: "Flour"
      quantity: 10
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 30
    2026-01-02 custom "basic-service" "class" "Ada" ; ! duplicate-id
    2026-01-02 custom "member" "Bakery" ; ! duplicate-id
    2026-01-02 custom "bank" "Union" ; ! duplicate-id
    2026-01-02 custom "member" "Union"
    2026-01-02 custom "pool" "Lakeside"
    2026-01-02 custom "region" "Ada"
    """
    assert books.codes


@ledger(region=PLAIN, prelude=PRELUDE)
def test_at_one_instant_facts_come_before_what_is_bought(books: Loaded) -> None:
    """
    2026-01-02 * "a bun on its first day" ^bun
      quantity: 1
      Assets:Members:Ada:Wallet           -1 RSC
      Assets:Companies:Bakery:Wallet       1 RSC
    2026-01-02 custom "offer" "bun" "Bakery"
      product: "Bun"
      price: 1 RSC
    2026-01-02 * "before its instant" ^roll ; ! offer-not-found
      time: "09:59:59.999999"
      quantity: 1
      Assets:Members:Ada:Wallet           -1 RSC
      Assets:Companies:Bakery:Wallet       1 RSC
    2026-01-02 custom "offer" "roll" "Bakery"
      product: "Roll"
      price: 1 RSC
      time: "10:00:00"
    """
    assert paid(books, "purchase") == [1]


def test_the_order_of_files_decides_nothing() -> None:
    parts = {
        "a.beancount": close("2026-01") + buy("Ada", "loaf", "Bakery", 10, 42),
        "b.beancount": issue(500, date="2026-01-03") + '2026-01-01 custom "lease" "flat" "Ada"\n',
        "c.beancount": BARE + endow(),
    }
    offers = PRELUDE[PRELUDE.index('2026-01-01 custom "offer" "loaf"') :]
    shown = []
    for names in (sorted(parts), sorted(parts, reverse=True)):
        includes = "".join(f'include "{name}"\n' for name in names)
        found = check(includes + offers, region=region(income_tax=0.1, dividend=1), prelude="", files=parts)
        shown.append(moves(found))
    assert shown[0] == shown[1]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_metadata_that_a_fact_does_not_have_is_told_with_the_nearest(books: Loaded) -> None:
    """
    2026-01-02 custom "loan" "loan-1" "PublicBank" "Bakery" ; ! unknown-metadata
      principle: 100 RSC
      principal: 100 RSC
      yearly-rate: 0
      months: 12
    2026-01-02 custom "lease" "flat" "Ada" ; ! unknown-metadata
      reson: "urgent"
    """
    assert "principal" in str([problem.message for problem in books.books.errors])
    assert books.balance(wallet("Bakery")) == 1000
    assert books.balance(MILL) == 1000
