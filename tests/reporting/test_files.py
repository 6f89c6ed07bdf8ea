"""Files are written whole or not at all, where they were asked for, and always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.reporting.placing import TargetRefusedError, write_files
from tests.reporting.reading import paper, written
from tests.support import conductor

MONTH = ("--month", "2026-01")


def test_a_report_is_a_page_and_a_paper_named_after_its_time(small: Path, tmp_path: Path) -> None:
    result = conductor("report", small, *MONTH, "--to", tmp_path / "out")
    assert result.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["report-2026-01.html", "report-2026-01.pdf"]
    assert result.stdout.count("wrote ") == 2


def test_one_format_can_be_asked_for(small: Path, tmp_path: Path) -> None:
    assert set(written(small, tmp_path / "out", *MONTH, "--format", "PDF")) == {".pdf"}
    assert conductor("report", small, *MONTH, "--to", tmp_path / "january.html").exit_code == 0
    assert (tmp_path / "january.html").read_bytes().startswith(b"<!DOCTYPE html>")


def test_the_same_ledger_gives_the_same_bytes_in_another_process(
    riverbend: Path, march: dict[str, bytes], tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "conductor_bean.cli.main", "report", str(riverbend), "--month", "2026-03"]
    subprocess.run([*command, "--to", str(tmp_path / "again")], env=environment, check=True, capture_output=True)
    assert (tmp_path / "again" / "report-2026-03.html").read_bytes() == march[".html"]
    assert (tmp_path / "again" / "report-2026-03.pdf").read_bytes() == march[".pdf"]


def test_a_paper_is_dated_as_of_the_end_of_its_time(march: dict[str, bytes]) -> None:
    metadata = paper(march[".pdf"]).metadata
    assert metadata["/CreationDate"].startswith("D:20260331000000")
    assert "/ModDate" not in metadata


def test_what_is_there_stays_unless_it_is_forced(small: Path, tmp_path: Path) -> None:
    (tmp_path / "report-2026-01.pdf").write_bytes(b"mine")
    result = conductor("report", small, *MONTH, "--to", tmp_path)
    assert result.exit_code == 2
    assert "exists; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["report-2026-01.pdf"]
    assert conductor("report", small, *MONTH, "--to", tmp_path, "--force").exit_code == 0
    assert (tmp_path / "report-2026-01.pdf").read_bytes().startswith(b"%PDF")


def test_a_report_of_the_private_ledger_is_for_its_owner_alone(small: Path, tmp_path: Path) -> None:
    conductor("report", small, *MONTH, "--to", tmp_path / "out")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "out").iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Name either --month"),
        ((*MONTH, "--year", "2026"), "Name either --month"),
        (("--month", "2026-13"), "is no month"),
        (("--year", "12"), "is not in the range"),
        ((*MONTH, "--format", "docx"), "'docx' is no format of a report"),
    ],
)
def test_wrong_options_are_refused(small: Path, tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    result = conductor("report", small, *options, "--to", tmp_path / "out")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("target", "options", "said"),
    [
        ("x.pdf", ("--format", "html"), "ends in .pdf"),
        ("x.doc", (), "neither a folder"),
        ("a/b/c", (), "cannot be made"),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    small: Path, tmp_path: Path, target: str, options: tuple[str, ...], said: str
) -> None:
    result = conductor("report", small, *MONTH, "--to", tmp_path / target, *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("force", [False, True])
def test_where_one_file_cannot_be_placed_none_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, force: bool
) -> None:
    first, second = tmp_path / "new" / "a.html", tmp_path / "new" / "b.pdf"
    if force:
        first.parent.mkdir()
        first.write_bytes(b"old")
    placed: list[object] = []
    real: Any = Path.replace if force else os.link

    def fail(*arguments: object) -> None:
        placed.append(arguments)
        if len(placed) == 2:
            raise OSError(28, "No space left on device")
        real(*arguments)

    monkeypatch.setattr(Path, "replace", fail) if force else monkeypatch.setattr(os, "link", fail)
    with pytest.raises(TargetRefusedError, match="No space left on device; nothing was written"):
        write_files({first: b"1", second: b"2"}, force=force)
    assert first.exists() is force
    assert not second.exists()
    if force:
        assert [path.read_bytes() for path in first.parent.iterdir()] == [b"old"]
    else:
        assert not first.parent.exists()


def test_a_file_that_appears_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.pdf"
    monkeypatch.setattr("conductor_bean.reporting.placing.hold_free", lambda paths: target.write_bytes(b"theirs"))
    with pytest.raises(TargetRefusedError, match="nothing was written"):
        write_files({target: b"ours"})
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_no_other_command_loads_what_draws(small: Path) -> None:
    source = (
        "import sys\nfrom conductor_bean.cli.main import main\n"
        f"try:\n    main(['check', {str(small)!r}])\nexcept SystemExit:\n    pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'matplotlib', 'pypdf', 'numpy', 'PIL'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
