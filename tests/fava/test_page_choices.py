"""What a reader chooses on a page is what she is shown: kinds, states, months, parties, parts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.documents import accountants, all_documents
from conductor_bean.fava import pages
from conductor_bean.fava.pages.accountants import statement
from conductor_bean.fava.pages.blocks import Beside, Charts, Page, Table, Text
from conductor_bean.fava.pages.prices import FIRST
from conductor_bean.fava.pages.query import ROWS
from conductor_bean.ledger.books import Books, load_books
from tests.fava.test_page_parts import Addresses

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def books() -> Books:
    return load_books(ROOT / "ledgers" / "riverbend")


@pytest.fixture(scope="module")
def documents(books: Books) -> dict[str, Any]:
    return all_documents(books)


def shown(documents: dict[str, Any], name: str, **asked: str) -> Page:
    return pages.PAGES[name](documents[name], pages.Query.of({"page": name, **asked}), Addresses())


def blocks(page: Page) -> Iterator[Any]:
    """All blocks of a page, also those beside each other."""
    for section in page.sections:
        for block in section.blocks:
            yield from block.blocks if isinstance(block, Beside) else [block]


def rows(page: Page, caption: str) -> list[list[str]]:
    """The texts of the table of a caption."""
    (table,) = [block for block in blocks(page) if isinstance(block, Table) and block.caption == caption]
    return [[cell.text for cell in row] for row in table.rows]


def charts(page: Page) -> dict[str, Any]:
    return {
        chart["label"]: chart["data"] for block in blocks(page) if isinstance(block, Charts) for chart in block.charts
    }


def notices(page: Page) -> str:
    return " ".join(part.text for block in blocks(page) if isinstance(block, Text) for part in block.parts)


@pytest.mark.parametrize("state", ["active", "filed", "expired", "rejected", "withdrawn"])
def test_plans_are_shown_by_state(documents: dict[str, Any], state: str) -> None:
    expected = [row["plan"] for row in documents["plans"]["plans"] if row["state"] == state]
    assert [row[0] for row in rows(shown(documents, "plans", state=state), "Plans")] == expected


@pytest.mark.parametrize(("kind", "public"), [("public", True), ("productive", False)])
def test_plans_are_shown_by_kind(documents: dict[str, Any], kind: str, *, public: bool) -> None:
    expected = [row["plan"] for row in documents["plans"]["plans"] if row["public"] is public]
    assert expected
    assert [row[0] for row in rows(shown(documents, "plans", kind=kind), "Plans")] == expected


def test_companies_are_shown_by_who_owns_them(documents: dict[str, Any]) -> None:
    for kind in ("regional", "workers"):
        expected = [row["company"] for row in documents["companies"]["companies"] if row["ownership"] == kind]
        assert [row[0] for row in rows(shown(documents, "companies", kind=kind), "Companies")] == expected


def test_the_books_of_one_regional_company_are_shown(documents: dict[str, Any]) -> None:
    page = shown(documents, "companies", party="TradeSchool")
    (company,) = [row for row in documents["companies"]["companies"] if row["company"] == "TradeSchool"]
    costs = rows(page, "Costs by month")
    assert [row[0] for row in costs] == [month["month"] for month in company["costs"]]
    assert [row[6] for row in costs] == [month["cost"] for month in company["costs"]]
    assert page.sections[0].heading == "Books of Riverbend Trade School"


@pytest.mark.parametrize("party", ["Bakery", "Nobody"])
def test_there_are_no_public_books_of_others(documents: dict[str, Any], party: str) -> None:
    assert "no public books" in notices(shown(documents, "companies", party=party))


def test_transfers_are_counted_in_the_month_that_is_asked_for(documents: dict[str, Any]) -> None:
    page = shown(documents, "transfers", month="2026-03")
    for row, law in zip(rows(page, "The table of allowed transfers"), documents["transfers"]["rows"], strict=True):
        (found,) = [period for period in law["periods"] if period["period"] == "2026-03"] or [
            {"count": 0, "volume": "0"}
        ]
        assert row[3:5] == [str(found["count"]), found["volume"]]


def test_prices_are_shown_by_kind(documents: dict[str, Any]) -> None:
    everything = shown(documents, "prices")
    offers = documents["prices"]["offers"]
    goods = [row["offer"] for row in offers if row["kind"] != "job"]
    assert [row[1] for row in rows(everything, "Products and services for credits")] == goods
    alone = shown(documents, "prices", kind="property")
    assert [section.heading for section in alone.sections[1:]] == ["Property of the region"]


def test_jobs_stand_apart_and_all_kinds_together_show_the_first_of_each(documents: dict[str, Any]) -> None:
    job = {**documents["prices"]["offers"][0], "kind": "job", "occupation": "baker", "wage": {"min": "18", "max": "24"}}
    many = [{**job, "offer": f"job-{number}"} for number in range(FIRST + 5)]
    changed = {"prices": {**documents["prices"], "offers": many}}
    together, alone = shown(changed, "prices"), shown(changed, "prices", kind="jobs")
    assert len(rows(together, "Jobs")) == FIRST
    assert f"The first {FIRST} of {FIRST + 5}." in notices(together)
    assert [row[1] for row in rows(alone, "Jobs")] == [row["offer"] for row in many]
    assert rows(alone, "Jobs")[0][4] == "18 to 24"
    assert rows(together, "Products and services for credits") == []


def test_a_decision_that_is_not_in_force_yet_says_so(documents: dict[str, Any]) -> None:
    assert "Not in force yet" not in notices(shown(documents, "decisions"))
    changed = {**documents["decisions"], "decisions": [{**documents["decisions"]["decisions"][0], "in_force": False}]}
    assert "Not in force yet" in notices(shown({"decisions": changed}, "decisions"))


def test_fic_is_drawn_from_the_first_plan_on(documents: dict[str, Any]) -> None:
    points = charts(shown(documents, "region"))["FIC by day (%)"]
    assert points[0]["date"] == next(row["date"] for row in documents["region"]["fic"] if Decimal(row["L"]))
    assert points[0]["balance"]["FIC (%)"] < 100


def test_prices_below_one_are_drawn_for_a_hundred_units(documents: dict[str, Any]) -> None:
    (label, points), *_ = charts(shown(documents, "cooperations")).items()
    (row,) = documents["cooperations"]["cooperations"]
    assert label == "Price of 100 units over time (HOUR): Bread"
    assert points[-1] == {"date": "2026-12-31", "balance": {"HOUR": 100 * Decimal(row["price"])}}
    dear = {**row, "prices": [{"instant": f"2026-0{n}-01T00:00:00", "price": f"{n}.5"} for n in (1, 2)], "price": "2.5"}
    changed = {"cooperations": {**documents["cooperations"], "cooperations": [dear]}}
    assert [point["balance"]["HOUR"] for point in next(iter(charts(shown(changed, "cooperations")).values()))] == [
        Decimal("1.5"),
        Decimal("2.5"),
        Decimal("2.5"),
    ]


def test_a_statement_shows_the_balance_that_each_transfer_leaves(books: Books) -> None:
    found = accountants.statement(books, "Lea")
    page = statement(accountants.parties(books), found, pages.Query(page="statement", party="Lea"), Addresses())
    lines = rows(page, "Statement of Lea")
    for name, closing in found["closing"].items():
        last = [line[5] for line in lines if line[1] == name.rpartition(":")[2]]
        assert not last or last[-1] == closing


def test_a_long_statement_opens_at_its_newest_transfers(books: Books) -> None:
    found = accountants.statement(books, "Lea")
    found["transfers"] = found["transfers"] * 10
    query = pages.Query(page="statement", party="Lea")
    parties = accountants.parties(books)
    newest = rows(statement(parties, found, query, Addresses()), "Statement of Lea")
    oldest = rows(
        statement(parties, found, pages.Query(page="statement", party="Lea", part=1), Addresses()), "Statement of Lea"
    )
    assert newest[-1][0] == "the end of 2026-12-31"
    assert len(oldest) == ROWS
    assert oldest[0][0] == "the end of 2026-01-31"
