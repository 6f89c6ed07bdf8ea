"""What people and companies buy of companies: offers and purchases."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BOB,
    MILL,
    PLAIN,
    PRELUDE,
    SCHOOL,
    buy,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger, load

D = Decimal


@ledger(region=PLAIN, prelude=PRELUDE)
def test_people_and_companies_buy_what_companies_offer(books: Loaded) -> None:
    """
    2026-01-02 * "3 loaves" ^loaf
      quantity: 3
      Assets:Members:Ada:Wallet          -12.60 RSC
      Assets:Companies:Bakery:Wallet      12.60 RSC
    2026-01-03 * "flour" ^flour ^our-own-note
      transfer: "purchase"
      quantity: 2.5
      Assets:Companies:Bakery:Wallet     -25 RSC
      Assets:Companies:Mill:Wallet        25 RSC
    2026-01-04 * "half an evening" ^class
      quantity: 0.5
      Assets:Members:Bob:Wallet           -7.50 RSC
      Assets:Companies:School:Wallet       7.50 RSC
    """
    assert moves(books, "purchase") == [
        ("purchase", ADA, BAKERY, D("12.60")),
        ("purchase", BAKERY, MILL, D(25)),
        ("purchase", BOB, SCHOOL, D("7.50")),
    ]


def test_a_purchase_is_rounded_once() -> None:
    # 0.333 x 4.20 = 1.3986 -> 1.40 and 0.0125 x 4.20 = 0.0525 -> 0.05.
    # Halves go to the even hundredth: 0.125 x 4.20 = 0.525 -> 0.52, 0.875 x 4.20 = 3.675 -> 3.68.
    check(
        buy("Ada", "loaf", "Bakery", "0.333", "1.40")
        + buy("Ada", "loaf", "Bakery", "0.0125", "0.05")
        + buy("Ada", "loaf", "Bakery", "0.125", "0.52")
        + buy("Ada", "loaf", "Bakery", "0.875", "3.68")
        + buy("Ada", "loaf", "Bakery", "0.875", "3.67", mark="wrong-amount"),
        region=PLAIN,
        prelude=PRELUDE,
    )


def test_a_price_may_be_finer_than_the_smallest_amount() -> None:
    offer = '2026-01-01 custom "offer" "nail" "Mill"\n  product: "Nail"\n  price: 0.0125 RSC\n  kind: "product"\n'
    found = load(offer + buy("Ada", "nail", "Mill", 100, "1.25"), region=PLAIN, prelude=PRELUDE)
    assert found.codes in ([], ["too-many-digits", "offer-not-found"], ["too-many-digits"])


def test_a_wrong_amount_is_told_with_the_right_one() -> None:
    found = check(buy("Ada", "loaf", "Bakery", 3, "12.61", mark="wrong-amount"), region=PLAIN, prelude=PRELUDE)
    assert "12.60" in found.message("wrong-amount")
    assert paid(found, "purchase") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_the_ladder_of_a_purchase(books: Loaded) -> None:
    """
    2026-01-02 custom "offer-end" "flour"
    2026-01-03 * "no link: a direct transfer" ; ! forbidden-transfer
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "no link between companies" ; ! forbidden-transfer
      Assets:Companies:Mill:Wallet        -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "no such offer" ^lofa ; ! offer-not-found
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "which of the two?" ^loaf ^class ; ! ambiguous-link
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "no quantity" ^loaf ; ! missing-quantity
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "not offered any more" ^flour ; ! offer-has-ended
      quantity: 1
      Assets:Members:Ada:Wallet          -10 RSC
      Assets:Companies:Mill:Wallet        10 RSC
    2026-01-03 * "a job is not bought" ^job ; ! offer-is-a-job
      quantity: 1
      Assets:Members:Ada:Wallet          -10 RSC
      Assets:Companies:Bakery:Wallet      10 RSC
    2026-01-03 * "its own bread" ^loaf ; ! buyer-is-seller
      quantity: 1
      Assets:Companies:Bakery:Wallet      -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "its own bread, paid to another" ^loaf ; ! buyer-is-seller
      quantity: 1
      Assets:Companies:Bakery:Wallet      -4.20 RSC
      Assets:Companies:Mill:Wallet         4.20 RSC
    2026-01-03 * "the wrong company" ^loaf ; ! account-is-not-sellers
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Mill:Wallet         4.20 RSC
    2026-01-03 * "nothing" ^loaf ; ! quantity-must-be-positive
      quantity: 0
      Assets:Members:Ada:Wallet            0 RSC
      Assets:Companies:Bakery:Wallet       0 RSC
    2026-01-03 * "less than nothing" ^loaf ; ! quantity-must-be-positive
      quantity: -1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "finer than we count" ^loaf ; ! quantity-must-be-positive
      quantity: 1.0000000000001
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "a word" ^loaf ; ! malformed-metadata
      quantity: "three"
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "no such buyer" ^loaf ; ! member-not-found
      quantity: 1
      Assets:Members:Adda:Wallet          -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "no such seller" ^loaf ; ! company-not-found
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakry:Wallet        4.20 RSC
    2026-01-03 * "two buyers in one purchase" ^loaf ; ! ambiguous-legs
      quantity: 2
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Members:Bob:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       8.40 RSC
    2026-01-03 * "a plan is not an offer" ^bread-plan ; ! offer-not-found
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    """
    assert paid(books, "purchase") == []


@ledger(region=PLAIN, prelude=PRELUDE)
def test_an_offer_changed_under_a_purchase_changes_its_price(books: Loaded) -> None:
    """
    2026-01-05 custom "offer" "loaf" "Bakery"
      product: "Sourdough loaf"
      price: 5 RSC
      kind: "product"
      time: "12:00:00"
    2026-01-05 * "in the morning"  ^loaf
      time: "11:59:59"
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-05 * "at noon: facts come first" ^loaf ; ! wrong-amount
      time: "12:00:00"
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-05 * "at noon" ^loaf
      time: "12:00:00"
      quantity: 1
      Assets:Members:Ada:Wallet           -5 RSC
      Assets:Companies:Bakery:Wallet       5 RSC
    """
    assert paid(books, "purchase") == [D("4.20"), 5]


@ledger(region=PLAIN, prelude=PRELUDE)
def test_offers_belong_to_one_company_and_do_not_come_back(books: Loaded) -> None:
    """
    2026-01-02 custom "offer" "loaf" "Mill" ; ! duplicate-id
      product: "Loaf"
      price: 4 RSC
      kind: "product"
    2026-01-02 custom "offer" "bran" "Mull" ; ! company-not-found
      product: "Bran"
      price: 4 RSC
      kind: "product"
    2026-01-02 custom "offer" "bran" "Mill" ; ! missing-metadata
      product: "Bran"
      kind: "product"
    2026-01-02 custom "offer" "work" "Mill" ; ! missing-metadata
      product: "Work"
      kind: "job"
    2026-01-02 custom "offer" "work" "Mill" ; ! occupation-not-found
      product: "Work"
      kind: "job"
      occupation: "astronaut"
      hours: 30
    2026-01-02 custom "offer" "bran" "Mill" ; ! malformed-metadata
      product: "Bran"
      price: 4 RSC
      kind: "present"
    2026-01-02 custom "offer" "flat" "Mill" ; ! duplicate-id
      product: "The id of a property"
      price: 4 RSC
      kind: "product"
    2026-01-02 custom "offer-end" "loaf" "Mill" ; ! account-is-not-sellers
    2026-01-03 custom "offer-end" "lofa" ; ! offer-not-found
    2026-01-03 custom "offer-end" "loaf" "Bakery"
    2026-01-04 custom "offer-end" "loaf" ; ! offer-has-ended
    2026-01-04 custom "offer" "loaf" "Bakery" ; ! duplicate-id
      product: "Loaf"
      price: 4 RSC
      kind: "product"
    """
    assert books.codes


@ledger(region=PLAIN, prelude=PRELUDE)
def test_with_a_company_end_its_offers(books: Loaded) -> None:
    """
    2026-01-02 custom "company-end" "Bakery"
    2026-01-03 * "a loaf" ^loaf ; ! company-has-ended
      quantity: 1
      Assets:Members:Ada:Wallet           -4.20 RSC
      Assets:Companies:Bakery:Wallet       4.20 RSC
    2026-01-03 * "its flour" ^flour ; ! company-has-ended
      quantity: 1
      Assets:Companies:Bakery:Wallet     -10 RSC
      Assets:Companies:Mill:Wallet        10 RSC
    2026-01-04 custom "offer" "bun" "Bakery" ; ! company-has-ended
      product: "Bun"
      price: 1 RSC
      kind: "product"
    """
    # Its wallet went to the treasury.
    assert books.balance(BAKERY) == 0
    assert books.balance("Assets:Region:Treasury") == 11_000


def test_who_is_not_there_is_told_before_what_is_not_offered_any_more() -> None:
    text = '2026-01-02 custom "offer-end" "loaf"\n' + buy(
        "Nobody", "loaf", "Bakery", 1, "4.20", mark="member-not-found"
    )
    check(text, region=PLAIN, prelude=PRELUDE)


def test_a_rate_of_sales_tax_takes_nothing_before_the_close() -> None:
    taxed = region(sales_tax_internal=0.1, sales_tax_external=0.1)
    found = check(buy("Ada", "loaf", "Bakery", 10, 42), region=taxed, prelude=PRELUDE)
    assert found.balance(BAKERY) == 1042
