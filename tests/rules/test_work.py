"""RULES.md, part A, "Work"."""

from __future__ import annotations

from decimal import Decimal

from tests.support import PARTIES, Loaded, ledger, load, plan

D = Decimal


@ledger()
def test_hours_worked_credit_the_member_and_derive_taxes(books: Loaded) -> None:
    """
    2026-02-01 * "Sunrise Bakery" "Ada, 8 hours"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    # FIC = 0.8, so 8 x (1 - 0.8) = 1.60 go to the public sector.
    assert books.transfers("work_certificates", "taxes") == [
        ("work_certificates", "Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours", D(8)),
        ("taxes", "Assets:Members:Ada:Hours", "Equity:PSF", D("1.60")),
    ]
    assert books.balance("Assets:Members:Ada:Hours") == D(8) - D("1.60")
    assert books.balance("Equity:PSF") == D(-300) + D("1.60")
    assert books.balance("Assets:Companies:Bakery:A") == 900 - 8


@ledger()
def test_the_completed_transaction_says_what_it_was_completed_with(books: Loaded) -> None:
    """
    2026-02-01 * "Sunrise Bakery" "Ada, 8 hours" #hand ^shift-7
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    (entry,) = [entry for entry in books.governed() if entry.payee == "Sunrise Bakery"]
    assert entry.tags == {"derived", "hand"}
    assert entry.links == {"shift-7"}
    assert entry.meta["fic"] == D("0.8")
    legs = [(p.account, p.units.number, p.meta["transfer"]) for p in entry.postings]
    assert legs == [
        ("Assets:Companies:Bakery:A", D(-8), "work_certificates"),
        ("Assets:Members:Ada:Hours", D(8), "work_certificates"),
        ("Assets:Members:Ada:Hours", D("-1.60"), "taxes"),
        ("Equity:PSF", D("1.60"), "taxes"),
    ]


@ledger()
def test_a_payroll_pays_each_worker_and_shares_one_leg_of_the_fund(books: Loaded) -> None:
    """
    2026-02-01 * "Sunrise Bakery" "payroll of the day"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        4 HOUR
    """
    assert books.amounts("work_certificates") == [8, 4]
    assert books.amounts("taxes") == [D("1.60"), D("0.80")]
    (entry,) = [entry for entry in books.governed() if entry.payee == "Sunrise Bakery"]
    fund = [p.units.number for p in entry.postings if p.account == "Equity:PSF"]
    assert fund == [D("1.60") + D("0.80")]


@ledger()
def test_several_companies_may_pay_one_worker_in_one_transaction(books: Loaded) -> None:
    """
    2026-01-31 custom "employment" "Mill" "Ada"
    2026-02-01 * "Ada's day"
      Assets:Companies:Bakery:A      -5 HOUR
      Assets:Companies:Mill:A        -3 HOUR
      Assets:Members:Ada:Hours        8 HOUR
    """
    assert books.transfers("work_certificates") == [
        ("work_certificates", "Assets:Companies:Bakery:A", "Assets:Members:Ada:Hours", D(5)),
        ("work_certificates", "Assets:Companies:Mill:A", "Assets:Members:Ada:Hours", D(3)),
    ]
    assert books.amounts("taxes") == [D("1.00"), D("0.60")]
    assert books.balance("Assets:Members:Ada:Hours") == D("6.40")


@ledger()
def test_several_workers_and_several_companies_in_one_transaction_are_ambiguous(books: Loaded) -> None:
    """
    2026-01-31 custom "employment" "Mill" "Ada"
    2026-01-31 custom "employment" "Mill" "Bob"
    2026-02-01 * "who worked where?" ; ! ambiguous-legs
      Assets:Companies:Bakery:A      -5 HOUR
      Assets:Companies:Mill:A        -3 HOUR
      Assets:Members:Ada:Hours        6 HOUR
      Assets:Members:Bob:Hours        2 HOUR
    """
    assert books.amounts("work_certificates") == []


@ledger()
def test_only_members_employed_by_that_company_at_that_instant_work_there(books: Loaded) -> None:
    """
    2026-02-01 * "Cyd works at the mill" ; ! worker-not-at-company
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Cyd:Hours        8 HOUR
    2026-02-02 custom "employment" "Bakery" "Cyd"
      time: "12:00:00"
    2026-02-02 * "before the employment" ; ! worker-not-at-company
      time: "11:59:59"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Cyd:Hours        1 HOUR
    2026-02-02 * "at its instant: facts come first"
      time: "12:00:00"
      Assets:Companies:Bakery:A      -2 HOUR
      Assets:Members:Cyd:Hours        2 HOUR
    2026-02-03 custom "employment-end" "Bakery" "Cyd"
    2026-02-03 * "an end excludes its own date" ; ! worker-not-at-company
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Cyd:Hours        4 HOUR
    """
    assert books.amounts("work_certificates") == [2]


