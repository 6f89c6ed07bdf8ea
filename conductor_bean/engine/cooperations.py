"""Facts about cooperations: founding, requests, acceptance, exit, and the coordinator's role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.plans import Cooperation, Plan
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.namespaces import advise_look_alike

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact


def founding(context: Context, fact: Fact) -> None:
    """Found a cooperation; the founder becomes its coordinator."""
    name, founder = fact.ids
    if name in context.state.cooperations:
        since = format_instant(context.state.cooperations[name].since)
        raise Rejection(
            "duplicate-id",
            f"{quoted(name)} is the id of a cooperation since {since}, and an id is never used again; choose another",
        )
    context.company(founder)
    advise_look_alike(context, "cooperation", name, context.state.cooperations)
    context.state.cooperations[name] = Cooperation(
        name, fact.data["name"], fact.data["definition"], fact.instant, founder, [(founder, fact.instant)]
    )
    if context.region.labour_time is not None:
        context.open(context.chart.of("cooperation", name).name)


def exit_(context: Context, fact: Fact) -> None:
    """Let a plan leave its cooperation, by the coordinator's or the planner's will."""
    cooperation, plan = _both(context, fact)
    if plan.cooperation != cooperation.id:
        raise Rejection(
            "plan-has-no-cooperation",
            f"the plan {quoted(plan.id)} is not in the cooperation {quoted(cooperation.id)}"
            + (f" but in {quoted(plan.cooperation)}" if plan.cooperation else "")
            + "; only a plan that takes part can leave",
        )
    allowed = sorted({plan.planner, *_coordinator(cooperation)})
    context.acted_by(
        fact, allowed, "requester-is-not-authorized", f"only the planner or the coordinator may: {', '.join(allowed)}"
    )
    _leave(context, plan)


def coordination_request(context: Context, fact: Fact) -> None:
    """Offer the coordinator's role to another company."""
    cooperation = context.cooperation(fact.ids[0])
    candidate = context.company(fact.ids[1])
    _by_coordinator(context, fact, cooperation)
    if cooperation.coordinator == candidate.id:
        raise Rejection(
            "candidate-is-coordinator",
            f"{quoted(candidate.id)} coordinates {quoted(cooperation.id)} already; offer the role to another company",
        )
    if cooperation.offered is not None:
        raise Rejection(
            "coordination-already-requested",
            f"the role is offered to {quoted(cooperation.offered)}; it must be accepted or denied before it is "
            "offered again",
        )
    cooperation.offered = candidate.id


def coordination_denial(context: Context, fact: Fact) -> None:
    """Let a candidate decline the coordinator's role."""
    _offered(context, fact).offered = None


def coordination_acceptance(context: Context, fact: Fact) -> None:
    """Let a candidate take the coordinator's role."""
    cooperation = _offered(context, fact)
    context.company(fact.ids[1])
    _appoint(cooperation, fact.ids[1], fact.instant)


def request(context: Context, fact: Fact) -> None:
    """Let a planner ask for a place in a cooperation."""
    cooperation, plan = _both(context, fact)
    _check_may_join(context, plan, fact.instant)
    if plan.requested is not None:
        raise Rejection(
            "plan-is-already-requesting-cooperation",
            f"the plan {quoted(plan.id)} requests {quoted(plan.requested)} already; cancel that request first",
        )
    _by_planner(context, fact, plan)
    plan.requested = cooperation.id
    cooperation.requests.append(plan.id)
    if cooperation.coordinator is None:
        # RULES.md, part A: with no successor the role passes to the next that requests.
        _appoint(cooperation, plan.planner, fact.instant)


def cancellation(context: Context, fact: Fact) -> None:
    """Let a planner take its request back."""
    cooperation, plan = _both(context, fact)
    _by_planner(context, fact, plan)
    _check_requested(cooperation, plan)
    _close_request(cooperation, plan)


def denial(context: Context, fact: Fact) -> None:
    """Let the coordinator deny a request."""
    cooperation, plan = _both(context, fact)
    _by_coordinator(context, fact, cooperation)
    _check_requested(cooperation, plan)
    _close_request(cooperation, plan)


def acceptance(context: Context, fact: Fact) -> None:
    """Let the coordinator accept a request: the plan shares the cooperative price from now on."""
    cooperation, plan = _both(context, fact)
    _check_may_join(context, plan, fact.instant)
    _by_coordinator(context, fact, cooperation)
    _check_requested(cooperation, plan)
    _close_request(cooperation, plan)
    plan.cooperation, plan.joined = cooperation.id, fact.instant
    cooperation.plans.append(plan.id)
    context.prices.forget(cooperation.id)


