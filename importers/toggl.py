"""Toggl Track: the CSV of its Detailed report, in the older and the newer shape.

Sources: Toggl's help page "Editing and uploading a CSV file" (the older header, which Toggl itself imports), and
exports in public repositories. The older shape, until 2024 and still what the Reports API gives: a byte order mark,
then `User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount
()`. The newer one: `Description,Duration,Member,Email,Project,Tags,Start date,Start time,Stop date,Stop time`, all
quoted, with `-` where there is nothing. Dates as YYYY-MM-DD, times as HH:MM:SS, durations as H:MM:SS.

The file has no ids: who began when identifies an entry. Times are those of the user's profile, which the file does not
name: `timezone:` in mapping.yaml does. An entry that still runs has no end, and is left out until it has one.
"""

from __future__ import annotations

from conductor_bean.importers.common.shifts import TimesheetImporter
from conductor_bean.importers.common.tables import Column


class Toggl(TimesheetImporter):
    """Imports Toggl Track's Detailed report."""

    source = "toggl"
    columns = (
        Column("member", "User", "Member", required=True),
        Column("email", "Email"),
        Column("client", "Client"),
        Column("project", "Project"),
        Column("task", "Task"),
        Column("description", "Description", required=True),
        Column("date", "Start date", required=True),
        Column("start", "Start time", required=True),
        Column("end_date", "End date", "Stop date", required=True),
        Column("end", "End time", "Stop time", required=True),
        Column("hours", "Duration", required=True),
    )
    texts = ("description", "task", "project")
