"""Loans of the banks to companies and members, early repayment, and funding from outside."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from conductor_bean.domain.loans import ANNUITY, EQUAL
from conductor_bean.simulation.treasury import BANK, UNION
from conductor_bean.simulation.world import APPROVERS, Company, World

_MEMBER_LOANS, _COMPANY_LOANS = 0.015, 0.06
"""Loans a month, for each member and each company."""

_ROUND = 1_000
"""Loans are rounded down to this, and not less: 10.00."""

_PURPOSES = ("a bicycle", "a new roof", "furniture", "a long journey", "tools of her own", "a piano")
_LENDERS = ("Coast Bank", "Northern Savings")
_SHARE = 5
"""No loan takes more than one part in so many of what a bank has left."""


def found(world: World) -> None:
    """Arrange the first credit of every company of workers for the day after the founding."""
    world.later(1, partial(_start_companies, world))


def _start_companies(world: World) -> None:
    """Lend a month's wages to every company of workers, from what the public bank has."""
    left = world.units(world.account("bank", BANK))
    for company in world.of_trade(regional=False):
        principal = world.scenario.income * max(1, len(company.workers)) // _ROUND * _ROUND
        if _ROUND <= principal <= left:
            left -= principal
            _lend(world, BANK, company.id, principal, ("a good start", world.random.choice((12, 24, 36))))


def morning(world: World) -> None:
    """Lend to some members and companies, as far as the banks have funds."""
    if world.day_number < 3:
        return
    for _ in range(world.monthly(_MEMBER_LOANS * len(world.members))):
        wanted = world.part(world.scenario.income, 0.8, 2.5)
        _consider(world, world.choice(world.members), wanted, world.choice(_PURPOSES))
    for _ in range(world.monthly(_COMPANY_LOANS * len(world.companies))):
        company = world.choice(world.companies)
        wanted = world.part(world.scenario.income * max(1, len(company.workers)), 0.5, 1.5)
        _consider(world, company.id, wanted, f"a {company.trade.equipment}")
    if world.day.day == 5 and world.happens(30):
        _ask_outside(world, world.choice(world.companies))


def _consider(world: World, borrower: str, wanted: int, purpose: str) -> None:
    """Lend what was wanted, or less where the bank has little; nobody has two loans."""
    if any(loan.borrower == borrower and loan.outstanding for loan in world.state.credits.loans.values()):
        return
    bank = world.choice((BANK, UNION))
    principal = min(wanted, world.units(world.account("bank", bank)) // _SHARE) // _ROUND * _ROUND
    if principal:
        _lend(world, bank, borrower, principal, (purpose, world.random.choice((6, 9, 12, 18))))


def _lend(world: World, bank: str, borrower: str, principal: int, terms: tuple[str, int]) -> None:
    purpose, months = terms
    loan = world.next_id("loan")
    rate = Decimal(world.random.randrange(0, 9)) / 200
    world.recorder.declare(
        "loan",
        loan,
        bank,
        borrower,
        by=APPROVERS[0],
        principal=principal,
        yearly_rate=rate,
        months=months,
        repayment=EQUAL if world.happens(30) else ANNUITY,
        purpose=purpose,
    )
    if world.happens(12):
        world.later(world.random.randrange(40, 120), partial(_repay_early, world, loan), noon=True)


def _repay_early(world: World, name: str) -> None:
    """Pay back a third of what a borrower has, if the loan is not paid back already."""
    loan = world.state.credits.loans.get(name)
    if loan is None or not loan.outstanding:
        return
    wallet = (world.wallet if loan.borrower_type == "member" else world.pool)(loan.borrower)
    units = min(loan.outstanding, world.units(wallet) // 3)
    if units:
        legs = [(wallet, world.account("bank", loan.bank), units)]
        words = (world.name(loan.borrower), f"Early repayment of {name}")
        world.recorder.move("loan_repayment", legs, words, link=name)


def _ask_outside(world: World, company: Company) -> None:
    """Agree on a credit with a bank outside; it comes in two parts, and is paid back a quarter of a year later."""
    credit = world.next_id("credit")
    part = max(_ROUND, world.scenario.income // 2 // _ROUND * _ROUND)
    lender = world.choice(_LENDERS)
    world.recorder.declare("outside-loan", credit, company.id, lender=lender, principal=part * 2,
                           purpose=f"a {company.trade.equipment}")  # fmt: skip
    outside, pool = world.account("outside"), world.pool(company.id)

    def draw() -> None:
        world.recorder.move("outside_loan", [(outside, pool, part)], (lender, f"Part of {credit}"), link=credit)

    def pay_back() -> None:
        units = min(part * 2, world.units(pool))
        if units:
            words = (world.name(company.id), f"Back to {lender}")
            world.recorder.move("outside_repayment", [(pool, outside, units)], words, link=credit)

    world.later(2, draw, noon=True)
    world.later(33, draw, noon=True)
    world.later(90, pay_back, noon=True)
