"""A kill at every write, as by a power cut: each file is the old or the new one, whichever command wrote."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from conductor_bean.ledger.books import load_books
from tests.recording.valley import ONE_BY_ONE, added, bytes_of, write_valley
from tests.support import conductor

KILLED = """
import os, shutil, sys, tempfile
from pathlib import Path
from conductor_bean.cli.main import main

template, target, *words = sys.argv[1:]
steps, limit = 0, 0

def counted(function):
    def step(*args, **kwargs):
        global steps
        steps += 1
        if steps == limit:
            os.kill(os.getpid(), 9)
        return function(*args, **kwargs)
    return step

for owner, names in ((os, "fsync mkdir unlink fdopen"), (Path, "replace chmod unlink mkdir"), (tempfile, "mkstemp")):
    for name in names.split():
        setattr(owner, name, counted(getattr(owner, name)))
run = 0
while True:
    folder = f"{target}/{run}"
    shutil.copytree(template, folder)
    child = os.fork()
    if not child:
        steps, limit = 0, run
        try:
            main([word.replace("LEDGER", folder) for word in words], standalone_mode=False)
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    print(run, -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status), file=sys.stderr)
    if run and status == 0:
        break
    run += 1
"""
"""Runs a command on a copy of a ledger again and again: not killed, then killed at its first step by which files
are written, at its second, and so on until it is not killed any more."""

ADD = ("add", "-l", "LEDGER")
TIMESHEET = "date,member,company,hours\n2026-01-28,Ada,Bakery,6\n2026-01-29,Bob,Bakery,2.5\n"


@pytest.mark.parametrize(
    ("before", "words", "files"),
    [
        ([], (*ADD, "gift", "Ada", "Bob", "1", "--date", "2026-02-20", "--json"), 2),
        ([], (*ADD, "reversal", "--party", "Bob", "--amount", "500", "--on", "2026-02-20", "--json"), 3),
        ([], ("close", "LEDGER", "2026-01", "--yes"), 2),
        ([("close", "LEDGER", "2026-01", "--yes")], ("seal", "LEDGER", "2026-01", "--yes"), 2),
        ([], ("import", "timesheet", "SHEET", "--to", "LEDGER/journal/2026-01.beancount", "--ledger", "LEDGER"), 1),
        ([], ("format", "LEDGER"), 1),
    ],
    ids=["add", "reversal", "close", "seal", "import", "format"],
)
def test_a_kill_at_every_write_leaves_each_file_as_the_old_or_the_new_one(
    tmp_path: Path, before: list[Sequence[str]], words: Sequence[str], files: int
) -> None:
    """Nobody tidies up. What is left behind is no part of the ledger, and the next command works."""
    valley = write_valley(tmp_path / "valley", main=ONE_BY_ONE)
    for command in before:
        assert conductor(*(word.replace("LEDGER", str(valley)) for word in command)).exit_code == 0
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(TIMESHEET, "utf-8")
    target = tmp_path / "runs"
    told = [word.replace("SHEET", str(sheet)) for word in words]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(valley), str(target), *told], capture_output=True, text=True, check=True
    )
    ends = [line.split()[1] for line in done.stderr.splitlines() if line[:1].isdigit() and len(line.split()) == 2]
    assert ends == ["0", *["-9"] * (len(ends) - 2), "0"]
    assert len(ends) > 5
    old, new = bytes_of(valley), bytes_of(target / "0")
    seen = set()
    for run in range(1, len(ends)):
        folder = target / str(run)
        after = {name: text for name, text in bytes_of(folder).items() if name in new}
        assert set(old) <= set(after)
        assert all(text in {old.get(name), new[name]} for name, text in after.items()), run
        assert not load_books(folder).errors
        seen.add(tuple(after.get(name) == new[name] for name in sorted(new)))
    changed = [name for name in new if old.get(name) != new[name]]
    assert len(changed) == files
    assert len(seen) == files + 1  # nothing written yet, one file, another, all of them
    for run in (1, len(ends) // 2, len(ends) - 2):
        assert added(target / str(run), "member", "Eve", "--date", "2026-02-21")["written"] is True
