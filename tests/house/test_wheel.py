"""Installed from the wheel into an empty environment, or editable: every command gives the same verdict and books.

The commands run outside the repository, on copies of the example ledgers, so that nothing is found by accident.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sysconfig
import time
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

import pytest

from tests.house.test_packages import folders
from tests.house.tree import ROOT

# One worker builds and installs once for the whole module; the other is free for the rest of the tests.
pytestmark = pytest.mark.xdist_group("wheel")

LEDGERS = ("riverbend", "imported")


@dataclass(frozen=True, slots=True)
class Installation:
    """An environment in which the project is installed, and copies of the example ledgers to work on."""

    scripts: Path
    folder: Path

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run an installed command outside the repository."""
        command = [str(self.scripts / name), *arguments]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
        environment["NO_COLOR"] = "1"
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)

    def main(self, ledger: str) -> str:
        """Return the path of a ledger's main file, as the commands take it."""
        return f"{ledger}/main.beancount"


@pytest.fixture(scope="module")
def installations(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Installation]:
    """The wheel in an empty environment, and the editable installation that runs these tests."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / Path(sysconfig.get_path("scripts")).name
    pins = ["-c", str(ROOT / "constraints.txt")]
    command = [str(scripts / "python"), "-m", "pip", "install", "-q", *pins, str(wheel)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    environments = {"wheel": scripts, "editable": Path(sysconfig.get_path("scripts"))}
    found = {}
    for name, place in environments.items():
        copies = tmp_path_factory.mktemp(name)
        for ledger in LEDGERS:
            shutil.copytree(ROOT / "ledgers" / ledger, copies / ledger)
        found[name] = Installation(place, copies)
    return found


@pytest.fixture(params=["wheel", "editable"])
def installation(request: pytest.FixtureRequest, installations: dict[str, Installation]) -> Installation:
    """Each of the two installations in turn."""
    return installations[str(request.param)]


def test_the_wheel_holds_every_module_and_data_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = set()
    for package, folder in folders().items():
        for path in (ROOT / folder).iterdir():
            if path.is_file() and path.suffix != ".pyc":
                expected.add(f"{package.replace('.', '/')}/{path.name}")
    assert expected - names == set()
    files = {Path(name).name for name in names}
    assert {"py.typed", "transfers.yaml", "codes.yaml", "LICENSE"} <= files
    assert [name for name in files if name.endswith(".schema.json")]


def test_the_wheel_installs_one_package_and_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"conductor_bean"}


def test_the_wheel_is_imported_from_the_empty_environment(installations: dict[str, Installation]) -> None:
    lines = "import conductor_bean.plugins.conductor as c, conductor_bean.importers as i; print(c.__file__, i.__file__)"
    done = installations["wheel"].run("python", "-c", lines)
    plugin, importer = done.stdout.split()
    assert "site-packages" in plugin
    assert "site-packages" in importer


def test_the_editable_installation_is_the_repository(installations: dict[str, Installation]) -> None:
    done = installations["editable"].run("python", "-c", "import conductor_bean as c; print(c.__file__)")
    assert Path(done.stdout.strip()) == ROOT / "conductor_bean" / "__init__.py"


@pytest.mark.parametrize("ledger", LEDGERS)
def test_conductor_check_accepts_the_example(installation: Installation, ledger: str) -> None:
    done = installation.run("conductor", "check", ledger)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_region_is_founded_with_all_that_stands_around_its_ledger(
    installation: Installation, tmp_path: Path
) -> None:
    done = installation.run("conductor", "init", str(tmp_path / "valley"), "--no-git")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "valley" / ".github" / "workflows" / "conductor.yml").is_file()
    assert installation.run("bean-check", str(tmp_path / "valley" / "main.beancount")).returncode == 0


def test_the_requirements_of_a_new_region_install_the_same_wheel(
    installations: dict[str, Installation], wheel: Path, tmp_path: Path
) -> None:
    installation = installations["wheel"]
    installation.run("conductor", "init", str(tmp_path / "valley"), "--no-git")
    file = tmp_path / "valley" / "requirements.txt"
    assert f"#sha256={hashlib.sha256(wheel.read_bytes()).hexdigest()}" in file.read_text(encoding="utf-8")
    options = ["install", "-q", "--no-deps", "--target", str(tmp_path / "again"), "-r", str(file)]
    done = installation.run("python", "-m", "pip", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "again" / "conductor_bean" / "__init__.py").is_file()


@pytest.mark.parametrize("ledger", LEDGERS)
def test_bean_check_accepts_the_example(installation: Installation, ledger: str) -> None:
    done = installation.run("bean-check", installation.main(ledger))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_bean_check_refuses_the_example_once_it_is_broken(
    installation: Installation, ledger: str, tmp_path: Path
) -> None:
    # Without Beancount's cache: it names the files of the folder it was made in, and nothing has changed there.
    caches = shutil.ignore_patterns("*.picklecache")
    shutil.copytree(installation.folder / ledger, tmp_path / ledger, ignore=caches)
    main = tmp_path / ledger / "main.beancount"
    lines = len(main.read_text(encoding="utf-8").splitlines())
    with main.open("a", encoding="utf-8") as file:
        file.write('\n2030-01-01 custom "plan-approval" "nobody-filed-this"\n  by: "nobody"\n')
    for name in ("bean-check", "conductor"):
        done = installation.run(name, *(["check"] if name == "conductor" else []), str(main))
        assert done.returncode == 1
        assert f"main.beancount:{lines + 2}:" in done.stdout + done.stderr


@pytest.mark.parametrize("ledger", LEDGERS)
def test_bean_query_sees_the_derived_legs(installation: Installation, ledger: str) -> None:
    query = "SELECT sum(number) AS hours WHERE account = 'Equity:PSF' AND ANY_META('transfer') = 'taxes'"
    done = installation.run("bean-query", "-q", "-f", "csv", installation.main(ledger), query)
    assert done.returncode == 0, done.stderr
    taxes = json.loads(installation.run("conductor", "transfers", ledger, "--type", "taxes", "--json").stdout)
    hours = done.stdout.split()[-1]
    assert taxes
    assert round(float(hours), 6) == round(sum(float(transfer["amount"]) for transfer in taxes), 6)


@contextmanager
def serving(installation: Installation, main: str) -> Iterator[str]:
    """Start the installed `fava` on a free port; the address of its only ledger, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(installation.scripts / "fava"), "--host", "127.0.0.1", "--port", str(port), main]
    with subprocess.Popen(
        command, cwd=installation.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            yield address(server, f"http://127.0.0.1:{port}/")
        finally:
            server.terminate()


def address(server: subprocess.Popen[bytes], root: str) -> str:
    """Wait until Fava answers, and follow it to the ledger's own address."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(root, timeout=30) as page:
                return str(page.url).removesuffix("extension/Conductor/")
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("fava did not answer")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_fava_serves_the_example_without_errors_and_with_derived_legs(installation: Installation, ledger: str) -> None:
    query = "SELECT account, sum(number) AS hours WHERE ANY_META('transfer') = 'taxes' GROUP BY account"
    with serving(installation, installation.main(ledger)) as base:
        for page in ("extension/Conductor/", "income_statement/", "balance_sheet/", "journal/", "errors/"):
            with urllib.request.urlopen(base + page, timeout=30) as response:
                assert response.status == 200
        with urllib.request.urlopen(base + "api/errors", timeout=30) as response:
            assert json.load(response)["data"] == []
        with urllib.request.urlopen(f"{base}api/query?query_string={quote(query)}", timeout=30) as response:
            rows = dict(json.load(response)["data"]["rows"])
    assert rows["Equity:PSF"] > 0
    assert any(account.startswith("Assets:Members:") and hours < 0 for account, hours in rows.items())
