"""The check that reads only what is open: it goes on from the checkpoint of the last sealed month.

Where nothing vouches for sealed history (no checkpoint yet, an edit in a sealed month, another decision, another
version of the program) all is read, and where every seal holds new checkpoints are left for the next time.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.books import Books, load_books, main_file
from conductor_bean.ledger.checkpoint import Checkpoint, FileRecord, SealedAdvice, region_digest
from conductor_bean.ledger.checkpoint_store import CheckpointStore
from conductor_bean.ledger.judging import Wanted, seals_of
from conductor_bean.ledger.parsing import (
    FullCheckNeededError,
    Judge,
    Recorder,
    Resumer,
    parse_bytes,
    relative,
    sealed_digest,
    split,
)
from conductor_bean.ledger.problem import Problem

if TYPE_CHECKING:
    from conductor_bean.ledger.snapshots import Snapshot


def quick_books(path: Path, like: Path | None = None) -> Books:
    """Load and check a ledger from its last sealed month on; the verdict is that of `load_books`.

    The books hold the entries and outcomes after that month, and the balances of all accounts at its end.

    Args:
        path: The ledger.
        like: The main.beancount of another state of it, whose checkpoints vouch for the same sealed text here. None is
            written then.

    Raises:
        LedgerNotReadableError: There is no readable file at the path.
    """
    main = main_file(path)
    store = CheckpointStore(like or main)
    checkpoint = store.latest()
    if checkpoint is not None:
        try:
            return _resumed(main, None if like else store, checkpoint)
        except FullCheckNeededError:
            pass  # the full check says what is wrong, if anything is
    return load_books(main) if like else recorded_books(main)


def recorded_books(main: Path) -> Books:
    """Load and check all of a ledger, and leave checkpoints of its sealed months."""
    store = CheckpointStore(main)
    recorder = Recorder(main)
    books = load_books(main, recorder.parse, Wanted(snapshots=True))
    if _may_be_kept(books, recorder.files):
        store.forget()
        _keep(books, store, recorder.files, recorder.options, [])
    return books


def _resumed(main: Path, store: CheckpointStore | None, checkpoint: Checkpoint) -> Books:
    resumer = Resumer(main, checkpoint)
    books = load_books(main, resumer.parse, Wanted(snapshots=True, checkpoint=checkpoint))
    resumer.check_complete()
    if not books.complete:
        raise FullCheckNeededError("the check did not run to its end")
    if region_digest(books.region, checkpoint.end) != checkpoint.region:
        raise FullCheckNeededError("what the region had decided before the last sealed month changed")
    told = [_moved(advice, resumer.lines) for advice in checkpoint.advice]
    books.problems = sorted({*books.problems, *(_problem(advice, main) for advice in told)})
    if store is not None and _may_be_kept(books, resumer.records()):
        _keep(books, store, resumer.records(), checkpoint.options, told)
    return books


def _moved(advice: SealedAdvice, lines: dict[str, list[int]]) -> SealedAdvice:
    found = lines.get(advice.file)
    return advice if found is None else replace(advice, line=found[advice.place])


def _problem(advice: SealedAdvice, main: Path) -> Problem:
    return Problem(str(main.parent / advice.file), advice.line, advice.code, advice.message)


def _may_be_kept(books: Books, files: dict[str, FileRecord]) -> bool:
    """Whether there are new seals that hold, in a ledger that nothing but this program has a say in."""
    checked = books.checked
    if checked is None or not checked.snapshots or not books.complete or books.errors:
        return False
    assert checked.places is not None
    known = {str(books.main.parent / name) for name in files} | {checked.places.region_file}
    sealed = [snapshot.month for snapshot in checked.snapshots]
    closed = books.machine.state.closed
    return (
        books.only_ours
        and all(str(Path(file)) in known for file in checked.places.files)
        and (books.region.credits is None or sealed[-1] in closed)
    )


def _keep(
    books: Books, store: CheckpointStore, files: dict[str, FileRecord], options: str, told: list[SealedAdvice]
) -> None:
    assert books.checked is not None
    snapshots = books.checked.snapshots
    for taken in snapshots[:-1]:
        store.write(_checkpoint(books, taken, {}, options, []), taken)
    last = snapshots[-1]
    try:
        records, lines = _with_sealed(books.main, files, last.month)
    except FullCheckNeededError:
        return
    store.write(_checkpoint(books, last, records, options, _advice(books, records, lines, last.month, told)), last)


def _checkpoint(
    books: Books, taken: Snapshot, files: dict[str, FileRecord], options: str, advice: list[SealedAdvice]
) -> Checkpoint:
    assert books.checked is not None
    assert books.checked.reading is not None
    before = [] if books.checked.checkpoint is None else books.checked.checkpoint.seals
    facts = [fact for month, fact in seals_of(books.checked.reading).items() if month <= taken.month]
    return Checkpoint(
        taken.month,
        taken.end,
        [*before, *((fact.ids[0], fact.ids[1]) for fact in facts)],
        region_digest(books.region, taken.end),
        options,
        files,
        advice,
        sum(fact.instant >= taken.end for fact in facts),
        taken.digest,
    )


def _with_sealed(
    main: Path, files: dict[str, FileRecord], month: str
) -> tuple[dict[str, FileRecord], dict[str, list[int]]]:
    """The records with the digest of what each file holds of sealed months, where it may be needed, and its lines."""
    found: dict[str, FileRecord] = {}
    lines: dict[str, list[int]] = {}
    judge = Judge()
    for name, record in files.items():
        is_open = any(told > month for told in record.months)
        if record.own_affairs or record.facts or is_open or not found:
            path = main.parent / name
            fresh = Recorder(main)
            content = path.read_bytes()
            parsed = parse_bytes(content, str(path))
            fresh.note(str(path), content, parsed)
            if fresh.files[name].digest != record.digest:
                raise FullCheckNeededError(f"{name} changed while it was checked")
            known, _ = split(parsed[0], judge, month)
            found[name] = replace(record, sealed=sealed_digest(known))
            lines[name] = [entry.meta["lineno"] for entry in known]
        else:
            found[name] = record
    return found, lines


def _advice(
    books: Books, files: dict[str, FileRecord], lines: dict[str, list[int]], month: str, told: list[SealedAdvice]
) -> list[SealedAdvice]:
    """Advice on sealed entries, with the place of each among those of its file."""
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
        elif name not in files or any(month_ > month for month_ in files[name].months):
            continue
        found.append(SealedAdvice(name, problem.line, place, problem.code, problem.message))
    return found
