"""Documents of small regions: prices that change, plans that expire, what reversals take back, decisions."""

from __future__ import annotations

from typing import Any

from conductor_bean.documents import DOCUMENTS, Course, accountants, all_documents
from conductor_bean.ledger.reports import fic, fic_row
from tests.support import PRELUDE, REGION, Loaded, consumption, ledger, load, plan, work

BOTH = """\
region: Testburg
name: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
  credits: {name: RSC, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {fic_window_days: 180, member_overdraw: null, dividend: 0.5, non_member_markup: 0.2}
    occupations:
      baker: {min: 18, max: 24}
  - date: 2026-03-01
    title: Spring assembly
    set: {fic_window_days: 20, dividend: 0.25}
    occupations:
      baker: null
      smith: {min: 20, max: 20}
  - date: 2027-01-01
    title: Not yet
    set: {fic_window_days: 365}
"""

ROLLS = plan("rolls", "Mill", p=100, r=100, a=300, quantity=1000, days=40)


@ledger(prelude=PRELUDE + ROLLS)
def test_a_price_is_listed_where_it_changes_and_where_a_plan_expires(books: Loaded) -> None:
    """
    2026-01-05 custom "cooperation" "Bread" "Bakery"
    2026-01-05 custom "cooperation-request" "Bread" "bread"
    2026-01-05 custom "cooperation-request" "Bread" "rolls"
    2026-01-06 custom "cooperation-acceptance" "Bread" "bread"
    2026-01-08 custom "cooperation-acceptance" "Bread" "rolls"
    2026-03-08 custom "member" "Eve"
    2026-03-09 custom "cooperation-exit" "Bread" "bread"
    """
    (row,) = all_documents(books.books)["cooperations"]["cooperations"]
    assert row["prices"] == [
        {"instant": "2026-01-06T00:00:00", "price": "1.50"},
        {"instant": "2026-01-08T00:00:00", "price": "1.00"},
        {"instant": "2026-02-10T00:00:00", "price": "1.50"},
        {"instant": "2026-03-09T00:00:00", "price": None},
    ]
    assert row["price"] is None


@ledger(prelude=PRELUDE + ROLLS)
def test_a_price_that_ends_with_the_last_event_is_listed(books: Loaded) -> None:
    """
    2026-01-05 custom "cooperation" "Bread" "Bakery"
    2026-01-05 custom "cooperation-request" "Bread" "rolls"
    2026-01-08 custom "cooperation-acceptance" "Bread" "rolls"
    2026-02-10 custom "member" "Eve"
    """
    (row,) = all_documents(books.books)["cooperations"]["cooperations"]
    assert [change["price"] for change in row["prices"]] == ["0.50", None]


@ledger(prelude=PRELUDE + ROLLS)
def test_a_price_changes_where_a_company_ends(books: Loaded) -> None:
    """
    2026-01-05 custom "cooperation" "Bread" "Bakery"
    2026-01-05 custom "cooperation-request" "Bread" "bread"
    2026-01-05 custom "cooperation-request" "Bread" "rolls"
    2026-01-06 custom "cooperation-acceptance" "Bread" "bread"
    2026-01-06 custom "cooperation-acceptance" "Bread" "rolls"
    2026-01-20 custom "company-end" "Mill"
    """
    (row,) = all_documents(books.books)["cooperations"]["cooperations"]
    assert row["prices"][-1] == {"instant": "2026-01-20T00:00:00", "price": "1.50"}


@ledger(prelude=PRELUDE + ROLLS)
def test_a_plan_stands_above_or_below_the_price_while_it_is_active(books: Loaded) -> None:
    """
    2026-01-05 custom "cooperation" "Bread" "Bakery"
    2026-01-05 custom "cooperation-request" "Bread" "bread"
    2026-01-05 custom "cooperation-request" "Bread" "rolls"
    2026-01-06 custom "cooperation-acceptance" "Bread" "bread"
    2026-01-08 custom "cooperation-acceptance" "Bread" "rolls"
    """
    (row,) = all_documents(books.books)["cooperations"]["cooperations"]
    assert [(found["plan"], found["position"]) for found in row["plans"]] == [("bread", "above"), ("rolls", "below")]


