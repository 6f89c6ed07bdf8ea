"""What a check costs after sealed months: a million transactions in 36 of them, and one more month that is open."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, run, script, summary

SIZE = {"members": 3_400, "companies": 340, "months": 37}
SEALED = "2028-12"
OPEN = Path("journal") / "2029-01.beancount"
EDITS = ("last", "middle", "first")
"""Where in the open month a line is edited."""


def measure_sealed(folder: Path, rounds: int) -> dict[str, Any]:
    """Check a region after an edit of one line of its open month, in turns with a check of everything.

    Args:
        folder: A folder; a region that was written and sealed there before is used again.
        rounds: How often.
    """
    ledger = folder / "sealed"
    os.environ["CONDUCTOR_CACHE"] = str(folder / "cache")
    if not ledger.exists():
        options = [f"--{name}={value}" for name, value in SIZE.items()]
        run([script("conductor"), "simulate", *options, "--seed=7", "--to", str(ledger)], folder)
    check = [script("conductor"), "check", str(ledger)]
    if not (ledger / "seals" / f"{SEALED}.txt").exists():
        run([script("conductor"), "seal", str(ledger), SEALED, "--each", "--yes"], folder)
    run(check, folder)
    costs: dict[str, list[Cost]] = {name: [] for name in (*EDITS, "plain", "one", "full")}
    for number in range(rounds):
        for place in EDITS:
            _edit(ledger / OPEN, place, number)
            costs[place].append(run(check, folder))
            run(check, folder)  # what an edit far back leaves behind is not the cost of the next edit
    for _ in range(max(1, rounds // 3)):
        costs["plain"].append(run([script("bean-check"), "--no-cache", str(_plain(ledger))], folder))
        costs["full"].append(run([*check, "--full"], folder))
        os.environ["CONDUCTOR_CACHE"] = ""
        costs["one"].append(run([*check, "--full"], folder))
        os.environ["CONDUCTOR_CACHE"] = str(folder / "cache")
    return {
        **SIZE,
        "sealed": sum(_transactions(path) for path in sorted((ledger / "journal").iterdir()) if path.stem <= SEALED),
        "open": _transactions(ledger / OPEN),
        "megabytes": round(sum(path.stat().st_size for path in ledger.rglob("*.beancount")) / 1e6),
        "rounds": rounds,
        "whole_rounds": max(1, rounds // 3),
        "costs": {name: summary(found) for name, found in costs.items()},
    }


def _plain(ledger: Path) -> Path:
    """The same ledger without the plugin; accounts that nobody opens are opened by Beancount's own plugin."""
    main = ledger / "plain.beancount"
    text = (ledger / "main.beancount").read_text("utf-8")
    lines = [
        'plugin "beancount.plugins.auto_accounts"' if line.startswith("plugin ") else line
        for line in text.splitlines()
        if "balances.beancount" not in line
    ]
    main.write_text("\n".join(lines) + "\n", "utf-8")
    return main


def _edit(path: Path, place: str, number: int) -> None:
    """Change the narration of one transaction."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    entries = [index for index, line in enumerate(lines) if ' * "' in line and line.rstrip().count('"') == 4]
    at = entries[{"first": 0, "middle": len(entries) * 6 // 10, "last": -1}[place]]
    head, _, tail = lines[at].rpartition('"')
    lines[at] = f'{head}{number % 10}"{tail}'
    path.write_text("".join(lines), "utf-8")


def _transactions(path: Path) -> int:
    return sum(' * "' in line for line in path.read_text("utf-8").splitlines())


if __name__ == "__main__":
    import json

    print(json.dumps(measure_sealed(Path(sys.argv[1]), int(sys.argv[2])), indent=2))
