"""RULES.md, part A, "Ends": members, companies, accountants."""

from __future__ import annotations

from decimal import Decimal

from tests.support import PARTIES, PRELUDE, Loaded, ledger, plan

D = Decimal


@ledger()
def test_a_member_leaves_with_positive_hours_which_stay(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    2026-02-02 custom "member-end" "Ada"
    """
    assert books.balance("Assets:Members:Ada:Hours") == D("6.40")
    assert books.books.machine.state.members["Ada"].ended is not None


@ledger()
def test_a_member_does_not_leave_with_negative_hours(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" ^bread
      quantity: 2
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    2026-02-02 custom "member-end" "Ada" ; ! member-has-negative-hours
    2026-02-03 * "work: 3.75 x 0.8 = 3.00"
      Assets:Companies:Bakery:A      -3.75 HOUR
      Assets:Members:Ada:Hours        3.75 HOUR
    2026-02-04 custom "member-end" "Ada"
    """
    assert "-3.00 HOUR" in books.message("member-has-negative-hours")
    assert books.balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_a_rejected_end_changes_nothing(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" ^bread
      quantity: 2
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    2026-02-01 custom "basic-service" "cut" "Ada"
    2026-02-02 custom "member-end" "Ada" ; ! member-has-negative-hours
    2026-02-03 * "she still works"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * "and still cuts hair" ^cut
      Assets:Members:Bob:Hours       -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    """
    assert books.books.machine.state.members["Ada"].ended is None


@ledger()
def test_with_a_member_end_her_employment_and_services(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service" "cut" "Ada"
    2026-02-02 custom "member-end" "Ada"
      time: "12:00:00"
    2026-02-02 * "the last hour"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * "no more work" ; ! member-has-ended
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * "no more hair" ^cut ; ! basic-service-inactive
      Assets:Members:Bob:Hours       -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * "no more bread" ^bread ; ! member-has-ended
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-04 custom "employment" "Mill" "Ada" ; ! member-has-ended
    2026-02-04 custom "basic-service" "lessons" "Ada" ; ! member-has-ended
    2026-02-04 custom "member-end" "Ada" ; ! member-has-ended
    2026-02-04 custom "employment-end" "Bakery" "Ada" ; ! worker-not-at-company
    2026-02-04 custom "basic-service-end" "cut" ; ! basic-service-inactive
    """
    assert books.books.machine.state.employments["Bakery"].keys() == {"Bob"}


@ledger(prelude=PRELUDE + '2026-01-01 custom "cooperation" "Bread" "Mill"\n')
def test_with_a_company_end_its_employment_active_plans_and_places_in_cooperations(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "rolls" "Bakery"
      product: "Rolls"
      quantity: 10
      fixed-means: 1
      raw-materials: 2
      labour: 3
      days: 30
    2026-02-01 custom "plan-approval" "rolls"
      by: "carla"
    2026-02-01 custom "cooperation-request" "Bread" "bread"
    2026-02-01 custom "cooperation-acceptance" "Bread" "bread"
    2026-02-01 custom "cooperation-request" "Bread" "rolls"
    2026-02-02 custom "company-end" "Bakery"
    2026-02-03 * "no more work" ; ! company-has-ended
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 * "no more bread" ^bread ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-03 custom "cooperation-acceptance" "Bread" "rolls" ; ! plan-inactive
    2026-02-03 custom "cooperation-exit" "Bread" "bread" ; ! plan-has-no-cooperation
    2026-02-04 custom "employment" "Bakery" "Cyd" ; ! company-has-ended
    2026-02-04 custom "employment-end" "Bakery" "Ada" ; ! worker-not-at-company
    2026-02-04 custom "company-end" "Bakery" ; ! company-has-ended
    """
    cooperation = books.books.machine.state.cooperations["Bread"]
    assert (cooperation.plans, cooperation.requests) == ([], [])
    # p, r, a and prd remain as record.
    assert books.balance("Assets:Companies:Bakery:A") == 900 + 3
    assert books.balance("Liabilities:Companies:Bakery:PRD") == -1500 - 6


@ledger(prelude=PARTIES + plan("draft", "Bakery", a=1, approved=None) + plan("old", "Bakery", a=1, quantity=1, days=1))
def test_a_company_end_leaves_filed_and_expired_plans_as_they_are(books: Loaded) -> None:
    """
    2026-02-02 custom "company-end" "Bakery"
    """
    state = books.books.machine.state
    assert state.plans["draft"].state(state.now) == "filed"
    assert state.plans["old"].state(state.now) == "expired"


@ledger()
def test_a_worker_of_an_ended_company_finds_other_work(books: Loaded) -> None:
    """
    2026-02-01 custom "company-end" "Bakery"
    2026-02-02 custom "employment" "Mill" "Ada"
    2026-02-02 * "work"
      Assets:Companies:Mill:A        -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-03 custom "member-end" "Ada"
    """
    assert books.amounts("work_certificates") == [1]


@ledger()
def test_an_accountant_leaves_office(books: Loaded) -> None:
    """
    2026-02-01 custom "accountant-end" "carla"
      by: "dora"
    2026-02-01 custom "accountant-end" "karla" ; ! accountant-not-found
    2026-02-02 custom "accountant-end" "carla" ; ! accountant-has-ended
    2026-02-02 custom "accountant" "carla" ; ! duplicate-id
    """
    assert books.books.machine.state.accountants["carla"].ended is not None


@ledger()
def test_unknown_parties_do_not_end(books: Loaded) -> None:
    """
    2026-02-01 custom "member-end" "Bakery" ; ! member-not-found
    2026-02-01 custom "company-end" "Ada" ; ! company-not-found
    2026-02-01 custom "employment-end" "Bakery" "Cyd" ; ! worker-not-at-company
    2026-02-01 custom "employment-end" "Bakry" "Ada" ; ! company-not-found
    2026-02-01 custom "employment-end" "Bakery" "Adda" ; ! member-not-found
    """
    assert books.codes


@ledger()
def test_everything_ends_after_all_other_facts_of_its_instant(books: Loaded) -> None:
    """
    2026-02-01 custom "member-end" "Eve"
    2026-02-01 custom "employment-end" "Bakery" "Eve"
    2026-02-01 custom "employment" "Bakery" "Eve"
    2026-02-01 custom "member" "Eve"
    """
    assert books.books.machine.state.members["Eve"].ended is not None


@ledger()
def test_reserved_for_the_last_day_facts_come_before_transactions(books: Loaded) -> None:
    """
    2026-02-01 * "at the instant of the end" ; ! company-has-ended
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-01 custom "company-end" "Bakery"
    """
    assert books.amounts("work_certificates") == []
