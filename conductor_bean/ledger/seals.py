"""Seals: the digest of all that happened up to a month's end and of what followed, chained to the seal before.

What is sealed is the meaning of the text, not its layout. The digest of a month is SHA-256 over

    conductor-bean seal FORMAT
    MONTH
    DIGEST OF THE SEAL BEFORE, or -

and, for every event after the month of the seal before up to the end of this one, in order of instant and at one
instant of their texts, a line of what it says and a line of what follows from it (`event_lines`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from conductor_bean.domain.facts import SEAL_FORMAT
from conductor_bean.domain.instants import end_of, last_date
from conductor_bean.engine.events import Evidence, Fact
from conductor_bean.ledger.event_lines import line_of_event, what_follows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Outcome

NOTHING_BEFORE = "-"
_HEADER = "conductor-bean seal"


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
        form: Its format.
        lines: The events it covers, in order; kept only where the two differ, or none was stated.
    """

    month: str
    stated: str
    digest: str
    form: int
    lines: list[Line] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether what was sealed is what the text says."""
        return self.digest == self.stated


class Sealer:
    """Holds the seals of a ledger against its events, one month in memory at a time.

    Args:
        seals: Month, stated digest and format of each seal, in order; a digest of "" is one that is to be computed.
        entries: The ledger's entries by source.
        before: The digest of the seal before the first of them.
    """

    def __init__(self, seals: Iterable[tuple[str, str, int]], entries: list[Any], before: str = NOTHING_BEFORE) -> None:
        self._waiting = sorted(seals, reverse=True)
        self._entries = entries
        self._before = before
        self._lines: list[Line] = []
        self._end = 0
        self.verdicts: list[Verdict] = []
        self._next()

    def see(self, outcome: Outcome) -> str:
        """Take in what became of an event, in order of instant.

        Returns:
            What it says, as under a seal of the present format; "" where nobody needed to know.
        """
        event = outcome.event
        while self._waiting and event.instant >= self._end:
            self._seal()
        if not self._waiting or isinstance(event, Evidence) or (isinstance(event, Fact) and event.type.name == "seal"):
            return ""
        said = line_of_event(outcome, self._entries[event.source], self._waiting[-1][2])
        self._lines.append(Line(event.instant, said, what_follows(outcome), event.source))
        return said if self._waiting[-1][2] == SEAL_FORMAT else ""

    def finish(self) -> list[Verdict]:
        """Hold the seals that are left against what was seen, and tell of all."""
        while self._waiting:
            self._seal()
        return self.verdicts

    def _seal(self) -> None:
        month, stated, form = self._waiting.pop()
        lines = sorted(self._lines, key=lambda line: line[:3])
        self._lines = []
        verdict = Verdict(month, stated, digest_of(month, self._before, lines, form), form)
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


def digest_of(month: str, before: str, lines: Iterable[Line], form: int) -> str:
    """The digest that a seal states, `sha256:` and 64 hexadecimal digits."""
    digest = hashlib.sha256(f"{_HEADER} {form}\n{month}\n{before}\n".encode())
    for line in lines:
        digest.update(f"{line.said}\n{line.follows}\n".encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()}"
