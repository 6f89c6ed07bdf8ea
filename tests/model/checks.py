"""What several facts check: that the named exist, and that who acts may."""

from __future__ import annotations

from tests.model.events import Fact
from tests.model.state import Cooperation, Party, Plan, RefusedError, State


def actors(fact: Fact) -> list[str]:
    """The names in `by:`."""
    return [name.strip() for name in (fact.by or "").split(",") if name.strip()]


def must_act(fact: Fact, allowed: set[str], code: str) -> None:
    """Whoever is named must be one of those who may."""
    for name in actors(fact):
        if name not in allowed:
            raise RefusedError(code)


def party(state: State, name: str, kind: str) -> Party:
    """A member or company that exists and has not ended."""
    found = state.parties.get(name)
    if found is None or found.kind != kind:
        raise RefusedError("*", name)
    if found.ended is not None:
        raise RefusedError("*")
    return found


def known_plan(state: State, name: str) -> Plan:
    if name not in state.plans:
        raise RefusedError("plan-not-found", name)
    return state.plans[name]


def plan_and_cooperation(state: State, fact: Fact) -> tuple[Plan, Cooperation]:
    cooperation, plan = fact.ids
    if plan not in state.plans and cooperation not in state.cooperations:
        raise RefusedError("*", plan, cooperation)
    known_plan(state, plan)
    return state.plans[plan], known_cooperation(state, cooperation)


def known_cooperation(state: State, name: str) -> Cooperation:
    if name not in state.cooperations:
        raise RefusedError("*", name)
    return state.cooperations[name]
