"""Facts about plans: filing, withdrawal, rejection, approval with its six credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.plans import APPROVED, FILED, REJECTED, WITHDRAWN, Plan
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Transfer
from conductor_bean.engine.namespaces import check_new_link
from conductor_bean.engine.permissions import check_independent

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact

_DECIDED = {
    APPROVED: ("plan-is-approved", "approved"),
    REJECTED: ("plan-is-rejected", "rejected"),
    WITHDRAWN: ("plan-is-withdrawn", "withdrawn"),
}


def plan(context: Context, fact: Fact) -> None:
    """File a plan."""
    plan_id, planner = fact.ids
    check_new_link(context, plan_id)
    context.company(planner).things.append(plan_id)
    data = fact.data
    context.state.plans[plan_id] = Plan(
        id=plan_id,
        planner=planner,
        product=data["product"],
        unit=data["unit"],
        description=data["description"],
        quantity=data["quantity"],
        fixed_means=data["fixed-means"],
        raw_materials=data["raw-materials"],
        labour=data["labour"],
        days=data["days"],
        public=data["public"],
        filed=fact.instant,
    )


def withdrawal(context: Context, fact: Fact) -> None:
    """Let the planner take a plan back before it is decided."""
    filed = _filed(context, fact)
    context.acted_by(fact, (filed.planner,), "requester-is-not-planner", f"only {filed.planner} withdraws its plan")
    filed.decision, filed.decided = WITHDRAWN, fact.instant


def rejection(context: Context, fact: Fact) -> None:
    """Let an accountant reject a plan."""
    filed = context.plan(fact.ids[0])
    for name in fact.by:
        context.accountant(name)
    filed = _filed(context, fact)
    filed.decision, filed.decided = REJECTED, fact.instant


def approval(context: Context, fact: Fact) -> list[Transfer]:
    """Let an accountant approve a plan: it is active from now on, its planned hours are credited.

    Seed of Workers Control, "Plans": the planned hours are credited to p, r and a and debited from the company's
    own prd (productive plan) or from psf (public plan).
    """
    context.plan(fact.ids[0])
    for name in fact.by:
        context.accountant(name)
    approved = _filed(context, fact)
    context.company(approved.planner)
    check_independent(context, fact, approved)
    approved.approve(fact.instant)
    context.taxes.staircase.add(approved, fact.instant)
    context.taxes.forget()
    chart, state = context.chart, context.state
    prefix, source = (
        ("credit_public_", chart.of("psf"))
        if approved.public
        else (
            "credit_",
            chart.of("prd", approved.planner),
        )
    )
    transfers = []
    for kind, units in (("p", approved.fixed_means), ("r", approved.raw_materials), ("a", approved.labour)):
        account = chart.of(kind, approved.planner)
        transfers.append(Transfer(prefix + kind, source, account, units, derived=True))
        state.planned[account.name] = state.planned.get(account.name, 0) + units
    if not approved.public:
        state.planned[source.name] = state.planned.get(source.name, 0) + approved.total_cost
    return transfers


def _filed(context: Context, fact: Fact) -> Plan:
    found = context.plan(fact.ids[0])
    if found.decision != FILED:
        code, word = _DECIDED[found.decision]
        assert found.decided is not None
        raise Rejection(
            code,
            f"the plan {quoted(found.id)} was {word} at {format_instant(found.decided)}; "
            "only a filed plan can be approved, rejected or withdrawn, once",
        )
    return found
