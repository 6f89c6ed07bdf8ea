"""One import, from files to a ledger that holds: nothing is written before everything is known to be right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conductor_bean.domain.instants import format_instant
from conductor_bean.importers.common.entries import Directive, instant_of, text_of
from conductor_bean.importers.common.faults import ImportRefusedError, unreadable
from conductor_bean.importers.common.held import key_of, sort_out
from conductor_bean.importers.common.importer import SourceImporter, changed_fault
from conductor_bean.importers.common.target import Addition, addition, check_target
from conductor_bean.ledger.appending import Change
from conductor_bean.ledger.books import Books
from conductor_bean.ledger.changing import Seen, WouldNotHoldError, change_ledger
from conductor_bean.ledger.files import signature
from conductor_bean.ledger.problem import Problem


class LedgerWouldNotHoldError(Exception):
    """With the entries the ledger would have errors; nothing is written.

    Attributes:
        problems: The errors, each with the source row that it comes from, where it comes from one.
    """

    def __init__(self, problems: list[tuple[Problem, str]]) -> None:
        self.problems = problems
        super().__init__(problems[0][0].message)


@dataclass(slots=True)
class Report:
    """What an import found, and did.

    Attributes:
        source: The source.
        new: Entries that the ledger did not hold, in order of instant.
        known: How many rows it holds already.
        notes: What was decided, rounded or left out.
        seen: The ledger's files as they were when it was loaded.
        file: The file that was written, or None.
        lines: The line of each new entry in it.
    """

    source: str
    new: list[Directive]
    known: int
    notes: list[str]
    seen: Seen
    file: Path | None = None
    lines: list[int] = field(default_factory=list)

    def as_json(self, relative: Any = str) -> dict[str, Any]:
        """The report as plain data.

        Args:
            relative: How the path of the written file is shown.
        """
        lines: Sequence[int | None] = self.lines or [None] * len(self.new)
        return {
            "source": self.source,
            "written": self.file is not None,
            "file": None if self.file is None else relative(str(self.file)),
            "imported": [
                {
                    "id": entry.meta.get("id") or " ".join(key_of(entry) or ()),
                    "instant": format_instant(instant_of(entry)),
                    "source": entry.meta["filename"],
                    "row": entry.meta["lineno"],
                    "line": line,
                }
                for entry, line in zip(self.new, lines, strict=True)
            ],
            "known": self.known,
            "changed": [],  # rows that the ledger holds with another content: with one, nothing is imported
            "notes": self.notes,
        }

    def text(self) -> str:
        """The new entries as they are, or would be, written."""
        return "\n\n".join(text_of(entry) for entry in self.new)


def prepare(importer: SourceImporter, files: list[Path], books: Books) -> Report:
    """Read files and hold them against a ledger, without writing anything.

    Raises:
        ImportRefusedError: They cannot be imported; every reason.
    """
    seen = Seen.of(books)
    files = list({file.absolute(): file for file in files}.values())
    before = _states(files)
    work = importer.work(books)
    entries = importer.entries(files, work)
    assert books.checked is not None
    found = sort_out(entries, books.checked.sources)
    for file, then, now in zip(files, before, _states(files), strict=True):
        if then != now:
            raise unreadable(
                str(file), "changed while it was imported: somebody is still writing it; import it when it is whole"
            )
    if found.changed:
        raise ImportRefusedError([changed_fault(entry, held) for entry, held in found.changed])
    return Report(importer.source, found.new, len(found.known), work.notes, seen)


def write(
    report: Report, books: Books, target: Path, besides: Callable[[list[Change]], list[Change]] | None = None
) -> None:
    """Append the new entries of a report to a file of the ledger, or leave everything as it was.

    Args:
        report: The report.
        books: The ledger.
        target: The file.
        besides: What becomes of the changes where more is written with them, such as the digests of closes.

    Raises:
        ImportRefusedError: The file belongs to no ledger.
        LedgerWouldNotHoldError: With them the ledger would have errors.
        LedgerBusyError: Another command is writing.
        OSError: A file cannot be written, or was changed meanwhile.
    """
    path = check_target(books, target)
    if not report.new:
        return
    added = addition(path, report.new)
    try:
        changes = [added.change]
        change_ledger(books.main, changes if besides is None else besides(changes), report.seen)
    except WouldNotHoldError as error:
        raise LedgerWouldNotHoldError([(p, _origin(p, path, report.new, added)) for p in error.problems]) from None
    report.file, report.lines = path, added.lines


def _origin(problem: Problem, path: Path, entries: list[Directive], added: Addition) -> str:
    """The source row of a problem that stands in what was appended, or nothing."""
    if Path(problem.file) != path or problem.line < added.lines[0]:
        return ""
    entry = max((line, index) for index, line in enumerate(added.lines) if line <= problem.line)[1]
    meta = entries[entry].meta
    return f"{meta['filename']}:{meta['lineno']}"


def _states(files: list[Path]) -> list[Any]:
    return [signature(file) for file in files]


__all__ = ["ImportRefusedError", "LedgerWouldNotHoldError", "Report", "prepare", "write"]
