"""The state at the end of each sealed month and at waypoints, taken while the events pass."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from conductor_bean.engine import snapshot
from conductor_bean.engine.events import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conductor_bean.engine.events import Outcome
    from conductor_bean.engine.state import Posted, State


@dataclass(slots=True)
class Snapshot:
    """The state at the end of a month, or at the beginning of a date.

    Attributes:
        month: The month, or the name of a waypoint.
        end: The first instant after it.
        state: The state but for the events with an id, as text.
        posted: Events with an id since the snapshot before.
        reversals: Ids of events that were reversed since then, whole or in part, each with what is left (`left_of`).
    """

    month: str
    end: int
    state: bytes
    posted: list[tuple[str, Posted]]
    reversals: list[tuple[str, str]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """SHA-256 of the state."""
        return hashlib.sha256(self.state).hexdigest()


def left_of(event: Posted) -> str:
    """What reversals so far left of an event, as text: the one part of it that may change later."""
    return json.dumps([event.reversed, event.back, event.taken])


class Photographer:
    """Takes a snapshot at each of some instants.

    Args:
        ends: Instants by the name of the snapshot: the first after a month, or the beginning of a date.
        state: The state that is looked at.
    """

    def __init__(self, ends: Mapping[str, int], state: State) -> None:
        self._waiting = sorted(((end, name) for name, end in ends.items()), reverse=True)
        self._state = state
        self._held = dict.__len__(state.posted)
        self._reversals: list[tuple[str, str]] = []
        self.taken: list[Snapshot] = []

    def before(self, instant: int) -> None:
        """Look at the state before an instant is applied."""
        while self._waiting and self._waiting[-1][0] <= instant:
            self._take(*self._waiting.pop())

    def see(self, outcome: Outcome) -> None:
        """Note which events were reversed."""
        event = outcome.event
        if isinstance(event, Fact) and event.type.name == "reversal" and outcome.rejection is None:
            self._reversals.append((event.ids[0], left_of(self._state.posted[event.ids[0]])))

    def finish(self) -> list[Snapshot]:
        """Take what is left: months after which nothing happened yet."""
        while self._waiting:
            self._take(*self._waiting.pop())
        return self.taken

    def _take(self, end: int, name: str) -> None:
        posted = list(islice(dict.items(self._state.posted), self._held, None))
        self._held += len(posted)
        state = snapshot.dump(self._state, without=frozenset({"posted"})).encode("utf-8", "surrogatepass")
        self.taken.append(Snapshot(name, end, state, posted, self._reversals))
        self._reversals = []
