"""RULES.md, part A, "Price" and "Compensation"."""

from __future__ import annotations

from decimal import Decimal

from tests.support import PARTIES, Loaded, check, consumption, ledger, plan

D = Decimal
ADA = "Assets:Members:Ada:Hours"
PRD = "Liabilities:Companies:Bakery:PRD"
COOPERATION = "Equity:Cooperations:Bread"


def joins(name: str, plan_id: str, date: str = "2026-01-02") -> str:
    steps = ("cooperation-request", "cooperation-acceptance")
    return "".join(f'{date} custom "{step}" "{name}" "{plan_id}"\n' for step in steps)


TWO = (
    PARTIES
    # cheap: 100 / 100 = 1.00 a loaf (over-productive); dear: 300 / 100 = 3.00; together (1 + 3) / 2 = 2.00
    + plan("cheap", "Bakery", a=100, quantity=100, days=30)
    + plan("dear", "Mill", p=100, r=100, a=100, quantity=100, days=60)
    + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
    + joins("Bread", "cheap")
    + joins("Bread", "dear")
)


@ledger()
def test_a_productive_plan_costs_its_total_cost_over_its_quantity(books: Loaded) -> None:
    """
    2026-02-01 * "1000 loaves cost 100 + 500 + 900" ^bread
      quantity: 1000
      Assets:Members:Ada:Hours           -1500 HOUR
      Liabilities:Companies:Bakery:PRD    1500 HOUR
    """
    assert books.balance(PRD) == 0


@ledger(prelude=PARTIES + plan("third", "Bakery", a=1, quantity=3))
def test_price_times_quantity_is_rounded_once_half_to_even(books: Loaded) -> None:
    """
    2026-02-01 * "1/3" ^third
      quantity: 1
      Assets:Members:Ada:Hours           -0.33 HOUR
      Liabilities:Companies:Bakery:PRD    0.33 HOUR
    2026-02-01 * "2/3, not 2 x 0.33" ^third
      quantity: 2
      Assets:Members:Ada:Hours           -0.67 HOUR
      Liabilities:Companies:Bakery:PRD    0.67 HOUR
    2026-02-01 * "3/3" ^third ; ? plan-overconsumed
      quantity: 3
      Assets:Members:Ada:Hours           -1.00 HOUR
      Liabilities:Companies:Bakery:PRD    1.00 HOUR
    """
    assert books.amounts("private_consumption") == [D("0.33"), D("0.67"), D("1.00")]


@ledger(prelude=PARTIES + plan("half", "Bakery", a="0.01", quantity=2, advice="price-rounds-away"))
def test_half_a_unit_goes_to_the_even_neighbour(books: Loaded) -> None:
    """
    2026-02-01 * "0.005 -> 0.00" ^half
      quantity: 1
      Assets:Members:Ada:Hours            0.00 HOUR
      Liabilities:Companies:Bakery:PRD    0.00 HOUR
    2026-02-02 * "0.015 -> 0.02" ^half ; ? plan-overconsumed
      quantity: 3
      Assets:Members:Ada:Hours           -0.02 HOUR
      Liabilities:Companies:Bakery:PRD    0.02 HOUR
    2026-02-03 * "0.025 -> 0.02" ^half
      quantity: 5
      Assets:Members:Ada:Hours           -0.02 HOUR
      Liabilities:Companies:Bakery:PRD    0.02 HOUR
    """
    assert books.amounts("private_consumption") == [0, D("0.02"), D("0.02")]


