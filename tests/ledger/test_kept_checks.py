"""A server keeps the check that the plugin made while the ledger was loaded, and loads nothing twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from conductor_bean.ledger import checking
from conductor_bean.ledger.books import books_of, load_books
from conductor_bean.ledger.reports import balances, statement
from tests.support import HEAD, work, write


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep checks for one test."""
    monkeypatch.setattr(checking, "_kept", None)
    checking.keep_checks()


def loaded(folder: Path) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """What Beancount returns, as Fava asks it."""
    found: tuple[list[Any], list[Any], dict[str, Any]] = loader._load(
        [(str(folder / "main.beancount"), True)], None, None, None
    )
    return found


def test_kept_checks_make_the_same_books_as_loading_again(tmp_path: Path, keeping: None) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 8) + work("Bakery", "Nobody", 8))
    entries, errors, options = loaded(folder)
    kept = books_of(folder / "main.beancount", entries, errors, options, checking.kept_checks(options))
    again = load_books(folder)
    assert kept.complete
    assert kept.problems == again.problems
    assert balances(kept, kept.machine) == balances(again, again.machine)
    assert statement(kept, "Ada", 1, None) == statement(again, "Ada", 1, None)


def test_only_the_last_check_of_a_ledger_is_kept(tmp_path: Path, keeping: None) -> None:
    folder = write(tmp_path)
    _, _, old = loaded(folder)
    _, _, new = loaded(folder)
    assert checking.kept_checks(old) == []
    assert len(checking.kept_checks(new)) == 1


def test_both_runs_of_two_plugin_lines_are_kept(tmp_path: Path, keeping: None) -> None:
    _, _, options = loaded(write(tmp_path, head=HEAD + 'plugin "conductor_bean.plugins.conductor" "region.yaml"\n'))
    assert len(checking.kept_checks(options)) == 2


def test_nothing_is_kept_where_nobody_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_kept", None)
    _, _, options = loaded(write(tmp_path))
    assert checking.kept_checks(options) == []
