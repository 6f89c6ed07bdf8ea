"""What it costs to run a company, tracked month by month (seed of Conductor: services at cost)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

QUANTITY_DIGITS = 12
"""Quantities of products are counted in 10^-12 of a unit, as integers."""


@dataclass(slots=True)
class CostSheet:
    """A company's month.

    Attributes:
        hours: Units of labour time by occupation.
        wages: Units of credits; so are the other amounts.
        purchases: What it bought: from companies, from other regions, from outside.
        rents: What fell due for property.
        interest: What fell due for loans.
        sales: What it sold, to everyone.
        sold: Quantity by offer, in 10^-12 of a unit.
        to_members: Quantity that members bought, by offer.
    """

    hours: dict[str, int] = field(default_factory=dict)
    wages: int = 0
    purchases: int = 0
    rents: int = 0
    interest: int = 0
    sales: int = 0
    sold: dict[str, int] = field(default_factory=dict)
    to_members: dict[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """All that the month cost, in units of credits."""
        return self.wages + self.purchases + self.rents + self.interest


def joined(sheets: list[CostSheet]) -> CostSheet:
    """Several months as one."""
    result = CostSheet()
    for sheet in sheets:
        for mine, theirs in ((result.hours, sheet.hours), (result.sold, sheet.sold)):
            for key, units in theirs.items():
                mine[key] = mine.get(key, 0) + units
        for key, units in sheet.to_members.items():
            result.to_members[key] = result.to_members.get(key, 0) + units
        result.wages += sheet.wages
        result.purchases += sheet.purchases
        result.rents += sheet.rents
        result.interest += sheet.interest
        result.sales += sheet.sales
    return result


def cost_of_unit(sheet: CostSheet, offer: str, prices: dict[str, int]) -> Fraction | None:
    """What a unit of an offer cost, exact, in units of credits; None where none was sold.

    With one offer it is cost / units sold. With several, the cost is split in proportion to what was sold of each
    at its posted price: that is the one measure that offers of different units have in common.

    Args:
        sheet: The months looked at.
        offer: The offer.
        prices: Posted price of each offer in units of credits.
    """
    sold = {name: quantity for name, quantity in sheet.sold.items() if quantity > 0}
    if offer not in sold:
        return None
    quantity = Fraction(sold[offer], 10**QUANTITY_DIGITS)
    worth = sum(prices.get(name, 0) * Fraction(units, 10**QUANTITY_DIGITS) for name, units in sold.items())
    if not worth:
        return sheet.cost / (quantity if len(sold) == 1 else quantity * len(sold))
    return sheet.cost * Fraction(prices.get(offer, 0)) / worth