def leave_all(context: Context, plan: Plan) -> None:
    """End a plan's place and request: its company ended."""
    if plan.requested is not None:
        _close_request(context.state.cooperations[plan.requested], plan)
    if plan.cooperation is not None:
        _leave(context, plan)


def pass_on_coordination(context: Context, company: str, instant: int) -> None:
    """Find a successor wherever a company that ends was coordinator, and withdraw offers to it.

    RULES.md, part A: the role passes to the planner of the longest-cooperating active plan; if there is none, to the
    next that requests.
    """
    for name in sorted(context.state.cooperations):
        cooperation = context.state.cooperations[name]
        if cooperation.offered == company:
            cooperation.offered = None
        if cooperation.coordinator != company:
            continue
        plans = (context.state.plans[plan] for plan in cooperation.plans)
        heirs = sorted((plan.joined or 0, plan.id, plan.planner) for plan in plans if plan.is_active(instant))
        cooperation.offered = None
        cooperation.coordinator = None
        if heirs:
            _appoint(cooperation, heirs[0][2], instant)


def _both(context: Context, fact: Fact) -> tuple[Cooperation, Plan]:
    plan = context.plan(fact.ids[1])
    return context.cooperation(fact.ids[0]), plan


def _check_may_join(context: Context, plan: Plan, instant: int) -> None:
    if not plan.is_active(instant):
        raise Rejection(
            "plan-inactive",
            f"the plan {quoted(plan.id)} is {plan.state(instant)}; only an active plan joins a cooperation, so "
            "let it be approved first, or name another",
            missing=() if plan.approved else ("approval", plan.id),
        )
    if plan.public:
        raise Rejection(
            "plan-is-public-service",
            f"the plan {quoted(plan.id)} is public; only productive plans join a cooperation; name one",
        )
    if plan.cooperation is not None:
        raise Rejection(
            "plan-has-cooperation",
            f"the plan {quoted(plan.id)} is in the cooperation {quoted(plan.cooperation)}; let it leave that one first",
        )
    context.company(plan.planner)


def _check_requested(cooperation: Cooperation, plan: Plan) -> None:
    if plan.requested != cooperation.id:
        raise Rejection(
            "cooperation-was-not-requested",
            f"the plan {quoted(plan.id)} has no open request to the cooperation {quoted(cooperation.id)}; "
            "its planner must request it first",
            missing=("request", cooperation.id, plan.id),
        )


def _offered(context: Context, fact: Fact) -> Cooperation:
    cooperation = context.cooperation(fact.ids[0])
    candidate = context.known(context.state.companies, "company", fact.ids[1], "company-not-found").id
    context.acted_by(fact, (candidate,), "requester-is-not-candidate", f"only {candidate} answers for itself")
    if cooperation.offered != candidate:
        raise Rejection(
            "coordination-was-not-requested",
            f"the coordination of {quoted(cooperation.id)} is not offered to {quoted(candidate)}; "
            "its coordinator must offer it first",
            missing=("coordination", cooperation.id, candidate),
        )
    return cooperation


def _by_planner(context: Context, fact: Fact, plan: Plan) -> None:
    context.acted_by(fact, (plan.planner,), "requester-is-not-planner", f"only the planner {plan.planner} may")


def _by_coordinator(context: Context, fact: Fact, cooperation: Cooperation) -> None:
    if cooperation.coordinator is None:
        raise Rejection(
            "requester-is-not-coordinator",
            f"the cooperation {quoted(cooperation.id)} has no coordinator at present; the next planner that requests a "
            "place takes the role",
        )
    context.acted_by(
        fact,
        _coordinator(cooperation),
        "requester-is-not-coordinator",
        f"only the coordinator of {quoted(cooperation.id)} may: {cooperation.coordinator}",
    )


def _coordinator(cooperation: Cooperation) -> list[str]:
    return [] if cooperation.coordinator is None else [cooperation.coordinator]


def _appoint(cooperation: Cooperation, company: str, instant: int) -> None:
    cooperation.coordinator = company
    cooperation.coordinators.append((company, instant))
    cooperation.offered = None


def _close_request(cooperation: Cooperation, plan: Plan) -> None:
    plan.requested = None
    cooperation.requests.remove(plan.id)


def _leave(context: Context, plan: Plan) -> None:
    assert plan.cooperation is not None
    context.prices.forget(plan.cooperation)
    context.state.cooperations[plan.cooperation].plans.remove(plan.id)
    plan.cooperation = plan.joined = None
