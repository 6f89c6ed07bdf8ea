"""Random transactions: hours, the four kinds of consumption, and the mistakes that people make in them."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.model.events import Event, Leg, Transaction, account, is_component
from tests.model.state import Plan, Service, price

if TYPE_CHECKING:
    from tests.simulator.generator import Author

NARRATIONS = ("", "as always", "thanks", "in the morning")


def finished(author: Author, legs: list[Leg], links: tuple[str, ...] = (), quantity: int | None = None) -> Transaction:
    """A transaction with the things that do not matter, in any order."""
    rng = author.rng
    rng.shuffle(legs)
    identity = author.fresh("t") if rng.random() < 0.5 else None
    if links and rng.random() < 0.2:
        links = (*links, "anything/else")
    payee = rng.choice(("", "Somebody", "Anybody"))
    return Transaction(author.now, tuple(legs), links, quantity, identity, payee, rng.choice(NARRATIONS))


def work(author: Author) -> Transaction | None:
    """One company and some of its workers; sometimes one worker of two companies."""
    rng = author.rng
    pairs = sorted(author.state.employments)
    if not pairs:
        return None
    company, member = rng.choice(pairs)
    if author.touch(member):
        return None
    if author.wrong():
        stranger = author.one(author.parties("member", ended=True))
        member = stranger if is_component(stranger) else "Nobody"
    hours = author.amount(1, 12)
    others = [other for other, worker in pairs if worker == member and other != company]
    if others and rng.random() < 0.3:
        more = author.amount(1, 8)
        legs = [Leg(account("a", company), -hours), Leg(account("a", others[0]), -more)]
        return finished(author, [*legs, Leg(account("member", member), hours + more)])
    workers = {member: hours}
    colleagues = [worker for at, worker in pairs if at == company and worker != member]
    if rng.random() < 0.3:
        for colleague in rng.sample(colleagues, rng.randint(0, len(colleagues))):
            if author.touch(colleague):
                continue
            workers[colleague] = author.amount(1, 12)
    legs = [Leg(account("member", name), amount) for name, amount in workers.items()]
    return finished(author, [Leg(account("a", company), -sum(workers.values(), Decimal(0))), *legs])


def consumer_account(author: Author, *, service: bool) -> str:
    """Who consumes: a member, or a company from one of its accounts."""
    kind = author.rng.choice(("member", "member", "r") if service else ("member", "member", "p", "r"))
    name = author.one(author.parties("member" if kind == "member" else "company"))
    return account(kind, name if is_component(name) else "Nobody")


def consume(author: Author) -> Transaction | None:
    """A product of a plan."""
    rng = author.rng
    plans = author.plans("active")
    if not plans:
        return None
    together = [plan for plan in plans if plan.cooperation is not None]
    plan = rng.choice(together if together and rng.random() < 0.5 else plans)
    debit = consumer_account(author, service=False)
    if plan.terms.public and rng.random() < 0.8:
        debit = account("member", rng.choice(author.parties("member") or ["Nobody"]))
    elif debit in (account("p", plan.planner), account("r", plan.planner)) and rng.random() < 0.8:
        return None
    return consumption(author, plan, debit, rng.choice((1, 1, 2, 3, 9, 10, 40)))


def consumption(author: Author, plan: Plan, debit: str, quantity: int) -> Transaction:
    cost = author.state.round(price(author.state, plan, author.now) * quantity)
    legs = [Leg(debit, -cost), Leg(account("prd", plan.planner), cost)]
    return finished(author, legs, (plan.id,), quantity)


def serve(author: Author) -> Transaction | None:
    """Somebody's basic service."""
    rng = author.rng
    services: list[Service] = [s for s in author.state.services.values() if s.ended is None or author.wrong()]
    if not services:
        return None
    service = rng.choice(services)
    hours = author.amount(1, 30)
    debit = consumer_account(author, service=True)
    if debit == account("member", service.provider) and rng.random() < 0.8:
        return None
    return finished(author, [Leg(debit, -hours), Leg(account("member", service.provider), hours)], (service.id,))


def scaled(transaction: Transaction, factor: Decimal) -> Transaction:
    return replace(transaction, legs=tuple(Leg(leg.account, leg.amount * factor) for leg in transaction.legs))


def wrong_amount(author: Author, transaction: Transaction) -> Transaction:
    """Off by the smallest step there is, on both sides."""
    if len(transaction.legs) != 2:
        return scaled(transaction, Decimal(2))
    low, high = sorted(transaction.legs, key=lambda leg: leg.amount)
    step = author.region.precision
    legs = (Leg(low.account, low.amount - step), Leg(high.account, high.amount + step))
    return replace(transaction, legs=legs)


def nothing(_author: Author, transaction: Transaction) -> Transaction:
    return scaled(transaction, Decimal(0))


def backwards(_author: Author, transaction: Transaction) -> Transaction:
    return scaled(transaction, Decimal(-1))


def too_fine(author: Author, transaction: Transaction) -> Transaction:
    """More digits than the commodity has."""
    if len(transaction.legs) != 2:
        return backwards(author, transaction)
    low, high = sorted(transaction.legs, key=lambda leg: leg.amount)
    step = author.region.precision / 10
    return replace(transaction, legs=(Leg(low.account, low.amount - step), Leg(high.account, high.amount + step)))


def no_links(_author: Author, transaction: Transaction) -> Transaction:
    return replace(transaction, links=())


def another_link(author: Author, transaction: Transaction) -> Transaction:
    things = [*author.state.plans, *author.state.services, *author.ghosts]
    return replace(transaction, links=(author.rng.choice(things),))


def two_links(author: Author, transaction: Transaction) -> Transaction:
    return replace(transaction, links=(*transaction.links, author.rng.choice([*author.state.plans])))


def another_quantity(author: Author, transaction: Transaction) -> Transaction:
    if transaction.quantity is None:
        return no_links(author, transaction)
    return replace(transaction, quantity=author.rng.choice((None, 0, -3, transaction.quantity + 1)))


def another_account(author: Author, transaction: Transaction) -> Transaction:
    """One leg on any other account of the seven kinds."""
    names = [*author.parties("member"), *author.parties("company"), *author.state.cooperations, "Nobody"]
    kind = author.rng.choice(("p", "r", "a", "prd", "member", "psf", "cooperation"))
    legs = list(transaction.legs)
    place = author.rng.randrange(len(legs))
    legs[place] = Leg(account(kind, author.rng.choice(names)), legs[place].amount)
    return replace(transaction, legs=tuple(legs))


def used_id(author: Author, transaction: Transaction) -> Transaction:
    ids = sorted(author.state.by_id)
    return replace(transaction, id=author.rng.choice(ids)) if ids else nothing(author, transaction)


MISTAKES = (
    wrong_amount,
    wrong_amount,
    nothing,
    backwards,
    too_fine,
    no_links,
    another_link,
    two_links,
    another_quantity,
    another_account,
    another_account,
    used_id,
)


def shuffled(rng: random.Random, events: list[Event]) -> list[Event]:
    """The same events in another order."""
    return rng.sample(events, len(events))
