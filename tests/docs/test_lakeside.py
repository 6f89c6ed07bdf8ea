"""Lakeside and Riverbend are neighbours: what crosses the border stands in both ledgers, and they settle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from conductor_bean.domain.instants import end_of, last_day_of
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.reports import Row, balances, transfer_records, transfer_row
from tests.docs.test_examples import ROOT

NEIGHBOUR = {"riverbend": "Lakeside", "lakeside": "Riverbend"}
MONTH_ENDS = [end_of(last_day_of(2026, month)) for month in range(1, 13)]
QUARTER_ENDS = MONTH_ENDS[2::3]


@pytest.fixture(scope="module")
def ledgers() -> dict[str, Books]:
    """Both ledgers, loaded once."""
    return {name: load_books(ROOT / "ledgers" / name) for name in NEIGHBOUR}


def clearing(region: str) -> str:
    """The account for the neighbour in a region's ledger."""
    return f"Assets:Regions:{NEIGHBOUR[region]}:Clearing"


def course(books: Books) -> Iterator[tuple[int, list[Row]]]:
    """Balances of credits at the end of each month."""
    for instant, machine in books.course(MONTH_ENDS):
        yield instant, [row for row in balances(books, machine) if row["commodity"] == "RSC"]


def crossings(region: str, books: Books) -> dict[str, tuple[str, Decimal]]:
    """Link, date and amount of everything that was booked on the clearing account."""
    account, found = clearing(region), {}
    for record in transfer_records(books):
        row = transfer_row(books, record)
        if account in (row["debit"], row["credit"]):
            (link,) = [link for link in row["links"] if re.fullmatch(r"lake-\d\d", link)]
            assert link not in found
            sign = 1 if row["credit"] == account else -1
            found[link] = (row["instant"][:10], sign * Decimal(row["amount"]))
    return found


def test_both_hold(ledgers: dict[str, Books]) -> None:
    assert [name for name, books in ledgers.items() if books.errors] == []
    # Its people are given something by friends in Riverbend; nothing here shows where such gifts come from.
    assert [advice.code for advice in ledgers["lakeside"].advice] == ["gift-without-crossing"] * 2


def test_lakeside_keeps_credits_alone_and_closes_every_month(ledgers: dict[str, Books]) -> None:
    books = ledgers["lakeside"]
    assert (books.region.labour_time, books.region.credits is None) == (None, False)
    assert books.machine.state.closed == [f"2026-{month:02}" for month in range(1, 13)]
    recorded = {record.transfer.type for record in transfer_records(books) if not record.transfer.derived}
    assert "wage" in recorded


def test_what_crosses_the_border_stands_in_both_ledgers(ledgers: dict[str, Books]) -> None:
    here, there = (crossings(name, books) for name, books in ledgers.items())
    assert here
    assert there == {link: (date, -amount) for link, (date, amount) in here.items()}


def test_the_clearing_accounts_mirror_each_other_at_every_months_end(ledgers: dict[str, Books]) -> None:
    levels = {}
    for name, books in ledgers.items():
        account = clearing(name)
        levels[name] = {
            instant: Decimal(row["balance"])
            for instant, rows in course(books)
            for row in rows
            if row["account"] == account
        }
    assert list(levels["riverbend"]) == MONTH_ENDS
    assert levels["lakeside"] == {instant: -level for instant, level in levels["riverbend"].items()}
    assert [instant for instant, level in levels["riverbend"].items() if level] == [
        instant for instant in MONTH_ENDS[1:] if instant not in QUARTER_ENDS
    ]


@pytest.mark.parametrize("region", NEIGHBOUR)
def test_the_credits_of_a_region_sum_to_zero(ledgers: dict[str, Books], region: str) -> None:
    for _, rows in course(ledgers[region]):
        assert sum(Decimal(row["balance"]) for row in rows) == 0
