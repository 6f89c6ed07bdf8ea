"""Shifts: rows of timesheets, whoever's tool wrote them, read alike; who worked where, when and how long."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from conductor_bean.domain.instants import DAY, SECOND, date_of, start_of
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common import cells
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.formats import Formats, instants_of
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.names import UnknownName
from conductor_bean.importers.common.own_ids import no_ids
from conductor_bean.importers.common.registered import hours_entries

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
_NOTHING = ("", "-")
"""What tools write where there is nothing."""


@dataclass(frozen=True, slots=True)
class Shift:
    """What a row says.

    Attributes:
        row: The row.
        member: Who worked, an id.
        company: Where, an id.
        date: The local date on which it began.
        hours: How long, exact.
        start: The instant (UTC) of its start, None where it is not known.
        begin: Its start on the local clock, in microseconds; None where no time is given.
        until: When it ended: an instant where `start` is one, else on the local clock; None where no time is given.
        own_id: The source's own id, or "".
        text: What was done.
    """

    row: Row
    member: str
    company: str
    date: datetime.date
    hours: Fraction
    start: int | None
    begin: int | None
    until: int | None
    own_id: str
    text: str


class TimesheetImporter(SourceImporter):
    """An importer of hours that were worked.

    Its columns have the names: date, start, end_date, end, hours, member, email, company, id, and those of `texts`.
    """

    account_name: ClassVar[str] = "Assets:Companies"
    texts: ClassVar[Sequence[str]] = ("description",)
    """Columns that say what was done; the first that says something is the narration."""
    people: ClassVar[Sequence[str]] = ("member", "email")
    """Columns that name who worked; the first that is known counts."""

    may_run: ClassVar[bool] = True
    """Whether its files tell shifts that still go on, without an end."""

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's own
        """Under which account archive files the document: hours are the companies' affair."""
        return self.account_name

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The entries of the shifts of some files."""
        shifts: dict[tuple[str, ...], Shift] = {}
        for file in files:
            table = work.table(file)
            formats = work.formats(table, dates=("date", "end_date"), numbers=("hours",))
            shared = no_ids([row.text("id") for row in table.rows])
            for row in table.rows:
                with work.row(row):
                    shift = self.shift(row, formats, work)
                    if shift is not None:
                        shift = replace(shift, own_id="") if shift.own_id in shared else shift
                        _add(shifts, shift)
        return hours_entries(list(shifts.values()), work)

    def worked(self, row: Row) -> str:
        """Why a row is no time worked, empty where it is."""
        nothing = self.may_run and all(row.text(column) in _NOTHING for column in ("hours", "end"))
        return "still running, without an end" if nothing and row.text("start") not in _NOTHING else ""

    def shift(self, row: Row, formats: Formats, work: Work) -> Shift | None:
        """What a row says, or None where it is left out.

        Raises:
            RowFault: It says nothing that could be.
        """
        why = self.worked(row)
        if why:
            work.leave_out(why)
            return None
        try:
            member = self._member(row, work)
        except UnknownName:
            self._named_company(row, work)  # so that both are told where both are unknown
            raise
        date, clock = _start(row, formats)
        begin = None if clock is None else _local(date, clock)
        end = _end(row, formats, date, begin)
        hours = _hours(row, formats, begin, end)
        if hours == 0:
            work.leave_out("no time worked (0 hours)")
            return None
        start = None if work.settings.by_day else _start_instant(date, clock, end, hours, formats)
        until = _until(start, begin, end, hours, formats.zone)
        text = next((row.text(column) for column in self.texts if row.text(column) not in _NOTHING), "")
        # Kimai and others put "' " before what a spreadsheet would run; here it is text and nothing else.
        text = text.removeprefix("' ")
        return Shift(
            row, member, self._company(row, member, work), date, hours, start, begin, until, row.text("id"), text
        )

    def _member(self, row: Row, work: Work) -> str:
        given = [text for column in self.people if (text := row.text(column)) not in _NOTHING]
        if not given:
            raise RowFault("nobody is named who worked")
        known = next((text for text in given if work.names.knows("members", text)), given[0])
        return work.find("members", known, row)

    def _named_company(self, row: Row, work: Work) -> str | None:
        """The company that the settings or the row name, or None where they name none."""
        settings = work.settings
        if settings.company is not None:
            return work.find("companies", settings.company, row)
        if settings.company_column is not None:
            if settings.company_column not in row.raw:
                raise RowFault(
                    f"there is no column {quoted(settings.company_column)} (company_column: in mapping.yaml)"
                )
            return work.find("companies", str(row.raw[settings.company_column] or ""), row)
        if row.has("company"):
            return work.find("companies", row.text("company"), row)
        return None

    def _company(self, row: Row, member: str, work: Work) -> str:
        """The company where these hours were worked: as it is named, else where the member works."""
        named = self._named_company(row, work)
        if named is not None:
            return named
        employments = work.books.machine.state.employments
        companies = sorted(company for company, workers in employments.items() if member in workers)
        if len(companies) != 1:
            where = f"works at {' and '.join(companies)}" if companies else "works nowhere now"
            raise RowFault(
                f"{quoted(member)} {where}, and no column says where these hours were worked; say company: or "
                f"company_column: under sources: {work.source}: in mapping.yaml"
            )
        return companies[0]


def _add(shifts: dict[tuple[str, ...], Shift], shift: Shift) -> None:
    """Add a shift, once: files that overlap tell the same row twice, and one file may not."""
    identity = shift.own_id or f"{shift.hours} {shift.text}"
    key = (shift.member, shift.company, str(shift.date), str(shift.begin), identity)
    ordinal = 1
    while (*key, str(ordinal)) in shifts and shifts[*key, str(ordinal)].row.file == shift.row.file:
        ordinal += 1
    shifts.setdefault((*key, str(ordinal)), shift)


def _start(row: Row, formats: Formats) -> tuple[datetime.date, cells.Cell]:
    """The local date on which a shift began, and the clock's time or None."""
    clock = row.cell("start")
    if isinstance(clock, datetime.datetime):
        return clock.date(), clock.time()
    if isinstance(clock, str):
        stamp = cells.STAMP.fullmatch(clock.strip())
        if stamp is not None:
            return cells.date(stamp[1], formats.date_order), stamp[2]
    date = formats.date(row, "date")
    return date, None if row.text("start") in _NOTHING else clock


