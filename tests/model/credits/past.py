"""What follows from everything that ever moved, read from its beginning each time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from tests.model.events import account
from tests.model.state import State, Transfer

SALES = {"purchase": "internal", "external_sale": "external", "interregional_sale": "external"}
BUYING = ("purchase", "external_purchase", "interregional_purchase")


def days_of(month: str) -> list[date]:
    """The days of a month like `2026-01`."""
    year, number = int(month[:4]), int(month[5:])
    return [date(year, number, day + 1) for day in range(monthrange(year, number)[1])]


def month_of(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def months_between(first: str, second: str) -> int:
    return 12 * (int(second[:4]) - int(first[:4])) + int(second[5:]) - int(first[5:])


def of_month(state: State, month: str, *types: str) -> Iterator[tuple[datetime, Transfer]]:
    """What moved in a month of some types, with what was taken back in it."""
    return ((at, t) for at, t in state.moved if t.type in types and month_of(at.date()) == month)


def about(state: State, thing: str, *types: str, until: date = date.max) -> Decimal:
    """The sum of what moved about a thing until the end of a day."""
    moved = (t for at, t in state.moved if t.thing == thing and t.type in types and at.date() <= until)
    return sum((t.sign * t.amount for t in moved), Decimal(0))


def outstanding(state: State, loan: str, until: date = date.max) -> Decimal:
    """What is still owed of a loan of a bank of the region."""
    return about(state, loan, "loan_claim", until=until) - about(state, loan, "loan_release", until=until)


def owed_outside(state: State, loan: str, until: date = date.max) -> Decimal:
    """What is still owed of a loan from elsewhere."""
    drawn = about(state, loan, "outside_loan", until=until)
    return max(Decimal(0), drawn - about(state, loan, "outside_repayment", until=until))


def principal_of(state: State, company: str, until: date = date.max) -> Decimal:
    """All that a company owes to lenders anywhere."""
    owed = [outstanding(state, loan.id, until) for loan in state.credits.loans.values() if loan.borrower == company]
    outside = state.credits.outside_loans.values()
    owed += [owed_outside(state, loan.id, until) for loan in outside if loan.company == company]
    return sum(owed, Decimal(0))


def balance_on(state: State, name: str, day: date) -> Decimal:
    """The balance of an account at the end of a day."""
    moved = [t for at, t in state.moved if at.date() <= day]
    credited = sum((t.amount for t in moved if t.credit == name), Decimal(0))
    return credited - sum((t.amount for t in moved if t.debit == name), Decimal(0))


def spent(state: State, company: str, month: str, *types: str) -> Decimal:
    """What a company paid in a month, less what was taken back in it."""
    wallet = account("company_wallet", company)
    paid = [t for _, t in of_month(state, month, *types) if t.payer == wallet and t.thing != "in arrears"]
    later = [
        amount
        for of, owing, amount in state.credits.unpaid_costs
        if "wage" in types and (of, owing) == (month, company)
    ]
    return sum((t.sign * t.amount for t in paid), Decimal(0)) + sum(later, Decimal(0))


def taxed_sales(state: State, company: str, month: str) -> Fraction:
    """The tax on a month's sales, each at the rate that was in force when it was made."""
    wallet = account("company_wallet", company)
    tax = Fraction(0)
    for at, t in of_month(state, month, *SALES):
        if t.payee == wallet:
            rate = state.region.number(f"sales_tax_{SALES[t.type]}", t.mirrors or at)
            tax += t.sign * Fraction(t.amount) * rate
    return tax


def hours_on(state: State, member: str, day: date) -> Decimal:
    """The hours that a member worked on a date, for whomever, as far as they still stand."""
    names = (account("member", member), account("member_wallet", member))
    worked = [t for at, t in state.moved if t.payee in names and (t.mirrors or at).date() == day]
    return sum((t.sign * t.hours for t in worked), Decimal(0))


def whereabouts(state: State, thing: str) -> str:
    """Whether a property was last `bought`, last `sold`, or neither."""
    taken_back = [(t.mirrors, t.type) for _, t in state.moved if t.thing == thing and t.mirrors is not None]
    known = state.credits.properties.get(thing)
    found = "bought" if known is not None and known.inherited else ""
    for at, t in state.moved:
        if t.thing != thing or t.mirrors is not None or (at, t.type) in taken_back:
            continue
        found = {"acquisition": "bought", "property_purchase": "bought", "property_sale": "sold"}.get(t.type, found)
    return found
