"""What a region with regional credits decides, what it begins with, and how its months pass."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.model.credits.past import days_of, month_of
from tests.model.events import Decision, Event, Leg, Transaction, account
from tests.simulator import credit_facts

if TYPE_CHECKING:
    from tests.simulator.generator import Author

PRECISIONS = (Decimal("0.01"), Decimal("0.01"), Decimal("0.01"), Decimal("0.001"), Decimal(1))
NUMBERS = {
    "income_tax": ("0", "0.12", "0.12", "0.333", "1"),
    "sales_tax_internal": ("0", "0.05", "0.015"),
    "sales_tax_external": ("0", "0.001", "0.2"),
    "profit_at_rest_tax": ("0", "0.02", "0.1"),
    "dividend": ("0", "0.5", "0.5", "1"),
    "housing_markup": ("0", "0.05", "0.333"),
    "non_member_markup": ("0", "0.2"),
    "tuition_share": ("0", "0.25", "0.25", "1"),
    "approvals": ("1", "1", "2"),
    "schooling_pause_years": ("0", "1", "5"),
}
PAY = {
    "baker": (Decimal(18), Decimal(24)),
    "teacher": (Decimal(20), Decimal(20)),
    "smith": (Decimal("15.55"), Decimal("33.33")),
    "healer": (Decimal(0), Decimal("7.5")),
}


def with_credits(rng: random.Random, decisions: tuple[Decision, ...], *, labour: bool) -> tuple[Decision, ...]:
    """The same decisions, with rates and occupations; some of them change in the middle of a month."""
    numbers = {key: Decimal(rng.choice(values)) for key, values in NUMBERS.items()}
    # A die of its own, so that the same seeds tell the same stories of everything else.
    own = random.Random(str(numbers))
    if labour and own.random() < 0.5:
        numbers["wage_arrears"] = Decimal(1)
    if not labour:
        decisions = (Decision(decisions[0].since),)
    made = [replace(decisions[0], numbers=numbers, occupations=dict(PAY)), *decisions[1:]]
    day = date(2026, 1, 20)
    for _ in range(rng.choice((0, 1, 2, 3))):
        day += timedelta(days=rng.randint(0, 60))
        changed = {key: Decimal(rng.choice(NUMBERS[key])) for key in rng.sample(list(NUMBERS), rng.randint(1, 4))}
        if "wage_arrears" in numbers and own.random() < 0.2:
            changed["wage_arrears"] = Decimal(own.choice((0, 1)))
        pay = None if rng.random() < 0.2 else (Decimal(rng.randint(1, 30)), Decimal(rng.randint(30, 40)))
        made.append(
            Decision(day, None, "unchanged", changed, {rng.choice(list(PAY)): pay} if rng.random() < 0.4 else {})
        )
    return tuple(sorted(made, key=lambda decision: decision.since))


def opening_facts(author: Author, members: list[str], companies: list[str]) -> list[Event]:
    """Banks, neighbours, offers, property: what trade needs."""
    rng = author.rng
    facts: list[Event] = [author.fact("accountant", "dora")]
    facts += [
        author.fact("bank", name, says={"ownership": kind}) for name, kind in credit_facts.BANKS[: rng.randint(1, 3)]
    ]
    facts += [author.fact("region", name) for name in credit_facts.REGIONS]
    facts.append(author.fact("pool", "Transit", says={"with": "Lakeside", "purpose": "trams"}))
    facts += [
        author.fact("offer", author.fresh("offer"), company, says=credit_facts.offered(author)) for company in companies
    ]
    facts += [
        author.fact("property", author.fresh("apt"), says=credit_facts.costs(author)) for _ in range(rng.randint(1, 4))
    ]
    facts += [author.fact("wait-list", "housing", member) for member in members if rng.random() < 0.2]
    return facts


def opening_movements(author: Author, companies: list[str]) -> list[Event]:
    """Money is issued, and everybody has earned some."""
    rng = author.rng
    bank = credit_facts.BANKS[0][0]
    moved = {account("treasury"): author.credits(0, 20000), account("bank", bank): author.credits(100, 20000)}
    both = "carla, dora"
    issued = [
        Transaction(author.now, (Leg(account("issuance"), -amount), Leg(name, amount)), by=both, id=author.fresh("t"))
        for name, amount in moved.items()
        if amount
    ]
    earned: dict[str, Decimal] = defaultdict(Decimal)
    for company in companies:
        earned[account("company_wallet", company)] = author.credits(1, rng.choice((10, 1000, 9000)))
    sold = [
        Transaction(author.now, (Leg(account("outside"), -amount), Leg(name, amount)), transfer="external_sale")
        for name, amount in earned.items()
    ]
    return [*issued, *sold]


def months_to_close(since: datetime, until: datetime) -> list[date]:
    """The last days of months that lie between two instants."""
    days = [since.date() + timedelta(days=n) for n in range((until.date() - since.date()).days)]
    return [day for day in days if days_of(month_of(day))[-1] == day]
