"""A simulated region has the same books whatever the order of its lines, written back, or continued from a snapshot."""

from __future__ import annotations

import random
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest
from beancount.core import data
from beancount.parser import printer

from conductor_bean.engine import snapshot
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.simulation.folder import simulate
from conductor_bean.simulation.scenario import Scenario
from tests.simulation.support import codes_of, files_of

SCENARIO = Scenario(members=30, companies=14, months=7, seed=11, transactions=1_200)
HEAD = 'plugin "conductor_bean.plugins.conductor"\n'


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """The books of a simulated region."""
    folder = tmp_path_factory.mktemp("region") / "region"
    simulate(folder, SCENARIO)
    return load_books(folder)


def reloaded(books: Books, folder: Path, text: str) -> Books:
    """The books of another text of the same region."""
    shutil.copy(books.main.parent / "region.yaml", folder / "region.yaml")
    (folder / "main.beancount").write_text(HEAD + text, encoding="utf-8")
    return load_books(folder)


def assert_same(found: Books, books: Books) -> None:
    """Hold that two texts mean the same."""
    assert codes_of(found) == []
    assert found.machine.state == books.machine.state
    assert [(p.code, p.message) for p in sorted(found.advice, key=lambda p: p.message)] == [
        (p.code, p.message) for p in sorted(books.advice, key=lambda p: p.message)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_lines_decides_nothing(books: Books, tmp_path: Path, seed: int) -> None:
    texts = [text for name, text in files_of(books.main.parent).items() if re.match(r"(?!main).*\.beancount$", name)]
    lines = "\n".join(line for text in texts for line in text.splitlines() if not line.startswith(";;"))
    entries = re.split(r"\n(?=\d{4}-\d\d-\d\d )", lines)
    random.Random(seed).shuffle(entries)
    assert_same(reloaded(books, tmp_path, "\n".join(entries) + "\n"), books)


def test_books_that_are_written_back_are_the_same_books(books: Books, tmp_path: Path) -> None:
    text = StringIO()
    printer.print_entries([entry for entry in books.entries if not isinstance(entry, data.Open)], file=text)
    found = reloaded(books, tmp_path, text.getvalue())
    assert_same(found, books)
    assert found.entries
    count = sum(len(entry.postings) for entry in books.entries if isinstance(entry, data.Transaction))
    assert sum(len(entry.postings) for entry in found.entries if isinstance(entry, data.Transaction)) == count


def test_a_region_goes_on_from_a_snapshot_of_any_month(books: Books) -> None:
    assert books.checked is not None
    assert books.checked.reading is not None
    reading = books.checked.reading
    machine = Machine(books.region, chart=reading.chart)
    closed = 0
    for instant, events in timeline(reading.facts, reading.movements):
        machine.apply_instant(instant, list(events))
        if len(machine.state.closed) > closed:
            closed += 1
            machine = Machine(books.region, snapshot.load(snapshot.dump(machine.state)), reading.chart)
    assert machine.state == books.machine.state
