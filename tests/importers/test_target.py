"""An import makes a folder whole or not at all, and overwrites nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from conductor_bean.importers.workers_control import ImportRefusedError, Settings, import_database
from tests.importers.support import conductor, database, files_of, imported, listing, refused


def test_a_folder_that_holds_anything_is_refused_and_stays(tmp_path: Path) -> None:
    target = imported(database("small1"), tmp_path / "region")
    (target / "notes.txt").write_text("mine")
    before = files_of(target)
    assert "is not empty" in refused(database("small2"), target)
    assert files_of(target) == before


def test_a_hidden_file_counts(tmp_path: Path) -> None:
    target = tmp_path / "region"
    target.mkdir()
    (target / ".git").touch()
    assert "is not empty" in refused(database("small1"), target)


def test_a_file_is_refused_and_stays(tmp_path: Path) -> None:
    target = tmp_path / "region"
    target.write_text("mine")
    assert "is a file" in refused(database("small1"), target)
    assert target.read_text() == "mine"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    target = tmp_path / "region"
    target.mkdir()
    imported(database("small1"), target)
    assert (target / "main.beancount").exists()


def test_missing_parents_are_made(tmp_path: Path) -> None:
    imported(database("small1"), tmp_path / "a" / "b" / "region")
    assert listing(tmp_path / "a" / "b")[0] == "region"


def test_a_link_to_a_folder_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    imported(database("small1"), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "main.beancount").exists()


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = conductor("import", "workers-control", database("small1"), "--to", tmp_path / "file" / "region")
    assert result.exit_code == 2
    assert listing(tmp_path) == ["file"]


def test_a_fault_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def full(_number: int) -> None:
        nonlocal written
        written += 1
        if written > 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ImportRefusedError, match="No space left on device"):
        import_database(str(database("small1")), tmp_path / "region")
    assert listing(tmp_path) == []


def test_a_folder_that_somebody_fills_meanwhile_is_left_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "region"

    def fill(_number: int) -> None:
        target.mkdir(exist_ok=True)
        (target / "theirs").touch()

    monkeypatch.setattr(os, "fsync", fill)
    with pytest.raises(ImportRefusedError):
        import_database(str(database("small1")), target)
    assert listing(tmp_path) == ["region", "region/theirs"]


def test_the_folder_has_the_usual_rights(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        target = imported(database("small1"), tmp_path / "region")
    finally:
        os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o755
    assert (target / "region.yaml").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "options",
    [
        ("--region", "river bend"),
        ("--region", "lower"),
        ("--region", "Ünder"),
        ("--region", ""),
        ("--fic-window-days", "0"),
        ("--overdraw", "-1"),
        ("--overdraw", "NaN"),
        ("--overdraw", "Infinity"),
        ("--overdraw", "1e15"),
    ],
)
def test_settings_that_a_region_cannot_have_are_refused(options: tuple[str, str], tmp_path: Path) -> None:
    assert f"give another {options[0]}" in refused(database("small1"), tmp_path / "region", *options)


@pytest.mark.parametrize("options", [("--overdraw", "much"), ("--fic-window-days", "1.5"), ("--unknown",)])
def test_options_that_are_no_options_are_wrong_usage(options: tuple[str, ...], tmp_path: Path) -> None:
    result = conductor("import", "workers-control", database("small1"), "--to", tmp_path / "region", *options)
    assert result.exit_code == 2
    assert listing(tmp_path) == []


def test_the_report_is_also_there_as_json(tmp_path: Path) -> None:
    result = conductor("import", "workers-control", database("small1"), "--to", tmp_path / "region", "--json")
    report = json.loads(result.stdout)
    assert report["read"]["transfers"] == 56
    assert report["inferred"]["employment"] == 5
    assert report["not_inferable"] == []


def test_settings_have_defaults() -> None:
    assert Settings() == Settings("WorkersControl", "", 180, None)
