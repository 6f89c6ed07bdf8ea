"""Folders that somebody has prepared, and a bound of time: what hangs is a failure."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import work, write

SECONDS = 20


@pytest.fixture(autouse=True)
def _bounded(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test waits for a pipe, or reads a device to its end."""

    def end(_number: int, _frame: object) -> None:
        raise TimeoutError(f"more than {SECONDS} seconds")

    monkeypatch.setenv("CONDUCTOR_CACHE", str(tmp_path_factory.mktemp("cache")))
    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A region that holds."""
    return write(tmp_path / "region", work("Bakery", "Ada", 8))
