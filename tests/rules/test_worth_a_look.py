"""Advice on what is allowed and most often a slip: doubles, and prices that rounding takes away."""

from __future__ import annotations

import time

import pytest

from tests.rules.credits.region import ADA, BARE, BOB, CLEARING, move, region
from tests.support import PARTIES, REGION, check, consumption, load, plan

HOURS = "Assets:Members:Ada:Hours"
FINER = REGION.replace("precision: 0.01", "precision: 0.0001")


@pytest.mark.parametrize(
    ("labour", "quantity", "region_text", "advised"),
    [
        ("4.00", 1000, REGION, True),  # an egg of 0.004 hours is free
        ("14.40", 1000, REGION, True),  # a roll of 0.0144 is paid with 0.01
        ("4.00", 1000, FINER, False),
        ("14.40", 1000, FINER, False),
        ("1.00", 3, REGION, False),  # 0.333... is 0.33: 1 %, not more
        ("0.73", 2, REGION, True),  # 0.365 is 0.36: 1.4 %
        ("0.00", 1000, REGION, False),
        ("4.00", 0, REGION, False),
    ],
)
def test_a_price_that_rounds_by_more_than_a_hundredth_of_it(
    labour: str, quantity: int, region_text: str, advised: bool
) -> None:
    text = plan("egg", "Bakery", a=labour, quantity=quantity)
    found = {code for _, _, code in load(text, region=region_text, prelude=PARTIES).advice}
    assert ("price-rounds-away" in found) == (advised and bool(quantity))


def test_a_public_plan_costs_nothing_and_rounds_nothing() -> None:
    check(plan("egg", "Clinic", a=4, public=True), prelude=PARTIES)


def test_two_transactions_of_one_date_that_say_the_same() -> None:
    one = consumption("bread", HOURS, "Bakery", "1.50")
    two = one.replace('"consumption" ^bread', '"consumption" ^bread ; ? looks-like-a-duplicate')
    check(one + two)
    check(one + two + two)
    for other in (
        one.replace("2026-02-01", "2026-02-02"),
        one.replace('"consumption"', '"another"'),
        one.replace("1.50", "3.00").replace("quantity: 1", "quantity: 2"),
        one.replace("Ada:Hours", "Bob:Hours"),
        consumption("bread", HOURS, "Bakery", "1.50", extra='  time: "08:00:00"\n'),
        consumption("bread", HOURS, "Bakery", "1.50", extra='  id: "again"\n'),
        one.replace("^bread", "^bread ^breakfast"),
    ):
        check(one + other)
    timed = consumption("bread", HOURS, "Bakery", "1.50", extra='  time: "08:00:00"\n')
    check(timed + timed)


def test_doubles_are_found_in_one_pass() -> None:
    one = consumption("bread", HOURS, "Bakery", "1.50")
    began = time.perf_counter()
    few = load(one * 300)
    first = time.perf_counter() - began
    began = time.perf_counter()
    many = load(one * 3000)
    second = time.perf_counter() - began
    assert (len(few.advice), len(many.advice) >= 2999) == (299, True)
    assert second < 30 * max(first, 0.05)


def test_a_gift_from_another_region_is_looked_at_and_one_to_it_is_not() -> None:
    text = move(CLEARING, ADA, 10, advice="gift-without-crossing") + move(
        ADA, CLEARING, 5, date="2026-01-02", transfer="interregional_gift"
    )
    books = check(text + move(ADA, BOB, 5, date="2026-01-02"), region=region(), prelude=BARE)
    assert '"Lakeside"' in books.message("gift-without-crossing")
