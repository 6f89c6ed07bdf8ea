"""A region of credits without labour time: wages are recorded, each with its hours, and verified."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from beancount.core import data
from beancount.parser import printer

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BOB,
    PRELUDE,
    TREASURY,
    close,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, conductor, ledger, load

D = Decimal

ONLY = region(labour_time=False, income_tax=0.12).replace("      fic_window_days: 180\n", "")


@ledger(region=ONLY, prelude=PRELUDE)
def test_a_recorded_wage_says_its_hours(books: Loaded) -> None:
    """
    2026-01-02 * "payroll"
      Assets:Companies:Bakery:Wallet  -258 RSC
      Assets:Members:Ada:Wallet        168 RSC
        hours: 8
      Assets:Members:Bob:Wallet         90 RSC
        hours: 5
    """
    assert moves(books, "wage", "income_tax") == [
        ("wage", BAKERY, ADA, D(168)),
        ("wage", BAKERY, BOB, D(90)),
        ("income_tax", ADA, TREASURY, D("20.16")),
        ("income_tax", BOB, TREASURY, D("10.80")),
    ]
    (entry,) = [entry for entry in books.governed() if entry.narration == "payroll"]
    assert [(p.account, p.units.number, p.meta["transfer"]) for p in entry.postings] == [
        (BAKERY, D(-258), "wage"),
        (ADA, D(168), "wage"),
        (BOB, D(90), "wage"),
        (ADA, D("-20.16"), "income_tax"),
        (BOB, D("-10.80"), "income_tax"),
        (TREASURY, D("30.96"), "income_tax"),
    ]


def wage(
    amount: object, hours: str, *, who: str = "Ada", date: str = "2026-01-02", mark: str = "", extra: str = ""
) -> str:
    said = f"    hours: {hours}\n" if hours else ""
    return (
        f'{date} * "a wage"' + (f" ; ! {mark}" if mark else "") + f"\n{extra}"
        f"  {BAKERY}  -{amount} RSC\n  Assets:Members:{who}:Wallet  {amount} RSC\n{said}"
    )


@pytest.mark.parametrize(
    ("amount", "hours", "code"),
    [
        ("168", "8", ""),
        ("168", "8.0", ""),
        ("168", "", "missing-hours"),
        ("169", "8", "wrong-amount"),
        ("167.99", "8", "wrong-amount"),
        ("192", "8", "wrong-amount"),
        ("21", "-1", "hours-worked-must-be-positive"),
        ("567", "27", "more-than-24-hours-a-day"),
        ("504", "24", ""),
        ("21", '"1"', "malformed-metadata"),
        ("21", "TRUE", "malformed-metadata"),
        ("0.21", "0.01", ""),
    ],
)
def test_the_amount_of_a_recorded_wage_is_verified(amount: str, hours: str, code: str) -> None:
    found = load(wage(amount, hours), region=ONLY, prelude=PRELUDE)
    assert found.codes == ([code] if code else [])
    assert len(paid(found, "wage")) == (0 if code else 1)


def test_a_wrong_wage_is_told_with_the_right_one() -> None:
    found = load(wage(169, "8"), region=ONLY, prelude=PRELUDE)
    assert "168" in found.message("wrong-amount")


def test_a_wage_is_for_who_works_there_once_an_instant_and_24_hours_a_day() -> None:
    text = (
        wage(30, "1", who="Dan", mark="worker-not-at-company")
        + wage(30, "1", who="Adda", mark="member-not-found")
        + wage(420, "20", date="2026-01-03")
        + wage(105, "5", date="2026-01-03", extra='  time: "22:00:00"\n', mark="more-than-24-hours-a-day")
        + wage(84, "4", date="2026-01-03", extra='  time: "23:00:00"\n')
        + wage(21, "1", date="2026-01-04")
        + wage(42, "2", date="2026-01-04", mark="hours-registered-twice")
    )
    books = check(text, region=ONLY, prelude=PRELUDE)
    assert paid(books, "wage") == [420, 84, 21]


def test_one_transaction_pays_a_worker_once() -> None:
    text = f"""
2026-01-02 * "twice" ; ! hours-registered-twice
  {BAKERY}  -63 RSC
  {ADA}  21 RSC
    hours: 1
  {ADA}  42 RSC
    hours: 2
