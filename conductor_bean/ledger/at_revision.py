"""A ledger as it was at a revision of git: what is wrong now and was not then, and what may not change at all."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from conductor_bean.domain.problems import quoted
from conductor_bean.ledger.admission.gate import agreed_code
from conductor_bean.ledger.books import Books, LedgerNotReadableError, load_books
from conductor_bean.ledger.commit_files import write_commit
from conductor_bean.ledger.git import GitError, git, top_level
from conductor_bean.ledger.history import Comparison, State
from conductor_bean.ledger.problem import Change, Problem
from conductor_bean.ledger.region_history import compared_charters, read_charter
from conductor_bean.ledger.same_problems import accounted_for, traces
from conductor_bean.ledger.seal_lists import compared_lists
from conductor_bean.ledger.watched_files import changed_files

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_UNKNOWN = "git knows no such commit here; in a shallow clone, fetch more of its history first"


@dataclass(frozen=True, slots=True)
class Compared:
    """A ledger's books with only those problems that an earlier revision did not have.

    Attributes:
        books: The books; their problems are the new ones alone, with what may not change at all.
        hidden: The problems that are left out, since the earlier ledger had them too.
        note: What somebody should know who reads the verdict, or nothing.
    """

    books: Books
    hidden: list[Problem]
    note: str


def compared(main: Path, revision: str, load: Callable[[], Books], load_at: Callable[[Path], Books]) -> Compared:
    """Compare a ledger with what it was at a revision.

    The earlier ledger is read from git's objects into a folder of its own; neither the files nor the index of the
    repository are touched. What may run of other hands is what the ledger had agreed on then, and not what it says now.

    Args:
        main: The ledger's main.beancount, absolute.
        revision: What git calls a revision: a commit, a branch, `HEAD~2` ...
        load: Loads the ledger as it is.
        load_at: Loads the ledger as it was, in another folder.

    Raises:
        LedgerNotReadableError: There is no such revision, or no repository.
    """
    try:
        root, prefix, commit = _located(main, revision)
        with tempfile.TemporaryDirectory(prefix="conductor-since-") as name:
            earlier_root = Path(name).resolve()
            try:
                write_commit(root, commit, earlier_root)
            except OSError as error:
                raise GitError(f"the commit's files cannot be written: {error.strerror or error}") from error
            at = earlier_root / prefix / main.name
            earlier = load_at(at) if at.is_file() else None
            with agreed_code(earlier.region.plugins if earlier is not None and earlier.complete else ()):
                books = load()
                books.changes = changed_files(root, earlier_root, revision, f"{prefix}{main.name}")
                return _compared(books, earlier, revision)
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
    _check_no_link(main.parent, root)
    prefix = git(folder, "rev-parse", "--show-prefix").removesuffix("\n")
    try:
        commit = git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    except GitError as error:
        raise GitError(_UNKNOWN) from error
    if not _COMMIT.fullmatch(commit):
        raise GitError(_UNKNOWN)
    return root, prefix, commit


def _check_no_link(folder: Path, root: Path) -> None:
    """Hold that no symbolic link within the repository leads to the ledger: then another one would be compared.

    Raises:
        GitError: One does.
    """
    above = Path(os.path.normpath(folder))
    inside: list[Path] = []
    for path in (above, *above.parents):
        if path.resolve() == root.resolve():
            links = [found for found in inside if found.is_symlink()]
            if links:
                raise GitError(f"{str(links[-1])!r} is a symbolic link in the repository; name the folder itself")
            return
        inside.append(path)


def _compared(books: Books, earlier: Books | None, revision: str) -> Compared:
    if earlier is None:
        return Compared(books, [], f"there is no ledger {books.main.name} at {revision}, so everything in it is new")
    if not books.complete:
        return Compared(books, [], "the ledger cannot be checked to its end, so all that stands in the way is shown")
    hidden = accounted_for(traces(books), traces(earlier))
    problems = [problem for problem in books.problems if id(problem) not in hidden]
    history, changes = _history(earlier, books, revision) if earlier.complete else ([], [])
    return Compared(
        replace(
            books,
            problems=sorted({*problems, *history}),
            since=revision,
            changes=sorted({*books.changes, *changes}),
        ),
        [problem for problem in books.problems if id(problem) in hidden],
        _note(earlier, hidden.values(), revision),
    )


def _history(earlier: Books, present: Books, revision: str) -> tuple[list[Problem], list[Change]]:
    """What may not change at all, and did; and what somebody should look at."""
    comparison = Comparison(
        State(earlier, lambda: load_books(earlier.main)), State(present, lambda: load_books(present.main)), revision
    )
    files = [_region_file(books) for books in (earlier, present)]
    problems, changes = compared_charters(
        read_charter(files[0]), read_charter(files[1]), str(files[1]), revision, comparison.held_until
    )
    lists = compared_lists(earlier.main.parent, present.main.parent, revision, comparison.may_list_change)
    return [*comparison.problems, *problems, *lists], [*comparison.changes, *changes]


def _region_file(books: Books) -> Path:
    assert books.checked is not None
    assert books.checked.places is not None
    return Path(books.checked.places.region_file)


def _note(earlier: Books, hidden: Collection[Problem], revision: str) -> str:
    unknown = (
        ""
        if earlier.complete
        else f"the ledger at {revision} cannot be checked to its end, so more counts as new, and what "
        "may not change was not compared"
    )
    if not hidden:
        return unknown
    errors = sum(not problem.is_advice for problem in hidden)
    found = [f"{errors} error(s)"] * bool(errors) + [f"{len(hidden) - errors} advice"] * (len(hidden) > errors)
    shown = f"not shown: {' and '.join(found)} that the ledger had at {revision} already"
    return f"{shown}; {unknown}" if unknown else shown
