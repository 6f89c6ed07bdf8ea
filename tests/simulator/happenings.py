"""Random facts: what happens to members, companies, plans, cooperations and services."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from tests.model.events import CREDIT_FACTS, FACT_ORDER, Event, PlanTerms
from tests.model.state import Plan, Service

if TYPE_CHECKING:
    from tests.simulator.generator import Author

Making: TypeAlias = "Callable[[Author], Event | list[Event] | None]"
# Names that sort differently as ids and as accounts, and letters beyond ASCII.
MEMBERS = ("Ada", "Ada-2", "Ada2", "Bob", "Cyd", "Éva", "M-0042", "Öya", "1st", "Zoé", "Noor", "Kim")
ACTED = ("plan-", "cooperation-", "coordination-request", "reversal")
COMPANIES = ("Bakery", "Bakery-2", "Mill", "Ölmühle", "Farm", "C7", "Weavers", "Clinic")


def terms(author: Author) -> PlanTerms:
    """What a plan promises; now and then nothing at all of something."""
    rng = author.rng

    def cost() -> Decimal:
        return Decimal(0) if rng.random() < 0.15 else author.amount(0, 500)

    return PlanTerms(
        quantity=0 if rng.random() < 0.05 else rng.choice((1, 3, 7, 10, 100, 999)),
        fixed_means=cost(),
        raw_materials=cost(),
        labour=cost(),
        days=0 if rng.random() < 0.05 else rng.choice((1, 14, 30, 90, 180, 180, 365, 365)),
        public=rng.random() < 0.2,
    )


def new_party(author: Author) -> Event:
    kind = author.rng.choice(("member", "company"))
    names = (*MEMBERS, "Bakery") if kind == "member" else (*COMPANIES, "Ada")
    unused = [name for name in names if name not in author.state.parties]
    return author.fact(kind, author.one(unused))


def employ(author: Author) -> Event:
    return author.fact("employment", author.one(author.parties("company")), author.one(author.parties("member")))


def dismiss(author: Author) -> Event | None:
    pairs = sorted(author.state.employments)
    if not pairs:
        return None
    company, member = author.rng.choice(pairs)
    if author.touch((company, member)):
        return None
    return author.fact("employment-end", company, author.one([member]))


def file_plan(author: Author) -> Event:
    things = [*author.state.plans, *author.state.services]
    name = author.rng.choice(things) if things and author.wrong() else author.fresh("plan")
    return author.fact("plan", name, author.one(author.parties("company")), terms=terms(author))


def decide_plan(author: Author) -> Event | None:
    filed = author.plans("filed")
    if not filed:
        return file_plan(author)
    plan = author.rng.choice(filed)
    kind = author.rng.choice(("plan-approval", "plan-approval", "plan-approval", "plan-rejection", "plan-withdrawal"))
    accountants = sorted(author.state.accountants) or ["carla"]
    accountant = author.rng.choice(accountants)
    if kind == "plan-approval":
        return author.fact(kind, author.one([plan.id]), by=author.by(accountant) or accountant)
    return author.fact(kind, author.one([plan.id]), by=author.by(plan.planner if "with" in kind else accountant))


def found(author: Author) -> Event | None:
    unused = [name for n in range(1, 3) if (name := f"Coop-{n}") not in author.state.cooperations]
    if not unused and not author.wrong():
        return None
    if author.wrong() or not unused:
        unused = ["Coop-1"]
    name = author.rng.choice(unused)
    return author.fact("cooperation", name, author.one(author.parties("company")))


def cooperate(author: Author) -> Event | list[Event] | None:
    """The next step of some plan towards, in or out of a cooperation."""
    rng = author.rng
    plans = author.plans("active", "expired") if rng.random() < 0.05 else author.plans("active")
    if not author.state.cooperations:
        return found(author)
    if not plans:
        return None
    asked = [plan for plan in plans if plan.requested is not None]
    free = [plan for plan in plans if plan.cooperation is None and not plan.terms.public]
    plan = rng.choice((asked or free or plans) if rng.random() < 0.85 else plans)
    if author.touch(plan.id):
        return None
    if plan.cooperation is not None and not author.wrong() and rng.random() < 0.7:
        return None
    if plan.cooperation is not None and rng.random() < 0.6:
        coordinator = author.state.cooperations[plan.cooperation].coordinator
        actor = author.by(rng.choice((plan.planner, coordinator)))
        return author.fact("cooperation-exit", plan.cooperation, plan.id, by=actor)
    if plan.requested is not None:
        return answer(author, plan, plan.requested)
    if plan.terms.public and rng.random() < 0.9:
        return None
    cooperation = author.one(sorted(author.state.cooperations))
    request = author.fact("cooperation-request", cooperation, author.one([plan.id]), by=author.by(plan.planner))
    if cooperation in author.state.cooperations and rng.random() < 0.4:
        # Requests come before acceptances at one instant, so both may stand at the same.
        return [request, answer(author, plan, cooperation)]
    return request


def answer(author: Author, plan: Plan, cooperation: str) -> Event:
    kinds = ("cooperation-acceptance",) * 6 + ("cooperation-denial", "cooperation-cancellation")
    kind = author.rng.choice(kinds)
    coordinator = author.state.cooperations[cooperation].coordinator
    actor = author.by(plan.planner if kind == "cooperation-cancellation" else coordinator)
    if author.wrong():
        cooperation = author.one(sorted(author.state.cooperations))
    return author.fact(kind, cooperation, plan.id, by=actor)


def coordinate(author: Author) -> Event | None:
    rng = author.rng
    if not author.state.cooperations:
        return found(author)
    cooperation = rng.choice(sorted(author.state.cooperations.values(), key=lambda c: c.id))
    if author.touch(cooperation.id):
        return None
    candidate = author.one(author.parties("company"))
    if cooperation.offered_to is not None:
        kind = rng.choice(("coordination-acceptance", "coordination-acceptance", "coordination-denial"))
        return author.fact(kind, cooperation.id, candidate if author.wrong() else cooperation.offered_to)
    return author.fact("coordination-request", cooperation.id, candidate, by=author.by(cooperation.coordinator))


def serve(author: Author) -> Event:
    things = [*author.state.services, *author.state.plans]
    name = author.rng.choice(things) if things and author.wrong() else author.fresh("service")
    return author.fact("basic-service", name, author.one(author.parties("member")))


def end_service(author: Author) -> Event | None:
    services: list[Service] = list(author.state.services.values())
    open_ones = [service.id for service in services if service.ended is None]
    return author.fact("basic-service-end", author.one(open_ones)) if services else None


def end_party(author: Author) -> Event | None:
    kind = author.rng.choice(("member", "company"))
    name = author.one(author.parties(kind))
    if author.region.credits is not None and ("debt", name) in author.touched:
        return None
    author.touched.add(("debt", name))
    return author.fact(f"{kind}-end", name)


def accountants(author: Author) -> Event:
    rng = author.rng
    if len(author.state.accountants) > 1 and rng.random() < 0.5:
        return author.fact("accountant-end", rng.choice(sorted(author.state.accountants)))
    return author.fact("accountant", rng.choice(("carla", "dora", "emil", "fay")))


def reverse(author: Author) -> Event | None:
    ids = sorted(author.state.by_id)
    if not ids:
        return None
    name = author.rng.choice(author.refused) if author.refused and author.wrong() else author.one(ids)
    transfers = author.state.by_id[name][0] if name in author.state.by_id else []
    # Until the instant is over, nobody knows whether the reversal holds: nothing else is done to the same.
    author.changed |= {transfer.thing for transfer in transfers}
    # Of two parts at one instant the model need not know which is the first.
    if ("reversal", name) in author.touched:
        return None
    author.touched.add(("reversal", name))
    whole = author.state.quantities.get(name)
    if author.rng.random() < 0.5 if whole is not None else author.wrong():
        return author.fact("reversal", name, says={"quantity": part_of(author, name, whole or Decimal(1))})
    return author.fact("reversal", name)


def part_of(author: Author, name: str, whole: Decimal) -> Decimal:
    """So much of an event as may be taken back, and now and then too much."""
    left = whole - (author.state.parts[name][0] if name in author.state.parts else 0)
    return round(author.rng.choice((Decimal(1), Decimal(2), left, left / 2, left + author.wrong())), 12)


def named_by(kind: str) -> tuple[int, ...]:
    """What a fact's ids name: 0 a cooperation, 1 a party, 2 a plan or service, 3 a transaction or accountant."""
    if kind.startswith("cooperation-"):
        return 0, 2
    if kind.startswith("coordination-") or kind == "cooperation":
        return 0, 1
    if kind.startswith("employment"):
        return 1, 1
    if kind.startswith(("plan", "basic")):
        return (2, 1) if kind == "basic-service" else (2,)
    return (1,) if kind.startswith(("member", "company")) else (3,)


