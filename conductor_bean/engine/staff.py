"""Who works where at an instant, whatever the order of its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import State


class Staff:
    """Who works where after the facts of one instant, whatever the order in which these apply.

    Args:
        facts: The facts of the instant.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._joining: set[tuple[str, str]] = set()
        self._leaving: set[tuple[str, str]] = set()
        self._ended: set[str] = set()
        for fact in facts:
            kind = fact.type.name
            if kind == "employment":
                self._joining.add((fact.ids[0], fact.ids[1]))
            elif kind == "employment-end":
                self._leaving.add((fact.ids[0], fact.ids[1]))
            elif kind == "member-end":
                self._ended.add(fact.ids[0])

    def holds(self, state: State, company: str, member: str) -> bool:
        """Whether a member works at a company at this instant; an end of this instant excludes it."""
        pair = (company, member)
        if pair in self._leaving or member in self._ended:
            return False
        return pair in self._joining or member in state.employments[company]
