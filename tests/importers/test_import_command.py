"""`conductor import SOURCE FILES --to FILE`: nothing twice, nothing half, every refusal at the row that caused it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.formatting.layout import canonical
from conductor_bean.importers.common import held, run, target
from conductor_bean.ledger.books import load_books
from tests.importers.golden import documents
from tests.importers.town import contents, imported, journal, refused, town, write
from tests.support import conductor

HEAD = "date,start,end,member,company,hours,description,id\n"


def sheet(folder: Path, *rows: str, name: str = "hours.csv") -> Path:
    return write(folder, name, HEAD + "".join(f"{row}\n" for row in rows))


ONE, TWO, THREE = (f"2026-03-0{day},08:00,,Ada,Bakery,8,,k-{day}" for day in (2, 3, 4))


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    for source in ("timesheet", "kimai", "clockify", "toggl"):
        folder = town(tmp_path / source)
        imported(folder, source, *documents(source))
        before = contents(folder)
        assert f"nothing new from {source}; " in imported(folder, source, *documents(source))
        assert contents(folder) == before


def test_overlapping_files_add_only_what_is_new(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, ONE, TWO))
    said = imported(folder, "timesheet", sheet(folder, TWO, THREE, name="b.csv"), sheet(folder, THREE, name="c.csv"))
    assert ": 1 entry from timesheet; 1 known already" in said
    assert journal(folder).read_text().count("Assets:Members:Ada:Hours") == 3


def test_entries_are_appended_in_order_of_instant_and_in_the_canonical_layout(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, THREE, ONE, TWO))
    text = journal(folder).read_text()
    assert text.index("2026-03-02") < text.index("2026-03-03") < text.index("2026-03-04")
    assert text.startswith(";; March 2026\n\n2026-03-02")
    assert canonical(text) == text


def test_rows_in_another_order_and_other_words_are_the_same_rows(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, ONE, TWO))
    renamed = TWO.replace(",Ada,Bakery,8,,", ",Ada Lovelace,Sunrise Bakery,8:00,another text,")
    assert "2 known already" in imported(folder, "timesheet", sheet(folder, renamed, ONE))


def test_a_file_with_a_known_row_of_another_content_is_refused_whole(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, ONE))
    source = sheet(folder, ONE.replace(",8,", ",7,"), TWO)
    said = refused(folder, "timesheet", source)
    assert f"{source}:2: timesheet:k-2 stands in 2026-03.beancount:3 with another content" in said


def test_what_was_reversed_can_be_imported_as_it_is_now_and_then_is_known(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, ONE))
    with journal(folder).open("a") as file:
        file.write('\n2026-03-05 custom "reversal" "timesheet:k-2"\n  by: "carla"\n')
    assert "1 known already" in imported(folder, "timesheet", sheet(folder, ONE))
    corrected = sheet(folder, ONE.replace(",8,", ",7,"))
    imported(folder, "timesheet", corrected)
    assert '  time: "07:00:00.000001"\n  id: "timesheet:k-2~2"\n' in journal(folder).read_text()
    assert "1 known already" in imported(folder, "timesheet", corrected)
    assert load_books(folder).errors == []


def test_what_the_ledger_would_not_hold_is_refused_at_the_source_row(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, ONE, "2026-03-03,08:00,,Ada,Mill,8,,", "2025-12-31,08:00,,Bob,Bakery,8,,")
    said = refused(folder, "timesheet", source)
    assert f'{source}:3: worker-not-at-company: "Ada" does not work at "Mill"' in said
    assert f"{source}:4: " in said
    assert "With these entries the ledger would not hold." in said


def test_a_ledger_with_errors_is_not_written_to(tmp_path: Path) -> None:
    folder = town(tmp_path)
    with journal(folder).open("a") as file:
        file.write('2026-03-01 custom "member-end" "Nobody"\n')
    assert "has 1 error(s)" in refused(folder, "timesheet", sheet(folder, ONE))


def test_the_file_must_belong_to_the_ledger(tmp_path: Path) -> None:
    folder = town(tmp_path / "region")
    source = sheet(folder, ONE)
    elsewhere = folder / "elsewhere.beancount"
    said = refused(folder, "timesheet", source, to=elsewhere, status=2)
    assert (
        f'{elsewhere}: there is no such file, and no include covers it; add the line: include "elsewhere.beanc' in said
    )
    elsewhere.write_text("")
    assert "is no file of the ledger" in refused(folder, "timesheet", source, to=elsewhere, status=2)
    assert "no file of entries" in refused(folder, "timesheet", source, to=folder / "region.yaml", status=2)
    for name in ("journal/.hidden.beancount", "journal/deeper/2026-04.beancount"):
        assert "no include covers it" in refused(folder, "timesheet", source, to=folder / name, status=2)


def test_a_new_file_is_made_where_an_include_covers_it(tmp_path: Path) -> None:
    folder = town(tmp_path)
    imported(folder, "timesheet", sheet(folder, ONE), to=folder / "journal" / "2026-04.beancount")
    assert (folder / "journal" / "2026-04.beancount").read_text().startswith("2026-03-02 * ")
    wrong = sheet(folder, "2026-03-03,08:00,,Ada,Mill,8,,")
    refused(folder, "timesheet", wrong, to=folder / "journal" / "2026-05.beancount")
    assert not (folder / "journal" / "2026-05.beancount").exists()


def test_without_a_file_to_write_to_or_in_a_dry_run_the_entries_are_shown(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, ONE)
    before = contents(folder)
    for arguments in (("--ledger", folder), ("--to", journal(folder), "--dry-run")):
        result = conductor("import", "timesheet", source, *arguments)
        assert result.exit_code == 0
        assert result.stdout.startswith('2026-03-02 * "Sunrise Bakery" "Ada, 8 hours"\n')
        assert "1 entry from timesheet; nothing was written" in result.stderr
    assert contents(folder) == before


def test_the_report_is_one_json_document(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, ONE, TWO)
    document = json.loads(imported(folder, "timesheet", source, "--json"))
    assert document == {
        "source": "timesheet",
        "written": True,
        "file": "journal/2026-03.beancount",
        "imported": [
            {"id": "timesheet:k-2", "instant": "2026-03-02T07:00:00", "source": str(source), "row": 2, "line": 3},
            {"id": "timesheet:k-3", "instant": "2026-03-03T07:00:00", "source": str(source), "row": 3, "line": 9},
        ],
        "known": 0,
        "changed": [],
        "changes": [],
        "notes": [],
    }
    lines = journal(folder).read_text().splitlines()
    assert [lines[each["line"] - 1][:10] for each in document["imported"]] == ["2026-03-02", "2026-03-03"]


def test_line_ends_of_the_file_stay_as_they_are(tmp_path: Path) -> None:
    folder = town(tmp_path)
    journal(folder).write_bytes(b";; March\r\n")
    imported(folder, "timesheet", sheet(folder, ONE))
    content = journal(folder).read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") > 5
    assert "1 known already" in imported(folder, "timesheet", sheet(folder, ONE))


def test_a_source_that_changes_meanwhile_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = town(tmp_path)
    source = sheet(folder, ONE)
    sort_out = held.sort_out

    def meanwhile(*arguments: object) -> object:
        with source.open("a") as file:
            file.write(TWO)
        return sort_out(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "sort_out", meanwhile)
    result = conductor("import", "timesheet", source, "--to", journal(folder))
    assert result.exit_code == 2
    assert "somebody is still writing it" in result.stderr
    assert journal(folder).read_text() == ";; March 2026\n"


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = town(tmp_path)
    source = sheet(folder, "2026-03-02,,,Ada,,8,,")
    assert ": 1 entry from timesheet\n" in imported(folder, "timesheet", source, source)


def test_what_another_command_writes_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = town(tmp_path)
    source, other = sheet(folder, ONE), sheet(folder, TWO, name="other.csv")
    check_target = target.check_target

    def meanwhile(*arguments: Any) -> Path:
        monkeypatch.undo()
        imported(folder, "timesheet", other)
        return check_target(*arguments)

    monkeypatch.setattr(run, "check_target", meanwhile)
    result = conductor("import", "timesheet", source, "--to", journal(folder))
    assert result.exit_code == 2
    assert "it was changed by somebody else meanwhile; look at it, then try again" in result.stderr
    assert journal(folder).read_text().count("Assets:Members:Ada:Hours") == 1
    assert "1 entry" in imported(folder, "timesheet", source)


def test_wrong_usage_is_said(tmp_path: Path) -> None:
    folder = town(tmp_path)
    assert "no such file" in refused(folder, "timesheet", folder / "none.csv", status=2)
    assert "has no column" in refused(folder, "kimai", sheet(folder, ONE), status=2)
    result = conductor("import", "timesheet", sheet(folder, ONE), "--ledger", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no such file; name a main.beancount" in result.stderr
