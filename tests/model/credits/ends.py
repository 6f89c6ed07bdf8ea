"""What becomes of the credits, leases and debts of those who end."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from tests.model.credits import assets, unpaid
from tests.model.credits.movements import release
from tests.model.credits.past import outstanding, owed_outside, principal_of
from tests.model.events import Fact, account
from tests.model.state import RefusedError, State, Transfer

# In order of precedence: banks by id, then lenders by name, then the treasury.
Creditor: TypeAlias = tuple[int, str]
TREASURY: Creditor = (2, "")


def member_may_leave(state: State, member: str) -> None:
    """With an empty wallet, and neither a loan nor a lease."""
    reasons = []
    if state.balances[account("member_wallet", member)] != 0:
        reasons.append("member-has-credits")
    if any(loan.borrower == member and outstanding(state, loan.id) for loan in state.credits.loans.values()):
        reasons.append("member-has-loan")
    if any(stay.who == member and stay.ended is None for stay in state.credits.leases):
        reasons.append("member-has-lease")
    if reasons:
        raise RefusedError("|".join(reasons))


def company_may_end(state: State, company: str) -> None:
    if principal_of(state, company):
        raise RefusedError("company-has-loan")
    if unpaid.owed_by(state, company) > max(Decimal(0), state.balances[account("company_wallet", company)]):
        raise RefusedError("company-owes-wages")


def leave(state: State, name: str, fact: Fact) -> None:
    """Offers, leases, enrolments and places on lists end; nothing is in arrears any more."""
    credits_ = state.credits
    for offer in credits_.offers.values():
        if offer.company == name and offer.ended is None:
            offer.ended = fact.instant
    for stay in credits_.leases + credits_.enrolments:
        if stay.ended is None and name in (stay.who, stay.thing):
            stay.ended = fact.instant
    for line in [*credits_.waiting.values(), *credits_.requests.values()]:
        if name in line:
            line.remove(name)
    credits_.requests.pop(name, None)
    unpaid.leave(state, name)
    wallets = (account("member_wallet", name), account("company_wallet", name))
    credits_.arrears = [due for due in credits_.arrears if due.payer not in wallets and due.payee not in wallets]


def liquidate(state: State, company: str, at: datetime) -> list[Transfer]:
    """What is in the wallet goes to the creditors, in full or by their shares; the rest to the treasury."""
    wallet = account("company_wallet", company)
    money = state.balances[wallet]
    owed = claims_on(state, company)
    for creditor, share in assets.hand_over(state, company, at).items():
        owed[creditor] -= share
    wages = unpaid.pay_late(state, company, money, at)
    money -= unpaid.paid_from(wages, wallet)
    claims = {creditor: claim for creditor, claim in owed.items() if claim > 0}
    total = sum(claims.values(), Decimal(0))
    paid: dict[Creditor, Decimal] = defaultdict(Decimal)
    if money >= total:
        paid |= claims
        paid[TREASURY] += money - total
    else:
        assert state.region.credits is not None
        step = state.region.credits
        exact = {creditor: Fraction(money) * Fraction(claim) / Fraction(total) for creditor, claim in claims.items()}
        paid |= {creditor: Decimal(share // Fraction(step)) * step for creditor, share in exact.items()}
        steps = int((money - sum(paid.values(), Decimal(0))) / step)
        by_remainder = sorted(exact, key=lambda creditor: (Fraction(paid[creditor]) - exact[creditor], creditor))
        for creditor in by_remainder[:steps]:
            paid[creditor] += step
    received: dict[str, Decimal] = defaultdict(Decimal)
    for (rank, name), amount in paid.items():
        received[(account("bank", name), account("outside"), account("treasury"))[rank]] += amount
    transfers = [
        Transfer("liquidation", wallet, creditor, amount, derived=True)
        for creditor, amount in received.items()
        if amount
    ]
    loans = [loan for loan in state.credits.loans.values() if loan.borrower == company]
    return (
        wages + transfers + [release(state, loan.id, left) for loan in loans if (left := outstanding(state, loan.id))]
    )


def claims_on(state: State, company: str) -> dict[Creditor, Decimal]:
    """Principal and interest to each bank, principal to each lender outside, rent and taxes to the treasury."""
    claims: dict[Creditor, Decimal] = defaultdict(Decimal)
    banks = {account("bank", bank): bank for bank in state.credits.banks}
    for loan in state.credits.loans.values():
        if loan.borrower == company:
            claims[0, loan.bank] += outstanding(state, loan.id)
    for outside in state.credits.outside_loans.values():
        if outside.company == company:
            claims[1, outside.lender] += owed_outside(state, outside.id)
    for due in state.credits.arrears:
        if due.payer != account("company_wallet", company) or due.type == "loan_repayment":
            continue
        claims[(0, banks[due.payee]) if due.payee in banks else TREASURY] += due.amount
    return claims
