"""The sources that `conductor import` knows, each loaded only when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path

from conductor_bean.importers.common.importer import SourceImporter

SOURCES: dict[str, str] = {
    "timesheet": "conductor_bean.importers.timesheet:Timesheet",
    "kimai": "conductor_bean.importers.kimai:Kimai",
    "clockify": "conductor_bean.importers.clockify:Clockify",
    "toggl": "conductor_bean.importers.toggl:Toggl",
}
"""Module and class of each source, by its name."""


def importer_class(source: str) -> type[SourceImporter]:
    """The class of a source."""
    module, _, name = SOURCES[source].partition(":")
    found: type[SourceImporter] = getattr(importlib.import_module(module), name)
    assert issubclass(found, SourceImporter)
    return found


def all_importers(ledger: Path | str, mapping: Path | str | None = None) -> list[SourceImporter]:
    """One importer of each source, for the configuration of beangulp and Fava.

    Args:
        ledger: The region's folder, or its main.beancount.
        mapping: mapping.yaml; the one in the region's folder by default.
    """
    return [importer_class(source)(ledger, mapping) for source in SOURCES]
