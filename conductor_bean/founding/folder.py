"""A new region's folder: written whole, checked before anybody sees it, and put under git."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conductor_bean.founding.charter import Charter
from conductor_bean.founding.file_templates import EXECUTABLE, FILES, filled, plain_markdown
from conductor_bean.founding.ledger_text import ledger_files
from conductor_bean.founding.region_text import SCHEMA, region_text
from conductor_bean.founding.repository import MERGE_DRIVER, Repository, make_repository, surrounding_repository
from conductor_bean.founding.requirement import requirement
from conductor_bean.ledger.books import load_books
from conductor_bean.ledger.folder import check_free, new_folder
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.region_file import REGION_FILE
from conductor_bean.ledger.region_schema import json_schema

_MARKET = "| `market/` | what is offered, property, banks and loans, lists and schools |\n"


class FoundingRefusedError(Exception):
    """The folder would not hold; nothing was written.

    Attributes:
        problems: Why, as a check finds it.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(f"the new ledger would not hold, so nothing was written: {first.code}: {first.message}")


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made.

    Attributes:
        files: Paths of the files, relative to the folder, in order.
        repository: What became of git.
    """

    files: list[str]
    repository: Repository


def found(target: Path, charter: Charter, *, git: bool = True, extra: Mapping[str, str] | None = None) -> Founded:
    """Make the folder of a new region, whole or not at all.

    Args:
        target: The folder; it does not exist, or is empty.
        charter: What the region is founded with.
        git: Whether it becomes a git repository, where git is there and the folder lies in none.
        extra: More files, by their path in the folder.

    Raises:
        FolderRefusedError: It cannot be made there.
        FoundingRefusedError: Its ledger would not hold.
    """
    texts = dict(sorted({**_texts(charter), **(extra or {})}.items()))
    resolved = check_free(target)
    outer = surrounding_repository(resolved) if git else None
    with new_folder(target) as folder:
        for name, text in texts.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            if name in EXECUTABLE:
                path.chmod(0o755)
        problems = load_books(folder).problems
        if problems:
            raise FoundingRefusedError(problems)
        repository = Repository(surrounding=outer)
        if git and outer is None:
            repository = make_repository(folder, f"Found {charter.name}")
    return Founded(list(texts), repository)


def _texts(charter: Charter) -> dict[str, str]:
    """Every file of the folder with its text."""
    words = {
        "NAME": plain_markdown(charter.name),
        "ACCOUNTANT": shlex.quote(charter.accountants[0].id),
        "MARKET": _MARKET if charter.credits else "",
        "DRIVER": MERGE_DRIVER,
        "MONTH": charter.month,
        "REQUIREMENT": requirement(),
    }
    return {
        **ledger_files(charter),
        **{path: filled(template, words) for path, template in FILES.items()},
        REGION_FILE: region_text(charter),
        SCHEMA: json_schema(),
    }
