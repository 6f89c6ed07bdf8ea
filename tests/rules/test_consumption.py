"""RULES.md, part A, "Consumption": four kinds of it, and who may not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support import PARTIES, Loaded, check, consumption, ledger, plan

D = Decimal
ADA = "Assets:Members:Ada:Hours"
SERVICE = '2026-01-01 custom "basic-service" "haircut" "Ada"\n  name: "Hair"\n'


@ledger()
def test_a_member_consumes_a_product(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" "3 loaves" ^bread
      quantity: 3
      Assets:Members:Ada:Hours           -4.50 HOUR
      Liabilities:Companies:Bakery:PRD    4.50 HOUR
    """
    assert books.transfers("private_consumption") == [
        ("private_consumption", ADA, "Liabilities:Companies:Bakery:PRD", D("4.50"))
    ]
    assert books.balance("Liabilities:Companies:Bakery:PRD") == -1500 + D("4.50")
    (entry,) = [entry for entry in books.governed() if entry.payee == "Ada"]
    assert entry.meta["price"] == D("1.50")
    assert "derived" not in (entry.tags or ())


@ledger()
def test_a_company_consumes_fixed_means_from_p_and_raw_materials_from_r(books: Loaded) -> None:
    """
    2026-02-01 * "bread for the mill's canteen" ^bread
      quantity: 2
      Assets:Companies:Mill:R            -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    2026-02-01 * "bread as a machine" ^bread
      quantity: 4
      Assets:Companies:Mill:P            -6 HOUR
      Liabilities:Companies:Bakery:PRD    6 HOUR
    """
    assert books.amounts("productive_consumption_p") == [6]
    assert books.amounts("productive_consumption_r") == [3]
    assert books.balance("Assets:Companies:Mill:P") == 200 - 6
    assert books.balance("Assets:Companies:Mill:R") == 300 - 3
    assert books.balance("Liabilities:Companies:Bakery:PRD") == -1500 + 6 + 3


@ledger(prelude=PARTIES + plan("bread", "Bakery", a=4, quantity=4) + plan("c", "Clinic", a=1, public=True) + SERVICE)
def test_a_member_consumes_a_basic_service_and_its_provider_pays_taxes(books: Loaded) -> None:
    """
    2026-02-01 * "Bob" "a haircut" ^haircut
      Assets:Members:Bob:Hours    -2 HOUR
      Assets:Members:Ada:Hours     2 HOUR
    """
    # FIC = 4 / (4 + 1) = 0.8: 2 x 0.2 = 0.40
    assert books.transfers("private_consumption_of_basic_service", "taxes") == [
        ("private_consumption_of_basic_service", "Assets:Members:Bob:Hours", ADA, D(2)),
        ("taxes", ADA, "Equity:PSF", D("0.40")),
    ]
    assert books.balance(ADA) == D("1.60")
    assert books.balance("Assets:Members:Bob:Hours") == -2


@ledger(prelude=PARTIES + plan("bread", "Bakery", a=4, quantity=4) + plan("c", "Clinic", a=1, public=True) + SERVICE)
def test_a_company_consumes_a_basic_service_from_r_and_its_provider_pays_taxes(books: Loaded) -> None:
    """
    2026-02-01 * "hair of the staff" ^haircut
      Assets:Companies:Bakery:R   -3 HOUR
      Assets:Members:Ada:Hours     3 HOUR
    """
    assert books.transfers("productive_consumption_of_basic_service", "taxes") == [
        ("productive_consumption_of_basic_service", "Assets:Companies:Bakery:R", ADA, D(3)),
        ("taxes", ADA, "Equity:PSF", D("0.60")),
    ]


@ledger(prelude=PARTIES + SERVICE)
def test_basic_services_are_not_consumed_as_fixed_means_or_labour(books: Loaded) -> None:
    """
    2026-02-01 * "from p" ^haircut ; ! forbidden-transfer
      Assets:Companies:Bakery:P   -3 HOUR
      Assets:Members:Ada:Hours     3 HOUR
    2026-02-02 * "from a: this would be work" ^haircut
      Assets:Companies:Bakery:A   -3 HOUR
      Assets:Members:Ada:Hours     3 HOUR
    """
    assert books.amounts("work_certificates") == [3]


@ledger()
def test_members_consume_public_plans_for_nothing(books: Loaded) -> None:
    """
    2026-02-01 * "Ada" "a consultation" ^clinic
      quantity: 1
      Assets:Members:Ada:Hours           0 HOUR
      Liabilities:Companies:Clinic:PRD   0 HOUR
    2026-02-02 * "Bob" "the legs the other way round" ^clinic
      quantity: 2
      Liabilities:Companies:Clinic:PRD   0.00 HOUR
      Assets:Members:Bob:Hours          -0 HOUR
    2026-02-03 * "Cyd" "it is free" ^clinic ; ! wrong-amount
      quantity: 1
      Assets:Members:Cyd:Hours          -0.01 HOUR
      Liabilities:Companies:Clinic:PRD   0.01 HOUR
    """
    assert books.transfers("private_consumption") == [
        ("private_consumption", ADA, "Liabilities:Companies:Clinic:PRD", D(0)),
        ("private_consumption", "Assets:Members:Bob:Hours", "Liabilities:Companies:Clinic:PRD", D(0)),
    ]
    assert books.books.machine.state.plans["clinic"].consumed == 3


