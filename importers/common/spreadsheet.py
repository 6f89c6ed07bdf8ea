"""Spreadsheets (XLSX) as hostile input: no bombs, no entities, no formula without its result, no merged cells."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from openpyxl.utils.cell import range_boundaries

from conductor_bean.importers.common.cells import Cell
from conductor_bean.importers.common.faults import Fault, ImportRefusedError, unreadable
from conductor_bean.importers.common.files import read_bytes

SUFFIXES = (".xlsx", ".xlsm")
MAX_ARCHIVE = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_PARTS = 1_000
MAX_ROWS = 100_000
MAX_COLUMNS = 200

_LITERAL = re.compile(r'"[^"]*"|\\.|-')
_NUMBERED = re.compile(r'((?:"[^"]*"|\\.|-)*)(0+)')

Sheet = tuple[str, list[tuple[int, list[Cell]]], list[tuple[int, int, str]]]
"""Title, rows with their number, and merged ranges: first row, last row, name."""


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of a spreadsheet: values as they are shown, numbers exact.

    A formula stands for the result that was stored with it; one without is a fault, since nothing here computes it.

    Raises:
        ImportRefusedError: It is no spreadsheet, too large, or hostile.
    """
    name = str(path)
    content = read_bytes(path, MAX_ARCHIVE)
    _check_archive(name, content)
    try:
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        texts = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        pairs = list(zip(values.worksheets, texts.worksheets, strict=True))
        return [_sheet(name, content, value, text) for value, text in pairs]
    except ImportRefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl fails in many ways on what is no spreadsheet
        if _hostile(error):
            raise unreadable(name, "defines entities in its XML, as no spreadsheet does; refused") from None
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        raise unreadable(name, f"is no spreadsheet that can be read ({reason}); save it again as XLSX or CSV") from None


def _hostile(error: BaseException | None) -> bool:
    """Whether an error began with XML that defines entities; openpyxl wraps it in its own."""
    while error is not None:
        if isinstance(error, DefusedXmlException):
            return True
        error = error.__cause__ or error.__context__
    return False


def _check_archive(name: str, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        message = "is no spreadsheet (XLSX), or is cut off; save it again, and import it when it is whole"
        raise unreadable(name, message) from None
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        message = f"unpacks to {unpacked:,} bytes in {len(parts):,} parts, more than any table of ours; refused"
        raise unreadable(name, message)


def _sheet(name: str, content: bytes, values: Any, texts: Any) -> Sheet:
    rows: list[tuple[int, list[Cell]]] = []
    faults = []
    pairs = zip(_cells(values, values_only=False), _cells(texts), strict=False)
    for number, (row, written) in enumerate(pairs, 1):
        if number > MAX_ROWS or len(row) > MAX_COLUMNS:
            raise unreadable(name, f"has more than {MAX_ROWS:,} rows or {MAX_COLUMNS} columns in {values.title!r}")
        cells = []
        for column, (cell, text) in enumerate(zip(row, written, strict=False), 1):
            value, form = cell.value, getattr(cell, "number_format", None)
            if value is None and isinstance(text, str) and text.startswith("="):
                faults.append(_formula(name, number, column))
            cells.append(_numbered(value, form) or _cell(value))
        while cells and cells[-1] in (None, ""):
            cells.pop()
        rows.append((number, cells))
    if faults:
        raise ImportRefusedError(faults)
    width = max((len(cells) for _, cells in rows), default=0)
    rows = [(number, cells + [None] * (width - len(cells))) for number, cells in rows]
    return values.title, rows, _merged(name, content, values)


def _cells(sheet: Any, *, values_only: bool = True) -> Any:
    # A sheet may claim any size; what it holds counts.
    sheet.reset_dimensions()
    return sheet.iter_rows(values_only=values_only)


def _formula(name: str, row: int, column: int) -> Fault:
    place = f"{openpyxl.utils.get_column_letter(column)}{row}"
    return Fault(
        name, row, f"{place} holds a formula without its result; open and save it in a spreadsheet, or write the value"
    )


def _numbered(value: Any, form: str | None) -> str | None:
    """A whole number as its format shows it, where that puts zeros or a text before it: such are ids (0042, M-0007)."""
    match = _NUMBERED.fullmatch((form or "").partition(";")[0])
    if match is None or isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    literal = "".join(_LITERAL.findall(match[1])).replace('"', "").replace("\\", "")
    return literal + str(value).zfill(len(match[2])) if literal or len(match[2]) > 1 else None


def _cell(value: Any) -> Cell:
    """A value as it is shown: a float's shortest digits are what was typed."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, datetime.datetime):
        # Times of a spreadsheet are fractions of a day, true to about ten microseconds.
        rounded = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        return rounded.date() if rounded.time() == datetime.time() else rounded
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return value
    return str(value).strip()


def _merged(name: str, content: bytes, sheet: Any) -> list[tuple[int, int, str]]:
    """Ranges of merged cells, which openpyxl does not tell of sheets that it streams."""
    part = str(sheet._worksheet_path).lstrip("/")  # openpyxl tells it nowhere else
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(part) as file:
        for _, element in ElementTree.iterparse(file, events=("end",)):
            if element.tag.endswith("}mergeCell"):
                area = str(element.get("ref"))[:40]
                _, first, _, last = range_boundaries(area)
                found.append((int(first), int(last), area))
            elif element.tag.endswith("}row"):
                element.clear()
    if len(found) > MAX_ROWS:
        raise unreadable(name, "has more merged cells than rows; refused")
    return found
