"""Write the folder of a synthetic region: any size, always the same for the same seed, and free of errors.

The text is what accountants would have written, so the generator has to know what is right at each instant: which plans
are active, what a unit of them costs (also in a cooperation), and what a member can surely afford. It shares no code
with the engine: what it writes is an independent opinion of the rules, and a mistake on either side shows as errors.

Each region has two mains: ``main.beancount`` with the plugin and ``plain.beancount`` without it. Beside that line
they are equal, and an included file opens every account, so that both load without a single error.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from benchmarks.render import (
    OCCUPATIONS,
    Fact,
    accounts_text,
    main_text,
    pools_text,
    region_text,
    transaction_text,
    wallets_text,
)

START = date(2024, 1, 1)
# The factor of individual consumption stays above this in every region that is generated (about 0.85): a member who
# spends no more than this share of her hours is never overdrawn, without the generator computing a single factor.
SURELY_NET = Fraction(6, 10)


@dataclass(slots=True)
class Scenario:
    """How large a region is, and what happens in it."""

    transactions: int = 100_000
    companies: int = 200
    members: int = 2_000
    plans: int = 500
    cooperations: int = 20
    services: int = 100
    days: int = 730
    timed: bool = False  # every transaction, and every approval of a later plan, at an instant of its own
    with_credits: bool = False  # each registration of hours pays a wage and an income tax beside its certificates
    consumption_share: float = 0.5
    founding_plans: float = 0.6  # the share of plans that begin on the first day and outlast the region's journal
    later_plans_from: int = 1  # the days on which the other plans begin
    later_plans_until: int = 730
    quiet_days: int = 1  # days at the beginning on which plans are made and nothing is recorded
    seed: int = 1


@dataclass(slots=True)
class Plan:
    """A plan as the generator knows it: days are counted from the start of the journal, hours are whole."""

    name: str
    company: str
    begins: int
    days: int
    quantity: int
    means: tuple[int, int, int]  # p, r, a
    public: bool
    cooperation: str | None = None
    seconds: int = 0  # the time of day of its approval

    @property
    def cost(self) -> Fraction:
        """What one unit costs in this plan alone."""
        return Fraction(0) if self.public else Fraction(sum(self.means), self.quantity)

    def is_active_all(self, day: int) -> bool:
        """Tell whether the plan is active from the first to the last instant of the day."""
        first = self.begins + (1 if self.seconds else 0)
        return first <= day < self.begins + self.days


@dataclass(slots=True)
class Region:
    """The parties and plans of a scenario, and what members surely have."""

    scenario: Scenario
    random: random.Random
    companies: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    employer: dict[str, str] = field(default_factory=dict)
    services: list[tuple[str, str]] = field(default_factory=list)  # id, provider
    plans: list[Plan] = field(default_factory=list)
    cooperations: dict[str, list[Plan]] = field(default_factory=dict)
    surely_has_cents: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def generate(folder: Path, scenario: Scenario) -> Path:
    """Write the region's folder and return its main.beancount.

    Args:
        folder: Where to write; created when it does not exist.
        scenario: How large.
    """
    region = _people(scenario)
    _plan(region)
    (folder / "journal").mkdir(parents=True, exist_ok=True)
    months: dict[str, list[str]] = defaultdict(list)
    for day, text in _journal(region):
        months[(START + timedelta(day)).strftime("%Y-%m")].append(text)
    for month, texts in months.items():
        _write(folder / "journal" / f"{month}.beancount", "\n".join(texts))
    _write(folder / "parties.beancount", "".join(str(fact) for fact in _party_facts(region)))
    _write(folder / "plans.beancount", "".join(str(fact) for fact in _plan_facts(region)))
    accounts = accounts_text(START, region.members, region.companies, region.cooperations)
    includes = ["accounts.beancount", "parties.beancount", "plans.beancount"]
    if scenario.with_credits:
        accounts += wallets_text(START, region.members, region.companies)
        _write(folder / "pools.beancount", pools_text(START, region.companies))
        includes.append("pools.beancount")
    _write(folder / "accounts.beancount", accounts)
    _write(folder / "region.yaml", region_text(START, with_credits=scenario.with_credits))
    includes += [f"journal/{month}.beancount" for month in sorted(months)]
    _write(folder / "plain.beancount", main_text(includes, plugin=False))
    _write(folder / "main.beancount", main_text(includes, plugin=True))
    return folder / "main.beancount"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _people(scenario: Scenario) -> Region:
    region = Region(scenario, random.Random(scenario.seed))
    region.companies = [f"C{number:04}" for number in range(scenario.companies)]
    region.members = [f"M{number:05}" for number in range(scenario.members)]
    region.employer = {member: region.companies[i % scenario.companies] for i, member in enumerate(region.members)}
    region.services = [(f"service-{i:03}", region.random.choice(region.members)) for i in range(scenario.services)]
    return region


def _plan(region: Region) -> None:
    """Make the plans; the first ones of each cooperation begin on the first day, so that it always has a price."""
    scenario, rnd = region.scenario, region.random
    founding = round(scenario.plans * scenario.founding_plans)
    for number in range(scenario.plans):
        later = number >= founding
        quantity = rnd.randrange(2_000, 20_000)
        hours = quantity * rnd.randrange(20, 250) // 100  # 0.20 to 2.50 hours a unit
        means = (hours // 10, hours // 2, hours - hours // 10 - hours // 2)
        region.plans.append(
            Plan(
                name=f"plan-{number:05}",
                company=region.companies[number % scenario.companies],
                begins=rnd.randrange(scenario.later_plans_from, scenario.later_plans_until) if later else 0,
                days=rnd.randrange(90, 366) if later else scenario.days + rnd.randrange(1, 200),
                quantity=quantity,
                means=means,
                public=number % 17 == 16,
                seconds=rnd.randrange(1, 86_400) if later and scenario.timed else 0,
            )
        )
    productive = [plan for plan in region.plans if not plan.public]
    for number in range(min(scenario.cooperations, len(productive) // 5)):
        name = f"Coop{number:03}"
        # One in five plans of a cooperation comes later and ends earlier: the price moves while people consume.
        chosen = [*productive[number * 4 : number * 4 + 4], productive[-1 - number]]
        for plan in chosen:
            plan.cooperation = name
        region.cooperations[name] = chosen


def _paid_as(region: Region, member: str) -> dict[str, str]:
    """Occupation and productivity of an employment, where wages are paid."""
    if not region.scenario.with_credits:
        return {}
    number = region.members.index(member)
    return {"occupation": f'"{OCCUPATIONS[number % len(OCCUPATIONS)]}"', "productivity": f"0.{number % 9 + 1}"}


def _party_facts(region: Region) -> Iterator[Fact]:
    yield Fact(START, "accountant", ("carla",), {"name": '"Carla"'})
    for member in region.members:
        yield Fact(START, "member", (member,), {"name": f'"Member {member}"'})
    for company in region.companies:
        yield Fact(START, "company", (company,), {"name": f'"Company {company}"'})
    for member, company in region.employer.items():
        yield Fact(START, "employment", (company, member), _paid_as(region, member))
    for service, provider in region.services:
        yield Fact(START, "basic-service", (service, provider), {"name": f'"Service of {provider}"'})


def _plan_facts(region: Region) -> Iterator[Fact]:
    for name, plans in region.cooperations.items():
        values = {"name": f'"{name}"', "definition": '"the same product"'}
        yield Fact(START, "cooperation", (name, plans[0].company), values)
    for plan in region.plans:
        day = START + timedelta(plan.begins)
        p, r, a = plan.means
        values = {
            "product": f'"Product of {plan.name}"',
            "unit": '"piece"',
            "quantity": str(plan.quantity),
            "fixed-means": f"{p} HOUR",
            "raw-materials": f"{r} HOUR",
            "labour": f"{a} HOUR",
            "days": str(plan.days),
        }
        if plan.public:
            values["public"] = "TRUE"
        yield Fact(day, "plan", (plan.name, plan.company), values, plan.seconds)
        yield Fact(day, "plan-approval", (plan.name,), {"by": '"carla"'}, plan.seconds)
        if plan.cooperation:
            coordinator = region.cooperations[plan.cooperation][0].company
            joined = (plan.cooperation, plan.name)
            yield Fact(day, "cooperation-request", joined, {"by": f'"{plan.company}"'}, plan.seconds)
            yield Fact(day, "cooperation-acceptance", joined, {"by": f'"{coordinator}"'}, plan.seconds)


def _journal(region: Region) -> Iterator[tuple[int, str]]:
    """Yield each transaction with its day; of a worker no more than one registration a day."""
    scenario, rnd = region.scenario, region.random
    open_days = scenario.days - scenario.quiet_days
    for index in range(open_days):
        day = scenario.quiet_days + index
        count = scenario.transactions * (index + 1) // open_days - scenario.transactions * index // open_days
        works = [rnd.random() >= scenario.consumption_share for _ in range(count)]
        workers = rnd.sample(region.members, min(len(region.members), count))
        market = _market(region, day)
        for position, work in enumerate(works):
            time = _time(position, count) if scenario.timed else ""
            text = None if work else _consumption(region, market, day, time)
            yield day, text or _registration(region, workers.pop(), day, time)


def _time(position: int, count: int) -> str:
    """Spread the transactions over the day: each has an instant of its own."""
    microseconds = position * 86_400_000_000 // count
    seconds, rest = divmod(microseconds, 1_000_000)
    fraction = f".{rest:06}" if rest else ""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{fraction}"


def _market(region: Region, day: int) -> list[tuple[Plan, Fraction]]:
    """Return the plans that can be consumed on the whole day, with the price of a unit.

    On a day on which a plan joins a cooperation at some time, the plans of that cooperation are left alone.
    """
    prices: dict[str, Fraction | None] = {}
    for name, plans in region.cooperations.items():
        active = [plan for plan in plans if plan.is_active_all(day)]
        # A plan with a time of day changes the price within the day on which it begins, and on which it ends.
        moves = any(plan.seconds and day in (plan.begins, plan.begins + plan.days) for plan in plans)
        prices[name] = None if moves else sum((plan.cost for plan in active), Fraction(0)) / len(active)
    market = []
    for plan in region.plans:
        price = prices[plan.cooperation] if plan.cooperation else plan.cost
        if price is not None and plan.is_active_all(day):
            market.append((plan, price))
    return market


def _registration(region: Region, member: str, day: int, time: str) -> str:
    cents = region.random.choice((800, 800, 800, 750, 625, 400))
    region.surely_has_cents[member] += int(cents * SURELY_NET)
    company = region.employer[member]
    debit, credit = f"Assets:Companies:{company}:A", f"Assets:Members:{member}:Hours"
    return transaction_text(START + timedelta(day), time, (company, "a day's work"), (debit, credit, cents))


def _consumption(region: Region, market: list[tuple[Plan, Fraction]], day: int, time: str) -> str | None:
    """Write one consumption, or nothing when nobody who was asked can afford it."""
    rnd = region.random
    when = START + timedelta(day)
    if rnd.random() < 0.05 and region.services:
        return _service(region, when, time)
    plan, price = rnd.choice(market)
    quantity = rnd.choice((1, 1, 1, 2, 3))
    cents = round(price * quantity * 100)  # round() of a Fraction is exact and half-even
    credit = f"Liabilities:Companies:{plan.company}:PRD"
    if not plan.public and rnd.random() < 0.25:
        consumer = rnd.choice(region.companies)
        if consumer == plan.company:
            return None
        debit = f"Assets:Companies:{consumer}:{rnd.choice('PR')}"
    else:
        buyer = _buyer(region, cents)
        if buyer is None:
            return None
        region.surely_has_cents[buyer] -= cents
        consumer, debit = buyer, f"Assets:Members:{buyer}:Hours"
    return transaction_text(
        when, time, (consumer, "at the shop"), (debit, credit, cents), link=plan.name, quantity=quantity
    )


def _service(region: Region, when: date, time: str) -> str | None:
    service, provider = region.random.choice(region.services)
    credit = f"Assets:Members:{provider}:Hours"
    cents = region.random.choice((50, 100, 150))
    if region.random.random() < 0.3:
        consumer = region.random.choice(region.companies)
        debit = f"Assets:Companies:{consumer}:R"
    else:
        buyer = _buyer(region, cents)
        if buyer is None or buyer == provider:
            return None
        region.surely_has_cents[buyer] -= cents
        consumer, debit = buyer, f"Assets:Members:{buyer}:Hours"
    return transaction_text(when, time, (consumer, "a service"), (debit, credit, cents), link=service)


def _buyer(region: Region, cents: int) -> str | None:
    """Find a member who can surely pay, among a few who are asked."""
    for _ in range(20):
        member = region.random.choice(region.members)
        if region.surely_has_cents[member] >= cents:
            return member
    return None
