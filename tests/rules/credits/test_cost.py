"""What a regional company costs to run, and the price at which it sells at cost (`conductor cost`)."""

from __future__ import annotations

import json
from typing import Any

from tests.rules.credits.region import (
    OUTSIDE,
    PLAIN,
    PRELUDE,
    SCHOOL,
    buy,
    close,
    endow,
    hours,
    loan,
    move,
    region,
)
from tests.support import Loaded, check, conductor, ledger

RICH = PRELUDE + endow(9000, "Ada", "Bob", "School")


def cost(books: Loaded, company: str = "School", *options: str) -> dict[str, Any]:
    result = conductor("cost", books.folder, company, "--json", *options)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


JANUARY = (
    '2026-01-01 custom "lease" "hall" "School"\n'
    + hours("School", "Dan", 10, date="2026-01-05")
    + buy("School", "flour", "Mill", 12, 120, date="2026-01-06")
    + buy("Ada", "class", "School", 30, 450, date="2026-01-10")
    + buy("Mill", "class", "School", 10, 150, date="2026-01-11")
    + '2026-01-31 custom "month-close" "2026-01" ; ? sells-above-cost\n'
)


def test_a_month_of_a_school_is_accounted_for_to_the_hundredth() -> None:
    books = check(JANUARY, region=PLAIN, prelude=RICH)
    answer = cost(books)
    # Wages 10 x 30 = 300, purchases 120, rent of the hall 155: 575 for 40 evenings, which is 14.375 an evening.
    (january,) = answer["months"]
    assert (january["month"], january["wages"], january["purchases"]) == ("2026-01", "300.00", "120.00")
    assert (january["rents"], january["interest"], january["cost"]) == ("155.00", "0.00", "575.00")
    assert (january["sales"], january["units"], january["unit_cost"]) == ("600.00", "40", "14.375")
    assert {name: float(count) for name, count in january["hours"].items()} == {"teacher": 10}
    (offer,) = answer["offers"]
    # At cost an evening is 14.38 (the half goes to the even hundredth); it is posted at 15.
    assert (offer["offer"], offer["price"], offer["unit_cost"], offer["at_cost_price"]) == (
        "class",
        "15.00",
        "14.375",
        "14.38",
    )
    message = books.message("sells-above-cost")
    assert "School" in message
    assert "class" in message
    assert "14.375" in message


def test_a_price_at_cost_is_no_advice() -> None:
    at_cost = '2026-01-01 custom "offer" "lesson" "School"\n  product: "A lesson"\n  price: 14.37 RSC\n'
    text = JANUARY.replace("^class", "^lesson").replace("450 RSC", "431.10 RSC").replace("150 RSC", "143.70 RSC")
    books = check(at_cost + text.replace(" ; ? sells-above-cost", ""), region=PLAIN, prelude=RICH)
    assert cost(books)["offers"][1]["unit_cost"] == "14.375"


def test_interest_and_all_kinds_of_purchases_are_costs_and_the_principal_is_none() -> None:
    text = (
        loan("loan-1", "School", 1200, rate="0.12", months=12, repayment="equal")
        + close("2026-01")
        + move(SCHOOL, OUTSIDE, 40, date="2026-02-02", transfer="external_purchase", extra='  input: "chalk"\n')
        + move(SCHOOL, "Assets:Regions:Lakeside:Clearing", 60, date="2026-02-03", extra='  input: "slates"\n')
        + close("2026-02")
    )
    answer = cost(check(text, region=PLAIN, prelude=PRELUDE))
    february = answer["months"][-1]
    assert (february["purchases"], february["interest"], february["cost"]) == ("100.00", "12.00", "112.00")
    assert february["unit_cost"] is None
    assert answer["offers"][0]["at_cost_price"] is None


def months(*wages: int, bought: tuple[int, ...]) -> str:
    """Return months of a school that pays so many hours of a teacher and sells so many evenings."""
    text = ""
    for number, (worked, evenings) in enumerate(zip(wages, bought, strict=True), 1):
        month = f"2026-{number:02}"
        text += hours("School", "Dan", worked, date=f"{month}-05")
        text += buy("Ada", "class", "School", evenings, 15 * evenings, date=f"{month}-06")
        text += close(month)
    return text


def test_the_last_three_months_make_the_price() -> None:
    # January 20 x 30 = 600 for 10 evenings; February to April 150, 300 and 450 for 20 each: 900 / 60 = 15.
    books = check(months(20, 5, 10, 15, bought=(10, 20, 20, 20)), region=PLAIN, prelude=RICH)
    answer = cost(books)
    assert [month["unit_cost"] for month in answer["months"]] == ["60.00", "7.50", "15.00", "22.50"]
    assert (answer["offers"][0]["sold"], answer["offers"][0]["unit_cost"]) == ("60", "15.00")
    # At the end of March: 600 + 150 + 300 = 1050 for 50 evenings.
    assert cost(books, "School", "--at", "2026-03-31")["offers"][0]["at_cost_price"] == "21.00"


