"""What a check that ended well leaves for the next one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, SealedAdvice, region_digest
from conductor_bean.ledger.checkpoint_store import event_text
from conductor_bean.ledger.judging import WAYPOINTS, seals_of
from conductor_bean.ledger.parsing import (
    FullCheckNeededError,
    Judge,
    Recorder,
    holds_after,
    parse_bytes,
    relative,
    sealed_digest,
    split,
)
from conductor_bean.ledger.seals import end_of_month

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.checkpoint_store import CheckpointStore
    from conductor_bean.ledger.snapshots import Snapshot

_MOST_LATER = 200_000
"""Events with an id that a waypoint keeps; beyond, sealing a month is what helps."""

_PUSHED = re.compile(rb"^(push|pop)(tag|meta)", re.MULTILINE)


def keep(
    books: Books, store: CheckpointStore, files: dict[str, FileRecord], options: str, told: list[SealedAdvice]
) -> None:
    """Leave checkpoints of what was checked, in a ledger that nothing but this program has a say in.

    Args:
        books: The ledger after its check.
        store: Where they are kept.
        files: What its files hold.
        options: Digest of its options.
        told: Advice that was taken over from the checkpoint before.
    """
    if not _may_be_kept(books, files):
        return
    assert books.checked is not None
    if books.checked.checkpoint is None:
        store.forget()
    sealed = [taken for taken in books.checked.snapshots if taken.month not in WAYPOINTS]
    for taken in sealed[:-1]:
        store.write(_checkpoint(books, taken, options, taken.month), taken)
    if sealed:
        last = _complete(books, _checkpoint(books, sealed[-1], options, sealed[-1].month), files, told)
        if last is not None:
            store.write(last, sealed[-1])
    _keep_waypoints(books, store, files, options, told)


def _may_be_kept(books: Books, files: dict[str, FileRecord]) -> bool:
    checked = books.checked
    if checked is None or not checked.snapshots or not books.complete or books.errors or not books.only_ours:
        return False
    assert checked.places is not None
    known = {str(books.main.parent / name) for name in files} | {checked.places.region_file}
    months = [taken.month for taken in checked.snapshots if taken.month not in WAYPOINTS]
    is_closed = not months or books.region.credits is None or months[-1] in books.machine.state.closed
    return is_closed and all(str(Path(file)) in known for file in checked.places.files)


def _keep_waypoints(
    books: Books, store: CheckpointStore, files: dict[str, FileRecord], options: str, told: list[SealedAdvice]
) -> None:
    assert books.checked is not None
    start = books.checked.checkpoint
    taken = {snapshot.month: snapshot for snapshot in books.checked.snapshots if snapshot.month in WAYPOINTS}
    if not taken:
        return
    sealed = [snapshot.month for snapshot in books.checked.snapshots if snapshot.month not in WAYPOINTS]
    base = sealed[-1] if sealed else "" if start is None else start.base
    later = {} if start is None else dict(start.later)
    reversals = {} if start is None else dict(start.reversed)
    for name in WAYPOINTS:
        store.drop(name)
        if name in taken:
            later |= {key: event_text(event) for key, event in taken[name].posted}
            reversals |= dict(taken[name].reversals)
            waypoint = _complete(books, _checkpoint(books, taken[name], options, base), files, told)
            if waypoint is not None and len(later) <= _MOST_LATER:
                waypoint.later, waypoint.reversed = dict(later), dict(reversals)
                store.write(waypoint, taken[name])


def _complete(
    books: Books, checkpoint: Checkpoint, files: dict[str, FileRecord], told: list[SealedAdvice]
) -> Checkpoint | None:
    """A checkpoint with what it must know of files and advice, None where a file has changed meanwhile."""
    try:
        checkpoint.files, lines = _before(books.main, files, checkpoint)
    except FullCheckNeededError:
        return None
    checkpoint.advice = _advice(books, checkpoint, lines, told)
    return checkpoint


def _checkpoint(books: Books, taken: Snapshot, options: str, base: str) -> Checkpoint:
    assert books.checked is not None
    assert books.checked.reading is not None
    before = [] if books.checked.checkpoint is None else books.checked.checkpoint.seals
    facts = [fact for month, fact in seals_of(books.checked.reading).items() if end_of_month(month) <= taken.end]
    return Checkpoint(
        taken.month,
        taken.end,
        [*before, *((fact.ids[0], fact.ids[1]) for fact in facts)],
        region_digest(books.region, taken.end),
        options,
        {},
        events=sum(fact.instant >= taken.end for fact in facts),
        state=taken.digest,
        base=base,
    )


def _before(
    main: Path, files: dict[str, FileRecord], checkpoint: Checkpoint
) -> tuple[dict[str, FileRecord], dict[str, list[int]]]:
    """What each file holds before a checkpoint, and the lines of that in the files that may have to be read anew.

    Raises:
        FullCheckNeededError: A file is not what was checked.
    """
    found: dict[str, FileRecord] = {}
    lines: dict[str, list[int]] = {}
    judge = Judge()
    for name, record in files.items():
        is_open = holds_after(record, checkpoint)
        if found and not (record.own_affairs or record.facts or is_open):
            found[name] = replace(record, prefix=record.size, before=record.digest, sealed="")
            continue
        path = main.parent / name
        fresh = Recorder(main)
        content = path.read_bytes()
        parsed = parse_bytes(content, str(path))
        fresh.note(str(path), content, parsed)
        if fresh.files[name].digest != record.digest:
            raise FullCheckNeededError(f"{name} changed while it was checked")
        known, rest = split(parsed[0], judge, checkpoint)
        lines[name] = [entry.meta["lineno"] for entry in known]
        found[name] = replace(fresh.files[name], sealed=sealed_digest(known))
        if len(found) > 1 and not record.own_affairs and not record.includes and not _PUSHED.search(content):
            _note_prefix(found[name], content, lines[name], [entry.meta["lineno"] for entry in rest])
    return found, lines


def _note_prefix(record: FileRecord, content: bytes, known: list[int], rest: list[int]) -> None:
    """Note how a file begins, where all that lies before a checkpoint stands before all that lies after it."""
    if known and rest and max(known) > min(rest):
        return
    until = min(rest, default=content.count(b"\n") + 2)
    before = b"".join(content.splitlines(keepends=True)[: until - 1]) if rest else content
    record.prefix, record.before = len(before), hashlib.sha256(before).hexdigest()


def _advice(
    books: Books, checkpoint: Checkpoint, lines: dict[str, list[int]], told: list[SealedAdvice]
) -> list[SealedAdvice]:
    """Advice on entries before a checkpoint, with the place of each among those of its file."""
    before = {(advice.file, advice.line, advice.code, advice.message): advice for advice in told}
    places = {name: {line: place for place, line in enumerate(found)} for name, found in lines.items()}
    found = []
    for problem in books.advice:
        name = relative(problem.file, books.main)
        known = before.get((name, problem.line, problem.code, problem.message))
        place = -1 if known is None else known.place
        if name in places:
            place = places[name].get(problem.line, -1)
            if place < 0:
                continue
        elif name not in checkpoint.files or holds_after(checkpoint.files[name], checkpoint):
            continue
        found.append(SealedAdvice(name, problem.line, place, problem.code, problem.message))
    return found
