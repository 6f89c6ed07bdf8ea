"""Cooperations: who belongs to one, and who coordinates it."""

from __future__ import annotations

from tests.model.checks import known_cooperation, must_act, party, plan_and_cooperation
from tests.model.events import Fact
from tests.model.state import Cooperation, RefusedError, State


def found_cooperation(state: State, fact: Fact) -> None:
    name, company = fact.ids
    if name in state.cooperations:
        raise RefusedError("*")
    party(state, company, "company")
    state.cooperations[name] = Cooperation(name, company, [(company, fact.instant)])


def exit_cooperation(state: State, fact: Fact) -> None:
    plan, cooperation = plan_and_cooperation(state, fact)
    if plan.cooperation != cooperation.id:
        raise RefusedError("*")
    must_act(fact, {plan.planner, cooperation.coordinator or plan.planner}, "*")
    plan.cooperation = plan.joined = None


def offer_coordination(state: State, fact: Fact) -> None:
    name, company = fact.ids
    cooperation = known_cooperation(state, name)
    party(state, company, "company")
    if cooperation.coordinator == company or cooperation.offered_to is not None:
        raise RefusedError("*")
    must_coordinate(cooperation, fact)
    cooperation.offered_to = company


def offered(state: State, fact: Fact) -> Cooperation:
    name, company = fact.ids
    cooperation = known_cooperation(state, name)
    party(state, company, "company")
    if cooperation.offered_to != company:
        raise RefusedError("*")
    return cooperation


def deny_coordination(state: State, fact: Fact) -> None:
    offered(state, fact).offered_to = None


def accept_coordination(state: State, fact: Fact) -> None:
    cooperation = offered(state, fact)
    take_over(cooperation, fact.ids[1], fact)


def take_over(cooperation: Cooperation, company: str, fact: Fact) -> None:
    """The role passes, and an open offer of the former coordinator lapses."""
    cooperation.coordinator = company
    cooperation.history.append((company, fact.instant))
    cooperation.offered_to = None


def request_cooperation(state: State, fact: Fact) -> None:
    plan, cooperation = plan_and_cooperation(state, fact)
    if not plan.is_active(fact.instant):
        raise RefusedError("plan-inactive")
    if plan.terms.public:
        raise RefusedError("*")
    if plan.cooperation is not None:
        raise RefusedError("plan-has-cooperation")
    if plan.requested is not None:
        raise RefusedError("*")
    must_act(fact, {plan.planner}, "requester-is-not-planner")
    plan.requested = cooperation.id
    if cooperation.coordinator is None:
        take_over(cooperation, plan.planner, fact)


def cancel_request(state: State, fact: Fact) -> None:
    plan, cooperation = plan_and_cooperation(state, fact)
    must_act(fact, {plan.planner}, "requester-is-not-planner")
    if plan.requested != cooperation.id:
        raise RefusedError("*")
    plan.requested = None


def deny_request(state: State, fact: Fact) -> None:
    plan, cooperation = plan_and_cooperation(state, fact)
    must_coordinate(cooperation, fact)
    if plan.requested != cooperation.id:
        raise RefusedError("cooperation-was-not-requested")
    plan.requested = None


def must_coordinate(cooperation: Cooperation, fact: Fact) -> None:
    if cooperation.coordinator is None:
        raise RefusedError("*")
    must_act(fact, {cooperation.coordinator}, "requester-is-not-coordinator")


def accept_request(state: State, fact: Fact) -> None:
    plan, cooperation = plan_and_cooperation(state, fact)
    if not plan.is_active(fact.instant):
        raise RefusedError("plan-inactive")
    if plan.terms.public:
        raise RefusedError("*")
    if plan.cooperation is not None:
        raise RefusedError("plan-has-cooperation")
    must_coordinate(cooperation, fact)
    if plan.requested != cooperation.id:
        raise RefusedError("cooperation-was-not-requested")
    plan.requested = None
    plan.cooperation, plan.joined = cooperation.id, fact.instant


def pass_on(state: State, cooperation: Cooperation, fact: Fact) -> None:
    """To the planner of the longest-cooperating active plan; of two that joined together, the first by id."""
    candidates = [
        plan for plan in state.plans.values() if plan.cooperation == cooperation.id and plan.is_active(fact.instant)
    ]
    cooperation.coordinator = None
    cooperation.offered_to = None
    if candidates:
        longest = min(candidates, key=lambda plan: (plan.joined, plan.id))
        take_over(cooperation, longest.planner, fact)