@ledger()
def test_companies_consume_no_public_plans(books: Loaded) -> None:
    """
    2026-02-01 * "from r" ^clinic ; ! cannot-consume-public-service
      quantity: 1
      Assets:Companies:Mill:R            0 HOUR
      Liabilities:Companies:Clinic:PRD   0 HOUR
    2026-02-01 * "from p" ^clinic ; ! cannot-consume-public-service
      quantity: 1
      Assets:Companies:Mill:P            0 HOUR
      Liabilities:Companies:Clinic:PRD   0 HOUR
    """
    assert books.books.machine.state.plans["clinic"].consumed == 0


@ledger()
def test_a_company_does_not_consume_its_own_plan(books: Loaded) -> None:
    """
    2026-02-01 * "own bread" ^bread ; ! consumer-is-planner
      quantity: 2
      Assets:Companies:Bakery:R          -3 HOUR
      Liabilities:Companies:Bakery:PRD    3 HOUR
    """
    assert books.amounts("productive_consumption_r") == []


@ledger(prelude=PARTIES + SERVICE)
def test_a_member_does_not_consume_her_own_service(books: Loaded) -> None:
    """
    2026-02-01 * "own hair" ^haircut ; ! consumer-is-provider
      Assets:Members:Ada:Hours    -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-02 * "own hair, credited to somebody else" ^haircut ; ! consumer-is-provider
      Assets:Members:Ada:Hours    -1 HOUR
      Assets:Members:Bob:Hours     1 HOUR
    """
    assert books.amounts("taxes") == []


@ledger(prelude=PARTIES + SERVICE)
def test_an_ended_service_is_not_consumed_at_all(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service-end" "haircut"
      time: "12:00:00"
      by: "Ada"
    2026-02-01 * "the last moment" ^haircut
      time: "11:59:59"
      Assets:Members:Bob:Hours    -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-01 * "too late" ^haircut ; ! basic-service-inactive
      time: "12:00:00"
      Assets:Members:Bob:Hours    -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-02 * "a company too" ^haircut ; ! basic-service-inactive
      Assets:Companies:Mill:R     -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
    2026-02-02 custom "basic-service-end" "haircut" ; ! basic-service-inactive
    """
    assert books.amounts("private_consumption_of_basic_service") == [1]


@ledger(prelude=PARTIES + SERVICE)
def test_a_service_is_offered_and_ended_by_its_provider(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service-end" "haircut" ; ! requester-is-not-provider
      by: "Bob"
    2026-02-02 custom "basic-service-end" "hairdo" ; ! basic-service-not-found
    2026-02-03 custom "basic-service" "lessons" "Adda" ; ! member-not-found
    2026-02-04 custom "basic-service" "lessons" "Bakery" ; ! member-not-found
    """
    assert '"haircut"' in books.message("basic-service-not-found")


@ledger(prelude=PARTIES + SERVICE)
def test_a_service_needs_no_approval_and_is_consumed_from_its_instant_on(books: Loaded) -> None:
    """
    2026-02-01 custom "basic-service" "lessons" "Bob"
      time: "08:00:00"
    2026-02-01 * "too early" ^lessons ; ! basic-service-not-found
      time: "07:59:59"
      Assets:Members:Ada:Hours    -1 HOUR
      Assets:Members:Bob:Hours     1 HOUR
    2026-02-01 * "at once" ^lessons
      time: "08:00:00"
      Assets:Members:Ada:Hours    -1 HOUR
      Assets:Members:Bob:Hours     1 HOUR
    """
    assert books.amounts("private_consumption_of_basic_service") == [1]


@ledger(prelude=PARTIES + SERVICE)
def test_hours_of_services_are_positive(books: Loaded) -> None:
    """
    2026-02-01 * "nothing" ^haircut ; ! service-hours-must-be-positive
      Assets:Members:Bob:Hours     0 HOUR
      Assets:Members:Ada:Hours     0 HOUR
    2026-02-01 * "nothing" ^haircut ; ! service-hours-must-be-positive
      Assets:Companies:Mill:R      0 HOUR
      Assets:Members:Ada:Hours     0 HOUR
    """
    assert books.amounts("taxes") == []


@ledger(prelude=PARTIES + SERVICE)
def test_the_provider_is_credited_and_nobody_else(books: Loaded) -> None:
    """
    2026-02-01 * "wrong provider" ^haircut ; ! account-is-not-providers
      Assets:Members:Bob:Hours    -1 HOUR
      Assets:Members:Cyd:Hours     1 HOUR
    """
    assert "Assets:Members:Ada:Hours" in books.message("account-is-not-providers")


@ledger()
def test_the_planner_is_credited_and_nobody_else(books: Loaded) -> None:
    """
    2026-02-01 * "wrong company" ^bread ; ! account-is-not-planners
      quantity: 1
      Assets:Members:Ada:Hours         -1.50 HOUR
      Liabilities:Companies:Mill:PRD    1.50 HOUR
    """
    assert "Liabilities:Companies:Bakery:PRD" in books.message("account-is-not-planners")


@ledger()
def test_consumption_names_one_thing_that_resolves(books: Loaded) -> None:
    """
    2026-01-15 custom "basic-service" "lessons" "Bob"
    2026-02-01 * "no link" ; ! missing-link
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "no link" ; ! missing-link
      Assets:Members:Ada:Hours           -1 HOUR
      Assets:Members:Bob:Hours            1 HOUR
    2026-02-01 * "nearly" ^braed ; ! plan-not-found
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "nearly" ^lesson ; ! basic-service-not-found
      Assets:Members:Ada:Hours           -1 HOUR
      Assets:Members:Bob:Hours            1 HOUR
    2026-02-01 * "two" ^bread ^flour ; ! ambiguous-link
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "a plan and a service" ^bread ^lessons ; ! ambiguous-link
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "a service on a plan's accounts" ^lessons ; ! plan-not-found
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "a plan on a service's accounts" ^bread ; ! basic-service-not-found
      Assets:Members:Ada:Hours           -1 HOUR
      Assets:Members:Bob:Hours            1 HOUR
    2026-02-01 * "other links are free" ^bread ^invoice-17 ^zzz
      quantity: 1
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    """
    assert books.amounts("private_consumption") == [D("1.50")]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("0", "quantity-must-be-positive"),
        ("-3", "quantity-must-be-positive"),
        ("1.5", "quantity-must-be-positive"),
        ("0.5 * 1.5", "quantity-must-be-positive"),
        ('"3"', "malformed-metadata"),
        ("3 HOUR", "malformed-metadata"),
        ("TRUE", "malformed-metadata"),
        ("2026-01-01", "malformed-metadata"),
        ("", "missing-quantity"),
    ],
)
def test_a_quantity_is_a_positive_integer(quantity: str, code: str) -> None:
    text = consumption("bread", ADA, "Bakery", "1.50", quantity).replace("^bread\n", f"^bread ; ! {code}\n")
    check(text)


