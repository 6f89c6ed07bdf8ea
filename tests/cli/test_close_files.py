"""Where `conductor close` writes, and that a file is the old one or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest

from conductor_bean.ledger import changing
from conductor_bean.ledger.appending import Change, FileChangedError, replace_whole, with_appended, write_together
from tests.cli.region import answer
from tests.cli.test_close import DIRECTIVE, FILE, text_of
from tests.cli.town import JANUARY, MAIN, PARTIES, refused, write_town
from tests.support import conductor

MAIN_OF_ONE_FILE = MAIN.replace('include "parties.beancount"\ninclude "journal/*.beancount"\n', "")


@pytest.fixture
def january(tmp_path: Path) -> Path:
    """The town before its first close."""
    return write_town(tmp_path / "town")


# Where


def appended(path: Path) -> int:
    """Append a close to a file in one step; the line at which it begins."""
    addition = with_appended(path.read_bytes(), DIRECTIVE)
    replace_whole(path, addition.new, addition.old)
    return addition.line


def test_the_close_stands_at_the_end_of_the_file_that_is_named_after_the_month(january: Path) -> None:
    before = text_of(january)
    assert answer("close", january, "2026-01")["file"] == FILE
    after = text_of(january)
    assert after[FILE].startswith(before[FILE] + b"\n" + DIRECTIVE.encode() + b'\n  digest: "sha256:')
    assert {name: text for name, text in after.items() if name not in (FILE, "closes/2026-01.txt")} == {
        name: text for name, text in before.items() if name != FILE
    }


def test_the_file_named_after_the_month_counts_also_where_its_last_event_stands_elsewhere(tmp_path: Path) -> None:
    journal = {"2026-01": JANUARY, "till": '2026-01-30 custom "wait-list" "housing" "Bob"\n'}
    folder = write_town(tmp_path, journal)
    assert answer("close", folder, "2026-01")["file"] == FILE


def test_else_it_is_the_file_of_the_last_event_of_the_month(tmp_path: Path) -> None:
    journal = {"everything": JANUARY, "till": '2026-01-30 custom "wait-list" "housing" "Bob"\n', "a": "; nothing\n"}
    assert answer("close", write_town(tmp_path, journal), "2026-01")["file"] == "journal/till.beancount"


def test_else_it_is_the_main_file(tmp_path: Path) -> None:
    folder = write_town(tmp_path, {"everything": JANUARY})
    answer("close", folder, "2026-01")
    document = answer("close", folder, "2026-02")
    assert document["file"] == "main.beancount"
    assert (
        (folder / "main.beancount")
        .read_text("utf-8")
        .rpartition("\n  digest")[0]
        .endswith('\n\n2026-02-28 custom "month-close" "2026-02"')
    )


def test_a_ledger_in_one_file(tmp_path: Path) -> None:
    folder = write_town(tmp_path, {}, main=MAIN_OF_ONE_FILE + PARTIES + JANUARY)
    assert answer("close", folder / "main.beancount", "2026-01")["file"] == "main.beancount"
    assert conductor("check", folder).exit_code == 0


def test_the_region_file_is_no_place_for_a_close_whatever_its_name(tmp_path: Path) -> None:
    folder = write_town(tmp_path, {"everything": JANUARY}, main=MAIN.replace('conductor"', 'conductor" "2026-01.yaml"'))
    (folder / "region.yaml").rename(folder / "2026-01.yaml")
    assert answer("close", folder, "2026-01")["file"] == "journal/everything.beancount"


# How


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", DIRECTIVE + "\n"),
        ("; a comment", f"; a comment\n\n{DIRECTIVE}\n"),
        ("; a comment\n", f"; a comment\n\n{DIRECTIVE}\n"),
        ("; a comment\n\n", f"; a comment\n\n{DIRECTIVE}\n"),
        ("; a comment\n\n\n", f"; a comment\n\n\n{DIRECTIVE}\n"),
        ("; a comment\r\n", f"; a comment\r\n\r\n{DIRECTIVE}\r\n"),
        ("; one\r\n; two", f"; one\r\n; two\r\n\r\n{DIRECTIVE}\r\n"),
        ("; \N{GREEK SMALL LETTER ALPHA}", f"; \N{GREEK SMALL LETTER ALPHA}\n\n{DIRECTIVE}\n"),
        ("\N{BYTE ORDER MARK}; a comment\n", f"\N{BYTE ORDER MARK}; a comment\n\n{DIRECTIVE}\n"),
    ],
)
def test_what_stood_there_stays_and_line_ends_are_kept(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "journal.beancount"
    path.write_bytes(old.encode())
    line = appended(path)
    assert path.read_bytes() == new.encode()
    assert new.splitlines()[line - 1] == DIRECTIVE
    assert [child.name for child in tmp_path.iterdir()] == ["journal.beancount"]


def test_a_ledger_of_windows_is_closed_and_holds(tmp_path: Path) -> None:
    folder = write_town(tmp_path, {"2026-01": JANUARY.rstrip("\n").replace("\n", "\r\n")})
    document = answer("close", folder, "2026-01")
    content = (folder / FILE).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.rpartition(b"\r\n  digest")[0].endswith(b"\r\n\r\n" + DIRECTIVE.encode())
    assert content.endswith(b'"\r\n')
    assert content.splitlines()[document["line"] - 1] == DIRECTIVE.encode()
    assert conductor("check", folder, "--strict").exit_code == 0


def test_permissions_and_links_are_kept(january: Path) -> None:
    real = january / "elsewhere.beancount"
    (january / FILE).rename(real)
    real.chmod(0o640)
    (january / FILE).symlink_to(real)
    answer("close", january, "2026-01")
    assert (january / FILE).is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert DIRECTIVE in real.read_text("utf-8")


# What goes wrong


def raising(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    return fail


@pytest.mark.parametrize(
    ("owner", "step"),
    [(tempfile, "mkstemp"), (os, "fsync"), (Path, "chmod"), (Path, "replace")],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied"),
        OSError(errno.EROFS, "Read-only file system"),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
    ids=lambda error: errno.errorcode[error.errno],
)
def test_where_it_cannot_write_nothing_changes_and_it_is_exit_2(
    january: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, step: str, error: OSError
) -> None:
    before = text_of(january)
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, raising(error))
        result = conductor("close", january, "2026-01")
    assert result.exit_code == 2
    assert "nothing has changed" in result.stderr
    assert str(error.strerror) in result.stderr
    assert text_of(january) == before
    assert conductor("close", january, "2026-01").exit_code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_keeps_its_files(january: Path) -> None:
    before = text_of(january)
    (january / "journal").chmod(0o500)
    try:
        assert "cannot be written" in refused("close", january, "2026-01", "--json")
    finally:
        (january / "journal").chmod(0o700)
    assert text_of(january) == before


def test_a_file_that_is_locked_stays_as_it_is(january: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, so the lock is told instead of set."""
    before = text_of(january)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda path, mode, **_: mode != os.W_OK)
        assert "cannot be written: Permission denied" in refused("close", january, "2026-01", "--json")
    assert text_of(january) == before


