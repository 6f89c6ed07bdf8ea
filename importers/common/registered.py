"""Shifts to entries: hours that a company registers for a member, or the wage of them where credits are alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.amounts import decimal_text, round_half_even
from conductor_bean.domain.instants import DAY, date_of, format_time, start_of
from conductor_bean.domain.problems import quoted
from conductor_bean.engine.wage_table import WageTable
from conductor_bean.importers.common.entries import transaction
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.overlaps import refuse_held, refuse_overlaps

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive, Leg
    from conductor_bean.importers.common.shifts import Shift
    from conductor_bean.importers.common.work import Work

_A_DAY = 24


def hours_entries(shifts: list[Shift], work: Work) -> list[Directive]:
    """The entries of shifts: one each, or one a member, company and day where no start is known.

    A shift counts on the date and at the instant at which it began, also where it goes on past midnight. Hours are
    rounded half-even to the precision of labour time, one entry at a time, and each entry that was rounded says how
    long the work really was.
    """
    refuse_overlaps(shifts, work)
    groups = _groups(shifts, work)
    _refuse_long_days(groups, work)
    wages = _Wages([(group, _instant(group)) for group in groups], work)
    made: list[tuple[list[Shift], Directive]] = []
    rounded = 0
    for group in groups:
        with work.row(group[0].row):
            entry = _entry(group, wages, work)
            if entry is not None:
                rounded += "worked" in entry.meta
                made.append((group, entry))
    refuse_held(made, work)
    if rounded:
        precision = decimal_text(work.books.machine.context.labour_time.precision)
        entries = "1 entry was" if rounded == 1 else f"{rounded} entries were"
        work.note(f"{entries} rounded to {precision} hours; each says what was worked")
    return [entry for _, entry in made]


def _groups(shifts: list[Shift], work: Work) -> list[list[Shift]]:
    """Shifts that become one entry, in order."""
    groups: dict[Hashable, list[Shift]] = defaultdict(list)
    for shift in shifts:
        groups[shift.member, shift.company, _moment(shift)].append(shift)
    found = []
    for group in groups.values():
        named = [shift for shift in group if shift.own_id and not work.settings.by_day]
        if len(group) > 1 and (group[0].start is not None or named):
            first, second = group[:2]
            work.fault(
                second.row,
                f"{quoted(first.member)} worked at {first.company} at the same instant in row {first.row.number} "
                f"({first.row.file}); give each its start, or say by_day: true in mapping.yaml, and the day's hours "
                "become one entry",
            )
            continue
        found.append(group)
    return sorted(found, key=lambda group: (_instant(group), group[0].member, group[0].company))


def _moment(shift: Shift) -> int:
    return start_of(shift.date) if shift.start is None else shift.start


def _instant(group: list[Shift]) -> int:
    return _moment(group[0])


def _entry(group: list[Shift], wages: _Wages, work: Work) -> Directive | None:
    first = group[0]
    exact = sum((shift.hours for shift in group), Fraction(0))
    labour_time = work.books.machine.context.labour_time
    scaled = exact * 10**labour_time.digits
    units = round_half_even(scaled.numerator, scaled.denominator)
    if units == 0:
        work.leave_out(f"less than half of {decimal_text(labour_time.precision)} hours")
        return None
    number = labour_time.number(units)
    meta: dict[str, Any] = {} if units == scaled else {"worked": _duration(exact)}
    legs, leg_meta = wages.legs(group, units, number)
    texts = {shift.text for shift in group}
    company = work.books.machine.state.companies[first.company]
    shown = decimal_text(number.normalize() if number % 1 else number.to_integral_value())
    return transaction(
        first.row,
        id=_identity(group, work),
        instant=_instant(group),
        payee=company.name or company.id,
        narration=(texts.pop() if len(texts) == 1 else "") or f"{first.member}, {shown} hours",
        legs=legs,
        meta=meta,
        leg_meta=leg_meta,
    )


def _identity(group: list[Shift], work: Work) -> str:
    """The source's own id; else who began when, on the clock of the place; else whose day it is, and where."""
    first = group[0]
    if first.own_id and not work.settings.by_day:
        return work.id(first.row, first.own_id)
    if first.start is None:
        return work.id(first.row, f"{first.date}:{first.member}:{first.company}")
    assert first.begin is not None
    return work.id(first.row, f"{first.date}T{format_time(first.begin % DAY)}:{first.member}")


