"""Random transactions of the region: what it issues, spends, buys and sells, and settles with others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.model.credits.past import whereabouts
from tests.model.events import Leg, Transaction, account, is_component
from tests.simulator.credit_movements import paid, shared, wallet, what
from tests.simulator.movements import finished

if TYPE_CHECKING:
    from tests.simulator.generator import Author


def approved(author: Author, transaction: Transaction | None) -> Transaction | None:
    """Signed by enough accountants, mostly."""
    if transaction is None:
        return None
    rng = author.rng
    names = sorted(author.state.accountants) or ["carla"]
    wanted = int(author.region.number("approvals", author.now))
    signed = rng.sample(names, min(len(names), wanted))
    if author.wrong():
        former = sorted(author.state.former_accountants)
        signed = rng.choice(([], ["nobody"], ["carla", "carla"], [*signed, *former], former))
    return replace(transaction, by=", ".join(signed) or None)


def subsidize(author: Author) -> Transaction | None:
    regional = [name for name in author.parties("company") if author.state.parties[name].ownership == "regional"]
    names = regional if regional and not author.wrong() else author.parties("company")
    company = account("company_wallet", author.one(names)) if names else wallet(author, "company")
    if not is_component(company.split(":")[2]):
        return None
    made = paid(author, account("treasury"), company, what(author, account("treasury")), transfer="subsidy")
    return approved(author, made)


def issue(author: Author) -> Transaction | None:
    """Money comes into being, or ends; the treasury gives a bank its capital."""
    rng = author.rng
    treasury, bank = account("treasury"), account("bank", author.one(sorted(author.state.credits.banks)))
    if not is_component(bank.split(":")[2]):
        return None
    choice = rng.random()
    if choice < 0.1:
        parts = {treasury: author.credits(1, 500), bank: author.credits(1, 500)}
        made: Transaction | None = shared(author, account("issuance"), parts)
    elif choice < 0.4:
        made = paid(author, account("issuance"), rng.choice((treasury, bank)), author.credits(1, 5000))
    elif choice < 0.6:
        owner = rng.choice((treasury, bank))
        made = paid(author, owner, account("issuance"), what(author, owner))
    else:
        made = paid(author, treasury, bank, what(author, treasury))
    return approved(author, made)


def deal_in_property(author: Author) -> Transaction | None:
    """The region buys or sells; a company buys what becomes the region's."""
    rng, state = author.rng, author.state
    known = [found for found in state.credits.properties.values() if found.price is not None or author.wrong()]
    if not known:
        return None
    found = rng.choice(known)
    if found.id in author.changed or author.touch(("property", found.id)):
        return None
    where, amount = whereabouts(state, found.id), found.price or author.credits(1, 50)
    leased = any(stay.thing == found.id and stay.ended is None for stay in state.credits.leases)
    other = account("outside") if rng.random() < 0.4 else wallet(author)
    if where == "" and found.kind != "housing" and rng.random() < 0.4:
        seller = account("outside") if rng.random() < 0.6 else wallet(author, "company")
        buyer = wallet(author, "company")
        if buyer == seller:
            return None
        return paid(author, buyer, seller, amount, link=found.id, transfer="acquisition")
    if (where != "sold" and (not leased or author.wrong()) and rng.random() < 0.4) or (
        where == "bought"
    ) != author.wrong():
        made = paid(author, other, account("treasury"), amount, link=found.id, transfer="property_sale")
        return approved(author, made)
    made = paid(author, account("treasury"), other, amount, link=found.id, transfer="property_purchase")
    return approved(author, made)


def keep_up(author: Author) -> Transaction | None:
    """What the region pays for its property: to somebody elsewhere, or to a company for what that offers."""
    rng, state = author.rng, author.state
    things = [name for name in state.credits.properties if author.wrong() or whereabouts(state, name) != "sold"]
    if not things:
        return None
    name = rng.choice(things)
    if name in author.changed or author.touch(("property", name)):
        return None
    told = None if author.wrong() else "maintenance"
    treasury = account("treasury")
    offers = [found for found in state.credits.offers.values() if found.ended is None and found.price]
    if offers and rng.random() < 0.6:
        found = rng.choice(offers)
        quantity = rng.choice((1, 2, Decimal("0.5")))
        amount = state.round_credits(Fraction(found.price or 1) * Fraction(quantity))
        if amount > state.balances[treasury] and not author.wrong():
            return None
        links = (name, found.id) if not author.wrong() else (name,)
        legs = [Leg(treasury, -amount), Leg(account("company_wallet", found.company), amount)]
        made = replace(finished(author, legs, links), quantity=quantity, transfer="upkeep", input=told)
        return approved(author, made) if amount else None
    plain = paid(author, treasury, account("outside"), what(author, treasury), link=name, transfer="upkeep")
    return None if plain is None else approved(author, replace(plain, input=told))


def pool(author: Author) -> Transaction | None:
    """Into what is shared with other regions, or out of it."""
    rng = author.rng
    name = account("pool", rng.choice(("Transit", "Transit", "Transit", "Net")))
    if rng.random() < 0.5:
        debit = rng.choice((account("treasury"), account("clearing", "Lakeside")))
        amount = what(author, debit) if debit == account("treasury") else author.credits(1, 500)
        return approved(author, paid(author, debit, name, amount))
    credit = rng.choice(
        (account("treasury"), account("outside"), account("clearing", "Hills"), wallet(author, "company"))
    )
    return approved(author, paid(author, name, credit, what(author, name)))


def settle(author: Author) -> Transaction | None:
    treasury, clearing = account("treasury"), account("clearing", author.rng.choice(("Lakeside", "Hills")))
    if author.rng.random() < 0.5:
        return approved(author, paid(author, treasury, clearing, what(author, treasury)))
    return approved(author, paid(author, clearing, treasury, author.credits(1, 300), transfer="settlement"))


SPENDING = {
    subsidize: 1,
    issue: 1.5,
    deal_in_property: 2,
    keep_up: 2,
    pool: 1,
    settle: 1,
}