def test_fic_of_each_morning_follows_windows_services_and_companies_that_end() -> None:
    text = (
        plan("late", "Mill", a=300, days=30, filed="2026-02-10", approved="2026-02-10", time="13:00:00")
        + '2026-01-10 custom "basic-service" "hair" "Ada"\n  name: "Hair"\n'
        + '2026-02-03 * "hair" ^hair\n  id: "cut"\n  Assets:Members:Bob:Hours  -2.00 HOUR\n'
        + "  Assets:Members:Ada:Hours  2.00 HOUR\n"
        + '2026-02-20 custom "reversal" "cut"\n  time: "10:00:00"\n'
        + '2026-03-10 custom "company-end" "Clinic"\n  time: "08:30:00"\n'
        + work("Bakery", "Ada", 8, date="2026-04-20")
    )
    wider = REGION + "  - date: 2026-03-01\n    set: {fic_window_days: 20}\n"
    wider += "  - date: 2026-04-01\n    set: {fic_window_days: 365}\n"
    books = load(text, region=wider).books
    assert not books.errors
    found = all_documents(books)["region"]["fic"]
    assert len(found) == 110
    mornings = [int(parts.instant) for parts in Course.of(books).fic]
    for row, (instant, machine) in zip(found, books.course(mornings), strict=True):
        plain = fic_row(books, fic(machine, instant))
        assert row == {"date": plain["instant"][:10], **{key: plain[key] for key in ("fic", "L", "L_o", "P_o", "R_o")}}
    assert len({row["fic"] for row in found}) > 3


def test_what_a_reversal_takes_back_is_no_transfer_more() -> None:
    text = work("Bakery", "Ada", 8, extra='  id: "w"\n') + '2026-02-05 custom "reversal" "w"\n'
    documents = all_documents(load(text).books)
    rows = {row["name"]: row for row in documents["transfers"]["rows"]}
    certificates = rows["work_certificates"]
    assert (certificates["count"], certificates["volume"], certificates["reversed"]) == (1, "8.00", "8.00")
    assert [row["hours"] for row in documents["region"]["months"] if row["month"] == "2026-02"] == ["0.00"]


def test_hours_of_wages_are_hours_worked_until_they_are_taken_back() -> None:
    credits_alone = BOTH.replace("  labour_time: {name: HOUR, precision: 0.01}\n", "")
    credits_alone = credits_alone.replace("fic_window_days: 180, member_overdraw: null, ", "")
    parties = """\
2026-01-01 custom "accountant" "carla"
2026-01-01 custom "member" "Ada"
2026-01-01 custom "company" "Bakery"
  ownership: "regional"
2026-01-01 custom "employment" "Bakery" "Ada"
  occupation: "baker"
  productivity: 0.5
  standard: "of the trade"
2026-01-02 * "Credits" "The region issues"
  by: "carla"
  Equity:Issuance          -5000 RSC
  Assets:Region:Treasury    5000 RSC
2026-01-03 * "Subsidy" "For the bakery"
  transfer: "subsidy"
  by: "carla"
  Assets:Region:Treasury           -1000 RSC
  Assets:Companies:Bakery:Wallet    1000 RSC
2026-02-03 * "Wage" "Eight hours"
  id: "eight"
  Assets:Companies:Bakery:Wallet  -168.00 RSC
  Assets:Members:Ada:Wallet        168.00 RSC
    hours: 8
2026-02-04 * "Wage" "Half an hour"
  Assets:Companies:Bakery:Wallet   -10.50 RSC
  Assets:Members:Ada:Wallet         10.50 RSC
    hours: 0.5
"""
    for text, hours in (("", "8.5"), ('2026-02-05 custom "reversal" "eight"\n', "0.5")):
        books = load(text, region=credits_alone, prelude=parties).books
        assert not books.errors
        months = {row["month"]: row for row in all_documents(books)["region"]["months"]}
        assert months["2026-02"]["hours"] == hours


def test_a_regional_company_has_no_costs_where_credits_are_off() -> None:
    text = '2026-01-02 custom "company" "School"\n  ownership: "regional"\n'
    rows = {row["company"]: row for row in all_documents(load(text).books)["companies"]["companies"]}
    assert (rows["School"]["ownership"], rows["School"]["costs"]) == ("regional", None)