def test_advice_is_given_at_each_close_of_a_month_in_which_members_paid_too_much() -> None:
    # 150 / 20 = 7.50, then 450 / 40 = 11.25, then 900 / 60 = 15, which is the price.
    text = months(5, 10, 15, bought=(20, 20, 20))
    for month in ("2026-01", "2026-02"):
        text = text.replace(f'"{month}"', f'"{month}" ; ? sells-above-cost')
    check(text, region=PLAIN, prelude=RICH)


TWO_OFFERS = """\
2026-01-01 custom "offer" "book" "School"
  product: "A book"
  price: 30 RSC
"""


def test_several_offers_share_the_cost_in_proportion_to_what_was_sold_at_posted_prices() -> None:
    text = (
        TWO_OFFERS
        + hours("School", "Dan", 10)
        + buy("Ada", "class", "School", 10, 150)
        + buy("Ada", "book", "School", 5, 150)
        + close("2026-01")
    )
    answer = cost(check(text, region=PLAIN, prelude=RICH))
    # 300 of cost for 300 of sales: each is sold at cost.
    assert [(offer["offer"], offer["unit_cost"]) for offer in answer["offers"]] == [
        ("book", "30.00"),
        ("class", "15.00"),
    ]


@ledger(region=PLAIN, prelude=RICH)
def test_companies_of_workers_may_sell_above_cost_and_regional_ones_to_others_than_members(books: Loaded) -> None:
    """
    2026-01-05 * "100 loaves that cost nothing" ^loaf
      quantity: 100
      Assets:Members:Ada:Wallet         -420 RSC
      Assets:Companies:Bakery:Wallet     420 RSC
    2026-01-05 * "10 evenings" ^class
      quantity: 10
      Assets:Companies:Mill:Wallet      -150 RSC
      Assets:Companies:School:Wallet     150 RSC
    2026-01-06 * "10 evenings for Lakeside" ^class
      quantity: 10
      Assets:Regions:Lakeside:Clearing  -150 RSC
      Assets:Companies:School:Wallet     150 RSC
    2026-01-07 * "something for the coast"
      transfer: "external_sale"
      Equity:Outside                    -700 RSC
      Assets:Companies:School:Wallet     700 RSC
    2026-01-31 custom "month-close" "2026-01"
    """
    assert cost(books, "Bakery")["offers"][0]["unit_cost"] == "0.00"
    # Of what has no link and no quantity nobody knows the units.
    assert cost(books)["months"][0]["units"] == "20"
    assert cost(books)["months"][0]["sales"] == "1000.00"


def test_what_is_taken_back_is_no_cost_and_no_sale() -> None:
    text = (
        hours("School", "Dan", 10, extra='  id: "work"\n')
        + buy("Ada", "class", "School", 30, 450, extra='  id: "sold"\n')
        + hours("School", "Dan", 2, date="2026-01-03")
        + '2026-01-20 custom "reversal" "work"\n2026-01-20 custom "reversal" "sold"\n'
        + buy("Ada", "class", "School", 4, 60, date="2026-01-21")
        + close("2026-01")
    )
    (january,) = cost(check(text, region=PLAIN, prelude=RICH))["months"]
    assert (january["wages"], january["sales"], january["units"], january["unit_cost"]) == (
        "60.00",
        "60.00",
        "4",
        "15.00",
    )
    assert {name: float(count) for name, count in january["hours"].items()} == {"teacher": 2}


def test_half_units_count_as_halves() -> None:
    text = hours("School", "Dan", 1) + buy("Ada", "class", "School", "2.5", "37.50") + close("2026-01")
    books = check(text.replace('"2026-01"', '"2026-01" ; ? sells-above-cost'), region=PLAIN, prelude=RICH)
    assert cost(books)["offers"][0]["unit_cost"] == "12.00"


def test_what_is_given_away_has_a_cost_all_the_same() -> None:
    talks = "".join(
        f'2026-01-01 custom "offer" "{name}" "School"\n  product: "A talk"\n  price: 0 RSC\n'
        for name in ("talk", "tour")
    )
    one = hours("School", "Dan", 10) + buy("Ada", "talk", "School", 20, 0)
    books = check(talks + one + close("2026-01"), region=PLAIN, prelude=RICH)
    assert {offer["offer"]: offer["unit_cost"] for offer in cost(books)["offers"]}["talk"] == "15.00"
    # Two that have no price share the cost in equal parts: 150 for 20 talks and 150 for 10 tours.
    both = one + buy("Ada", "tour", "School", 10, 0)
    shared = {
        offer["offer"]: offer["unit_cost"] for offer in cost(check(talks + both, region=PLAIN, prelude=RICH))["offers"]
    }
    assert (shared["talk"], shared["tour"]) == ("7.50", "15.00")


def test_an_unknown_company_is_told_from_those_that_exist() -> None:
    books = check("", region=region(), prelude=PRELUDE)
    result = conductor("cost", books.folder, "Skool", "--json")
    assert result.exit_code == 2
    assert "School" in result.stderr
