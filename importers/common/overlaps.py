"""Shifts that overlap: one person works one shift at a time, in the files of an import and in the ledger."""

from __future__ import annotations

import datetime
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import date_of, format_time
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.formats import local_of, zone_of
from conductor_bean.importers.common.held import Held
from conductor_bean.importers.common.ledger_hours import LedgerHours, Worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.shifts import Shift
    from conductor_bean.importers.common.work import Work


def refuse_overlaps(shifts: list[Shift], work: Work) -> None:
    """One person works one shift at a time, whichever company it is for."""
    timed: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        if shift.begin is not None:
            timed[shift.member].append(shift)
    for member in sorted(timed):
        latest: Shift | None = None
        for shift in sorted(timed[member], key=_begins):
            if latest is not None and _begins(shift) < _ends(latest):
                assert shift.begin is not None
                offset = shift.begin - _begins(shift)
                work.fault(
                    shift.row,
                    f"{quoted(member)} began a shift at {_clock(shift.begin)} that overlaps the one in row "
                    f"{latest.row.number} ({latest.row.file}), which ended at {_clock(_ends(latest) + offset)} (local "
                    "time); mend the times of one",
                )
            if latest is None or _ends(shift) > _ends(latest):
                latest = shift


def _begins(shift: Shift) -> int:
    """Where the instant is known it counts: the local clock shows an hour of autumn twice."""
    assert shift.begin is not None
    return shift.begin if shift.start is None else shift.start


def _ends(shift: Shift) -> int:
    assert shift.until is not None
    return shift.until


def _clock(moment: int) -> str:
    return f"{date_of(moment)} {format_time(moment)[:5]}"


def refuse_held(made: Sequence[tuple[list[Shift], Directive]], work: Work) -> None:
    """Hold new entries of shifts against the hours of the ledger, whatever the ids of both.

    A shift overlaps none of another id, and the hours of a day stand in one way: as its shifts, or as one entry.
    """
    assert work.books.checked is not None
    held = Held.of(work.books.checked.sources)
    new = [(shifts, entry) for shifts, entry in made if held.find(entry)[1] is None]
    if not new:
        return
    half = Fraction(work.books.machine.context.labour_time.precision) / 2
    hours = LedgerHours(work.books.checked.sources, half)
    for shifts, _ in new:
        first = shifts[0]
        zone = zone_of(work.settings, first.row.file)
        found = None if first.start is None else hours.overlapping(first.member, _begins(first), _ends(first))
        if found is not None:
            work.fault(first.row, _overlap(first, found))
            continue
        found = _same_day(first, hours, zone, daily=first.start is None and (work.settings.by_day or not first.own_id))
        if found is not None:
            work.fault(first.row, _day_twice(first, found))


def _same_day(shift: Shift, hours: LedgerHours, zone: datetime.tzinfo | None, *, daily: bool) -> Worked | None:
    """Hours of that day, member and company that the ledger tells in the other way."""
    around = [shift.date + datetime.timedelta(days) for days in (-1, 0, 1)] if daily else [shift.date]
    for each in [each for day in around for each in hours.of_day(shift.member, shift.company, day)]:
        date = date_of(local_of(each.start, zone)) if each.timed else each.entry.date
        if date == shift.date and (each.daily or (daily and (each.timed or ":" in str(each.entry.meta.get("id", ""))))):
            return each
    return None


def _overlap(shift: Shift, found: Worked) -> str:
    assert shift.begin is not None
    offset = shift.begin - _begins(shift)
    return (
        f"{quoted(shift.member)} began a shift at {_clock(shift.begin)} that overlaps the one in {found.place}, from "
        f"{_clock(found.start + offset)} to {_clock(found.end + offset)} (local time); if it is the same shift with "
        "other times, record a reversal of that one first, else mend the times"
    )


def _day_twice(shift: Shift, found: Worked) -> str:
    there = "all the hours of the day in one entry" if found.daily else "hours of that day"
    return (
        f"{quoted(shift.member)} worked at {shift.company} on {shift.date}, of which {found.place} holds {there}; "
        "hours of a day stand either as shifts or as one entry (by_day: in mapping.yaml): import them in the same way "
        "as before, or record a reversal of what stands there first"
    )
