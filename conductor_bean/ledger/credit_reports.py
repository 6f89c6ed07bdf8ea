"""Reports of the credit economy as plain data: costs, loans, properties, lists."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.domain.costs import QUANTITY_DIGITS, cost_of_unit
from conductor_bean.domain.instants import DAY, date_of, format_instant, month_from_number, month_number, month_of
from conductor_bean.domain.properties import PROPERTY_KINDS
from conductor_bean.engine.closing_advice import trailing
from conductor_bean.engine.context import HOURS_ALONE
from conductor_bean.engine.schooling import school_order
from conductor_bean.ledger.reports import Row, commodity_of, rsc

if TYPE_CHECKING:
    from conductor_bean.domain.costs import CostSheet
    from conductor_bean.domain.loans import Loan
    from conductor_bean.engine.machine import Machine
    from conductor_bean.ledger.books import Books


def cost(books: Books, machine: Machine, company: str, instant: int) -> Row:
    """What each month of a company cost, and at what prices its offers would be at cost.

    Seed of Conductor: it tracks hours and inputs, so "it can account for exactly how much things cost to run".
    """
    kept = machine.state.credits
    party = machine.state.companies[company]
    month = month_of(instant)
    sheet = trailing(machine.context, company, month)
    prices = {name: kept.offers[name].price for name in party.offers}
    return {
        "company": company,
        "ownership": party.ownership,
        "months": [_month(books, name, sheet) for name, sheet in sorted(kept.costs.get(company, {}).items())],
        "offers": [
            {
                "offer": name,
                "product": kept.offers[name].product,
                "unit": kept.offers[name].unit,
                "price": rsc(books, prices[name]),
                "sold": _quantity(sheet.sold.get(name, 0)),
                "unit_cost": _exact(books, found := cost_of_unit(sheet, name, prices)),
                "at_cost_price": None if found is None else rsc(books, round(found)),
            }
            for name in sorted(party.offers)
            if kept.offers[name].ended is None and kept.offers[name].kind != "job"
        ],
    }


def _month(books: Books, month: str, sheet: CostSheet) -> Row:
    units = sum(sheet.sold.values())
    whole = None if units <= 0 else sheet.cost / Fraction(units, 10**QUANTITY_DIGITS)
    hours = books.region.labour_time
    digits = hours.digits if hours else HOURS_ALONE.digits
    return {
        "month": month,
        "hours": {
            name: decimal_text(Decimal(count).scaleb(-digits) if hours else _plain(count, digits))
            for name, count in sorted(sheet.hours.items())
            if count
        },
        "wages": rsc(books, sheet.wages),
        "purchases": rsc(books, sheet.purchases),
        "rents": rsc(books, sheet.rents),
        "interest": rsc(books, sheet.interest),
        "cost": rsc(books, sheet.cost),
        "sales": rsc(books, sheet.sales),
        "sold": {name: _quantity(count) for name, count in sorted(sheet.sold.items()) if count},
        "units": _quantity(units),
        "unit_cost": _exact(books, whole),
    }


def _plain(units: int, digits: int) -> Decimal:
    return significant(Fraction(units, 10**digits))


def _quantity(units: int) -> str:
    return decimal_text(_plain(units, QUANTITY_DIGITS))


def _exact(books: Books, units: Fraction | None) -> str | None:
    return None if units is None else decimal_text(commodity_of(books, CREDITS).exact(units))


def loans(books: Books, machine: Machine) -> list[Row]:
    """Every loan of banks and from outside, by instant of the grant, then id."""
    kept = machine.state.credits
    rows: list[tuple[int, str, Row]] = []
    for loan in kept.loans.values():
        owed = _late(machine, loan, "loan_interest", "loan_repayment")
        row = {
            "loan": loan.id,
            "lender": loan.bank,
            "borrower": loan.borrower,
            "outside": False,
            "principal": rsc(books, loan.principal),
            "yearly_rate": decimal_text(significant(Fraction(loan.yearly_rate))),
            "months": loan.months,
            "repayment": loan.repayment,
            "instalment": rsc(books, loan.instalment()),
            "outstanding": rsc(books, loan.outstanding),
            "arrears": rsc(books, owed),
            "granted": format_instant(loan.since),
            "purpose": loan.purpose,
        }
        rows.append((loan.since, loan.id, row))
    for outside in kept.outside_loans.values():
        row = {
            "loan": outside.id,
            "lender": outside.lender,
            "borrower": outside.company,
            "outside": True,
            "principal": rsc(books, outside.principal),
            "yearly_rate": None,
            "months": None,
            "repayment": None,
            "instalment": None,
            "outstanding": rsc(books, outside.outstanding),
            "arrears": rsc(books, 0),
            "granted": format_instant(outside.since),
            "purpose": "",
        }
        rows.append((outside.since, outside.id, row))
    return [row for _, _, row in sorted(rows, key=lambda item: item[:2])]


def _late(machine: Machine, loan: Loan, *kinds: str) -> int:
    """Units of a loan that fell due at earlier closes and could not be paid."""
    return sum(
        arrear.units for arrear in machine.state.credits.arrears if arrear.thing == loan.id and arrear.type in kinds
    )


def schedule(books: Books, machine: Machine, loan: Loan) -> list[Row]:
    """What of a loan falls due at which close from now on, if each is paid: interest, principal, what is left.

    What is in arrears falls due first, at the next close. Source: RULES.md, part B, "Loans".
    """
    late_interest = _late(machine, loan, "loan_interest")
    late = min(_late(machine, loan, "loan_repayment"), loan.outstanding)
    last = month_number(machine.state.closed[-1]) if machine.state.closed else loan.month
    rows: list[Row] = []
    number, outstanding = max(1, last - loan.month + 1), loan.outstanding
    while outstanding:
        interest, principal = loan.due(number, outstanding, late)
        interest, principal = interest + late_interest, principal + late
        late_interest = late = 0
        outstanding -= principal
        rows.append(
            {
                "instalment": number,
                "month": month_from_number(loan.month + number),
                "interest": rsc(books, interest),
                "principal": rsc(books, principal),
                "payment": rsc(books, interest + principal),
                "outstanding": rsc(books, outstanding),
            }
        )
        number += 1
    return rows


def properties(books: Books, machine: Machine) -> list[Row]:
    """Every property of the region with what it costs a month and who holds it, by id."""
    rows = []
    for name, found in sorted(machine.state.credits.properties.items()):
        tax, maintenance, administration, depreciation = found.parts
        lease = found.lease
        rows.append(
            {
                "property": name,
                "kind": found.kind,
                "name": found.name,
                "property_tax": rsc(books, tax),
                "maintenance": rsc(books, maintenance),
                "administration": rsc(books, administration),
                "depreciation": rsc(books, depreciation),
                "monthly_cost": rsc(books, sum(found.parts)),
                "charged": rsc(books, found.charged),
                "spent": rsc(books, found.spent),
                "price": None if found.price is None else rsc(books, found.price),
                "sold": None if found.sold is None else format_instant(found.sold),
                "lessee": None if lease is None else lease.lessee,
                "lessee_name": None if lease is None or not lease.name else lease.name,
                "since": None if lease is None else date_of(lease.since * DAY).isoformat(),
            }
        )
    return rows


def lists(machine: Machine, instant: int) -> list[Row]:
    """Every wait-list in the order in which it is served; its length is the demand."""
    kept = machine.state.credits
    found = [
        {
            "list": kind,
            "length": len(kept.lists.get(kind, [])),
            "waiting": list(kept.lists.get(kind, [])),
            "served": sum(
                property_.kind == kind and property_.lease is not None for property_ in kept.properties.values()
            ),
        }
        for kind in PROPERTY_KINDS
    ]
    schools = sorted({*kept.requests, *kept.enrolled})
    return found + [
        {
            "list": school,
            "length": len(kept.requests.get(school, [])),
            "waiting": school_order(machine.context, school, instant),
            "served": len(kept.enrolled.get(school, {})),
        }
        for school in schools
    ]
