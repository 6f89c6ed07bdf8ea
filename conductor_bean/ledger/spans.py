"""All of a ledger verified again, in parallel: each process checks some sealed months from the checkpoint before them.

A span begins with a state that this machine has kept and must end with the state with which the next one begins; the
first begins with nothing. So by induction no kept state is taken on trust, and every seal is held against the text.
Whatever is not as it should be ends in one check from the beginning to the end, which says what is wrong.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.ledger.books import Books, LedgerNotReadableError, load_books, main_file
from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, options_digest, region_digest
from conductor_bean.ledger.checkpoint_store import CheckpointStore
from conductor_bean.ledger.judging import Wanted
from conductor_bean.ledger.parsing import Parsed, is_ours, month_told, parse_bytes, relative, unread
from conductor_bean.ledger.quick import recorded_books

if TYPE_CHECKING:
    from conductor_bean.ledger.problem import Problem

_MOST_PROCESSES = 8
_END = "9999"


@dataclass(frozen=True, slots=True)
class Span:
    """Months that are checked by one process.

    Attributes:
        main: The ledger's main.beancount.
        after: The month of the checkpoint from which it goes on, "" for the beginning.
        until: Its last month.
    """

    main: Path
    after: str
    until: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a process found.

    Attributes:
        holds: Whether there were no errors and every seal holds.
        state: Digest of the state at the end.
        advice: The advice it gives.
    """

    holds: bool
    state: str
    advice: list[Problem]


def full_books(path: Path) -> Books:
    """Load and check all of a ledger, by several processes where its sealed months were checked before.

    Raises:
        LedgerNotReadableError: There is no readable file at the path.
    """
    main = main_file(path)
    spans = _spans(main, min(os.cpu_count() or 1, _MOST_PROCESSES))
    books = _verified(spans) if len(spans) > 1 else None
    return recorded_books(main) if books is None else books


def _spans(main: Path, processes: int) -> list[Span]:
    """As many spans as there are processes, of about as much text each."""
    store = CheckpointStore(main)
    latest = store.latest()
    if latest is None or processes < 2:
        return []
    months = store.months()
    weight = dict.fromkeys([*months, _END], 0.0)
    for record in latest.files.values():
        for told in record.months:
            month = next((month for month in months if told <= month), _END)
            weight[month] += record.size / len(record.months)
    share, so_far, cuts = sum(weight.values()) / processes, 0.0, [""]
    for month in months:
        so_far += weight[month]
        if so_far >= share * len(cuts) and len(cuts) < processes:
            cuts.append(month)
    return [Span(main, after, until) for after, until in pairwise([*cuts, _END])]


def _verified(spans: list[Span]) -> Books | None:
    """The books at the end of all spans, None where not every one of them holds."""
    *before, last = spans
    try:
        with ProcessPoolExecutor(len(before)) as processes:
            waiting = [processes.submit(verify, span) for span in before]
            books = _check(last)
            found = [future.result() for future in waiting]
    except (BrokenProcessPool, OSError, LedgerNotReadableError):
        return None
    store = CheckpointStore(last.main)
    starts = [store.read(span.after) for span in spans[1:]]
    if books is None or books.errors or not all(result.holds for result in found):
        return None
    if any(start is None or start.state != result.state for start, result in zip(starts, found, strict=True)):
        return None
    books.problems = sorted({*books.problems, *(problem for result in found for problem in result.advice)})
    return books


def verify(span: Span) -> Verified:
    """Check a span that ends with a sealed month."""
    books = _check(span)
    if books is None or books.errors or books.checked is None:
        return Verified(holds=False, state="", advice=[])
    ends = [taken.digest for taken in books.checked.snapshots if taken.month == span.until]
    return Verified(bool(ends), ends[-1] if ends else "", books.advice)


def _check(span: Span) -> Books | None:
    """The books of a span, None where its checkpoint is not one of this very ledger."""
    store = CheckpointStore(span.main)
    latest = store.latest()
    checkpoint = store.read(span.after) if span.after else None
    if latest is None or (span.after and checkpoint is None):
        return None
    parser = SpanParser(span, latest.files)
    books = load_books(span.main, parser.parse, Wanted(snapshots=True, checkpoint=checkpoint))
    return books if books.complete and _is_of(checkpoint, books, parser.options) else None


def _is_of(checkpoint: Checkpoint | None, books: Books, options: str) -> bool:
    return checkpoint is None or (
        checkpoint.options == options and checkpoint.region == region_digest(books.region, checkpoint.end)
    )


class SpanParser:
    """Parses what a span needs: files are left unread whose very bytes were seen to hold none of its months.

    Args:
        span: The span.
        files: What each file held when it was read last.
    """

    def __init__(self, span: Span, files: dict[str, FileRecord]) -> None:
        self._span = span
        self._files = files
        self.options = ""

    def parse(self, file: str, content: bytes) -> Parsed:
        """The entries of a file that belong to the span."""
        record = self._files.get(relative(file, self._span.main))
        is_spared = bool(self.options) and record is not None and not self._needs(record)
        if is_spared and record is not None and hashlib.sha256(content).hexdigest() == record.digest:
            return unread(file, record)
        entries, errors, options_map = parse_bytes(content, file)
        self.options = self.options or options_digest(options_map)
        return [entry for entry in entries if self._is_in(entry)], errors, options_map

    def _needs(self, record: FileRecord) -> bool:
        if record.own_affairs and self._span.until == _END:
            return True
        return any(self._span.after < month <= self._span.until for month in record.months)

    def _is_in(self, entry: Any) -> bool:
        if not is_ours(entry):
            return self._span.until == _END
        return self._span.after < month_told(entry) <= self._span.until