def test_a_quantity_may_be_written_with_zeros_after_the_point_or_as_a_sum() -> None:
    text = consumption("bread", ADA, "Bakery", 3, "2.0")
    text += consumption("bread", ADA, "Bakery", 3, "1 + 1").replace("consumption", "a sum")
    assert check(text).books.machine.state.plans["bread"].consumed == 4


def test_consumption_without_a_quantity_is_refused_on_every_account() -> None:
    for account in (ADA, "Assets:Companies:Mill:P", "Assets:Companies:Mill:R"):
        legs = f"  {account}  -1.50 HOUR\n  Liabilities:Companies:Bakery:PRD\n"
        check(f'2026-02-01 * "x" ^bread ; ! missing-quantity\n{legs}')


@ledger()
def test_consumption_has_exactly_one_debit_and_one_credit(books: Loaded) -> None:
    """
    2026-02-01 * "two consumers" ^bread ; ! ambiguous-legs
      quantity: 2
      Assets:Members:Ada:Hours           -1.50 HOUR
      Assets:Members:Bob:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    3.00 HOUR
    2026-02-01 * "two producers" ^bread ; ! ambiguous-legs
      quantity: 2
      Assets:Members:Ada:Hours           -3.00 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
      Liabilities:Companies:Mill:PRD      1.50 HOUR
    2026-02-01 * "one consumer in two legs" ^bread ; ! ambiguous-legs
      quantity: 2
      Assets:Members:Ada:Hours           -1.50 HOUR
      Assets:Members:Ada:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    3.00 HOUR
    """
    assert books.amounts("private_consumption") == []


@ledger()
def test_unknown_consumers_and_those_that_left_consume_nothing(books: Loaded) -> None:
    """
    2026-02-01 * "nobody" ^bread ; ! consumer-does-not-exist
      quantity: 1
      Assets:Members:Zoe:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-01 * "nobody" ^bread ; ! consumer-does-not-exist
      quantity: 1
      Assets:Companies:Zoo:R             -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-02 custom "member-end" "Bob"
    2026-02-02 * "Bob left this morning" ^bread ; ! member-has-ended
      quantity: 1
      Assets:Members:Bob:Hours           -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    2026-02-02 custom "company-end" "Mill"
    2026-02-02 * "the mill ended this morning" ^bread ; ! company-has-ended
      quantity: 1
      Assets:Companies:Mill:R            -1.50 HOUR
      Liabilities:Companies:Bakery:PRD    1.50 HOUR
    """
    assert books.transfers("private_consumption", "productive_consumption_r") == []
