"""The mistakes that people make in transactions in regional credits, and text that cannot mean anything there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from tests.model.credits.reading import RECORDED
from tests.model.events import Leg, Transaction, account, is_component
from tests.simulator.nonsense import directive, movement

if TYPE_CHECKING:
    from tests.simulator.generator import Author


def scaled(transaction: Transaction, factor: Decimal) -> Transaction:
    legs = tuple(replace(leg, amount=leg.amount * factor) for leg in transaction.legs)
    return replace(transaction, legs=legs)


def off_by(transaction: Transaction, step: Decimal) -> Transaction:
    """The least and the greatest leg a little more apart."""
    low, *between, high = sorted(transaction.legs, key=lambda leg: leg.amount)
    lower, higher = replace(low, amount=low.amount - step), replace(high, amount=high.amount + step)
    return replace(transaction, legs=(lower, *between, higher))


def wrong_amount(author: Author, transaction: Transaction) -> Transaction:
    return off_by(transaction, author.region.credits or Decimal(1))


def too_fine(author: Author, transaction: Transaction) -> Transaction:
    return off_by(transaction, (author.region.credits or Decimal(1)) / 10)


def backwards(_author: Author, transaction: Transaction) -> Transaction:
    return scaled(transaction, Decimal(-1))


def too_much(_author: Author, transaction: Transaction) -> Transaction:
    return scaled(transaction, Decimal(1000))


def no_links(_author: Author, transaction: Transaction) -> Transaction:
    return replace(transaction, links=())


def another_link(author: Author, transaction: Transaction) -> Transaction:
    credits_ = author.state.credits
    things = [*credits_.offers, *credits_.properties, *credits_.loans, *credits_.outside_loans, *author.ghosts]
    return replace(transaction, links=(author.rng.choice(things),))


def two_links(author: Author, transaction: Transaction) -> Transaction:
    things = [*author.state.credits.offers, *author.state.credits.loans, "nothing"]
    return replace(transaction, links=(*transaction.links, author.rng.choice(things)))


def another_quantity(author: Author, transaction: Transaction) -> Transaction:
    if transaction.quantity is None:
        return no_links(author, transaction)
    wrong = (None, 0, -3, transaction.quantity + 1, Decimal("0.0000000000001"))
    return replace(transaction, quantity=author.rng.choice(wrong))


def another_account(author: Author, transaction: Transaction) -> Transaction:
    """One leg on any other account of regional credits."""
    names = [*author.parties("member"), *author.parties("company"), "Nobody", "PublicBank", "Lakeside", "Transit"]
    kinds = ("member_wallet", "company_wallet", "treasury", "pool", "bank", "claim", "company_debt")
    kind = author.rng.choice((*kinds, "issuance", "outside", "clearing"))
    legs = list(transaction.legs)
    place = author.rng.randrange(len(legs))
    legs[place] = replace(legs[place], account=account(kind, author.rng.choice(names)))
    return replace(transaction, legs=tuple(legs))


def another_party(author: Author, transaction: Transaction) -> Transaction:
    """One leg on somebody else's account of the same kind."""
    legs = list(transaction.legs)
    place = author.rng.randrange(len(legs))
    parts = legs[place].account.split(":")
    if parts[1] not in ("Members", "Companies"):
        return another_account(author, transaction)
    name = author.one(author.parties("member" if parts[1] == "Members" else "company", ended=True))
    parts[2] = name if is_component(name) else "Nobody"
    legs[place] = replace(legs[place], account=":".join(parts))
    return replace(transaction, legs=tuple(legs))


def another_seller(author: Author, transaction: Transaction) -> Transaction:
    """The wallet of a company that does not sell this is credited, or the buyer is the seller."""
    low, high = sorted(transaction.legs, key=lambda leg: leg.amount)
    company = account("company_wallet", author.rng.choice([*author.parties("company"), "Nobody"]))
    if author.rng.random() < 0.5:
        return replace(transaction, legs=(low, replace(high, account=company)))
    return replace(transaction, legs=(replace(low, account=high.account), high))


def another_transfer(author: Author, transaction: Transaction) -> Transaction:
    if transaction.transfer is not None and author.rng.random() < 0.5:
        return replace(transaction, transfer=None)
    names = [*RECORDED, "dividend", "liquidation", "taxes"]
    return replace(transaction, transfer=author.rng.choice(names))


def nobody_approves(author: Author, transaction: Transaction) -> Transaction:
    return replace(transaction, by=author.rng.choice((None, "emil", "carla, carla"))) if transaction.by else transaction


def other_hours(author: Author, transaction: Transaction) -> Transaction:
    """Of a recorded wage: none, too many, none said."""
    if all(leg.hours is None for leg in transaction.legs):
        return wrong_amount(author, transaction)
    changed = author.rng.choice((None, Decimal(0), Decimal(-1), Decimal(30), Decimal("0.5")))
    hurt = [leg if leg.hours is None else replace(leg, hours=changed) for leg in transaction.legs]
    return replace(transaction, legs=tuple(hurt))


