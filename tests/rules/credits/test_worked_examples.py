"""Months reckoned by hand: what a bakery sells, pays and keeps, arrears, dividends, and profit at rest."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BANK,
    BARE,
    BOB,
    CYD,
    DAN,
    MILL,
    OFFERS,
    PROPERTY,
    TREASURY,
    close,
    debt,
    endow,
    issue,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal

RATES = region(income_tax=0.12, sales_tax_internal=0.01, sales_tax_external=0.05, profit_at_rest_tax=0.02, dividend=0.5)

IN_DECEMBER = (BARE + OFFERS + PROPERTY).replace("2026-01-01", "2025-12-01")


@ledger(region=RATES.replace("2026-01-01", "2025-12-01"), prelude=IN_DECEMBER)
def test_january_of_a_bakery(books: Loaded) -> None:
    """
    2025-12-01 * "issue"
      by: "carla"
      Equity:Issuance                  -20000 RSC
      Assets:Banks:PublicBank:Funds     20000 RSC
    2025-12-15 custom "loan" "loan-1" "PublicBank" "Bakery"
      principal: 6000 RSC
      yearly-rate: 0.06
      months: 12
      repayment: "equal"
      purpose: "an oven of stone"
      by: "carla"
    2025-12-31 custom "month-close" "2025-12"
    2026-01-01 custom "lease" "oven" "Bakery"
    2026-01-01 * "a present from Lakeside" ; ? gift-without-crossing
      Assets:Regions:Lakeside:Clearing   -100 RSC
      Assets:Members:Cyd:Wallet           100 RSC
    2026-01-02 * "100 sacks" ^flour
      quantity: 100
      Assets:Companies:Bakery:Wallet    -1000 RSC
      Assets:Companies:Mill:Wallet       1000 RSC
    2026-01-10 * "Hotel Lakeview" "bread for the season"
      transfer: "external_sale"
      Equity:Outside                    -4000 RSC
      Assets:Companies:Bakery:Wallet     4000 RSC
    2026-01-20 * "payroll"
      Assets:Companies:Bakery:A           -16 HOUR
      Assets:Members:Ada:Hours              8 HOUR
      Assets:Members:Bob:Hours              8 HOUR
    2026-01-25 * "10 loaves" ^loaf
      quantity: 10
      Assets:Members:Cyd:Wallet           -42.00 RSC
      Assets:Companies:Bakery:Wallet       42.00 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # Ada: 8 x (18 + 0.5 x (24 - 18)) = 8 x 21 = 168, of which 168 x 0.12 = 20.16 are taxes.
    # Bob: 8 x 18 = 144, of which 144 x 0.12 = 17.28 are taxes.
    assert moves(books, "wage", "income_tax") == [
        ("wage", BAKERY, ADA, D(168)),
        ("wage", BAKERY, BOB, D(144)),
        ("income_tax", ADA, TREASURY, D("20.16")),
        ("income_tax", BOB, TREASURY, D("17.28")),
    ]
    # Oven: 20 + 60 + 15 + 60 = 155 a month, held all 31 days, at cost.
    # Interest: 6000 x 0.06 / 12 = 30. Instalment: 6000 / 12 = 500.
    # Sales tax of the bakery: 42 x 0.01 + 4000 x 0.05 = 200.42; of the mill: 1000 x 0.01 = 10.
    # Profit at rest, above the 6000 that are owed, at the end of each day (the last one before this close):
    #   bakery:  1st       6000 - 6000 =    0
    #            2nd-9th   5000 - 6000 <    0
    #            10th-19th 9000 - 6000 = 3000, 10 days = 30000
    #            20th-24th 8688 - 6000 = 2688,  5 days = 13440
    #            25th-31st 8730 - 6000 = 2730,  7 days = 19110;  62550 x 0.02 / 31 = 40.3548... = 40.35
    #   mill:    2nd-31st  1000, 30 days = 30000;                30000 x 0.02 / 31 = 19.3548... = 19.35
    # The bank passes on its interest of 30.
    # Dividend: 0.5 x (37.44 + 210.42 + 59.70 + 30) = 0.5 x 337.56 = 168.78; / 4 = 42.195, rounded down 42.19.
    types = ("rent", "loan_interest", "loan_repayment", "sales_tax", "profit_tax", "bank_surplus", "dividend")
    assert moves(books, *types) == [
        ("rent", BAKERY, TREASURY, D(155)),
        ("loan_interest", BAKERY, BANK, D(30)),
        ("loan_repayment", BAKERY, BANK, D(500)),
        ("sales_tax", BAKERY, TREASURY, D("200.42")),
        ("sales_tax", MILL, TREASURY, D(10)),
        ("profit_tax", BAKERY, TREASURY, D("40.35")),
        ("profit_tax", MILL, TREASURY, D("19.35")),
        ("bank_surplus", BANK, TREASURY, D(30)),
        ("dividend", TREASURY, ADA, D("42.19")),
        ("dividend", TREASURY, BOB, D("42.19")),
        ("dividend", TREASURY, CYD, D("42.19")),
        ("dividend", TREASURY, DAN, D("42.19")),
    ]
    assert paid(books, "loan_release") == [500]
    # 6000 - 1000 + 4000 - 312 + 42 = 8730; - 155 - 30 - 500 - 200.42 - 40.35 = 7804.23.
    assert books.balance(BAKERY) == D("7804.23")
    assert books.balance(MILL) == D(1000) - 10 - D("19.35")
    assert books.balance(ADA) == D(168) - D("20.16") + D("42.19")
    assert books.balance(CYD) == D(100) - 42 + D("42.19")
    # 37.44 + 155 + 210.42 + 59.70 + 30 - 4 x 42.19 = 323.80.
    assert books.balance(TREASURY) == D("323.80")
    # 20000 - 6000 + 30 + 500 - 30.
    assert books.balance(BANK) == 14500
    assert books.balance(debt("Bakery")) == -5500


