"""Clockify: the CSV of its Detailed report.

Sources: Clockify's help page "Export reports", and exports in public repositories: a report of January 2021
(https://gist.github.com/mdnurahmed/cd65d2d141f3b29d0fe1a47f130a5484), the importer of solidtime and its tests, and
others with the later columns Group, Type, Date of creation. All cells are quoted. Dates are written as the workspace's
setting says (MM/DD/YYYY by default, DD/MM/YYYY, DD.MM.YYYY, YYYY-MM-DD), times with AM and PM or of 24 hours, durations
as HH:MM:SS or H:MM beside the same as decimal hours.

The file has no ids: who began when identifies an entry. Times are those of the user who exported, which the file does
not name: `timezone:` in mapping.yaml does. Rows whose Type is a break, time off or a holiday are no work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.importers.common.shifts import TimesheetImporter
from conductor_bean.importers.common.tables import Column

if TYPE_CHECKING:
    from conductor_bean.importers.common.tables import Row

_NO_WORK = {"break", "holiday", "time off", "time-off"}


class Clockify(TimesheetImporter):
    """Imports Clockify's Detailed report."""

    source = "clockify"
    columns = (
        Column("project", "Project", required=True),
        Column("client", "Client"),
        Column("description", "Description"),
        Column("task", "Task"),
        Column("member", "User", required=True),
        Column("group", "Group"),
        Column("email", "Email"),
        Column("kind", "Type"),
        Column("date", "Start Date", required=True),
        Column("start", "Start Time", required=True),
        Column("end_date", "End Date", required=True),
        Column("end", "End Time", required=True),
        Column("hours", "Duration (h)", required=True),
    )
    texts = ("description", "task", "project")

    def worked(self, row: Row) -> str:
        """Why a row is no time worked."""
        kind = row.text("kind")
        return f"of the type {kind}" if kind.lower() in _NO_WORK else super().worked(row)
