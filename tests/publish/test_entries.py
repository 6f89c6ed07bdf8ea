"""The entries of editions: what was told stays, what changed later stands where it became known."""

from __future__ import annotations

import datetime
import random
from collections import Counter

import pytest

from conductor_bean.domain.instants import month_number, start_of
from conductor_bean.publish.cells import Cell, PublicTransfer
from conductor_bean.publish.entries import Entry, balances, entries_of, tell_in_full
from conductor_bean.publish.history import History, Told

TREASURY, CLINIC = "Assets:Region:Treasury", "Assets:Companies:Clinic:Wallet"


def instant(day: str, hour: int = 0) -> int:
    return start_of(datetime.date.fromisoformat(day)) + hour * 3_600_000_000


def subsidy(day: str, units: int = 100, *, hour: int = 0) -> PublicTransfer:
    return PublicTransfer(instant(day, hour), "subsidy", TREASURY, CLINIC, units)


def said(history: History) -> list[tuple[str, str, int, int]]:
    """Date, period, units and transfers of each entry."""
    return [(e.date.isoformat(), e.period, e.units, e.transfers) for e in entries_of(history)]


def test_a_public_transfer_stands_on_its_day() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05"), subsidy("2026-01-03", 50)], instant("2026-01-31"), {})
    assert said(history) == [("2026-01-03", "2026-01-03", 50, 1), ("2026-01-05", "2026-01-05", 100, 1)]


def test_telling_twice_tells_nothing_more() -> None:
    history = History()
    for _ in range(3):
        tell_in_full(history, [subsidy("2026-01-05")], instant("2026-01-31"), {})
    assert said(history) == [("2026-01-05", "2026-01-05", 100, 1)]


def test_two_that_are_alike_are_both_told() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05")] * 2, instant("2026-01-31"), {})
    assert said(history) == [("2026-01-05", "2026-01-05", 200, 2)]


def test_what_comes_late_stands_where_it_became_known_and_says_of_which_day_it_is() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05")], instant("2026-01-31", 12), {})
    later = [subsidy("2026-01-05"), subsidy("2026-01-20", 7), subsidy("2026-02-03", 8)]
    tell_in_full(history, later, instant("2026-02-10"), {})
    assert said(history) == [
        ("2026-01-05", "2026-01-05", 100, 1),
        ("2026-02-03", "2026-02-03", 8, 1),
        ("2026-02-10", "2026-01-20", 7, 1),
    ]


def test_what_is_gone_from_the_books_is_taken_back_where_it_became_known() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05"), subsidy("2026-01-06", 5)], instant("2026-01-31"), {})
    tell_in_full(history, [subsidy("2026-01-06", 5)], instant("2026-02-10"), {})
    assert said(history) == [
        ("2026-01-05", "2026-01-05", 100, 1),
        ("2026-01-06", "2026-01-06", 5, 1),
        ("2026-02-10", "2026-01-05", -100, -1),
    ]


def test_what_was_edited_is_taken_back_and_told_anew() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05", 100)], instant("2026-01-31"), {})
    tell_in_full(history, [subsidy("2026-01-05", 130)], instant("2026-02-10"), {})
    assert said(history)[1:] == [("2026-02-10", "2026-01-05", -100, -1), ("2026-02-10", "2026-01-05", 130, 1)]


def test_a_ledger_that_lost_its_end_takes_back_no_earlier_than_it_told() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05"), subsidy("2026-03-05")], instant("2026-03-31"), {})
    tell_in_full(history, [subsidy("2026-01-05")], instant("2026-01-31"), {})
    assert said(history)[-1] == ("2026-03-31", "2026-03-05", -100, -1)
    tell_in_full(history, [subsidy("2026-01-05"), subsidy("2026-02-05")], instant("2026-02-28"), {})
    assert ("2026-03-31", "2026-02-05", 100, 1) in said(history)


def dividend(month: str, units: int) -> PublicTransfer:
    return PublicTransfer(instant(f"{month}-28"), "dividend", TREASURY, "Assets:Private:Members:Wallet", units)


