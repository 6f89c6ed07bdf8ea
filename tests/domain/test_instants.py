"""Instants: exact integers, their texts, and how they are read."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.instants import (
    DAY,
    SECOND,
    date_of,
    end_of,
    format_instant,
    format_time,
    last_day_of,
    parse_instant,
    parse_month,
    parse_time,
    start_of,
)


def utc(*parts: int) -> datetime.datetime:
    """Return a moment."""
    return datetime.datetime(*parts, tzinfo=datetime.UTC)  # type: ignore[arg-type, misc]


days = st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
moments = st.builds(lambda day, time: datetime.datetime.combine(day, time, datetime.UTC), days, st.times())


def instant_of(moment: datetime.datetime) -> int:
    """Return the microseconds since the start of the calendar, computed by another way than the engine's."""
    return (moment - utc(1, 1, 1)) // datetime.timedelta(microseconds=1) + DAY


@given(moments)
def test_an_instant_is_written_and_read_back(moment: datetime.datetime) -> None:
    instant = instant_of(moment)
    text = format_instant(instant)
    assert parse_instant(text) == instant
    assert datetime.datetime.fromisoformat(f"{text}+00:00") == moment
    assert date_of(instant) == moment.date()
    assert start_of(moment.date()) <= instant <= end_of(moment.date())


@given(moments)
def test_fractions_of_a_second_are_written_only_where_there_are_any(moment: datetime.datetime) -> None:
    assert ("." in format_instant(instant_of(moment))) == bool(moment.microsecond)


@given(moments, moments)
def test_instants_are_ordered_as_moments_are(first: datetime.datetime, second: datetime.datetime) -> None:
    assert (instant_of(first) < instant_of(second)) == (first < second)
    assert instant_of(second) - instant_of(first) == (second - first) // datetime.timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("00:00:00", 0),
        ("00:00:01", SECOND),
        ("13:42:29", (13 * 3600 + 42 * 60 + 29) * SECOND),
        ("13:42:29.5", (13 * 3600 + 42 * 60 + 29) * SECOND + 500_000),
        ("23:59:59.999999", DAY - 1),
        ("24:00:00", None),
        ("23:60:00", None),
        ("23:59:60", None),
        ("1:00:00", None),
        ("00:00:00.1234567", None),
        ("00:00:00.", None),
        ("00:00:00,5", None),
        (" 00:00:00", None),
        ("00:00:00\n", None),
        ("٠٠:00:00", None),
        ("", None),
    ],
)
def test_times_of_day(text: str, microseconds: int | None) -> None:
    assert parse_time(text) == microseconds


@given(st.integers(0, DAY - 1))
def test_a_time_is_written_and_read_back(time: int) -> None:
    assert parse_time(format_time(time)) == time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", utc(2026, 3, 2, 23, 59, 59, 999999)),
        ("2026-03-02T13:42:29", utc(2026, 3, 2, 13, 42, 29)),
        ("2026-03-02 13:42:29", utc(2026, 3, 2, 13, 42, 29)),
        ("2026-03-02T13:42:29.000001", utc(2026, 3, 2, 13, 42, 29, 1)),
        ("2026-02-30", None),
        ("2026-03-02T", None),
        ("2026-03-02T25:00:00", None),
        ("20260302", None),
        ("now", None),
        ("", None),
    ],
)
def test_instants_on_the_command_line(text: str, moment: datetime.datetime | None) -> None:
    assert parse_instant(text) == (None if moment is None else instant_of(moment))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-01", (2026, 1)),
        ("2026-12", (2026, 12)),
        ("2026-00", None),
        ("2026-13", None),
        ("2026-1", None),
        ("26-01", None),
        ("2026-01-01", None),
    ],
)
def test_months(text: str, month: tuple[int, int] | None) -> None:
    assert parse_month(text) == month


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2026, 2, 28), (2028, 2, 29), (2100, 2, 28), (2000, 2, 29), (2026, 4, 30)]
)
def test_last_days(year: int, month: int, day: int) -> None:
    assert last_day_of(year, month) == datetime.date(year, month, day)
