"""Documents of the example regions, held against what the commands print of the same ledgers."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.documents import DOCUMENTS, all_documents
from conductor_bean.ledger.books import Books, load_books
from tests.support import conductor

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ("riverbend", "lakeside", "imported")


@pytest.fixture(scope="module", params=REGIONS)
def folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / "ledgers" / str(request.param)


@pytest.fixture(scope="module")
def books(folder: Path) -> Books:
    return load_books(folder)


@pytest.fixture(scope="module")
def documents(books: Books) -> dict[str, Any]:
    return all_documents(books)


def said(*arguments: object) -> Any:
    """What a command prints as JSON."""
    return json.loads(conductor(*arguments, "--json").stdout)


def total(rows: list[dict[str, Any]], key: str) -> Decimal:
    return sum((Decimal(row[key]) for row in rows), Decimal(0))


def test_every_document_is_json_and_begins_with_whose_it_is(documents: dict[str, Any], books: Books) -> None:
    assert list(documents) == list(DOCUMENTS)
    for document in documents.values():
        assert json.loads(json.dumps(document)) == document
        assert next(iter(document)) == "about"
        assert document["about"]["region"] == books.region.id


def test_one_page_alone_shows_what_all_pages_show_together(documents: dict[str, Any], books: Books) -> None:
    for name, document in DOCUMENTS.items():
        assert document(books, None) == documents[name]


def test_fic_of_each_morning_is_what_conductor_fic_prints(documents: dict[str, Any], folder: Path) -> None:
    document = documents["region"]
    if document["about"]["hours"] is None:
        assert document["fic"] == []
        return
    start, end = document["about"]["from"], document["about"]["through"]
    rows = said("fic", folder, "--from", start, "--to", end)
    for row in rows:
        row.update(date=row.pop("instant")[:10])
        del row["window"]
    assert document["fic"] == rows
    now = said("fic", folder)
    assert {key: document["now"][key] for key in ("fic", "L", "L_o", "P_o", "R_o")} == {
        key: now[key] for key in ("fic", "L", "L_o", "P_o", "R_o")
    }


def test_months_are_those_of_conductor_months(documents: dict[str, Any], folder: Path) -> None:
    rows = said("months", folder)
    for region, funds, row in zip(documents["region"]["months"], documents["months"]["months"], rows, strict=True):
        for key in ("month", "closed", "fic", "psf", "taxes", "dividend", "treasury"):
            assert region[key] == row.get(key), key
        treasury = funds["treasury"]
        if "treasury" not in row:
            assert treasury is None
        else:
            assert treasury["opening"] == row["treasury_opening"]
            assert treasury["income"] == row["treasury_income"]
            assert treasury["spending"] == row["treasury_spending"]
            assert treasury["closing"] == row["treasury"]
            assert funds["members"] == row["members"]
            assert funds["companies_short"] == row["companies_short"]
            assert funds["members_short"] == row["members_short"]


def test_each_fund_ends_a_month_with_what_it_had_and_what_came_less_what_went(documents: dict[str, Any]) -> None:
    for fund in ("treasury", "psf"):
        before = Decimal(0)
        for month in documents["months"]["months"]:
            row = month[fund]
            if row is None:
                continue
            came, went = (sum(map(Decimal, row[side].values()), Decimal(0)) for side in ("income", "spending"))
            assert Decimal(row["opening"]) == before
            assert Decimal(row["closing"]) == before + came - went
            before = Decimal(row["closing"])


def test_regional_profit_is_what_it_consists_of(documents: dict[str, Any]) -> None:
    closed = [row for row in documents["region"]["months"] if row["regional_profit"] is not None]
    assert bool(closed) == (documents["region"]["about"]["credits"] is not None)
    for row in closed:
        parts = [Decimal(row[key]) for key in ("taxes", "bank_surplus", "surcharges")]
        assert min(parts) >= 0
        assert Decimal(row["regional_profit"]) == sum(parts)


def test_plans_companies_and_cooperations_are_those_of_the_commands(documents: dict[str, Any], folder: Path) -> None:
    plans = documents["plans"]["plans"]
    assert [{key: plan[key] for key in plan if key != "description"} for plan in plans] == said("plans", folder)
    for shown, row in zip(documents["companies"]["companies"], said("companies", folder), strict=True):
        assert shown["members"] == len(row["members"])
        keys = ("company", "ownership", "wallet", "p", "r", "a", "prd", "deviation")
        off = () if documents["companies"]["about"]["hours"] else ("p", "r", "a", "prd", "deviation")
        assert {key: shown[key] for key in keys} == {key: None if key in off else row[key] for key in keys}
    if documents["plans"]["about"]["hours"] is not None:
        for shown, row in zip(documents["cooperations"]["cooperations"], said("cooperations", folder), strict=True):
            same = ("cooperation", "balance", "price", "coordinator", "coordinators", "requests")
            assert {key: shown[key] for key in same} == {key: row[key] for key in same}
            assert [plan["plan"] for plan in shown["plans"]] == row["plans"]


def test_costs_stand_at_regional_companies_alone(documents: dict[str, Any], folder: Path) -> None:
    for company in documents["companies"]["companies"]:
        if company["ownership"] == "regional" and documents["companies"]["about"]["credits"] is not None:
            row = said("cost", folder, company["company"])
            assert (company["costs"], company["products"]) == (row["months"], row["offers"])
        else:
            assert (company["costs"], company["products"]) == (None, None)


def test_the_table_counts_every_transfer_once(documents: dict[str, Any], folder: Path, books: Books) -> None:
    moved = said("transfers", folder)
    rows = documents["transfers"]["rows"]
    table = said("transfers", "--table")
    assert [(row["name"], row["debit"], row["credit"]) for row in rows] == [
        (row["name"], row["debit"], row["credit"]) for row in table
    ]
    reversals = sum(
        len(outcome.transfers)
        for outcome in books.outcomes
        if outcome.rejection is None and getattr(getattr(outcome.event, "type", None), "name", "") == "reversal"
    )
    assert sum(row["count"] for row in rows) == len(moved) - reversals
    assert total(rows, "volume") + total(rows, "reversed") == total(moved, "amount")
    for row in rows:
        assert sum(period["count"] for period in row["periods"]) == row["count"]
        assert total(row["periods"], "volume") == Decimal(row["volume"])
    assert sum(row["transfers"] for row in documents["region"]["months"]) == len(moved)


def test_hours_of_the_months_are_the_hours_worked(documents: dict[str, Any], folder: Path) -> None:
    if documents["region"]["about"]["hours"] is None:
        return
    certificates = said("transfers", folder, "--type", "work_certificates")
    worked = sum(
        (Decimal(row["amount"]) * (1 if row["debit"].endswith(":A") else -1) for row in certificates), Decimal(0)
    )
    assert total(documents["region"]["months"], "hours") == worked


def test_prices_and_lists_are_those_of_the_commands(documents: dict[str, Any], folder: Path) -> None:
    document = documents["prices"]
    if document["about"]["hours"] is not None:
        active = [row for row in said("plans", folder) if row["state"] == "active"]
        assert [(row["plan"], row["price"]) for row in document["plans"]] == [
            (row["plan"], row["price"]) for row in active
        ]
    if document["about"]["credits"] is not None:
        assert document["lists"] == [
            {key: row[key] for key in ("list", "length", "served")} for row in said("lists", folder)
        ]
        assert [(row["property"], row["monthly_cost"], row["lessee"]) for row in document["properties"]] == [
            (row["property"], row["monthly_cost"], row["lessee_name"] or row["lessee"])
            for row in said("properties", folder)
        ]


def test_only_what_belongs_to_the_region_stands_among_its_accounts(documents: dict[str, Any], folder: Path) -> None:
    private = {"member", "member_wallet", "company_wallet", "p", "r", "a", "prd", "debt"}
    rows = [row for row in said("balances", folder) if row["kind"] not in private]
    assert documents["region"]["accounts"] == rows
