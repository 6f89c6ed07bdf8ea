"""Ledgers whose reports are read, and reports written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.region import FAULT, write_small
from tests.cli.town import both_months, write_credits_only, write_town
from tests.house.tree import ROOT
from tests.reporting.reading import Page, written


@pytest.fixture(scope="session")
def riverbend() -> Path:
    """The folder of the example region with both economies."""
    return ROOT / "ledgers" / "riverbend"


@pytest.fixture(scope="session")
def march(riverbend: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The report of its March, by suffix."""
    return written(riverbend, tmp_path_factory.mktemp("march") / "report", "--month", "2026-03")


@pytest.fixture(scope="session")
def march_page(march: dict[str, bytes]) -> Page:
    """The same as a page."""
    return Page(march[".html"])


@pytest.fixture(scope="session")
def year(riverbend: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The report of its year, by suffix."""
    return written(riverbend, tmp_path_factory.mktemp("year") / "report", "--year", "2026")


@pytest.fixture(scope="session")
def year_page(year: dict[str, bytes]) -> Page:
    """The same as a page."""
    return Page(year[".html"])


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small region with labour time alone."""
    return write_small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one fault."""
    return write_small(tmp_path_factory.mktemp("faulty"), FAULT)


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town with both economies."""
    return write_town(tmp_path_factory.mktemp("town"), both_months())


@pytest.fixture(scope="session")
def credits_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same town without labour time."""
    return write_credits_only(tmp_path_factory.mktemp("credits"))
