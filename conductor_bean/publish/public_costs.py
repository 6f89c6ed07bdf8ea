"""What regional companies cost month by month, as far as it is told, in the shape of `conductor cost --json`."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.costs import QUANTITY_DIGITS
from conductor_bean.domain.instants import month_number, month_of
from conductor_bean.engine.closing_advice import TRAILING_MONTHS
from conductor_bean.ledger import credit_reports
from conductor_bean.publish.statement_terms import HOURS_OF

if TYPE_CHECKING:
    from conductor_bean.domain.costs import CostSheet
    from conductor_bean.ledger.reports import Row
    from conductor_bean.publish.public import Public

_SOLD = ("sales", "sold", "units")


def costs(public: Public, company: str) -> Row:
    """The months and the offers of a regional company; null is whatever would expose somebody.

    Returns:
        `{"costs", "products"}`: `months` and `offers` of `conductor cost --json`, `hours` without an occupation whose
        hours are not told, and with `hours_told` saying whether there is none.
    """
    books = public.books
    if books.region.credits is None or public.history.through is None:
        return {"costs": None, "products": None}
    found = credit_reports.cost(books, books.machine, company, books.last_instant)
    sheets = {month_number(name): s for name, s in books.machine.state.credits.costs.get(company, {}).items()}
    through, last = public.history.through, month_number(month_of(books.last_instant))
    months = [_month(public, company, row, sheets) for row in found["months"]]
    return {
        "costs": [month for month in months if month_number(month["month"]) <= through],
        "products": [_offer(public, company, offer, sheets, last) for offer in found["offers"]],
    }


def _month(public: Public, company: str, row: Row, sheets: dict[int, CostSheet]) -> Row:
    month = month_number(row["month"])
    sheet = sheets[month]
    found: dict[str, Any] = dict(row)
    for part in ("wages", "purchases", "cost", "sales"):
        if public.cost(company, month, part) is None:
            found[part] = None
    told = {
        name: hours for name, hours in row["hours"].items() if public.cost(company, month, HOURS_OF + name) is not None
    }
    found["hours"] = told
    found["hours_told"] = told == row["hours"]
    if not _quantity_is_told(public, company, month, sheet):
        found.update(sold=None, units=None, unit_cost=None)
    elif found["cost"] is None:
        found["unit_cost"] = None
    return found


def _quantity_is_told(public: Public, company: str, month: int, sheet: CostSheet) -> bool:
    """Whether quantities say nothing that the sales do not: one product at one price."""
    if public.cost(company, month, "sales") is None:
        return False
    sold = {offer: units for offer, units in sheet.sold.items() if units}
    if len(sold) != 1:
        return not sold
    ((offer, units),) = sold.items()
    price = public.books.machine.state.credits.offers[offer].price
    return bool(price * Fraction(units, 10**QUANTITY_DIGITS) == sheet.sales)


def _offer(public: Public, company: str, offer: Row, sheets: dict[int, CostSheet], last: int) -> Row:
    """An offer over the trailing months, where cost and sales of each of them are told."""
    months = [month for month in range(last - TRAILING_MONTHS + 1, last + 1) if month in sheets]
    known = all(
        public.cost(company, month, "cost") is not None and _quantity_is_told(public, company, month, sheets[month])
        for month in months
    )
    return offer if known else {**offer, "sold": None, "unit_cost": None, "at_cost_price": None}