def _duration(hours: Fraction) -> str:
    seconds = hours * 3600
    if seconds.denominator != 1:
        return f"{decimal_text(Decimal(hours.numerator) / Decimal(hours.denominator))} hours"
    minutes, second = divmod(seconds.numerator, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def _refuse_long_days(groups: list[list[Shift]], work: Work) -> None:
    """A day has 24 hours."""
    sums: dict[Hashable, Fraction] = defaultdict(Fraction)
    rows: dict[Hashable, list[str]] = defaultdict(list)
    for group in groups:
        day = (group[0].member, date_of(_instant(group)))
        for shift in group:
            before = sums[day]
            sums[day] += shift.hours
            rows[day].append(str(shift.row.number))
            if before <= _A_DAY < sums[day]:
                work.fault(
                    shift.row,
                    f"{quoted(shift.member)} would have worked {_duration(sums[day])} on {day[1]} (rows "
                    f"{', '.join(rows[day][:10])}); a day has 24 hours",
                )


class _Wages:
    """The legs of hours: certificates, or, where labour time is off, the wage that the engine's own table pays."""

    def __init__(self, groups: list[tuple[list[Shift], int]], work: Work) -> None:
        self._work = work
        self._alone = work.books.region.labour_time is None
        self._employments: dict[tuple[str, str, int], tuple[str, str]] = {}
        if self._alone:
            self._look_up(groups)

    def _look_up(self, groups: list[tuple[list[Shift], int]]) -> None:
        """Who was employed as what, at each instant, in one pass over the ledger's events."""
        at: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for group, instant in groups:
            at[instant].add((group[0].company, group[0].member))
        for instant, machine in self._work.books.course(sorted(at)):
            for company, member in at[instant]:
                found = machine.state.employments.get(company, {}).get(member)
                if found is not None:
                    self._employments[company, member, instant] = (found.occupation, found.productivity)

    def legs(self, group: list[Shift], units: int, hours: Decimal) -> tuple[list[Leg], dict[int, dict[str, Any]]]:
        """The postings of a group, and their metadata.

        Raises:
            RowFault: The member is not employed there then, or her occupation has no wage.
        """
        member, company = group[0].member, group[0].company
        labour_time = self._work.books.region.labour_time
        if labour_time is not None:
            legs = [
                (f"Assets:Companies:{company}:A", -hours, labour_time.name),
                (f"Assets:Members:{member}:Hours", hours, labour_time.name),
            ]
            return legs, {}
        instant = _instant(group)
        employment = self._employments.get((company, member, instant))
        if employment is None:
            raise RowFault(
                f"{quoted(member)} does not work at {quoted(company)} on {date_of(instant)}; record her employment"
            )
        context = self._work.books.machine.context
        table = WageTable(self._work.books.region.decisions.at(instant), context.labour_time, context.credits)
        try:
            wage, _ = table.paid(employment[0], employment[1], units)
        except KeyError:
            occupation = quoted(employment[0] or "no occupation")
            day = date_of(instant)
            raise RowFault(f"{occupation} of {quoted(member)} has no range of wages on {day}") from None
        amount, name = context.credits.number(wage), context.credits.name
        number = hours.normalize() if hours % 1 else hours.to_integral_value()
        return [
            (f"Assets:Companies:{company}:Wallet", -amount, name),
            (f"Assets:Members:{member}:Wallet", amount, name),
        ], {1: {"hours": number}}
