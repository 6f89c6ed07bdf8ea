"""`conductor check --watch`, in a process of its own: what is saved is checked, and only what changed is told."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from conductor_bean.ledger.watching import GRACE, REST
from tests.support import PRELUDE, REGION, conductor

MAIN = """\
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"
include "prelude.beancount"
include "journal/*/*.beancount"
"""
FAULT = '2026-02-01 custom "member" "Ada"\n'
COMMENT = "; nothing happened\n"
JOURNAL = "journal/2026-02/carla.beancount"
PATIENCE = 20


class Watching:
    """A process that watches."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "conductor_bean.cli.main", "check", "--watch", ".", *options]
        environment = {**os.environ, "NO_COLOR": "1", "CONDUCTOR_CACHE": ""}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.lines: queue.Queue[str] = queue.Queue()
        self.errors: queue.Queue[str] = queue.Queue()
        for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.errors)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream: IO[str], lines: queue.Queue[str]) -> None:
        for line in stream:
            lines.put(line.rstrip("\n"))

    def told(self) -> list[str]:
        """What is told next, up to its verdict."""
        found = []
        while True:
            found.append(self.lines.get(timeout=PATIENCE))
            if "main.beancount: " in found[-1]:
                return found

    def document(self) -> Any:
        return json.loads(self.lines.get(timeout=PATIENCE))

    def silent(self, seconds: float) -> bool:
        """Whether nothing is told for a while."""
        try:
            self.lines.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture
def region(tmp_path: Path) -> Path:
    for name, text in (("main", MAIN), ("prelude", PRELUDE), (JOURNAL.removesuffix(".beancount"), COMMENT)):
        path = tmp_path / f"{name}.beancount"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "region.yaml").write_text(REGION, encoding="utf-8")
    return tmp_path


