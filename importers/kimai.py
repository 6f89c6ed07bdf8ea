"""Kimai: the CSV of its export, in the columns of its templates.

Sources: Kimai's own code, which writes the file: `src/Export/DefaultTemplate.php` and `ColumnConverter.php` (the
columns), `Base/CsvRenderer.php` and `Package/CellFormatter/` (dates as Y-m-d, times as H:i, durations as decimal hours
of two digits or as H:MM), `translations/messages.en.xlf` and `messages.de.xlf` (the headers),
`src/Utils/StringHelper.php` (a quote before what a spreadsheet would run); and
`tests/Export/Base/CsvRendererTest.php`, whose rows the tests here follow. The export of Kimai 1
(`tests/Export/Renderer/CsvRendererTest.php`) has fewer columns, with date and time in From and To.

The default template names no id: who began when identifies an entry. A template with the column ID gives Kimai's own.
Times are those of the user's time zone in Kimai, which the file does not name: `timezone:` in mapping.yaml does.
"""

from __future__ import annotations

from conductor_bean.importers.common.shifts import TimesheetImporter
from conductor_bean.importers.common.tables import Column


class Kimai(TimesheetImporter):
    """Imports Kimai's export."""

    source = "kimai"
    columns = (
        Column("date", "Date", "Datum", required=True),
        Column("start", "From", "Begin", "Von", "Beginn", required=True),
        Column("end", "To", "End", "Bis", "Ende", required=True),
        Column("hours", "Duration", "Dauer", required=True),
        Column("member", "User", "Username", "Benutzer"),
        Column("alias", "Alias", "Name"),
        Column("email", "E-mail", "Email", "E-Mail"),
        Column("customer", "Customer", "Kunde"),
        Column("project", "Project", "Projekt"),
        Column("activity", "Activity", "Tätigkeit"),
        Column("description", "Description", "Beschreibung"),
        Column("id", "ID"),
    )
    people = ("member", "email", "alias")
    texts = ("description", "activity")
