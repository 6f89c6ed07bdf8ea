"""`check --full` verifies everything, by several processes, and says what one would say."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from pathlib import Path

import pytest

from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.checkpoint_store import cache_folder
from conductor_bean.ledger.quick import quick_books
from conductor_bean.ledger.spans import Span, full_books, verify
from tests.seals.town import change, town


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town whose sealed months this machine has checked, on a machine of three processors."""
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    made = town(tmp_path)
    quick_books(made)
    return made


def was_parallel(folder: Path) -> bool:
    checked = full_books(folder).checked
    assert checked is not None
    return checked.checkpoint is not None


def test_several_processes_find_what_one_finds(folder: Path) -> None:
    books, whole = full_books(folder), load_books(folder)
    assert books.checked is not None
    assert books.checked.checkpoint is not None
    assert books.problems == whole.problems
    assert books.machine.state.balances == whole.machine.state.balances
    assert books.machine.state.events == whole.machine.state.events
    assert books.machine.state.transfers == whole.machine.state.transfers


def test_each_span_ends_with_the_state_with_which_the_next_begins(folder: Path) -> None:
    main = folder / "main.beancount"
    cache = cache_folder(main)
    assert cache is not None
    for after, until in (("", "2026-01"), ("2026-01", "2026-02"), ("", "2026-03"), ("2026-01", "2026-03")):
        found = verify(Span(main, after, until))
        assert found.holds
        assert found.state == json.loads((cache / f"{until}.json").read_text("utf-8"))["state"]


def test_what_is_wrong_is_told_as_by_one_process(folder: Path) -> None:
    assert was_parallel(folder)
    line = change(folder / "journal" / "2026-02.beancount", '" "', '" "!')
    books = full_books(folder)
    assert [(problem.code, problem.line) for problem in books.errors] == [("sealed-history-changed", line)]
    assert books.problems == load_books(folder).problems


def test_an_error_after_the_last_seal_is_told_as_by_one_process(folder: Path) -> None:
    with (folder / "journal" / "2026-04.beancount").open("a", encoding="utf-8") as file:
        file.write('\n2026-04-30 custom "membr" "Zoe"\n')
    books = full_books(folder)
    assert [problem.code for problem in books.errors] == ["unknown-fact"]
    assert books.problems == load_books(folder).problems


@pytest.mark.parametrize("month", ["2026-01", "2026-02", "2026-03"])
def test_a_forged_state_is_never_believed(folder: Path, month: str) -> None:
    cache = cache_folder(folder / "main.beancount")
    assert cache is not None
    state = gzip.decompress((cache / f"{month}.state").read_bytes()).decode()
    found = json.loads(state)
    account = next(name for name in sorted(found["balances"]) if name.endswith("Wallet"))
    found["balances"][account] += 100_000
    forged = json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    (cache / f"{month}.state").write_bytes(gzip.compress(forged))
    told = json.loads((cache / f"{month}.json").read_text("utf-8"))
    told["state"] = sha256(forged).hexdigest()
    (cache / f"{month}.json").write_text(json.dumps(told), "utf-8")
    whole = load_books(folder)
    books = full_books(folder)
    assert books.machine.state.balances == whole.machine.state.balances
    assert books.problems == whole.problems


def test_a_file_of_which_something_else_was_noted_is_read_all_the_same(folder: Path) -> None:
    cache = cache_folder(folder / "main.beancount")
    assert cache is not None
    told = json.loads((cache / "2026-03.json").read_text("utf-8"))
    told["files"]["journal/2026-02.beancount"]["months"] = ["2026-01"]
    (cache / "2026-03.json").write_text(json.dumps(told), "utf-8")
    books, whole = full_books(folder), load_books(folder)
    assert books.problems == whole.problems
    assert books.machine.state.balances == whole.machine.state.balances


def test_without_checkpoints_one_process_reads_all_and_leaves_them(folder: Path) -> None:
    cache = cache_folder(folder / "main.beancount")
    assert cache is not None
    for path in cache.iterdir():
        path.unlink()
    assert not was_parallel(folder)
    assert was_parallel(folder)
