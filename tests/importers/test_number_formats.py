"""Whole numbers of spreadsheets are read as their formats show them: an id is for ever."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from conductor_bean.importers.common.spreadsheet import read_sheets


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (42, "0000", "0042"),
        (7, '"M-"0000', "M-0007"),
        (7, "\\K000", "K007"),
        (12, '"No. "0', "No. 12"),
        (12345, "0000", "12345"),
        (12, "General", "12"),
        (12, "0", "12"),
    ],
)
def test_a_number_is_read_with_the_zeros_and_the_text_of_its_format(
    tmp_path: Path, value: int, form: str, shown: str
) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = value
    book.active["A1"].number_format = form
    book.save(tmp_path / "s.xlsx")
    ((_, rows, _),) = read_sheets(tmp_path / "s.xlsx")
    assert str(rows[0][1][0]) == shown
