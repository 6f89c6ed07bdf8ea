"""Example ledgers, their editions and a simulated region, each served as `conductor serve` does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conductor_bean.fava.pages import ACCOUNTANTS, TABS

ROOT = Path(__file__).resolve().parents[2]
CONDUCTOR = str(Path(sysconfig.get_path("scripts")) / "conductor")
SIMULATED = ("--members", "40", "--companies", "12", "--months", "6", "--seed", "1")
REGIONS = ("riverbend", "lakeside", "imported", "simulated")
SITES = tuple(f"{region} {side}" for region in REGIONS for side in ("private", "public"))


@dataclass(frozen=True, slots=True)
class Site:
    """A ledger or an edition in the browser.

    Attributes:
        name: The region, and whether this is its private ledger or its public edition.
        address: Its first page.
        ledger: The folder of the private ledger.
        edition: The folder of the edition.
    """

    name: str
    address: str
    ledger: Path
    edition: Path

    @property
    def public(self) -> bool:
        """Whether this is the edition."""
        return self.name.endswith("public")

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that it has."""
        return tuple(TABS) if self.public else (*TABS, *ACCOUNTANTS)

    def page(self, name: str, **parameters: str) -> str:
        """The address of a page."""
        return "&".join([f"{self.address}?page={name}", *(f"{key}={value}" for key, value in parameters.items())])

    def report(self, path: str) -> str:
        """The address of a report of Fava."""
        return self.address.partition("extension/")[0] + path

    def document(self, name: str) -> Any:
        """A document of the edition."""
        return json.loads((self.edition / "data" / f"{name}.json").read_text("utf-8"))

    def said(self, command: str, *arguments: str) -> Any:
        """What a command says about the private ledger, as JSON."""
        return json.loads(conductor(command, str(self.ledger), *arguments, "--json", fails=command == "check"))


class Sites:
    """The servers of the tests, each begun when it is first asked for.

    Attributes:
        folder: Where the ledgers and editions are.
    """

    def __init__(self, folder: Path, running: ExitStack) -> None:
        self.folder = folder
        self._running = running
        self._known: dict[str, Site] = {}

    def site(self, name: str) -> Site:
        """A region of REGIONS, private or public."""
        if name not in self._known:
            region, _, side = name.partition(" ")
            ledger = self.folder / region
            if not ledger.exists():
                if region == "simulated":
                    conductor("simulate", *SIMULATED, "--to", str(ledger))
                else:
                    # Without the record of what the reader of the README has published here.
                    record = shutil.ignore_patterns("publication.json")
                    shutil.copytree(ROOT / "ledgers" / region, ledger, ignore=record)
                conductor("publish", str(ledger), "--to", str(self.edition(region)))
            self._known[name] = self.serve(name, ledger, public=side == "public")
        return self._known[name]

    def edition(self, region: str) -> Path:
        """Where the edition of a region is."""
        return self.folder / f"{region}-edition"

    def serve(self, name: str, ledger: Path, *, public: bool) -> Site:
        """Serve a ledger, or its edition."""
        edition = self.edition(ledger.name)
        shown: Sequence[str] = (str(edition), "--public") if public else (str(ledger),)
        server = subprocess.Popen(
            [CONDUCTOR, "serve", *shown, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self._running.callback(_end, server)
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), f"{name} is not served"
        return Site(name, address, ledger, edition)


def conductor(*arguments: str, fails: bool = False) -> str:
    """What a command prints."""
    done = subprocess.run([CONDUCTOR, *arguments], capture_output=True, text=True, check=False)
    assert fails or done.returncode == 0, done.stderr
    return done.stdout


def _end(server: subprocess.Popen[str]) -> None:
    server.terminate()
    server.communicate(timeout=20)
