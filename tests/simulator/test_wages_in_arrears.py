"""A company that does not reach for its wages, computed by hand: engine and model pay, cancel and leave them alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.model.events import Decision, Event, Leg, Region, Transaction, account
from tests.model.naive import History, play
from tests.model.test_credits import OUTSIDE, at, closes, fact, pay
from tests.simulator.generator import Story
from tests.simulator.play import played

POOL, TREASURY = account("company_wallet", "Bakery"), account("treasury")
WALLETS = {name: account("member_wallet", name) for name in ("Ada", "Bob", "Cyd")}
RULES = {"income_tax": Decimal("0.1"), "wage_arrears": Decimal(1), "approvals": Decimal(1)}
REGION = Region(
    decisions=(Decision(date(2026, 1, 1), 180, Decimal(0), RULES, {"baker": (Decimal(15), Decimal(15))}),),
    credits=Decimal("0.01"),
)


def worked(day: str, name: str, **hours: int) -> Transaction:
    """Hours at 15 credits each."""
    legs = [Leg(account("a", "Bakery"), -Decimal(sum(hours.values())))]
    legs += [Leg(account("member", member), Decimal(number)) for member, number in hours.items()]
    return Transaction(at(day), tuple(legs), id=name)


def sold(day: str, amount: str) -> Transaction:
    return pay(day, OUTSIDE, POOL, amount, "external_sale")


# January: 300.00 are due, the pool holds 100.00. February: 120.00 more; it earns 30.00 after that.
TWO_MONTHS: list[Event] = [
    fact("2026-01-01", "accountant", "carla"),
    fact("2026-01-01", "company", "Bakery"),
    *(fact("2026-01-01", "member", name) for name in WALLETS),
    *(
        fact("2026-01-01", "employment", "Bakery", name, occupation="baker", productivity=Decimal("0.5"))
        for name in WALLETS
    ),
    sold("2026-01-02", "100"),
    worked("2026-01-10", "january", Ada=10, Bob=10),
    *closes("2026-01", 1),
    worked("2026-02-05", "february", Cyd=8),
    sold("2026-02-11", "30"),
    *closes("2026-02", 1),
]
# Cyd's hours were a mistake; Bob gives what he has to Ada, and leaves.
MARCH: list[Event] = [
    fact("2026-03-02", "reversal", "february"),
    pay("2026-03-03", WALLETS["Bob"], WALLETS["Ada"], "53.43"),
    fact("2026-03-04", "member-end", "Bob"),
    *closes("2026-03", 1),
]
END: list[Event] = [fact("2026-04-03", "company-end", "Bakery")]


def told(events: list[Event], folder: Path) -> History:
    assert played(Story(1, REGION, events), folder / "region") == []
    return play(events, REGION)


def paid(history: History, month: int) -> list[tuple[str, Decimal]]:
    """What wages moved in a month from or to whom, in the order of the model."""
    return [
        (transfer.credit if transfer.mirrors is None else transfer.debit, transfer.sign * transfer.amount)
        for when, transfer in history.state.moved
        if transfer.type == "wage" and when.month == month and transfer.amount
    ]


def test_wages_are_paid_pro_rata_then_late_then_to_the_treasury_and_at_the_end(tmp_path: Path) -> None:
    history = told([*TWO_MONTHS, *MARCH, sold("2026-04-02", "200"), *END], tmp_path)
    assert history.refusals == {}
    ada, bob, cyd = WALLETS.values()
    assert paid(history, 1) == [(ada, Decimal(50)), (bob, Decimal(50))]  # 100.00 of 150.00 and 150.00
    # 30.00 of 100.00, 100.00 and 120.00: 9.375, 9.375, 11.25; of equal remainders the first comes first.
    assert paid(history, 2) == [(ada, Decimal("9.38")), (bob, Decimal("9.37")), (cyd, Decimal("11.25"))]
    # What Cyd was paid comes back, the 108.75 that were owed to her are cancelled. Then 11.25 are in the pool, for
    # 90.62 to Ada and 90.63 that were Bob's: 5.6247 and 5.6253.
    assert paid(history, 3) == [(cyd, Decimal("-11.25")), (ada, Decimal("5.62")), (TREASURY, Decimal("5.63"))]
    assert paid(history, 4) == [(ada, Decimal(85)), (TREASURY, Decimal(85))]  # the rest of both, 200.00 reach
    taxes = [t.sign * t.amount for _, t in history.state.moved if t.type == "income_tax" and t.amount]
    assert taxes == [Decimal(tax) for tax in ("5", "5", "0.94", "0.94", "1.12", "-1.12", "0.56", "8.50")]
    assert history.state.balances[POOL] == 0
    assert history.state.credits.owed == {}


def test_a_company_that_owes_wages_does_not_simply_end(tmp_path: Path) -> None:
    history = told([*TWO_MONTHS, *MARCH, sold("2026-04-02", "169.99"), *END], tmp_path)
    assert {refusal.code for refusal in history.refusals.values()} == {"company-owes-wages"}


@pytest.mark.parametrize("earned", ["0.01", "100", "500"])
def test_a_bankruptcy_pays_wages_first_and_forgives_the_rest(earned: str, tmp_path: Path) -> None:
    broke = fact("2026-04-03", "bankruptcy", "Bakery")
    history = told([*TWO_MONTHS, *MARCH, sold("2026-04-02", earned), broke], tmp_path)
    assert sum(amount for _, amount in paid(history, 4)) == min(Decimal(earned), Decimal(170))
    assert history.state.credits.owed == {}


def test_of_an_instant_all_income_comes_before_wages_and_the_first_hours_come_first(tmp_path: Path) -> None:
    together = [worked("2026-03-02", "a", Ada=4), worked("2026-03-02", "b", Cyd=4), sold("2026-03-02", "70")]
    history = told([*TWO_MONTHS, *together], tmp_path)
    assert paid(history, 3) == [(WALLETS["Ada"], Decimal(60)), (WALLETS["Cyd"], Decimal(10))]
