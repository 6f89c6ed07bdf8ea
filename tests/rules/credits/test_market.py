"""What people give, what is traded over the region's border, and that no wallet falls below zero."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BOB,
    CLEARING,
    MILL,
    OUTSIDE,
    PLAIN,
    PRELUDE,
    SCHOOL,
    moves,
    paid,
)
from tests.support import Loaded, ledger

D = Decimal


@ledger(region=PLAIN, prelude=PRELUDE)
def test_any_two_people_may_transfer_directly(books: Loaded) -> None:
    """
    2026-01-02 * "an old bicycle"
      Assets:Members:Ada:Wallet    -80 RSC
      Assets:Members:Bob:Wallet     80 RSC
    2026-01-03 * "birthday" ^any-link
      transfer: "gift"
      Assets:Members:Ada:Wallet    -10.50 RSC
      Assets:Members:Bob:Wallet      5.25 RSC
      Assets:Members:Cyd:Wallet      5.25 RSC
    """
    assert moves(books, "gift")[0] == ("gift", ADA, BOB, D(80))
    assert paid(books, "gift") == [80, D("5.25"), D("5.25")]
    assert books.balance(ADA) == D("909.50")


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_gift_needs_two_members_who_are_there(books: Loaded) -> None:
    """
    2026-01-02 * "to herself" ; ! same-account
      Assets:Members:Ada:Wallet    -1 RSC
      Assets:Members:Ada:Wallet     1 RSC
    2026-01-02 * "to nobody" ; ! member-not-found
      Assets:Members:Ada:Wallet    -1 RSC
      Assets:Members:Adda:Wallet    1 RSC
    2026-01-02 custom "employment-end" "School" "Dan"
    2026-01-02 * "what is left of Dan's" ^farewell
      Assets:Members:Dan:Wallet   -1000 RSC
      Assets:Members:Ada:Wallet    1000 RSC
    2026-01-03 custom "member-end" "Dan"
    2026-01-04 * "to one who left" ; ! member-has-ended
      Assets:Members:Ada:Wallet    -1 RSC
      Assets:Members:Dan:Wallet     1 RSC
    2026-01-04 * "by one who left" ; ! member-has-ended
      Assets:Members:Dan:Wallet    -1 RSC
      Assets:Members:Ada:Wallet     1 RSC
    """
    assert books.balance(ADA) == 2000


# Over the border


@ledger(region=PLAIN, prelude=PRELUDE)
def test_trade_with_the_outside(books: Loaded) -> None:
    """
    2026-01-02 * "bread for the coast"
      transfer: "external_sale"
      Equity:Outside                     -100 RSC
      Assets:Companies:Bakery:Wallet      100 RSC
    2026-01-02 * "10 loaves for the coast, for more than here" ^loaf
      transfer: "external_sale"
      quantity: 10
      Equity:Outside                      -60 RSC
      Assets:Companies:Bakery:Wallet       60 RSC
    2026-01-03 * "wheat"
      transfer: "external_purchase"
      input: "wheat"
      Assets:Companies:Mill:Wallet        -30 RSC
      Equity:Outside                       30 RSC
    2026-01-03 * "a pair of shoes"
      Assets:Members:Ada:Wallet           -70 RSC
      Equity:Outside                       70 RSC
    """
    assert moves(books, "external_sale") == [
        ("external_sale", OUTSIDE, BAKERY, D(100)),
        ("external_sale", OUTSIDE, BAKERY, D(60)),
    ]
    assert moves(books, "external_purchase") == [
        ("external_purchase", MILL, OUTSIDE, D(30)),
        ("external_purchase", ADA, OUTSIDE, D(70)),
    ]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_trade_with_the_outside_needs_what_it_is(books: Loaded) -> None:
    """
    2026-01-02 * "what did the mill buy?" ; ! missing-input
      transfer: "external_purchase"
      Assets:Companies:Mill:Wallet        -30 RSC
      Equity:Outside                       30 RSC
    2026-01-02 * "what moved?" ; ! ambiguous-transfer
      input: "wheat"
      Assets:Companies:Mill:Wallet        -30 RSC
      Equity:Outside                       30 RSC
    2026-01-02 * "nor was it a sale" ; ! transfer-contradicts-accounts
      transfer: "external_sale"
      Assets:Companies:Mill:Wallet        -30 RSC
      Equity:Outside                       30 RSC
    2026-01-02 * "no such company" ; ! company-not-found
      transfer: "external_sale"
      Equity:Outside                     -10 RSC
      Assets:Companies:Bakry:Wallet       10 RSC
    2026-01-02 * "the outside pays no people" ; ! forbidden-transfer
      Equity:Outside                     -10 RSC
      Assets:Members:Ada:Wallet           10 RSC
    """
    assert paid(books, "external_purchase", "external_sale") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_trade_and_presents_between_regions(books: Loaded) -> None:
    """
    2026-01-02 * "a boat of theirs"
      transfer: "interregional_purchase"
      Assets:Members:Ada:Wallet               -300 RSC
      Assets:Regions:Lakeside:Clearing         300 RSC
    2026-01-02 * "fish"
      input: "fish"
      Assets:Companies:School:Wallet           -50 RSC
      Assets:Regions:Lakeside:Clearing          50 RSC
    2026-01-03 * "bread for Lakeside" ^loaf
      quantity: 10
      Assets:Regions:Lakeside:Clearing         -42 RSC
      Assets:Companies:Bakery:Wallet            42 RSC
    2026-01-04 * "to my sister"
      transfer: "interregional_gift"
      Assets:Members:Ada:Wallet                -20 RSC
      Assets:Regions:Lakeside:Clearing          20 RSC
    2026-01-05 * "from my sister" ; ? gift-without-crossing
      Assets:Regions:Lakeside:Clearing          -5 RSC
      Assets:Members:Ada:Wallet                  5 RSC
    """
    assert moves(books, "interregional_purchase") == [
        ("interregional_purchase", ADA, CLEARING, D(300)),
        ("interregional_purchase", SCHOOL, CLEARING, D(50)),
    ]
    assert moves(books, "interregional_sale") == [("interregional_sale", CLEARING, BAKERY, D(42))]
    assert books.balance(ADA) == 1000 - 300 - 20 + 5


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_neighbour_is_declared_before_anything_moves(books: Loaded) -> None:
    """
    2026-01-02 * "typo" ; ! region-not-found
      Assets:Regions:Lakside:Clearing           -5 RSC
      Assets:Members:Ada:Wallet                  5 RSC
    2026-01-02 * "not yet" ; ! region-not-found
      Assets:Regions:Hilltop:Clearing           -5 RSC
      Assets:Members:Ada:Wallet                  5 RSC
    2026-01-03 custom "region" "Hilltop"
    2026-01-03 * "now" ; ? gift-without-crossing
      Assets:Regions:Hilltop:Clearing           -5 RSC
      Assets:Members:Ada:Wallet                  5 RSC
    2026-01-04 custom "region" "Hilltop" ; ! duplicate-id
    2026-01-04 custom "region" "Riverbend" ; ! region-is-this-one
    2026-01-04 * "from one neighbour to the other" ; ! forbidden-transfer
      Assets:Regions:Hilltop:Clearing           -5 RSC
      Assets:Regions:Lakeside:Clearing           5 RSC
    """
    assert "Lakeside" in str([problem.message for problem in books.books.errors])


# Wallets


@ledger(region=PLAIN, prelude=PRELUDE)
def test_no_wallet_falls_below_zero(books: Loaded) -> None:
    """
    2026-01-02 * "more than she has" ; ! insufficient-balance
      Assets:Members:Ada:Wallet    -1000.01 RSC
      Assets:Members:Bob:Wallet     1000.01 RSC
    2026-01-02 * "more than the mill has" ; ! insufficient-balance
      transfer: "external_purchase"
      input: "wheat"
      Assets:Companies:Mill:Wallet   -1001 RSC
      Equity:Outside                  1001 RSC
    2026-01-03 * "all she has"
      Assets:Members:Ada:Wallet    -1000 RSC
      Assets:Members:Bob:Wallet     1000 RSC
    2026-01-03 * "nothing is left" ^loaf ; ! insufficient-balance
      time: "10:00:00"
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    """
    assert books.balance(ADA) == 0
    assert "1,000.01" in str([p.message for p in books.books.errors]) or "1000.01" in str(
        [p.message for p in books.books.errors]
    )


@ledger(region=PLAIN, prelude=PRELUDE)
def test_income_comes_before_spending_and_of_two_the_last_by_the_key_falls(books: Loaded) -> None:
    """
    2026-01-02 * "b: falls, 900 to Cyd" ; ! insufficient-balance
      Assets:Members:Ada:Wallet     -900 RSC
      Assets:Members:Cyd:Wallet      900 RSC
    2026-01-02 * "a: stands, 1100 to Bob"
      Assets:Members:Ada:Wallet    -1100 RSC
      Assets:Members:Bob:Wallet     1100 RSC
    2026-01-02 * "income of the same instant"
      Assets:Members:Dan:Wallet     -200 RSC
      Assets:Members:Ada:Wallet      200 RSC
    """
    assert books.balance(ADA) == 100
