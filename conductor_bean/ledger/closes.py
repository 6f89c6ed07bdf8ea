"""Closed months: the digest of what a month's entries say, which its close states.

The digest is SHA-256 over

    conductor-bean close 1
    MONTH

and, for every event of that calendar month but closes and seals, in order of instant and at one instant of their
texts, a line of what it says (`event_lines`, as under a seal of format 2). It is not chained, nothing derived is part
of it, and it is no part of what the close itself says.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.facts import SEAL_FORMAT
from conductor_bean.domain.instants import last_date, start_of
from conductor_bean.engine.events import Evidence, Fact
from conductor_bean.ledger.event_lines import line_of_event, what_follows
from conductor_bean.ledger.seals import Line, Verdict, end_of_month

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conductor_bean.engine.events import Outcome

_HEADER = "conductor-bean close 1"
_NOT_OF_THE_MONTH = frozenset({"month-close", "seal"})


class Closer:
    """Holds the digests of closes against a ledger's events, one month in memory at a time.

    Args:
        closes: The digest that the close of each month states, "" for one that is to be computed.
        entries: The ledger's entries by source.
    """

    def __init__(self, closes: Mapping[str, str], entries: Any) -> None:
        self._waiting = sorted(closes.items(), reverse=True)
        self._entries = entries
        self._lines: list[Line] = []
        self._start, self._end = 0, 0
        self.verdicts: list[Verdict] = []
        self._next()

    def see(self, outcome: Outcome, said: str = "") -> None:
        """Take in what became of an event, in order of instant.

        Args:
            outcome: The event.
            said: What it says, where somebody has found that already.
        """
        event = outcome.event
        while self._waiting and event.instant >= self._end:
            self._hold()
        if not self._waiting or event.instant < self._start or isinstance(event, Evidence):
            return
        if isinstance(event, Fact) and event.type.name in _NOT_OF_THE_MONTH:
            return
        said = said or line_of_event(outcome, self._entries[event.source])
        follows = "" if self._waiting[-1][1] else what_follows(outcome)
        self._lines.append(Line(event.instant, said, follows, event.source))

    def finish(self) -> list[Verdict]:
        """Hold the closes that are left against what was seen, and tell of all."""
        while self._waiting:
            self._hold()
        return self.verdicts

    def _hold(self) -> None:
        month, stated = self._waiting.pop()
        lines = sorted(self._lines, key=lambda line: line[:3])
        self._lines = []
        verdict = Verdict(month, stated, digest_of_month(month, (line.said for line in lines)), SEAL_FORMAT)
        if not verdict.holds:
            verdict.lines = lines
        self.verdicts.append(verdict)
        self._next()

    def _next(self) -> None:
        if self._waiting:
            month = self._waiting[-1][0]
            self._start, self._end = start_of_month(month), end_of_month(month)


def start_of_month(month: str) -> int:
    """The first instant of a month."""
    return start_of(last_date(month).replace(day=1))


def digest_of_month(month: str, lines: Iterable[str]) -> str:
    """The digest that a close states, `sha256:` and 64 hexadecimal digits.

    Args:
        month: The month.
        lines: What each of its events says, in order.
    """
    digest = hashlib.sha256(f"{_HEADER}\n{month}\n".encode())
    for line in lines:
        digest.update(f"{line}\n".encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()}"


def digests_now(months: Iterable[str], outcomes: Iterable[Outcome], entries: Any) -> list[Verdict]:
    """What the closes of some months would state now, with the lines of their events.

    Args:
        months: The months.
        outcomes: The events, in order of instant.
        entries: Their entries by source.
    """
    closer = Closer(dict.fromkeys(months, ""), entries)
    for outcome in outcomes:
        closer.see(outcome)
    return closer.finish()
