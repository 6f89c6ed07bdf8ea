"""What a month's close needs to know: sales, taxes, costs, and how much profit lies at rest day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.costs import CostSheet
from conductor_bean.domain.instants import DAY, days_of, month_of
from conductor_bean.engine.credit_state import Month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conductor_bean.domain.accounts import Account, Chart
    from conductor_bean.domain.loans import OutsideLoan
    from conductor_bean.domain.region import Rules
    from conductor_bean.engine.credit_state import Credits
    from conductor_bean.engine.events import Transfer
    from conductor_bean.engine.state import Party, State

SALES = {
    "purchase": "sales_tax_internal",
    "external_sale": "sales_tax_external",
    "interregional_sale": "sales_tax_external",
}
"""Sales, each with the decision that says at which rate it is taxed."""
PURCHASES = frozenset({"purchase", "external_purchase", "interregional_purchase"})
"""Transfers by which a company buys, and its month costs more."""
TAXES = ("income_tax", "sales_tax", "profit_tax")
"""Taxes in credits, which are regional profit."""
REFUNDS = {"sales_tax": "sales_tax_refund"}
"""By which transfer a tax is given back."""

_COUNTED = frozenset({"wage", "surcharge", "upkeep", *TAXES, *SALES, *PURCHASES})


class Tracker:
    """Keeps the books of the present month and of each company's costs.

    Args:
        state: The region's state; its part on credits is changed in place.
        wallets: The pool of each company.
        chart: The chart of accounts.
    """

    def __init__(self, state: State, wallets: Mapping[str, Account], chart: Chart) -> None:
        self._chart = chart
        self._state = state
        self._kept: Credits = state.credits
        self._rates: tuple[Rules | None, dict[str, str]] = (None, {})
        self._wallets = wallets
        self._outside: dict[str, list[OutsideLoan]] = {}
        for loan in state.credits.outside_loans.values():
            self.outside_loan(loan)

    def advance(self, instant: int) -> None:
        """Let time pass up to an instant: a day may end, and a month."""
        kept = self._kept
        day = instant // DAY
        if day != kept.day:
            self.end_day()
            month = month_of(instant)
            if month != kept.month.name:
                self._begin(month)
            kept.day = day

    def end_day(self) -> None:
        """Note what the pools that moved on the present day hold at its end."""
        kept = self._kept
        for company in kept.touched:
            levels = kept.month.levels.get(company)
            if levels is not None:
                level = self.at_rest(company)
                if levels[-1][0] == kept.day:
                    levels[-1] = (kept.day, level)
                elif levels[-1][1] != level:
                    levels.append((kept.day, level))
        kept.touched.clear()

    def _begin(self, month: str) -> None:
        first = days_of(month).start
        levels = {
            company.id: [(first, self.at_rest(company.id))]
            for company in self._state.companies.values()
            if company.ended is None and company.ownership == "workers"
        }
        self._kept.month = Month(month, levels=levels)

    def company(self, company: Party) -> None:
        """Begin to look at what a new company of workers holds."""
        if company.ownership == "workers":
            self._kept.month.levels[company.id] = [(self._kept.day, 0)]

    def outside_loan(self, loan: OutsideLoan) -> None:
        """Remember a loan from outside."""
        self._outside.setdefault(loan.company, []).append(loan)

    def outside_loans(self, company: str) -> Sequence[OutsideLoan]:
        """Loans from outside of a company."""
        return self._outside.get(company, ())

    def at_rest(self, company: str) -> int:
        """What a pool holds above outstanding principal, in units, not below 0."""
        balances = self._state.balances
        # The balance of the debt is what is outstanding, below zero.
        owed = -balances.get(self._chart.debt("company", company).name, 0)
        owed += sum(loan.outstanding for loan in self._outside.get(company, ()))
        return max(0, balances.get(self._wallets[company].name, 0) - owed)

    def sheet(self, company: str) -> CostSheet:
        """The cost sheet of a company for the present month."""
        kept = self._kept
        month = kept.month.name
        try:
            return kept.costs[company][month]
        except KeyError:
            sheet = kept.costs.setdefault(company, {})[month] = CostSheet()
            return sheet

    def worked(self, company: str, occupation: str, units: int) -> None:
        """Count hours of an occupation; hours that are taken back are negative."""
        counted = self.sheet(company).hours
        counted[occupation] = counted.get(occupation, 0) + units

    def moved(
        self, transfers: Iterable[Transfer], rules: Rules, thing: str = "", sold: int = 0, *, sign: int = 1
    ) -> None:
        """Count what transfers of one event mean for taxes, sales and costs; with a sign of -1, take it back.

        Args:
            transfers: The transfers as they were made.
            rules: The decisions that were in force then.
            thing: The offer that was bought, if any.
            sold: Its quantity, in 10^-12 of a unit.
            sign: 1, or -1 for a reversal.
        """
        month = self._kept.month
        for transfer in transfers:
            kind = transfer.type
            if kind not in _COUNTED:
                continue
            units = sign * transfer.units
            if kind == "wage":
                self.sheet(transfer.debit.owner).wages += units
            elif kind in TAXES:
                month.taxes += units
            elif kind in SALES:
                self._tax(transfer.credit.owner, units, self._rate(rules, kind))
                self._sold(transfer, units, thing, sign * sold)
            elif kind == "upkeep" and transfer.credit.kind == "company_wallet":
                self._sold(transfer, units, thing, sign * sold)  # the region does not tax what it pays itself
            elif kind == "surcharge":
                month.surcharges += units
            if kind in PURCHASES and transfer.debit.kind == "company_wallet":
                self.sheet(transfer.debit.owner).purchases += units

    def _rate(self, rules: Rules, kind: str) -> str:
        """The tax rate of a kind of sale as text, made once for each decision."""
        if self._rates[0] is not rules:
            self._rates = (rules, {kind: str(getattr(rules, key)) for kind, key in SALES.items()})
        return self._rates[1][kind]

    def _tax(self, seller: str, units: int, rate: str) -> None:
        by_rate = self._kept.month.sales.setdefault(seller, {})
        by_rate[rate] = by_rate.get(rate, 0) + units

    def _sold(self, transfer: Transfer, units: int, offer: str, quantity: int) -> None:
        sheet = self.sheet(transfer.credit.owner)
        sheet.sales += units
        if offer:
            sheet.sold[offer] = sheet.sold.get(offer, 0) + quantity
            if transfer.debit.kind == "member_wallet":
                sheet.to_members[offer] = sheet.to_members.get(offer, 0) + quantity
