"""Options that make no sense, and folders that cannot be made, end in exit 2 with a reason and without a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor_bean.ledger.folder import FolderRefusedError, new_folder
from conductor_bean.simulation import folder as simulated
from conductor_bean.simulation.scenario import Scenario
from tests.simulation.support import names_in
from tests.support import conductor


def refused(target: Path, *options: object) -> str:
    """Run a command that must be refused; the reason that it gives."""
    result = conductor("simulate", "--months", 1, *options, "--to", target)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--members", 0, "0 is not in the range"),
        ("--members", -3, "-3 is not in the range"),
        ("--members", "many", "'many' is not a valid integer"),
        ("--members", 10**9, "is not in the range"),
        ("--companies", 0, "0 is not in the range"),
        ("--months", 0, "0 is not in the range"),
        ("--months", -12, "-12 is not in the range"),
        ("--transactions", -1, "-1 is not in the range"),
        ("--seed", "x", "'x' is not a valid integer"),
        ("--start", "2026", "'2026' is no month"),
        ("--start", "2026-13", "'2026-13' is no month"),
        ("--start", "1899-12", "lies outside 1900-01 to 2199-12"),
        ("--start", "2200-01", "lies outside 1900-01 to 2199-12"),
    ],
)
def test_an_option_out_of_range_is_refused(tmp_path: Path, option: str, value: object, reason: str) -> None:
    assert reason in refused(tmp_path / "region", option, value)
    assert names_in(tmp_path) == []


def test_months_beyond_the_last_date_are_refused(tmp_path: Path) -> None:
    assert "end after 2199-12" in refused(tmp_path / "region", "--start", "2199-12", "--months", 2)
    assert names_in(tmp_path) == []


def test_a_target_is_needed() -> None:
    result = conductor("simulate")
    assert result.exit_code == 2
    assert "--to" in result.stderr


def test_a_folder_that_holds_anything_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "region").mkdir()
    (tmp_path / "region" / ".git").touch()
    assert "is not empty" in refused(tmp_path / "region")
    assert names_in(tmp_path / "region") == [".git"]


def test_a_file_is_refused_and_stays(tmp_path: Path) -> None:
    (tmp_path / "region").write_text("mine")
    assert "is a file" in refused(tmp_path / "region")
    assert (tmp_path / "region").read_text() == "mine"


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "cannot be" in refused(tmp_path / "file" / "region")
    assert names_in(tmp_path) == ["file"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "region").mkdir()
    assert conductor("simulate", "--months", 1, "--members", 2, "--to", tmp_path / "region").exit_code == 0
    assert (tmp_path / "region" / "main.beancount").exists()
    assert names_in(tmp_path) == ["region"]


def test_a_folder_in_which_nothing_may_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", forbidden)
    assert "cannot be written (Permission denied)" in refused(tmp_path / "deep" / "region")
    assert names_in(tmp_path) == []


def test_a_fault_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _text: str) -> None:
        if path.name == "main.beancount":
            raise OSError(28, "No space left on device")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text, encoding="utf-8")

    monkeypatch.setattr(simulated, "_write", full)
    with pytest.raises(FolderRefusedError, match="No space left on device"):
        simulated.simulate(tmp_path / "a" / "b" / "region", Scenario(members=2, companies=1, months=1))
    assert names_in(tmp_path) == []


def fail(folder: Path) -> None:
    """Write a file into a new folder, and fail for a reason of ours."""
    with new_folder(folder) as inside:
        (inside / "file").touch()
        raise KeyError("a fault of ours")


def test_any_fault_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        fail(tmp_path / "a" / "region")
    assert names_in(tmp_path) == []


def interfere(folder: Path) -> None:
    """Write a file into a new folder, while somebody else makes that folder."""
    with new_folder(folder) as inside:
        (inside / "file").touch()
        folder.mkdir()
        (folder / "theirs").touch()


def test_a_folder_that_somebody_fills_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    with pytest.raises(FolderRefusedError):
        interfere(tmp_path / "region")
    assert names_in(tmp_path / "region") == ["theirs"]
    assert names_in(tmp_path) == ["region"]


def test_a_link_to_a_folder_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    assert conductor("simulate", "--months", 1, "--members", 2, "--to", tmp_path / "link").exit_code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "main.beancount").exists()
