"""An edition and its record are written both whole or not at all, and never over anything else."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.publish.edition import Edition
from conductor_bean.publish.files import EDITION_FILE, TOTALS_FILE
from conductor_bean.publish.key import RECORD
from conductor_bean.publish.placing import (
    EditionRefusedError,
    alone,
    check_nothing_lost,
    check_place,
    key_of,
    place,
)

REGION = "Borough"


def edition(*totals: int, name: str = REGION, record: str = "{}") -> Edition:
    """An edition of two files and some totals."""
    files = {
        "main.beancount": f"; {totals}\n",
        EDITION_FILE: json.dumps({"edition": 1, "region": name}),
        TOTALS_FILE: json.dumps([{"amount": total} for total in totals]),
    }
    return Edition(files, record, None, len(totals), 0)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A folder that could be a ledger's."""
    folder = tmp_path / "ledger"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def as_written(made: Edition) -> dict[str, bytes]:
    return {name: content.encode() for name, content in sorted(made.files.items())}


def test_a_new_folder_gets_the_edition_and_the_ledger_its_record(tmp_path: Path, ledger: Path) -> None:
    target = tmp_path / "public" / "editions" / "new"
    place(edition(1, record="what was told"), target, ledger)
    assert tree(target) == as_written(edition(1))
    assert tree(ledger) == {RECORD: b"what was told"}
    assert [path.name for path in target.parent.iterdir()] == ["new"]


def test_the_record_is_for_its_owner_alone_and_the_edition_for_everybody(tmp_path: Path, ledger: Path) -> None:
    before = os.umask(0o022)
    try:
        place(edition(1), tmp_path / "new", ledger)
    finally:
        os.umask(before)
    assert stat.S_IMODE((ledger / RECORD).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "new" / EDITION_FILE).stat().st_mode) == 0o644


def test_an_edition_takes_the_place_of_the_one_before(tmp_path: Path, ledger: Path) -> None:
    target = tmp_path / "new"
    place(edition(1), target, ledger)
    (target / "journal").mkdir()
    (target / "journal" / "1999-01.beancount").write_text("of an edition that is gone")
    place(edition(1, 2), target, ledger)
    assert tree(target) == as_written(edition(1, 2))


def test_what_is_not_the_editions_stays_in_its_folder(tmp_path: Path, ledger: Path) -> None:
    target = tmp_path / "new"
    place(edition(1), target, ledger)
    (target / ".git" / "refs").mkdir(parents=True)
    (target / ".git" / "refs" / "main").write_text("history")
    (target / "LICENSE").write_text("yours")
    place(edition(1, 2), target, ledger)
    kept = {".git/refs/main": b"history", "LICENSE": b"yours"}
    assert tree(target) == as_written(edition(1, 2)) | kept


def test_a_link_to_a_folder_is_followed(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    place(edition(1), check_place(tmp_path / "link", ledger, REGION), ledger)
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == as_written(edition(1))


def test_a_link_to_nothing_makes_what_it_names(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "link").symlink_to("later")
    place(edition(1), check_place(tmp_path / "link", ledger, REGION), ledger)
    assert tree(tmp_path / "later") == as_written(edition(1))


def _file(tmp_path: Path) -> Path:
    (tmp_path / "target").write_text("a letter")
    return tmp_path / "target"


def _filled(tmp_path: Path) -> Path:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "letter").write_text("a letter")
    return tmp_path / "target"


def _below_a_file(tmp_path: Path) -> Path:
    return _file(tmp_path) / "below"


def _loop(tmp_path: Path) -> Path:
    (tmp_path / "target").symlink_to("target")
    return tmp_path / "target"


def _editions_of(**about: Any) -> Callable[[Path], Path]:
    def write(tmp_path: Path) -> Path:
        (tmp_path / "target" / "data").mkdir(parents=True)
        (tmp_path / "target" / EDITION_FILE).write_text(about.get("text", json.dumps(about)))
        return tmp_path / "target"

    return write


