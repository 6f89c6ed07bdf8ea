"""Nobody else keeps books of regional credits yet: small regions, computed by hand, judge this part of the model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from tests.model.credits.past import balance_on, days_of, month_of, outstanding
from tests.model.events import Decision, Event, Fact, Leg, Region, Transaction, Value, account
from tests.model.naive import History, play

RATES = {
    "income_tax": "0.1",
    "sales_tax_external": "0.01",
    "profit_at_rest_tax": "0.02",
    "dividend": "0.5",
    "housing_markup": "0.1",
    "non_member_markup": "0.2",
    "tuition_share": "0.25",
    "approvals": "1",
    "schooling_pause_years": "5",
}
ADA, BOB = account("member_wallet", "Ada"), account("member_wallet", "Bob")
BAKERY, SCHOOL = account("company_wallet", "Bakery"), account("company_wallet", "School")
BANK, TREASURY, OUTSIDE = account("bank", "Bank"), account("treasury"), account("outside")


def region(**rates: str) -> Region:
    numbers = {key: Decimal(rates.get(key, value)) for key, value in RATES.items()}
    pay = {"baker": (Decimal(10), Decimal(20))}
    decision = Decision(date(2026, 1, 1), numbers=numbers, occupations=pay)
    return Region(decisions=(decision,), credits=Decimal("0.01"), labour=False)


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time())


def fact(day: str, kind: str, /, *ids: str, **says: Value) -> Fact:
    return Fact(at(day), kind, ids, "carla", says={key.replace("_", "-"): value for key, value in says.items()})


def pay(
    day: str, debit: str, credit: str, amount: str, transfer: str | None = None, *links: str, key: str | None = None
) -> Transaction:
    legs = (Leg(debit, -Decimal(amount)), Leg(credit, Decimal(amount)))
    return Transaction(at(day), legs, links, id=key, transfer=transfer, by="carla", input="salt")


def wage(day: str, company: str, amount: str, hours: str) -> Transaction:
    return Transaction(at(day), (Leg(company, -Decimal(amount)), Leg(ADA, Decimal(amount), Decimal(hours))))


def closes(first: str, months: int) -> list[Event]:
    events: list[Event] = []
    month = first
    for _ in range(months):
        last = days_of(month)[-1]
        events.append(fact(last.isoformat(), "month-close", month))
        month = month_of(date.fromordinal(last.toordinal() + 1))
    return events


START: list[Event] = [
    fact("2026-01-01", "accountant", "carla"),
    fact("2026-01-01", "member", "Ada"),
    fact("2026-01-01", "member", "Bob"),
    fact("2026-01-01", "company", "Bakery"),
    fact("2026-01-01", "company", "School", ownership="regional"),
    fact("2026-01-01", "employment", "School", "Ada", occupation="baker", productivity=Decimal("0.5")),
    fact("2026-01-01", "bank", "Bank", ownership="regional"),
    pay("2026-01-01", account("issuance"), BANK, "5000"),
]


# What Ada gets from a friend in the hills.
GIVEN: list[Event] = [
    fact("2026-01-01", "region", "Hills"),
    pay("2026-01-02", account("clearing", "Hills"), ADA, "1000", "interregional_gift"),
]


def played(*events: Event, rules: Region | None = None) -> History:
    history = play([*START, *events], rules or region())
    assert history.refusals == {}
    assert sum(history.state.balances.values()) == 0
    for name, balance in history.state.balances.items():
        assert balance == balance_on(history.state, name, date.max)
    return history


def moved(history: History, kind: str) -> list[Decimal]:
    return [transfer.amount for _, transfer in history.state.moved if transfer.type == kind]


def sale(day: str, company: str, amount: str) -> Transaction:
    return pay(day, OUTSIDE, company, amount, "external_sale")


def test_an_annuity_is_the_same_each_month_and_ends_at_zero() -> None:
    terms: dict[str, Value] = {"principal": Decimal(1200), "yearly_rate": Decimal("0.12"), "months": 12}
    loan = fact("2026-01-15", "loan", "l", "Bank", "Ada", **terms)
    history = played(*GIVEN, loan, *closes("2026-01", 13))
    interest, principal = moved(history, "loan_interest"), moved(history, "loan_repayment")
    # 1200 x 0.01 / (1 - 1.01^-12) = 106.6185...
    assert {a + b for a, b in zip(interest[:-1], principal[:-1], strict=True)} == {Decimal("106.62")}
    assert interest[:2] == [Decimal("12.00"), Decimal("11.05")]  # 1 % of 1200, then of 1105.38
    assert len(principal) == 12
    assert sum(principal) == 1200
    assert principal == moved(history, "loan_release")
    assert moved(history, "bank_surplus") == interest
    assert outstanding(history.state, "l") == 0


def test_an_equal_repayment_is_a_part_of_the_principal_and_the_last_one_is_the_rest() -> None:
    terms: dict[str, Value] = {"principal": Decimal(100), "yearly_rate": Decimal(0), "months": 3, "repayment": "equal"}
    history = played(fact("2026-01-31", "loan", "l", "Bank", "Ada", **terms), *closes("2026-01", 5))
    assert moved(history, "loan_repayment") == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert moved(history, "loan_interest") == []


def test_what_a_wallet_lacks_is_paid_first_at_the_next_close() -> None:
    loan = fact("2026-01-31", "loan", "l", "Bank", "Ada", principal=Decimal(100), yearly_rate=Decimal(0), months=2)
    spent = pay("2026-02-01", ADA, OUTSIDE, "80", "external_purchase")
    gift = pay("2026-03-01", account("clearing", "Hills"), ADA, "100", "interregional_gift")
    hills = fact("2026-01-01", "region", "Hills")
    history = played(hills, loan, spent, *closes("2026-02", 1), gift, *closes("2026-03", 1))
    # 50 are due in February, 20 are there; in March the 30 come first, then the 50.
    assert moved(history, "loan_repayment") == [20, 30, 50]


def test_principal_in_arrears_is_not_paid_twice() -> None:
    loan = fact("2026-01-31", "loan", "l", "Bank", "Ada", principal=Decimal(100), yearly_rate=Decimal(0), months=1)
    spent = pay("2026-02-01", ADA, OUTSIDE, "100", "external_purchase")
    hills = fact("2026-01-01", "region", "Hills")
    gift = pay("2026-03-01", account("clearing", "Hills"), ADA, "300", "interregional_gift")
    early = pay("2026-03-02", ADA, BANK, "100", None, "l")
    history = played(hills, loan, spent, *closes("2026-02", 1), gift, early, *closes("2026-03", 2))
    assert moved(history, "loan_repayment") == [100]


def test_rent_is_paid_by_days_with_the_markup_of_housing_and_of_outsiders() -> None:
    costs = {"property_tax": Decimal(100), "maintenance": Decimal(120), "administration": Decimal(80)}
    flat: dict[str, Value] = {"kind": "housing", **costs}
    oven: dict[str, Value] = {"kind": "equipment", **costs}
    history = played(
        fact("2026-01-01", "property", "flat", **flat),
        fact("2026-01-01", "property", "oven", **oven),
        sale("2026-01-02", BAKERY, "1000"),
        fact("2026-01-11", "lease", "flat", "Ada"),
        *GIVEN,
        fact("2026-01-01", "lease", "oven", "Bakery"),
        fact("2026-01-21", "lease-end", "oven"),
        fact("2026-01-22", "lease", "oven", "outside", name="A traveller"),
        *closes("2026-01", 1),
        rules=region(profit_at_rest_tax="0", sales_tax_external="0"),
    )
    # 300 x 1.1 x 21/31; 300 x 20/31 at cost; 300 x 1.2 x 10/31, of which 300 x 10/31 are cost.
    assert sorted(moved(history, "rent")) == [Decimal("193.55"), Decimal("223.55")]
    assert moved(history, "outsider_rent") == [Decimal("116.13")]
    # (116.13 - 96.77) x 0.5 / 2 members.
    assert moved(history, "dividend") == [Decimal("4.84"), Decimal("4.84")]


def test_a_cost_that_changes_counts_from_its_day_on() -> None:
    history = played(
        fact("2026-01-01", "property", "oven", kind="equipment", maintenance=Decimal(310)),
        fact("2026-01-21", "property", "oven", kind="equipment", maintenance=Decimal(620)),
        sale("2026-01-02", BAKERY, "1000"),
        fact("2026-01-01", "lease", "oven", "Bakery"),
        *closes("2026-01", 1),
    )
    assert moved(history, "rent") == [20 * 10 + 11 * 20]


def test_profit_at_rest_is_the_mean_over_the_days_less_what_is_owed() -> None:
    history = played(
        sale("2026-01-22", BAKERY, "1240"),
        fact("2026-01-22", "outside-loan", "o", "Bakery", lender="Elsewhere", principal=Decimal(500)),
        pay("2026-01-27", OUTSIDE, BAKERY, "310", "outside_loan", "o"),
        *closes("2026-01", 1),
        rules=region(sales_tax_external="0.01"),
    )
    # 10 days of 31 with 1240 that nobody lent: 1240 x 10/31 x 0.02; tax on the sale: 12.40.
    assert moved(history, "profit_tax") == [Decimal("8.00")]
    assert moved(history, "sales_tax") == [Decimal("12.40")]
    # (8 + 12.40) x 0.5 / 2
    assert moved(history, "dividend") == [Decimal("5.10"), Decimal("5.10")]


def test_wages_are_taxed_and_students_pay_their_share_of_what_a_school_costs() -> None:
    history = played(
        sale("2026-01-02", SCHOOL, "1000"),
        wage("2026-01-05", SCHOOL, "300", "20"),
        pay("2026-01-06", SCHOOL, OUTSIDE, "100", "external_purchase"),
        fact("2026-01-12", "enrolment", "School", "Ada"),
        fact("2026-01-22", "enrolment", "School", "Bob"),
        fact("2026-01-01", "region", "Hills"),
        pay("2026-01-02", account("clearing", "Hills"), BOB, "20", "interregional_gift"),
        *closes("2026-01", 1),
        rules=region(dividend="0"),
    )
    # 20 hours x (10 + 0.5 x 10); a tenth of it is tax.
    assert moved(history, "wage") == [300]
    assert moved(history, "income_tax") == [30]
    # 400 x 0.25 by 20 and 10 days; Bob has only 20.
    assert moved(history, "tuition") == [Decimal("66.67"), 20]


def test_a_bankrupt_company_pays_its_creditors_by_their_shares() -> None:
    history = played(
        fact("2026-01-02", "loan", "l", "Bank", "Bakery", principal=Decimal(200), yearly_rate=Decimal(0), months=9),
        fact("2026-01-02", "outside-loan", "o", "Bakery", lender="Elsewhere", principal=Decimal(100)),
        pay("2026-01-03", OUTSIDE, BAKERY, "100", "outside_loan", "o"),
        pay("2026-01-04", BAKERY, OUTSIDE, "200", "external_purchase"),
        fact("2026-01-05", "bankruptcy", "Bakery"),
    )
    # 100 for 200 and 100: 66.66 and 33.33, and the cent that is left to the larger remainder.
    assert sorted(moved(history, "liquidation")) == [Decimal("33.33"), Decimal("66.67")]
    assert moved(history, "loan_release") == [200]
    assert history.state.balances[BAKERY] == 0


def test_a_reversed_sale_is_taken_back_in_the_month_of_its_reversal_at_the_rate_of_the_sale() -> None:
    history = played(
        pay("2026-01-02", OUTSIDE, BAKERY, "1000", "external_sale", key="s"),
        *closes("2026-01", 1),
        sale("2026-02-02", BAKERY, "1500"),
        fact("2026-02-03", "reversal", "s"),
        *closes("2026-02", 1),
        rules=region(profit_at_rest_tax="0", dividend="0"),
    )
    assert moved(history, "sales_tax") == [Decimal("10.00"), Decimal("5.00")]


def test_upkeep_is_paid_for_what_a_company_offers_and_taken_back_in_parts() -> None:
    treasure = pay("2026-01-01", account("issuance"), TREASURY, "500")
    flat = fact("2026-01-01", "property", "flat", kind="housing", maintenance=Decimal(100))
    offer = fact("2026-01-01", "offer", "mending", "Bakery", kind="service", price=Decimal("33.33"))
    legs = (Leg(TREASURY, Decimal(-100)), Leg(BAKERY, Decimal(100)))
    spent = replace(pay("2026-01-02", TREASURY, BAKERY, "99.99", "upkeep", "flat", "mending", key="u"), quantity=3)
    history = played(
        treasure, flat, offer, spent,
        fact("2026-01-03", "reversal", "u", quantity=Decimal(1)),
        pay("2026-01-04", TREASURY, OUTSIDE, "40", "upkeep", "flat"),
        rules=region(sales_tax_external="0"),
    )  # fmt: skip
    assert moved(history, "upkeep") == [Decimal("99.99"), Decimal("33.33"), 40]
    assert history.state.balances[BAKERY] == Decimal("66.66")
    wrong = replace(spent, legs=legs)
    assert [r.code for r in play([*START, treasure, flat, offer, wrong], region()).refusals.values()] == [
        "wrong-amount"
    ]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (wage("2026-01-05", SCHOOL, "375", "25"), "more-than-24-hours-a-day"),
        (wage("2026-01-05", SCHOOL, "301", "20"), "wrong-amount"),
        (pay("2026-01-05", SCHOOL, ADA, "10"), "missing-hours"),
        (pay("2026-01-05", SCHOOL, BAKERY, "10"), "forbidden-transfer"),
        (pay("2026-01-05", SCHOOL, OUTSIDE, "10"), "ambiguous-transfer"),
        (pay("2026-01-05", SCHOOL, OUTSIDE, "1001", "external_purchase"), "insufficient-balance"),
        (fact("2026-01-05", "enrolment-request", "Bakery", "Ada"), "company-is-not-regional"),
        (fact("2026-01-05", "loan", "l", "Bank", "Ada", principal=Decimal(5001)), "insufficient-balance"),
    ],
)
def test_the_model_refuses_what_breaks_a_rule(wrong: Event, code: str) -> None:
    history = play([*START, sale("2026-01-02", SCHOOL, "1000"), wrong], region())
    assert [refusal.code for refusal in history.refusals.values()] == [code]
