"""Documents that look at an earlier instant are those of a ledger that ends there."""

from __future__ import annotations

from pathlib import Path

from conductor_bean.documents import all_documents
from conductor_bean.domain.instants import parse_instant
from conductor_bean.ledger.books import load_books
from tests.cli.town import both_months, write_town
from tests.support import load, work


def test_documents_of_an_earlier_month_are_those_of_a_ledger_without_later_ones(tmp_path: Path) -> None:
    january = load_books(write_town(tmp_path / "january", {"2026-01": both_months()["2026-01"]}))
    longer = load_books(write_town(tmp_path / "longer", both_months()))
    then = all_documents(longer, parse_instant("2026-01-31"))
    assert then == all_documents(january)
    assert then != all_documents(longer)


def test_a_later_instant_than_the_last_event_changes_nothing_but_the_time() -> None:
    books = load(work("Bakery", "Ada", 8, date="2026-02-03")).books
    then = all_documents(books, parse_instant("2026-03-31"))
    assert [row["month"] for row in then["region"]["months"]] == ["2026-01", "2026-02", "2026-03"]
    assert then["region"]["fic"][-1]["date"] == "2026-03-31"
    assert then["region"]["accounts"] == all_documents(books)["region"]["accounts"]