@pytest.mark.parametrize(
    ("write", "fault"),
    [
        (_file, "is a file"),
        (_filled, "neither empty nor an edition"),
        (_loop, "cannot be read"),
        (lambda tmp_path: tmp_path / "nul\0", "cannot be read"),
        (lambda tmp_path: tmp_path / "ledger", "private ledger itself"),
        (lambda tmp_path: tmp_path, "private ledger itself"),
        (lambda _: Path("/"), "private ledger itself"),
        (lambda tmp_path: tmp_path / "ledger" / ".." / "ledger", "private ledger itself"),
        (_editions_of(edition=1, region="Elsewhere"), "'Elsewhere', not of 'Borough'"),
        (_editions_of(edition=1), "None, not of 'Borough'"),
        (_editions_of(edition=2, region=REGION), "update conductor-bean"),
        (_editions_of(edition="1", region=REGION), "does not say what edition it is"),
        (_editions_of(text="[]"), "does not say what edition it is"),
        (_editions_of(text="{"), "no JSON"),
        (_editions_of(text="[" * 100_000), "nested too deeply"),
    ],
)
def test_nothing_else_is_ever_overwritten(
    tmp_path: Path, ledger: Path, write: Callable[[Path], Path], fault: str
) -> None:
    target = write(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(EditionRefusedError, match="nothing is written") as refused:
        check_place(target, ledger, REGION)
    assert fault in str(refused.value)
    assert len(str(refused.value)) < 600
    assert tree(tmp_path) == before


@pytest.mark.parametrize("write", [_below_a_file, lambda tmp_path: tmp_path / ("long" * 100)])
def test_where_no_folder_can_be_made_nothing_is(tmp_path: Path, ledger: Path, write: Callable[[Path], Path]) -> None:
    target = write(tmp_path)
    before = tree(tmp_path)
    with pytest.raises(EditionRefusedError, match="nothing is written"):
        place(edition(1), check_place(target, ledger, REGION), ledger)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("place_of", ["new", "inside/a/new", "ledger/public"])
def test_a_new_folder_may_stand_anywhere_else(tmp_path: Path, ledger: Path, place_of: str) -> None:
    resolved = check_place(tmp_path / place_of, ledger, REGION)
    place(edition(1), resolved, ledger)
    assert tree(tmp_path / place_of) == as_written(edition(1))


class Trouble:
    """Lets a number of file operations pass, and every later one of a kind fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, passing: int, error: BaseException) -> None:
        self.left, self._error = passing, error
        for name in ("write_bytes", "rename", "replace", "mkdir"):
            monkeypatch.setattr(Path, name, self._guarded(getattr(Path, name)))
        for name in ("mkdtemp", "mkstemp"):
            monkeypatch.setattr(f"tempfile.{name}", self._guarded(getattr(__import__("tempfile"), name)))
        monkeypatch.setattr(os, "fsync", self._guarded(os.fsync))

    def _guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            self.left -= 1
            if self.left == -1:  # one failure: what takes things back after it may work again
                raise self._error
            return function(*args, **kwargs)

        return guarded


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("error", [FULL, OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.parametrize("earlier", [False, True])
def test_whatever_step_fails_edition_and_record_are_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, *, earlier: bool
) -> None:
    """The record may be ahead of the edition where the machine stops between the two, but never behind it."""
    old, new = edition(1, record="old record"), edition(1, 2, record="new record")
    passing = 0
    while True:
        root = tmp_path / f"{type(error).__name__}{passing}"
        ledger, target = root / "ledger", root / "editions" / "here"
        ledger.mkdir(parents=True)
        if earlier:
            place(old, target, ledger)
            (target / ".git").mkdir()
            (target / ".git" / "HEAD").write_text("history")
        before = tree(root)
        with monkeypatch.context() as patch:
            trouble = Trouble(patch, passing, error)
            try:
                place(new, target, ledger)
            except (EditionRefusedError, KeyboardInterrupt) as caught:
                if isinstance(caught, EditionRefusedError):
                    assert str(error.args[1]) in str(caught)  # noqa: PT017 - where none is raised, all is well
                    assert "nothing is written" in str(caught)  # noqa: PT017
            else:
                assert trouble.left >= 0, "a failure was swallowed"
        now = tree(root)
        if trouble.left >= 0:
            kept = {"editions/here/.git/HEAD": b"history"} if earlier else {}
            expected = {f"editions/here/{name}": content for name, content in as_written(new).items()}
            assert now == expected | kept | {f"ledger/{RECORD}": b"new record"}
            break
        record = now.pop(f"ledger/{RECORD}", None)
        before.pop(f"ledger/{RECORD}", None)
        assert now == before, passing
        if isinstance(error, OSError):
            assert record == (b"old record" if earlier else None), passing
            assert earlier or not (root / "editions").exists(), "an empty folder was left behind"
        passing += 1
    assert passing >= (11 if earlier else 9), "fewer steps failed than there are"


def test_the_record_is_written_before_the_edition(
    tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were it the other way round, a machine that stops in between would tell things that no record knows."""
    target, seen = tmp_path / "here", []
    rename = Path.rename

    def looking(self: Path, other: Path) -> Path:
        seen.append((ledger / RECORD).read_bytes())
        return rename(self, other)

    place(edition(1, record="old"), target, ledger)
    monkeypatch.setattr(Path, "rename", looking)
    place(edition(1, 2, record="new"), target, ledger)
    assert set(seen) == {b"new"}


def test_what_cannot_be_put_back_is_not_taken_for_written(
    tmp_path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise FULL

    monkeypatch.setattr("conductor_bean.publish.placing._exchange", fail)
    monkeypatch.setattr("conductor_bean.publish.placing._restore", fail)
    with pytest.raises(EditionRefusedError, match="No space left"):
        place(edition(1), tmp_path / "here", ledger)
    assert not (tmp_path / "here").exists()


def test_an_edition_that_knows_more_than_the_record_is_not_replaced(tmp_path: Path, ledger: Path) -> None:
    target = tmp_path / "here"
    place(edition(1, 2, 2), target, ledger)
    check_nothing_lost(edition(1, 2, 2), target, ledger)
    check_nothing_lost(edition(2, 3, 1, 2), target, ledger)
    for fewer in ((1, 2), (2, 2), (), (1, 1, 2)):
        with pytest.raises(EditionRefusedError, match="restore"):
            check_nothing_lost(edition(*fewer), target, ledger)
    check_nothing_lost(edition(), tmp_path / "elsewhere", ledger)


def test_an_edition_whose_totals_cannot_be_read_is_not_replaced(tmp_path: Path, ledger: Path) -> None:
    target = tmp_path / "here"
    place(edition(1), target, ledger)
    (target / TOTALS_FILE).write_text("{")
    with pytest.raises(EditionRefusedError, match="no JSON"):
        check_nothing_lost(edition(1), target, ledger)
    (target / TOTALS_FILE).unlink()
    with pytest.raises(EditionRefusedError, match="is no file"):
        check_nothing_lost(edition(1), target, ledger)


def test_one_edition_of_a_ledger_is_made_at_a_time(tmp_path: Path, ledger: Path) -> None:
    with alone(ledger):
        with pytest.raises(EditionRefusedError, match="another"), alone(ledger):
            pass
        (tmp_path / "other").mkdir()
        with alone(tmp_path / "other"):
            pass
    with alone(ledger), alone(tmp_path / "nowhere"):
        pass
    assert tree(tmp_path) == {}


def test_where_files_cannot_be_locked_an_edition_is_made_all_the_same(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("conductor_bean.publish.placing.fcntl.flock", fail)
    with alone(ledger):
        pass
    monkeypatch.setattr("conductor_bean.publish.placing.fcntl", None)
    with alone(ledger), alone(ledger):
        pass


def test_the_secret_is_kept_and_a_new_one_nobody_can_guess(ledger: Path) -> None:
    first, second = key_of(ledger), key_of(ledger)
    assert len(first) == len(second) == 32
    assert first != second
    (ledger / RECORD).write_text(json.dumps({"key": first.hex()}))
    assert key_of(ledger) == first
