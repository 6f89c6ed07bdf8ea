"""What a whole file decides: which comes first, day or month; which mark begins the decimals; whose clock it was."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, SECOND, date_of, format_time, start_of
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common import cells
from conductor_bean.importers.common.faults import Fault, ImportRefusedError, RowFault, unreadable

if TYPE_CHECKING:
    from conductor_bean.importers.common.mapping_schema import SourceModel
    from conductor_bean.importers.common.tables import Row, Table


@dataclass(frozen=True, slots=True)
class Formats:
    """How one file writes.

    Attributes:
        date_order: Order of day and month, or None where neither the file nor anybody told.
        decimal_mark: The mark, or None.
        zone: Where its local times are meant, or None.
    """

    date_order: str | None
    decimal_mark: str | None
    zone: datetime.tzinfo | None

    def date(self, row: Row, column: str) -> datetime.date:
        """The date of a column.

        Raises:
            RowFault: It is none, could mean two, or lies outside the bounds of the language.
        """
        with _named(column):
            return within_bounds(cells.date(row.cell(column), self.date_order))

    def time(self, row: Row, column: str) -> datetime.time:
        """The local time of day of a column."""
        with _named(column):
            return cells.time(row.cell(column))

    def number(self, row: Row, column: str) -> Decimal:
        """The number of a column."""
        with _named(column):
            return cells.number(row.cell(column), self.decimal_mark)

    def hours(self, row: Row, column: str) -> Fraction:
        """The duration of a column, in hours."""
        with _named(column):
            return cells.hours(row.cell(column), self.decimal_mark)

    def moment(self, row: Row, date: str, time: str | None = None) -> int:
        """The instant (UTC) of a date and a time, in two columns or in one.

        A time with an offset says itself where it is meant; another needs `timezone:`.

        Raises:
            RowFault: There is none, or the clock showed it twice or never on that day.
        """
        cell = row.cell(date if time is None else time)
        if isinstance(cell, str) and (stamp := cells.STAMP.fullmatch(cell.strip())) is not None and time is None:
            day = within_bounds(cells.date(stamp[1], self.date_order))
            return self.instant(day, stamp[2])
        return self.instant(self.date(row, date), cell)

    def instant(self, day: datetime.date, clock: cells.Cell) -> int:
        """The instant (UTC) of a local date and time of day.

        Raises:
            RowFault: As above.
        """
        if isinstance(clock, str) and (match := cells.OFFSET.fullmatch(clock.strip())) is not None:
            local = datetime.datetime.combine(day, cells.time(match[1].strip()))
            return _microseconds(local) - _offset(match[2])
        local = datetime.datetime.combine(day, cells.time(clock))
        if self.zone is None:
            raise RowFault(
                f"{local:%H:%M} does not say where: write timezone: (such as Europe/Berlin) in mapping.yaml, "
                "or give --timezone"
            )
        return utc(local, self.zone)


class _named:  # noqa: N801 - reads as a word in a with statement
    """Say of a fault in which column it stands."""

    def __init__(self, column: str) -> None:
        self._column = column

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if type(error) is RowFault:
            raise RowFault(f"{self._column}: {error}") from None


def within_bounds(date: datetime.date) -> datetime.date:
    """A date that the language can write.

    Raises:
        RowFault: It lies outside.
    """
    if not FIRST_DATE <= date <= LAST_DATE:
        raise RowFault(f"{date} lies outside {FIRST_DATE} to {LAST_DATE}")
    return date


def utc(local: datetime.datetime, zone: datetime.tzinfo) -> int:
    """The instant of a local time.

    Raises:
        RowFault: The clock was set over it: it was shown never, or twice.
    """
    shown = instants_of(local, zone)
    if len(shown) != 1:
        times = " and ".join(format_time(instant)[:5] for instant in shown)
        why = f"was shown twice, at {times} UTC" if shown else "was never shown"
        raise RowFault(
            f"{local:%Y-%m-%d %H:%M} {why}: the clock of {zone} was set then; write the time with its offset, as "
            "02:30+01:00"
        )
    return shown[0]


def instants_of(local: datetime.datetime, zone: datetime.tzinfo) -> list[int]:
    """The instants at which a clock showed a time: one, or none or two where it was set."""
    found = []
    for fold in (0, 1):
        moment = local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == local:
            found.append(_microseconds(moment.replace(tzinfo=None)))
    return sorted(set(found))


def local_of(instant: int, zone: datetime.tzinfo | None) -> int:
    """What the clock of a place shows at an instant, in microseconds; UTC where no place is known."""
    if zone is None:
        return instant
    moment = datetime.datetime.combine(date_of(instant), datetime.time(), datetime.UTC)
    moment += datetime.timedelta(microseconds=instant - start_of(moment.date()))
    return _microseconds(moment.astimezone(zone).replace(tzinfo=None))


def _microseconds(naive: datetime.datetime) -> int:
    since_midnight = naive - datetime.datetime.combine(naive.date(), datetime.time())
    return start_of(naive.date()) + since_midnight // datetime.timedelta(microseconds=1)


def _offset(text: str) -> int:
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise RowFault(f"{quoted(text)} is no offset from UTC; write one such as +01:00")
    return (-1 if text[0] == "-" else 1) * (hours * 60 + minutes) * 60 * SECOND


def zone_of(settings: SourceModel, file: str) -> datetime.tzinfo | None:
    """The time zone that the settings name.

    Raises:
        ImportRefusedError: There is none of that name.
    """
    if settings.timezone is None:
        return None
    try:
        return zoneinfo.ZoneInfo(settings.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = f"timezone: {quoted(settings.timezone)} is not known here; write one such as Europe/Berlin, or UTC"
        raise unreadable(file, message) from None


def decide(table: Table, settings: SourceModel, dates: Sequence[str], numbers: Sequence[str]) -> Formats:
    """How a file writes dates and numbers: as the settings say, else as those of its rows show that leave no doubt.

    Raises:
        ImportRefusedError: Its rows contradict each other.
    """
    order = settings.date_order or _agreed(table, dates, cells.date_order_of, "orders day and month", "date_order")
    mark = settings.decimal_mark or _agreed(table, numbers, cells.decimal_mark_of, "marks decimals", "decimal_mark")
    return Formats(order, mark, zone_of(settings, table.file))


def _agreed(
    table: Table, columns: Sequence[str], shown: Callable[[str], str | None], what: str, key: str
) -> str | None:
    first: dict[str, Row] = {}
    for row in table.rows:
        for column in columns:
            cell = row.cell(column)
            found = shown(cell) if isinstance(cell, str) else None
            if found is not None:
                first.setdefault(found, row)
    if len(first) > 1:
        (one, row), (other, later) = list(first.items())[:2]
        message = (
            f"{what} as {quoted(other)} here, but as {quoted(one)} in row {row.number}; "
            f"mend one of them: a file writes in one way (or say {key}: in mapping.yaml)"
        )
        raise ImportRefusedError([Fault(table.file, later.number, message)])
    return next(iter(first), None)
