"""`conductor` as a process of its own: what the shell, pipes and CI see of it."""

from __future__ import annotations

import json
import subprocess
import sysconfig
from pathlib import Path

import pytest

CONDUCTOR = Path(sysconfig.get_path("scripts")) / "conductor"


@pytest.mark.parametrize(("folder", "code"), [("small", 0), ("faulty", 1), ("nowhere", 2)])
def test_the_exit_code_reaches_the_shell_and_all_output_reaches_the_pipe(
    folder: str, code: int, request: pytest.FixtureRequest
) -> None:
    path = "nowhere" if folder == "nowhere" else str(request.getfixturevalue(folder))
    done = subprocess.run([CONDUCTOR, "transfers", path, "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    if code == 2:
        assert done.stdout == ""
    else:
        assert len(json.loads(done.stdout)) == 16
    assert bool(done.stderr) == bool(code)


def test_a_reader_that_stops_reading_is_no_traceback(small: Path) -> None:
    command = f"'{CONDUCTOR}' transfers '{small}' --json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout == "["
    assert "Traceback" not in done.stderr
