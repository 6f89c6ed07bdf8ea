"""Tables from outside are hostile input: each is read as it is meant, or refused with the line and what to do."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from conductor_bean.importers.common import csv_text, files, spreadsheet
from conductor_bean.importers.common.faults import ImportRefusedError
from conductor_bean.importers.common.mapping_schema import SourceModel
from conductor_bean.importers.common.tables import Column, Table, read_table
from tests.importers.town import write

COLUMNS = (
    Column("who", "Name", "Who", required=True),
    Column("hours", "Hours", required=True),
    Column("note", "Remark"),
)


def read(folder: Path, content: str | bytes, name: str = "table.csv", **settings: Any) -> Table:
    return read_table(write(folder, name, content), COLUMNS, SourceModel(**settings))


def fault(folder: Path, content: str | bytes, name: str = "table.csv", **settings: Any) -> str:
    with pytest.raises(ImportRefusedError) as refusal:
        read(folder, content, name, **settings)
    return str(refusal.value).replace(f"{folder}/", "")


def cells(table: Table) -> list[tuple[int, str, str]]:
    return [(row.number, row.text("who"), row.text("hours")) for row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "Name;Hours;Remark\r\nJürgen;8;Brötchen\r\nMaría;7;\r\n".replace(";", delimiter)
    assert cells(read(tmp_path, text.encode(encoding))) == [(2, "Jürgen", "8"), (3, "María", "7")]


def test_an_encoding_that_was_guessed_is_said(tmp_path: Path) -> None:
    table = read(tmp_path, "Name,Hours\nJürgen,8\n".encode("cp1252"))
    assert "cp1252" in table.notes[0]
    assert read(tmp_path, "Name,Hours\nJ\xfcrgen,8\n".encode("latin-1"), encoding="latin-1").notes == []


def test_bytes_of_no_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    assert fault(tmp_path, b"Name,Hours\nA,8\nB\x81,7\n").startswith("table.csv:3: is not UTF-8 nor Windows-1252")
    assert "is no encoding" in fault(tmp_path, b"Name,Hours\nA,8\n", encoding="klingon")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\r\n \n", "is empty"),
        (b"Name,Hours\n", "has a header, but no row"),
        (b"Name,Hours\nA\x00da,8\n", "2: holds a zero byte"),
        (b"Name,Hours\nAda,8\nBob\n", "3: has 1 cells, the header 2"),
        (b"Name,Hours\nAda,8,9\n", "2: has 3 cells, the header 2"),
        (b"Name,Hours\nAda,8\nBo", "3: has 1 cells, the header 2: the file ends within this row"),
        (b'Name,Hours\nAda,8\n"Bob,7\n', "3: a quoted text begins here and never ends"),
        (b'Name,Hours\nAda,8\n"Bob" x,7\n', "3: is no CSV"),
        (b"Name,Hours,Name\nAda,8,Bob\n", '1: the column "Name" stands twice'),
        (b"Name,Hours,who\nAda,8,Bob\n", '1: the column "Name" and "who" both mean who'),
        (b"Name,Hours" + b"," * 2_000 + b"\nAda,8\n", "1: has more than 1,000 columns"),
        (b"Name,Stunden\nAda,8\n", '1: has no column "Hours"'),
        (b"Name,Houres\nAda,8\n", 'has no column "Hours" (is it "Houres"?)'),
        (b"Name,Hours\nAda," + b"8" * 140_000 + b"\n", "is longer than 131,072 characters"),
    ],
)
def test_what_is_no_whole_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in fault(tmp_path, content)


def test_every_broken_row_is_told_at_once(tmp_path: Path) -> None:
    said = fault(tmp_path, b"Name,Hours\nAda\nBob,7\nCyd,1,2\n")
    assert [line.split(":")[1] for line in said.splitlines()] == ["2", "4"]


def test_a_last_row_without_line_end_is_read_and_said(tmp_path: Path) -> None:
    table = read(tmp_path, b"Name,Hours\nAda,8\nBob,7")
    assert len(table.rows) == 2
    assert "table.csv:3: the last row ends without a line end" in table.notes[0]


def test_texts_of_several_lines_keep_the_lines_of_later_rows(tmp_path: Path) -> None:
    table = read(tmp_path, 'sep=;\nName;Hours;Remark\nAda;8;"one\ntwo"\n\nBob;7;\n')
    assert cells(table) == [(3, "Ada", "8"), (6, "Bob", "7")]
    assert table.rows[0].text("note") == "one two"


def test_titles_above_the_header_and_foreign_headers_are_no_hindrance(tmp_path: Path) -> None:
    table = read(tmp_path, "Report of March\n\nMitarbeiter,Hours,Hours paid\nAda,8,2\n", columns={"who": "Mitarbeiter"})
    assert cells(table) == [(4, "Ada", "8")]


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "table.csv", "Name,Hours\nAda,8\n")
    opened = Path.open

    def growing(self: Path, *arguments: Any, **more: Any) -> Any:
        file = opened(self, *arguments, **more)
        if arguments == ("rb",):
            state = self.stat()
            with opened(self, "ab") as other:
                other.write(b"Bob,")
            assert self.stat().st_size != state.st_size
            stat = Path.stat
            states = iter([state])
            monkeypatch.setattr(Path, "stat", lambda self: next(states, None) or stat(self))
        return file

    monkeypatch.setattr(Path, "open", growing)
    with pytest.raises(ImportRefusedError, match="still writing"):
        read_table(path, COLUMNS, SourceModel())


def test_what_is_no_file_or_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, said in ((tmp_path / "none.csv", "no such file"), (tmp_path, "is no regular file")):
        with pytest.raises(ImportRefusedError, match=said):
            read_table(path, COLUMNS, SourceModel())
    monkeypatch.setattr(csv_text, "MAX_ROWS", 2)
    assert "has more than 2 rows" in fault(tmp_path, "Name,Hours\nA,1\nB,2\n")
    with pytest.raises(ImportRefusedError, match="larger than 5 bytes"):
        files.read_bytes(write(tmp_path, "large", "123456"), 5)


def workbook(*rows: list[Any], merged: str = "", more: dict[str, list[list[Any]]] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    for title, others in (more or {}).items():
        other = book.create_sheet(title)
        for row in others:
            other.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_spreadsheet_gives_its_values_exact(tmp_path: Path) -> None:
    content = workbook(
        ["Members of the bakery"],
        ["Name", "Hours", "Remark"],
        ["Ada", 7.1, datetime.date(2026, 3, 2)],
        [],
        ["Bob", 8, datetime.time(13, 30)],
    )
    table = read(tmp_path, content, "table.xlsx")
    assert cells(table) == [(3, "Ada", "7.1"), (5, "Bob", "8")]
    assert table.rows[0].cell("note") == datetime.date(2026, 3, 2)
    assert table.rows[1].cell("note") == datetime.time(13, 30)


def test_a_formula_without_result_is_refused_at_its_cell(tmp_path: Path) -> None:
    content = workbook(["Name", "Hours"], ["Ada", "=4+4"])
    assert "table.xlsx:2: B2 holds a formula without its result" in fault(tmp_path, content, "table.xlsx")


def test_merged_cells_within_the_rows_are_refused_and_above_them_are_a_title(tmp_path: Path) -> None:
    rows = (["Title"], ["Name", "Hours"], ["Ada", 8], ["Bob", 7])
    assert "table.xlsx:3: the cells A3:A4 are merged" in fault(tmp_path, workbook(*rows, merged="A3:A4"), "table.xlsx")
    assert len(read(tmp_path, workbook(*rows, merged="A1:B1"), "table.xlsx").rows) == 2


def test_of_several_sheets_the_one_with_the_columns_is_read_or_the_one_that_is_named(tmp_path: Path) -> None:
    table: list[list[Any]] = [["Name", "Hours"], ["Bob", 7]]
    content = workbook(["Notes"], more={"March": table})
    assert cells(read(tmp_path, content, "table.xlsx")) == [(2, "Bob", "7")]
    content = workbook(["Name", "Hours"], ["Ada", 8], more={"March": table})
    assert 'several sheets have these columns: "Sheet", "March"' in fault(tmp_path, content, "table.xlsx")
    assert cells(read(tmp_path, content, "table.xlsx", sheet="March")) == [(2, "Bob", "7")]
    assert 'has no sheet "April"' in fault(tmp_path, content, "table.xlsx", sheet="April")


def test_bombs_and_broken_spreadsheets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook(["Name", "Hours"], ["Ada", 8])
    assert "cut off" in fault(tmp_path, content[:-100], "table.xlsx")
    assert "is no spreadsheet" in fault(tmp_path, b"Name,Hours\nAda,8\n", "table.xlsx")
    bomb = io.BytesIO(content)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", bytes(300_000_000))
    assert len(bomb.getvalue()) < 400_000
    assert "more than any table of ours" in fault(tmp_path, bomb.getvalue(), "table.xlsx")
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert "defines entities" in fault(tmp_path, with_part(content, "xl/worksheets/sheet1.xml", entity), "table.xlsx")
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 1)
    assert "has more than 1 rows" in fault(tmp_path, content, "table.xlsx")


def with_part(content: bytes, part: str, head: bytes) -> bytes:
    """A spreadsheet with something before one of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, head + text.split(b"?>", 1)[-1] if name == part else text)
    return made.getvalue()
