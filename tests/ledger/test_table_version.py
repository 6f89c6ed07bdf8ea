"""LANGUAGE.md, "The table's version": a ledger that held holds with every later release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from conductor_bean.domain import transfers
from conductor_bean.domain.problems import codes
from conductor_bean.domain.transfers import VERSIONS, recorded_between, rows, table
from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.problem import Problem
from tests.support import REGION, check

ROOT = Path(__file__).resolve().parents[2]
CREDITS = REGION.replace("decisions:", "  credits: {name: RSC, precision: 0.01}\ndecisions:")

HOUSE = """
2026-01-02 custom "property" "flat-1"
  kind: "housing"
  price: 10 RSC
2026-01-03 * "The region issues"
  by: "carla"
  transfer: "issue"
  Equity:Issuance         -100 RSC
  Assets:Region:Treasury   100 RSC
2026-01-04 * "The region buys the flat of Ada" ^flat-1
  by: "carla"
  Assets:Region:Treasury     -10 RSC
  Assets:Members:Ada:Wallet   10 RSC
"""
BACK = """
2026-01-05 * "and sells it to her again" ^flat-1{}
  by: "carla"
  Assets:Members:Ada:Wallet  -10 RSC
  Assets:Region:Treasury      10 RSC
"""


def named(version: object) -> str:
    """Return the region of most tests, with its credits and a version of the table."""
    return CREDITS.replace("commodities:", f"table: {version}\ncommodities:")


@pytest.fixture
def donation(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a row of a next version between two kinds that have a recorded row already."""
    (sale,) = [row for row in rows() if row.name == "property_sale" and ("member_wallet", "treasury") in row.pairs]
    added = (*rows(), replace(sale, name="donation", debit="member_wallet", credit="treasury", approved=False, since=3))
    monkeypatch.setattr(transfers, "rows", lambda: added)
    for cached in (table, recorded_between):
        cached.cache_clear()
    yield
    monkeypatch.undo()
    for cached in (table, recorded_between):
        cached.cache_clear()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_row_of_the_next_version_is_no_candidate_for_two_accounts_that_had_one(donation: None, version: int) -> None:
    pair = ("member_wallet", "treasury")
    assert [row.name for row in recorded_between(version)[pair]] == ["property_sale"]
    assert [row.name for row in recorded_between(3)[pair]] == ["property_sale", "donation"]
    books = check(HOUSE + BACK.format(""), region=named(version))
    assert len(books.transfers("property_sale")) == 1
    # Who says which of them it is says it in any version, and what is said stays what it was.
    check(HOUSE + BACK.format('\n  transfer: "property_sale"'), region=named(version))


@pytest.mark.parametrize("example", ["riverbend", "lakeside"])
def test_a_row_of_the_next_version_breaks_no_example(donation: None, example: str) -> None:
    books = load_books(ROOT / "ledgers" / example)
    assert books.complete
    assert books.errors == []


@pytest.mark.parametrize("value", ["0", "3", "-1", "1.5", "2.0", '"x"', "x", "true", "null", "[2]", "{a: 2}", "1e0"])
def test_a_version_that_this_release_does_not_know_is_a_fault_of_region_yaml(value: str) -> None:
    text = REGION.replace("commodities:", f"table: {value}  # ! region-file-wrong-value\ncommodities:")
    message = check("", region=text, prelude="").message("region-file-wrong-value")
    assert "this release knows versions 1 and 2 of the table; write one of them" in message


def test_a_mistyped_key_is_told_as_that() -> None:
    text = REGION.replace("commodities:", "tabel: 2  # ! region-file-unknown-key\ncommodities:")
    assert "did you mean table?" in check("", region=text, prelude="").message("region-file-unknown-key")


@pytest.mark.parametrize(("text", "version"), [(REGION, 1), (named(1), 1), (named(2), 2), (named('"2"'), 2)])
def test_a_region_names_the_version_of_its_table_and_means_the_first_where_it_says_nothing(
    text: str, version: int
) -> None:
    assert check("", region=text, prelude="").books.region.table == version


def test_a_code_may_be_advice_in_one_version_and_an_error_from_another_on() -> None:
    code = replace(codes()["empty-plan"], error_since=2)
    assert [code.is_advice(version) for version in VERSIONS] == [True, False]
    assert not codes()["duplicate-id"].is_advice(1)
    assert Problem("a", 1, "empty-plan", "", 2).is_advice