"""
    check(text, region=ONLY, prelude=PRELUDE)


def test_recorded_income_tax_is_verified() -> None:
    def taxed(tax: str) -> str:
        return wage(168, "8") + (
            f'  {ADA}  -{tax} RSC\n    transfer: "income_tax"\n  {TREASURY}  {tax} RSC\n    transfer: "income_tax"\n'
        )

    assert load(taxed("20.16"), region=ONLY, prelude=PRELUDE).codes == []
    assert load(taxed("20.17"), region=ONLY, prelude=PRELUDE).codes == ["wrong-derived-amount"]


def test_a_wage_named_on_its_legs_is_the_same() -> None:
    text = f"""
2026-01-02 * "payroll"
  {BAKERY}  -168 RSC
    transfer: "wage"
  {ADA}  168 RSC
    transfer: "wage"
    hours: 8
"""
    assert paid(check(text, region=ONLY, prelude=PRELUDE), "income_tax") == [D("20.16")]


@ledger(region=ONLY, prelude=PRELUDE)
def test_labour_time_is_off(books: Loaded) -> None:
    """
    2026-01-02 * "hours"
      Assets:Companies:Bakery:A     -8 HOUR ; ! labour-time-is-off
      Assets:Members:Ada:Hours       8 HOUR
    2026-01-02 custom "plan" "bread" "Bakery" ; ! labour-time-is-off
      product: "Bread"
      quantity: 10
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 30
    2026-01-03 custom "month-close" "2026-01" ; ! month-close-on-wrong-day
    """
    assert not [name for name in books.books.machine.state.balances if name.endswith((":Hours", ":PRD", ":A", "PSF"))]


def test_a_month_of_credits_alone_is_closed_like_any_other() -> None:
    text = wage(168, "8") + '2026-01-03 custom "lease" "oven" "Bakery"\n' + close("2026-01")
    books = check(text, region=ONLY.replace("income_tax: 0.12", "income_tax: 0.12\n      dividend: 1"), prelude=PRELUDE)
    # 29 days x 5 = 145; 20.16 / 4 = 5.04.
    assert paid(books, "rent") == [145]
    assert paid(books, "dividend") == [D("5.04")] * 4


def test_a_wage_reversed_is_paid_back_with_its_tax() -> None:
    text = wage(168, "8", extra='  id: "it"\n') + '2026-01-05 custom "reversal" "it"\n'
    books = check(text, region=ONLY, prelude=PRELUDE)
    assert books.balance(ADA) == books.balance(BAKERY) == 1000
    assert books.balance(TREASURY) == 10_000


UNPAID = ONLY.replace("baker: {min: 18, max: 24}", "baker: {min: 0, max: 0}")


def test_hours_of_an_unpaid_occupation_are_a_wage_of_zero() -> None:
    text = wage(0, "8", extra='  transfer: "wage"\n')
    assert moves(check(text, region=UNPAID, prelude=PRELUDE), "wage") == [("wage", BAKERY, ADA, D(0))]
    none = wage(0, "0", extra='  transfer: "wage"\n', mark="hours-worked-must-be-positive")
    check(none, region=UNPAID, prelude=PRELUDE)


def test_output_written_back_and_loaded_again_gives_the_same_books() -> None:
    text = (
        wage(168, "8", extra='  id: "it"\n')
        + wage(84, "4", date="2026-01-03")
        + '2026-01-05 custom "reversal" "it"\n2026-01-06 custom "lease" "oven" "Bakery"\n'
        + close("2026-01")
    )
    first = check(text, region=ONLY, prelude=PRELUDE)
    again = "\n".join(printer.format_entry(e) for e in data.sorted(first.books.entries) if not isinstance(e, data.Open))
    second = load(again, region=ONLY, prelude="")
    assert (second.errors, {code for _, _, code in second.advice}) == ([], {"gift-without-crossing"})
    assert moves(second) == moves(first)
    assert [entry.postings for entry in second.governed()] == [
        [p._replace(meta=q.meta) for p, q in zip(entry.postings, same.postings, strict=True)]
        for entry, same in zip(first.governed(), second.governed(), strict=True)
    ]


def test_hours_of_recorded_wages_are_counted_by_occupation() -> None:
    text = wage(168, "8", extra='  id: "it"\n') + wage(31.5, "1.5", date="2026-01-03")
    for reversal, worked in (("", 9.5), ('2026-01-05 custom "reversal" "it"\n', 1.5)):
        books = check(text + reversal + close("2026-01"), region=ONLY, prelude=PRELUDE)
        result = conductor("cost", books.folder, "Bakery", "--json")
        (january,) = json.loads(result.stdout)["months"]
        assert {name: float(count) for name, count in january["hours"].items()} == {"baker": worked}
        assert float(january["wages"]) == worked * 21