@pytest.fixture
def watching(region: Path) -> Iterator[Watching]:
    started = Watching(region)
    assert started.told()[-1].startswith("main.beancount: holds")
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def save(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_only_what_is_new_or_mended_is_told(region: Path, watching: Watching) -> None:
    save(region / JOURNAL, FAULT)
    new, verdict = watching.told()
    assert new.startswith(f"{JOURNAL}:1: duplicate-id: ")
    assert verdict.startswith("main.beancount: does not hold: 1 error(s)")
    save(region / JOURNAL, COMMENT + "\n" + FAULT + FAULT.replace("member", "mmember"))
    new, verdict = watching.told()
    assert new.startswith(f"{JOURNAL}:4: unknown-fact: ")
    assert verdict.startswith("main.beancount: does not hold: 2 error(s)")
    save(region / JOURNAL, COMMENT)
    *mended, verdict = watching.told()
    assert [line.split(": ")[:3:2] for line in mended] == [["mended", "duplicate-id"], ["mended", "unknown-fact"]]
    assert verdict.startswith("main.beancount: holds: 0 error(s)")
    save(region / JOURNAL, COMMENT * 2)
    assert len(watching.told()) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_the_status_of_the_last_verdict(region: Path, watching: Watching, number: int) -> None:
    save(region / JOURNAL, FAULT)
    watching.told()
    assert watching.end(number) == 1
    assert watching.errors.get(timeout=PATIENCE) == "Watching; Ctrl-C ends it."
    assert watching.errors.empty()


def test_it_ends_well_where_all_is_well(watching: Watching) -> None:
    assert watching.end() == 0


def test_every_way_to_save_is_noticed(region: Path, watching: Watching) -> None:
    # By putting another file in its place.
    save(region / ".carla.tmp", FAULT)
    (region / ".carla.tmp").rename(region / JOURNAL)
    assert "does not hold" in watching.told()[-1]
    save(region / JOURNAL, COMMENT)
    assert "holds" in watching.told()[-1]


def in_time(attempt: Callable[[], float], longest: float, watching: Watching) -> None:
    """Do something that only counts where nothing holds it up (it says how long); on a busy machine again."""
    for _ in range(10):
        if attempt() < longest:
            return
        while not watching.silent(1):
            pass
    pytest.skip("this machine is too busy to write a file in time")


def test_a_file_that_is_moved_away_for_a_moment_was_never_gone(region: Path, watching: Watching) -> None:
    def keep_a_backup() -> float:
        began = time.monotonic()
        (region / JOURNAL).rename(region / f"{JOURNAL}~")
        time.sleep(0.45)
        save(region / JOURNAL, COMMENT)
        return time.monotonic() - began

    # Without the file the pattern matches nothing, which is an error.
    in_time(keep_a_backup, GRACE - 0.05, watching)
    assert len(watching.told()) == 1
    assert watching.silent(0.5)


def test_a_file_that_is_still_being_written_is_not_read_yet(region: Path, watching: Watching) -> None:
    def in_pieces() -> float:
        gaps = []
        with (region / JOURNAL).open("w", encoding="utf-8") as file:
            for piece in ("2026-02-01 note Equity:PSF ", '"', *("goes on and on " * 6).split(), '"\n'):
                began = time.monotonic()
                file.write(piece)
                file.flush()
                time.sleep(0.04)
                gaps.append(time.monotonic() - began)
        return max(gaps)

    in_time(in_pieces, REST - 0.02, watching)
    assert len(watching.told()) == 1
    assert watching.silent(0.5)


def test_every_file_that_belongs_to_the_ledger_counts_and_no_other(region: Path, watching: Watching) -> None:
    # A new file, in a new folder, that an include covers.
    save(region / "journal/2026-03/omar.beancount", FAULT)
    assert "journal/2026-03/omar.beancount:1: duplicate-id" in watching.told()[0]
    (region / "journal/2026-03/omar.beancount").unlink()
    assert watching.told()[0].startswith("mended: ")
    save(region / "region.yaml", REGION.replace("fic_window_days: 180", "fic_window_days: -1"))
    assert "region.yaml:9" in watching.told()[0]
    save(region / "region.yaml", REGION)
    assert "holds" in watching.told()[-1]
    # A draft, notes, the files of git.
    for name in ("draft.beancount", "journal/notes.txt", ".git/index", "journal/2026-02/.carla.swp"):
        save(region / name, FAULT)
    assert watching.silent(1.5)


def test_a_ledger_that_is_gone_for_a_while_is_told_once_and_found_again(region: Path, watching: Watching) -> None:
    assert watching.errors.get(timeout=PATIENCE).startswith("Watching")
    (region / "main.beancount").rename(region / "elsewhere")
    assert "there is no such file" in watching.errors.get(timeout=PATIENCE)
    assert watching.silent(1.5)
    assert watching.errors.empty()
    (region / "elsewhere").rename(region / "main.beancount")
    assert watching.told()[-1].startswith("main.beancount: holds")
    (region / "main.beancount").unlink()
    assert "there is no such file" in watching.errors.get(timeout=PATIENCE)
    assert watching.end() == 2


def test_as_json_each_verdict_is_a_document_on_a_line_of_its_own(region: Path) -> None:
    watching = Watching(region, "--json")
    first = watching.document()
    assert (first["ok"], first["new"], first["mended"], first["counts"]["members"]) == (True, [], [], 4)
    save(region / JOURNAL, FAULT)
    second = watching.document()
    assert second["ok"] is False
    assert second["new"] == second["errors"]
    assert [(row["code"], row["file"], row["line"]) for row in second["errors"]] == [("duplicate-id", JOURNAL, 1)]
    save(region / JOURNAL, COMMENT)
    third = watching.document()
    assert (third["ok"], third["mended"], third["errors"]) == (True, second["errors"], [])
    (region / "main.beancount").unlink()
    assert "there is no such file" in watching.document()["unreadable"]
    assert watching.end() == 2


def resident(process: int) -> int:
    """Kilobytes of memory that a process has."""
    text = Path(f"/proc/{process}/status").read_text("ascii")
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc to look at")
def test_memory_does_not_grow_from_check_to_check(region: Path) -> None:
    hours = '2026-02-01 custom "basic-service" "s-{}" "Ada"\n'
    watching = Watching(region, "--json")
    watching.document()
    sizes = []
    for turn in range(10):
        save(region / JOURNAL, "".join(hours.format(number) for number in range(2000 + turn)))
        assert watching.document()["ok"] is True
        sizes.append(resident(watching.process.pid))
    save(region / JOURNAL, FAULT)
    assert watching.document()["ok"] is False
    assert watching.end() == 1
    assert sizes[-1] - sizes[2] < 3000, sizes


@pytest.mark.parametrize("options", [["--format", "sarif"], ["--since", "HEAD"], ["."]])
def test_what_cannot_be_watched_is_refused(region: Path, options: list[str]) -> None:
    assert conductor("check", "--watch", region, *options).exit_code == 2


def test_a_ledger_that_never_was_ends_it_at_once(tmp_path: Path) -> None:
    result = conductor("check", "--watch", tmp_path / "nowhere")
    assert (result.exit_code, "there is no such file" in result.stderr) == (2, True)
