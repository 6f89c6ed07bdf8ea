"""What a check that ended well leaves for the next one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, SealedAdvice, region_digest
from conductor_bean.ledger.checkpoint_store import event_text
from conductor_bean.ledger.judging import WAYPOINTS, seals_of
from conductor_bean.ledger.parsing import FullCheckNeededError, is_seal, month_told, parse_bytes, relative
from conductor_bean.ledger.resuming import holds_before, sealed_digest, split
from conductor_bean.ledger.seals import end_of_month

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.checkpoint_store import CheckpointStore
    from conductor_bean.ledger.snapshots import Snapshot

_MOST_LATER = 200_000
"""Events with an id that a waypoint keeps; beyond, sealing a month is what helps."""

_MOST_PARSED = 4_000_000
"""Bytes of a file whose entries stand in no order, above which a waypoint is not worth reading it once more."""

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
        if start is None or start.month != name:
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
    read = _lines(books, checkpoint)
    lines: dict[str, list[int]] = {}
    try:
        for name, record in files.items():
            place = read.get(name, _Lines())
            checkpoint.files[name] = _before(books, name, record, checkpoint, place)
            if checkpoint.files[name].sealed:
                lines[name] = place.known
    except FullCheckNeededError:
        return None
    checkpoint.advice = _advice(books, checkpoint, lines, read, told)
    return checkpoint


def _checkpoint(books: Books, taken: Snapshot, options: str, base: str) -> Checkpoint:
    assert books.checked is not None
    assert books.checked.reading is not None
    before = [] if books.checked.checkpoint is None else books.checked.checkpoint.seals
    facts = [fact for month, fact in seals_of(books.checked.reading).items() if end_of_month(month) <= taken.end]
    return Checkpoint(
        taken.month,
        taken.end,
        [*before, *((*fact.ids, fact.data["format"]) for fact in facts)],
        region_digest(books.region, taken.end),
        options,
        {},
        events=sum(fact.instant >= taken.end for fact in facts),
        state=taken.digest,
        base=base,
    )


@dataclass(slots=True)
class _Lines:
    """Where the entries of a file stand that were read.

    Attributes:
        known: Lines of those before a checkpoint, in order.
        rest: The first line of those after it, 0 where there is none.
    """

    known: list[int] = field(default_factory=list)
    rest: int = 0

    @property
    def in_order(self) -> bool:
        """Whether all that lies before the checkpoint stands before all that lies after it."""
        return not self.rest or not self.known or max(self.known) < self.rest


def _lines(books: Books, checkpoint: Checkpoint) -> dict[str, _Lines]:
    """Where the entries that were read stand, by file."""
    assert books.checked is not None
    date, sealed = checkpoint.date, {month for month, *_ in checkpoint.seals}
    by_file: dict[str, _Lines] = {}
    for entry in books.checked.sources:
        place = by_file.setdefault(entry.meta["filename"], _Lines())
        line = entry.meta["lineno"]
        if month_told(entry) in sealed if is_seal(entry) else entry.date < date:
            place.known.append(line)
        elif not place.rest or line < place.rest:
            place.rest = line
    return {relative(file, books.main): place for file, place in by_file.items()}


def _before(books: Books, name: str, record: FileRecord, checkpoint: Checkpoint, place: _Lines) -> FileRecord:
    """What a file holds before a checkpoint.

    A file that begins with all of that is known by its first bytes; of any other the old entries are known by a digest.
    An older line of a file of facts may be mended while it grows, so after a sealed month those are known both ways.

    Raises:
        FullCheckNeededError: A file is not what was checked, or costs more to know than a waypoint saves.
    """
    path = books.main.parent / name
    is_waypoint = checkpoint.month in WAYPOINTS
    known = replace(record, sealed="", prefix=0, before="")
    if path != books.main and not record.own_affairs and place.in_order and not _is_mixed(books, name):
        _note_prefix(known, books.main.parent, path, place.rest)
    if known.prefix and (is_waypoint or not record.facts):
        return known
    content = _content(books.main.parent, path, record)
    if is_waypoint and len(content) > _MOST_PARSED:
        raise FullCheckNeededError(f"{name} is too large to be read twice")
    entries, _ = split(parse_bytes(content, str(path))[0], checkpoint)
    known.sealed, place.known = sealed_digest(entries), [entry.meta["lineno"] for entry in entries]
    return known


def _content(folder: Path, path: Path, record: FileRecord) -> bytes:
    content = Folder(folder).read(path)
    if hashlib.sha256(content).hexdigest() != record.digest:
        raise FullCheckNeededError(f"{path.name} changed while it was checked")
    return content


def _is_mixed(books: Books, name: str) -> bool:
    """Whether the checkpoint before found old entries in a file behind newer ones: their lines were not read again."""
    assert books.checked is not None
    start = books.checked.checkpoint
    record = None if start is None else start.files.get(name)
    return start is not None and record is not None and not record.prefix and holds_before(record, start)


def _note_prefix(record: FileRecord, folder: Path, path: Path, rest: int) -> None:
    """Note how a file begins, up to the first line of what lies after a checkpoint; 0 is its end."""
    if not rest:
        record.prefix, record.before = record.size, record.digest
        return
    content = _content(folder, path, record)
    if not record.includes and not _PUSHED.search(content):
        before = b"".join(line + b"\n" for line in content.split(b"\n")[: rest - 1])
        record.prefix, record.before = len(before), hashlib.sha256(before).hexdigest()


def _advice(
    books: Books,
    checkpoint: Checkpoint,
    lines: dict[str, list[int]],
    read: dict[str, _Lines],
    told: list[SealedAdvice],
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
        elif name not in checkpoint.files or 0 < read.get(name, _Lines()).rest <= problem.line:
            continue
        found.append(SealedAdvice(name, problem.line, place, problem.code, problem.message))
    return found
