"""The small region, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.region import FAULT, write_small


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small region that holds."""
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one fault."""
    return write_small(tmp_path_factory.mktemp("faulty"), FAULT)
