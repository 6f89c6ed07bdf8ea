"""The plain timesheet: a CSV file or a spreadsheet that any person, or any script, can write.

    date,start,end,member,company,hours,description
    2026-03-02,08:00,16:30,Ada,Bakery,8,early shift
    2026-03-02,,,Bob,Bakery,7:30,

`date` and `member` must be there, and `hours` or `start` and `end`. A row with a start becomes an entry at that
instant (`timezone:` in mapping.yaml says whose clock it is, unless the time carries its offset). Rows without a start
are summed to one entry a member, company and day, unless `id` names them.
"""

from __future__ import annotations

from conductor_bean.importers.common.shifts import TimesheetImporter
from conductor_bean.importers.common.tables import Column


class Timesheet(TimesheetImporter):
    """Imports the plain timesheet."""

    source = "timesheet"
    plain = True
    may_run = False
    tables = (".csv", ".tsv", ".txt", ".xlsx")
    columns = (
        Column("date", required=True),
        Column("member", required=True),
        Column("company"),
        Column("hours"),
        Column("start"),
        Column("end_date"),
        Column("end"),
        Column("description"),
        Column("id"),
    )
