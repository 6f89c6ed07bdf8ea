"""Every command that reads a ledger, and what it needs beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from click.testing import Result

from tests.support import conductor

HOURS = ["add", "work", "Bakery", "Ada=8", "--date", "2026-02-02", "--yes", "--ledger"]


def commands(region: Path) -> Mapping[str, list[str]]:
    """The arguments of each command, by its name."""
    csv = region.parent / "hours.csv"
    csv.write_text("date,member,company,hours\n2026-02-02,Ada,Bakery,6\n", encoding="utf-8")
    edition = region.parent / "edition"
    return {
        "check": ["check", str(region)],
        "check --full": ["check", "--full", str(region)],
        "balances": ["balances", str(region)],
        "fic": ["fic", str(region)],
        "what-if": ["what-if", str(region), "--set", "fic_window_days=90", "--from", "2026-01-01"],
        "format": ["format", str(region)],
        "publish": ["publish", str(region), "--to", str(edition)],
        "add": [*HOURS, str(region)],
        "import": ["import", "timesheet", str(csv), "--ledger", str(region), "--to", str(region / "doc.beancount")],
        "close": ["close", str(region), "2026-02", "--yes"],
        "seal": ["seal", str(region), "2026-01", "--yes"],
        "serve": ["serve", str(region), "--port", "0"],
    }


def state(folder: Path) -> dict[str, bytes]:
    """All plain files below a folder with their bytes, so that a test can say that nothing was written."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and ".conductor" not in path.parts
    }


def refused(region: Path, name: str, code: str) -> Result:
    """Hold that a command refuses a ledger by a code, and that nothing was written."""
    arguments = commands(region)[name]
    before = state(region.parent)
    result = conductor(*arguments)
    assert result.exit_code == 1, (name, result.output, result.exception)
    assert f": {code}: " in result.output, (name, result.output)
    assert state(region.parent) == before, name
    return result
