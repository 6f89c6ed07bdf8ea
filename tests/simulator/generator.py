"""Seeded random histories of a region: mostly sensible, partly wrong, often at the same instant.

The generator knows what is sensible because it plays the naive model along; what it returns are only the events, so
that the model can play them again in any order.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from tests.model.credits.past import month_of
from tests.model.events import Decision, Event, Fact, PlanTerms, Region, Transaction, Value, account
from tests.model.naive import History, play_facts, play_transactions
from tests.model.state import Plan, State
from tests.simulator import acting, credit_facts, credit_regions, happenings

PRECISIONS = (Decimal("0.01"), Decimal("0.01"), Decimal("0.001"), Decimal(1), Decimal("0.0000000001"))
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
    # The ids of transactions that were refused.
    refused: list[str] = field(default_factory=list)
    # What an event of this instant is already about: another one about it would mostly conflict.
    touched: set[object] = field(default_factory=set)
    # The loans and properties that reversals of this instant are about.
    changed: set[str] = field(default_factory=set)

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

    def credits(self, least: int, most: int) -> Decimal:
        """An amount of regional credits, never less than its smallest unit."""
        digits = -int((self.region.credits or Decimal(1)).as_tuple().exponent)
        if self.rng.random() < 0.3:
            digits = min(digits, 1)
        return Decimal(max(1, self.rng.randint(least * 10**digits, most * 10**digits))).scaleb(-digits)

    def funds(self, kind: str, owner: str = "") -> Decimal:
        return self.state.balances.get(account(kind, owner), Decimal(0))

    def part_of(self, available: Decimal) -> Decimal:
        """Some of what is there, sometimes all of it, now and then more."""
        step = self.region.credits or Decimal(1)
        units = int(available / step)
        if self.wrong():
            return (units + self.rng.randint(1, 100)) * step
        if units <= 0:
            return Decimal(0)
        choice = self.rng.random()
        return (units if choice < 0.1 else self.rng.randint(1, max(1, units // (2 if choice < 0.4 else 20)))) * step

    def used_or_fresh(self, prefix: str) -> str:
        """A new id, or by mistake one that something else has."""
        credits_ = self.state.credits
        used = [
            *self.state.plans,
            *credits_.offers,
            *credits_.properties,
            *credits_.loans,
            *credits_.outside_loans,
            *credits_.assets,
        ]
        return self.rng.choice(used) if used and self.wrong() else self.fresh(prefix)

    def by(self, right: str | None) -> str | None:
        """Who acts: mostly the right one, sometimes nobody says, sometimes somebody else."""
        if self.wrong():
            return self.rng.choice([*self.ghosts, *sorted(self.state.parties), *sorted(self.state.accountants)])
        return right if self.rng.random() < 0.8 else None

    def fact(
        self,
        kind: str,
        *ids: str,
        by: str | None = None,
        terms: PlanTerms | None = None,
        says: Mapping[str, Value] | None = None,
    ) -> Fact:
        return Fact(self.now, kind, ids, by, terms, says or {})


def write_story(seed: int, steps: int | None = None, economy: str = "labour") -> Story:
    """A story, the same for the same seed on every machine; fewer steps are the beginning of the same story.

    The economy is `labour`, `credits` or `both`.
    """
    rng = random.Random(seed)
    region = Region(rng.choice(PRECISIONS), decisions(rng))
    if economy != "labour":
        credits_ = rng.choice(credit_regions.PRECISIONS)
        decided = credit_regions.with_credits(rng, region.decisions, labour=economy == "both")
        region = Region(region.precision, decided, credits_, labour=economy == "both")
    start = datetime(2026, 1, 1) + timedelta(days=rng.randint(0, 40))  # noqa: DTZ001 - the ledger's clock is UTC
    author = Author(rng, region, rng.random() < 0.75, start, History(State(region)))
    opening(author)
    drawn = rng.randint(8, 45)
    for _ in range(drawn if steps is None else steps):
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
    facts += [author.fact("member", name) for name in rng.sample(happenings.MEMBERS, rng.randint(2, 5))]
    facts += [author.fact("company", name) for name in rng.sample(happenings.COMPANIES, rng.randint(2, 4))]
    members = [fact.ids[0] for fact in facts if fact.kind == "member"]
    companies = [fact.ids[0] for fact in facts if fact.kind == "company"]
    facts += [author.fact("employment", rng.choice(companies), member) for member in members]
    if author.region.labour:
        for company in companies:
            name = author.fresh("plan")
            facts.append(author.fact("plan", name, company, terms=happenings.terms(author)))
            facts.append(author.fact("plan-approval", name, by="carla"))
    if author.region.credits is None:
        play_now(author, list(facts), [])
        return
    said = [credit_facts.said_of(author, fact) for fact in facts]
    more = credit_regions.opening_facts(author, members, companies)
    play_now(author, [*said, *more], credit_regions.opening_movements(author, companies))


def advance(author: Author) -> None:
    """Move the clock: not at all, a bit, to a midnight, or exactly onto an edge of a plan or of the window."""
    rng = author.rng
    choice = rng.random()
    edges = [plan.expires for plan in author.state.plans.values() if plan.expires is not None]
    half = timedelta(days=author.region.window_days(author.now)) / 2
    edges += [plan.approved + half for plan in author.state.plans.values() if plan.approved is not None]
    edges += [service.instant + half for service in author.state.service_consumptions]
    edges = [edge for edge in edges if author.now + timedelta(microseconds=1) < edge < author.now + timedelta(days=90)]
    if edges and choice < 0.15 and author.with_times:
        later = rng.choice(edges) + rng.choice((timedelta(0), timedelta(0), timedelta(microseconds=-1)))
    elif author.with_times and choice < 0.6:
        later = author.now + timedelta(seconds=rng.randint(1, 86400), microseconds=rng.choice((0, 0, 1, 500000)))
    else:
        tomorrow = author.now.date() + timedelta(days=rng.choice((1, 1, 1, 2, 2, 7, 30)))
        later = datetime.combine(tomorrow, time())
    if author.region.credits is not None:
        if rng.random() < 0.2:
            later = datetime.combine(later.date() + timedelta(days=rng.randint(1, 25)), later.time())
        months_pass(author, later)
    author.now = later


def months_pass(author: Author, until: datetime) -> None:
    """The month-closes between now and then; now and then one is forgotten, or called something else."""
    rng = author.rng
    for day in credit_regions.months_to_close(author.now, until):
        author.now = datetime.combine(day, time())
        month = month_of(day)
        if rng.random() < 0.02:
            month = rng.choice(("2026-13", "2026-1", month_of(day + timedelta(days=1))))
        if rng.random() < (0.99 if author.state.credits.closed else 0.8):
            play_now(author, [author.fact("month-close", month)], [])


def step(author: Author) -> None:
    """Everything of one instant: facts, then transactions at the prices that the facts leave behind."""
    rng = author.rng
    author.touched.clear()
    author.changed.clear()
    made: list[Event] = []
    kinds = acting.facts_of(author)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        new = rng.choices(list(kinds), weights=list(kinds.values()))[0](author)
        made += new if isinstance(new, list) else [new] if new is not None else []
    # Two facts that differ in nothing by which facts are ordered have no order: which of them is refused is open.
    facts = {(fact.kind, fact.ids): fact for fact in made if isinstance(fact, Fact)}
    play_now(author, [credit_facts.said_of(author, fact) for fact in facts.values()], None)


def play_now(author: Author, facts: list[Event], transactions: list[Event] | None) -> None:
    """Let the model take the events of this instant, so that the author knows where things stand."""
    history, events = author.history, author.events
    now = list(range(len(events), len(events) + len(facts)))
    events += facts
    play_facts(history, events, now)
    if transactions is None:
        transactions = acting.at_this_instant(author)
        if author.rng.random() < SHARE_OF_WRONG / 2:
            transactions.append(acting.nonsense_of(author))
    later = list(range(len(events), len(events) + len(transactions)))
    events += transactions
    play_transactions(history, events, later)
    author.refused += [
        event.id
        for position in later
        if position in history.refusals and isinstance(event := events[position], Transaction)
        if event.id is not None and event.id not in author.state.by_id
    ]
    author.ghosts += [
        event.ids[0]
        for position in now
        if position in history.refusals and isinstance(event := events[position], Fact)
        if event.ids[0] not in author.state.plans and event.ids[0] not in author.state.parties
    ]
