"""What each fact of regional credits does to the state, or why it is refused."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.model.checks import party
from tests.model.credits.checks import names_of_things
from tests.model.credits.past import whereabouts
from tests.model.credits.state import COSTS, Loan, Offer, OutsideLoan, Property, Stay
from tests.model.events import Fact, account
from tests.model.state import Party, RefusedError, State, Transfer

HOUSING, OUTSIDE = "housing", "outside"
KINDS_OF_PROPERTY = (HOUSING, "equipment", "facility")


def new_neighbour(state: State, fact: Fact) -> None:
    """Another region or a pool: each in a namespace of its own."""
    (name,) = fact.ids
    known = state.credits.regions if fact.kind == "region" else state.credits.pools
    if name in known:
        raise RefusedError("*")
    known.add(name)


def new_bank(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name in state.credits.banks:
        raise RefusedError("*")
    state.credits.banks[name] = fact.text("ownership") or ""


def offer(state: State, fact: Fact) -> None:
    name, company = fact.ids
    kind = fact.text("kind") or ""
    price = fact.number("price")
    if price is None if kind != "job" else fact.text("occupation") is None:
        raise RefusedError("*")
    party(state, company, "company")
    known = state.credits.offers.get(name)
    if name in names_of_things(state) and (known is None or known.company != company or known.ended is not None):
        raise RefusedError("duplicate-id")
    if kind == "job" and state.region.occupation(fact.text("occupation") or "", fact.instant) is None:
        raise RefusedError("occupation-not-found")
    state.credits.offers[name] = Offer(name, company, kind, price)


def end_offer(state: State, fact: Fact) -> None:
    found = state.credits.offers.get(fact.ids[0])
    if found is None:
        raise RefusedError("offer-not-found", fact.ids[0])
    if found.ended is not None:
        raise RefusedError("offer-has-ended")
    if fact.ids[1:] not in ((), (found.company,)):
        raise RefusedError("*")
    found.ended = fact.instant


def new_property(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    known = state.credits.properties.get(name)
    if name in names_of_things(state) and known is None:
        raise RefusedError("duplicate-id")
    cost = sum((fact.number(key) or Decimal(0) for key in COSTS), Decimal(0))
    if known is None:
        known = state.credits.properties[name] = Property(name)
    known.kind, known.price = fact.text("kind") or "", fact.number("price")
    known.said.append((fact.instant, known.kind, cost))


def anybody(state: State, name: str) -> Party:
    """A member or a company that has not ended."""
    if name not in state.parties:
        raise RefusedError("*", name)
    return party(state, name, state.parties[name].kind)


def wait(state: State, fact: Fact) -> None:
    kind, who = fact.ids
    if kind not in KINDS_OF_PROPERTY:
        raise RefusedError("*")
    anybody(state, who)
    line = state.credits.waiting.setdefault(kind, [])
    if who in line:
        raise RefusedError("*")
    line.append(who)


def wait_no_longer(state: State, fact: Fact) -> None:
    kind, who = fact.ids
    if kind not in KINDS_OF_PROPERTY:
        raise RefusedError("*")
    if who not in state.parties:
        raise RefusedError("*", who)
    if who not in state.credits.waiting.get(kind, []):
        raise RefusedError("*")
    state.credits.waiting[kind].remove(who)


def has_reason(fact: Fact) -> bool:
    return fact.by is not None and fact.text("reason") is not None


def lease(state: State, fact: Fact) -> None:
    name, who = fact.ids
    if who == OUTSIDE and fact.text("name") is None:
        raise RefusedError("*")
    if name not in state.credits.properties:
        raise RefusedError("property-not-found", name)
    if who != OUTSIDE:
        anybody(state, who)
    if whereabouts(state, name) == "sold":
        raise RefusedError("property-is-sold")
    if any(other.thing == name and other.ended is None for other in state.credits.leases):
        raise RefusedError("*")
    kind = state.credits.properties[name].kind
    line = state.credits.waiting.get(kind, [])
    if kind == HOUSING and line and line[0] != who and not has_reason(fact):
        raise RefusedError("past-the-wait-list")
    if who in line:
        line.remove(who)
    state.credits.leases.append(Stay(name, who, fact.instant))


def end_lease(state: State, fact: Fact) -> None:
    name = fact.ids[0]
    if name not in state.credits.properties:
        raise RefusedError("property-not-found", name)
    current = [stay for stay in state.credits.leases if stay.thing == name and stay.ended is None]
    if not current or fact.ids[1:] not in ((), (current[0].who,)):
        raise RefusedError("*")
    current[0].ended = fact.instant


def school_and_student(state: State, fact: Fact) -> None:
    school, member = fact.ids
    for name, kind in ((school, "company"), (member, "member")):
        if name not in state.parties or state.parties[name].kind != kind:
            raise RefusedError("*", name)
    party(state, school, "company")
    party(state, member, "member")
    if state.parties[school].ownership != "regional":
        raise RefusedError("company-is-not-regional")


def request_enrolment(state: State, fact: Fact) -> None:
    school_and_student(state, fact)
    school, member = fact.ids
    if member in state.credits.requests.get(school, []) or attends(state, school, member):
        raise RefusedError("*")
    state.credits.requests.setdefault(school, []).append(member)


def attends(state: State, school: str, member: str) -> bool:
    stays = state.credits.enrolments
    return any(stay.thing == school and stay.who == member and stay.ended is None for stay in stays)


def enrol(state: State, fact: Fact) -> None:
    school_and_student(state, fact)
    school, member = fact.ids
    if attends(state, school, member):
        raise RefusedError("*")
    requests = state.credits.requests.get(school, [])
    first = [name for name in requests if has_priority(state, name, fact.instant)]
    line = first + [name for name in requests if name not in first]
    if line and line[0] != member and not has_reason(fact):
        raise RefusedError("past-the-wait-list")
    if member in requests:
        requests.remove(member)
    state.credits.enrolments.append(Stay(school, member, fact.instant))


def has_priority(state: State, member: str, at: datetime) -> bool:
    """Who was never, or not for a long time, enrolled in any regional school."""
    stays = [stay for stay in state.credits.enrolments if stay.who == member]
    years = int(state.region.number("schooling_pause_years", at))
    return all(stay.ended is not None and stay.ended.replace(year=stay.ended.year + years) <= at for stay in stays)


def end_enrolment(state: State, fact: Fact) -> None:
    school, member = fact.ids
    for name, kind in ((school, "company"), (member, "member")):
        if name not in state.parties or state.parties[name].kind != kind:
            raise RefusedError("*", name)
    requests = state.credits.requests.get(school, [])
    if member in requests:
        requests.remove(member)  # she asks no longer
        return
    if not attends(state, school, member):
        raise RefusedError("*")
    for stay in state.credits.enrolments:
        if stay.thing == school and stay.who == member and stay.ended is None:
            stay.ended = fact.instant


def lend(state: State, fact: Fact) -> list[Transfer]:
    name, bank, borrower = fact.ids
    if bank not in state.credits.banks:
        raise RefusedError("*", bank)
    anybody(state, borrower)
    if name in names_of_things(state):
        raise RefusedError("duplicate-id")
    principal, rate = fact.number("principal") or Decimal(0), fact.number("yearly-rate") or Decimal(0)
    loan = Loan(name, bank, borrower, principal, rate, int(fact.number("months") or 0), "", fact.instant)
    loan.repayment = fact.text("repayment") or "annuity"
    state.credits.loans[name] = loan
    kind = state.parties[borrower].kind
    wallet, debt = account(f"{kind}_wallet", borrower), account(f"{kind}_debt", borrower)
    return [
        Transfer("loan", account("bank", bank), wallet, principal, derived=True, thing=name),
        Transfer("loan_claim", debt, account("claim", bank), principal, derived=True, thing=name),
    ]


def lend_from_outside(state: State, fact: Fact) -> None:
    name, company = fact.ids
    party(state, company, "company")
    if name in names_of_things(state):
        raise RefusedError("duplicate-id")
    principal = fact.number("principal") or Decimal(0)
    state.credits.outside_loans[name] = OutsideLoan(name, company, fact.text("lender") or "", principal)
