"""Random histories of cooperations, as the app would have recorded them: only their traces in prices remain."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from conductor_bean.domain import instants
from conductor_bean.domain.instants import DAY
from conductor_bean.importers.workers_control.records import (
    Account,
    App,
    Approval,
    Consumption,
    Cooperation,
    Party,
    Plan,
    Tenure,
    Transfer,
)

START = instants.start_of(datetime.date(2024, 1, 1))
MEMBER = "a" * 32
COMPANY = "b" * 32


def plan(
    uuid: str,
    *,
    approved: int | None = START,
    cost: Decimal | int = 1,
    quantity: int = 1,
    days: int = 30,
    home: str | None = None,
    product: str = "bread",
    requested: str | None = None,
) -> Plan:
    """A productive plan; its labour is all that it costs."""
    return Plan(
        uuid=uuid,
        filed=approved or START,
        planner=COMPANY,
        fixed_means=Decimal(0),
        raw_materials=Decimal(0),
        labour=Decimal(cost),
        product=product,
        unit="",
        quantity=quantity,
        description="",
        days=days,
        public=False,
        hidden=False,
        requested=requested,
        home=home,
        approved=approved,
    )


def at_ten_decimals(value: Fraction) -> Decimal:
    """An amount as SQLite keeps it and the app reads it."""
    return Decimal(repr(float(value))).quantize(Decimal("1e-10"))


@dataclass
class History:
    """Builds an app by playing what happens in it.

    Attributes:
        homes: The cooperation of each plan at present, by uuid.
    """

    plans: dict[str, Plan] = field(default_factory=dict)
    cooperations: list[Cooperation] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)
    app: App = field(default_factory=App)
    count: int = 0

    def plan(self, cost: Decimal | int, *, day: int = 0, days: int = 300, quantity: int = 1) -> str:
        """Approves a plan on a day."""
        made = plan(self._uuid(), approved=START + day * DAY, cost=cost, quantity=quantity, days=days)
        self.plans[made.uuid] = made
        return made.uuid

    def cooperation(self, instant: int = START) -> str:
        """Founds a cooperation."""
        uuid = self._uuid()
        tenure = Tenure(self._uuid(), COMPANY, instant)
        self.cooperations.append(Cooperation(uuid, instant, f"C{uuid[-4:]}", "", (tenure,), ()))
        return uuid

    def consume(self, uuid: str, instant: int, quantity: int = 1, tampered: Decimal | int = 0) -> Consumption:
        """Consumes of a plan at the price of that instant."""
        own, home = self.plans[uuid].cost, self.homes.get(uuid)
        active = [self.plans[other] for other, place in self.homes.items() if place == home]
        members = [other.cost for other in active if other.is_active(instant)]
        price = sum(members, Fraction(0)) / len(members) if home else own
        prd, member = Account("prd", COMPANY), Account("member", MEMBER)
        paid = self._transfer(instant, member, prd, price * quantity + Fraction(tampered), "private_consumption")
        compensation = None
        if home and price != own:
            shared = Account("cooperation", home)
            sides, kind = ((prd, shared), "coop") if price > own else ((shared, prd), "company")
            compensation = self._transfer(instant, *sides, abs(price - own) * quantity, f"compensation_for_{kind}")
        consumption = Consumption(self._uuid(), uuid, paid, compensation, quantity)
        self.app.consumptions.append(consumption)
        return consumption

    def done(self) -> App:
        """The app as it is at the end."""
        self.app.members = [Party(MEMBER, "Ada", START)]
        self.app.companies = [Party(COMPANY, "Bakery", START)]
        self.app.cooperations = self.cooperations
        self.app.plans = [
            plan(
                made.uuid,
                approved=made.approved,
                cost=made.labour,
                quantity=made.quantity,
                days=made.days,
                home=self.homes.get(made.uuid),
            )
            for made in self.plans.values()
        ]
        for made in self.app.plans:
            self._approve(made)
        return self.app

    def _approve(self, made: Plan) -> None:
        assert made.approved is not None
        prd = Account("prd", COMPANY)
        credits_ = [
            self._transfer(made.approved, prd, Account(kind, COMPANY), Fraction(value), f"credit_{kind}")
            for kind, value in (("p", made.fixed_means), ("r", made.raw_materials), ("a", made.labour))
        ]
        self.app.approvals.append(Approval(self._uuid(), made.uuid, made.approved, tuple(credits_)))

    def _transfer(self, instant: int, debit: Account, credit: Account, value: Fraction, kind: str) -> Transfer:
        transfer = Transfer(self._uuid(), instant, debit, credit, at_ten_decimals(value), kind)
        self.app.transfers.append(transfer)
        return transfer

    def _uuid(self) -> str:
        self.count += 1
        return f"{self.count:032x}"


def random_history(
    seed: int, *, plans: int, cooperations: int, events: int, days: int, consuming: float, even: bool
) -> App:
    """An app in which plans join and leave far more often than in life.

    Args:
        seed: What makes it the same each time.
        plans: How many plans there are.
        cooperations: How many cooperations there are.
        events: How often something happens.
        days: How long it lasts.
        consuming: The share of events that are consumption; the others are joins and exits.
        even: Whether costs are small whole numbers, so that many sets of plans have one mean.
    """
    chance = random.Random(seed)
    history = History()
    for _ in range(cooperations):
        history.cooperation(START + chance.randrange(days * DAY // 5))
    for _ in range(plans):
        quantity = chance.choice([1, 3, 7, 10, 13, 40, 100])
        cost = Decimal(chance.choice([1, 2, 3, 5, 10]) * quantity) if even else Decimal(chance.randrange(10**6)) / 100
        history.plan(
            cost, day=chance.randrange(days * 4 // 5), days=chance.choice([7, 14, 30, 90, 200]), quantity=quantity
        )
    for instant in sorted(START + chance.randrange(days * DAY) for _ in range(events)):
        active = [uuid for uuid, made in history.plans.items() if made.is_active(instant)]
        founded = [cooperation.uuid for cooperation in history.cooperations if cooperation.created <= instant]
        if not active:
            continue
        uuid = chance.choice(active)
        if chance.random() < consuming:
            history.consume(uuid, instant, chance.choice([1, 2, 3, 5, 8, 12]))
        elif uuid not in history.homes and founded and chance.random() < 0.6:
            history.homes[uuid] = chance.choice(founded)
        elif history.homes:
            history.homes.pop(chance.choice(list(history.homes)))
    return history.done()
