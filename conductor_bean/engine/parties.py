"""Facts about accountants, members, companies, employment and basic services."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.plans import BasicService
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.cooperations import leave_all, pass_on_coordination
from conductor_bean.engine.insolvency import (
    check_just_granted,
    check_member_leaves,
    check_wallet_empty,
    check_without_loan,
    member_leaves,
    wind_up,
)
from conductor_bean.engine.listings import check_occupation
from conductor_bean.engine.namespaces import advise_look_alike, check_new_link, check_new_party, namesake, used
from conductor_bean.engine.peers import check_rating
from conductor_bean.engine.permissions import check_appointment, check_bankruptcy
from conductor_bean.engine.schooling import leave_all as leave_all_schools
from conductor_bean.engine.state import Employment, Party

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact, Transfer

_HOURS = {"member": ("member",), "company": ("p", "r", "a", "prd")}
_CREDITS = {"member": "member_wallet", "company": "company_wallet"}


def accountant(context: Context, fact: Fact) -> None:
    """Register an accountant."""
    (name,) = fact.ids
    if name in context.state.accountants:
        raise used(name, "accountant", context.state.accountants[name].since)
    other = namesake(context, fact.type.name, name, context.state.accountants)
    if other is not None:
        raise Rejection(
            "look-alike-id",
            f"{quoted(name)} and {quoted(other)}, who is an accountant already, look alike, so that one could pass for "
            "two in by:; choose another id",
        )
    check_appointment(context, fact)
    context.state.accountants[name] = Party(
        fact.type.name, name, fact.data["name"], fact.instant, member=fact.data["member"]
    )


def member(context: Context, fact: Fact) -> None:
    """Register a member and open her account."""
    (name,) = fact.ids
    check_new_party(context, name)
    advise_look_alike(context, "party", name, chain(context.state.members, context.state.companies))
    context.state.members[name] = Party(fact.type.name, name, fact.data["name"], fact.instant)
    _open(context, "member", name)


def company(context: Context, fact: Fact) -> None:
    """Register a company and open its accounts."""
    (name,) = fact.ids
    check_new_party(context, name)
    advise_look_alike(context, "party", name, chain(context.state.members, context.state.companies))
    context.state.companies[name] = Party(
        fact.type.name, name, fact.data["name"], fact.instant, ownership=fact.data["ownership"]
    )
    context.state.employments[name] = {}
    _open(context, "company", name)
    if context.has_credits:
        context.tracker.company(context.state.companies[name])


def employment(context: Context, fact: Fact) -> None:
    """Employ a member, or replace what was said of her employment."""
    company_id, member_id = fact.ids
    context.company(company_id)
    worker = context.member(member_id)
    context.check_stated_once(fact, company_id, member_id)
    productivity, occupation = fact.data["productivity"], fact.data["occupation"]
    if context.has_credits and occupation:
        check_occupation(context, occupation, f"{quoted(member_id)} at {quoted(company_id)}")
    if context.has_credits and productivity is not None:
        check_rating(context, fact)
    if company_id not in worker.employers:
        worker.employers.append(company_id)
    context.state.employments[company_id][member_id] = Employment(
        fact.instant, occupation, "" if productivity is None else str(productivity)
    )


def employment_end(context: Context, fact: Fact) -> None:
    """End an employment."""
    company_id, member_id = fact.ids
    context.known(context.state.companies, "company", company_id, "company-not-found")
    worker = context.known(context.state.members, "member", member_id, "member-not-found")
    if context.state.employments[company_id].pop(member_id, None) is None:
        raise Rejection(
            "worker-not-at-company",
            f"{quoted(member_id)} does not work at {quoted(company_id)} at this instant; only an employment can end",
            missing=("employment", company_id, member_id),
        )
    worker.employers.remove(company_id)


def basic_service(context: Context, fact: Fact) -> None:
    """Offer a basic service."""
    service_id, provider = fact.ids
    check_new_link(context, service_id)
    context.member(provider).things.append(service_id)
    context.state.services[service_id] = BasicService(
        service_id,
        provider,
        fact.data["name"],
        fact.data["description"],
        fact.instant,
        listed=fact.data["listed"],
        contact=fact.data["contact"],
    )


def basic_service_end(context: Context, fact: Fact) -> None:
    """Take a basic service back."""
    service = context.known(context.state.services, "basic service", fact.ids[0], "basic-service-not-found")
    if service.ended is not None:
        raise Rejection(
            "basic-service-inactive",
            f"the basic service {quoted(service.id)} ended at {format_instant(service.ended)} already; "
            "remove this directive",
        )
    context.acted_by(fact, (service.provider,), "requester-is-not-provider", f"only {service.provider} ends it")
    service.ended = fact.instant


def company_end(context: Context, fact: Fact) -> list[Transfer]:
    """Dissolve a company that owes nothing to banks; what its pool holds goes to the treasury.

    RULES.md, part A, "Ends".
    """
    company = context.company(fact.ids[0])
    check_without_loan(context, company)
    return _end_company(context, company, fact)


def bankruptcy(context: Context, fact: Fact) -> list[Transfer]:
    """Let a company end that cannot pay: its creditors share what its pool holds, the rest is written off.

    Seed of Conductor, "Regional socialism"; RULES.md, part B, "Bankruptcy".
    """
    company = context.company(fact.ids[0])
    check_just_granted(context, company, fact)
    check_bankruptcy(context, fact)
    transfers = _end_company(context, company, fact)
    company.bankrupt = True
    return transfers


def _end_company(context: Context, ended: Party, fact: Fact) -> list[Transfer]:
    """Employment, offers, leases, active plans, places and requests in cooperations end; p, r, a and prd remain."""
    state = context.state
    ended.ended = fact.instant
    for worker in state.employments[ended.id]:
        state.members[worker].employers.remove(ended.id)
    state.employments[ended.id] = {}
    for name in ended.things:
        plan = state.plans[name]
        leave_all(context, plan)
        if plan.is_active(fact.instant):
            context.taxes.staircase.shorten(plan, fact.instant, fact.instant)
    context.taxes.forget()
    pass_on_coordination(context, ended.id, fact.instant)
    return wind_up(context, ended, fact.instant) if context.has_credits else []


def member_end(context: Context, fact: Fact) -> None:
    """Let a member leave: her employment and services end, positive hours stay."""
    state = context.state
    leaving = context.member(fact.ids[0])
    check_member_leaves(context, leaving)
    balance = state.balances.get(context.chart.of("member", leaving.id).name, 0)
    if balance < 0 and not context.hypothetical:
        raise Rejection(
            "member-has-negative-hours",
            f"{quoted(leaving.id)} has {context.hours(balance)}; a member leaves with no negative hours, "
            "so let her work or be given back what she lacks first",
        )
    if context.has_credits:
        check_wallet_empty(context, leaving)
        member_leaves(context, leaving)
        leave_all_schools(context, leaving.id, fact.instant)
    leaving.ended = fact.instant
    for company_id in leaving.employers:
        del state.employments[company_id][leaving.id]
    leaving.employers.clear()
    for name in leaving.things:
        if state.services[name].ended is None:
            state.services[name].ended = fact.instant


def accountant_end(context: Context, fact: Fact) -> None:
    """Let an accountant leave office."""
    leaving = context.accountant(fact.ids[0])
    check_appointment(context, fact)
    leaving.ended = fact.instant


def _open(context: Context, owner_type: str, owner: str) -> None:
    if context.region.labour_time is not None:
        context.open(*(context.chart.of(kind, owner).name for kind in _HOURS[owner_type]))
    if context.has_credits:
        context.open(context.chart.of(_CREDITS[owner_type], owner).name, context.chart.debt(owner_type, owner).name)
