"""What falls due at the close of a month, computed from the state before anything is paid (RULES.md, part B)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.instants import DAY, days_of, month_number
from conductor_bean.domain.properties import HOUSING, OUTSIDE, days_held, rent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.properties import Enrolment, Lease, Property
    from conductor_bean.domain.region import Rules
    from conductor_bean.engine.context import Context

ORDER = (
    "rent",
    "outsider_rent",
    "loan_interest",
    "loan_repayment",
    "tuition",
    "sales_tax",
    "sales_tax_refund",
    "profit_tax",
)
"""In which order wallets and the treasury pay."""

_RANK = {kind: number for number, kind in enumerate(ORDER)}


@dataclass(slots=True, eq=False)
class Due:
    """An amount that falls due.

    Attributes:
        type: The transfer.
        debit: Who owes it.
        credit: Who is owed.
        units: Units of credits, more than 0.
        thing: The loan or property, if any.
        above_cost: Units of it that are a non-member's markup.
    """

    type: str
    debit: Account
    credit: Account
    units: int
    thing: str = ""
    above_cost: int = 0

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Place among the payments of a close."""
        return (_RANK[self.type], self.debit.name, self.thing, self.credit.name)


_ONE = Fraction(1)


class Calendar:
    """The days of a month with the decisions in force on each."""

    def __init__(self, context: Context, month: str) -> None:
        self.days = days_of(month)
        self.number = month_number(month)
        decisions = context.region.decisions
        self._pieces: list[tuple[int, Rules]] = []
        self._factors: dict[tuple[int, str, str], Fraction] = {}
        start = self.days.start
        while start < self.days.stop:
            self._pieces.append((start, decisions.at(start * DAY)))
            until = decisions.until(start * DAY)
            start = self.days.stop if until is None else until // DAY

    @property
    def pieces(self) -> list[tuple[Rules, range]]:
        """The days of the month by the decisions in force on them."""
        starts = [start for start, _ in self._pieces]
        ends = [*starts[1:], self.days.stop]
        return [(rules, range(start, end)) for (start, rules), end in zip(self._pieces, ends, strict=True)]

    def rules_on(self, day: int) -> Rules:
        """The decisions in force on a day."""
        return next(rules for start, rules in reversed(self._pieces) if start <= day)

    def factor(self, day: int, kind: str, lessee_type: str) -> Fraction:
        """1 + the markup on the cost of a kind of property, in force on a day for a kind of lessee."""
        since = next(start for start, _ in reversed(self._pieces) if start <= day)
        factor = self._factors.get((since, kind, lessee_type))
        if factor is None:
            rules = self.rules_on(day)
            factor = _ONE + (rules.housing_markup if kind == HOUSING else 0)
            factor += rules.non_member_markup if lessee_type == OUTSIDE else 0
            self._factors[since, kind, lessee_type] = factor
        return factor

    def split(self, days: range, *more: int) -> Iterator[tuple[int, int]]:
        """Some days as stretches (first day, number of days) on which nothing changes.

        Args:
            days: Days of the month.
            more: Days on which something else changes.
        """
        if len(self._pieces) == 1 and not more:
            if days:
                yield days.start, len(days)
            return
        starts = sorted({days.start, *(s for s, _ in self._pieces if s in days), *(s for s in more if s in days)})
        for start, end in zip(starts, [*starts[1:], days.stop], strict=True):
            if end > start:
                yield start, end - start

    def mean_rate(self, days: range, rate: Callable[[Rules], Fraction]) -> Fraction:
        """The sum over days of a rate in force on each."""
        return sum((rate(self.rules_on(start)) * length for start, length in self.split(days)), Fraction(0))


def all_dues(context: Context, calendar: Calendar) -> list[Due]:
    """Everything that falls due at a close, in the order of payment."""
    dues = [*_rents(context, calendar), *_loans(context, calendar)]
    charged = _charged(dues)
    dues += [*_tuition(context, calendar, charged), *_sales_tax(context), *_profit_tax(context, calendar)]
    return sorted((due for due in dues if due.units > 0), key=lambda due: due.order)


def rounded(exact: Fraction) -> int:
    """An exact amount of units, rounded half-even."""
    return round_half_even(exact.numerator, exact.denominator)


def _rents(context: Context, calendar: Calendar) -> Iterator[Due]:
    kept = context.state.credits
    leases = [*kept.month.leases, *(found.lease for found in kept.properties.values() if found.lease is not None)]
    for lease in leases:
        held = days_held(lease.since, lease.until, calendar.days)
        payer = _payer(context, lease)
        if not held or payer is None:
            continue
        found = kept.properties[lease.property]
        units = _rent(calendar, found, lease, held, above_cost=True)
        if lease.lessee_type != OUTSIDE:
            yield Due("rent", payer, context.treasury, units, lease.property)
        else:
            cost = _rent(calendar, found, lease, held, above_cost=False)
            yield Due("outsider_rent", payer, context.treasury, units, lease.property, units - cost)


def _rent(calendar: Calendar, found: Property, lease: Lease, held: range, *, above_cost: bool) -> int:
    """Rent of the days held in units; or what of it is cost alone."""
    factors: list[tuple[int, Fraction]] = []
    for start, length in calendar.split(held, *(day for day, _, _ in found.costs)):
        cost, kind = found.cost_on(start)
        factor = calendar.factor(start, kind, lease.lessee_type) if above_cost else _ONE
        factors.append((cost * length, factor))
    return rent(factors, len(calendar.days))


