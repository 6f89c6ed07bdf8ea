"""What an edition costs to make, and how fast its pages come: a region of 2,000 members, 200 companies, 24 months."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measure import BenchmarkError, Cost, paired_ratio, run, script, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES = ("region", "plans", "companies", "cooperations", "prices", "decisions", "transfers", "months")
SIZE = {"members": 2_000, "companies": 200, "months": 24, "transactions": 300_000}
_ADDRESS = re.compile(rb"http://\S+")


def measure_publication(folder: Path, rounds: int) -> dict[str, Any]:
    """Check and publish a region in turns, each time as if it were published for the first time; then serve it.

    Args:
        folder: An empty folder.
        rounds: How often.
    """
    ledger, edition = folder / "ledger", folder / "edition"
    options = [f"--{name}={value}" for name, value in SIZE.items()]
    run([script("conductor"), "simulate", *options, "--seed=7", "--to", str(ledger)], folder)
    costs: dict[str, list[Cost]] = {"check": [], "publish": []}
    for _ in range(rounds):
        (ledger / "publication.json").unlink(missing_ok=True)
        shutil.rmtree(edition, ignore_errors=True)
        costs["check"].append(run([script("conductor"), "check", str(ledger), "--full"], folder))
        costs["publish"].append(run([script("conductor"), "publish", str(ledger), "--to", str(edition)], folder))
    told = json.loads((edition / "data" / "totals.json").read_text("utf-8"))
    return {
        **SIZE,
        "rounds": rounds,
        "costs": {name: summary(found) for name, found in costs.items()},
        "ratio": paired_ratio(costs["publish"], costs["check"]),
        "entries": len(told),
        **_served([_serve(edition) for _ in range(max(3, rounds))]),
    }


def _served(visits: Sequence[dict[str, tuple[float, int]]]) -> dict[str, Any]:
    """Medians over visits: seconds from the start of the server to its first page, and of each page, with its size."""
    return {
        "first_page_s": round(median(visit["first"][0] for visit in visits), 3),
        "pages": {
            page: {
                "seconds": round(median(visit[page][0] for visit in visits), 4),
                "kilobytes": round(max(visit[page][1] for visit in visits) / 1000, 1),
            }
            for page in PAGES
        },
    }


def _serve(edition: Path) -> dict[str, tuple[float, int]]:
    """Seconds and bytes of the first page since the start of the server, and of every page after it."""
    started = time.perf_counter()
    command = [script("conductor"), "serve", str(edition), "--public", "--port=5913"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            assert server.stdout is not None
            found = _ADDRESS.search(server.stdout.readline())
            if found is None:
                raise BenchmarkError("the server said no address")
            address = found.group().decode()
            _fetch(address)
            first = time.perf_counter() - started
            visits = {"first": (first, 0)}
            for page in PAGES:
                began = time.perf_counter()
                size = _fetch(f"{address}?page={page}")
                visits[page] = time.perf_counter() - began, size
            return visits
        finally:
            server.terminate()


def _fetch(address: str) -> int:
    """The size of a page; the server may still be about to listen."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return len(answer.read())
        except ConnectionError:
            time.sleep(0.01)
        except OSError as error:
            if not isinstance(getattr(error, "reason", None), ConnectionError):
                raise
            time.sleep(0.01)
    raise BenchmarkError(f"{address} does not answer")


if __name__ == "__main__":
    print(json.dumps(measure_publication(Path(sys.argv[1]), int(sys.argv[2])), indent=2))
