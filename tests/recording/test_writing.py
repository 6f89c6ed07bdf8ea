"""Two commands at once, kills, full disks, files that somebody else changes: each file is the old or the new one."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from filelock import FileLock

from conductor_bean.cli import asking
from conductor_bean.ledger import appending, changing, locking
from conductor_bean.ledger.appending import Change, FileChangedError, write_together
from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.locking import LOCAL_FOLDER, LOCK, LedgerBusyError, writing
from tests.recording.valley import ONE_BY_ONE, add, added, bytes_of, refused, write_valley
from tests.support import conductor

GIFT = ("gift", "Ada", "Bob", "1", "--date", "2026-02-20")


@pytest.fixture
def valley(tmp_path: Path) -> Path:
    return write_valley(tmp_path / "valley", main=ONE_BY_ONE)


# Two at once


def test_commands_at_once_follow_each_other_and_none_is_lost(valley: Path) -> None:
    command = [sys.executable, "-m", "conductor_bean.cli.main", "add", "-l", str(valley), *GIFT, "--json"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
    documents = [json.loads(process.communicate()[0]) for process in running]
    assert {document["id"] for document in documents} == {f"2026-02-20-Ada-carla-{number}" for number in range(1, 5)}
    text = (valley / "journal" / "2026-02.beancount").read_text("utf-8")
    assert text.count("1.00 RSC") == 4 * 2
    assert (valley / "main.beancount").read_text("utf-8").count("2026-02") == 1
    assert not load_books(valley).errors


def test_who_waits_too_long_is_told_and_nothing_has_changed(valley: Path) -> None:
    locking.local_folder(valley / "main.beancount")
    with FileLock(valley / LOCAL_FOLDER / LOCK), pytest.raises(LedgerBusyError, match="another command"):  # noqa: SIM117
        with writing(valley / "main.beancount", patience=0.1):
            pass


def test_the_lock_may_be_taken_again_in_one_process(valley: Path) -> None:
    main = valley / "main.beancount"
    with writing(main), writing(main, patience=0.1):
        assert (valley / LOCAL_FOLDER / ".gitignore").read_text() == "*\n"
    blocked: list[str] = []

    def other() -> None:
        try:
            with writing(main, patience=0.05):
                pass
        except LedgerBusyError as error:
            blocked.append(str(error))

    with writing(main):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert blocked


def test_where_no_lock_can_stand_nothing_is_written(valley: Path) -> None:
    (valley / LOCAL_FOLDER).write_text("a file where the folder should be", "utf-8")
    assert "no lock can be taken in .conductor/" in refused(valley, *GIFT, code=2)


def test_what_changed_while_a_person_thought_is_not_written_over(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "somebody_is_there", lambda: True)
    parties = valley / "parties.beancount"

    def thinks(*_: object, **__: object) -> bool:
        parties.write_text(parties.read_text("utf-8") + '\n2026-01-09 custom "member" "Eve"\n', "utf-8")
        return True

    before = bytes_of(valley)
    monkeypatch.setattr("click.confirm", thinks)
    result = add(valley, *GIFT)
    assert result.exit_code == 2
    assert "it was changed by somebody else meanwhile" in result.stderr
    after = bytes_of(valley)
    assert {name for name in after if after[name] != before.get(name)} == {"parties.beancount"}


def test_a_file_that_is_saved_at_the_last_moment_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"saved by an editor")
    with pytest.raises(FileChangedError):
        write_together([Change(path, b"as it was", b"new")])
    with pytest.raises(FileChangedError):
        write_together([Change(tmp_path / "new", None, b"1"), Change(path, None, b"new")])
    assert {child.name: child.read_bytes() for child in tmp_path.iterdir()} == {"journal": b"saved by an editor"}


# Disks


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("owner_and_step", [(os, "fsync"), (Path, "replace"), (Path, "chmod"), (Path, "mkdir")])
def test_on_a_full_disk_nothing_changes(
    valley: Path, monkeypatch: pytest.MonkeyPatch, owner_and_step: tuple[Any, str]
) -> None:
    locking.local_folder(valley / "main.beancount")
    by_month = valley / "journal" / "2026-02" / "carla.beancount"
    before = bytes_of(valley)
    with monkeypatch.context() as patch:
        patch.setattr(*owner_and_step, full)
        with pytest.raises(OSError, match="No space"):
            write_together(
                [Change(by_month, None, b"new"), Change(valley / "main.beancount", ONE_BY_ONE.encode(), b"")]
            )
        if owner_and_step[1] != "mkdir":
            assert "nothing has changed" in refused(valley, *GIFT, code=2)
    assert bytes_of(valley) == before
    assert not by_month.parent.exists()


def test_where_the_second_file_cannot_take_its_place_the_first_is_put_back(
    valley: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bytes_of(valley)
    take = appending._take_place

    def once(waiting: Path, path: Path) -> None:
        if path.name == "main.beancount":
            full()
        take(waiting, path)

    with monkeypatch.context() as patch:
        patch.setattr(appending, "_take_place", once)
        assert "No space left" in refused(valley, *GIFT, code=2)
    assert bytes_of(valley) == before


def test_a_file_that_may_not_be_written_stays_as_it_is(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write everywhere, so it is told instead of set."""
    monkeypatch.setattr(os, "access", lambda path, mode, **_: mode != os.W_OK)
    assert "cannot be written: Permission denied" in refused(valley, "member", "Eve", code=2)


def test_what_does_not_hold_after_all_is_taken_back(valley: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes a file of the ledger between the write and the last check."""
    real = write_together

    def write(changes: Sequence[Change]) -> None:
        real(changes)
        parties = valley / "parties.beancount"
        parties.write_text(parties.read_text("utf-8") + '2026-01-09 custom "member-end" "Bob"\n', "utf-8")

    before = bytes_of(valley)
    with monkeypatch.context() as patch:
        patch.setattr(changing, "write_together", write)
        result = add(valley, *GIFT)
    assert result.exit_code == 1
    assert "with this the ledger would not hold" in result.stderr
    after = bytes_of(valley)
    assert {name for name in after if after[name] != before.get(name)} == {"parties.beancount"}


def test_what_a_killed_command_left_behind_is_no_part_of_the_ledger(valley: Path) -> None:
    (valley / "journal" / ".2026-01.beancount.abcd").write_text("half a", "utf-8")
    assert added(valley, *GIFT)["written"] is True
    assert conductor("check", valley).exit_code == 0
