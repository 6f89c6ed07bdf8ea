"""Rent and tuition reckoned by hand, day by day (RULES.md, part B: rent, outsider_rent, surcharge, tuition)."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BARE,
    BOB,
    CYD,
    OFFERS,
    OUTSIDE,
    PRELUDE,
    SCHOOL,
    TREASURY,
    close,
    decision,
    endow,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal

MARKED_UP = region(housing_markup=0.05, non_member_markup=0.2, dividend=1)


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_lease_of_eleven_days(books: Loaded) -> None:
    """
    2026-01-31 custom "month-close" "2026-01"
    2026-02-28 custom "month-close" "2026-02"
    2026-03-05 custom "lease" "flat" "Ada"
    2026-03-16 custom "lease-end" "flat"
    2026-03-31 custom "month-close" "2026-03"
    """
    # The 5th to the 15th: 11 days of 31; 310 x 11 / 31 = 110; x 1.05 = 115.50. The day of the end does not count.
    assert moves(books, "rent") == [("rent", ADA, TREASURY, D("115.50"))]
    # Rent of members pays what the flat costs; the dividend is paid of other things.
    assert paid(books, "dividend") == []


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_day_belongs_to_who_holds_the_lease_at_its_end(books: Loaded) -> None:
    """
    2026-01-10 custom "lease" "flat" "Ada"
      time: "23:00:00"
    2026-01-20 custom "lease-end" "flat" "Ada"
      time: "09:00:00"
    2026-01-20 custom "lease" "flat" "Bob"
      time: "12:00:00"
    2026-01-31 custom "month-close" "2026-01"
    """
    # Ada 10th to 19th: 10 days x 10 x 1.05 = 105; Bob 20th to 31st: 12 days x 10 x 1.05 = 126.
    assert moves(books, "rent") == [("rent", ADA, TREASURY, D(105)), ("rent", BOB, TREASURY, D(126))]


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_lease_that_ends_on_the_day_it_began_costs_nothing(books: Loaded) -> None:
    """
    2026-01-10 custom "lease" "flat" "Ada"
    2026-01-10 custom "lease-end" "flat"
      time: "18:00:00"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "rent") == []


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_equipment_and_facilities_are_rented_at_cost(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "oven" "Bakery"
    2026-01-01 custom "lease" "hall" "School"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert moves(books, "rent") == [("rent", BAKERY, TREASURY, D(155)), ("rent", SCHOOL, TREASURY, D(155))]


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_month_of_28_days_costs_the_same_as_one_of_31(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "flat" "Ada"
    2026-01-31 custom "month-close" "2026-01"
    2026-02-28 custom "month-close" "2026-02"
    """
    assert paid(books, "rent") == [D("325.50"), D("325.50")]


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_stranger_pays_both_markups_and_all_members_share_them(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "flat" "outside"
      name: "A travelling theatre"
    2026-01-31 custom "month-close" "2026-01"
    """
    # 310 x (1 + 0.05 + 0.20) = 387.50; above cost are 77.50, of which each of four gets 19.375, rounded down.
    assert moves(books, "outsider_rent") == [("outsider_rent", OUTSIDE, TREASURY, D("387.50"))]
    assert paid(books, "dividend") == [D("19.37")] * 4


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_stranger_pays_for_equipment_the_markup_of_non_members_only(books: Loaded) -> None:
    """
    2026-01-17 custom "lease" "oven" "outside"
      name: "Coast Bakers"
    2026-01-31 custom "month-close" "2026-01"
    """
    # 15 days x 5 = 75; x 1.20 = 90; above cost are 15, and 15 / 4 = 3.75.
    assert paid(books, "outsider_rent") == [90]
    assert paid(books, "dividend") == [D("3.75")] * 4


@ledger(region=region(decision("2026-01-21", housing_markup=0.1), housing_markup=0.05), prelude=PRELUDE)
def test_each_day_is_reckoned_at_the_costs_and_the_markup_of_that_day(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "flat" "Ada"
    2026-01-11 custom "property" "flat"
      kind: "housing"
      property-tax: 100 RSC
      maintenance: 305 RSC
      administration: 30 RSC
      depreciation: 30 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    # 10 days x 10 x 1.05 = 105; 10 days x 15 x 1.05 = 157.50; 11 days x 15 x 1.10 = 181.50.
    assert paid(books, "rent") == [D(105) + D("157.50") + D("181.50")]


@ledger(region=region(housing_markup="0.0333"), prelude=PRELUDE)
def test_rent_is_rounded_once_at_the_end(books: Loaded) -> None:
    """
    2026-01-01 custom "lease" "flat" "Ada"
    2026-01-08 custom "lease-end" "flat"
    2026-01-31 custom "month-close" "2026-01"
    """
    # 7 x 10 x 1.0333 = 72.331, although a day of 10.333 would round to 10.33 and seven of them to 72.31.
    assert paid(books, "rent") == [D("72.33")]


@ledger(region=MARKED_UP, prelude=PRELUDE)
def test_a_surcharge_is_profit_of_the_region(books: Loaded) -> None:
    """
    2026-01-10 * "A traveller" "the baths"
      transfer: "surcharge"
      Equity:Outside           -10 RSC
      Assets:Region:Treasury    10 RSC
    2026-01-11 * "A traveller from Lakeside" "the baths"
      transfer: "surcharge"
      Assets:Regions:Lakeside:Clearing   -6 RSC
      Assets:Region:Treasury              6 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "surcharge") == [10, 6]
    assert paid(books, "dividend") == [4, 4, 4, 4]


# Tuition


@ledger(region=region(tuition_share=0.25), prelude=PRELUDE)
def test_students_share_a_quarter_of_what_the_school_costs(books: Loaded) -> None:
    """
    2026-01-01 custom "enrolment-request" "School" "Ada"
    2026-01-01 custom "enrolment-request" "School" "Bob"
    2026-01-01 custom "enrolment" "School" "Ada"
    2026-01-01 custom "lease" "hall" "School"
    2026-01-05 * "a teacher's week"
      Assets:Companies:School:A      -10 HOUR
      Assets:Members:Dan:Hours        10 HOUR
    2026-01-06 * "12 sacks for the class" ^flour
      quantity: 12
      Assets:Companies:School:Wallet    -120 RSC
      Assets:Companies:Mill:Wallet       120 RSC
    2026-01-17 custom "enrolment" "School" "Bob"
    2026-01-31 custom "month-close" "2026-01"
    """
    # Wages 10 x 30 = 300, purchases 120, rent 155: the school costs 575; students pay 575 x 0.25 = 143.75.
    # Ada was enrolled on 31 days, Bob on 15 (17th to 31st): 46 student-days.
    # Ada 143.75 x 31 / 46 = 96.875, Bob 143.75 x 15 / 46 = 46.875: both halves go to the even hundredth.
    assert moves(books, "tuition") == [("tuition", ADA, SCHOOL, D("96.88")), ("tuition", BOB, SCHOOL, D("46.88"))]


@ledger(region=region(tuition_share=0.5), prelude=PRELUDE)
def test_all_that_a_school_buys_and_borrows_is_its_cost(books: Loaded) -> None:
    """
    2026-01-02 custom "loan" "loan-1" "PublicBank" "School"
      principal: 1200 RSC
      yearly-rate: 0.12
      months: 12
      by: "carla"
    2026-01-31 custom "month-close" "2026-01"
    2026-02-01 custom "enrolment-request" "School" "Cyd"
    2026-02-01 custom "enrolment" "School" "Cyd"
    2026-02-02 * "chalk"
      transfer: "external_purchase"
      input: "chalk"
      Assets:Companies:School:Wallet    -40 RSC
      Equity:Outside                     40 RSC
    2026-02-03 * "books from Lakeside"
      transfer: "interregional_purchase"
      input: "books"
      Assets:Companies:School:Wallet    -60 RSC
      Assets:Regions:Lakeside:Clearing   60 RSC
    2026-02-28 custom "month-close" "2026-02"
    """
    # 40 + 60 + interest 1200 x 0.01 = 12 make 112; the principal that is repaid is no cost. 112 x 0.5 = 56.
    assert moves(books, "tuition") == [("tuition", CYD, SCHOOL, D(56))]


@ledger(region=region(tuition_share=1), prelude=PRELUDE)
def test_a_share_of_one_is_the_whole_cost_to_the_hundredth(books: Loaded) -> None:
    """
    2026-01-01 custom "enrolment-request" "School" "Ada"
    2026-01-01 custom "enrolment" "School" "Ada"
    2026-01-05 * "20 minutes of a teacher"
      Assets:Companies:School:A      -0.33 HOUR
      Assets:Members:Dan:Hours        0.33 HOUR
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "tuition") == [D("9.90")]


@ledger(region=region(tuition_share=0.25), prelude=PRELUDE)
def test_a_school_that_costs_nothing_takes_nothing(books: Loaded) -> None:
    """
    2026-01-01 custom "enrolment-request" "School" "Ada"
    2026-01-01 custom "enrolment" "School" "Ada"
    2026-01-31 custom "month-close" "2026-01"
    """
    assert paid(books, "tuition") == []


@ledger(region=region(decision("2026-01-16", tuition_share=0.5), tuition_share=0.25), prelude=PRELUDE)
def test_each_day_of_a_student_is_reckoned_at_the_share_of_that_day(books: Loaded) -> None:
    """
    2026-01-01 custom "enrolment-request" "School" "Ada"
    2026-01-01 custom "enrolment" "School" "Ada"
    2026-01-05 * "a teacher's week"
      Assets:Companies:School:A      -3.10 HOUR
      Assets:Members:Dan:Hours        3.10 HOUR
    2026-01-26 custom "enrolment-end" "School" "Ada"
    2026-01-31 custom "month-close" "2026-01"
    """
    # 3.1 x 30 = 93 and 25 student-days: 15 x 0.25 x 93 / 25 = 13.95; 10 x 0.50 x 93 / 25 = 18.60.
    assert paid(books, "tuition") == [D("13.95") + D("18.60")]


def test_a_student_who_lacks_tuition_owes_it() -> None:
    text = """
2026-01-01 custom "enrolment-request" "School" "Ada"
2026-01-01 custom "enrolment" "School" "Ada"
2026-01-05 * "a teacher's week"
  Assets:Companies:School:A      -10 HOUR
  Assets:Members:Dan:Hours        10 HOUR
2026-01-31 custom "month-close" "2026-01" ; ? payment-in-arrears
2026-02-01 custom "enrolment-end" "School" "Ada"
"""
    later = endow(100, "Ada", date="2026-02-05") + close("2026-02")
    books = check(
        text + later, region=region(tuition_share=0.25), prelude=BARE + OFFERS + endow(300, "School") + endow(20, "Ada")
    )
    # 300 x 0.25 = 75: 20 in January, 55 in February, when she is no student any more.
    assert moves(books, "tuition") == [("tuition", ADA, SCHOOL, D(20)), ("tuition", ADA, SCHOOL, D(55))]
