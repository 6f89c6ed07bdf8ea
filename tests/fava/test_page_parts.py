"""The parts of pages alone: words, searching and leafing, charts, the picture of a month."""

from __future__ import annotations

import datetime
import json
import os
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.fava.pages import charts, words
from conductor_bean.fava.pages.blocks import DASH, LONGEST, cut, number
from conductor_bean.fava.pages.flow import LABEL, TALLEST, Flow, flow
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.source import EditionSource, LedgerSource
from tests.support import load


class Addresses:
    """Links that say what they lead to."""

    private = False

    def page(self, name: str, **parameters: object) -> str:
        return f"{name}?{parameters}"

    def account(self, name: str, time: str = "", entries: str = "") -> str:
        return f"{name} {time} {entries}".rstrip()

    def journal(self, entries: str = "", time: str = "") -> str:
        return f"{entries} {time}"

    def source(self, file: str, line: int) -> str:
        return f"{file}:{line}"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_lasts_from_its_first_to_its_last_date(period: str, first: str, last: str) -> None:
    assert words.period_dates(period) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@pytest.mark.parametrize("period", ["", "2026-13", "2026-Q5", "0000", "9999", "2026-1", "²026", "2026-03-01", None])
def test_what_is_no_period_has_no_dates(period: object) -> None:
    assert words.period_dates(period) is None


@pytest.mark.parametrize(
    ("share", "shown"), [("0.33", "33 %"), ("0.005", "0.5 %"), ("0", "0 %"), ("1", "100 %"), ("0.12345", "12.34 %")]
)
def test_a_share_is_a_percentage_with_as_many_digits_as_it_needs(share: str, shown: str) -> None:
    assert words.percent(share) == shown


def test_instants_are_told_as_people_say_them() -> None:
    assert words.moment("2026-03-31T23:59:59.999999") == "the end of 2026-03-31"
    assert words.moment("2026-03-31T00:00:00") == "2026-03-31"
    assert words.moment("2026-03-31T08:30:00") == "2026-03-31 08:30:00"
    assert words.moment(None) == ""


def test_a_long_number_is_rounded_and_told_whole_beside() -> None:
    cell = number("0.7674963548210101", digits=4)
    assert (cell.text, cell.title) == ("0.7675", "0.7674963548210101")
    assert number("0.50", digits=4).text == "0.50"
    assert number(None).text == DASH


def test_a_long_name_is_cut() -> None:
    cell = cut("x" * 10_000)
    assert len(cell.text) == LONGEST
    assert len(cell.title) <= 5 * LONGEST
    assert cut("").text == cut(None).text == DASH


def test_every_word_must_be_found_within_one_text() -> None:
    rows = [("Rye bread", "Bakery"), ("Bread", "Mill")]
    assert search(rows, "BREAD mill", lambda row: row) == [rows[1]]
    assert search(rows, "breadbakery", lambda row: row) == []
    assert search(rows, "bread bakery", lambda row: row) == [rows[0]]
    assert search(rows, " ", lambda row: row) == rows


@given(total=st.integers(0, 60), size=st.integers(1, 20), part=st.integers(0, 100))
def test_a_part_is_never_larger_than_allowed_and_says_where_it_stands(total: int, size: int, part: int) -> None:
    shown, pager = part_of(list(range(total)), Query("plans", part=part), Addresses(), size)
    assert len(shown) <= size
    if pager is None:
        assert list(shown) == list(range(total))
    else:
        assert list(shown) == list(range(pager.first - 1, pager.last))
        assert shown
        assert (pager.before == "") == (pager.first == 1)
        assert (pager.after == "") == (pager.last == pager.total == total)


def test_leafing_keeps_what_was_asked_for() -> None:
    query = Query("plans", q="bread", state="active", part=2)
    _, pager = part_of(list(range(10)), query, Addresses(), 4)
    assert pager is not None
    assert pager.after == "plans?{'q': 'bread', 'state': 'active', 'part': 3}"


