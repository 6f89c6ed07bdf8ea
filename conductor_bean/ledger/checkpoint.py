"""A checkpoint: all that a check must know of sealed months to go on after them without reading them again.

It is this machine's own word on text that it has checked, and holds only for that very text, those decisions and this
version of the program; whatever does not fit is read and checked anew. So it is kept in the user's cache, never in the
ledger's folder, where anybody who proposes a change could forge it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import conductor_bean
from conductor_bean.domain.instants import date_of
from conductor_bean.ledger.seals import NOTHING_BEFORE

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from conductor_bean.domain.region import Region
    from conductor_bean.engine.state import State

FORMAT = "conductor-bean-checkpoint/3"
_RULES = ("domain", "engine", "ledger")
_NO_OPTIONS = frozenset({"filename", "include", "dcontext", "commodities", "input_hash"})


@dataclass(slots=True)
class FileRecord:
    """What a file of the ledger held when its sealed months were checked.

    Attributes:
        size: Its size in bytes.
        digest: SHA-256 of its bytes.
        includes: What it includes, as it is written there.
        currencies: Its `operating_currency` options.
        months: Months of the region's entries in it, in order; a seal is of the month that it seals.
        first: Date of the first of them but for seals, "" where there is none.
        last: Date of the last.
        seals: Months of which it holds the seals.
        own_affairs: Whether it holds entries that are the region's own affair, or do not say truly where they stand:
            it is read as a whole each time.
        facts: Whether it holds facts besides closes and seals.
        sealed: Digest of the entries before the checkpoint as they were parsed, "" where it was not taken.
        prefix: How many bytes it has before the first entry after the checkpoint, 0 where that is not certain.
        before: SHA-256 of those bytes.
    """

    size: int
    digest: str
    includes: list[str]
    currencies: list[str]
    months: list[str]
    first: str
    last: str
    seals: list[str]
    own_affairs: bool
    facts: bool
    sealed: str = ""
    prefix: int = 0
    before: str = ""


@dataclass(slots=True)
class SealedAdvice:
    """Advice on sealed entries: it is told again at each check, wherever the entry stands by then.

    Attributes:
        file: The file, relative to the ledger's folder.
        line: Its line when it was given.
        place: Its place among the sealed entries of its file, -1 where lines before it cannot shift.
        code: The code.
        message: The message.
    """

    file: str
    line: int
    place: int
    code: str
    message: str


@dataclass(slots=True)
class Checkpoint:
    """The region at the end of a sealed month, or on a day of an open one.

    Attributes:
        month: The month, or the name of a waypoint.
        end: The first instant after it, the beginning of a date.
        seals: Month, digest and format of every seal before it.
        region: Digest of the identity of the region and of the decisions before `end`.
        options: Digest of the options and plugins of main.beancount.
        files: What was read, by path relative to the ledger's folder.
        advice: Advice on sealed entries.
        events: How many seals were applied after `end`, which count as events.
        state: Digest of the state.
        base: The last sealed month of which there is a checkpoint, "" for none.
        later: Of a waypoint, events with an id since then, as text.
        reversed: Of a waypoint, ids of events that were reversed since then, each with what is left (`left_of`).
        load: Reads the state anew, for each engine that goes on from it.
    """

    month: str
    end: int
    seals: list[tuple[str, str, int]]
    region: str
    options: str
    files: dict[str, FileRecord]
    advice: list[SealedAdvice] = field(default_factory=list)
    events: int = 0
    state: str = ""
    base: str = ""
    later: dict[str, str] = field(default_factory=dict)
    reversed: dict[str, str] = field(default_factory=dict)
    load: Callable[[], State] | None = None

    @property
    def date(self) -> datetime.date:
        """The first date after it."""
        return date_of(self.end)

    @property
    def last_digest(self) -> str:
        """The digest of the last seal before it, to which the next is chained."""
        return self.seals[-1][1] if self.seals else NOTHING_BEFORE

    def start(self) -> State:
        """The state after the last sealed month, with its seals."""
        assert self.load is not None
        state = self.load()
        state.sealed = list(self.seals)
        state.events += self.events
        return state


def region_digest(region: Region, end: int) -> str:
    """Digest of what a region is and of all that it had decided before an instant."""
    rules = [(instant, _plain(rules)) for instant, rules in region.decisions.changes if instant < end]
    lists = sorted(region.other_customs), sorted(region.plugins), region.table
    told = (region.id, region.name, region.labour_time, region.credits, *lists)
    return _digest(repr((told, _plain(region.decisions.at(0)), rules)))


def _plain(rules: Any) -> list[tuple[str, Any]]:
    told = [(name, getattr(rules, name)) for name in rules.__dataclass_fields__]
    return [(name, sorted(value.items()) if name == "occupations" else value) for name, value in told]


def options_digest(options_map: dict[str, Any]) -> str:
    """Digest of the options of main.beancount, its plugins among them."""
    return _digest(repr(sorted((key, repr(value)) for key, value in options_map.items() if key not in _NO_OPTIONS)))


@cache
def program_digest() -> str:
    """Digest of the rules themselves: another version checks sealed history anew."""
    digest = hashlib.sha256(FORMAT.encode())
    root = Path(conductor_bean.__file__).parent
    paths = [path for part in _RULES for path in (root / part).rglob("*.py")]
    for path in sorted([*paths, *root.glob("*.yaml")]):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
