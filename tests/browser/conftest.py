"""One browser for all tests here, and one server for each ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.browser.chromium import Browser, chromium, programs
from tests.browser.sites import Sites


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium, as wide as most screens."""
    if programs() is None:
        pytest.skip("there is no chromium and chromedriver here (Debian: apt-get install chromium chromium-driver)")
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        found.size(1200, 800)
        found.scheme("light")
        yield found


@pytest.fixture(scope="session")
def sites(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:  # without it none is needed
    """The ledgers and editions."""
    with ExitStack() as running:
        yield Sites(tmp_path_factory.mktemp("sites"), running)
