"""A ledger as it was at a revision of git, and what is wrong now that was not wrong then."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from conductor_bean.domain.problems import quoted
from conductor_bean.ledger.books import Books, LedgerNotReadableError
from conductor_bean.ledger.git import GitError, git, top_level
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.same_problems import accounted_for, traces

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_UNKNOWN = "git knows no such commit here; in a shallow clone, fetch more of its history first"


@dataclass(frozen=True, slots=True)
class Compared:
    """A ledger's books with only those problems that an earlier revision did not have.

    Attributes:
        books: The books; their problems are the new ones alone.
        hidden: The problems that are left out, since the earlier ledger had them too.
        note: What somebody should know who reads the verdict, or nothing.
    """

    books: Books
    hidden: list[Problem]
    note: str


def compared(books: Books, revision: str, load: Callable[[Path], Books]) -> Compared:
    """Compare a ledger with what it was at a revision.

    The earlier ledger is read from git's objects into a folder of its own; neither the files nor the index of the
    repository are touched.

    Args:
        books: The ledger as it is.
        revision: What git calls a revision: a commit, a branch, `HEAD~2` ...
        load: Loads a ledger.

    Raises:
        LedgerNotReadableError: There is no such revision, or no repository.
    """
    try:
        root, prefix, commit = _located(books.main, revision)
        with tempfile.TemporaryDirectory(prefix="conductor-since-") as name:
            scratch = Path(name).resolve()
            index, earlier_root = scratch / "index", scratch / "tree"
            earlier_root.mkdir()
            git(root, "read-tree", commit, index=index)
            git(root, "checkout-index", "--all", "--quiet", f"--prefix={earlier_root}/", index=index)
            return _compared(books, earlier_root / prefix / books.main.name, revision, load)
    except GitError as error:
        raise LedgerNotReadableError(f"--since {quoted(revision)}: {error}") from error


def _located(main: Path, revision: str) -> tuple[Path, str, str]:
    """The repository's folder, the ledger's folder in it, and the commit that a revision names."""
    folder = main.parent.resolve()
    root = top_level(folder)
    if root is None:
        raise GitError(f"{str(folder)!r} lies in no git repository, so nothing earlier can be compared")
    if revision.startswith("-") or not revision.isprintable() or not revision.strip():
        raise GitError("that is no name of a commit; name a branch, a tag or a commit, such as HEAD~1 or origin/main")
    prefix = git(folder, "rev-parse", "--show-prefix").removesuffix("\n")
    try:
        commit = git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except GitError as error:
        raise GitError(_UNKNOWN) from error
    if not _COMMIT.fullmatch(commit):
        raise GitError(_UNKNOWN)
    return root, prefix, commit


def _compared(books: Books, main: Path, revision: str, load: Callable[[Path], Books]) -> Compared:
    if not main.is_file():
        return Compared(books, [], f"there is no ledger {main.name} at {revision}, so everything in it is new")
    if not books.complete:
        return Compared(books, [], "the ledger cannot be checked to its end, so all that stands in the way is shown")
    earlier = load(main)
    hidden = accounted_for(traces(books), traces(earlier))
    return Compared(
        replace(books, problems=[problem for problem in books.problems if id(problem) not in hidden], since=revision),
        [problem for problem in books.problems if id(problem) in hidden],
        _note(earlier, hidden.values(), revision),
    )


def _note(earlier: Books, hidden: Collection[Problem], revision: str) -> str:
    unknown = (
        "" if earlier.complete else f"the ledger at {revision} cannot be checked to its end, so more counts as new"
    )
    if not hidden:
        return unknown
    errors = sum(not problem.is_advice for problem in hidden)
    found = [f"{errors} error(s)"] * bool(errors) + [f"{len(hidden) - errors} advice"] * (len(hidden) > errors)
    shown = f"not shown: {' and '.join(found)} that the ledger had at {revision} already"
    return f"{shown}; {unknown}" if unknown else shown
