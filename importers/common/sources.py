"""The sources that `conductor import` knows, each loaded only when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from conductor_bean.importers.common.importer import SourceImporter


class Source(NamedTuple):
    """A source.

    Attributes:
        place: Module and class of its importer.
        about: What it imports, as the end of a sentence.
    """

    place: str
    about: str


SOURCES: dict[str, Source] = {
    "timesheet": Source("conductor_bean.importers.timesheet:Timesheet", "hours from a plain timesheet (CSV, XLSX)"),
    "kimai": Source("conductor_bean.importers.kimai:Kimai", "hours from Kimai's CSV export"),
    "clockify": Source("conductor_bean.importers.clockify:Clockify", "hours from Clockify's Detailed report (CSV)"),
    "toggl": Source("conductor_bean.importers.toggl:Toggl", "hours from Toggl Track's Detailed report (CSV)"),
    "sales": Source("conductor_bean.importers.sales:Sales", "sales and consumption from a plain table (CSV, XLSX)"),
    "till": Source("conductor_bean.importers.till:Till", "sales from a till's CSV"),
    "camt053": Source("conductor_bean.importers.camt053:Camt053", "a bank's statements of an outside account (XML)"),
    "ofx": Source("conductor_bean.importers.ofx:Ofx", "a bank's statements of an outside account (OFX, QFX)"),
    "members": Source("conductor_bean.importers.members:Members", "members and employments from a table (CSV, XLSX)"),
    "companies": Source("conductor_bean.importers.companies:Companies", "companies from a table (CSV, XLSX)"),
    "offers": Source("conductor_bean.importers.offers:Offers", "offers from a table (CSV, XLSX)"),
}
"""Each source by its name."""


def importer_class(source: str) -> type[SourceImporter]:
    """The class of a source."""
    module, _, name = SOURCES[source].place.partition(":")
    found: type[SourceImporter] = getattr(importlib.import_module(module), name)
    return found


def all_importers(ledger: Path | str, mapping: Path | str | None = None) -> list[SourceImporter]:
    """One importer of each source, for the configuration of beangulp and Fava.

    Args:
        ledger: The region's folder, or its main.beancount.
        mapping: mapping.yaml; the one in the region's folder by default.
    """
    return [importer_class(source)(ledger, mapping) for source in SOURCES]