@ledger()
def test_one_wrong_worker_rejects_the_whole_payroll(books: Loaded) -> None:
    """
    2026-02-01 * "payroll" ; ! worker-not-at-company
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Cyd:Hours        4 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0
    assert all(entry.narration != "payroll" for entry in books.governed())


@ledger()
def test_hours_worked_are_positive(books: Loaded) -> None:
    """
    2026-02-01 * "nothing" ; ! hours-worked-must-be-positive
      Assets:Companies:Bakery:A       0 HOUR
      Assets:Members:Ada:Hours        0 HOUR
    2026-02-02 * "less than nothing" ; ! hours-worked-must-be-positive
      Assets:Companies:Bakery:A       8 HOUR
      Assets:Members:Ada:Hours       -8 HOUR
    2026-02-03 * "one of two" ; ! hours-worked-must-be-positive
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Bob:Hours        0 HOUR
    """
    assert books.amounts("work_certificates") == []


@ledger()
def test_one_leg_a_worker_company_and_instant(books: Loaded) -> None:
    """
    2026-02-01 * "Ada twice in one transaction" ; ! hours-registered-twice
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours        8 HOUR
      Assets:Members:Ada:Hours        4 HOUR

    ; Of two at one instant the first by the key stands: debits and credits are equal, 3 comes before 4.
    2026-02-02 * "more" ; ! hours-registered-twice
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    2026-02-02 * "less"
      Assets:Companies:Bakery:A      -3 HOUR
      Assets:Members:Ada:Hours        3 HOUR

    2026-02-03 * "morning"
      time: "08:00:00"
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    2026-02-03 * "afternoon"
      time: "14:00:00"
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    2026-02-03 * "Bob, the same morning"
      time: "08:00:00"
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Bob:Hours        4 HOUR
    """
    assert books.amounts("work_certificates") == [3, 4, 4, 4]


@ledger()
def test_one_worker_at_two_companies_at_one_instant_is_no_repetition(books: Loaded) -> None:
    """
    2026-01-31 custom "employment" "Mill" "Ada"
    2026-02-01 * "bakery"
      Assets:Companies:Bakery:A      -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    2026-02-01 * "mill"
      Assets:Companies:Mill:A        -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    """
    assert books.amounts("work_certificates") == [4, 4]


@ledger()
def test_more_than_24_hours_of_one_member_on_one_date_is_an_advice(books: Loaded) -> None:
    """
    2026-01-31 custom "employment" "Mill" "Ada"
    2026-02-01 * "a whole day"
      Assets:Companies:Bakery:A     -20 HOUR
      Assets:Members:Ada:Hours       20 HOUR
    2026-02-01 * "exactly 24 in all"
      time: "01:00:00"
      Assets:Companies:Mill:A        -4 HOUR
      Assets:Members:Ada:Hours        4 HOUR
    2026-02-01 * "a hundredth too much" ; ? more-than-24-hours
      time: "02:00:00"
      Assets:Companies:Bakery:A      -0.01 HOUR
      Assets:Members:Ada:Hours        0.01 HOUR
    2026-02-02 * "a new day"
      Assets:Companies:Bakery:A     -24 HOUR
      Assets:Members:Ada:Hours       24 HOUR
    """
    assert "24.01" in books.message("more-than-24-hours")


@ledger()
def test_unknown_companies_and_members_are_named_with_the_nearest(books: Loaded) -> None:
    """
    2026-02-01 * "typo" ; ! company-not-found
      Assets:Companies:Bakry:A      -8 HOUR
      Assets:Members:Ada:Hours       8 HOUR
    2026-02-02 * "typo" ; ! member-not-found
      Assets:Companies:Bakery:A     -8 HOUR
      Assets:Members:Adda:Hours      8 HOUR
    """
    assert '"Bakery"' in books.message("company-not-found")
    assert '"Ada"' in books.message("member-not-found")


@ledger(prelude=PARTIES + plan("bread", "Bakery", p=1, r=1, a=10, quantity=12))
def test_a_company_may_register_more_hours_than_planned(books: Loaded) -> None:
    """
    2026-02-01 * "overtime"
      Assets:Companies:Bakery:A     -12 HOUR
      Assets:Members:Ada:Hours       12 HOUR
    """
    # Only members' consumption has a limit; what is off plan is the company's deviation.
    assert books.balance("Assets:Companies:Bakery:A") == 10 - 12


@ledger()
def test_a_repeated_employment_replaces_its_metadata(books: Loaded) -> None:
    """
    2026-02-01 custom "employment" "Bakery" "Ada"
      occupation: "baker"
      productivity: 0.5
      by: "Bob"
    2026-03-01 custom "employment" "Bakery" "Ada"
      occupation: "head baker"
    2026-03-02 custom "employment-end" "Bakery" "Ada"
    2026-03-03 custom "employment-end" "Bakery" "Ada" ; ! worker-not-at-company
    """
    assert books.books.machine.state.employments["Bakery"].keys() == {"Bob"}


@ledger()
def test_productivity_is_a_number_from_0_to_1(books: Loaded) -> None:
    """
    2026-02-01 custom "employment" "Bakery" "Ada" ; ! malformed-metadata
      productivity: 1.01
    2026-02-01 custom "employment" "Bakery" "Bob" ; ! malformed-metadata
      productivity: "0.5"
    2026-02-01 custom "employment" "Bakery" "Cyd" ; ! malformed-metadata
      productivity: -0.5
    """
    assert books.codes


def test_advice_does_not_depend_on_the_order_of_lines() -> None:
    first = """2026-02-01 * "b" ^bread
  quantity: 700
  Assets:Companies:Mill:R           -1050 HOUR
  Liabilities:Companies:Bakery:PRD   1050 HOUR
"""
    second = """2026-02-01 * "a" ^bread
  quantity: 701
  Assets:Companies:Mill:P           -1051.50 HOUR
  Liabilities:Companies:Bakery:PRD   1051.50 HOUR
"""
    one, other = load(first + second), load(second + first)
    assert [problem.code for problem in one.books.advice] == ["plan-overconsumed"]
    messages = [[problem.message for problem in found.books.advice] for found in (one, other)]
    assert messages[0] == messages[1]
    lines = [found.books.advice[0].line for found in (one, other)]
    assert sorted(lines) == [1, 5]  # the same transaction, wherever it stands
