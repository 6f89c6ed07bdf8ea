"""What tests of simulated regions share."""

from __future__ import annotations

from pathlib import Path

from conductor_bean.ledger.books import Books


def files_of(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def codes_of(books: Books) -> list[str]:
    """What is wrong, as people read it."""
    return [f"{problem.line}: {problem.code}: {problem.message}" for problem in books.errors]


def names_in(folder: Path) -> list[str]:
    """What stands in a folder, hidden or not."""
    return sorted(path.name for path in folder.iterdir())
