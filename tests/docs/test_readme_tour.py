"""The README's tour, in a repository: afterwards the example ledgers are as it found them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.docs.test_examples import ROOT, follow, furnish


def test_after_the_tour_git_has_nothing_to_tell(tmp_path: Path) -> None:
    furnish(tmp_path)
    shutil.copy(ROOT / ".gitignore", tmp_path)

    def git(*words: str) -> str:
        identity = ("-c", "user.name=Carla", "-c", "user.email=carla@example.org")
        return subprocess.run(
            ["git", *identity, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "The examples")
    follow(ROOT / "README.md", tmp_path)
    assert (tmp_path / "copy").is_dir()
    assert git("status", "--porcelain") == ""