@ledger()
def test_the_error_says_the_right_amount(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" ^bread ; ! wrong-amount
      quantity: 7
      Assets:Members:Ada:Hours           -7 HOUR
      Liabilities:Companies:Bakery:PRD    7 HOUR
    """
    assert "10.50" in books.message("wrong-amount")  # 7 x 1.50


@ledger(prelude=TWO)
def test_cooperating_plans_share_the_unweighted_mean_of_their_costs(books: Loaded) -> None:
    """
    2026-01-03 * "Ada" ^cheap
      quantity: 3
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    2026-01-03 * "Ada" ^dear
      quantity: 3
      Assets:Members:Ada:Hours           -6 HOUR
      Liabilities:Companies:Mill:PRD      6 HOUR
    """
    # cheap is overproductive: (2.00 - 1.00) x 3 to the cooperation; dear the reverse: (3.00 - 2.00) x 3.
    assert books.transfers("compensation_for_coop", "compensation_for_company") == [
        ("compensation_for_coop", PRD, COOPERATION, D(3)),
        ("compensation_for_company", COOPERATION, "Liabilities:Companies:Mill:PRD", D(3)),
    ]
    assert books.balance(PRD) == -100 + 6 - 3
    assert books.balance("Liabilities:Companies:Mill:PRD") == -300 + 6 + 3
    assert books.balance(COOPERATION) == 0


@ledger(prelude=TWO)
def test_productive_consumption_is_compensated_too(books: Loaded) -> None:
    """
    2026-01-03 * "the mill buys cheap bread" ^cheap
      quantity: 2
      Assets:Companies:Mill:R            -4 HOUR
      Liabilities:Companies:Bakery:PRD    4 HOUR
    2026-01-03 * "the clinic buys dear bread" ^dear
      quantity: 5
      Assets:Companies:Clinic:P         -10 HOUR
      Liabilities:Companies:Mill:PRD     10 HOUR
    """
    assert books.amounts("compensation_for_coop") == [2]
    assert books.amounts("compensation_for_company") == [5]
    assert books.balance(COOPERATION) == 2 - 5


@ledger(prelude=TWO)
def test_the_compensation_is_a_pair_of_legs_of_the_same_transaction(books: Loaded) -> None:
    """
    2026-01-03 * "Ada" ^cheap
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Bakery:PRD    2 HOUR
    """
    (entry,) = [entry for entry in books.governed() if entry.narration == "Ada"]
    assert [(p.account, p.units.number, p.meta["transfer"]) for p in entry.postings] == [
        (ADA, D(-2), "private_consumption"),
        (PRD, D(2), "private_consumption"),
        (PRD, D(-1), "compensation_for_coop"),
        (COOPERATION, D(1), "compensation_for_coop"),
    ]
    assert entry.tags == {"derived"}
    assert entry.meta["price"] == D("2.00")


@ledger(prelude=TWO)
def test_an_expired_plan_no_longer_counts_in_the_cooperative_price(books: Loaded) -> None:
    """
    ; cheap: 30 days from 2026-01-01, until 2026-01-31 exclusive.
    2026-01-30 * "the last day of the mean" ^dear
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Mill:PRD      2 HOUR
    2026-01-31 * "dear alone: its own cost" ^dear
      quantity: 1
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Mill:PRD      3 HOUR
    """
    # Price and own cost are equal now: no compensation.
    assert books.amounts("compensation_for_company") == [1]


@ledger(prelude=TWO)
def test_a_plan_shares_the_price_from_the_instant_of_its_acceptance_until_its_exit(books: Loaded) -> None:
    """
    2026-01-10 custom "cooperation-exit" "Bread" "cheap"
      time: "12:00:00"
    2026-01-10 * "before" ^cheap
      time: "11:59:59"
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Bakery:PRD    2 HOUR
    2026-01-10 * "after" ^cheap
      time: "12:00:00"
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    2026-01-10 * "dear is alone" ^dear
      time: "12:00:00"
      quantity: 1
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Mill:PRD      3 HOUR
    2026-01-11 custom "cooperation-request" "Bread" "cheap"
    2026-01-11 * "a request alone changes no price" ^dear
      quantity: 1
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Mill:PRD      3 HOUR
    2026-01-12 custom "cooperation-acceptance" "Bread" "cheap"
    2026-01-12 * "back again" ^dear
      quantity: 1
      Assets:Members:Ada:Hours           -2 HOUR
      Liabilities:Companies:Mill:PRD      2 HOUR
    """
    assert books.amounts("compensation_for_coop") == [1]
    assert books.amounts("compensation_for_company") == [1]


def test_plans_of_equal_cost_compensate_nothing() -> None:
    prelude = (
        PARTIES
        + plan("one", "Bakery", a=100, quantity=100)
        + plan("two", "Mill", p=50, r=20, a=30, quantity=100)
        + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
        + joins("Bread", "one")
        + joins("Bread", "two")
    )
    found = check(consumption("one", ADA, "Bakery", 5, 5), prelude=prelude)
    assert found.transfers("compensation_for_coop", "compensation_for_company") == []
    (entry,) = [entry for entry in found.governed() if entry.narration == "consumption"]
    assert not entry.tags


def test_the_mean_is_exact_before_it_is_rounded() -> None:
    # Three plans at 1.00, 1.00 and 2.00: the mean is 4/3. 3 of them cost exactly 4.00; a plan at 1.00 pays the
    # cooperation 3 x 1/3 = 1.00, the one at 2.00 gets 3 x 2/3 = 2.00.
    prelude = (
        PARTIES
        + plan("one", "Bakery", a=100, quantity=100)
        + plan("two", "Mill", a=100, quantity=100)
        + plan("three", "Clinic", a=200, quantity=100)
        + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
        + "".join(joins("Bread", name) for name in ("one", "two", "three"))
    )
    text = (
        consumption("one", ADA, "Bakery", "4.00", 3)
        + consumption("three", ADA, "Clinic", "4.00", 3)
        # 1 costs 1.33 (4/3); compensation 1/3 -> 0.33 and 2/3 -> 0.67, each rounded by itself.
        + consumption("two", ADA, "Mill", "1.33", 1)
        + consumption("three", ADA, "Clinic", "1.33", 1)
    )
    found = check(text, prelude=prelude)
    assert sorted(found.amounts("compensation_for_coop")) == [D("0.33"), D("1.00")]
    assert sorted(found.amounts("compensation_for_company")) == [D("0.67"), D("2.00")]


def test_a_compensation_that_rounds_to_zero_is_none() -> None:
    # 100.00 and 100.01 over 100000 pieces: costs 0.001 and 0.0010001, mean 0.00100005; the delta of 10 pieces is far
    # below 0.01.
    prelude = (
        PARTIES
        + plan("one", "Bakery", a="100.00", quantity=100000, advice="price-rounds-away")
        + plan("two", "Mill", a="100.01", quantity=100000, advice="price-rounds-away")
        + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
        + joins("Bread", "one")
        + joins("Bread", "two")
    )
    found = check(consumption("one", ADA, "Bakery", "0.01", 10), prelude=prelude)
    assert found.transfers("compensation_for_coop", "compensation_for_company") == []


@ledger(prelude=TWO)
def test_when_a_company_ends_its_plans_leave_the_cooperative_price(books: Loaded) -> None:
    """
    2026-01-10 custom "company-end" "Bakery"
    2026-01-10 * "dear alone" ^dear
      quantity: 1
      Assets:Members:Ada:Hours           -3 HOUR
      Liabilities:Companies:Mill:PRD      3 HOUR
    2026-01-10 * "cheap has ended" ^cheap ; ! plan-inactive
      quantity: 1
      Assets:Members:Ada:Hours           -1 HOUR
      Liabilities:Companies:Bakery:PRD    1 HOUR
    """
    assert books.amounts("compensation_for_company") == []


def test_a_plan_of_no_quantity_counts_as_free_in_the_mean() -> None:
    # (0 + 3) / 2 = 1.50; the gift pays nothing of its own, so all of the price goes to the cooperation.
    prelude = (
        PARTIES
        + plan("gift", "Bakery", a=100, quantity=0).replace('"Bakery"\n', '"Bakery" ; ? empty-plan\n')
        + plan("dear", "Mill", a=300, quantity=100)
        + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n'
        + joins("Bread", "gift")
        + joins("Bread", "dear")
    )
    text = consumption("dear", ADA, "Mill", "1.50")
    found = check(text, prelude=prelude)
    assert found.amounts("compensation_for_company") == [D("1.50")]
