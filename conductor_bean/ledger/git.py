"""git, asked from here: never through a shell, never with what another command's environment points at."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from conductor_bean.domain.problems import printable

# A hook of git runs us with these set; then git would answer of that repository, and write to its index.
_LOCATIONS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
_LONGEST = 300


class GitError(Exception):
    """git is not there, or says no; the message is what it said, on one line."""


def git(folder: Path, *arguments: str, index: Path | None = None) -> str:
    """Run git in a folder and return what it prints.

    Args:
        folder: Where it runs.
        arguments: Its arguments.
        index: A file of its own for the index, so that the repository's is never touched.

    Raises:
        GitError: There is no git, or it failed.
    """
    program = shutil.which("git")
    if program is None:
        raise GitError("git is not installed")
    environment = {name: value for name, value in os.environ.items() if name not in _LOCATIONS}
    # Messages are read here, and a password is nothing that a check could wait for.
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            [program, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run: {getattr(error, 'strerror', None) or error}") from error
    if done.returncode != 0:
        raise GitError(_said(done.stderr or done.stdout) or f"git {arguments[0]} failed ({done.returncode})")
    return os.fsdecode(done.stdout)


def _said(output: bytes) -> str:
    """What git said, on one line, short."""
    words = " ".join(output.decode("utf-8", "replace").split())
    return printable(words[:_LONGEST]).removeprefix("fatal: ").removeprefix("error: ")


def top_level(folder: Path) -> Path | None:
    """The folder of the repository in which a folder lies, or None where it lies in none.

    Raises:
        GitError: git is not there, or will not read that repository.
    """
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel").removesuffix("\n"))
    except GitError as error:
        if "not a git repository" in str(error) or "must be run in a work tree" in str(error):
            return None
        raise
