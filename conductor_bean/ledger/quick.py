"""The check that reads only what is open: it goes on from the checkpoint of the last sealed month.

Where nothing vouches for sealed history (no checkpoint yet, an edit in a sealed month, another decision, another
version of the program) all is read, and where every seal holds new checkpoints are left for the next time. Where much
is open, waypoints on the way through it are left too: an edit of today is checked from this morning on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.books import Books, load_books, main_file
from conductor_bean.ledger.checkpoint import Checkpoint, SealedAdvice, region_digest
from conductor_bean.ledger.checkpoint_store import CheckpointStore
from conductor_bean.ledger.closes import start_of_month
from conductor_bean.ledger.judging import WAYPOINTS, Wanted
from conductor_bean.ledger.keeping import keep
from conductor_bean.ledger.parsing import FullCheckNeededError, Recorder
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.resuming import Digests, Resumer

if TYPE_CHECKING:
    from collections.abc import Iterator


def quick_books(path: Path, like: Path | None = None, *, waypoints: bool = False) -> Books:
    """Load and check a ledger from its last sealed month on; the verdict is that of `load_books`.

    The books hold the entries and outcomes after that month, and the balances of all accounts at its end.

    Args:
        path: The ledger.
        like: The main.beancount of another state of it, whose checkpoints vouch for the same sealed text here. None is
            written then.
        waypoints: Go on from a waypoint after that month where one fits, for whom the verdict is enough.

    Raises:
        LedgerNotReadableError: There is no readable file at the path.
    """
    main = main_file(path)
    store = CheckpointStore(like or main)
    digests = Digests()
    for checkpoint in _usable(main, store, digests, waypoints=waypoints and like is None):
        try:
            return _resumed(main, None if like else store, checkpoint, digests, waypoints=waypoints)
        except FullCheckNeededError:
            pass  # one further back does, or the full check says what is wrong
    return load_books(main) if like else recorded_books(main, waypoints=waypoints)


def recorded_books(main: Path, *, waypoints: bool = False) -> Books:
    """Load and check all of a ledger, and leave checkpoints of its sealed months."""
    store = CheckpointStore(main)
    recorder = Recorder(main)
    books = load_books(main, recorder.parse, Wanted(snapshots=True, waypoints=waypoints))
    keep(books, store, recorder.files, recorder.options, [])
    return books


def _usable(main: Path, store: CheckpointStore, digests: Digests, *, waypoints: bool) -> Iterator[Checkpoint]:
    """Checkpoints from which a check may go on, the latest first."""
    for name in reversed(WAYPOINTS) if waypoints else ():
        waypoint = store.read(name)
        if waypoint is not None and _fits(main, waypoint, digests):
            yield waypoint
    latest = store.latest()
    if latest is not None:
        yield latest


def _fits(main: Path, waypoint: Checkpoint, digests: Digests) -> bool:
    """Whether files begin as a waypoint knows them, as far as that can be told without parsing them."""
    folder = Folder(main.parent)
    try:
        return all(
            digests.of(str(main.parent / name), folder.read(main.parent / name)[: record.prefix]) == record.before
            for name, record in waypoint.files.items()
            if record.prefix
        )
    except OSError:
        return False


def _resumed(
    main: Path, store: CheckpointStore | None, checkpoint: Checkpoint, digests: Digests, *, waypoints: bool
) -> Books:
    resumer = Resumer(main, checkpoint, digests)
    wanted = Wanted(snapshots=True, waypoints=waypoints, checkpoint=checkpoint)
    books = load_books(main, resumer.parse, wanted)
    resumer.check_complete()
    if not books.complete:
        raise FullCheckNeededError("the check did not run to its end")
    if region_digest(books.region, checkpoint.end) != checkpoint.region:
        raise FullCheckNeededError("what the region had decided before the checkpoint changed")
    if books.checked is not None and books.checked.seals and checkpoint.month in WAYPOINTS:
        raise FullCheckNeededError("a seal that is new covers what lies before the waypoint")
    if books.checked is not None and any(
        start_of_month(verdict.month) < checkpoint.end for verdict in books.checked.closes
    ):
        raise FullCheckNeededError("a close that is new states a digest of what lies before the waypoint")
    told = [_moved(advice, resumer.lines) for advice in checkpoint.advice]
    books.problems = sorted({*books.problems, *(_problem(advice, main) for advice in told)})
    if store is not None:
        keep(books, store, resumer.records(), checkpoint.options, told)
    return books


def _moved(advice: SealedAdvice, lines: dict[str, list[int]]) -> SealedAdvice:
    found = lines.get(advice.file)
    return advice if found is None else replace(advice, line=found[advice.place])


def _problem(advice: SealedAdvice, main: Path) -> Problem:
    return Problem(str(main.parent / advice.file), advice.line, advice.code, advice.message, advice=True)
