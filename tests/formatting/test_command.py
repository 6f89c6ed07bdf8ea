"""`conductor format`: files of a ledger in one layout, all or none."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from conductor_bean.cli import formatting
from conductor_bean.formatting.rewriting import formatted
from conductor_bean.ledger import appending, locking
from tests.support import REGION, conductor

UNTIDY = b'2026-01-02 custom   "member" "Ada"\r\n      name: "Ada"\r\n'
TIDY = b'2026-01-02 custom "member" "Ada"\n  name: "Ada"\n'
MAIN = b'plugin "conductor_bean.plugins.conductor"\n\ninclude   "parties/*.beancount"\ninclude "gone.beancount"\n'


@pytest.fixture
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A region with three untidy files, and a draft that nothing includes."""
    folder = tmp_path / "region"
    (folder / "parties").mkdir(parents=True)
    (folder / "region.yaml").write_text(REGION, encoding="utf-8")
    (folder / "main.beancount").write_bytes(MAIN)
    for name in ("parties/a", "parties/b", "draft"):
        (folder / f"{name}.beancount").write_bytes(UNTIDY)
    monkeypatch.chdir(tmp_path)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the lock, which says nothing."""
    files = [path for path in folder.rglob("*") if path.is_file() and ".conductor" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_folder_is_its_ledger(region: Path) -> None:
    result = conductor("format", "region")
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == [
        "region/main.beancount",
        "region/parties/a.beancount",
        "region/parties/b.beancount",
    ]
    assert (region / "parties/a.beancount").read_bytes() == (region / "parties/b.beancount").read_bytes() == TIDY
    assert (region / "draft.beancount").read_bytes() == UNTIDY
    assert conductor("format", "region", "--check").exit_code == 0


def test_without_a_name_it_is_the_folder_one_is_in(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(region)
    assert conductor("format").stdout.count("formatted") == 3


def test_a_file_is_itself_alone(region: Path) -> None:
    assert conductor("format", "region/main.beancount", "region/draft.beancount").exit_code == 0
    assert (region / "draft.beancount").read_bytes() == TIDY
    assert (region / "parties/a.beancount").read_bytes() == UNTIDY


@pytest.mark.parametrize("options", [["--check"], ["--diff"], ["--check", "--diff"]])
def test_to_look_writes_nothing(region: Path, options: list[str]) -> None:
    before = contents(region)
    result = conductor("format", "region", *options)
    assert contents(region) == before
    assert result.exit_code == ("--check" in options)
    assert "region/parties/a.beancount" in result.stdout
    assert ('+  name: "Ada"' in result.stdout) is ("--diff" in options)
    conductor("format", "region")
    result = conductor("format", "region", *options)
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("fault", [b"<<<<<<< HEAD\n", b'2026-01-02 custom "member" "A\n', b"; \xff\n", b"; \0\n"])
def test_one_file_that_does_not_parse_leaves_all_as_they_were(region: Path, fault: bytes) -> None:
    (region / "parties/b.beancount").write_bytes(UNTIDY + fault)
    before = contents(region)
    result = conductor("format", "region")
    assert result.exit_code == 1
    assert result.stderr.startswith("region/parties/b.beancount:3: ")
    assert "every file is as it was" in result.stderr
    assert contents(region) == before


def test_what_cannot_be_read_is_said(region: Path) -> None:
    before = contents(region)
    for name, said in (("nowhere.beancount", "No such file"), ("region/parties", "no main.beancount")):
        result = conductor("format", "region/draft.beancount", name)
        assert (result.exit_code, said in result.stderr) == (2, True)
    assert contents(region) == before


def test_links_are_followed_and_rights_are_kept(region: Path) -> None:
    target = region / "draft.beancount"
    target.chmod(0o640)
    link = region / "parties" / "c.beancount"
    link.symlink_to(target)
    result = conductor("format", "region", "region/draft.beancount")
    assert (result.exit_code, result.stdout.count("formatted")) == (0, 4)
    assert link.is_symlink()
    assert target.read_bytes() == TIDY
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_what_is_included_from_elsewhere_is_left_alone(region: Path, tmp_path: Path) -> None:
    (tmp_path / "common.beancount").write_bytes(UNTIDY)
    (region / "main.beancount").write_bytes(MAIN + b'include "../common.beancount"\n')
    result = conductor("format", "region")
    assert result.exit_code == 1
    assert "outside-the-folder" in result.stderr
    assert (tmp_path / "common.beancount").read_bytes() == UNTIDY


def test_a_file_that_changed_meanwhile_is_not_overwritten(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = region / "parties" / "b.beancount"

    seen: list[bytes] = []

    def slow(content: bytes) -> bytes:
        seen.append(content)
        if len(seen) == 3:
            changed.write_bytes(TIDY + b"; more\n")
        return formatted(content)

    monkeypatch.setattr(formatting, "formatted", slow)
    main = (region / "main.beancount").read_bytes()
    result = conductor("format", "region")
    assert (result.exit_code, "changed by somebody else" in result.stderr) == (2, True)
    assert changed.read_bytes() == TIDY + b"; more\n"
    assert (region / "main.beancount").read_bytes() == main
    assert (region / "parties/a.beancount").read_bytes() == UNTIDY


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is locked for root")
def test_a_file_that_may_not_be_written_leaves_all_as_they_were(region: Path) -> None:
    (region / "parties/b.beancount").chmod(0o444)
    before = contents(region)
    assert conductor("format", "region").exit_code == 2
    assert contents(region) == before


def test_a_full_disk_leaves_all_as_they_were(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []

    def full(path: Path, content: bytes) -> Path:
        if path.name == "b.beancount":
            raise OSError(28, "No space left on device", str(path))
        written.append(write_beside(path, content))
        return written[-1]

    write_beside = appending._write_beside
    monkeypatch.setattr(appending, "_write_beside", full)
    before = contents(region)
    result = conductor("format", "region")
    assert (result.exit_code, "No space left on device; nothing has changed" in result.stderr) == (2, True)
    assert len(written) == 2
    assert contents(region) == before


def test_two_commands_do_not_write_at_once(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "writing", lambda main: locking.writing(main, 0.1))
    before = contents(region)
    program = (
        "import sys; from pathlib import Path; from conductor_bean.ledger.locking import writing\n"
        "with writing(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(region / "main.beancount")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        result = conductor("format", "region/draft.beancount")
        other.communicate()
    assert (result.exit_code, "another command" in result.stderr) == (1, True)
    assert contents(region) == before


def test_an_editor_may_pass_a_text_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "text"
    path.write_bytes(UNTIDY)
    with path.open("rb") as file:
        monkeypatch.setattr(formatting, "sys", SimpleNamespace(stdin=SimpleNamespace(buffer=file), exit=sys.exit))
        assert conductor("format", "-").stdout.encode() == TIDY
    assert conductor("format", "-", "other.beancount").exit_code == 2


def test_the_example_ledgers_stand_in_the_canonical_layout() -> None:
    ledgers = Path(__file__).parents[2] / "ledgers"
    regions = sorted(path.parent for path in ledgers.glob("*/main.beancount"))
    result = conductor("format", "--check", *regions)
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_simulated_region_stands_in_the_canonical_layout(tmp_path: Path) -> None:
    arguments = ["--members", "12", "--companies", "4", "--months", "3", "--seed", "7"]
    assert conductor("simulate", *arguments, "--to", tmp_path / "region").exit_code == 0
    assert conductor("format", "--check", tmp_path / "region").stdout == ""


def test_an_edition_stands_in_the_canonical_layout(tmp_path: Path) -> None:
    ledgers = Path(__file__).parents[2] / "ledgers"
    assert conductor("publish", ledgers / "lakeside", "--to", tmp_path / "edition").exit_code == 0
    assert conductor("format", "--check", tmp_path / "edition").stdout == ""


def test_what_is_added_is_written_in_the_canonical_layout(tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(Path(__file__).parents[2] / "ledgers" / "riverbend", folder)
    for arguments in (
        ["member", "Zed", "--name", "Zed"],
        ["hours", "Farm", "Fay=2"],
        ["gift", "Ada", "Bob", "1"],
        ["service", "songs-zed", "Zed"],
    ):
        result = conductor("add", *arguments, "--ledger", folder, "--date", "2027-01-02", "--yes")
        assert result.exit_code == 0, result.output
    assert conductor("format", "--check", folder).stdout == ""


def test_a_close_is_written_in_the_canonical_layout(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[2] / "ledgers" / "riverbend", tmp_path / "region")
    journal = tmp_path / "region" / "journal" / "2026-12.beancount"
    text = journal.read_text("utf-8").replace('2026-12-31 custom "month-close" "2026-12"', "")
    journal.write_bytes(formatted(text.encode()))
    assert conductor("close", tmp_path / "region", "2026-12", "--yes").exit_code == 0
    assert conductor("format", "--check", tmp_path / "region").stdout == ""
