"""What a transaction in regional credits means, what it entails, and why it may be refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.model.credits.checks import accounts_exist, approved, linked, nobody_ended, sides_of, signed, wage
from tests.model.credits.past import about, outstanding, whereabouts
from tests.model.credits.reading import transfers_of
from tests.model.credits.state import Offer
from tests.model.events import Transaction, account, kind_of, owner_of
from tests.model.state import RefusedError, State, Transfer


def evaluate_credits(state: State, transaction: Transaction) -> list[Transfer]:
    """All transfers of a transaction, recorded and derived, by everything but the balances; changes nothing."""
    try:
        transfers = transfers_of(state, transaction)
        if transaction.id in state.by_id:
            raise RefusedError("*")
        return RULES[transfers[0].type](state, transaction, transfers)
    except RefusedError as refused:
        if any(leg.amount for leg in transaction.legs):
            raise
        # Where nothing is paid, nobody can say who pays whom: only that it is refused is certain.
        raise RefusedError("*", *refused.missing) from refused


def only(transfers: list[Transfer]) -> Transfer:
    """What links something is one transfer."""
    if len(transfers) > 1:
        raise RefusedError("*")
    return transfers[0]


def two_parties(transfers: list[Transfer], also: str = "") -> None:
    """Nobody pays oneself; where that breaks another rule, too, either may be said."""
    if any(transfer.debit == transfer.credit for transfer in transfers):
        raise RefusedError(f"same-account|{also}")


def anybody(state: State, _transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """Gifts, sales outside, dealings with other regions: who takes part must exist and be there."""
    accounts_exist(state, transfers)
    nobody_ended(state, sides_of(transfers))
    two_parties(transfers)
    return transfers


def purchase(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """An offer at its price."""
    transfer = only(transfers)
    if transaction.quantity is None:
        raise RefusedError("missing-quantity")
    offer = linked(state, transaction, state.credits.offers, "offer-not-found")
    accounts_exist(state, transfers)
    stands(offer)
    nobody_ended(state, [transfer.debit])
    sells(offer)
    two_parties(transfers, "buyer-is-seller|account-is-not-sellers")
    if transfer.debit == account("company_wallet", offer.company):
        raise RefusedError("buyer-is-seller")
    at_offered_price(state, transaction, transfer, offer)
    return [replace(transfer, thing=offer.id)]


def stands(offer: Offer) -> None:
    if offer.ended is not None:
        # With its company an offer ends, too: either may be said.
        either = "offer-has-ended|company-is-bankrupt|company-has-ended|member-has-ended"
        raise RefusedError(either)


def sells(offer: Offer) -> None:
    if offer.kind == "job":
        raise RefusedError("offer-is-a-job")


def at_offered_price(state: State, transaction: Transaction, transfer: Transfer, offer: Offer) -> None:
    """Its seller is paid its price, as often as the quantity says."""
    if transfer.credit != account("company_wallet", offer.company):
        raise RefusedError("account-is-not-sellers")
    quantity = positive(transaction)
    assert offer.price is not None
    if transfer.amount != state.round_credits(Fraction(offer.price) * Fraction(quantity)):
        raise RefusedError("wrong-amount")


def sale(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """To somebody elsewhere; it may say how much of it was sold."""
    anybody(state, transaction, transfers)
    if transaction.quantity is not None:
        positive(transaction)
    return transfers


def positive(transaction: Transaction) -> Decimal:
    """A quantity is positive, and not finer than anybody can measure."""
    quantity = Decimal(transaction.quantity or 0)
    if quantity < Decimal("0.000001") or quantity != round(quantity, 12):
        raise RefusedError("quantity-must-be-positive")
    return quantity


def external_purchase(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """A company says what it bought."""
    by_company = any(kind_of(transfer.debit) == "company_wallet" for transfer in transfers)
    if by_company and not transaction.input:
        raise RefusedError("missing-input")
    return anybody(state, transaction, transfers)


def recorded_wage(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """Where labour time is off, the wage itself is written down."""
    accounts_exist(state, transfers)
    nobody_ended(state, sides_of(transfers))
    pairs = [(owner_of(transfer.debit), owner_of(transfer.credit)) for transfer in transfers]
    if any(pair not in state.employments for pair in pairs):
        raise RefusedError("worker-not-at-company")
    if len(set(pairs)) < len(pairs):
        raise RefusedError("*")
    computed = [
        wage(state, transaction, *pair, transfer.hours) for pair, transfer in zip(pairs, transfers, strict=True)
    ]
    if any(transfer.hours <= 0 for transfer in transfers):
        raise RefusedError("hours-worked-must-be-positive")
    if any(transfer.amount != due.amount for transfer, (due, _) in zip(transfers, computed, strict=True)):
        raise RefusedError("wrong-amount")
    return transfers + [tax for _, tax in computed]


def by_the_region(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """What the region spends or issues is approved."""
    accounts_exist(state, transfers)
    signed(state, transaction)
    nobody_ended(state, sides_of(transfers))
    approved(state, transaction)
    return transfers


def subsidy(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    accounts_exist(state, transfers)
    signed(state, transaction)
    nobody_ended(state, sides_of(transfers))
    if any(state.parties[owner_of(transfer.credit)].ownership != "regional" for transfer in transfers):
        raise RefusedError("company-is-not-regional")
    approved(state, transaction)
    return transfers


def early_repayment(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """A borrower pays back before it is due."""
    transfer = only(transfers)
    loan = linked(state, transaction, state.credits.loans, "loan-not-found")
    accounts_exist(state, transfers)
    nobody_ended(state, sides_of(transfers))
    if owner_of(transfer.debit) != loan.borrower or owner_of(transfer.credit) != loan.bank:
        raise RefusedError("*")
    if transfer.amount > outstanding(state, loan.id):
        raise RefusedError("repayment-exceeds-loan")
    return [replace(transfer, thing=loan.id), release(state, loan.id, transfer.amount)]


def release(state: State, loan: str, amount: Decimal) -> Transfer:
    """What is paid back is owed no longer."""
    granted = state.credits.loans[loan]
    kind = state.parties[granted.borrower].kind
    debt = account(f"{kind}_debt", granted.borrower)
    return Transfer("loan_release", account("claim", granted.bank), debt, amount, derived=True, thing=loan)


def outside_loan(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """Drawing on a loan from elsewhere, up to its principal in all; paying back whatever one likes."""
    transfer = only(transfers)
    loan = linked(state, transaction, state.credits.outside_loans, "loan-not-found")
    accounts_exist(state, transfers)
    nobody_ended(state, sides_of(transfers))
    drawing = transfer.type == "outside_loan"
    if owner_of(transfer.credit if drawing else transfer.debit) != loan.company:
        raise RefusedError("*")
    if drawing and about(state, loan.id, "outside_loan") + transfer.amount > loan.principal:
        raise RefusedError("wrong-amount")
    return [replace(transfer, thing=loan.id)]


def acquisition(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """A company pays for equipment or a facility that becomes the region's."""
    transfer = only(transfers)
    found = linked(state, transaction, state.credits.properties, "property-not-found")
    accounts_exist(state, transfers)
    nobody_ended(state, sides_of(transfers))
    if found.kind == "housing":
        raise RefusedError("*")
    if whereabouts(state, found.id) == "bought":
        raise RefusedError("property-is-acquired")
    two_parties(transfers)
    return [at_its_price(state, found.id, transfer)]


