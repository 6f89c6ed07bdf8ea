"""RULES.md, part A, "Plans"."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import PARTIES, PRELUDE, Loaded, check, consumption, ledger, load, plan

BAKERY = "Assets:Companies:Bakery"
PRD = "Liabilities:Companies:Bakery:PRD"

DRAFT = plan("cake", "Bakery", p=10, r=20, a=30, quantity=60, days=30, filed="2026-02-01", approved=None)


@ledger(prelude=PARTIES + plan("bread", "Bakery", p=100, r=500, a=900))
def test_approval_credits_a_productive_plan_from_the_companys_own_prd(books: Loaded) -> None:
    """"""
    assert books.transfers() == [
        ("credit_p", PRD, f"{BAKERY}:P", Decimal(100)),
        ("credit_r", PRD, f"{BAKERY}:R", Decimal(500)),
        ("credit_a", PRD, f"{BAKERY}:A", Decimal(900)),
    ]
    assert books.balance(PRD) == -(100 + 500 + 900)


@ledger(prelude=PARTIES + plan("clinic", "Clinic", p=80, r=120, a=100, public=True))
def test_approval_credits_a_public_plan_from_the_public_sector_fund(books: Loaded) -> None:
    """"""
    assert books.transfers() == [
        ("credit_public_p", "Equity:PSF", "Assets:Companies:Clinic:P", Decimal(80)),
        ("credit_public_r", "Equity:PSF", "Assets:Companies:Clinic:R", Decimal(120)),
        ("credit_public_a", "Equity:PSF", "Assets:Companies:Clinic:A", Decimal(100)),
    ]
    assert books.balance("Equity:PSF") == -(80 + 120 + 100)
    assert books.balance("Liabilities:Companies:Clinic:PRD") == 0


@ledger(prelude=PARTIES + plan("bread", "Bakery", p=100, r=500, a=900, approved=None))
def test_a_plan_that_was_only_filed_credits_nothing(books: Loaded) -> None:
    """"""
    assert books.transfers() == []
    assert books.balance(PRD) == 0


@ledger(prelude=PARTIES + plan("bread", "Bakery", p=100, r=500, a=900, quantity=1000, days=30, approved="2026-02-01"))
def test_a_plan_is_active_from_its_approval_until_days_later_exclusive(books: Loaded) -> None:
    """
    ; Approved 2026-02-01, 30 days: until 2026-03-03 exclusive. A loaf costs 1500 / 1000 = 1.50.
    2026-01-31 * "Ada" ^bread ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "Ada" ^bread
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-03-02 * "Ada" ^bread
      time: "23:59:59.999999"
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-03-03 * "Ada" ^bread ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == 2 * Decimal("-1.50")


