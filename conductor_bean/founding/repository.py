"""A new region's git repository; without git, or without an identity in it, the region is founded all the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from conductor_bean.ledger.git import GitError, git, top_level

BRANCH = "main"
MERGE_DRIVER = "conductor merge-entries %O %A %B || git merge-file --marker-size=%L %A %O %B"
"""How git merges files of the ledger: by whole entries, else (or without `conductor`) by lines, with markers."""


@dataclass(frozen=True, slots=True)
class Repository:
    """What became of git.

    Attributes:
        made: Whether there is a repository.
        committed: Whether its first commit was made.
        why_not: What git said, where one of them is missing.
        surrounding: The repository in which the folder lies already, where that is why none was made.
    """

    made: bool = False
    committed: bool = False
    why_not: str = ""
    surrounding: Path | None = None


def surrounding_repository(target: Path) -> Path | None:
    """The repository in which a folder lies, or will lie; None where there is none, or no git to ask."""
    parent = next(folder for folder in (target, *target.parents) if folder.is_dir())
    try:
        return top_level(parent)
    except GitError:
        return None


def make_repository(folder: Path, message: str) -> Repository:
    """Make a folder a repository, and commit what is in it.

    Args:
        folder: The folder.
        message: Of the first commit.
    """
    try:
        git(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    except GitError as error:
        return Repository(why_not=str(error))
    try:
        git(folder, "config", "merge.conductor.name", "whole entries of a ledger")
        git(folder, "config", "merge.conductor.driver", MERGE_DRIVER)
        git(folder, "add", "--all")
        # An identity that git makes up from the machine's name is nobody who signs for the books.
        git(folder, "-c", "user.useConfigOnly=true", "commit", "--quiet", f"--message={message}")
    except GitError as error:
        return Repository(made=True, why_not=str(error))
    return Repository(made=True, committed=True)
