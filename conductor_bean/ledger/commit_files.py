"""The files of a commit, written out of git's objects into a folder of their own.

Only plain files are written, byte for byte: a symbolic link becomes the file to which it leads within the commit, and
what leads out of it, or is another repository, is left out.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from conductor_bean.ledger.git import GitError, blobs, git

_PLAIN, _LINK = ("100644", "100755", "100664"), "120000"
_NEVER = frozenset(("", ".", "..", ".git"))


def write_commit(root: Path, commit: str, folder: Path) -> None:
    """Write the files of a commit.

    Args:
        root: The repository.
        commit: The digest of the commit.
        folder: An empty folder.

    Raises:
        GitError: git cannot tell them.
        OSError: They cannot be written.
    """
    asked: dict[str, str] = {}
    for row in git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0"):
        about, _, path = row.partition("\t")
        mode, _, name = about.split(" ") if about else ("", "", "")
        if mode in _PLAIN:
            asked[path] = name
        elif mode == _LINK and "\n" not in path:
            asked[path] = f"{commit}:{path}"
    for path, content in zip(asked, blobs(root, asked.values()), strict=True):
        parts = PurePosixPath(path).parts
        if any(part.lower() in _NEVER for part in parts) or path.startswith("/"):
            raise GitError(f"the commit has a file of the name {path!r:.80}, which no folder can hold")
        if content is not None:
            target = folder.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