def stray(author: Author) -> Event:
    """Any fact about anything that has a name: mostly wrong in one way or another, now and then right by chance."""
    state = author.state
    kind = author.rng.choice([kind for kind in FACT_ORDER if kind not in ("plan", *CREDIT_FACTS)])
    pools = [
        sorted(state.cooperations),
        sorted(state.parties),
        sorted({*state.plans, *state.services}),
        sorted({*state.by_id, *state.accountants, *state.former_accountants}),
    ]
    ids = [author.rng.choice([*pools[n], *author.ghosts[:3]]) for n in named_by(kind)]
    if kind in ("cooperation", "basic-service") and author.rng.random() < 0.5:
        ids[0] = author.rng.choice(author.ghosts)
    # Who acted is only said of facts for which the language lists `by:`; elsewhere nobody can be wrong.
    return author.fact(kind, *ids, by=author.by(None) if kind.startswith(ACTED) else None)


FACTS: dict[Making, float] = {
    new_party: 1,
    employ: 2,
    dismiss: 1,
    file_plan: 3,
    decide_plan: 4,
    found: 0.5,
    cooperate: 12,
    coordinate: 1.2,
    serve: 2,
    end_service: 0.7,
    end_party: 0.6,
    accountants: 0.4,
    reverse: 1.5,
    stray: 1.5,
}

# What happens in a region without labour time, too.
COMMON: dict[Making, float] = {
    happening: FACTS[happening] for happening in (new_party, employ, dismiss, end_party, accountants, reverse, stray)
}
