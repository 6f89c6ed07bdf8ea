"""The small region and the small town, written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.region import FAULT, write_small
from tests.cli.town import both_months, write_credits_only, write_town


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small region that holds."""
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one fault."""
    return write_small(tmp_path_factory.mktemp("faulty"), FAULT)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small town with both economies; January and February are closed."""
    return write_town(tmp_path_factory.mktemp("town"), both_months())


@pytest.fixture(scope="session")
def credits_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same town without labour time."""
    return write_credits_only(tmp_path_factory.mktemp("credits"))
