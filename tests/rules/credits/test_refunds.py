"""What is taken back beyond what a month brought is given back, or carried into the next (RULES.md, part B)."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BARE,
    CLEARING,
    FUNDED,
    MILL,
    OUTSIDE,
    SCHOOL,
    TREASURY,
    close,
    endow,
    move,
    moves,
    paid,
    region,
)
from tests.support import check

D = Decimal


def sale(amount: object, date: str, name: str = "", company: str = MILL) -> str:
    extra = f'  id: "{name}"\n' if name else ""
    return move(OUTSIDE, company, amount, date=date, transfer="external_sale", extra=extra)


def taken_back(name: str, date: str) -> str:
    return f'{date} custom "reversal" "{name}"\n'


QUARTER = (
    sale(500, "2026-01-10")
    + sale(1000, "2026-01-20", "s1")
    + close("2026-01")
    + taken_back("s1", "2026-02-10")
    + close("2026-02")
    + sale(100, "2026-03-20")
    + close("2026-03")
)
"""A quarter of two sales that stand, of 500 and 100, and one of 1,000 that is taken back in the month after it."""


def test_a_quarter_with_a_reversed_sale_is_taxed_on_what_was_sold() -> None:
    books = check(QUARTER, region=region(sales_tax_external=0.02), prelude=FUNDED)
    # January: (500 + 1000) x 0.02 = 30; February: -1000 x 0.02 = -20; March: 100 x 0.02 = 2.
    assert [(debit, credit, amount) for _, debit, credit, amount in moves(books, "sales_tax", "sales_tax_refund")] == [
        (MILL, TREASURY, D("30.00")),
        (TREASURY, MILL, D("20.00")),
        (MILL, TREASURY, D("2.00")),
    ]
    # All in all (500 + 100) x 0.02 = 12.
    assert sum(paid(books, "sales_tax")) - sum(paid(books, "sales_tax_refund")) == 12
    assert books.balance(TREASURY) == 10_000 + 12
    assert books.balance(MILL) == 1000 + 600 - 12


def test_the_tax_is_given_back_at_the_rate_of_the_original_sale() -> None:
    later = "  - date: 2026-02-01\n    set:\n      sales_tax_external: 0.5\n"
    text = sale(1000, "2026-01-20", "s1") + close("2026-01")
    text += sale(10, "2026-02-02") + taken_back("s1", "2026-02-10") + close("2026-02")
    books = check(text, region=region(later, sales_tax_external=0.02), prelude=FUNDED)
    # February: 10 x 0.5 - 1000 x 0.02 = -15.
    assert paid(books, "sales_tax_refund") == [15]


def test_what_the_treasury_lacks_is_carried_to_the_next_close() -> None:
    february = close("2026-02").replace('"2026-02"', '"2026-02" ; ? payment-in-arrears')
    text = (
        sale(1000, "2026-01-20", "s1")
        + close("2026-01")
        + move(CLEARING, TREASURY, 15, date="2026-02-01", by="carla", transfer="settlement")
        + move(TREASURY, OUTSIDE, 12, date="2026-02-02", by="carla", link="flat", transfer="property_purchase")
        + taken_back("s1", "2026-02-10")
        + february
        + sale(400, "2026-03-20")
        + close("2026-03").replace('"2026-03"', '"2026-03" ; ? payment-in-arrears')
        + sale(600, "2026-04-20")
        + close("2026-04")
        + close("2026-05")
    )
    flat = '2026-01-01 custom "property" "flat"\n  kind: "housing"\n  price: 12 RSC\n'
    books = check(text, region=region(sales_tax_external=0.02, dividend=1), prelude=BARE + endow(100, "Mill") + flat)
    said = [problem.message for problem in books.books.problems]
    assert [message.split(";")[0] for message in said] == [
        "Assets:Region:Treasury lacks 17.00 RSC of sales_tax_refund",
        "Assets:Region:Treasury lacks 9.00 RSC of sales_tax_refund",
    ]
    # January brings 20: 4 members are paid 5 each. The treasury has 15 of Lakeside; it spends 12, so February, which
    # owes 20, pays 3. March brings 8 and pays 8; April brings 12 and pays the 9 that are left.
    assert paid(books, "sales_tax") == [20, 8, 12]
    assert paid(books, "sales_tax_refund") == [3, 8, 9]
    # Profit: 20, -3, 8 - 8 and 12 - 9; what is carried from February leaves nothing of April to share.
    assert paid(books, "dividend") == [5] * 4
    assert books.balance(TREASURY) == 20 - 20 + 15 - 12 - 3 + 8 - 8 + 12 - 9 == 3


def test_a_month_that_took_back_more_than_it_brought_lessens_the_next_dividend() -> None:
    text = QUARTER + sale(5900, "2026-04-20") + close("2026-04")
    books = check(text, region=region(sales_tax_external=0.02, dividend=0.5), prelude=FUNDED)
    # January: 30 x 0.5 / 4 = 3.75 each. February: -20 is carried. March: 2 - 20 = -18 is carried.
    # April: 5900 x 0.02 = 118; (118 - 18) x 0.5 / 4 = 12.50 each.
    assert paid(books, "dividend") == [D("3.75")] * 4 + [D("12.50")] * 4


def test_income_tax_that_is_taken_back_lessens_the_next_dividend_too() -> None:
    text = (
        '2026-01-10 * "work"\n  id: "w"\n  Assets:Companies:Mill:A  -8 HOUR\n  Assets:Members:Cyd:Hours  8 HOUR\n'
        + close("2026-01")
        + taken_back("w", "2026-02-10")
        + close("2026-02")
        + sale(360, "2026-03-20")
        + close("2026-03")
    )
    books = check(text, region=region(income_tax=0.1, sales_tax_external=0.1, dividend=0.5), prelude=FUNDED)
    # January: 8 x 20 x 0.1 = 16, 2.00 each. February: -16 is carried. March: (36 - 16) x 0.5 / 4 = 2.50 each.
    assert paid(books, "dividend") == [2] * 4 + [D("2.50")] * 4


def test_costs_that_a_school_took_back_lessen_the_next_tuition() -> None:
    work = '{} * "work"\n{}  Assets:Companies:School:A  -{} HOUR\n  Assets:Members:Dan:Hours  {} HOUR\n'
    text = (
        '2026-01-01 custom "enrolment-request" "School" "Ada"\n2026-01-01 custom "enrolment" "School" "Ada"\n'
        + work.format("2026-01-10", '  id: "it"\n', 8, 8)
        + close("2026-01")
        + taken_back("it", "2026-02-05")
        + close("2026-02")
        + work.format("2026-03-10", "", 10, 10)
        + close("2026-03")
    )
    books = check(text, region=region(tuition_share=0.5), prelude=FUNDED)
    # January: 8 x 30 x 0.5 = 120. February: -240 is carried. March: (300 - 240) x 0.5 = 30.
    assert paid(books, "tuition") == [120, 30]
    assert books.balance(ADA) == 1000 - 150
    # Over the three months the school cost 10 x 30, and Ada paid half of it.
    assert books.balance(SCHOOL) == 1000 - 300 + 150


def test_a_company_that_ended_is_given_nothing_back() -> None:
    text = sale(1000, "2026-01-20", "s1") + close("2026-01") + taken_back("s1", "2026-02-10")
    text += '2026-02-20 custom "company-end" "Mill"\n' + close("2026-02")
    books = check(text, region=region(sales_tax_external=0.02), prelude=FUNDED)
    assert paid(books, "sales_tax_refund") == []
    # What the Mill had went to the treasury, and the 20 stay there with it.
    assert books.balance(TREASURY) == 10_000 + 1000