def test_a_query_is_cut_to_its_bounds() -> None:
    query = Query.of({"page": "plans", "q": "x" * 1_000, "part": "3", "other": "y"})
    assert (len(query.q), query.part) == (100, 3)


def test_a_chart_leaves_out_what_is_missing_and_never_grows_beyond_its_points() -> None:
    chart = charts.line("Line", [("2026-01-01", {"a": "1", "b": None}), ("2026-01-02", {"b": None})])
    assert chart["data"] == [{"date": "2026-01-01", "balance": {"a": Decimal(1)}}]
    assert len(charts.line("Line", [("2026-01-01", {"a": "1"})] * 5_000)["data"]) == charts.POINTS
    assert charts.drawable(chart) == []


def test_bars_stand_at_the_first_date_of_their_period() -> None:
    chart = charts.bars("Bars", [("2026-Q2", {"a": "1"}), ("soon", {"a": "1"}), ("2026-07", {"a": None})])
    assert [bar["date"] for bar in chart["data"]] == ["2026-04-01"]


amounts = st.dictionaries(
    st.sampled_from(["taxes", "rent", "issue", "dividend", "subsidy"]),
    st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False),
)


@given(opening=st.decimals(-(10**6), 10**6, places=2), income=amounts, spending=amounts)
def test_what_came_is_as_tall_as_what_went(
    opening: Decimal, income: dict[str, Decimal], spending: dict[str, Decimal]
) -> None:
    closing = opening + sum(income.values()) - sum(spending.values())
    fund: dict[str, Any] = {
        "opening": str(opening),
        "income": {name: str(value) for name, value in income.items()},
        "spending": {name: str(value) for name, value in spending.items()},
        "closing": str(closing),
    }
    picture = flow("Treasury", "2026-03", "RSC", fund)
    sides = [
        sum(Decimal(band.amount.split()[0]) for band in picture.bands if band.anchor == side)
        for side in ("end", "start")
    ]
    assert sides[0] == sides[1]
    if picture.bands:
        _hold_labels_apart(picture)
    else:
        assert "Nothing came" in picture.empty


def _hold_labels_apart(picture: Flow) -> None:
    assert float(picture.height) >= TALLEST
    for side in ("end", "start"):
        heights = [float(band.y) for band in picture.bands if band.anchor == side]
        assert all(0 < height < float(picture.height) for height in heights)
        assert all(below - above > LABEL - 0.2 for above, below in pairwise(heights))


def test_a_picture_bears_what_is_private() -> None:
    fund: dict[str, Any] = {"opening": None, "income": {"taxes": None}, "spending": None, "closing": None}
    assert flow("Treasury", "2026-03", "RSC", fund).empty
    fund["income"] = {"taxes": None, "other": "5.00"}
    picture = flow("Treasury", "2026-03", "RSC", fund)
    assert [band.label for band in picture.bands] == ["other"]
    assert "Before: not known" in picture.description


def test_a_transfer_is_filtered_by_its_whole_name() -> None:
    patterns = re.findall('"(.*?)"', words.transfer_filter("wage"))
    assert patterns
    for pattern in patterns:
        assert re.search(pattern, "wage")
        assert not any(re.search(pattern, other) for other in ("wages", "living_wage"))


def test_a_document_of_a_ledger_is_computed_once() -> None:
    source = LedgerSource(lambda: load().books)
    assert source.books is source.books
    assert source.document("plans") is source.document("plans")
    assert source.statement("Ada") is source.statement("Ada")
    assert source.statement("Nobody") is None


def test_a_file_of_an_edition_is_parsed_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "region.json"
    path.write_text('{"a": 1}')
    source, parsed, loads = EditionSource(tmp_path), [], json.loads

    def counted(text: str) -> Any:
        parsed.append(text)
        return loads(text)

    monkeypatch.setattr("conductor_bean.fava.source.json.loads", counted)
    assert source.document("region") == source.document("region") == {"a": 1}
    assert len(parsed) == 1
    path.write_text('{"a": 2}')
    os.utime(path, ns=(1, 1))
    assert source.document("region") == {"a": 2}
    path.unlink()
    assert source.document("region") is None