def test_a_dividend_is_told_where_it_may_be() -> None:
    history = History()
    transfers = [dividend("2026-01", 900), dividend("2026-02", 600)]
    tell_in_full(history, transfers, instant("2026-02-28"), {month_number("2026-02"): 200})
    assert said(history) == [("2026-02-28", "2026-02-28", 600, 1)]


def test_a_dividend_that_changed_is_not_told_again() -> None:
    """What late taxes change in it would tell them, and whose they are."""
    history = History()
    month = month_number("2026-01")
    tell_in_full(history, [dividend("2026-01", 900)], instant("2026-01-31"), {month: 300})
    tell_in_full(history, [dividend("2026-01", 960)], instant("2026-02-28"), {month: 320})
    assert said(history) == [("2026-01-28", "2026-01-28", 900, 1)]
    assert history.dividends == {month: 300}


def test_a_region_without_events_tells_nothing() -> None:
    history = History()
    tell_in_full(history, [], 0, {})
    assert history == History()
    tell_in_full(history, [subsidy("2026-01-05")], instant("2026-01-31"), {})
    assert said(history) == [("2026-01-05", "2026-01-05", 100, 1)]


def test_what_is_nothing_is_not_told() -> None:
    history = History()
    tell_in_full(history, [subsidy("2026-01-05", 0)], instant("2026-01-31"), {})
    assert said(history) == []


@pytest.mark.parametrize("seed", range(20))
def test_whatever_happens_to_the_books_what_was_told_stays_and_adds_up_to_the_last(seed: int) -> None:
    chance = random.Random(seed)
    history, before = History(), Counter[Entry]()
    transfers: list[PublicTransfer] = []
    until = 0
    for _ in range(12):
        days = [f"2026-01-{chance.randrange(1, 29):02}" for _ in range(chance.randrange(4))]
        transfers += [subsidy(day, chance.randrange(3)) for day in days]
        for _ in range(chance.randrange(3)):
            if transfers:
                transfers.pop(chance.randrange(len(transfers)))
        until = max((transfer.instant for transfer in transfers), default=0)
        tell_in_full(history, transfers, until, {})
        now = Counter(entries_of(history))
        assert now >= before, "something that was told is gone"
        before = now
        expected = sum(transfer.units for transfer in transfers)
        assert balances(entries_of(history)).get((CLINIC, "RSC"), 0) == expected
        assert balances(entries_of(history)).get((TREASURY, "RSC"), 0) == -expected


def told(units: int, *, period: str = "2026-03", month: str = "2026-03", type_: str = "taxes") -> Told:
    number = month_number(month)
    cell = Cell(number, "work", "", "taxes", "Assets:Private:Members:Hours", "Equity:PSF")
    level = "type" if type_ else "broad type"
    return Told(period, number, level, "work", type_, "HOUR", cell.debit, cell.credit, units, 9, (cell,))


def test_a_total_stands_on_the_last_day_of_the_month_that_told_it() -> None:
    history = History(told=[told(500, period="2026-Q1"), told(3, period="2024", month="2024-02", type_="")])
    first, second = entries_of(history)
    assert (first.date.isoformat(), first.label, first.level, first.period) == (
        "2024-02-29",
        "work",
        "broad type",
        "2024",
    )
    assert (second.date.isoformat(), second.label, second.level, second.period) == (
        "2026-03-31",
        "taxes",
        "type",
        "2026-Q1",
    )


def test_balances_add_up_what_was_told() -> None:
    history = History(told=[told(500), told(-20, month="2026-04")])
    tell_in_full(history, [subsidy("2026-01-05", 7)], instant("2026-01-31"), {})
    assert balances(entries_of(history)) == {
        ("Assets:Private:Members:Hours", "HOUR"): -480,
        ("Equity:PSF", "HOUR"): 480,
        (TREASURY, "RSC"): -7,
        (CLINIC, "RSC"): 7,
    }