def property_dealing(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """The region buys or sells a property."""
    transfer = only(transfers)
    found = linked(state, transaction, state.credits.properties, "property-not-found")
    accounts_exist(state, transfers)
    signed(state, transaction)
    nobody_ended(state, sides_of(transfers))
    where = whereabouts(state, found.id)
    if transfer.type == "property_sale":
        if where == "sold":
            raise RefusedError("property-is-sold")
        if any(lease.thing == found.id and lease.ended is None for lease in state.credits.leases):
            raise RefusedError("*")
    elif where == "bought":
        raise RefusedError("property-is-acquired")
    approved(state, transaction)
    return [at_its_price(state, found.id, transfer)]


def upkeep(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """The region pays what rents are charged for: of a property that it has, and to a company for what that offers."""
    transfer = only(transfers)
    found = linked(state, transaction, state.credits.properties, "property-not-found")
    accounts_exist(state, transfers)
    signed(state, transaction)
    nobody_ended(state, sides_of(transfers))
    if whereabouts(state, found.id) == "sold":
        raise RefusedError("property-is-sold")
    if not transaction.input:
        raise RefusedError("missing-input")
    if kind_of(transfer.credit) == "company_wallet":
        offer = linked(state, transaction, state.credits.offers, "offer-not-found")
        stands(offer)
        sells(offer)
        at_offered_price(state, transaction, transfer, offer)
    approved(state, transaction)
    return [replace(transfer, thing=found.id)]


def at_its_price(state: State, name: str, transfer: Transfer) -> Transfer:
    """A property costs what it says."""
    price = state.credits.properties[name].price
    if price is None:
        raise RefusedError("property-has-no-price")
    if transfer.amount != price:
        raise RefusedError("wrong-amount")
    return replace(transfer, thing=name)


RULES: dict[str, Callable[[State, Transaction, list[Transfer]], list[Transfer]]] = {
    "gift": anybody,
    "purchase": purchase,
    "external_sale": sale,
    "external_purchase": external_purchase,
    "wage": recorded_wage,
    "surcharge": anybody,
    "loan_repayment": early_repayment,
    "outside_loan": outside_loan,
    "outside_repayment": outside_loan,
    "subsidy": subsidy,
    "upkeep": upkeep,
    "issue": by_the_region,
    "retire": by_the_region,
    "capitalization": by_the_region,
    "acquisition": acquisition,
    "property_purchase": property_dealing,
    "property_sale": property_dealing,
    "pooling": by_the_region,
    "interregional_purchase": anybody,
    "interregional_sale": sale,
    "interregional_gift": anybody,
    "settlement": by_the_region,
}
