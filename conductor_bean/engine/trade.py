"""Purchases and other movements of credits between people, companies and those outside (RULES.md, part B)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.costs import QUANTITY_DIGITS
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.offers import JOB
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.offers import Offer
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Movement

Thing = TypeVar("Thing")


def check_parties(context: Context, movement: Movement) -> None:
    """Hold that everybody whose account is moved exists and takes part, and that no account pays itself.

    Raises:
        Rejection: of existence first, then of state, then `same-account`.
    """
    accounts = check_existence(context, movement)
    for account in accounts:
        if account.kind == "member_wallet":
            context.member(account.owner)
        elif account.kind == "company_wallet":
            context.company(account.owner)
    for transfer in movement.transfers:
        if transfer.debit is transfer.credit:
            raise Rejection("same-account", f"{transfer.debit.name} gives to itself; a transfer needs two accounts")


def check_existence(context: Context, movement: Movement) -> list[Account]:
    """Hold that everybody whose account is moved exists; say which accounts these are.

    Raises:
        Rejection: of existence.
    """
    accounts = [account for transfer in movement.transfers for account in (transfer.debit, transfer.credit)]
    for account in accounts:
        _exists(context, account)
    return accounts


def _exists(context: Context, account: Account) -> None:
    state, owner = context.state, account.owner
    if account.kind == "member_wallet":
        context.known(state.members, "member", owner, "member-not-found")
    elif account.kind == "company_wallet":
        context.known(state.companies, "company", owner, "company-not-found")
    elif account.kind == "bank":
        context.known(state.credits.banks, "bank", owner, "bank-not-found")
    elif account.kind == "pool":
        context.known(state.credits.pools, "pool", owner, "pool-not-found")
    elif account.kind == "clearing":
        context.known(state.credits.regions, "region", owner, "region-not-found")


def simple(context: Context, movement: Movement) -> Outcome:
    """Transfers that need nothing but two parties: gifts, and trade with other regions and their people."""
    check_parties(context, movement)
    return _without_derived(movement, Outcome(movement, movement.transfers))


def gift_across(context: Context, movement: Movement) -> Outcome:
    """A person gives to a person of another region, or is given: profit must not come home to a worker that way."""
    outcome = simple(context, movement)
    if movement.transfers[0].debit.kind == "clearing":
        neighbour = movement.transfers[0].debit.owner
        context.advise(
            "gift-without-crossing",
            f"this gift comes from {quoted(neighbour)} over its clearing account, and nothing here shows from whom; "
            "ask there what it was, for profits do not come home to workers as gifts",
        )
    return outcome


def external_purchase(context: Context, movement: Movement) -> Outcome:
    """Somebody buys outside the region; a company says what input to its production it is."""
    if movement.transfers[0].debit.kind == "company_wallet" and not input_of(movement):
        raise Rejection(
            "missing-input",
            'a company buys outside only what its production needs; say what it is with input:, such as input: "flour"',
        )
    _check_input(context, movement)
    return simple(context, movement)


def interregional_purchase(context: Context, movement: Movement) -> Outcome:
    """Somebody buys in another region; a company says what input to its production it is."""
    _check_input(context, movement)
    return simple(context, movement)


def _check_input(context: Context, movement: Movement) -> None:
    """Hold that whatever companies buy elsewhere is an input to their production.

    Raises:
        Rejection: `purchase-without-input`.
    """
    buyers = [transfer.debit.owner for transfer in movement.transfers if transfer.debit.kind == "company_wallet"]
    if buyers and not input_of(movement):
        context.object_to(
            "purchase-without-input",
            f"{quoted(buyers[0])} buys elsewhere only what its production needs; say what it is with input:, such as "
            'input: "flour"',
        )


def input_of(movement: Movement) -> str:
    """What input to production or upkeep was bought, as the transaction says."""
    return "" if movement.particulars is None else movement.particulars.input


def sale(context: Context, movement: Movement) -> Outcome:
    """A company sells outside the region; a link and `quantity:` say what, so that its units are counted."""
    check_parties(context, movement)
    outcome = _without_derived(movement, Outcome(movement, movement.transfers))
    offers = context.state.credits.offers
    sellers = {transfer.credit.owner for transfer in movement.transfers}
    mine = [link for link in sorted(movement.links) if link in offers and offers[link].company in sellers]
    if len(mine) == 1 and len(movement.transfers) == 1 and movement.quantity is not None:
        outcome.thing, outcome.sold = mine[0], scaled(movement.quantity)
    return outcome


def purchase(context: Context, movement: Movement) -> Outcome:
    """A person or company buys what a company offers, at its price at that instant."""
    transfer = movement.transfers[0]
    offers = context.state.credits.offers
    offer = linked(context, movement, offers, "offer-not-found", "offer")
    _exists(context, transfer.debit)
    if transfer.credit.owner != offer.company:
        _exists(context, transfer.credit)
    check_stands(context, offer)
    buyers = context.state.members if transfer.debit.kind == "member_wallet" else context.state.companies
    context.taking_part(buyers[transfer.debit.owner])
    _check_no_job(offer)
    if transfer.debit.kind == "company_wallet" and transfer.debit.owner == offer.company:
        raise Rejection(
            "buyer-is-seller", f"{quoted(offer.company)} offers {quoted(offer.id)}; no company buys from itself"
        )
    sold = _of_seller(context, movement, offer)
    return _without_derived(movement, Outcome(movement, movement.transfers, thing=offer.id, sold=sold))


def check_stands(context: Context, offer: Offer) -> None:
    """Hold that an offer was not taken back.

    Raises:
        Rejection: `offer-has-ended`, or that its company has.
    """
    if offer.ended is not None:
        seller = context.state.companies[offer.company]
        if seller.ended is not None:
            raise context.has_ended(seller)
        raise Rejection(
            "offer-has-ended",
            f"the offer {quoted(offer.id)} was taken back at {format_instant(offer.ended)}; link one that stands",
        )


def check_offered(context: Context, movement: Movement) -> tuple[str, int]:
    """Hold that what the region buys of a company is what that company offers, at its price; the offer, how much.

    Raises:
        Rejection: as of a purchase.
    """
    offer = linked(context, movement, context.state.credits.offers, "offer-not-found", "offer")
    check_stands(context, offer)
    _check_no_job(offer)
    return offer.id, _of_seller(context, movement, offer)


def _check_no_job(offer: Offer) -> None:
    if offer.kind == JOB:
        raise Rejection(
            "offer-is-a-job", f"{quoted(offer.id)} offers a job, which nobody buys; link a product or service"
        )


def _of_seller(context: Context, movement: Movement, offer: Offer) -> int:
    """Hold that the seller is paid the price of a quantity, which is returned in 10^-12 of a unit."""
    transfer = movement.transfers[0]
    if transfer.credit.owner != offer.company:
        raise Rejection(
            "account-is-not-sellers",
            f"{quoted(offer.id)} is offered by {offer.company}, not by {transfer.credit.owner}; credit "
            f"{context.company_wallets[offer.company].name}",
        )
    sold = scaled(movement.quantity)
    _check_amount(context, movement, offer, sold, movement.instant)
    return sold


def _check_amount(context: Context, movement: Movement, offer: Offer, sold: int, instant: int) -> None:
    right = _amount(offer.price, sold)
    units = movement.transfers[0].units
    if units != right and abs(units - right) > context.credits.tolerance:
        raise Rejection(
            "wrong-amount",
            f"{movement.quantity} x {quoted(offer.id)} cost {context.rsc(right)} at {format_instant(instant)}, "
            f"not {context.rsc(units)}; write {context.rsc(right)}",
        )


def price_of(price: int, quantity: int | Decimal) -> int:
    """What a quantity costs at a price a unit, in units of credits, rounded half-even.

    Raises:
        Rejection: `quantity-must-be-positive`.
    """
    return _amount(price, scaled(quantity))


def _amount(price: int, sold: int) -> int:
    return round_half_even(price * sold, 10**QUANTITY_DIGITS)


@lru_cache(maxsize=10_000)
def scaled(quantity: int | Decimal | None) -> int:
    """A quantity in 10^-12 of a unit.

    Raises:
        Rejection: `quantity-must-be-positive`.
    """
    exact = Fraction(quantity or 0) * 10**QUANTITY_DIGITS
    # A smaller number Beancount writes with an exponent, which it cannot read back.
    if exact < 10 ** (QUANTITY_DIGITS - 6) or exact.denominator != 1:
        raise Rejection(
            "quantity-must-be-positive",
            f"quantity: {Decimal(quantity or 0):.20g} is not a positive number, 0.000001 at least, with at most "
            f"{QUANTITY_DIGITS} digits after the point; write one such as 3 or 0.5",
        )
    return int(exact)


def _without_derived(movement: Movement, outcome: Outcome) -> Outcome:
    if movement.evidence is not None:
        names = ", ".join(sorted(movement.evidence))
        raise Rejection(
            "derived-without-cause", f"legs of {names} are recorded, but this event entails none; remove them"
        )
    return outcome


def linked(context: Context, movement: Movement, things: Mapping[str, Thing], code: str, kind: str) -> Thing:
    """The one thing of a kind that a transaction links; other links are free.

    Raises:
        Rejection: `missing-link`, `ambiguous-link`, or the code where none resolves.
    """
    if len(movement.links) == 1:
        (link,) = movement.links
        if link in things:
            return things[link]
    found = [link for link in movement.links if link in things]
    if len(found) == 1:
        return things[found[0]]
    if not movement.links:
        raise Rejection("missing-link", f"no link names the {kind}; add its ^id")
    if found:
        raise Rejection(
            "ambiguous-link",
            f"the links {', '.join('^' + link for link in sorted(found))} each name one {kind}; link the one that is "
            "meant",
        )
    links = sorted(movement.links)
    meant = [link for link in links if (kind, link) in context.state.missing] or [
        link for link in links if context.hint(link, things)
    ]
    return context.known(things, kind, (meant or links)[0], code)


HANDLERS: dict[str, Callable[[Context, Movement], Outcome]] = {
    "gift": simple,
    "purchase": purchase,
    "external_sale": sale,
    "external_purchase": external_purchase,
    "surcharge": simple,
    "interregional_purchase": interregional_purchase,
    "interregional_sale": sale,
    "interregional_gift": gift_across,
}
