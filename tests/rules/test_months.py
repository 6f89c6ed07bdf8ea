"""LANGUAGE.md and RULES.md: month-close and seal, as far as labour time goes."""

from __future__ import annotations

import pytest

from conductor_bean.engine.events import Fact
from tests.support import Loaded, check, ledger


@ledger()
def test_a_month_is_closed_on_its_last_day_once_and_in_order(books: Loaded) -> None:
    """
    2026-01-31 custom "month-close" "2026-01"
    2026-02-27 custom "month-close" "2026-02" ; ! month-close-on-wrong-day
    2026-03-31 custom "month-close" "2026-03" ; ! month-out-of-order
    2026-03-31 custom "month-close" "2026-02" ; ! month-close-on-wrong-day
    """
    assert books.books.machine.state.closed == ["2026-01"]
    assert "2026-02-28" in str([p.message for p in books.books.errors])
    assert "2026-02" in books.message("month-out-of-order")


@ledger()
def test_a_month_is_closed_once(books: Loaded) -> None:
    """
    2026-01-31 custom "month-close" "2026-01"
    2026-01-31 custom "month-close" "2026-01" ; ! month-is-closed
    """


@ledger()
def test_months_of_all_lengths_and_years_follow_each_other(books: Loaded) -> None:
    """
    2026-11-30 custom "month-close" "2026-11"
    2026-12-31 custom "month-close" "2026-12"
    2027-01-31 custom "month-close" "2027-01"
    2027-02-28 custom "month-close" "2027-02"
    2028-02-29 custom "month-close" "2028-02" ; ! month-out-of-order
    """
    assert books.books.machine.state.closed == ["2026-11", "2026-12", "2027-01", "2027-02"]


@ledger()
def test_a_leap_day_is_the_last_of_february(books: Loaded) -> None:
    """
    2028-02-28 custom "month-close" "2028-02" ; ! month-close-on-wrong-day
    2028-02-29 custom "month-close" "2028-02"
    """


@ledger()
def test_a_month_close_takes_no_time_and_comes_after_everything_of_its_date(books: Loaded) -> None:
    """
    2026-01-31 custom "month-close" "2026-01"
    2026-01-31 * "the last moment"
      time: "23:59:59.999999"
      Assets:Companies:Bakery:A      -1 HOUR
      Assets:Members:Ada:Hours        1 HOUR
    2026-02-28 custom "month-close" "2026-02" ; ! unknown-metadata
      time: "23:59:59"
    """
    last = books.books.outcomes[-1].event
    assert isinstance(last, Fact)
    assert last.name == "month-close 2026-01"


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "January", "", "2026-01-31", "²026-01"])
def test_a_month_is_written_as_year_and_month(month: str) -> None:
    check(f'2026-01-31 custom "month-close" "{month}" ; ! invalid-id\n')


def test_the_quotes_are_needed() -> None:
    # Beancount reads 2026-01 as a subtraction.
    check('2026-01-31 custom "month-close" 2026-01 ; ! wrong-values\n')


def test_a_seal_names_a_month_and_a_digest() -> None:
    digest = "sha256:" + "0a" * 32
    check(
        f'2026-02-01 custom "seal" "2026-01" "{digest}" ; ! sealed-history-changed\n'
        f'2026-02-01 custom "seal" "2026-01" "{digest[:-1]}" ; ! invalid-id\n'
        '2026-02-01 custom "seal" "2026-01" ; ! wrong-values\n'
    )
