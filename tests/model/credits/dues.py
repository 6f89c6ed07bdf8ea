"""What everybody has to pay at a month-close, all of it from the state before anything is paid."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.model.credits.past import (
    BUYING,
    balance_on,
    days_of,
    month_of,
    months_between,
    outstanding,
    principal_of,
    spent,
    taxed_sales,
)
from tests.model.credits.state import Due, Loan, Stay
from tests.model.events import account
from tests.model.state import Party, State

OUTSIDE = "outside"


def dues(state: State, month: str) -> list[Due]:
    """Everything that falls due in a month, but what is in arrears."""
    rent, interest = rents_of(state, month), interests_of(state, month)
    instalments = [
        due for loan in state.credits.loans.values() if (due := instalment_of(state, loan, month)) is not None
    ]
    companies = [party for party in state.parties.values() if party.kind == "company" and party.ended is None]
    lessons = [due for school in companies for due in tuition(state, school.id, month, rent + interest)]
    taxes = [due for company in companies for due in taxes_of(state, company, month)]
    return [due for due in rent + interest + instalments + lessons + taxes if due.amount > 0]


def rents_of(state: State, month: str) -> list[Due]:
    return [due for stay in state.credits.leases if (due := rent_of(state, stay, month)) is not None]


def interests_of(state: State, month: str) -> list[Due]:
    return [due for loan in state.credits.loans.values() if (due := interest_of(state, loan, month)) is not None]


def wallet_of(state: State, name: str) -> str:
    return account(f"{state.parties[name].kind}_wallet", name)


def has_left(state: State, name: str) -> bool:
    return state.parties[name].ended is not None


def shares(state: State, stay: Stay, month: str) -> tuple[Fraction, Fraction]:
    """What a lease costs in a month, and what of it is markup: by the days, at each day's costs and rates."""
    cost = markup = Fraction(0)
    found = state.credits.properties[stay.thing]
    days = days_of(month)
    for day in days:
        if stay.on(day):
            kind, costs = found.on(day)
            a_day = costs / len(days)
            rate = state.region.on_day("housing_markup", day) if kind == "housing" else Fraction(0)
            if stay.who == OUTSIDE:
                rate += state.region.on_day("non_member_markup", day)
            cost += a_day
            markup += a_day * rate
    return cost, markup


def rent_of(state: State, stay: Stay, month: str) -> Due | None:
    cost, markup = shares(state, stay, month)
    amount = state.round_credits(cost + markup)
    if stay.who == OUTSIDE:
        return Due("outsider_rent", account("outside"), stay.thing, account("treasury"), amount)
    if has_left(state, stay.who):
        return None
    return Due("rent", wallet_of(state, stay.who), stay.thing, account("treasury"), amount)


def outsider_markups(state: State, month: str) -> Decimal:
    """What outsiders pay beyond the cost."""
    found = Decimal(0)
    for stay in state.credits.leases:
        if stay.who == OUTSIDE:
            cost, markup = shares(state, stay, month)
            found += state.round_credits(cost + markup) - state.round_credits(cost)
    return found


def interest_of(state: State, loan: Loan, month: str) -> Due | None:
    """A twelfth of the yearly rate on what is still owed, from the month after the grant."""
    if months_between(month_of(loan.granted.date()), month) < 1 or has_left(state, loan.borrower):
        return None
    amount = state.round_credits(Fraction(outstanding(state, loan.id)) * Fraction(loan.yearly_rate) / 12)
    return Due("loan_interest", wallet_of(state, loan.borrower), loan.id, account("bank", loan.bank), amount)


def instalment_of(state: State, loan: Loan, month: str) -> Due | None:
    """The principal that falls due: what the annuity leaves after interest, or an equal part; at the end all of it."""
    number = months_between(month_of(loan.granted.date()), month)
    interest = interest_of(state, loan, month)
    if interest is None:
        return None
    late = [due.amount for due in state.credits.arrears if due.type == "loan_repayment" and due.thing == loan.id]
    rest = max(Decimal(0), outstanding(state, loan.id) - sum(late, Decimal(0)))
    amount = rest
    if number < loan.months:
        wanted = annuity(state, loan) - interest.amount
        if loan.repayment == "equal":
            wanted = state.round_credits(Fraction(loan.principal) / loan.months)
        amount = min(rest, max(Decimal(0), wanted))
    return Due("loan_repayment", interest.payer, loan.id, interest.payee, amount)


def annuity(state: State, loan: Loan) -> Decimal:
    """Interest and principal of a month together, the same each month."""
    rate = Fraction(loan.yearly_rate) / 12
    if rate == 0:
        return state.round_credits(Fraction(loan.principal) / loan.months)
    return state.round_credits(Fraction(loan.principal) * rate / (1 - (1 + rate) ** -loan.months))


def tuition(state: State, school: str, month: str, other_dues: list[Due]) -> list[Due]:
    """A share of what the school costs, split by the days that each student attended."""
    attended: dict[str, list[date]] = defaultdict(list)
    for stay in state.credits.enrolments:
        if stay.thing == school:
            attended[stay.who] += [day for day in days_of(month) if stay.on(day)]
    student_days = sum(len(days) for days in attended.values())
    wallet = account("company_wallet", school)
    cost = cost_with(state, school, month, other_dues)
    found = []
    for student, days in attended.items():
        share = sum((state.region.on_day("tuition_share", day) for day in days), Fraction(0))
        if not has_left(state, student):
            amount = state.round_credits(share * Fraction(cost) / student_days) if student_days else Decimal(0)
            found.append(Due("tuition", wallet_of(state, student), school, wallet, amount))
    return found


def regional(state: State) -> list[str]:
    """Companies that everybody owns."""
    return [p.id for p in state.parties.values() if p.kind == "company" and p.ownership == "regional" and not p.ended]


def cost_of_school(state: State, school: str, month: str) -> Decimal:
    """What a school costs in a month: wages, what it buys, rents, interest, less what was taken back before."""
    return cost_with(state, school, month, rents_of(state, month) + interests_of(state, month))


def cost_with(state: State, school: str, month: str, rents_and_interest: list[Due]) -> Decimal:
    wallet = account("company_wallet", school)
    cost = spent(state, school, month, "wage", *BUYING) + state.credits.costs_back.get(school, Decimal(0))
    return cost + sum((due.amount for due in rents_and_interest if due.payer == wallet), Decimal(0))


def taxes_of(state: State, company: Party, month: str) -> list[Due]:
    """On sales, and on what a workers' company lets rest."""
    wallet, treasury = account("company_wallet", company.id), account("treasury")
    tax = state.round_credits(taxed_sales(state, company.id, month))
    found = [Due("sales_tax", wallet, "", treasury, tax), Due("sales_tax_refund", treasury, "", wallet, -tax)]
    if company.ownership == "workers":
        days = [day for day in days_of(month) if company.since.date() <= day]
        exact = Fraction(0)
        for day in days:
            resting = balance_on(state, wallet, day) - principal_of(state, company.id, day)
            exact += state.region.on_day("profit_at_rest_tax", day) * max(Fraction(0), Fraction(resting)) / len(days)
        found.append(Due("profit_tax", wallet, "", treasury, state.round_credits(exact)))
    return found
