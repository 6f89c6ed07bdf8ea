"""Wages that a pool does not reach for: what is paid of them, to whom the rest is owed, and how it is paid later.

From RULES.md, part B, "Wage arrears". Where labour time is off wages are written down, and then they are what is paid:
the model knows arrears only where wages follow from hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from tests.model.credits.past import month_of
from tests.model.events import account, kind_of, owner_of
from tests.model.state import State, Transfer

LATE = "in arrears"  # what a late payment is about


def may_wait(state: State, transfers: Sequence[Transfer], at: datetime) -> bool:
    """Whether wages of hours may be paid later."""
    return transfers[0].type == "work_certificates" and bool(state.region.number("wage_arrears", at))


def paid_from(transfers: Sequence[Transfer], pool: str) -> Decimal:
    return sum((t.amount for t in transfers if t.type == "wage" and t.debit == pool), Decimal(0))


def pay_with(
    state: State, whole: Sequence[Transfer], now: list[Transfer], pool: str, reach: Decimal, at: datetime
) -> None:
    """Share what a pool reaches for among the wages of one registration; the income tax follows each."""
    wages = [n for n, t in enumerate(whole) if t.type == "wage" and t.debit == pool]
    wages.sort(key=lambda n: whole[n].credit)
    for n, share in zip(wages, shared(state, reach, [whole[n].amount for n in wages]), strict=True):
        now[n] = replace(whole[n], amount=share)
        tax = next(m for m, t in enumerate(whole) if m > n and t.type == "income_tax" and t.debit == whole[n].credit)
        now[tax] = replace(whole[tax], amount=tax_on(state, share, at))


def shared(state: State, money: Decimal, claims: Sequence[Decimal]) -> list[Decimal]:
    """As much of each claim as there is money, by largest remainder; of equal remainders the first comes first."""
    total, step = sum(claims, Decimal(0)), state.region.credits
    assert step is not None
    money = max(Decimal(0), money)
    if money >= total:
        return list(claims)
    exact = [Fraction(money) * Fraction(claim) / Fraction(total) for claim in claims]
    shares = [Decimal(one // Fraction(step)) * step for one in exact]
    left = int((money - sum(shares, Decimal(0))) / step)
    by_remainder = sorted(range(len(claims)), key=lambda n: (Fraction(shares[n]) - exact[n], n))
    for n in by_remainder[:left]:
        shares[n] += step
    return shares


def tax_on(state: State, wage: Decimal, at: datetime) -> Decimal:
    return state.round_credits(Fraction(wage) * state.region.number("income_tax", at))


def owe(state: State, whole: Sequence[Transfer], paid: Sequence[Transfer], name: str | None, at: datetime) -> None:
    """Note what an accepted registration leaves unpaid; it costs the company in the month of the hours."""
    rest = [
        (owner_of(t.debit), owner_of(t.credit), t.amount - now.amount)
        for t, now in zip(whole, paid, strict=True)
        if t.type == "wage" and now.amount < t.amount
    ]
    for company, member, amount in rest:
        change(state, company, member, amount)
        state.credits.unpaid_costs.append((month_of(at.date()), company, amount))
    if name is not None and rest:
        state.credits.unpaid[name] = rest


def change(state: State, company: str, member: str, amount: Decimal) -> None:
    owed = state.credits.owed
    owed[company, member] = owed.get((company, member), Decimal(0)) + amount
    if not owed[company, member]:
        del owed[company, member]


def owed_by(state: State, company: str) -> Decimal:
    return sum((amount for (owing, _), amount in state.credits.owed.items() if owing == company), Decimal(0))


def pay_late(state: State, company: str, money: Decimal, at: datetime) -> list[Transfer]:
    """Pay what a company owes, by shares; what was owed to those who have left goes to the treasury, untaxed."""
    members = [member for owing, member in state.credits.owed if owing == company]
    members.sort(key=lambda member: (member == "", member))
    pool = account("company_wallet", company)
    found = []
    shares = shared(state, money, [state.credits.owed[company, member] for member in members])
    for member, share in zip(members, shares, strict=True):
        if not share:
            continue
        change(state, company, member, -share)
        wallet = account("member_wallet", member) if member else account("treasury")
        found.append(Transfer("wage", pool, wallet, share, derived=True, thing=LATE))
        if member:
            tax = tax_on(state, share, at)
            found.append(Transfer("income_tax", wallet, account("treasury"), tax, derived=True, thing=LATE))
            before = state.credits.paid_late.get((company, member), (Decimal(0), Decimal(0)))
            state.credits.paid_late[company, member] = (before[0] + share, before[1] + tax)
    return found


def take_back(state: State, name: str, done: datetime, at: datetime) -> list[Transfer]:
    """A reversal of hours cancels what is still owed for them first; what was paid since comes back with its tax."""
    found = []
    for company, member, amount in state.credits.unpaid.get(name, []):
        cancelled = min(amount, state.credits.owed.get((company, member), Decimal(0)))
        change(state, company, member, -cancelled)
        state.credits.unpaid_costs.append((month_of(at.date()), company, -amount))
        back = amount - cancelled
        if back:
            paid, taxed = state.credits.paid_late[company, member]
            tax = state.round_credits(Fraction(taxed) * Fraction(back) / Fraction(paid))
            state.credits.paid_late[company, member] = (paid - back, taxed - tax)
            pool, wallet = account("company_wallet", company), account("member_wallet", member)
            found.append(Transfer("wage", wallet, pool, back, derived=True, thing=LATE, mirrors=done))
            found.append(
                Transfer("income_tax", account("treasury"), wallet, tax, derived=True, thing=LATE, mirrors=done)
            )
    return found


def leave(state: State, name: str) -> None:
    """What is owed to a member who leaves is owed to the treasury; a company that has ended owes nothing."""
    for company, member in sorted(state.credits.owed):
        amount = state.credits.owed[company, member]
        if company == name:
            change(state, company, member, -amount)
        elif member == name:
            change(state, company, member, -amount)
            change(state, company, "", amount)


def is_pool(name: str) -> bool:
    return kind_of(name) == "company_wallet"
