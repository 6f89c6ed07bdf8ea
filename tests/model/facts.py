"""What each fact does to the state, or why it is refused.

Where the contract leaves a question open, the reading taken here is:

- An ended party takes part in nothing new: it is not employed, files no plan, founds, requests, consumes and works
  nothing. A filed plan of an ended company can no longer be approved.
- A plan has at most one open request (the peer's ``plan_is_already_requesting_cooperation``), a cooperation at most
  one open offer of its coordination. An offer lapses when the coordinator ends.
- `by:` of an approval is required, since an approval *names* an accountant.
- "The next that requests" is the planner of the next plan that requests to join the cooperation. Until then nobody
  can accept or deny a request or offer the role.
- An expired plan stays in its cooperation and may leave it.
- A reversal is no consumption: no balance forbids it, and ended parties' events can be reversed too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from tests.model import cooperating
from tests.model.checks import actors, known_plan, must_act, party
from tests.model.credits import assets, ends, unpaid
from tests.model.credits import facts as credit_facts
from tests.model.credits.checks import names_of_things, nobody_ended
from tests.model.credits.close import close_month
from tests.model.events import (
    CREDIT_FACTS,
    LABOUR_FACTS,
    LABOUR_KINDS,
    Fact,
    account,
    is_component,
    is_link,
    kind_of,
    moment,
)
from tests.model.state import Job, Party, Plan, RefusedError, Service, State, Transfer


def apply_fact(state: State, fact: Fact) -> list[Transfer]:
    """Apply a fact; returns the transfers that it entails (their effect on balances is applied, too)."""
    for name, valid in zip(fact.ids, WELL_FORMED.get(fact.kind, ()), strict=False):
        if not valid(name):
            raise RefusedError("*")
    off = LABOUR_FACTS if not state.region.labour else CREDIT_FACTS if state.region.credits is None else ()
    if fact.kind in off:
        raise RefusedError("*")
    transfers: list[Transfer] = HANDLERS[fact.kind](state, fact) or []
    state.apply(transfers, moment(fact)[0])
    return transfers


def new_accountant(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name in state.accountants or name in state.former_accountants:
        raise RefusedError("*")
    state.accountants.add(name)


def end_accountant(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name not in state.accountants:
        raise RefusedError("*", name)
    state.accountants.remove(name)
    state.former_accountants.add(name)


def new_party(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name in state.parties:
        raise RefusedError("*")
    state.parties[name] = Party(name, fact.kind, fact.instant, ownership=fact.text("ownership") or "workers")


def employ(state: State, fact: Fact) -> None:
    company, member = fact.ids
    for name, kind in ((company, "company"), (member, "member")):
        party(state, name, kind)
    occupation = fact.text("occupation")
    if occupation is not None and state.region.occupation(occupation, fact.instant) is None:
        raise RefusedError("occupation-not-found")
    state.employments[company, member] = Job(occupation, fact.number("productivity") or Decimal(0))


def end_employment(state: State, fact: Fact) -> None:
    company, member = fact.ids
    for name, kind in ((company, "company"), (member, "member")):
        if name not in state.parties or state.parties[name].kind != kind:
            raise RefusedError("*", name)
    if (company, member) not in state.employments:
        raise RefusedError("*")
    del state.employments[company, member]


def file_plan(state: State, fact: Fact) -> None:
    name, company = fact.ids
    if name in names_of_things(state):
        raise RefusedError("*")
    party(state, company, "company")
    assert fact.terms is not None
    state.plans[name] = Plan(name, company, fact.terms, fact.instant)


def withdraw_plan(state: State, fact: Fact) -> None:
    plan = known_plan(state, fact.ids[0])
    if plan.state != "filed":
        raise RefusedError("*")
    must_act(fact, {plan.planner}, "requester-is-not-planner")
    plan.state = "withdrawn"


def reject_plan(state: State, fact: Fact) -> None:
    plan = known_plan(state, fact.ids[0])
    must_act(fact, state.accountants, "*")  # whether the accountant exists comes before the state of the plan
    if plan.state != "filed":
        raise RefusedError("plan-is-rejected" if plan.state == "rejected" else "*")
    plan.state = "rejected"


def approve_plan(state: State, fact: Fact) -> list[Transfer]:
    if not actors(fact):
        raise RefusedError("*")
    plan = known_plan(state, fact.ids[0])
    must_act(fact, state.accountants, "*")
    if plan.state != "filed":
        raise RefusedError("plan-is-rejected" if plan.state == "rejected" else "*")
    party(state, plan.planner, "company")
    plan.state = "approved"
    plan.approved = fact.instant
    plan.expires = fact.instant + timedelta(days=plan.terms.days)
    terms = plan.terms
    public = "public_" if terms.public else ""
    source = account("psf") if terms.public else account("prd", plan.planner)
    return [
        Transfer(f"credit_{public}{kind}", source, account(kind, plan.planner), amount, derived=True)
        for kind, amount in (("p", terms.fixed_means), ("r", terms.raw_materials), ("a", terms.labour))
    ]


def offer_service(state: State, fact: Fact) -> None:
    name, member = fact.ids
    if name in names_of_things(state):
        raise RefusedError("*")
    party(state, member, "member")
    state.services[name] = Service(name, member, fact.instant)


def end_service(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name not in state.services:
        raise RefusedError("basic-service-not-found", name)
    if state.services[name].ended is not None:
        raise RefusedError("*")
    state.services[name].ended = fact.instant


def end_company(state: State, fact: Fact) -> list[Transfer]:
    company = party(state, fact.ids[0], "company")
    transfers = []
    if state.region.credits is not None:
        if fact.kind == "company-end":
            ends.company_may_end(state, company.id)
        transfers = ends.liquidate(state, company.id, fact.instant)
        ends.leave(state, company.id, fact)
    company.ended = fact.instant
    company.bankrupt = fact.kind == "bankruptcy"
    state.employments = {pair: job for pair, job in state.employments.items() if pair[0] != company.id}
    for plan in state.plans.values():
        if plan.planner == company.id:
            if plan.is_active(fact.instant):
                plan.expires = fact.instant
            plan.cooperation = plan.joined = plan.requested = None
    for cooperation in state.cooperations.values():
        if cooperation.offered_to == company.id:
            cooperation.offered_to = None
        if cooperation.coordinator == company.id:
            cooperating.pass_on(state, cooperation, fact)
    return transfers


def end_member(state: State, fact: Fact) -> None:
    member = party(state, fact.ids[0], "member")
    if state.balances[account("member", member.id)] < 0:
        raise RefusedError("*")
    if state.region.credits is not None:
        ends.member_may_leave(state, member.id)
        ends.leave(state, member.id, fact)
    member.ended = fact.instant
    state.employments = {pair: job for pair, job in state.employments.items() if pair[1] != member.id}
    for service in state.services.values():
        if service.provider == member.id and service.ended is None:
            service.ended = fact.instant


def reverse(state: State, fact: Fact) -> list[Transfer]:
    (name,) = fact.ids
    if name not in state.by_id:
        raise RefusedError("*", name)
    quantity = fact.says.get("quantity")
    if name in state.reversed_ids and (quantity is None or name not in state.parts):
        raise RefusedError("*")
    transfers, consumption, done = state.by_id[name]
    # What goes back into a wallet needs somebody who has it.
    wallets = [t.debit for t in transfers if "_wallet" in kind_of(t.debit)]
    nobody_ended(state, wallets)
    mirrored = [replace(t, debit=t.credit, credit=t.debit, derived=True, mirrors=done) for t in transfers]
    if quantity is not None or name in state.parts:
        return reverse_a_part(state, name, None if quantity is None else Decimal(quantity), mirrored)
    state.reversed_ids.add(name)
    if consumption is not None:
        consumption.reversed = True
    return mirrored + unpaid.take_back(state, name, done, fact.instant)


def reverse_a_part(state: State, name: str, wanted: Decimal | None, mirrored: list[Transfer]) -> list[Transfer]:
    """So many units of an event: of each leg the share of all parts so far, less what earlier parts took."""
    whole = state.quantities.get(name)
    if whole is None:
        raise RefusedError("event-has-no-quantity")
    consumption = state.by_id[name][1]
    part = whole if wanted is None else wanted
    if part < Decimal("0.000001") or (consumption is not None and consumption.quantity and part != int(part)):
        raise RefusedError("quantity-must-be-positive")
    before, taken = state.parts.get(name, (Decimal(0), [Decimal(0)] * len(mirrored)))
    if before + part > whole:
        raise RefusedError("quantity-exceeds-event")
    share = Fraction(before + part) / Fraction(whole)
    rounded = [
        (state.round if kind_of(t.debit) in LABOUR_KINDS else state.round_credits)(share * Fraction(t.amount))
        for t in mirrored
    ]
    if before + part < whole or name in state.parts:
        state.parts[name] = (before + part, rounded)
    if before + part == whole:
        state.reversed_ids.add(name)
    if consumption is not None:
        consumption.quantity -= int(part)
    return [replace(t, amount=now - then) for t, now, then in zip(mirrored, rounded, taken, strict=True)]


def is_lessee(name: str) -> bool:
    """Whether a name can be somebody of the region, or is everybody else."""
    return name == "outside" or is_component(name)


PARTY_AND_PARTY = (is_component, is_component)
COOPERATION_AND_PLAN = (is_component, is_link)
# What the ids of a fact have to look like, before anyone asks whether they exist.
WELL_FORMED = {
    "member": (is_component,),
    "company": (is_component,),
    "employment": PARTY_AND_PARTY,
    "employment-end": PARTY_AND_PARTY,
    "company-end": (is_component,),
    "member-end": (is_component,),
    "plan": (is_link, is_component),
    "plan-withdrawal": (is_link,),
    "plan-rejection": (is_link,),
    "plan-approval": (is_link,),
    "cooperation": PARTY_AND_PARTY,
    "cooperation-exit": COOPERATION_AND_PLAN,
    "coordination-request": PARTY_AND_PARTY,
    "coordination-denial": PARTY_AND_PARTY,
    "coordination-acceptance": PARTY_AND_PARTY,
    "cooperation-request": COOPERATION_AND_PLAN,
    "cooperation-cancellation": COOPERATION_AND_PLAN,
    "cooperation-denial": COOPERATION_AND_PLAN,
    "cooperation-acceptance": COOPERATION_AND_PLAN,
    "basic-service": (is_link, is_component),
    "basic-service-end": (is_link,),
    "region": (is_component,),
    "bank": (is_component,),
    "pool": (is_component,),
    "offer": (is_link, is_component),
    "offer-end": (is_link, is_component),
    "property": (is_link,),
    "wait-list": (str, is_component),
    "wait-list-end": (str, is_component),
    "lease": (is_link, is_lessee),
    "lease-end": (is_link, is_lessee),
    "enrolment-request": PARTY_AND_PARTY,
    "enrolment": PARTY_AND_PARTY,
    "enrolment-end": PARTY_AND_PARTY,
    "loan": (is_link, is_component, is_component),
    "outside-loan": (is_link, is_component),
    "asset": (is_link, is_component),
    "asset-end": (is_link,),
    "bankruptcy": (is_component,),
}
HANDLERS = {
    "accountant": new_accountant,
    "member": new_party,
    "company": new_party,
    "employment": employ,
    "plan": file_plan,
    "plan-withdrawal": withdraw_plan,
    "plan-rejection": reject_plan,
    "plan-approval": approve_plan,
    "cooperation": cooperating.found_cooperation,
    "cooperation-exit": cooperating.exit_cooperation,
    "coordination-request": cooperating.offer_coordination,
    "coordination-denial": cooperating.deny_coordination,
    "coordination-acceptance": cooperating.accept_coordination,
    "cooperation-request": cooperating.request_cooperation,
    "cooperation-cancellation": cooperating.cancel_request,
    "cooperation-denial": cooperating.deny_request,
    "cooperation-acceptance": cooperating.accept_request,
    "basic-service": offer_service,
    "basic-service-end": end_service,
    "employment-end": end_employment,
    "company-end": end_company,
    "member-end": end_member,
    "accountant-end": end_accountant,
    "reversal": reverse,
    "region": credit_facts.new_neighbour,
    "bank": credit_facts.new_bank,
    "pool": credit_facts.new_neighbour,
    "offer": credit_facts.offer,
    "offer-end": credit_facts.end_offer,
    "property": credit_facts.new_property,
    "wait-list": credit_facts.wait,
    "wait-list-end": credit_facts.wait_no_longer,
    "lease": credit_facts.lease,
    "lease-end": credit_facts.end_lease,
    "enrolment-request": credit_facts.request_enrolment,
    "enrolment": credit_facts.enrol,
    "enrolment-end": credit_facts.end_enrolment,
    "loan": credit_facts.lend,
    "outside-loan": credit_facts.lend_from_outside,
    "asset": assets.own,
    "asset-end": assets.own_no_longer,
    "bankruptcy": end_company,
    "month-close": close_month,
}