def _payer(context: Context, lease: Lease) -> Account | None:
    """The account that pays a rent; nobody pays for a company or member that has ended."""
    if lease.lessee_type == OUTSIDE:
        return context.chart.of("outside")
    if lease.lessee_type == "member":
        member = context.state.members[lease.lessee]
        return None if member.ended is not None else context.member_wallets[lease.lessee]
    company = context.state.companies[lease.lessee]
    return None if company.ended is not None else context.company_wallets[lease.lessee]


def _loans(context: Context, calendar: Calendar) -> Iterator[Due]:
    kept = context.state.credits
    in_arrears: dict[str, int] = {}
    for arrear in kept.arrears:
        if arrear.type == "loan_repayment":
            in_arrears[arrear.thing] = in_arrears.get(arrear.thing, 0) + arrear.units
    for loan in kept.loans.values():
        number = calendar.number - loan.month
        if loan.outstanding and number > 0:
            wallets = context.member_wallets if loan.borrower_type == "member" else context.company_wallets
            payer, funds = wallets[loan.borrower], context.chart.of("bank", loan.bank)
            interest, principal = loan.due(number, loan.outstanding, in_arrears.get(loan.id, 0))
            yield Due("loan_interest", payer, funds, interest, loan.id)
            yield Due("loan_repayment", payer, funds, principal, loan.id)


def _charged(dues: list[Due]) -> dict[str, tuple[int, int]]:
    """Rents and interest that each company is charged in this close."""
    charged: dict[str, tuple[int, int]] = {}
    for due in dues:
        if due.debit.kind == "company_wallet" and due.type in ("rent", "loan_interest"):
            rents, interest = charged.get(due.debit.owner, (0, 0))
            more = (due.units, 0) if due.type == "rent" else (0, due.units)
            charged[due.debit.owner] = (rents + more[0], interest + more[1])
    return charged


def note_costs(context: Context, dues: list[Due]) -> None:
    """Put rents and interest of a close on the companies' cost sheets."""
    for company, (rents, interest) in _charged(dues).items():
        sheet = context.tracker.sheet(company)
        sheet.rents += rents
        sheet.interest += interest


def school_cost(context: Context, school: str, charged: dict[str, tuple[int, int]]) -> int:
    """What a school cost in the present month, less what earlier months took back beyond what they cost."""
    rents, interest = charged.get(school, (0, 0))
    # `replace` copies the sheet: what this close charges is not on it yet.
    sheet = replace(context.tracker.sheet(school), rents=rents, interest=interest)
    return sheet.cost + context.state.credits.cost_carried.get(school, 0)


def carry_costs(context: Context, dues: list[Due]) -> None:
    """Carry what a school took back beyond what its month cost into its next month: no row leads to its students."""
    kept, charged = context.state.credits, _charged(dues)
    schools = [company for company in context.state.companies.values() if company.ownership == "regional"]
    costs = {school.id: school_cost(context, school.id, charged) for school in schools if school.ended is None}
    kept.cost_carried = {school: cost for school, cost in sorted(costs.items()) if cost < 0}


def _tuition(context: Context, calendar: Calendar, charged: dict[str, tuple[int, int]]) -> Iterator[Due]:
    kept = context.state.credits
    by_school: dict[str, list[Enrolment]] = {}
    present = (enrolment for enrolled in kept.enrolled.values() for enrolment in enrolled.values())
    for enrolment in (*kept.month.enrolments, *present):
        by_school.setdefault(enrolment.school, []).append(enrolment)
    for school, enrolments in by_school.items():
        if context.state.companies[school].ended is not None:
            continue
        days = [days_held(e.since, e.until, calendar.days) for e in enrolments]
        total = sum(len(held) for held in days)
        cost = school_cost(context, school, charged)
        shares: dict[str, Fraction] = {}
        for enrolment, held in zip(enrolments, days, strict=True):
            share = calendar.mean_rate(held, lambda rules: rules.tuition_share)
            shares[enrolment.member] = shares.get(enrolment.member, Fraction(0)) + share
        for member, share in shares.items():
            if total and context.state.members[member].ended is None:
                wallet, pool = context.member_wallets[member], context.company_wallets[school]
                yield Due("tuition", wallet, pool, rounded(share * cost / total), school)


def _sales_tax(context: Context) -> Iterator[Due]:
    """The tax on the month's sales; what was taken back beyond them gives back the tax that it had paid."""
    for company, by_rate in context.state.credits.month.sales.items():
        if context.state.companies[company].ended is None:
            exact = sum((Fraction(rate) * units for rate, units in by_rate.items()), Fraction(0))
            wallet, units = context.company_wallets[company], rounded(exact)
            yield Due("sales_tax", wallet, context.treasury, units)
            yield Due("sales_tax_refund", context.treasury, wallet, -units)


def _profit_tax(context: Context, calendar: Calendar) -> Iterator[Due]:
    stop, pieces = calendar.days.stop, calendar.pieces
    for company, levels in context.state.credits.month.levels.items():
        if context.state.companies[company].ended is not None:
            continue
        exact = sum((rules.profit_at_rest_tax * _level_days(levels, days) for rules, days in pieces), Fraction(0))
        due = rounded(exact / (stop - levels[0][0]))
        yield Due("profit_tax", context.company_wallets[company], context.treasury, due)


def _level_days(levels: list[tuple[int, int]], days: range) -> int:
    """What lies at rest, summed up over some days; each level holds from its day to the next one's."""
    ends = [day for day, _ in levels[1:]]
    return sum(
        level * max(0, min(end, days.stop) - max(day, days.start))
        for (day, level), end in zip(levels, [*ends, days.stop], strict=True)
    )
