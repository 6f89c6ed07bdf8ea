"""Tables from outside, CSV or spreadsheet, as rows with their line; what is not such a table is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import nearest, quoted
from conductor_bean.importers.common.cells import Cell, plain_spaces
from conductor_bean.importers.common.csv_text import read_csv
from conductor_bean.importers.common.faults import Fault, ImportRefusedError, unreadable
from conductor_bean.importers.common.spreadsheet import SUFFIXES, read_sheets

if TYPE_CHECKING:
    from conductor_bean.importers.common.mapping_schema import SourceModel

HEADER_ROWS = 20
"""Among how many first rows the header is looked for: tools write titles above it."""


class Column:
    """A column that an importer reads.

    Args:
        name: How the importer calls it, and how `columns:` of mapping.yaml does.
        headers: What stands above it in the files; its own name, where nothing else is said.
        required: Whether a file without it is not such a file.
    """

    __slots__ = ("headers", "name", "required")

    def __init__(self, name: str, *headers: str, required: bool = False) -> None:
        self.name = name
        self.headers = headers or (name,)
        self.required = required


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes:
        file: The source's path.
        number: Line (of a spreadsheet: row) where it begins, from 1.
        cells: Values by the column's name.
        raw: Values by the header as the file has it; not those of headers that stand twice.
    """

    file: str
    number: int
    cells: dict[str, Cell] = field(default_factory=dict)
    raw: dict[str, Cell] = field(default_factory=dict)

    def cell(self, column: str) -> Cell:
        """The value of a column, None where there is none."""
        return self.cells.get(column)

    def text(self, column: str) -> str:
        """The value of a column as text on one line, empty where there is none."""
        value = self.cells.get(column)
        return "" if value is None else " ".join(unicodedata.normalize("NFC", str(value)).split())

    def has(self, column: str) -> bool:
        """Whether something stands in a column."""
        return self.text(column) != ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read.

    Attributes:
        file: The source's path.
        names: Names of the columns that it has, by the file's headers.
        rows: Its rows that are not empty.
        notes: What was decided in reading it.
    """

    file: str
    names: dict[str, str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of a file or sheet before it is known what they mean.

    Attributes:
        title: Name of the sheet, or "".
        rows: Line and cells of each row.
        merged: Of a spreadsheet, first and last row of each range of merged cells, and its name.
        notes: What was decided in reading it.
        unfinished: Line of a last row that ends without a line end, or 0.
    """

    title: str
    rows: list[tuple[int, list[Cell]]]
    merged: list[tuple[int, int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unfinished: int = 0


def read_table(path: Path, columns: Sequence[Column], settings: SourceModel) -> Table:
    """Read a CSV file or a spreadsheet.

    Raises:
        ImportRefusedError: It is none, has not these columns, or its rows are broken.
    """
    name = str(path)
    headers = _wanted(columns, settings)
    grids = _grids(path, settings)
    found = [(grid, place) for grid in grids if (place := _header(grid, columns, headers)) is not None]
    if not found:
        raise _without_header(name, grids, columns, headers)
    if len(found) > 1:
        titles = ", ".join(quoted(grid.title) for grid, _ in found)
        raise unreadable(name, f"several sheets have these columns: {titles}; say sheet: in mapping.yaml")
    (grid, place), *_ = found
    return _table(name, grid, place, headers)


def has_columns(path: Path, columns: Sequence[Column], settings: SourceModel, *, alone: bool = False) -> bool:
    """Whether a file is a table with all required columns; what cannot be read is not.

    Args:
        path: The file.
        columns: The columns.
        settings: How the source writes.
        alone: Whether it may have no other columns.
    """
    try:
        headers = _wanted(columns, settings)
        grids = _grids(path, settings)
    except ImportRefusedError:
        return False
    found = [grid.rows[place][1] for grid in grids if (place := _header(grid, columns, headers)) is not None]
    return any(not alone or all(_plain(title) in headers for title in header if title) for header in found)


def _grids(path: Path, settings: SourceModel) -> list[Grid]:
    if path.suffix.lower() in SUFFIXES:
        grids = [Grid(*sheet) for sheet in read_sheets(path)]
        if settings.sheet is None:
            return grids
        chosen = [grid for grid in grids if grid.title == settings.sheet]
        if not chosen:
            titles = ", ".join(quoted(grid.title) for grid in grids)
            raise unreadable(str(path), f"has no sheet {quoted(settings.sheet)}; its sheets are {titles}")
        return chosen
    text = read_csv(path, settings.encoding, settings.delimiter)
    return [Grid("", list(text.rows), notes=text.notes, unfinished=text.unfinished)]


def _wanted(columns: Sequence[Column], settings: SourceModel) -> dict[str, str]:
    """Names of columns by the header, made comparable."""
    own = settings.columns
    headers: dict[str, str] = {}
    for column in columns:
        if column.name in own:
            headers[_plain(own[column.name])] = column.name
            continue
        for header in column.headers:
            headers.setdefault(_plain(header), column.name)
    return headers


def _plain(header: Cell) -> str:
    """A header without what does not distinguish it: case, spaces, underscores."""
    text = unicodedata.normalize("NFKC", str(header or "")).casefold().replace("_", " ").replace("-", " ")
    return " ".join(text.split())


def _header(grid: Grid, columns: Sequence[Column], headers: dict[str, str]) -> int | None:
    """Index of the row that names all required columns."""
    required = {column.name for column in columns if column.required}
    for index, (_, cells) in enumerate(grid.rows[:HEADER_ROWS]):
        if required <= {headers.get(_plain(cell)) for cell in cells}:
            return index
    return None


def _without_header(
    name: str, grids: Iterable[Grid], columns: Sequence[Column], headers: dict[str, str]
) -> ImportRefusedError:
    rows = [(len({headers.get(_plain(cell)) for cell in cells} - {None}), grid, number, cells)
            for grid in grids for number, cells in grid.rows[:HEADER_ROWS]]  # fmt: skip
    if not rows:
        return unreadable(name, "has no rows; export it again")
    _, _, number, cells = max(rows, key=lambda row: row[0])
    there = {headers.get(_plain(cell)) for cell in cells}
    missing = [column for column in columns if column.required and column.name not in there]
    known = {str(cell): _plain(cell) for cell in cells if cell not in (None, "")}
    words = []
    for column in missing:
        near = nearest(_plain(column.headers[0]), known.values())
        like = next((quoted(header) for header, plain in known.items() if plain == near), None)
        words.append(f"{quoted(column.headers[0])}" + (f" (is it {like}?)" if like else ""))
    first = missing[0]
    message = (
        f"has no column {', '.join(words)}; its columns are {', '.join(quoted(h, 30) for h in list(known)[:15])}. "
        f"If one is named otherwise, say columns: {{{first.name}: ITS HEADER}} in mapping.yaml"
    )
    return unreadable(name, message, number)


def _table(name: str, grid: Grid, place: int, headers: dict[str, str]) -> Table:
    line, header = grid.rows[place]
    names, faults = _names(name, line, header, headers)
    end = next((i for i in range(len(header), 0, -1) if header[i - 1] not in (None, "")), 0)
    faults += [
        Fault(name, first, f"the cells {area} are merged, so it is not said to which row their value belongs; unmerge")
        for first, last, area in grid.merged
        if last >= line
    ]
    rows = []
    for number, written in grid.rows[place + 1 :]:
        cells = [plain_spaces(cell) if isinstance(cell, str) else cell for cell in written]
        if all(cell is None or cell == "" for cell in cells):
            continue
        spare = cells[end:]
        if len(cells) < end or any(cell not in (None, "") for cell in spare):
            faults.append(Fault(name, number, _length(grid, number, len(cells), end)))
            continue
        raw = {str(title): cell for title, cell in zip(header, cells, strict=False) if header.count(title) == 1}
        rows.append(Row(name, number, {names[title]: cell for title, cell in raw.items() if title in names}, raw))
    if faults:
        raise ImportRefusedError(faults)
    if not rows:
        raise unreadable(name, "has a header, but no row below it; nothing was exported", line)
    notes = [f"{name}: {note}" for note in grid.notes]
    if grid.unfinished and grid.unfinished == rows[-1].number:
        notes.append(
            f"{name}:{grid.unfinished}: the last row ends without a line end; if the file was not whole yet, "
            "import it again when it is"
        )
    return Table(name, names, rows, notes)


def _length(grid: Grid, number: int, found: int, expected: int) -> str:
    message = f"has {found} cells, the header {expected}"
    if number == grid.unfinished:
        return (
            f"{message}: the file ends within this row, so it is cut off or still being written; import it when whole"
        )
    return f"{message}; a separator or a quote in a text was not quoted: export it again, or mend the row"


def _names(name: str, line: int, header: list[Cell], headers: dict[str, str]) -> tuple[dict[str, str], list[Fault]]:
    names: dict[str, str] = {}
    faults = []
    for title in header:
        column = headers.get(_plain(title))
        if column is None:
            continue
        if column in names.values():
            other = next(known for known, which in names.items() if which == column)
            said = "stands twice" if other == str(title) else f"and {quoted(str(title))} both mean {column}"
            faults.append(
                Fault(name, line, f"the column {quoted(other)} {said}; keep one, or say columns: in mapping.yaml")
            )
        names[str(title)] = column
    return names, faults
