"""A report counts members and never names them, on the private ledger too."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.canaries import CANARY, unmasked, write_aviary
from tests.reporting.reading import Page, everything, paper_text, written
from tests.support import conductor


@pytest.fixture(scope="module")
def aviary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A region with every fact and every transfer of the language, and canaries in all that is private."""
    folder = tmp_path_factory.mktemp("reported") / CANARY
    ledger = write_aviary(folder)
    main = ledger / "main.beancount"
    main.write_text("\n".join(line for line in main.read_text().splitlines() if '"seal"' not in line) + "\n")
    return ledger


def test_no_byte_of_a_report_names_a_member(aviary: Path, tmp_path: Path) -> None:
    files = written(aviary, tmp_path / "out", "--year", "2026")
    assert CANARY not in unmasked(files[".html"])
    assert CANARY not in unmasked(everything(files[".pdf"]).decode("utf-8", "replace").encode())
    assert Page(files[".html"]).table("Wait-lists").rows  # somebody waits, and is counted


def test_a_canary_would_be_found(aviary: Path, tmp_path: Path) -> None:
    result = conductor("statement", aviary, "KanariAda", "--output", tmp_path / "hers.pdf")
    assert result.exit_code == 0, result.output
    content = (tmp_path / "hers.pdf").read_bytes()
    assert "kanariada" in unmasked(everything(content).decode("utf-8", "replace").encode())
    assert "KanariAda" in paper_text(content)
