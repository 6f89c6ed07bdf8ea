"""What depends on the instant and is looked up again and again: FIC, taxes, prices. Never part of the state.

Everything here can be computed anew from the state; it is kept so that a registration does not read every plan.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.fic import half_window
from conductor_bean.domain.plans import cooperative_price
from conductor_bean.domain.staircase import ServicesInWindow, Staircase

if TYPE_CHECKING:
    from decimal import Decimal

    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.state import State


class Quote(NamedTuple):
    """What a quantity of a plan costs at an instant.

    Attributes:
        amount: Price x quantity in units, rounded half-even.
        compensation: Units between cooperation and company; 0 is none.
        for_cooperation: Whether the company pays the cooperation (it was overproductive) or the other way round.
        price: Price of one unit in the commodity, exact (28 significant digits), as the books show it.
    """

    amount: int
    compensation: int
    for_cooperation: bool
    price: Decimal


def tax_of(units: int, factor: tuple[int, int]) -> int:
    """Hours x (1 - FIC), rounded half-even to units."""
    numerator, denominator = factor
    return round_half_even(units * (denominator - numerator), denominator)


class TaxOffice:
    """FIC and the taxes that follow from it, once an instant."""

    def __init__(self, state: State, window_days: int) -> None:
        self._state = state
        self.set_window(window_days, state.now)

    def set_window(self, days: int, instant: int) -> None:
        """Let a window of so many days be in force from an instant on."""
        self.window_days = days
        self.staircase = Staircase(days)
        for plan in self._state.plans.values():
            if plan.approved is not None:
                self.staircase.add(plan, instant)
        self.services = ServicesInWindow(days, self._state.consumed_services)
        self.forget()

    def forget(self) -> None:
        """Let the next question be computed anew: the instant or a fact has changed."""
        self._factor: tuple[int, int] | None = None
        self._taxes: dict[int, int] = {}

    def factor(self, instant: int) -> tuple[int, int]:
        """FIC at an instant as numerator and denominator, between 0 and 1."""
        if self._factor is None:
            self._factor = self._compute(instant, Fraction(0))
        return self._factor

    def _compute(self, instant: int, more_hours: Fraction) -> tuple[int, int]:
        plans, means = self.staircase.sums(instant)
        common = self.staircase.common * more_hours.denominator
        labour = plans * more_hours.denominator + self.services.at(instant) * common
        labour += more_hours.numerator * self.staircase.common
        means *= more_hours.denominator
        if labour == 0:
            return (0, 1) if means else (1, 1)
        return max(0, labour - means), labour

    def doubtful_factors(self, instant: int) -> list[tuple[int, int]]:
        """FIC as it would be, had the basic services not been rejected whose recorded taxes alone are wrong.

        Twice: with their recorded hours, and with the hours that their recorded taxes would follow from. Whoever
        copies an economy that counted them records taxes of one of these; then not each of them is an error.
        """
        start = instant - half_window(self.window_days)
        inside = [doubt for doubt in self._state.doubtful if start <= doubt[0] < instant]
        if not inside:
            return []
        recorded = Fraction(sum(units for _, units, _ in inside))
        implied = sum((Fraction(*units) for _, _, units in inside), Fraction(0))
        return [self._compute(instant, recorded), self._compute(instant, implied)]

    def tax(self, units: int, instant: int) -> int:
        """Units of hours x (1 - FIC), rounded half-even (seed of Workers Control, "Labour Certificates and FIC")."""
        tax = self._taxes.get(units)
        if tax is None:
            tax = self._taxes[units] = tax_of(units, self.factor(instant))
        return tax


class PriceList:
    """Prices of plans, kept until a cooperation changes or one of its plans expires."""

    def __init__(self, state: State, commodity: Commodity) -> None:
        self._state = state
        self._commodity = commodity
        self._shared: dict[str, tuple[Fraction, range] | None] = {}
        self._quotes: dict[str, dict[int, Quote]] = {}
        self._units: dict[str, tuple[Fraction, Fraction, Decimal]] = {}

    def forget(self, cooperation: str | None) -> None:
        """Let the prices of a cooperation's plans be computed anew: a plan joined, left or ended."""
        if cooperation is not None:
            self._shared.pop(cooperation, None)
            for plan in self._state.cooperations[cooperation].plans:
                self._quotes.pop(plan, None)
                self._units.pop(plan, None)

    def price(self, plan: Plan, instant: int) -> Fraction:
        """Price of a unit, exact, in units of labour time.

        Public plans cost 0; a cooperating plan costs the mean over the active plans of its cooperation.
        """
        if plan.public or plan.cooperation is None:
            return plan.cost_of_unit()
        shared = self._shared_price(plan.cooperation, instant)
        return plan.cost_of_unit() if shared is None else shared

    def _shared_price(self, cooperation: str, instant: int) -> Fraction | None:
        kept = self._shared.get(cooperation)
        if kept is None or instant not in kept[1]:
            self.forget(cooperation)
            plans = [self._state.plans[plan] for plan in self._state.cooperations[cooperation].plans]
            found = cooperative_price(plans, instant)
            kept = self._shared[cooperation] = None if found is None else (found[0], range(instant, found[1]))
        return None if kept is None else kept[0]

    def shared_price(self, cooperation: str, instant: int) -> Fraction | None:
        """The cooperative price of a unit, None while no plan of the cooperation is active."""
        return self._shared_price(cooperation, instant)

    def quote(self, plan: Plan, quantity: int, instant: int) -> Quote:
        """Amount and compensation for a quantity of an active plan."""
        if plan.cooperation is not None:
            self._shared_price(plan.cooperation, instant)
        quotes = self._quotes.get(plan.id)
        if quotes is None:
            quotes = self._quotes[plan.id] = {}
        quote = quotes.get(quantity)
        if quote is None:
            quote = quotes[quantity] = self._compute(plan, quantity, instant)
        return quote

    def _compute(self, plan: Plan, quantity: int, instant: int) -> Quote:
        unit = self._units.get(plan.id)
        if unit is None:
            price = self.price(plan, instant)
            unit = self._units[plan.id] = (price, price - plan.cost_of_unit(), self._commodity.exact(price))
        price, delta, shown = unit
        # Seed, "Productivity and compensation": the delta between cooperative price and individual cost is settled
        # with the cooperation on each consumption.
        return Quote(
            round_half_even(price.numerator * quantity, price.denominator),
            round_half_even(abs(delta.numerator) * quantity, delta.denominator),
            delta > 0,
            shown,
        )
