"""What a ledger holds already: by stable id, never by likeness."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from beancount.core import data

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.instants import end_of, format_time
from conductor_bean.importers.common.entries import Directive, instant_of

Key = tuple[str, ...]
_REPEATED = frozenset({"employment", "offer", "property"})
"""Facts that may be said again by the same owner, and then replace what was said before (LANGUAGE.md)."""


def key_of(entry: Any) -> Key | None:
    """What identifies an entry: a transaction's `id:`, a fact's type and ids; None where nothing does."""
    if isinstance(entry, data.Transaction):
        identity = entry.meta.get("id")
        return ("id", identity) if isinstance(identity, str) else None
    if isinstance(entry, data.Custom) and entry.type in FACT_TYPES:
        key = (entry.type, *(str(value.value) for value in entry.values or ()))
        return (*key, str(instant_of(entry))) if entry.type in _REPEATED else key
    return None


def content_of(entry: Any) -> tuple[Any, ...]:
    """What an entry says, without what people may word anew and without what the engine added."""
    if isinstance(entry, data.Custom):
        said = {key: _plain(value) for key, value in entry.meta.items() if key not in ("filename", "lineno", "time")}
        return (
            instant_of(entry),
            tuple(sorted((key, value) for key, value in said.items() if not key.startswith("_"))),
        )
    recorded = next(
        (posting.meta["transfer"] for posting in entry.postings if "transfer" in (posting.meta or {})), None
    )
    legs = [
        (posting.account, posting.units.number, posting.units.currency)
        for posting in entry.postings
        if (posting.meta or {}).get("transfer", recorded) == recorded
    ]
    return (
        instant_of(entry),
        tuple(sorted(legs)),
        tuple(sorted(entry.links or ())),
        _plain(entry.meta.get("quantity")),
    )


def _plain(value: Any) -> str:
    number = getattr(value, "number", value)
    return f"{number.normalize():f}" if hasattr(number, "normalize") else str(number)


@dataclass(slots=True)
class Sorted:
    """Entries of sources, held against a ledger.

    Attributes:
        new: Those that it does not hold, in order of instant.
        known: Those that it holds as they are.
        changed: Those whose id it holds with another content, or whose file has it twice, each with the other entry.
    """

    new: list[Directive] = field(default_factory=list)
    known: list[Directive] = field(default_factory=list)
    changed: list[tuple[Directive, Any]] = field(default_factory=list)


def _once_more(entry: Directive, number: int) -> Directive:
    """An entry told anew: its id with a number, and so many microseconds later, since one instant has it once."""
    instant = min(instant_of(entry) + number - 1, end_of(entry.date))
    meta = {key: value for key, value in entry.meta.items() if key not in ("time", "id")}
    place = {key: meta.pop(key) for key in ("filename", "lineno")}
    told = {**place, "time": format_time(instant), "id": f"{entry.meta['id']}~{number}", **meta}
    again: Directive = entry._replace(meta=told)
    return again


class Held:
    """Entries of a ledger by what identifies them, and which of them were reversed."""

    def __init__(self) -> None:
        self._entries: dict[Key, Any] = {}
        self._reversed: set[str] = set()

    @classmethod
    def of(cls, entries: Iterable[Any]) -> Held:
        """Those of some entries."""
        held = cls()
        for entry in entries:
            held.add(entry)
        return held

    def add(self, entry: Any) -> None:
        """One more entry."""
        key = key_of(entry)
        if key is not None:
            self._entries.setdefault(key, entry)
            if key[0] == "reversal":
                self._reversed.add(key[1])

    def find(self, entry: Directive) -> tuple[Directive, Any]:
        """What is held of an entry of a source, or None.

        Where it stands there with another content, and was reversed, it is told anew under the same id with `~2`, or
        the next number that is free, a microsecond later.

        Returns:
            The entry, with the id that it has here, and the one that is held.
        """
        candidate, number = entry, 1
        while True:
            key = key_of(candidate)
            assert key is not None, entry
            other = self._entries.get(key)
            again = key[0] == "id" and key[1] in self._reversed
            if other is None or not again or content_of(other) == content_of(candidate):
                return candidate, other
            number += 1
            candidate = _once_more(entry, number)


def sort_out(entries: Sequence[Directive], existing: Iterable[Any]) -> Sorted:
    """Hold entries against those of a ledger, and against each other: overlapping files say the same twice."""
    held = Held.of(existing)
    found = Sorted()
    for entry in sorted(entries, key=order):
        mine, other = held.find(entry)
        if other is None:
            held.add(mine)
            found.new.append(mine)
        elif content_of(other) == content_of(mine) and not _twice(mine, other):
            found.known.append(mine)
        else:
            found.changed.append((mine, other))
    return found


def _twice(entry: Directive, other: Any) -> bool:
    """Whether two rows of one file have one id: each was an event of its own. A fact may be said twice."""
    return isinstance(entry, data.Transaction) and entry.meta["filename"] == other.meta["filename"]


def order(entry: Directive) -> tuple[Any, ...]:
    """The order in which entries are written: by instant, facts first and as they apply, then by id."""
    if isinstance(entry, data.Custom):
        kind = list(FACT_TYPES).index(entry.type) if entry.type in FACT_TYPES else len(FACT_TYPES)
        return (instant_of(entry), 0, kind, key_of(entry) or ())
    return (instant_of(entry), 1, 0, key_of(entry) or ())
