"""The lower bounds of pyproject.toml hold: the lowest versions are installed, and the day's commands run with them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sysconfig
import tomllib
import urllib.request
import venv
from pathlib import Path

import openpyxl
import pytest
from packaging.requirements import Requirement

from tests.house.test_wheel import Installation, address
from tests.house.tree import ROOT

pytestmark = pytest.mark.xdist_group("wheel")


def lowest() -> list[str]:
    """Each dependency pinned to its lower bound, those of PostgreSQL too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    pins = []
    for requirement in map(Requirement, texts):
        bounds = [bound.version for bound in requirement.specifier if bound.operator == ">="]
        assert len(bounds) == 1, f"{requirement} has no lower bound"
        pins.append(f"{requirement.name}=={bounds[0]}")
    return pins


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The project with the lowest versions that it admits, and a copy of an example."""
    folder = tmp_path_factory.mktemp("lowest")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / Path(sysconfig.get_path("scripts")).name
    command = [str(scripts / "python"), "-m", "pip", "install", "-q", str(wheel), *lowest()]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(ROOT / "ledgers" / "riverbend", folder / "riverbend")
    return Installation(scripts, folder)


def held(installation: Installation, *arguments: str) -> str:
    """What a command says that has to succeed."""
    done = installation.run("conductor", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_commands_of_the_day_run_with_the_lowest_versions(installation: Installation) -> None:
    assert "holds: 0 error(s)" in held(installation, "check", "riverbend", "--full")
    gift = ["add", "gift", "Ada", "Bob", "1.00", "--ledger", "riverbend", "--accountant", "carla", "--yes"]
    assert "written" in held(installation, *gift)
    sheet = openpyxl.Workbook()
    sheet.active.append(["id", "name", "since"])
    sheet.active.append(["Newcomer", "A newcomer", "2027-01-02"])
    sheet.save(installation.folder / "members.xlsx")
    assert 'custom "member" "Newcomer"' in held(
        installation, "import", "members", "members.xlsx", "--ledger", "riverbend"
    )
    held(installation, "publish", "riverbend", "--to", "edition")
    for name in ("riverbend", "edition"):
        held(installation, "report", name, "--month", "2026-03", "--to", ".", "--force")
        assert (installation.folder / "report-2026-03.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("options", [["riverbend"], ["edition", "--public"]])
def test_the_pages_are_served_with_the_lowest_versions(installation: Installation, options: list[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(installation.scripts / "conductor"), "serve", *options, "--port", str(port)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    with subprocess.Popen(
        command, cwd=installation.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            base = address(server, f"http://127.0.0.1:{port}/")
            with urllib.request.urlopen(f"{base}extension/Conductor/", timeout=30) as response:
                assert response.status == 200
        finally:
            server.terminate()
