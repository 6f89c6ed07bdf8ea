"""Bankruptcies reckoned by hand: who gets what of what is left (RULES.md, part B, "Bankruptcy")."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BANK,
    BARE,
    CLAIM,
    MILL,
    OFFERS,
    OUTSIDE,
    PROPERTY,
    TREASURY,
    UNION,
    debt,
    endow,
    issue,
    loan,
    move,
    moves,
    paid,
    region,
    wallet,
)
from tests.support import Loaded, check, ledger

D = Decimal

PRELUDE = BARE + OFFERS + PROPERTY + endow(10_000, "Ada") + issue(10_000, BANK) + issue(10_000, UNION)


def lent(name: str, amount: object, *, bank: str = "PublicBank") -> str:
    return loan(name, "Mill", amount, months=100, bank=bank)


def drawn(name: str, amount: object, lender: str) -> str:
    return (
        f'2026-01-01 custom "outside-loan" "{name}" "Mill"\n  lender: "{lender}"\n  principal: {amount} RSC\n'
        f'2026-01-01 * "{name}" ^{name}\n  transfer: "outside_loan"\n'
        f"  Equity:Outside  -{amount} RSC\n  {MILL}  {amount} RSC\n"
    )


def spent(amount: object, *, date: str = "2026-01-02") -> str:
    return (
        f'{date} * "a mill stone"\n  transfer: "external_purchase"\n  input: "stone"\n'
        f"  {MILL}  -{amount} RSC\n  Equity:Outside  {amount} RSC\n"
    )


BANKRUPT = '2026-01-20 custom "bankruptcy" "Mill"\n  by: "carla"\n'
LATER = BANKRUPT.replace("2026-01-20", "2026-02-20")


def test_three_creditors_share_what_is_left_by_their_claims() -> None:
    books = check(
        lent("loan-1", 600)
        + drawn("credit-7", 300, "Coast Bank")
        + '2026-01-01 custom "lease" "oven" "Mill"\n'
        + spent(900)
        + '2026-01-31 custom "month-close" "2026-01" ; ? payment-in-arrears\n'
        + f'2026-02-05 * "50 sacks" ^flour\n  quantity: 50\n  {ADA}  -500 RSC\n  {MILL}  500 RSC\n'
        + LATER,
        region=region(),
        prelude=PRELUDE,
    )
    # The bank is owed 600, Coast Bank 300, the treasury the oven's rent of 155: 1055 in all, and 500 are left.
    #   bank     500 x 600 / 1055 = 284.360189...: 284.36
    #   Coast    500 x 300 / 1055 = 142.180094...: 142.18
    #   treasury 500 x 155 / 1055 =  73.459715...:  73.45, the largest remainder, so the hundredth that is left is its
    assert D("284.36") + D("142.18") + D("73.45") == D("499.99")
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, BANK, D("284.36")),
        ("liquidation", MILL, TREASURY, D("73.46")),
        ("liquidation", MILL, OUTSIDE, D("142.18")),
    ]
    assert books.balance(MILL) == 0
    # What the bank did not get back is written off: nobody owes it any more.
    assert moves(books, "loan_release") == [("loan_release", CLAIM, debt("Mill"), D(600))]
    assert books.balance(debt("Mill")) == books.balance(CLAIM) == 0
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"].startswith("bankruptcy")]
    assert entry.meta["derived-from"] == "bankruptcy Mill"


def test_equal_remainders_go_to_banks_by_id_then_to_lenders_by_name() -> None:
    books = check(
        lent("loan-1", 100, bank="Union")
        + lent("loan-2", 100)
        + drawn("credit-7", 100, "Coast Bank")
        + spent(200)
        + BANKRUPT,
        region=region(),
        prelude=PRELUDE,
    )
    # 100 / 3 = 33.33 each; the hundredth that is left goes to PublicBank, the first of the banks.
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, BANK, D("33.34")),
        ("liquidation", MILL, UNION, D("33.33")),
        ("liquidation", MILL, OUTSIDE, D("33.33")),
    ]


def test_two_loans_of_one_bank_are_one_claim() -> None:
    books = check(
        lent("loan-1", 100) + lent("loan-2", 100) + drawn("credit-7", 100, "Coast Bank") + spent(200) + BANKRUPT,
        region=region(),
        prelude=PRELUDE,
    )
    # 100 x 200 / 300 = 66.666..., 100 x 100 / 300 = 33.333...: the larger remainder is the bank's.
    assert sorted(paid(books, "liquidation")) == [D("33.33"), D("66.67")]
    assert sum(paid(books, "loan_release")) == 200


def test_with_enough_left_all_are_paid_and_the_rest_is_the_regions_never_the_workers() -> None:
    books = check(
        lent("loan-1", 300) + drawn("credit-7", 200, "Coast Bank") + spent(100) + endow(400, "Mill") + BANKRUPT,
        region=region(),
        prelude=PRELUDE,
    )
    # 300 + 200 - 100 + 400 = 800; 500 are owed.
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, BANK, D(300)),
        ("liquidation", MILL, TREASURY, D(300)),
        ("liquidation", MILL, OUTSIDE, D(200)),
    ]
    assert books.balance(wallet("Cyd")) == 0


def test_a_company_without_a_credit_leaves_its_debts_written_off() -> None:
    books = check(lent("loan-1", 300) + spent(300) + BANKRUPT, region=region(), prelude=PRELUDE)
    assert paid(books, "liquidation") == []
    assert paid(books, "loan_release") == [300]
    assert books.balance(debt("Mill")) == 0


def test_interest_in_arrears_is_part_of_the_banks_claim() -> None:
    books = check(
        loan("loan-1", "Mill", 1000, rate="0.12", months=10, repayment="equal")
        + drawn("credit-7", 505, "Coast Bank")
        + '2026-01-31 custom "month-close" "2026-01"\n'
        + spent(1505, date="2026-02-01")
        + '2026-02-28 custom "month-close" "2026-02" ; ? payment-in-arrears\n'
        + f'2026-03-05 * "30.3 sacks" ^flour\n  quantity: 30.3\n  {ADA}  -303 RSC\n  {MILL}  303 RSC\n'
        + BANKRUPT.replace("01-20", "03-20"),
        region=region(),
        prelude=PRELUDE,
    )  # fmt: skip
    # In February 10 of interest and 100 of principal stayed due: the bank claims 1000 + 10, Coast Bank 505.
    # 303 x 1010 / 1515 = 202, 303 x 505 / 1515 = 101.
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, BANK, D(202)),
        ("liquidation", MILL, OUTSIDE, D(101)),
    ]


def test_a_bank_whose_principal_is_repaid_still_claims_the_interest_that_it_is_owed() -> None:
    text = (
        loan("loan-1", "Mill", 900, rate="0.12", months=9, repayment="equal")
        + spent(900)
        + '2026-01-31 custom "month-close" "2026-01"\n'
        + '2026-02-28 custom "month-close" "2026-02" ; ? payment-in-arrears\n'
        + endow(902, "Mill", date="2026-03-01")
        + move(MILL, BANK, 900, date="2026-03-02", link="loan-1")
        + BANKRUPT.replace("01-20", "03-03")
    )
    # 9 of interest stayed due in February, and 2 are left.
    books = check(text, region=region(), prelude=PRELUDE)
    assert moves(books, "liquidation") == [("liquidation", MILL, BANK, D(2))]
    # With more than enough the bank gets its 9, and the rest is the treasury's.
    rich = check(text.replace("902", "1000"), region=region(), prelude=PRELUDE)
    assert sorted(paid(rich, "liquidation")) == [9, 91]


def test_after_a_bankruptcy_the_bank_goes_on_and_nothing_is_due_any_more() -> None:
    books = check(
        lent("loan-1", 300)
        + '2026-01-01 custom "lease" "oven" "Mill"\n'
        + spent(300)
        + '2026-01-31 custom "month-close" "2026-01" ; ? payment-in-arrears\n'
        + LATER
        + '2026-02-28 custom "month-close" "2026-02"\n2026-03-31 custom "month-close" "2026-03"\n',
        region=region(profit_at_rest_tax=0.1, sales_tax_external=0.1),
        prelude=PRELUDE,
    )
    assert paid(books, "rent", "loan_repayment", "sales_tax", "profit_tax") == []


@ledger(region=region(), prelude=PRELUDE + endow(1000, "Mill"))
def test_a_bankruptcy_ends_employment_offers_and_leases(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "oven" "Mill"
    2026-01-10 custom "bankruptcy" "Mill"
      by: "carla"
    2026-01-11 * "no more flour" ^flour ; ! company-is-bankrupt
      quantity: 1
      Assets:Members:Ada:Wallet          -10 RSC
      Assets:Companies:Mill:Wallet        10 RSC
    2026-01-11 * "no more work" ; ! company-is-bankrupt
      Assets:Companies:Mill:A        -1 HOUR
      Assets:Members:Cyd:Hours        1 HOUR
    2026-01-11 * "no more sales" ; ! company-is-bankrupt
      transfer: "external_sale"
      Equity:Outside                     -10 RSC
      Assets:Companies:Mill:Wallet        10 RSC
    2026-01-11 * "no more purchases" ; ! company-is-bankrupt
      transfer: "external_purchase"
      input: "wheat"
      Assets:Companies:Mill:Wallet        -1 RSC
      Equity:Outside                       1 RSC
    2026-01-11 * "no bread for it" ^class ; ! company-is-bankrupt
      quantity: 1
      Assets:Companies:Mill:Wallet       -15 RSC
      Assets:Companies:School:Wallet      15 RSC
    2026-01-12 custom "employment" "Mill" "Ada" ; ! company-is-bankrupt
    2026-01-12 custom "offer" "bran" "Mill" ; ! company-is-bankrupt
      product: "Bran"
      price: 1 RSC
      kind: "product"
    2026-01-12 custom "loan" "loan-9" "PublicBank" "Mill" ; ! company-is-bankrupt
      principal: 100 RSC
      yearly-rate: 0
      months: 10
      by: "carla"
    2026-01-12 custom "lease" "hall" "Mill" ; ! company-is-bankrupt
    2026-01-12 custom "bankruptcy" "Mill" ; ! company-is-bankrupt
      by: "carla"
    2026-01-12 custom "company-end" "Mill" ; ! company-is-bankrupt
    2026-01-12 custom "lease" "oven" "Bakery"
    2026-01-12 custom "employment" "Bakery" "Cyd"
      occupation: "baker"
    """
    assert books.balance(TREASURY) == 1000
