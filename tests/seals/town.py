"""A simulated town of four months, each closed, for seals to be put on."""

from __future__ import annotations

import functools
import re
import shutil
import tempfile
from pathlib import Path

from conductor_bean.simulation.folder import simulate
from conductor_bean.simulation.scenario import Scenario
from tests.support import conductor

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
SEALED = "2026-03"


@functools.cache
def _original() -> Path:
    folder = Path(tempfile.mkdtemp()) / "town"
    simulate(folder, Scenario(members=12, companies=4, months=len(MONTHS), seed=5), lambda days: days)
    with_ids(folder)
    result = conductor("seal", folder, SEALED, "--each")
    assert result.exit_code == 0, result.output
    return folder


def town(folder: Path) -> Path:
    """A town of its own whose first three months are sealed."""
    return Path(shutil.copytree(_original(), folder / "town"))


def with_ids(folder: Path) -> None:
    """Give every purchase of an offer in the journal an id, so that it can be reversed."""
    for path in sorted((folder / "journal").iterdir()):
        count = 0

        def numbered(match: re.Match[str], month: str = path.stem) -> str:
            nonlocal count
            count += 1
            return f'{match[0]}  id: "{month}/{count}"\n'

        path.write_text(
            re.sub(
                r"^\d{4}-\d\d-\d\d \* .*\n(?:  [a-z-]+: .*\n)*?  quantity: .*\n(?!  id:)",
                numbered,
                path.read_text("utf-8"),
                flags=re.MULTILINE,
            ),
            "utf-8",
        )


def change(path: Path, old: str, new: str) -> int:
    """Replace the first occurrence of a text in a file, and return its line."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1