@ledger(prelude=PRELUDE + ROLLS)
def test_a_plan_that_is_over_stands_neither_above_nor_below(books: Loaded) -> None:
    """
    2026-01-05 custom "cooperation" "Bread" "Bakery"
    2026-01-05 custom "cooperation-request" "Bread" "bread"
    2026-01-05 custom "cooperation-request" "Bread" "rolls"
    2026-01-06 custom "cooperation-acceptance" "Bread" "bread"
    2026-01-08 custom "cooperation-acceptance" "Bread" "rolls"
    2026-03-01 custom "member" "Eve"
    """
    (row,) = all_documents(books.books)["cooperations"]["cooperations"]
    assert [(found["plan"], found["active"], found["position"]) for found in row["plans"]] == [
        ("bread", True, "equal"),
        ("rolls", False, None),
    ]


def test_decisions_say_what_is_in_force_since_when_and_what_changed() -> None:
    document = all_documents(load('2026-04-01 custom "member" "Eve"\n', region=BOTH).books)["decisions"]
    in_force = {row["key"]: (row["value"], row["since"], row["title"]) for row in document["in_force"]}
    assert in_force["dividend"] == ("0.25", "2026-03-01", "Spring assembly")
    assert in_force["fic_window_days"] == (20, "2026-03-01", "Spring assembly")
    assert in_force["member_overdraw"] == (None, "2026-01-01", "Founding assembly")
    assert [(row["occupation"], row["min"], row["since"]) for row in document["occupations"]] == [
        ("smith", "20", "2026-03-01")
    ]
    first, second, third = document["decisions"]
    assert [row["in_force"] for row in (first, second, third)] == [True, True, False]
    assert {row["before"] for row in first["changes"]} == {None}
    assert {"key": "dividend", "before": "0.5", "after": "0.25"} in second["changes"]
    assert second["occupations"] == [
        {"occupation": "baker", "before": {"min": "18", "max": "24", "why": ""}, "after": None},
        {"occupation": "smith", "before": None, "after": {"min": "20", "max": "20", "why": ""}},
    ]


def test_decisions_of_an_economy_that_is_off_are_left_out() -> None:
    keys = {row["key"] for row in all_documents(load().books)["decisions"]["in_force"]}
    assert "fic_window_days" in keys
    assert "income_tax" not in keys


def test_surcharges_of_a_month_are_what_non_members_paid_above_cost() -> None:
    text = """\
2026-02-01 custom "property" "mill-house"
  kind: "facility"
  maintenance: 100 RSC
2026-02-01 custom "lease" "mill-house" "outside"
  name: "Guests"
2026-02-28 custom "month-close" "2026-02"
"""
    document = all_documents(load(text, region=BOTH).books)["region"]
    (row,) = [row for row in document["months"] if row["month"] == "2026-02"]
    assert (row["taxes"], row["bank_surplus"], row["surcharges"], row["regional_profit"]) == (
        "0.00",
        "0.00",
        "20.00",
        "20.00",
    )
    assert row["dividend"] == "2.50"


def test_a_ledger_without_events_has_every_document() -> None:
    documents: dict[str, Any] = all_documents(load(prelude="").books)
    assert list(documents) == list(DOCUMENTS)
    assert documents["region"]["about"]["from"] is None
    assert documents["region"]["months"] == []
    assert documents["region"]["now"]["members"] == 0


def test_accountants_see_what_to_do_about_each_problem() -> None:
    books = load(consumption("bread", "Assets:Members:Ada:Hours", "Bakery", "9.00")).books
    (row,) = accountants.problems(books)
    assert (row["severity"], row["code"], row["file"]) == ("error", "wrong-amount", "doc.beancount")
    assert row["remedy"]


def test_plans_to_review_are_those_that_nobody_decided() -> None:
    text = plan("new", "Mill", a=10, approved=None) + plan("old", "Mill", a=10, approved=None)
    text += '2026-01-02 custom "plan-rejection" "old"\n'
    document = accountants.plans_to_review(load(text).books)
    assert [row["plan"] for row in document["plans"]] == ["new"]


def test_a_statement_is_found_for_every_party_with_accounts() -> None:
    books = load(work("Bakery", "Ada", 8)).books
    names = [row["party"] for row in accountants.parties(books)]
    assert names[:4] == ["Ada", "Bob", "Cyd", "Dan"]
    assert accountants.statement(books, "Ada")["closing"] == {"Assets:Members:Ada:Hours": "6.40"}
