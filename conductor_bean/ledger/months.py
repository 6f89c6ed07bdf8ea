"""A region month by month: FIC, taxes, the treasury's income and spending, the dividend, who could not pay.

The same course is told of what happened and of what would have happened under other decisions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.domain.fic import reckoned_at
from conductor_bean.domain.instants import end_of, last_date, month_from_number, month_number, month_of
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.engine.state import State
from conductor_bean.engine.tracking import REFUNDS, TAXES
from conductor_bean.engine.wage_arrears import as_arrears
from conductor_bean.ledger.reports import Row, factor_fraction, hours, rsc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from conductor_bean.domain.region import Region
    from conductor_bean.engine.events import Outcome
    from conductor_bean.ledger.books import Books


@dataclass(slots=True)
class MonthFigures:
    """What a month brought, in units of the commodities.

    Attributes:
        month: The month.
        closed: Whether it was closed.
        fic: FIC at the end of the month, None where labour time is off.
        psf: Balance of the Public Sector Fund at the end.
        labour_taxes: Hours that went to it as taxes.
        opening: Treasury at the beginning.
        income: What came into the treasury, by transfer.
        spending: What went out of it.
        closing: Treasury at the end.
        profit: Regional profit, None where the month was not closed.
        dividend: What each member was paid, None where the month was not closed.
        members: Members at the end.
        companies: Companies at the end.
        short: Companies that could not pay all they had to.
        members_short: How many members could not.
    """

    month: str
    closed: bool = False
    fic: Fraction | None = None
    psf: int = 0
    labour_taxes: int = 0
    opening: int = 0
    income: dict[str, int] = field(default_factory=dict)
    spending: dict[str, int] = field(default_factory=dict)
    closing: int = 0
    profit: int | None = None
    dividend: int | None = None
    members: int = 0
    companies: int = 0
    short: list[str] = field(default_factory=list)
    members_short: int = 0

    @property
    def taxes(self) -> int:
        """Income, sales and profit tax of the month, in units of credits."""
        return sum(self.tax(kind) for kind in TAXES)

    def tax(self, kind: str) -> int:
        """A tax of the month less what was given back of it, in units of credits."""
        given_back = self.spending.get(REFUNDS.get(kind, ""), 0)
        return self.income.get(kind, 0) - self.spending.get(kind, 0) - given_back


class Watcher(Protocol):
    """Looks at the region while its course is told, so that one pass over the events serves many."""

    def before(self, machine: Machine, instant: int) -> None:
        """See the region when all events before an instant are applied, and none of it."""

    def after(self, machine: Machine, instant: int, outcomes: list[Outcome]) -> None:
        """See what an instant brought."""


def course(
    books: Books, region: Region | None = None, watchers: Sequence[Watcher] = (), through: int | None = None
) -> list[MonthFigures]:
    """The region month by month, from the first event's month to the last one's.

    Args:
        books: The ledger.
        region: The region with other decisions (RULES.md, part B, "What-if"); what happened is told without it.
        watchers: Who else looks on.
        through: The instant in whose month the course ends, told as if nothing had happened after it.
    """
    assert books.checked is not None
    assert books.checked.reading is not None
    reading = books.checked.reading
    machine = Machine(
        region or books.region,
        State(missing=dict(reading.missing)),
        reading.chart,
        reading.evidence,
        hypothetical=region is not None,
    )
    found: list[MonthFigures] = []
    for instant, events in timeline(reading.facts, reading.movements):
        if through is not None and instant > through:
            break
        for watcher in watchers:
            watcher.before(machine, instant)
        month = month_of(instant)
        if not found or found[-1].month != month:
            _go_to(machine, found, month)
        outcomes = machine.apply_instant(instant, events)
        _count(machine, found[-1], outcomes)
        for watcher in watchers:
            watcher.after(machine, instant, outcomes)
    if found and through is not None and found[-1].month < month_of(through):
        _go_to(machine, found, month_of(through))
    if found:
        _finish(machine, found[-1])
    return found


def _go_to(machine: Machine, found: list[MonthFigures], month: str) -> None:
    """Finish the month before, and every month without events, and begin one."""
    number = month_number(month)
    while found:
        _finish(machine, found[-1])
        following = month_number(found[-1].month) + 1
        if following >= number:
            break
        found.append(MonthFigures(month_from_number(following), opening=found[-1].closing))
    found.append(MonthFigures(month, opening=found[-1].closing if found else 0))


def _finish(machine: Machine, figures: MonthFigures) -> None:
    """Look at the region at the end of a month, when all its events are applied."""
    context, state = machine.context, machine.state
    end = end_of(last_date(figures.month))
    if context.region.labour_time is not None:
        context.advance(end)
        figures.fic = factor_fraction(context.taxes.factor(reckoned_at(end)))
        figures.psf = state.balances.get(context.psf.name, 0)
    figures.closing = state.balances.get(context.treasury.name, 0)
    figures.members = sum(member.ended is None for member in state.members.values())
    figures.companies = sum(company.ended is None for company in state.companies.values())
    figures.closed = figures.month in state.closed
    figures.profit = state.credits.profits.get(figures.month)
    figures.dividend = state.credits.dividends.get(figures.month)
    late = [*as_arrears(context), *state.credits.arrears]
    owing = {arrear.debit for arrear in late} | set(context.shortfalls)
    kinds = [context.account(name) for name in sorted(owing)]
    figures.short = sorted(account.owner for account in kinds if account.kind == "company_wallet")
    figures.members_short = sum(account.kind == "member_wallet" for account in kinds)
    context.shortfalls.clear()


def _count(machine: Machine, figures: MonthFigures, outcomes: list[Outcome]) -> None:
    treasury, psf = machine.context.treasury, machine.context.psf
    for outcome in outcomes:
        for transfer in outcome.transfers:
            if transfer.credit is treasury:
                figures.income[transfer.type] = figures.income.get(transfer.type, 0) + transfer.units
            elif transfer.debit is treasury:
                figures.spending[transfer.type] = figures.spending.get(transfer.type, 0) + transfer.units
            elif transfer.credit is psf and transfer.type == "taxes":
                figures.labour_taxes += transfer.units


def month_row(books: Books, figures: MonthFigures) -> Row:
    """The month as JSON."""
    row: Row = {"month": figures.month, "closed": figures.closed}
    if books.region.labour_time is not None:
        assert figures.fic is not None
        row["fic"] = decimal_text(significant(figures.fic))
        row["psf"] = hours(books, figures.psf)
        row["labour_taxes"] = hours(books, figures.labour_taxes)
    if books.region.credits is not None:
        row["taxes"] = rsc(books, figures.taxes)
        for kind in TAXES:
            row[kind] = rsc(books, figures.tax(kind))
        row["dividend"] = None if figures.dividend is None else rsc(books, figures.dividend)
        row["treasury"] = rsc(books, figures.closing)
        row["treasury_opening"] = rsc(books, figures.opening)
        row["treasury_income"] = {kind: rsc(books, units) for kind, units in sorted(figures.income.items())}
        row["treasury_spending"] = {kind: rsc(books, units) for kind, units in sorted(figures.spending.items())}
        row["members"] = figures.members
        row["companies_short"] = figures.short
        row["members_short"] = figures.members_short
    return row
