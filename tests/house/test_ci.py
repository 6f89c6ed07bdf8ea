"""CI runs the README's own command for the tests, so that what a newcomer runs is what is checked."""

from __future__ import annotations

import os
import re

from tests.house.tree import ROOT

COMMAND = (
    "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[test]' && .venv/bin/python -m pytest"
)
BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_ci_ends_with_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    blocks = [block.strip() for block in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))]
    assert script.splitlines()[-1] == COMMAND
    assert COMMAND in blocks


def test_ci_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