def _start_instant(
    date: datetime.date, clock: cells.Cell, end: int | None, hours: Fraction, formats: Formats
) -> int | None:
    """The instant at which a shift began, None where the row says no time.

    Where the clock was set back and showed the start twice, the end and the hours may tell which it was.
    """
    if clock is None:
        return None
    if formats.zone is not None and end is not None and cells.OFFSET.fullmatch(str(clock).strip()) is None:
        local = datetime.datetime.combine(date, cells.time(clock))
        shown = instants_of(local, formats.zone)
        ended = _on_the_clock(end, formats.zone)
        fitting = [start for start in shown if abs(ended - start - round(hours * _HOUR)) <= _MINUTE]
        if len(shown) == 2 and len(fitting) == 1:
            return fitting[0]
    return formats.instant(date, clock)


def _until(
    start: int | None, begin: int | None, end: int | None, hours: Fraction, zone: datetime.tzinfo | None
) -> int | None:
    """When a shift ended, on the clock on which shifts are compared."""
    if begin is None:
        return None
    if start is None:
        return begin + round(hours * _HOUR) if end is None else end
    if end is None:
        return start + round(hours * _HOUR)
    return start + end - begin if zone is None else _on_the_clock(end, zone)


def _on_the_clock(local: int, zone: datetime.tzinfo) -> int:
    """The instant of a local time in microseconds; of two the first, of none that of the clock as it was before."""
    naive = datetime.datetime.combine(date_of(local), datetime.time()) + datetime.timedelta(microseconds=local % DAY)
    shown = instants_of(naive, zone)
    return shown[0] if shown else instants_of(naive - datetime.timedelta(hours=1), zone)[0] + _HOUR


def _local(date: datetime.date, clock: cells.Cell) -> int:
    """A local time in microseconds, without an offset that it may carry."""
    text = cells.OFFSET.sub(r"\1", clock.strip()) if isinstance(clock, str) else clock
    time = cells.time(text)
    seconds = (time.hour * 60 + time.minute) * 60 + time.second
    return start_of(date) + seconds * SECOND + time.microsecond


def _end(row: Row, formats: Formats, date: datetime.date, begin: int | None) -> int | None:
    """The end on the same local clock; one that lies before the start is on the next day, where no date says."""
    if begin is None or row.text("end") in _NOTHING:
        return None
    clock = row.cell("end")
    if isinstance(clock, datetime.datetime):
        return _local(clock.date(), clock.time())
    stamp = cells.STAMP.fullmatch(clock.strip()) if isinstance(clock, str) else None
    if stamp is not None:
        return _local(cells.date(stamp[1], formats.date_order), stamp[2])
    if row.text("end_date") not in _NOTHING:
        return _local(formats.date(row, "end_date"), clock)
    end = _local(date, clock)
    return end if end >= begin else end + 24 * _HOUR


def _hours(row: Row, formats: Formats, begin: int | None, end: int | None) -> Fraction:
    """How long a shift was: as its column says, which may leave out breaks, else from start to end."""
    if begin is not None and end is not None and end < begin:
        raise RowFault("it ends before it begins; hours worked are positive: mend the times")
    span = None if begin is None or end is None else Fraction(end - begin, _HOUR)
    if row.text("hours") in _NOTHING:
        if span is None:
            raise RowFault("it says neither how long the work was, nor when it began and ended")
        return span
    hours = formats.hours(row, "hours")
    # Tools that cut seconds off start and end still count them; and a night may have an hour more.
    if span is not None and hours > span + Fraction(1, 60) + 1:
        raise RowFault(
            f"{row.text('hours')} hours are more than from {row.text('start')} to {row.text('end')}; mend one"
        )
    return hours
