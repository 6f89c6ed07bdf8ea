"""Files that decide what is read, or that are run: whoever reviews a proposal should see that it changes them."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from conductor_bean.ledger.git import git
from conductor_bean.ledger.problem import Change

_PATTERNS = {
    "workflow": r"\.(?:github|gitea|forgejo|gitlab|woodpecker|circleci)/.*|\.[\w.-]*ci\.ya?ml",
    "hooks": r"\.pre-commit-(?:config|hooks)\.ya?ml|\.husky/.*|lefthook\.ya?ml",
    "git": r"\.git(?:attributes|modules)",
    "requirements": (
        r"[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements/.*|pyproject\.toml|setup\.cfg|"
        r"pipfile(?:\.lock)?|(?:uv|poetry|pdm|pylock)\.(?:lock|toml)|environment\.ya?ml"
    ),
    "code": r"[^/]*\.(?:py|pyc|pyd|pyw|pth|so|sh|zip|egg|whl)",
}
_KINDS = {kind: re.compile(rf"(?:.*/)?(?:{names})", re.IGNORECASE) for kind, names in _PATTERNS.items()}
_MOST_BYTES = 1 << 26
_LINK = "a symbolic link"


def changed_files(root: Path, earlier: Path, revision: str, ledger: str) -> list[Change]:
    """Every change to a file that is run or decides what is read.

    Args:
        root: The repository as it is.
        earlier: The files of the commit.
        revision: What the commit is called.
        ledger: The path of the ledger's main.beancount in the repository.

    Raises:
        GitError: git cannot tell which files there are.
    """
    present = git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    before = (str(path.relative_to(earlier)) for path in earlier.rglob("*") if path.is_file())
    changes = []
    for name in sorted({*present, *before} - {""}):
        kind = "main" if name == ledger else kind_of(name)
        if kind is not None:
            old, new = _content(earlier / name), _content(root / name)
            if old != new:
                how = "is new" if old is None else "was removed" if new is None else "was changed"
                line = 1 if old is None or new is None else _first_difference(old, new)
                changes.append(Change(str(root / name), line, kind, f"{how} since {revision}{_is_now(new)}"))
    return changes


def kind_of(name: str) -> str | None:
    """What a change to a file concerns, None where nothing is run or decided by it.

    Args:
        name: Its path in the repository.
    """
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(name.replace(os.sep, "/"))), None)


def _content(path: Path) -> bytes | None:
    """What a file holds, whatever its line ends; of what is no plain file what it is; None where there is nothing."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return None
    if stat.S_ISLNK(found.st_mode):
        return _LINK.encode()
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
        return f"{stat.filemode(found.st_mode)} {found.st_size}".encode()
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except OSError as error:
        return (error.strerror or "").encode()


def _is_now(content: bytes | None) -> str:
    return f", and is {_LINK} now" if content == _LINK.encode() else ""


def _first_difference(old: bytes, new: bytes) -> int:
    """The first line of the new text that differs."""
    lines = new.split(b"\n")
    same = zip(old.split(b"\n"), lines, strict=False)
    return min(next((n for n, (a, b) in enumerate(same, 1) if a != b), len(lines)), len(lines))
