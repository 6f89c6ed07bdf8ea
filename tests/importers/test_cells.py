"""Numbers, dates, times and durations: exact, or refused where they could mean two things."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.domain.instants import format_instant
from conductor_bean.importers.common import cells
from conductor_bean.importers.common.entries import clean
from conductor_bean.importers.common.faults import ImportRefusedError, RowFault
from conductor_bean.importers.common.formats import Formats, decide
from conductor_bean.importers.common.mapping_schema import SourceModel
from conductor_bean.importers.common.tables import Column, read_table
from tests.importers.town import write


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("8", None, "8"),
        ("7.5", None, "7.5"),
        ("7,5", None, "7.5"),
        ("0.125", None, "0.125"),
        ("1234.567", None, "1234.567"),
        ("1.234,56", None, "1234.56"),
        ("1,234.56", None, "1234.56"),
        ("1.234.567", None, "1234567"),
        ("1'234.50", None, "1234.50"),
        ("1\u202f234,50", None, "1234.50"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("-3,5", ",", "-3.5"),
    ],
)
def test_a_number_is_read_exactly(text: str, mark: str | None, number: str) -> None:
    assert cells.number(text, mark) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "mark", "said"),
    [
        ("1.234", None, "could be 1234 or 1.234"),
        ("1,234", None, "could be 1234 or 1.234"),
        ("7.5", ",", "is not written with the decimal mark"),
        ("12.34.5", None, "is no number"),
        ("1.23.456,7", ",", "is no number"),
        ("eight", None, "is no number"),
        ("1e3", None, "is no number"),
        ("9" * 100_000, None, "is no number"),
        ("٨", None, "is no number"),
        ("=8*2", None, "a formula"),
        ("@SUM(A1)", None, "a formula"),
        ("+cmd|x", None, "a formula"),
        ("", None, "is missing"),
    ],
)
def test_a_number_that_is_none_or_two_is_refused(text: str, mark: str | None, said: str) -> None:
    with pytest.raises(RowFault, match=said):
        cells.number(text, mark)


@pytest.mark.parametrize(
    ("text", "order", "date"),
    [
        ("2026-03-04", None, "2026-03-04"),
        ("2026/3/4", None, "2026-03-04"),
        ("04.03.2026", None, "2026-03-04"),
        ("13/04/2026", None, "2026-04-13"),
        ("04/13/2026", None, "2026-04-13"),
        ("05/05/2026", None, "2026-05-05"),
        ("03/04/2026", "day-month", "2026-04-03"),
        ("03/04/2026", "month-day", "2026-03-04"),
    ],
)
def test_a_date_is_read_as_it_is_meant(text: str, order: str | None, date: str) -> None:
    assert cells.date(text, order).isoformat() == date


@pytest.mark.parametrize(
    ("text", "order", "said"),
    [
        ("03/04/2026", None, "could be 2026-04-03 or 2026-03-04; say date_order"),
        ("03-04-2026", None, "could be"),
        ("13/04/2026", "month-day", "is not written as month-day"),
        ("03/04/26", "day-month", "a year of two digits"),
        ("31/02/2026", None, "is no date of the calendar"),
        ("yesterday", None, "is no date"),
        ("46083", None, "is no date"),
        ("", None, "is missing"),
    ],
)
def test_a_date_that_is_none_or_two_is_refused(text: str, order: str | None, said: str) -> None:
    with pytest.raises(RowFault, match=said):
        cells.date(text, order)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("7:30", Fraction(15, 2)),
        ("07:30:15", Fraction(27015, 3600)),
        ("100:00", Fraction(100)),
        ("7.25", Fraction(29, 4)),
        (datetime.timedelta(hours=30), Fraction(30)),
        (datetime.time(1, 30), Fraction(3, 2)),
    ],
)
def test_a_duration_is_exact(cell: Any, hours: Fraction) -> None:
    assert cells.hours(cell, None) == hours


@pytest.mark.parametrize("text", ["-1:30", "-2", "-0:00:01"])
def test_negative_hours_are_refused(text: str) -> None:
    with pytest.raises(RowFault, match="less than nothing; hours worked are positive"):
        cells.hours(text, None)


@pytest.mark.parametrize(
    ("text", "time"),
    [("8:05", "08:05:00"), ("12:00 AM", "00:00:00"), ("12:10:09 pm", "12:10:09"), ("1:30 p.m.", "13:30:00")],
)
def test_a_time_of_day_is_read_with_twelve_or_with_24_hours(text: str, time: str) -> None:
    assert cells.time(text).isoformat() == time


@pytest.mark.parametrize("text", ["24:00", "13:00 PM", "0:30 AM", "8", "8:61", "noon"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(RowFault, match="is no time of day"):
        cells.time(text)


def formats(folder: Path, rows: str, **settings: str) -> Formats:
    columns = (Column("date", required=True), Column("sum", required=True))
    model = SourceModel.model_validate(settings)
    return decide(read_table(write(folder, "f.csv", f"date;sum\n{rows}"), columns, model), model, ("date",), ("sum",))


def test_another_row_of_the_file_settles_what_one_leaves_open(tmp_path: Path) -> None:
    found = formats(tmp_path, "03/04/2026;1.234\n13/04/2026;0,5\n")
    assert (found.date_order, found.decimal_mark) == ("day-month", ",")


def test_rows_that_contradict_each_other_are_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(ImportRefusedError, match=r'f.csv:3: orders day and month as "month-day".* in row 2'):
        formats(tmp_path, "13/04/2026;1\n04/13/2026;1\n")
    with pytest.raises(ImportRefusedError, match=r'f.csv:3: marks decimals as "." here, but as "," in row 2'):
        formats(tmp_path, "2026-01-01;0,5\n2026-01-01;0.5\n")


def test_what_the_mapping_says_holds_before_what_rows_show(tmp_path: Path) -> None:
    found = formats(tmp_path, "03/04/2026;1\n", date_order="month-day", decimal_mark=",")
    assert (found.date_order, found.decimal_mark) == ("month-day", ",")


@pytest.mark.parametrize(
    ("date", "clock", "zone", "instant"),
    [
        ("2026-03-02", "08:00", "Europe/Berlin", "2026-03-02T07:00:00"),
        ("2026-07-02", "08:00", "Europe/Berlin", "2026-07-02T06:00:00"),
        ("2026-03-02", "23:30", "America/New_York", "2026-03-03T04:30:00"),
        ("2026-03-02", "08:00+05:30", "Europe/Berlin", "2026-03-02T02:30:00"),
        ("2026-03-02", "08:00Z", None, "2026-03-02T08:00:00"),
        ("2026-10-25", "02:30+01:00", "Europe/Berlin", "2026-10-25T01:30:00"),
    ],
)
def test_local_times_become_utc(tmp_path: Path, date: str, clock: str, zone: str | None, instant: str) -> None:
    found = formats(tmp_path, "2026-01-01;1\n", **({"timezone": zone} if zone else {}))
    assert format_instant(found.instant(datetime.date.fromisoformat(date), clock)) == instant


@pytest.mark.parametrize(
    ("date", "said"),
    [("2026-03-29", "was never shown"), ("2026-10-25", "was shown twice, at 00:30 and 01:30 UTC")],
)
def test_a_time_that_the_clock_skipped_or_repeated_is_refused(tmp_path: Path, date: str, said: str) -> None:
    found = formats(tmp_path, "2026-01-01;1\n", timezone="Europe/Berlin")
    with pytest.raises(RowFault, match=said):
        found.instant(datetime.date.fromisoformat(date), "02:30")


def test_a_local_time_of_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RowFault, match=r"08:00 does not say where: write timezone:"):
        formats(tmp_path, "2026-01-01;1\n").instant(datetime.date(2026, 3, 2), "08:00")
    with pytest.raises(ImportRefusedError, match='"Europe/Berlln" is not known here'):
        formats(tmp_path, "2026-01-01;1\n", timezone="Europe/Berlln")


def test_foreign_text_becomes_one_plain_line() -> None:
    assert clean("a\nb\t\x1b[31mc\u202e \x00d") == "a b [31mc d"
    assert clean("e\u0301") == "é"
    assert len(clean("x" * 5000)) == 200


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("18:25 min", Fraction(1105, 60)),
        ("45 sec", Fraction(3, 4)),
        ("2 h 05", 125),
        ("2h05", 125),
        ("1h 30m", 90),
        ("0:18:25", Fraction(1105, 60)),
        ("1 hour 30 minutes", 90),
        ("2\u00a0h\u202f05\u00a0min 30 s", Fraction(251, 2)),
        ("90 min", 90),
        ("1 Std. 30 Min.", 90),
        ("1,5 h", 90),
        ("7:30 h", 450),
    ],
)
def test_durations_with_units_are_read(text: str, minutes: Fraction) -> None:
    assert cells.hours(text, None) == minutes / Fraction(60)


@pytest.mark.parametrize("text", ["18:99 min", "1h 75m", "12 min 30", "2 days", "min 5 h", "1 h 2 h", "5 m 70 s"])
def test_durations_that_are_nonsense_are_refused_in_words(text: str) -> None:
    with pytest.raises(RowFault, match=r"is no (duration|number); write it as"):
        cells.hours(text, None)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("12:05\u202fPM", datetime.time(12, 5)),
        ("1:05\u00a0p.\u00a0m.", datetime.time(13, 5)),
        ("9:05\u2009AM", datetime.time(9, 5)),
        ("12:00:01\u202fam", datetime.time(0, 0, 1)),
    ],
)
def test_times_with_spaces_that_do_not_break_are_read(text: str, time: datetime.time) -> None:
    assert cells.time(text) == time
