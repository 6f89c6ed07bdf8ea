"""Which balances of public accounts, and which costs of regional companies, may be told at the end of a month.

A balance tells the sum of all that moved its account, also of what is told together with others or waits; a cost is a
sum like any other. So each is a row of the audit's linear programme. All that may be told by themselves are put into
it at once; where somebody would be exposed, the prices of the programme's rows say which of them do it, and the one
that matters least is given up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import end_of, last_date, month_from_number
from conductor_bean.publish.auditing import Auditor
from conductor_bean.publish.history import Balance, Cost
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.statement_terms import COST_PARTS, HOURS_OF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor_bean.publish.cells import Cell, Content
    from conductor_bean.publish.history import History, Statement
    from conductor_bean.publish.holdings import Holdings
    from conductor_bean.publish.relations import Known


def tell_statements(
    history: History, known: Known, holdings: Holdings, pending: dict[Cell, Content], month: int
) -> None:
    """Tell what may be told of balances at the end of a month, and of its costs.

    Args:
        history: What was told; it grows.
        known: What is public about the region.
        holdings: The truth.
        pending: What stands behind each cell that was not told.
        month: The month, as a number; its totals were told.

    Raises:
        AuditFailedError: The audit did not come to an end.
    """
    thresholds = Thresholds.of(known.region.decisions.at(end_of(last_date(month_from_number(month)))))
    _Statements(history, known, holdings, Auditor(known, history, pending, thresholds), month).tell()


class _Statements:
    def __init__(self, history: History, known: Known, holdings: Holdings, auditor: Auditor, month: int) -> None:
        self._history = history
        self._known = known
        self._holdings = holdings
        self._auditor = auditor
        self._month = month
        self._exact = {
            (account, cell)
            for told in history.told
            for cell in told.cells
            for account, shown in ((cell.debit, told.debit), (cell.credit, told.credit))
            if account == shown
        }

    def tell(self) -> None:
        offers: dict[Statement, None] = {}
        statements: list[Statement] = [*self._balances(), *self._costs()]
        for offer in statements:
            terms = self._auditor.index.terms(offer)
            if not self._agrees(offer):
                continue
            if self._follows(offer, terms):
                self._note(offer)
            elif self._is_safe(offer, terms):
                offers[offer] = None
        while offers and (guilty := self._guilty(list(offers))):
            for some in guilty:
                if some <= offers.keys():
                    del offers[min(some, key=_worth)]
        for offer in offers:
            self._note(offer)

    def _guilty(self, offers: list[Statement]) -> list[frozenset[Statement]]:
        """Of each total that offers would expose, the offers that do it."""
        for look in (self._auditor.audit, self._auditor.across_the_border):
            exposed = look([], [self._month], offers)
            found = [exposure.offers for exposure in exposed if exposure.offers]
            if not found and exposed and len(look([], [self._month])) < len(exposed):
                found = [frozenset(offers)]  # no price says which: so the least of all
            if found:
                return found
        return []

    def _balances(self) -> Iterator[Balance]:
        last = {balance.account: balance.month for balance in self._history.balances}
        for account, economy in self._holdings.economies.items():
            if self._holdings.first(account) <= self._month:
                units = self._holdings.at(account, self._month)
                yield Balance(account, economy, self._month, last.get(account), units)

    def _costs(self) -> Iterator[Cost]:
        for company, sheets in self._holdings.costs.items():
            if (sheet := sheets.get(self._month)) is not None:
                for part in COST_PARTS:
                    yield Cost(company, self._month, part, getattr(sheet, part))
                for occupation, units in sorted(sheet.hours.items()):
                    yield Cost(company, self._month, HOURS_OF + occupation, units)

    def _agrees(self, offer: Statement) -> bool:
        """Whether the truth is what is told in full and what stands behind the totals: late entries can differ."""
        month = self._month
        if isinstance(offer, Balance):
            if offer.account == TREASURY and not self._holdings.dividends_are_told(self._history, self._known, month):
                return False  # the balance would tell the dividend, and that what the region took in
            everything = self._auditor.index.terms(Balance(offer.account, offer.economy, month, None, 0))
            settled = self._holdings.settled(offer.account, month, self._known.in_full)
            return self._holdings.private(offer.account, month) - settled == self._auditor.sum_of(everything)
        if offer.part.startswith(HOURS_OF):
            return offer.units == self._auditor.sum_of(self._auditor.index.terms(offer))
        known = self._holdings.public_part(offer.company, month, offer.part)
        if offer.part == "cost":
            sheet = self._holdings.costs[offer.company][month]
            known += sheet.rents + sheet.interest
        return offer.units - known == self._auditor.sum_of(self._auditor.index.terms(offer))

    def _follows(self, offer: Statement, terms: dict[Cell, float]) -> bool:
        """Whether everybody can compute it from what is told already."""
        if isinstance(offer, Balance):
            return all((offer.account, cell) in self._exact for cell in terms)
        return not terms

    def _is_safe(self, offer: Statement, terms: dict[Cell, float]) -> bool:
        """Whether it hides each contributor from others who take away what they know of it."""
        if isinstance(offer, Cost):
            return self._auditor.is_safe(terms)
        if self._month - min(cell.month for cell in terms) >= SPAN:
            return False
        return self._auditor.hides_each([cell for cell in terms if (offer.account, cell) not in self._exact])

    def _note(self, offer: Statement) -> None:
        if isinstance(offer, Balance):
            self._history.balances.append(offer)
        else:
            self._history.costs.append(offer)


def _worth(offer: Statement) -> tuple[object, ...]:
    """The order in which offers are given up: what fewer readers miss first."""
    if isinstance(offer, Cost):
        return _COSTS.index(offer.part.partition(" ")[0]), offer.company, offer.part
    return 5 if offer.account.startswith(("Assets:Companies:", "Liabilities:Companies:")) else 6, offer.account, ""


SPAN = 1
"""Over how many months a balance may reach back: more would tie all of them together in each later audit."""
TREASURY = "Assets:Region:Treasury"
_COSTS = ("purchases", "sales", "hours", "wages", "cost")
