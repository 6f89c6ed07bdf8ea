"""What holds for all tests: nothing is kept in the cache of who runs them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep checkpoints in a folder of this run; processes that the tests start do so too."""
    before = os.environ.get("CONDUCTOR_CACHE")
    os.environ["CONDUCTOR_CACHE"] = str(tmp_path_factory.mktemp("checkpoints"))
    yield
    if before is None:
        del os.environ["CONDUCTOR_CACHE"]
    else:
        os.environ["CONDUCTOR_CACHE"] = before