@pytest.mark.parametrize(
    "owner_and_step", [(os, "fsync"), (Path, "chmod"), (Path, "replace")], ids=lambda pair: pair[1]
)
@pytest.mark.parametrize(
    "end", [KeyboardInterrupt(), SystemExit(143), MemoryError()], ids=lambda end: type(end).__name__
)
def test_who_is_stopped_before_the_last_step_leaves_the_old_file(
    january: Path, monkeypatch: pytest.MonkeyPatch, owner_and_step: tuple[Any, str], end: BaseException
) -> None:
    before = text_of(january)
    with monkeypatch.context() as patch:
        patch.setattr(*owner_and_step, raising(end))
        with pytest.raises(type(end)):
            appended(january / FILE)
    assert text_of(january) == before


def test_a_power_cut_before_the_last_step_leaves_the_old_file_and_the_ledger_holds(
    january: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tidies up then; what is left beside the file is not part of the ledger."""
    before = text_of(january)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", raising(KeyboardInterrupt()))
        patch.setattr(Path, "unlink", raising(OSError(errno.EIO, "gone")))
        with pytest.raises(KeyboardInterrupt):
            appended(january / FILE)
    after = text_of(january)
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 1
    assert conductor("check", january, "--strict").exit_code == 0
    assert answer("close", january, "2026-01")["written"] is True


def test_who_is_stopped_after_the_last_step_leaves_the_new_file_whole(
    january: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(changing, "quick_books", raising(KeyboardInterrupt()))
        assert conductor("close", january, "2026-01").exit_code != 0
    assert (january / FILE).read_text("utf-8").rpartition("\n  digest")[0].endswith(f"\n\n{DIRECTIVE}")
    assert conductor("check", january, "--strict").exit_code == 0


def test_should_the_ledger_not_hold_with_the_close_the_file_is_as_it_was(
    january: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else books at the same moment, before the ledger is checked once more."""
    before = (january / FILE).read_bytes()
    parties = january / "parties.beancount"

    def write(changes: Sequence[Change]) -> None:
        write_together(changes)
        if changes[0].new is not None and DIRECTIVE.encode() in changes[0].new:
            parties.write_text(parties.read_text("utf-8") + '2026-01-30 custom "member-end" "Bob"\n', "utf-8")

    with monkeypatch.context() as patch:
        patch.setattr(changing, "write_together", write)
        result = conductor("close", january, "2026-01")
    assert result.exit_code == 1
    assert "is as it was" in result.stderr
    assert "closed-month-changed" in result.stderr
    assert (january / FILE).read_bytes() == before
    assert DIRECTIVE not in result.stdout


def test_replacing_keeps_the_old_file_where_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", raising(OSError(errno.ENOSPC, "full")))
        with pytest.raises(OSError, match="full"):
            replace_whole(path, b"new")
    assert [(child.name, child.read_bytes()) for child in tmp_path.iterdir()] == [("file", b"old")]


def test_a_file_that_is_gone_is_an_error_and_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(FileChangedError):
        replace_whole(tmp_path / "nothing", b"new", b"old")
    assert list(tmp_path.iterdir()) == []
