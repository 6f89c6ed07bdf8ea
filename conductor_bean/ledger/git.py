"""git, asked from here: never through a shell, never with what another command's environment points at.

Whatever a proposal brings along, git runs nothing of it, and reads objects as they are: no object in place of another,
no filter, and no repository that lies among the files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

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
# Files that look like a repository are none, and whoever reads needs no monitor of files.
_ALONE = ("-c", "safe.bareRepository=explicit", "-c", "core.fsmonitor=false")
_LONGEST = 300


class GitError(Exception):
    """git is not there, or says no; the message is what it said, on one line."""


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints.

    Args:
        folder: Where it runs.
        arguments: Its arguments.

    Raises:
        GitError: There is no git, or it failed.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the arguments are ours
            [_program(), *_ALONE, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise GitError(f"git cannot be run: {getattr(error, 'strerror', None) or error}") from error
    if done.returncode != 0:
        raise GitError(_said(done.stderr or done.stdout) or f"git {arguments[0]} failed ({done.returncode})")
    return os.fsdecode(done.stdout)


def blobs(folder: Path, names: Iterable[str]) -> Iterator[bytes | None]:
    """What files hold in git's objects, byte for byte: no filter, no conversion, nothing checked out.

    Args:
        folder: Where git runs.
        names: What git calls each: the digest of its object, or `COMMIT:PATH`, where symbolic links are followed
            within the commit alone.

    Yields:
        The bytes of each, in order, None where it is no file.

    Raises:
        GitError: There is no git, or it failed.
    """
    with tempfile.TemporaryFile() as asked:
        count = 0
        for count, name in enumerate(names, 1):  # noqa: B007 - the last is how many there are
            asked.write(os.fsencode(f"{name}\n"))
        asked.seek(0)
        try:
            with subprocess.Popen(  # noqa: S603 - no shell, and the arguments are ours
                [_program(), *_ALONE, "cat-file", "--batch", "--follow-symlinks"],
                cwd=folder,
                env=_environment(),
                stdin=asked,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ) as process:
                assert process.stdout is not None
                for _ in range(count):
                    yield _blob(process.stdout)
        except OSError as error:
            raise GitError(f"git cannot be run: {error.strerror or error}") from error


def _blob(out: IO[bytes]) -> bytes | None:
    """One answer of `git cat-file --batch`."""
    head = out.readline().split()
    if len(head) == 3 and head[1] in (b"blob", b"tree", b"commit", b"tag"):
        content = out.read(int(head[2]) + 1)
        if len(content) != int(head[2]) + 1:
            raise GitError("git ended before it had told a whole file")
        return content[:-1] if head[1] == b"blob" else None
    if len(head) == 2 and head[0] in (b"symlink", b"dangling", b"loop", b"notdir"):
        out.read(int(head[1]) + 1)  # where the link leads
    elif not head:
        raise GitError("git ended before it had told all files")
    return None


def _program() -> str:
    program = shutil.which("git")
    if program is None:
        raise GitError("git is not installed")
    return program


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _LOCATIONS}
    # Messages are read here, and a password is nothing that a check could wait for.
    return environment | {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_REPLACE_OBJECTS": "1"}


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
