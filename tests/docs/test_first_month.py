"""An accountant's first month, run as the guide shows it: from `conductor init` to the sealed month and its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor_bean.ledger.books import Books, load_books
from tests.docs.test_examples import FIRST_MONTH, blocks_of, commands_of, follow, run

pytestmark = pytest.mark.xdist_group("first-month")


@pytest.fixture(scope="module")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that is there after everything on the page was typed; each output was compared."""
    folder = tmp_path_factory.mktemp("first-month")
    follow(FIRST_MONTH, folder)
    return folder / "valley"


@pytest.fixture(scope="module")
def books(valley: Path) -> Books:
    """The books of that month, read in full."""
    return load_books(valley)


def test_the_page_begins_with_init_and_goes_by_close_and_seal_to_the_report() -> None:
    blocks = [block for block in blocks_of(FIRST_MONTH) if block.language == "console"]
    shown = [command for block in blocks for command, _ in commands_of(block.text)]
    verbs = [command.split()[1] for command in shown if command.startswith("conductor ")]
    assert verbs[0] == "init"
    order = [verbs.index(verb) for verb in ("init", "add", "import", "close", "seal", "report")]
    assert order == sorted(order)


def test_the_books_hold_and_the_month_is_closed_and_sealed(books: Books) -> None:
    assert books.problems == []
    assert list(books.machine.state.closed) == ["2026-03"]
    assert [month for month, *_ in books.machine.state.sealed] == ["2026-03"]


def test_the_report_of_the_month_is_there(valley: Path) -> None:
    assert (valley / "reports" / "report-2026-03.pdf").read_bytes().startswith(b"%PDF-")
    assert "The Valley" in (valley / "reports" / "report-2026-03.html").read_text("utf-8")


def test_all_that_was_written_is_committed_and_the_reports_are_not(valley: Path) -> None:
    assert run("git status --porcelain", valley) == ""
    tracked = run("git ls-files", valley).split()
    assert "seals/2026-03.txt" in tracked
    assert not [name for name in tracked if name.startswith("reports")]


def test_the_files_are_in_the_canonical_layout(valley: Path) -> None:
    assert "formatted" not in run("conductor format --check .", valley), "the guide's commands write as format does"
