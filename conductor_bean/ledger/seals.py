"""Seals: the digest of all that happened up to a month's end and of what followed, chained to the seal before.

What is sealed is the meaning of the text, not its layout: order of lines and files, comments, the way a number is
written and whether derived legs are written down change nothing; every word and amount of an event does.
The digest of a month is SHA-256 over

    conductor-bean seal 1
    MONTH
    DIGEST OF THE SEAL BEFORE, or -

and, for every event after the month of the seal before up to the end of this one, in order of instant and at one
instant of their texts, a line of what it says and a line of what follows from it (`said_by`, `follows_from`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from beancount.core.data import Transaction

from conductor_bean.domain.instants import end_of, format_instant, last_date
from conductor_bean.engine.events import Evidence, Fact, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Transfer

NOTHING_BEFORE = "-"
_HEADER = "conductor-bean seal 1"
_NOT_SAID = frozenset({"filename", "lineno", "time", "fic", "price", "transfer"})
"""Metadata that is place, or stands in the line otherwise, or is written by the check itself."""
_NOT_SAID_BY_LEG = frozenset({"filename", "lineno", "transfer"})
_DERIVED = frozenset({"derived"})
_REJECTED = "rejected"


class Line(NamedTuple):
    """An event as a seal sees it.

    Attributes:
        instant: When it happened.
        said: What its text says, on one line.
        follows: What was derived from it, on one line.
        source: Handle of its entry.
    """

    instant: int
    said: str
    follows: str
    source: int


@dataclass(slots=True)
class Verdict:
    """A seal held against the text.

    Attributes:
        month: Its month.
        stated: The digest that it states, "" where none was stated yet.
        digest: The digest of what the text says now.
        lines: The events it covers, in order; kept only where the two differ, or none was stated.
    """

    month: str
    stated: str
    digest: str
    lines: list[Line] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether what was sealed is what the text says."""
        return self.digest == self.stated


class Sealer:
    """Holds the seals of a ledger against its events, one month in memory at a time.

    Args:
        seals: Month and stated digest of each seal, in order; a digest of "" is one that is to be computed.
        entries: The ledger's entries by source.
        before: The digest of the seal before the first of them.
    """

    def __init__(self, seals: Iterable[tuple[str, str]], entries: list[Any], before: str = NOTHING_BEFORE) -> None:
        self._waiting = sorted(seals, reverse=True)
        self._entries = entries
        self._before = before
        self._lines: list[Line] = []
        self._end = 0
        self.verdicts: list[Verdict] = []
        self._next()

    def see(self, outcome: Outcome) -> None:
        """Take in what became of an event, in order of instant."""
        event = outcome.event
        while self._waiting and event.instant >= self._end:
            self._seal()
        if not self._waiting or isinstance(event, Evidence) or (isinstance(event, Fact) and event.type.name == "seal"):
            return
        said = said_by(event.instant, self._entries[event.source], outcome)
        self._lines.append(Line(event.instant, said, follows_from(outcome), event.source))

    def finish(self) -> list[Verdict]:
        """Hold the seals that are left against what was seen, and tell of all."""
        while self._waiting:
            self._seal()
        return self.verdicts

    def _seal(self) -> None:
        month, stated = self._waiting.pop()
        lines = sorted(self._lines, key=lambda line: line[:3])
        self._lines = []
        verdict = Verdict(month, stated, digest_of(month, self._before, lines))
        if not verdict.holds:
            verdict.lines = lines
        self.verdicts.append(verdict)
        # Chained to what the seal before states: a fault is told where it is, and not again in every later month.
        self._before = stated or verdict.digest
        self._next()

    def _next(self) -> None:
        if self._waiting:
            self._end = end_of_month(self._waiting[-1][0])


def end_of_month(month: str) -> int:
    """The first instant after a month."""
    return end_of(last_date(month)) + 1


def digest_of(month: str, before: str, lines: Iterable[Line]) -> str:
    """The digest that a seal states, `sha256:` and 64 hexadecimal digits."""
    digest = hashlib.sha256(f"{_HEADER}\n{month}\n{before}\n".encode())
    for line in lines:
        digest.update(f"{line.said}\n{line.follows}\n".encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()}"


def said_by(instant: int, entry: Any, outcome: Outcome) -> str:
    """What the text of an event says, on one line of fields between tabs."""
    when = format_instant(instant)
    if isinstance(entry, Transaction):
        recorded = getattr(outcome.event, "transfers", ())
        fields = [
            when,
            str(entry.flag),
            entry.payee or "",
            entry.narration or "",
            " ".join(sorted(entry.tags - _DERIVED)) if entry.tags else "",
            " ".join(sorted(entry.links)) if entry.links else "",
            _moved(recorded),
            *_metadata(entry.meta, _NOT_SAID),
        ]
        for posting in entry.postings:
            if (posting.meta and not posting.meta.keys() <= _NOT_SAID_BY_LEG) or posting.flag:
                told = _metadata(posting.meta or {}, _NOT_SAID_BY_LEG)
                fields += sorted(f"{posting.account} {posting.flag or ''} {item}" for item in told or [""])
    else:
        fields = [when, entry.type, *(str(value.value) for value in entry.values), *_metadata(entry.meta, _NOT_SAID)]
    return "\t".join([_escaped(text) for text in fields])


def follows_from(outcome: Outcome) -> str:
    """The transfers that were derived from an event, on one line."""
    if outcome.rejection is not None:
        return _REJECTED
    return _moved([transfer for transfer in outcome.transfers if transfer.derived])


def _moved(transfers: Iterable[Transfer]) -> str:
    """Transfers in an order of their own, amounts in units of the commodity."""
    told = [f"{t.type} {t.debit.name} {t.credit.name} {t.units}" for t in transfers]
    return "; ".join(told if len(told) < 2 else sorted(told))


def _metadata(meta: dict[str, Any], left_out: frozenset[str]) -> list[str]:
    told = [
        f"{key}: {_value(value)}" for key, value in meta.items() if key not in left_out and not key.startswith("__")
    ]
    told.sort()
    return told


def _value(value: Any) -> str:
    """A value of metadata; one number written in two ways is one value."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else str(value)
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Decimal):
        return f"{_value(value[0])} {value[1]}"
    return str(value)


def _escaped(text: str) -> str:
    """Text without what separates fields and lines."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
