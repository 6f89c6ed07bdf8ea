"""Books of an imported region, written back by Beancount's printer and loaded again, are the same books."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from beancount.parser import printer

from conductor_bean.ledger.books import load_books
from tests.importers.support import database, imported

MAIN = 'plugin "conductor_bean.plugins.conductor"\ninclude "books.beancount"\n'


@pytest.mark.parametrize("name", ["small3", "medium11"])
def test_books_at_a_fine_precision_survive_being_written_back(name: str, tmp_path: Path) -> None:
    folder = imported(database(name), tmp_path / "region")
    first = load_books(folder)
    text = io.StringIO()
    printer.print_entries(first.entries, file=text)
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(folder / "region.yaml", again)
    (again / "main.beancount").write_text(MAIN, "utf-8")
    (again / "books.beancount").write_text(text.getvalue(), "utf-8")
    second = load_books(again)
    assert not second.errors
    assert second.machine.state.balances == first.machine.state.balances
    assert second.machine.state.transfers == first.machine.state.transfers
