"""Writes the two files that every region has: main.beancount and region.yaml."""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import dataclass
from decimal import Decimal

from conductor_bean.domain import instants
from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.importers.workers_control.report import Report
from conductor_bean.importers.workers_control.writing import COMMODITY, label, number, quoted
from conductor_bean.ledger.folder import fava_lines

_REGION = re.compile(r"[A-Z0-9][A-Za-z0-9-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the app's database does not hold: settings of the app, and the region's name.

    Attributes:
        region: The region's id.
        name: The region's name; its id, where there is none.
        fic_window_days: Days of the window of the factor of individual consumption.
        overdraw: Hours that members may fall below zero by consuming; None for no limit.
    """

    region: str = "WorkersControl"
    name: str = ""
    fic_window_days: int = 180
    overdraw: Decimal | None = None

    def check(self) -> None:
        """Refuses what region.yaml may not say.

        Raises:
            ImportRefusedError: For an id that is no account component, or numbers out of their range.
        """
        if not _REGION.fullmatch(self.region):
            raise ImportRefusedError(
                f"the region's id is {self.region!r}",
                "it begins with a capital letter or a digit and goes on with letters, digits and dashes",
                "give another --region, such as Riverbend",
            )
        if self.fic_window_days <= 0:
            raise ImportRefusedError(
                f"the window has {self.fic_window_days} days", "it has at least one", "give another --fic-window-days"
            )
        if self.overdraw is not None and not (self.overdraw.is_finite() and 0 <= self.overdraw < 10**15):
            raise ImportRefusedError(
                f"the overdraw is {self.overdraw} hours", "it is 0 to 10^15 hours, or none", "give another --overdraw"
            )


def region_text(settings: Settings, first: int, rounding: Decimal) -> str:
    """region.yaml: labour time only, one founding decision on the date of the first event.

    Args:
        settings: What the region has decided.
        first: The first instant.
        rounding: Hours by which members fell below the overdraw for no other reason than the app's rounding.
    """
    overdraw = "null" if settings.overdraw is None else number(settings.overdraw + rounding)
    if rounding:
        overdraw += f"  # {number(settings.overdraw or Decimal(0))}, and what the app's own rounding let pass"
    # JSON's strings are YAML's double-quoted ones.
    name = json.dumps(label(settings.name or settings.region))
    return f"""\
region: {json.dumps(settings.region)}
name: {name}
commodities:
  # Ten decimals, as the app keeps its amounts.
  labour_time: {{name: {COMMODITY}, precision: 0.0000000001}}
decisions:
  - date: {instants.date_of(first)}
    title: Imported from a Workers Control app
    # The app's settings are not in its database: these were options of the import.
    set:
      fic_window_days: {settings.fic_window_days}
      member_overdraw: {overdraw}
"""


def main_text(settings: Settings, first: int, months: list[str], report: Report) -> str:
    """main.beancount: what was imported, the plugin, the other files."""
    comments = "\n".join(
        textwrap.fill(line, 118, initial_indent="; ", subsequent_indent=";   ", break_on_hyphens=False)
        for line in report.lines()
    )
    files = ["parties", "plans", *(f"journal/{month}" for month in months)]
    includes = "\n".join(f'include "{file}.beancount"' for file in files)
    return f"""\
; Imported from the database of a Workers Control app by `conductor import workers-control`.
; Check it with `conductor check`: all that the app derived (credits, taxes, prices, compensations) is written down
; here as recorded, and is computed anew and compared.
;
{comments}

option "title" {quoted(label(settings.name or settings.region))}
option "operating_currency" "{COMMODITY}"

plugin "conductor_bean.plugins.conductor"

{includes}

{fava_lines(instants.date_of(first).isoformat())}"""
