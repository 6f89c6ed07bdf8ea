"""CSV as tools really write it: some encoding, some delimiter, quotes, and perhaps a cut end."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.importers.common.faults import unreadable
from conductor_bean.importers.common.files import decode, read_bytes

if TYPE_CHECKING:
    from conductor_bean.importers.common.cells import Cell

DELIMITERS = ",;\t|"
MAX_ROWS = 1_000_000
MAX_COLUMNS = 1_000
_SNIFFED_LINES = 20


@dataclass(frozen=True, slots=True)
class CsvText:
    """The rows of a CSV file.

    Attributes:
        rows: Line where each begins, and its cells.
        notes: What was decided in reading it.
        unfinished: Line of a last row without a line end, or 0.
    """

    rows: list[tuple[int, list[Cell]]]
    notes: list[str] = field(default_factory=list)
    unfinished: int = 0


def read_csv(path: Path, encoding: str | None = None, delimiter: str | None = None) -> CsvText:
    """Read a CSV file.

    Args:
        path: The file.
        encoding: As the mapping says, or None.
        delimiter: As the mapping says, or None.

    Raises:
        ImportRefusedError: It is no text, no CSV, or cut off within quotes.
    """
    name = str(path)
    text, found = decode(read_bytes(path), name, encoding)
    notes = []
    if encoding is None and found in ("cp1252", "utf-16-le", "utf-16-be"):
        notes.append(f"is not UTF-8; it was read as {found} (encoding: in mapping.yaml says otherwise)")
    skipped, text, said = _separator_line(text)
    chosen = delimiter or said or _delimiter(text)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=chosen, strict=True)
    rows: list[tuple[int, list[Cell]]] = []
    begins = 1
    try:
        for cells in reader:
            rows.append((begins + skipped, list(cells)))
            begins = reader.line_num + 1
            if len(cells) > MAX_COLUMNS:
                message = f"has more than {MAX_COLUMNS:,} columns here, so it is no such table"
                raise unreadable(name, message, rows[-1][0])
            if len(rows) > MAX_ROWS:
                raise unreadable(name, f"has more than {MAX_ROWS:,} rows; export a shorter time at once")
    except csv.Error as error:
        raise unreadable(name, _why(str(error)), begins + skipped) from None
    unfinished = rows[-1][0] if rows and not text.endswith(("\n", "\r")) else 0
    return CsvText(rows, notes, unfinished)


def _why(reason: str) -> str:
    if "unexpected end of data" in reason:
        return (
            "a quoted text begins here and never ends: the file is cut off or still being written; import it when whole"
        )
    if "field larger than" in reason:
        return "a cell is longer than 131,072 characters, so a quote was never closed, or it is no table; mend the row"
    return f"is no CSV ({reason}); mend the quotes of this row, or export it again"


def _separator_line(text: str) -> tuple[int, str, str | None]:
    """Excel's own first line `sep=;`, taken off."""
    first, end, rest = text.partition("\n")
    line = first.strip().strip('"')
    if end and line.lower().startswith("sep=") and len(line) == 5:
        return 1, rest, line[4]
    return 0, text, None


def _delimiter(text: str) -> str:
    """The delimiter that stands in the first lines most evenly: outside quotes, and in most of them."""
    lines = text.splitlines()[:_SNIFFED_LINES]
    best, most = ",", 0
    for delimiter in DELIMITERS:
        try:
            counts = [len(cells) - 1 for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        widest = max(counts, default=0)
        score = widest * sum(count == widest for count in counts)
        if score > most:
            best, most = delimiter, score
    return best
