"""The state at the end of each sealed month, taken while the events pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from conductor_bean.engine import snapshot
from conductor_bean.engine.events import Fact
from conductor_bean.ledger.seals import end_of_month

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Outcome
    from conductor_bean.engine.state import Posted, State


@dataclass(slots=True)
class Snapshot:
    """The state at the end of a month.

    Attributes:
        month: The month.
        end: The first instant after it.
        state: The state but for the events with an id, as text.
        posted: Events with an id since the snapshot before.
        reversals: Ids and instants of reversals since then.
    """

    month: str
    end: int
    state: bytes
    posted: list[tuple[str, Posted]]
    reversals: list[tuple[str, int]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 of the state."""
        return hashlib.sha256(self.state).hexdigest()


class Photographer:
    """Takes a snapshot at the end of each of some months.

    Args:
        months: The months, in any order.
        state: The state that is looked at.
    """

    def __init__(self, months: Iterable[str], state: State) -> None:
        self._waiting = sorted(months, reverse=True)
        self._state = state
        self._held = dict.__len__(state.posted)
        self._reversals: list[tuple[str, int]] = []
        self.taken: list[Snapshot] = []

    def before(self, instant: int) -> None:
        """Look at the state before an instant is applied."""
        while self._waiting and end_of_month(self._waiting[-1]) <= instant:
            self._take(self._waiting.pop())

    def see(self, outcome: Outcome) -> None:
        """Note which events were reversed."""
        event = outcome.event
        if isinstance(event, Fact) and event.type.name == "reversal" and outcome.rejection is None:
            self._reversals.append((event.ids[0], event.instant))

    def finish(self) -> list[Snapshot]:
        """Take what is left: months after which nothing happened yet."""
        while self._waiting:
            self._take(self._waiting.pop())
        return self.taken

    def _take(self, month: str) -> None:
        posted = list(islice(dict.items(self._state.posted), self._held, None))
        self._held += len(posted)
        state = snapshot.dump(self._state, without=frozenset({"posted"})).encode("utf-8", "surrogatepass")
        self.taken.append(Snapshot(month, end_of_month(month), state, posted, self._reversals))
        self._reversals = []
