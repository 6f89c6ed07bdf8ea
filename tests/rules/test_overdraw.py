"""RULES.md "Consumption" and LANGUAGE.md "Time": what a member may spend, and who yields at one instant."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import PARTIES, Loaded, check, consumption, ledger, plan, work

D = Decimal
ADA, BOB = "Assets:Members:Ada:Hours", "Assets:Members:Bob:Hours"


def limit(overdraw: str) -> str:
    return (
        "region: Testburg\ncommodities:\n  labour_time: {name: HOUR, precision: 0.01}\n"
        f"decisions:\n  - date: 2026-01-01\n    set: {{{overdraw}}}\n"
    )


BREAD = PARTIES + plan("bread", "Bakery", a=1000, quantity=1000)
"""A loaf costs 1.00; without public plans FIC is 1, so hours are kept in full."""


def eat(loaves: int, mark: str = "", *, date: str = "2026-02-02", who: str = ADA, extra: str = "") -> str:
    text = consumption("bread", who, "Bakery", loaves, loaves, date=date, extra=extra)
    return text.replace("^bread\n", f"^bread ; ! {mark}\n") if mark else text


def test_by_default_a_member_spends_down_to_zero_and_not_a_hundredth_further() -> None:
    prelude = BREAD + plan("crumb", "Bakery", a="0.01", quantity=1)
    crumb = consumption("crumb", ADA, "Bakery", "0.01", date="2026-02-03").replace(
        "^crumb\n", "^crumb ; ! insufficient-balance\n"
    )
    text = work("Bakery", "Ada", 5, date="2026-02-01") + eat(5) + crumb
    assert check(text, prelude=prelude, region=limit("")).balance(ADA) == 0


@pytest.mark.parametrize(("overdraw", "loaves"), [("0", 5), ("7", 12), ("7.5", 12), ("0.99", 5)])
def test_the_limit_is_minus_member_overdraw(overdraw: str, loaves: int) -> None:
    region = limit(f"member_overdraw: {overdraw}")
    earned = work("Bakery", "Ada", 5, date="2026-02-01")
    check(earned + eat(loaves), prelude=BREAD, region=region)
    found = check(earned + eat(loaves + 1, "insufficient-balance"), prelude=BREAD, region=region)
    assert found.balance(ADA) == 5


def test_null_is_no_limit() -> None:
    found = check(eat(1000), prelude=BREAD, region=limit("member_overdraw: null"))
    assert found.balance(ADA) == -1000


def test_the_limit_is_that_of_the_instant() -> None:
    region = limit("member_overdraw: 10") + "  - date: 2026-02-03\n    set: {member_overdraw: 2}\n"
    text = (
        eat(5, date="2026-02-02")
        # Stricter now: she stands at -5 already and spends nothing more, until she has worked.
        + eat(1, "insufficient-balance", date="2026-02-03")
        + work("Bakery", "Ada", 4, date="2026-02-04")
        + eat(1, date="2026-02-04")
    )
    assert check(text, prelude=BREAD, region=region).balance(ADA) == -5 + 4 - 1


def test_the_message_says_what_is_missing() -> None:
    text = work("Bakery", "Ada", 5, date="2026-02-01") + eat(8, "insufficient-balance")
    message = check(text, prelude=BREAD, region=limit("")).message("insufficient-balance")
    assert "8.00 HOUR" in message
    assert "5.00 HOUR" in message
    assert "3.00 HOUR" in message


def test_consuming_services_is_limited_too() -> None:
    prelude = BREAD + '2026-01-01 custom "basic-service" "cut" "Bob"\n'
    text = (
        work("Bakery", "Ada", 2, date="2026-02-01")
        + '2026-02-02 * "hair" ^cut ; ! insufficient-balance\n'
        + f"  {ADA}  -3 HOUR\n  {BOB}  3 HOUR\n"
    )
    found = check(text, prelude=prelude, region=limit(""))
    assert [found.balance(ADA), found.balance(BOB)] == [2, 0]


def test_companies_have_no_limit() -> None:
    text = consumption("bread", "Assets:Companies:Mill:R", "Bakery", 100, 100)
    assert check(text, prelude=BREAD, region=limit("")).balance("Assets:Companies:Mill:R") == -100


def test_taxes_take_nobody_below_zero() -> None:
    # FIC = 0: everything a member earns is taxed; she stays at exactly 0.
    prelude = PARTIES + plan("c", "Clinic", a=10, public=True)
    found = check(work("Bakery", "Ada", 8), prelude=prelude, region=limit(""))
    assert found.balance(ADA) == 0


def test_free_public_services_are_consumed_from_an_empty_account() -> None:
    prelude = PARTIES + plan("c", "Clinic", a=10, public=True)
    text = consumption("c", ADA, "Clinic", 0, date="2026-02-02")
    check(text, prelude=prelude, region=limit(""))


def test_who_stands_below_the_limit_may_still_consume_what_is_free() -> None:
    region = limit("member_overdraw: 10") + "  - date: 2026-02-03\n    set: {member_overdraw: 0}\n"
    prelude = BREAD + plan("c", "Clinic", a=0, r=0, p=0, public=True)
    text = eat(5, date="2026-02-02") + consumption("c", ADA, "Clinic", 0, date="2026-02-03")
    check(text, prelude=prelude, region=region)


# At one instant


def test_income_comes_before_spending_whatever_the_order_of_lines() -> None:
    for text in (
        eat(5, date="2026-02-01") + work("Bakery", "Ada", 5, date="2026-02-01"),
        work("Bakery", "Ada", 5, date="2026-02-01") + eat(5, date="2026-02-01"),
    ):
        assert check(text, prelude=BREAD, region=limit("")).balance(ADA) == 0


def test_income_of_a_later_instant_does_not_count() -> None:
    text = eat(5, "insufficient-balance", date="2026-02-01") + work(
        "Bakery", "Ada", 5, date="2026-02-01", extra='  time: "00:00:01"\n'
    )
    check(text, prelude=BREAD, region=limit(""))


def test_the_last_spending_by_the_key_is_rejected_and_no_more_than_needed() -> None:
    # 10 earned; 2 + 3 + 4 + 5 spent in this order of the key (amounts): without the 5 there are 9, which she has.
    text = work("Bakery", "Ada", 10, date="2026-02-01") + eat(5, "insufficient-balance") + eat(2) + eat(4) + eat(3)
    assert check(text, prelude=BREAD, region=limit("")).balance(ADA) == 10 - 9


def test_the_key_compares_amounts_as_numbers() -> None:
    # 9 comes before 10 as a number (not as text): with 12 earned the 10 is the last, and goes.
    text = work("Bakery", "Ada", 12, date="2026-02-01") + eat(10, "insufficient-balance") + eat(9)
    check(text, prelude=BREAD, region=limit(""))


def test_the_key_starts_with_the_transfer() -> None:
    # private_consumption < private_consumption_of_basic_service: the service is the last spending.
    prelude = BREAD + '2026-01-01 custom "basic-service" "cut" "Bob"\n'
    hair = f'2026-02-02 * "hair" ^cut ; ! insufficient-balance\n  {ADA}  -1 HOUR\n  {BOB}  1 HOUR\n'
    text = work("Bakery", "Ada", 5, date="2026-02-01") + hair + eat(5)
    check(text, prelude=prelude, region=limit(""))


def test_the_key_goes_on_with_credits_then_amounts_then_links() -> None:
    prelude = PARTIES + plan("zz", "Bakery", a=1000) + plan("aa", "Mill", a=1000) + plan("ab", "Mill", a=1000)
    text = (
        work("Bakery", "Ada", 3, date="2026-02-01")
        # Credits Bakery before Mill, though its link is last; of the two at Mill aa before ab.
        + consumption("zz", ADA, "Bakery", 2, 2, date="2026-02-02")
        + consumption("ab", ADA, "Mill", 1, 1, date="2026-02-02").replace("^ab\n", "^ab ; ! insufficient-balance\n")
        + consumption("aa", ADA, "Mill", 1, 1, date="2026-02-02")
    )
    check(text, prelude=prelude, region=limit(""))


def test_the_key_ends_with_payee_and_narration() -> None:
    def loaf(payee: str, narration: str, mark: str = "") -> str:
        return (
            f'2026-02-02 * "{payee}" "{narration}" ^bread{mark}\n  quantity: 2\n  {ADA}  -2 HOUR\n'
            "  Liabilities:Companies:Bakery:PRD  2 HOUR\n"
        )

    earned = work("Bakery", "Ada", 2, date="2026-02-01")
    mark = " ; ! insufficient-balance"
    check(earned + loaf("B", "a", mark) + loaf("A", "b"), prelude=BREAD, region=limit(""))
    check(earned + loaf("A", "b", mark) + loaf("A", "a"), prelude=BREAD, region=limit(""))


def test_accounts_are_judged_in_order_of_name() -> None:
    # Each pays the other 2 hours for a service out of nothing but what the other pays, and each eats 1 loaf from 0.
    # Ada: +2 -2 -1 = -1, Bob the same. Ada comes first: her last spending by the key is the service (after the loaf):
    # she keeps the loaf, for Bob's 2 hours pay it. That takes Bob's income: 0 - 2 - 1 = -3: his service goes (-1),
    # which takes Ada's income again, then his loaf (0). Ada has 0 - 1 left: her loaf goes too.
    prelude = (
        BREAD + '2026-01-01 custom "basic-service" "cut" "Ada"\n' + '2026-01-01 custom "basic-service" "lesson" "Bob"\n'
    )
    mark = " ; ! insufficient-balance"
    text = (
        f'2026-02-02 * "x" ^lesson{mark}\n  {ADA}  -2 HOUR\n  {BOB}  2 HOUR\n'
        f'2026-02-02 * "x" ^cut{mark}\n  {BOB}  -2 HOUR\n  {ADA}  2 HOUR\n'
        + eat(1, "insufficient-balance", who=ADA)
        + eat(1, "insufficient-balance", who=BOB)
    )
    found = check(text, prelude=prelude, region=limit(""))
    assert [found.balance(ADA), found.balance(BOB)] == [0, 0]


def test_the_order_of_names_decides_who_keeps_what() -> None:
    # Bob has 1 hour. Ada pays Bob 2 for a lesson from 1 hour of hers: not enough; Bob eats 3 loaves from 1 + 2.
    # Ada is judged first: her lesson goes; then Bob's 3 loaves are too many for his 1 hour.
    prelude = BREAD + '2026-01-01 custom "basic-service" "lesson" "Bob"\n'
    text = (
        work("Bakery", "Ada", 1, date="2026-02-01")
        + work("Bakery", "Bob", 1, date="2026-02-01")
        + f'2026-02-02 * "x" ^lesson ; ! insufficient-balance\n  {ADA}  -2 HOUR\n  {BOB}  2 HOUR\n'
        + eat(3, "insufficient-balance", who=BOB)
    )
    found = check(text, prelude=prelude, region=limit(""))
    assert [found.balance(ADA), found.balance(BOB)] == [1, 1]


def test_income_of_the_instant_pays_for_spending_of_the_instant_in_a_chain() -> None:
    # Cyd works, pays Bob for a lesson, Bob eats: all at one instant.
    prelude = BREAD + '2026-01-01 custom "basic-service" "lesson" "Bob"\n'
    text = (
        eat(2, who=BOB)
        + f'2026-02-02 * "x" ^lesson\n  Assets:Members:Cyd:Hours  -2 HOUR\n  {BOB}  2 HOUR\n'
        + work("Mill", "Cyd", 2, date="2026-02-02")
    )
    found = check(text, prelude=prelude, region=limit(""))
    assert found.balance(BOB) == 0


@ledger(region=limit(""), prelude=BREAD)
def test_rejected_spending_takes_all_that_it_derives_with_it(books: Loaded) -> None:
    """
    2026-01-15 custom "cooperation" "Bread" "Bakery"
    2026-01-15 custom "plan" "dear" "Mill"
      product: "Bread"
      quantity: 10
      fixed-means: 0
      raw-materials: 0
      labour: 30
      days: 100
    2026-01-15 custom "plan-approval" "dear"
      by: "carla"
    2026-01-15 custom "cooperation-request" "Bread" "bread"
    2026-01-15 custom "cooperation-acceptance" "Bread" "bread"
    2026-01-15 custom "cooperation-request" "Bread" "dear"
    2026-01-15 custom "cooperation-acceptance" "Bread" "dear"
    2026-02-01 * "(1 + 3) / 2 = 2, but she has nothing" ^bread ; ! insufficient-balance
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Bakery:PRD    2 HOUR
    """
    assert books.balance("Equity:Cooperations:Bread") == 0
    assert books.balance("Liabilities:Companies:Bakery:PRD") == -1000
    assert books.books.machine.state.plans["bread"].consumed == 0


def test_a_rejected_service_does_not_count_in_later_factors() -> None:
    prelude = PARTIES + plan("c", "Clinic", a=100, public=True) + '2026-01-01 custom "basic-service" "cut" "Bob"\n'
    text = f'2026-02-01 * "hair" ^cut ; ! insufficient-balance\n  {ADA}  -3 HOUR\n  {BOB}  3 HOUR\n' + work(
        "Mill", "Cyd", 1, date="2026-02-02"
    )
    assert check(text, prelude=prelude, region=limit("")).fic() == [0]