@ledger(prelude=PARTIES + plan("bread", "Bakery", a=100, quantity=100, days=1, approved="2026-02-01", time="13:42:29"))
def test_a_plan_ends_at_the_time_of_day_of_its_approval(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" "before" ^bread ; ! plan-inactive
      time: "13:42:28.999999"
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    2026-02-02 * "Ada" "last moment" ^bread
      time: "13:42:28.999999"
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    2026-02-02 * "Ada" "too late" ^bread ; ! plan-inactive
      time: "13:42:29"
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    """
    assert books.balance("Assets:Members:Ada:Hours") == -1


@ledger(prelude=PARTIES + plan("bread", "Bakery", p=100, r=500, a=900, days=30))
def test_after_expiry_nothing_is_reset(books: Loaded) -> None:
    """
    2026-01-05 * "Ada" ^bread
      quantity: 4
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    2026-06-01 custom "member" "Eve"
    """
    assert books.balance(PRD) == -1500 + 6
    assert books.balance(f"{BAKERY}:A") == 900


# How each decision follows on each other one: only a filed plan can be decided, and once.

DECISIONS = {
    "approved": 'custom "plan-approval" "cake"\n  by: "carla"\n',
    "rejected": 'custom "plan-rejection" "cake"\n  by: "carla"\n  reason: "too dear"\n',
    "withdrawn": 'custom "plan-withdrawal" "cake"\n  by: "Bakery"\n',
}


@pytest.mark.parametrize("first", DECISIONS)
@pytest.mark.parametrize("second", DECISIONS)
def test_only_a_filed_plan_is_decided_and_only_once(first: str, second: str) -> None:
    text = DRAFT + f"2026-02-02 {DECISIONS[first]}2026-02-03 {DECISIONS[second]}"
    found = load(text)
    assert found.codes == [f"plan-is-{first}"]
    assert found.errors[0][1] == text.splitlines().index(f"2026-02-03 {DECISIONS[second].splitlines()[0]}") + 1
    assert found.books.machine.state.plans["cake"].decision == first


@ledger()
def test_decisions_of_one_instant_conflict_in_the_order_of_the_list_of_facts(books: Loaded) -> None:
    """
    2026-02-01 custom "plan-approval" "cake" ; ! plan-is-rejected
      by: "carla"
    2026-02-01 custom "plan-rejection" "cake"
      by: "carla"
    2026-02-01 custom "plan" "cake" "Bakery"
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    """
    assert "time:" in books.message("plan-is-rejected")


@ledger()
def test_an_approval_names_an_accountant_of_the_region(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "cake" "Bakery"
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-02 custom "plan-approval" "cake" ; ! missing-metadata
    2026-02-03 custom "plan-approval" "cake" ; ! accountant-not-found
      by: "carlo"
    2026-02-03 custom "plan-rejection" "cake" ; ! accountant-not-found
      by: "Bakery"
    2026-02-04 custom "plan-approval" "cake" ; ! accountant-not-found
      by: "carla, Ada"
    2026-02-05 custom "accountant-end" "carla"
      by: "dora"
    2026-02-06 custom "plan-approval" "cake" ; ! accountant-has-ended
      by: "carla"
    2026-02-07 custom "plan-approval" "cake"
      by: "dora"
    """
    assert len(books.transfers("credit_a")) == 2 + 1


@ledger()
def test_the_nearest_accountant_is_named(books: Loaded) -> None:
    """
    2026-02-01 custom "plan-approval" "bread" ; ! accountant-not-found
      by: "carlo"
    """
    assert '"carla"' in books.message("accountant-not-found")


@ledger()
def test_only_the_planner_withdraws_its_plan(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "cake" "Bakery"
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-02 custom "plan-withdrawal" "cake" ; ! requester-is-not-planner
      by: "Mill"
    2026-02-03 custom "plan-withdrawal" "cake" ; ! requester-is-not-planner
      by: "Bakery, Mill"
    2026-02-04 custom "plan-withdrawal" "cake"
    """
    assert books.books.machine.state.plans["cake"].decision == "withdrawn"


@ledger()
def test_costs_quantity_and_days_are_not_negative(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "cake-1" "Bakery" ; ! negative-plan-input
      product: "Cake"
      quantity: -1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-01 custom "plan" "cake-2" "Bakery" ; ! negative-plan-input
      product: "Cake"
      quantity: 1
      fixed-means: -0.01
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-01 custom "plan" "cake-3" "Bakery" ; ! negative-plan-input
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: -1 HOUR
      labour: 1
      days: 1
    2026-02-01 custom "plan" "cake-4" "Bakery" ; ! negative-plan-input
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: -1000000000000000000000000000000
      days: 1
    2026-02-01 custom "plan" "cake-5" "Bakery" ; ! negative-plan-input
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: -1
    """
    assert not any(name.startswith("cake") for name in books.books.machine.state.plans)


@ledger()
def test_a_plan_of_no_quantity_is_allowed_and_costs_nothing(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "gift" "Bakery" ; ? empty-plan
      product: "Gift"
      quantity: 0
      fixed-means: 1 HOUR
      raw-materials: 2 HOUR
      labour: 3 HOUR
      days: 30
    2026-02-01 custom "plan-approval" "gift"
      by: "carla"
    2026-02-02 * "Ada" ^gift ; ? plan-overconsumed
      quantity: 2
      Assets:Members:Ada:Hours           0 HOUR
      Liabilities:Companies:Bakery:PRD   0 HOUR
    2026-02-02 * "Ada" ^gift ; ! wrong-amount
      quantity: 1
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    """
    assert books.amounts("private_consumption") == [0]


@ledger()
def test_a_plan_of_no_days_is_allowed_and_never_active(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "flash" "Bakery" ; ? empty-plan
      product: "Flash"
      quantity: 1
      fixed-means: 1
      raw-materials: 2
      labour: 3
      days: 0
    2026-02-01 custom "plan-approval" "flash"
      by: "carla"
    2026-02-01 * "Ada" ^flash ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    """
    # Its hours are credited all the same: bread's 900 and its own 3.
    assert books.balance("Assets:Companies:Bakery:A") == 900 + 3


@ledger()
def test_an_ended_company_neither_files_plans_nor_has_them_approved(books: Loaded) -> None:
    """
    2026-02-01 custom "plan" "cake" "Bakery"
      product: "Cake"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    2026-02-02 custom "company-end" "Bakery"
    2026-02-03 custom "plan-approval" "cake" ; ! company-has-ended
      by: "carla"
    2026-02-03 custom "plan" "pie" "Bakery" ; ! company-has-ended
      product: "Pie"
      quantity: 1
      fixed-means: 1
      raw-materials: 1
      labour: 1
      days: 1
    """
    assert "pie" not in books.books.machine.state.plans


@pytest.mark.parametrize("name", ["plan-approval", "plan-rejection", "plan-withdrawal"])
def test_a_decision_on_an_unknown_plan_names_the_nearest(name: str) -> None:
    found = check(f'2026-02-01 custom "{name}" "braed" ; ! plan-not-found\n  by: "carla"\n')
    assert '"bread"' in found.message("plan-not-found")


def test_more_consumed_than_planned_is_an_advice_on_what_went_too_far() -> None:
    prelude = PARTIES + plan("bread", "Bakery", a=10, quantity=10)
    text = (
        consumption("bread", "Assets:Members:Ada:Hours", "Bakery", 10, 10)
        + "; one more than planned\n"
        + consumption("bread", "Assets:Members:Bob:Hours", "Bakery", 1, 1, date="2026-02-02").replace(
            "^bread\n", "^bread ; ? plan-overconsumed\n"
        )
    )
    found = check(text, prelude=prelude)
    assert found.books.errors == []
    assert found.balance(PRD) == -10 + 10 + 1


def test_the_prelude_alone_holds() -> None:
    assert load("", prelude=PRELUDE).books.problems == []
