"""Months that are open, empty, unknown; regions with one economy; ledgers with errors; public editions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.town import both_months, write_town
from tests.reporting.reading import Page, page_of, paper_text, written
from tests.support import conductor, work, write

MONTH = ("--month", "2026-01")


@pytest.fixture(scope="module")
def edition(riverbend: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public edition of the example region."""
    folder = tmp_path_factory.mktemp("told")
    shutil.copytree(riverbend, folder / "ledger", ignore=shutil.ignore_patterns("publication.json"))
    assert conductor("publish", folder / "ledger", "--to", folder / "edition").exit_code == 0
    return folder / "edition"


def test_a_month_that_is_not_closed_says_so(tmp_path: Path) -> None:
    ledger = write_town(tmp_path / "town", both_months(closed=False))
    page = page_of(ledger, tmp_path / "out", "--month", "2026-02")
    assert "Not closed: 2026-02." in page.text
    assert page.table("Regional profit and what").column("regional profit") == ["not yet", "not yet"]
    assert page.figures["Dividend of each member"] == "–"


def test_a_month_that_is_not_over_says_where_the_ledger_ends(town: Path, tmp_path: Path) -> None:
    page = page_of(town, tmp_path / "out", "--month", "2026-03")
    assert "before 2026-03 is over" in page.text
    assert "Not closed: 2026-03." in page.text


def test_a_closed_month_has_no_warning(march_page: Page) -> None:
    assert ("p", {"class": "warning", "role": "note"}) not in march_page.tags


def test_a_month_without_events_is_reported(tmp_path: Path) -> None:
    ledger = write(tmp_path / "ledger", work("Bakery", "Ada", 8, date="2026-03-02"))
    page = page_of(ledger, tmp_path / "out", "--month", "2026-02")
    assert page.table("Month by month").column("worked") == ["0.00", "0.00"]
    assert "stand as at the end of 2026-02-28" in page.text
    assert "Nothing moved." in page.text


def test_a_region_without_credits_is_reported(small: Path, tmp_path: Path) -> None:
    files = written(small, tmp_path / "out", *MONTH)
    page = Page(files[".html"])
    assert page.faults == []
    assert "Regional credits are off" in page.text
    assert "Treasury" not in page.figures
    assert "Not closed" not in page.text
    assert "Regional credits are off" in paper_text(files[".pdf"])


def test_a_region_without_labour_time_is_reported(credits_only: Path, tmp_path: Path) -> None:
    files = written(credits_only, tmp_path / "out", *MONTH)
    page = Page(files[".html"])
    assert page.faults == []
    assert "Labour time is off" in page.text
    assert "Public Sector Fund" not in page.figures
    assert page.figures["Treasury"].endswith(" RSC")
    assert "Labour time is off" in paper_text(files[".pdf"])


def test_a_year_that_has_begun_is_reported_as_far_as_it_is_told(town: Path, tmp_path: Path) -> None:
    page = page_of(town, tmp_path / "out", "--year", "2026")
    assert page.table("The months of 2026").column("month") == ["2026-01", "2026-02", "2026-03"]
    assert "sum of closed months" in page.table("Regional profit and what").sums[0]


def test_a_region_where_nothing_happened_yet_has_no_month(tmp_path: Path) -> None:
    ledger = write(tmp_path / "ledger", prelude="")
    result = conductor("report", ledger, *MONTH, "--to", tmp_path / "out")
    assert result.exit_code == 2
    assert "no events yet" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("time", [("--month", "2025-12"), ("--month", "2026-04"), ("--year", "2027")])
def test_a_time_that_the_ledger_does_not_know_is_refused(town: Path, tmp_path: Path, time: tuple[str, str]) -> None:
    result = conductor("report", town, *time, "--to", tmp_path / "out")
    assert result.exit_code == 2
    assert f"nothing to report of {time[1]}: the ledger runs from 2026-01 to 2026-03" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_ledger_with_errors_has_no_report(faulty: Path, tmp_path: Path) -> None:
    result = conductor("report", faulty, *MONTH, "--to", tmp_path / "out")
    assert result.exit_code == 1
    assert "doc.beancount:" in result.stderr
    assert "nothing is written" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_ledger_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = conductor("report", tmp_path / "nowhere", *MONTH, "--to", tmp_path / "out")
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr


def test_a_private_report_says_that_it_is_not_for_everybody(march_page: Page, march: dict[str, bytes]) -> None:
    for text in (march_page.text, paper_text(march[".pdf"])):
        assert "Made from the private ledger of The Riverbend Valley, for its accountants." in text


def test_a_report_of_an_edition_says_so_and_tells_what_the_edition_tells(edition: Path, tmp_path: Path) -> None:
    files = written(edition, tmp_path / "out", "--year", "2026")
    page = Page(files[".html"])
    told = json.loads((edition / "data" / "region.json").read_text("utf-8"))["months"]
    assert "Made from a public edition" in page.text
    assert "Made from a public edition" in paper_text(files[".pdf"])
    assert page.faults == []
    assert page.table("The months of 2026").column("treasury") == [row["treasury"] or "not told" for row in told]
    bakery = page.table("Companies, 2026-12-31").row("Bakery")
    assert bakery["wallet RSC"] == bakery["people"] == "not told"
    assert page.figures["Hours worked"] == "not told"
    assert page.table("Plans at work").column("consumed") == ["not told"] * len(page.table("Plans at work").rows)


def test_an_edition_does_not_look_back_and_says_so(edition: Path, tmp_path: Path) -> None:
    page = page_of(edition / "main.beancount", tmp_path / "out", "--month", "2026-03")
    assert "an edition does not look back" in page.text
    assert page.table("FIC with its parts").caption.endswith("the morning of 2026-03-31")
    assert "Active plans, 2026-12-31" in page.figures


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("edition.json", '{"edition": 99}'),
        ("region.json", "{"),
        ("region.json", "[]"),
        ("plans.json", '{"plans": [{"plan": 1}]}'),
        ("months.json", "{}"),
    ],
)
def test_a_damaged_edition_is_refused(edition: Path, tmp_path: Path, file: str, content: str) -> None:
    shutil.copytree(edition, tmp_path / "edition")
    (tmp_path / "edition" / "data" / file).write_text(content, "utf-8")
    result = conductor("report", tmp_path / "edition", *MONTH, "--to", tmp_path / "out")
    assert result.exit_code == 2
    assert "publish" in result.stderr
    assert not (tmp_path / "out").exists()