def used_id(author: Author, transaction: Transaction) -> Transaction:
    ids = sorted(author.state.by_id)
    return replace(transaction, id=author.rng.choice(ids)) if ids else wrong_amount(author, transaction)


def mixed(author: Author, transaction: Transaction) -> Transaction:
    """Hours and credits in one, each of them balanced."""
    if not author.region.labour:
        return backwards(author, transaction)
    company, member = author.parties("company"), author.parties("member")
    if not company or not member:
        return backwards(author, transaction)
    hours = (Leg(account("a", company[0]), Decimal(-1)), Leg(account("member", member[0]), Decimal(1)))
    return replace(transaction, legs=(*transaction.legs, *hours))


Mistake: TypeAlias = "Callable[[Author, Transaction], Transaction]"
MISTAKES: tuple[Mistake, ...] = (
    wrong_amount,
    wrong_amount,
    too_fine,
    backwards,
    too_much,
    no_links,
    another_link,
    two_links,
    another_quantity,
    another_quantity,
    another_account,
    another_account,
    another_party,
    another_party,
    another_transfer,
    another_transfer,
    nobody_approves,
    other_hours,
    used_id,
    mixed,
)

# What goes wrong at a purchase in particular.
MISTAKES_OF_PURCHASES = (no_links, another_quantity, another_party, another_seller, wrong_amount)


def mistakes_of(author: Author, transaction: Transaction) -> tuple[Mistake, ...]:
    """The mistakes that may be made in a transaction."""
    is_purchase = transaction.quantity is not None and len(transaction.legs) == 2
    return MISTAKES_OF_PURCHASES if is_purchase and author.rng.random() < 0.5 else MISTAKES


WALLET, TREASURY = "Assets:Companies:{company}:Wallet", "Assets:Region:Treasury"
MEMBER = "Assets:Members:{member}:Wallet"
TEXTS = (
    directive('"bank" "lower"', 'ownership: "regional"'),
    directive('"bank" "NoOwner"', 'ownership: "private"'),
    directive('"bankruptcy" "NoSuchCompany"', 'by: "carla"'),
    directive('"offer" "o-1" "{company}"', 'product: "x"', 'unit: "y"', 'kind: "wonder"', "price: 1 RSC"),
    directive('"offer" "o-1" "{company}"', 'product: "x"', 'unit: "y"', 'kind: "product"', "price: -1 RSC"),
    directive('"offer" "o-1" "{company}"', 'product: "x"', 'unit: "y"', 'kind: "product"', "price: 1 EUR"),
    directive('"property" "p-1"', 'kind: "castle"', "maintenance: 1 RSC"),
    directive('"property" "p-1"', 'kind: "housing"', "maintenance: -1 RSC"),
    directive('"lease" "p-1"'),
    directive('"loan" "l-1" "PublicBank" "{company}"', "principal: -5 RSC", "yearly-rate: 0.02", "months: 12"),
    directive('"loan" "l-1" "PublicBank" "{company}"', "principal: 5 RSC", "yearly-rate: -0.02", "months: 12"),
    directive('"loan" "l-1" "PublicBank" "{company}"', "principal: 5 RSC", "yearly-rate: 0.02", "months: 0"),
    directive('"loan" "l-1" "PublicBank" "{company}"', "yearly-rate: 0.02", "months: 12"),
    directive('"loan" "l-1" "PublicBank"', "principal: 5 RSC", "yearly-rate: 0.02", "months: 12"),
    directive('"employment" "{company}" "{member}"', 'occupation: "baker"', "productivity: 1.5"),
    directive('"month-close" "January"'),
    directive('"offerr" "o-1" "{company}"'),
    movement("unbalanced", f"{WALLET}  -8 RSC", "Equity:Outside  7 RSC"),
    movement("a typo", "Assets:Companies:{company}:Walet  -8 RSC", "Equity:Outside  8 RSC"),
    movement("another commodity", f"{WALLET}  -8 EUR", f"{MEMBER}  8 EUR"),
    movement("a price", f"{WALLET}  -8 RSC @ 1 HOUR", "Equity:Outside  8 RSC"),
    movement("no cause", f"{TREASURY}  -1 RSC", '  transfer: "dividend"', f"{MEMBER}  1 RSC", '  transfer: "dividend"'),
    movement("to a person", f"{TREASURY}  -1 RSC", f"{MEMBER}  1 RSC", '  transfer: "dividend"'),
    movement("two and two", f"{WALLET}  -4 RSC", f"{TREASURY}  -4 RSC", f"{MEMBER}  4 RSC", "Equity:Outside  4 RSC"),
    movement("not our accounts", "Assets:Cash  -4 RSC", f"{MEMBER}  4 RSC"),
)