@ledger(region=region(sales_tax_external=0.05), prelude=BARE + OFFERS + PROPERTY + endow(1000, "Ada"))
def test_arrears_are_due_first_at_the_next_close_and_in_their_order(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "oven" "Mill"
    2026-01-05 * "flour for the coast"
      transfer: "external_sale"
      Equity:Outside                    -1000 RSC
      Assets:Companies:Mill:Wallet       1000 RSC
    2026-01-06 * "a new stone"
      transfer: "external_purchase"
      input: "millstone"
      Assets:Companies:Mill:Wallet       -825 RSC
      Equity:Outside                      825 RSC
    2026-01-31 custom "month-close" "2026-01" ; ? payment-in-arrears
    2026-02-10 * "9 sacks" ^flour
      quantity: 9
      Assets:Members:Ada:Wallet           -90 RSC
      Assets:Companies:Mill:Wallet         90 RSC
    2026-02-28 custom "month-close" "2026-02" ; ? payment-in-arrears
    2026-03-10 * "40 sacks" ^flour
      quantity: 40
      Assets:Members:Ada:Wallet          -400 RSC
      Assets:Companies:Mill:Wallet        400 RSC
    2026-03-31 custom "month-close" "2026-03"
    """
    # January: 1000 - 825 = 175 pay the rent of 155 and 20 of the sales tax of 1000 x 0.05 = 50; 30 stay due.
    # February: 90 pay those 30 first and then 60 of the rent of 155; 95 stay due.
    # March: 400 pay 95 of February's rent, then 155; internal sales are not taxed; 150 remain.
    assert moves(books, "rent", "sales_tax") == [
        ("rent", MILL, TREASURY, D(155)),
        ("sales_tax", MILL, TREASURY, D(20)),
        ("sales_tax", MILL, TREASURY, D(30)),
        ("rent", MILL, TREASURY, D(60)),
        ("rent", MILL, TREASURY, D(95)),
        ("rent", MILL, TREASURY, D(155)),
    ]
    assert books.balance(MILL) == 150


@ledger(
    region=region(dividend=1),
    prelude=BARE.replace('2026-01-01 custom "member" "Dan"\n', "").replace(
        '2026-01-01 custom "employment" "School" "Dan"\n  occupation: "teacher"\n', ""
    ),
)
def test_of_a_dividend_the_remainder_stays_in_the_treasury(books: Loaded) -> None:
    """
    2026-01-10 * "A traveller" "a night in the guest house"
      transfer: "surcharge"
      Equity:Outside           -100 RSC
      Assets:Region:Treasury    100 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # 100 / 3 = 33.333..., rounded down; one hundredth stays.
    assert paid(books, "dividend") == [D("33.33")] * 3
    assert books.balance(TREASURY) == D("0.01")


@ledger(region=region(dividend=0.5), prelude=BARE)
def test_a_dividend_below_the_smallest_amount_is_none(books: Loaded) -> None:
    """
    2026-01-10 * "A traveller" "a stamp"
      transfer: "surcharge"
      Equity:Outside           -0.07 RSC
      Assets:Region:Treasury    0.07 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # 0.5 x 0.07 / 4 = 0.00875.
    assert paid(books, "dividend") == []
    assert books.balance(TREASURY) == D("0.07")


@ledger(region=region(dividend=1), prelude=BARE)
def test_the_treasury_pays_no_dividend_that_it_does_not_have(books: Loaded) -> None:
    """
    2026-01-10 * "A traveller"
      transfer: "surcharge"
      Equity:Outside           -100 RSC
      Assets:Region:Treasury    100 RSC
    2026-01-11 * "for the school"
      transfer: "subsidy"
      by: "carla"
      Assets:Region:Treasury           -98.99 RSC
      Assets:Companies:School:Wallet    98.99 RSC
    2026-01-31 custom "month-close" "2026-01" ; ? dividend-limited
    """
    # The profit is 100, but 1.01 are left: 1.01 / 4 = 0.2525.
    assert paid(books, "dividend") == [D("0.25")] * 4
    assert books.balance(TREASURY) == D("0.01")


@ledger(region=region(dividend=1), prelude=BARE)
def test_a_dividend_is_for_those_who_are_members_at_the_close(books: Loaded) -> None:
    """
    2026-01-10 * "A traveller"
      transfer: "surcharge"
      Equity:Outside           -100 RSC
      Assets:Region:Treasury    100 RSC
    2026-01-20 custom "employment-end" "School" "Dan"
    2026-01-20 custom "member-end" "Dan"
    2026-01-31 custom "member" "Eve"
      time: "23:59:59"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert moves(books, "dividend") == [
        ("dividend", TREASURY, account, D(25)) for account in (ADA, BOB, CYD, "Assets:Members:Eve:Wallet")
    ]


@ledger(region=region(dividend=1, income_tax=0.1), prelude=BARE + endow(1000, "Bakery"))
def test_issued_credits_subsidies_and_presents_are_no_profit_of_the_region(books: Loaded) -> None:
    """
    2026-01-02 * "issue"
      by: "carla"
      Equity:Issuance          -5000 RSC
      Assets:Region:Treasury    5000 RSC
    2026-01-03 * "work"
      Assets:Companies:Bakery:A      -10 HOUR
      Assets:Members:Bob:Hours        10 HOUR
    2026-01-04 * "Lakeside settles"
      transfer: "settlement"
      by: "carla"
      Assets:Regions:Lakeside:Clearing   -700 RSC
      Assets:Region:Treasury              700 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # Only the income tax is: 10 x 18 x 0.1 = 18, and 18 / 4 = 4.50.
    assert paid(books, "dividend") == [D("4.50")] * 4


# Profit at rest


@ledger(region=region(profit_at_rest_tax=0.031), prelude=BARE + endow(1000, "Ada") + OFFERS)
def test_profit_at_rest_is_the_mean_of_what_rests_at_the_end_of_each_day(books: Loaded) -> None:
    """
    2026-01-11 * "30 sacks" ^flour
      quantity: 30
      Assets:Members:Ada:Wallet           -300 RSC
      Assets:Companies:Mill:Wallet         300 RSC
    2026-01-15 * "gone on the same day"
      time: "08:00:00"
      transfer: "external_sale"
      Equity:Outside                     -9000 RSC
      Assets:Companies:Mill:Wallet        9000 RSC
    2026-01-15 * "wheat"
      time: "23:59:59"
      transfer: "external_purchase"
      input: "wheat"
      Assets:Companies:Mill:Wallet       -9100 RSC
      Equity:Outside                      9100 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # 300 on the 11th to the 14th (4 days), 200 on the 15th to the 31st (17 days): 1200 + 3400 = 4600 a day and month;
    # 4600 x 0.031 / 31 = 4.60.
    assert moves(books, "profit_tax") == [("profit_tax", MILL, TREASURY, D("4.60"))]


@ledger(region=region(profit_at_rest_tax=0.02), prelude=BARE + endow(1000, "Ada", "School"))
def test_a_new_company_is_taxed_on_the_days_of_its_existence(books: Loaded) -> None:
    """
    2026-01-12 custom "company" "Press"
      time: "15:00:00"
    2026-01-12 custom "offer" "book" "Press"
      product: "Book"
      price: 10 RSC
      kind: "product"
      time: "15:00:00"
    2026-01-22 * "40 books" ^book
      quantity: 40
      Assets:Members:Ada:Wallet          -400 RSC
      Assets:Companies:Press:Wallet       400 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # It existed at the end of 20 days, the 12th to the 31st, and had 400 on 10 of them: 4000 x 0.02 / 20 = 4.
    # The regional school had 1000 all month and pays nothing.
    assert moves(books, "profit_tax") == [("profit_tax", "Assets:Companies:Press:Wallet", TREASURY, D(4))]


@ledger(region=region(profit_at_rest_tax=0.02), prelude=BARE + issue(10_000, BANK))
def test_borrowed_credits_are_no_profit_whoever_lent_them(books: Loaded) -> None:
    """
    2026-01-01 custom "loan" "loan-1" "PublicBank" "Bakery"
      principal: 500 RSC
      yearly-rate: 0
      months: 5
      by: "carla"
    2026-01-01 custom "outside-loan" "credit-7" "Bakery"
      lender: "Coast Bank"
      principal: 400 RSC
    2026-01-01 * "Coast Bank" "half of it" ^credit-7
      transfer: "outside_loan"
      Equity:Outside                     -200 RSC
      Assets:Companies:Bakery:Wallet      200 RSC
    2026-01-01 * "a present of the pool"
      by: "carla"
      Assets:Regions:Lakeside:Clearing   -310 RSC
      Assets:Region:Pools:Commons         310 RSC
    2026-01-01 * "common works"
      by: "carla"
      Assets:Region:Pools:Commons        -310 RSC
      Assets:Companies:Bakery:Wallet      310 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # 1010 - (500 + 200) = 310 on each of 31 days: 310 x 0.02 = 6.20.
    assert paid(books, "profit_tax") == [D("6.20")]


def test_a_month_in_which_nothing_happened_entails_nothing() -> None:
    books = check(close("2026-01"), region=RATES, prelude=BARE)
    assert moves(books) == []
