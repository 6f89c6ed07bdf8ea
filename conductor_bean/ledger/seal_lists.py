"""The list beside each seal and close: a short hash of every event it covers, so that a broken one names what changed.

A list proves nothing: what holds is the digest alone. It only tells where to look, so it may be missing,
stale or forged without any harm but a less helpful message.

    conductor-bean list 1 2026-01
    2026-01-02T00:00:00 5f1c9e0a7b3d2c41 ...

A line an instant; of each hash the first ten digits are of what the event says, the rest of what follows from it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant, parse_month
from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from conductor_bean.ledger.seals import Line

CLOSES = "closes"
SEALS = "seals"
_HEADER = "conductor-bean list 1"
_SAID, _FOLLOWS = 10, 6
_MAX_BYTES = 1 << 28

Hashes = dict[str, list[str]]
"""Hashes of the events of each instant, in order."""


@dataclass(frozen=True, slots=True)
class Change:
    """The first event of sealed history that is not as it was.

    Attributes:
        how: `added`, `changed`, `moved` (one is gone at another instant), `follows` (only what is derived from it
            changed) or `removed`.
        when: The instant at which the list knows, or does not know, of it.
        source: Handle of its entry, None where it is gone.
    """

    how: str
    when: str
    source: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All events of a closed month that are not as they were; what follows from them does not matter.

    Attributes:
        added: Events that the list does not know.
        changed: Those of an instant of which others are gone.
        removed: Instants of those that are gone.
    """

    added: list[Line]
    changed: list[Line]
    removed: list[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def present(self) -> list[Line]:
        """Those that stand in the ledger, in order."""
        return sorted([*self.added, *self.changed])


def list_path(folder: Path, month: str, kind: str = SEALS) -> Path:
    """Where the list of a month's seal or close stands, beside main.beancount."""
    return folder / kind / f"{month}.txt"


def list_text(month: str, lines: Iterable[Line]) -> str:
    """The list of a seal's events."""
    told = [f"{_HEADER} {month}"]
    for instant, group in groupby(lines, attrgetter("instant")):
        told.append(" ".join((format_instant(instant), *map(_hash, group))))
    return "\n".join(told) + "\n"


def read_list(path: Path, month: str) -> Hashes | None:
    """The hashes of a list, or None where there is none that can be read."""
    try:
        content = Folder(path.parent.parent).read(path, _MAX_BYTES)
        header, *rows = content.decode("ascii").splitlines()
    except (OSError, ValueError):
        return None
    if header != f"{_HEADER} {month}":
        return None
    return {when: hashes for when, *hashes in (row.split(" ") for row in rows)}


def compared_lists(earlier: Path, present: Path, revision: str, may_change: Callable[[str], bool]) -> list[Problem]:
    """The lists of seals and closes that are not as they were: without them nobody can tell which entry changed.

    Args:
        earlier: The ledger's folder at a revision.
        present: The ledger's folder as it is.
        revision: What the revision is called.
        may_change: Whether the list of a month's close may be another, since the month was closed anew.
    """
    problems = []
    for kind in (SEALS, CLOSES):
        for path in sorted((earlier / kind).glob("*.txt")):
            now = present / kind / path.name
            if parse_month(path.stem) is None or (kind == CLOSES and may_change(path.stem)):
                continue
            if _plain_bytes(path) != _plain_bytes(now):
                message = f"the list is not as it was at {revision}; put it back (git knows): it tells what changed"
                problems.append(Problem(str(now), 1, "list-changed", message))
    return problems


def _plain_bytes(path: Path) -> bytes | None:
    """What a plain file holds, whatever its line ends."""
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_bytes().replace(b"\r\n", b"\n")
    except OSError:
        return None


def first_change(lines: Iterable[Line], sealed: Hashes) -> Change | None:
    """The first event that is not as the list has it, or None where the list knows of no difference."""
    present = {format_instant(instant): list(group) for instant, group in groupby(lines, attrgetter("instant"))}
    gone = ""
    for when in sorted({*present, *sealed}):
        left = Counter(sealed.get(when, ()))
        new = [(found, line.source) for line in present.get(when, ()) if not _taken(left, found := _hash(line))]
        left = +left
        said = {found[:_SAID] for found in left}
        other = [(found, source) for found, source in new if found[:_SAID] not in said]
        if gone and other:
            return Change("moved", gone, other[0][1])
        if gone:
            continue
        if other:
            return Change("changed" if left else "added", when, other[0][1])
        if new:
            return Change("follows", when, new[0][1])
        gone = when if left else ""
    return Change("removed", gone, None) if gone else None


def all_changes(lines: Iterable[Line], known: Hashes) -> Changes:
    """All events that are not as a list has them."""
    present = {format_instant(instant): list(group) for instant, group in groupby(lines, attrgetter("instant"))}
    found = Changes([], [], [])
    for when in sorted({*present, *known}):
        left = Counter(text[:_SAID] for text in known.get(when, ()))
        new = [line for line in present.get(when, ()) if not _taken(left, _short(line.said, _SAID))]
        gone = left.total()
        found.changed.extend(new[:gone])
        found.added.extend(new[gone:])
        found.removed.extend([when] * (gone - len(new)))
    return found


def _taken(left: Counter[str], found: str) -> bool:
    """Whether a hash is among those that are left; it is taken from them then."""
    if not left[found]:
        return False
    left[found] -= 1
    return True


def _hash(line: Line) -> str:
    return _short(line.said, _SAID) + _short(line.follows, _FOLLOWS)


def _short(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
