"""Seeded random histories of a region: mostly sensible, partly wrong, often at the same instant.

The generator knows what is sensible because it plays the naive model along; what it returns are only the events, so
that the model can play them again in any order.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.model.events import Decision, Event, Fact, PlanTerms, Region
from tests.model.naive import History, play_facts, play_transactions
from tests.model.state import Plan, Service, State
from tests.simulator import movements, nonsense

PRECISIONS = (Decimal("0.01"), Decimal("0.01"), Decimal("0.001"), Decimal(1), Decimal("0.0000000001"))
# Names that sort differently as ids and as accounts, and letters beyond ASCII.
MEMBERS = ("Ada", "Ada-2", "Ada2", "Bob", "Cyd", "Éva", "M-0042", "Öya", "1st", "Zoé", "Noor", "Kim")
COMPANIES = ("Bakery", "Bakery-2", "Mill", "Ölmühle", "Farm", "C7", "Weavers", "Clinic")
SHARE_OF_WRONG = 0.2


@dataclass(slots=True)
class Story:
    """A random history: the seed that made it, the region and what happened there."""

    seed: int
    region: Region
    events: list[Event]


@dataclass(slots=True)
class Author:
    """Writes one story."""

    rng: random.Random
    region: Region
    with_times: bool
    now: datetime
    history: History
    events: list[Event] = field(default_factory=list)
    counter: int = 0
    # Ids that never came to be, because what would have created them was refused or never written.
    ghosts: list[str] = field(default_factory=lambda: ["Nobody", "nothing"])
    # What an event of this instant is already about: another one about it would mostly conflict.
    touched: set[object] = field(default_factory=set)

    @property
    def state(self) -> State:
        return self.history.state

    def wrong(self) -> bool:
        """Whether to make a mistake now."""
        return self.rng.random() < SHARE_OF_WRONG / 2

    def fresh(self, prefix: str) -> str:
        """An id that was never used."""
        self.counter += 1
        return f"{prefix}{self.rng.choice('-_./')}{self.counter}"

    def one(self, names: list[str]) -> str:
        """One of the names, or now and then somebody who does not exist or is something else."""
        if not names or self.rng.random() < SHARE_OF_WRONG / 10:
            return self.rng.choice([*self.ghosts, *sorted(self.state.parties), *sorted(self.state.plans)])
        return self.rng.choice(names)

    def parties(self, kind: str, *, ended: bool = False) -> list[str]:
        """The members or companies, with the ended ones where that is asked for (or by mistake)."""
        ended = ended or self.rng.random() < SHARE_OF_WRONG / 20
        return [p.id for p in self.state.parties.values() if p.kind == kind and (ended or p.ended is None)]

    def plans(self, *states: str) -> list[Plan]:
        """The plans in one of these states; `active` and `expired` are told apart by the clock."""
        found = []
        for plan in self.state.plans.values():
            state = plan.state
            if state == "approved":
                state = "active" if plan.is_active(self.now) else "expired"
            if state in states or self.rng.random() < SHARE_OF_WRONG / 20:
                found.append(plan)
        return found

    def touch(self, thing: object) -> bool:
        """Whether to leave this thing alone for the rest of the instant; mostly so if it was touched before."""
        if thing in self.touched and not self.wrong():
            return True
        self.touched.add(thing)
        return False

    def amount(self, least: int, most: int) -> Decimal:
        """An amount with as many digits as the region allows, often a round one."""
        digits = -int(self.region.precision.as_tuple().exponent)
        if self.rng.random() < 0.5:
            digits = min(digits, 1)
        return Decimal(self.rng.randint(least * 10**digits, most * 10**digits)).scaleb(-digits)

    def by(self, right: str | None) -> str | None:
        """Who acts: mostly the right one, sometimes nobody says, sometimes somebody else."""
        if self.wrong():
            return self.rng.choice([*self.ghosts, *sorted(self.state.parties), *sorted(self.state.accountants)])
        return right if self.rng.random() < 0.8 else None

    def fact(self, kind: str, *ids: str, by: str | None = None, terms: PlanTerms | None = None) -> Fact:
        return Fact(self.now, kind, ids, by, terms)


def write_story(seed: int) -> Story:
    """A story, the same for the same seed on every machine."""
    rng = random.Random(seed)
    region = Region(rng.choice(PRECISIONS), decisions(rng))
    start = datetime(2026, 1, 1) + timedelta(days=rng.randint(0, 40))  # noqa: DTZ001 - the ledger's clock is UTC
    author = Author(rng, region, rng.random() < 0.75, start, History(State(region)))
    opening(author)
    for _ in range(rng.randint(8, 45)):
        advance(author)
        step(author)
    return Story(seed, region, author.events)


def decisions(rng: random.Random) -> tuple[Decision, ...]:
    """One to four decisions; the first one stands before everything."""
    windows = (1, 2, 7, 30, 61, 180, 180, 365)
    limits = (None, None, Decimal(0), Decimal(5), Decimal(100), Decimal(1000))
    made = [Decision(date(2025, 1, 1), rng.choice(windows), rng.choice(limits))]
    day = date(2026, 1, 5)
    for _ in range(rng.choice((0, 0, 1, 3))):
        day += timedelta(days=rng.randint(0, 90))
        window = rng.choice((None, *windows))
        made.append(Decision(day, window, rng.choice((*limits, "unchanged"))))
    return tuple(made)


def opening(author: Author) -> None:
    """A region needs people first."""
    rng = author.rng
    facts = [author.fact("accountant", "carla")]
    facts += [author.fact("member", name) for name in rng.sample(MEMBERS, rng.randint(2, 5))]
    facts += [author.fact("company", name) for name in rng.sample(COMPANIES, rng.randint(2, 4))]
    members = [fact.ids[0] for fact in facts if fact.kind == "member"]
    companies = [fact.ids[0] for fact in facts if fact.kind == "company"]
    facts += [author.fact("employment", rng.choice(companies), member) for member in members]
    for company in companies:
        name = author.fresh("plan")
        facts.append(author.fact("plan", name, company, terms=terms(author)))
        facts.append(author.fact("plan-approval", name, by="carla"))
    play_now(author, list(facts), [])


def advance(author: Author) -> None:
    """Move the clock: not at all, a bit, to a midnight, or exactly onto an edge of a plan or of the window."""
    rng = author.rng
    choice = rng.random()
    edges = [plan.expires for plan in author.state.plans.values() if plan.expires is not None]
    half = timedelta(days=author.region.window_days(author.now)) / 2
    edges += [plan.approved + half for plan in author.state.plans.values() if plan.approved is not None]
    edges += [service.instant + half for service in author.state.service_consumptions]
    edges = [edge for edge in edges if author.now < edge < author.now + timedelta(days=90)]
    if edges and choice < 0.15 and author.with_times:
        author.now = rng.choice(edges) + rng.choice((timedelta(0), timedelta(0), timedelta(microseconds=-1)))
    elif author.with_times and choice < 0.6:
        author.now += timedelta(seconds=rng.randint(1, 86400), microseconds=rng.choice((0, 0, 1, 500000)))
    else:
        tomorrow = author.now.date() + timedelta(days=rng.choice((1, 1, 1, 2, 2, 7, 30)))
        author.now = datetime.combine(tomorrow, time())


def step(author: Author) -> None:
    """Everything of one instant: facts, then transactions at the prices that the facts leave behind."""
    rng = author.rng
    author.touched.clear()
    facts: list[Event] = []
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        made = rng.choices(list(FACTS), weights=list(FACTS.values()))[0](author)
        facts += made if isinstance(made, list) else [made] if made is not None else []
    # Two facts that differ in nothing by which facts are ordered have no order: which of them is refused is open.
    facts = list({(fact.kind, fact.ids): fact for fact in facts if isinstance(fact, Fact)}.values())
    play_now(author, facts, None)


def play_now(author: Author, facts: list[Event], transactions: list[Event] | None) -> None:
    """Let the model take the events of this instant, so that the author knows where things stand."""
    history, events = author.history, author.events
    now = list(range(len(events), len(events) + len(facts)))
    events += facts
    play_facts(history, events, now)
    if transactions is None:
        transactions = movements.at_this_instant(author)
        if author.rng.random() < SHARE_OF_WRONG / 2:
            transactions.append(nonsense.some(author))
    later = list(range(len(events), len(events) + len(transactions)))
    events += transactions
    play_facts(history, events, later)
    play_transactions(history, events, later)
    author.ghosts += [
        event.ids[0]
        for position in now
        if position in history.refusals and isinstance(event := events[position], Fact)
        if event.ids[0] not in author.state.plans and event.ids[0] not in author.state.parties
    ]


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


def end_party(author: Author) -> Event:
    kind = author.rng.choice(("member", "company"))
    return author.fact(f"{kind}-end", author.one(author.parties(kind)))


def accountants(author: Author) -> Event:
    rng = author.rng
    if len(author.state.accountants) > 1 and rng.random() < 0.5:
        return author.fact("accountant-end", rng.choice(sorted(author.state.accountants)))
    return author.fact("accountant", rng.choice(("carla", "dora", "emil", "fay")))


def reverse(author: Author) -> Event | None:
    ids = sorted(author.state.by_id)
    return author.fact("reversal", author.one(ids)) if ids else None


FACTS = {
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
}
