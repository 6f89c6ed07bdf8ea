"""The README's first command, word for word, on a fresh copy of what git tracks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import pytest

from tests.house.tree import ROOT, tracked_files

# On the worker that builds the wheel: two installations at a time would fight for the machine.
pytestmark = pytest.mark.xdist_group("wheel")

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\S+")
SECONDS = 600


def readme() -> str:
    """The README."""
    return (ROOT / "README.md").read_text("utf-8")


def first_command() -> str:
    """The first sh block of the README; on another port only where something else has the usual one."""
    found = re.search(r"^```sh\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)
    assert found is not None
    command = found[1].strip()
    try:
        socket.create_server(("127.0.0.1", 5000)).close()
    except OSError:
        return f"{command} --port 0"
    return command


def copy_of_the_project(folder: Path) -> Path:
    """What a clone holds."""
    for path in tracked_files():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    for name in ("plugins", "importers"):
        (folder / "conductor_bean" / name).symlink_to((ROOT / "conductor_bean" / name).readlink())
    return folder


@contextmanager
def running(command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a command as at a terminal, and end it with Ctrl-C."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder,
        env=environment | {"NO_COLOR": "1", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # Whoever runs the tests in the background has told all of them to take no notice of Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - before any thread
    ) as process:
        last = Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        last.start()
        try:
            yield process
        finally:
            last.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(timeout=30)


def said_until_the_address(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What the command printed before it served, and the address that it served at."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        if found := ADDRESS.fullmatch(line.strip()):
            return printed, found[0]
        printed += line
    raise AssertionError(f"no address was printed:\n{printed}")


def test_the_first_command_of_the_readme(tmp_path: Path) -> None:
    folder = copy_of_the_project(tmp_path)
    with running(first_command(), folder) as process:
        printed, address = said_until_the_address(process)
        with urllib.request.urlopen(address, timeout=30) as response:
            page = response.read().decode()
    for word in ("riverbend", "lakeside", "imported", "wrote public"):
        assert word in printed, f"{word} is not in\n{printed}"
    for word in ("The Riverbend Valley", "Factor of individual consumption", "Treasury", 'data-page="region"'):
        assert word in page, f"{word} is not on the first page"
    assert process.returncode == 0, "Ctrl-C ends it in peace"
    assert re.sub(r":\d+/", ":5000/", address) in readme(), "the README says where to look"


def test_git_ignores_what_the_first_command_makes() -> None:
    made = ["public/main.beancount", "public/data/edition.json", "ledgers/riverbend/publication.json"]
    done = subprocess.run(["git", "check-ignore", *made], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == made
