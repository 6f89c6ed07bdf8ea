"""What the simulation knows of its people and companies; what they have is asked of the engine."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from conductor_bean.domain.plans import Plan
from conductor_bean.simulation.names import TRADES, Trade, company_id, company_name, member_id, member_name
from conductor_bean.simulation.scenario import Scenario

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.state import State
    from conductor_bean.simulation.recorder import Recorder

Thing = TypeVar("Thing")

APPROVERS = ("carla", "dora")
"""The accountants who approve what the region spends."""

ASKED = 6
"""How many are asked in turn before somebody is found who can pay."""


@dataclass(slots=True)
class Company:
    """A company.

    Attributes:
        id: Its id.
        trade: What it does.
        workers: Who works there.
        plans: How many plans it has filed.
        plan: Its last one, or "".
        live: Its plans that may be active.
        cooperation: The cooperation that its plans join, or "".
    """

    id: str
    trade: Trade
    workers: list[str] = field(default_factory=list)
    plans: int = 0
    plan: str = ""
    live: list[str] = field(default_factory=list)
    cooperation: str = ""

    @property
    def machine(self) -> str:
        """The id of the machine that it needs, a property of the region."""
        return f"{self.trade.equipment}-{self.id.lower()}"


@dataclass(slots=True)
class World:
    """The region as those see it who live in it.

    Attributes:
        scenario: What was asked for.
        recorder: The ledger and the engine.
        random: Chance.
        companies: All companies.
        members: Everybody who takes part so far, in order of arrival.
        names: What people call members and companies.
        employer: Where each member works.
        ready: Who may register hours today, in an order that chance decided.
        worked: Who did.
        market: Plans that can be consumed today.
        offers: What can be bought today.
        reserve: What each member keeps for the next close, in units of credits.
        counters: How many things of a kind have been named.
        agenda: What was arranged for a later day: in the morning, when facts are stated, or at noon, when things move.
    """

    scenario: Scenario
    recorder: Recorder
    random: random.Random
    companies: list[Company]
    members: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    employer: dict[str, Company] = field(default_factory=dict)
    ready: list[str] = field(default_factory=list)
    worked: set[str] = field(default_factory=set)
    market: list[Plan] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    reserve: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    agenda: dict[tuple[int, bool], list[Callable[[], object]]] = field(default_factory=dict)

    @property
    def day(self) -> datetime.date:
        """The present day."""
        return self.recorder.day

    @property
    def day_number(self) -> int:
        """Days since the first one."""
        return (self.day - self.scenario.first_day).days

    @property
    def days_left(self) -> int:
        """Days until the last one."""
        return (self.scenario.last_day - self.day).days

    @property
    def context(self) -> Context:
        """The engine's look-ups."""
        return self.recorder.machine.context

    @property
    def state(self) -> State:
        """The engine's state."""
        return self.recorder.machine.state

    def units(self, account: Account) -> int:
        """What an account holds."""
        return self.state.balances[account.name]

    def wallet(self, member: str) -> Account:
        """A member's wallet."""
        return self.context.member_wallets[member]

    def pool(self, company: str) -> Account:
        """A company's wallet."""
        return self.context.company_wallets[company]

    def account(self, kind: str, owner: str = "") -> Account:
        """Any other account."""
        return self.context.chart.of(kind, owner)

    def name(self, party: str) -> str:
        """What people call a member or company."""
        return self.names[party]

    def choice(self, things: Sequence[Thing]) -> Thing:
        """One of some things."""
        return things[self.random.randrange(len(things))]

    def happens(self, percent: float) -> bool:
        """Whether something happens that does so in some cases of a hundred."""
        return self.random.random() * 100 < percent

    def later(self, days: int, action: Callable[[], object], *, noon: bool = False) -> None:
        """Arrange something for the morning, or the noon, of a later day."""
        self.agenda.setdefault((self.day_number + days, noon), []).append(action)

    def keep_agenda(self, *, noon: bool = False) -> None:
        """Do what was arranged for now."""
        for action in self.agenda.pop((self.day_number, noon), ()):
            action()

    def next_id(self, kind: str) -> str:
        """The next id of a kind of thing: `loan-001`, `loan-002` ..."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return f"{kind}-{self.counters[kind]:03}"

    def part(self, units: int, least: float, most: float) -> int:
        """Some part of an amount, between two shares of it, in units."""
        return int(units * self.random.uniform(least, most))

    def monthly(self, count: float) -> int:
        """How often something happens today that happens so often a month, weekends and all."""
        whole, rest = divmod(count / 30, 1)
        return int(whole) + (self.random.random() < rest)

    def of_trade(self, **wanted: bool) -> list[Company]:
        """Companies whose trade is regional, public or a school, or is not."""
        return [c for c in self.companies if all(getattr(c.trade, key) is value for key, value in wanted.items())]


def found_world(scenario: Scenario, recorder: Recorder) -> World:
    """The world before its first day."""
    count = len(TRADES)
    companies = [Company(company_id(index), TRADES[index % count]) for index in range(scenario.companies)]
    # Not for secrets: the same seed has to give the same region.
    world = World(scenario, recorder, random.Random(scenario.seed), companies)  # noqa: S311
    world.names = {company_id(index): company_name(index) for index in range(scenario.companies)}
    world.names |= {member_id(index): member_name(index) for index in range(scenario.members)}
    return world
