"""LANGUAGE.md, "Transactions": what has a quantity is reversed once whole, or in parts until nothing is left."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    OFFERS,
    OUTSIDE,
    PRELUDE,
    TREASURY,
    close,
    move,
    moves,
    paid,
    region,
)
from tests.support import check

D = Decimal
TAXED = region(sales_tax_internal=0.05, sales_tax_external=0.02)


def buy(quantity: object, amount: object, date: str = "2026-01-02") -> str:
    extra = f'  id: "it"\n  quantity: {quantity}\n'
    return move(ADA, BAKERY, amount, date=date, transfer="purchase", link="loaf", extra=extra)


def back(date: str, quantity: object = "", mark: str = "") -> str:
    return (
        f'{date} custom "reversal" "it"'
        + (f" ; ! {mark}" if mark else "")
        + "\n"
        + (f"  quantity: {quantity}\n" if quantity else "")
    )


def test_three_partial_refunds_end_at_zero() -> None:
    """Three times a third of 0.25 loaves at 4.20, which cost 1.05; the shares are 1/5, 3/5 and 1."""
    text = buy("0.25", "1.05") + back("2026-01-03", "0.05") + back("2026-01-04", "0.10") + back("2026-01-05", "0.10")
    books = check(text, region=TAXED, prelude=PRELUDE)
    # 1.05 x 1/5 = 0.21; 1.05 x 3/5 - 0.21 = 0.63 - 0.21 = 0.42; 1.05 - 0.63 = 0.42.
    assert paid(books, "purchase") == [D("1.05"), D("0.21"), D("0.42"), D("0.42")]
    assert books.balance(ADA) == books.balance(BAKERY) == 1000


def test_each_part_is_rounded_so_that_the_last_leaves_nothing() -> None:
    offers = OFFERS.replace("4.20 RSC", "3.35 RSC")
    text = buy(3, "10.05") + back("2026-01-03", 1) + back("2026-01-04", 1) + back("2026-01-05", 1)
    books = check(text, region=TAXED, prelude=PRELUDE.replace(OFFERS, offers))
    # 10.05 / 3 = 3.35 each.
    assert paid(books, "purchase")[1:] == [D("3.35")] * 3
    seven = PRELUDE.replace(OFFERS, OFFERS.replace("4.20 RSC", "0.01 RSC"))
    text = buy(7, "0.07") + "".join(back(f"2026-01-{day:02}", "1.75") for day in range(3, 7))
    # 0.07 x 1/4 = 0.0175 -> 0.02; x 1/2 = 0.035 -> 0.04 (half-even) - 0.02; x 3/4 = 0.0525 -> 0.05 - 0.04; 0.07 - 0.05.
    assert paid(check(text, region=TAXED, prelude=seven), "purchase")[1:] == [
        D("0.02"),
        D("0.02"),
        D("0.01"),
        D("0.02"),
    ]


def test_what_is_more_than_is_left_is_refused_and_says_what_is_left() -> None:
    text = (
        buy(3, "12.60")
        + back("2026-01-03", 4, "quantity-exceeds-event")
        + back("2026-01-04", 2)
        + back("2026-01-05", "1.000001", "quantity-exceeds-event")
        + back("2026-01-06", "", "quantity-exceeds-event")
        + back("2026-01-07", "-1", "quantity-must-be-positive")
        + back("2026-01-08", 1)
        + back("2026-01-09", "0.5", "quantity-exceeds-event")
        + back("2026-01-10", "", "event-is-reversed")
    )
    books = check(text, region=TAXED, prelude=PRELUDE)
    said = [problem.message for problem in books.books.errors if problem.code == "quantity-exceeds-event"]
    assert 'of the 3 of "it" 3 are left; write quantity: 3 or less' in said[0]
    assert 'of the 3 of "it" 1 are left' in said[1]
    assert "nothing is left" in said[3]
    assert books.balance(ADA) == 1000


def test_of_a_whole_reversal_nothing_is_left_to_reverse_in_parts() -> None:
    text = buy(3, "12.60") + back("2026-01-03") + back("2026-01-04", 1, "event-is-reversed")
    check(text, region=TAXED, prelude=PRELUDE)


def test_of_what_has_no_quantity_there_are_no_parts() -> None:
    sold = move(OUTSIDE, BAKERY, 100, date="2026-01-02", transfer="external_sale", extra='  id: "it"\n')
    books = check(sold + back("2026-01-03", 1, "event-has-no-quantity"), region=TAXED, prelude=PRELUDE)
    assert "remove quantity:" in books.message("event-has-no-quantity")


def test_of_a_part_there_are_no_parts() -> None:
    """A reversal has no id: what it moved is not reversed, but recorded anew."""
    text = buy(3, "12.60") + back("2026-01-03", 2)
    text += '2026-01-04 custom "reversal" "reversal it" ; ! event-not-found\n  quantity: 1\n'
    books = check(text, region=TAXED, prelude=PRELUDE)
    assert "recorded anew" in books.message("event-not-found")


def test_a_sale_outside_with_a_quantity_is_taken_back_in_parts_also_without_a_link() -> None:
    extra = '  id: "it"\n  quantity: 8\n'
    text = move(OUTSIDE, BAKERY, 100, date="2026-01-02", transfer="external_sale", extra=extra)
    text += close("2026-01") + back("2026-02-03", 3) + close("2026-02") + back("2026-03-03", 5) + close("2026-03")
    books = check(text, region=TAXED, prelude=PRELUDE)
    assert paid(books, "external_sale") == [100, D("37.50"), D("62.50")]
    # 100 x 0.02 = 2; -37.50 x 0.02 = -0.75; -62.50 x 0.02 = -1.25.
    assert paid(books, "sales_tax") == [2]
    assert paid(books, "sales_tax_refund") == [D("0.75"), D("1.25")]
    assert books.balance(TREASURY) == 10_000


def test_units_sold_are_counted_less_the_parts_that_came_back() -> None:
    books = check(buy(3, "12.60") + back("2026-01-03", "1.5"), region=TAXED, prelude=PRELUDE)
    sheet = books.books.machine.state.credits.costs["Bakery"]["2026-01"]
    assert (sheet.sold["loaf"], sheet.to_members["loaf"], sheet.sales) == (15 * 10**11, 15 * 10**11, 630)


def test_a_part_that_an_account_cannot_bear_falls_alone() -> None:
    spent = move(BAKERY, OUTSIDE, "1008", date="2026-01-03", transfer="external_purchase", extra='  input: "oats"\n')
    text = buy(3, "12.60") + spent + back("2026-01-04", 1) + back("2026-01-05", 1, "insufficient-balance")
    books = check(text, region=TAXED, prelude=PRELUDE)
    assert paid(books, "purchase") == [D("12.60"), D("4.20")]
    assert (books.books.machine.state.posted["it"].back, books.books.machine.state.posted["it"].taken) == (
        10**12,
        [420],
    )


def test_two_parts_of_one_instant_of_which_one_falls() -> None:
    spent = move(BAKERY, OUTSIDE, "1008", date="2026-01-03", transfer="external_purchase", extra='  input: "oats"\n')
    text = buy(3, "12.60") + spent + back("2026-01-04", 1) + back("2026-01-04", 2, "insufficient-balance")
    text += back("2026-01-05", 3, "quantity-exceeds-event")
    check(text, region=TAXED, prelude=PRELUDE)


def test_parts_may_be_written_down() -> None:
    text = buy(3, "12.60") + back("2026-01-04", 1)
    text += (
        '2026-01-04 * "Reversal of it" ^loaf #derived\n  derived-from: "reversal it"\n'
        f'  {BAKERY}  -4.20 RSC\n    transfer: "purchase"\n  {ADA}  4.20 RSC\n    transfer: "purchase"\n'
    )
    books = check(text, region=TAXED, prelude=PRELUDE)
    assert paid(books, "purchase") == [D("12.60"), D("4.20")]
    wrong = text.replace("4.20 RSC", "4.21 RSC").replace("-4.21 RSC", "-4.21 RSC ; ! wrong-derived-amount")
    check(wrong, region=TAXED, prelude=PRELUDE)


@settings(deadline=None, max_examples=30)
@given(parts=st.lists(st.integers(1, 10**6), min_size=1, max_size=6), price=st.integers(0, 10**4))
def test_parts_in_any_shares_add_up_to_the_whole(parts: list[int], price: int) -> None:
    total = sum(parts)
    amount = (D(price) / 100 * total / 10**6).quantize(D("0.01"))
    prelude = PRELUDE.replace("4.20 RSC", f"{D(price) / 100} RSC")
    text = buy(D(total) / 10**6, amount) + "".join(
        back(f"2026-01-{day:02}", f"{D(part) / 10**6:f}") for day, part in enumerate(parts, 3)
    )
    books = check(text, region=TAXED, prelude=prelude)
    given_back = [sum(t.units for t in o.transfers) for o in books.books.outcomes][-len(parts) :]
    assert sum(given_back) == amount * 100
    assert moves(books, "purchase")
    assert books.books.machine.state.posted["it"].reversed is not None
