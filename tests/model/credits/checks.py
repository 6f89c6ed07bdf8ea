"""What several movements of credits check: that accounts exist, that who acts may, what a link names."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from tests.model.events import Transaction, account, kind_of, owner_of
from tests.model.state import RefusedError, State, Transfer

PERSONAL = {"member_wallet": "member", "company_wallet": "company"}
Thing = TypeVar("Thing")


def accounts_exist(state: State, transfers: list[Transfer]) -> None:
    """Every owner is somebody whom the region knows, as what the account says."""
    for name in sides_of(transfers):
        kind, owner = kind_of(name), owner_of(name)
        known = {"bank": state.credits.banks, "pool": state.credits.pools, "clearing": state.credits.regions}
        if kind in known and owner not in known[kind]:
            raise RefusedError("*", owner)
        if kind in PERSONAL and (owner not in state.parties or state.parties[owner].kind != PERSONAL[kind]):
            raise RefusedError("*", owner)


def sides_of(transfers: list[Transfer]) -> list[str]:
    """The accounts that take part."""
    return sorted({side for transfer in transfers for side in (transfer.debit, transfer.credit)})


def nobody_ended(state: State, accounts: list[str]) -> None:
    """Who has ended takes part in nothing new."""
    for name in accounts:
        if kind_of(name) in PERSONAL and (party := state.parties[owner_of(name)]).ended is not None:
            raise RefusedError("company-is-bankrupt" if party.bankrupt else "*")


def signers(transaction: Transaction) -> set[str]:
    """Who stands in `by:`."""
    return {name.strip() for name in (transaction.by or "").split(",") if name.strip()}


def signed(state: State, transaction: Transaction) -> None:
    """`by:` names accountants in office."""
    names = signers(transaction)
    for name in sorted(names):
        if name not in state.accountants and name not in state.former_accountants:
            raise RefusedError("accountant-not-found", name)
    if names & state.former_accountants:
        # Where a party has ended, too, either may be said.
        raise RefusedError("accountant-has-ended|company-is-bankrupt|company-has-ended|member-has-ended")


def approved(state: State, transaction: Transaction) -> None:
    """They are as many as the region wants."""
    if len(signers(transaction)) < state.region.number("approvals", transaction.instant):
        raise RefusedError("missing-approvals")


def linked(state: State, transaction: Transaction, things: dict[str, Thing], code: str) -> Thing:
    """What the one link that resolves names."""
    if not transaction.links:
        raise RefusedError("*")
    found = [link for link in sorted(set(transaction.links)) if link in things]
    if len(found) > 1:
        raise RefusedError("*", *transaction.links)
    if not found:
        other = any(link in names_of_things(state) for link in transaction.links)
        raise RefusedError("*" if other else code, *transaction.links)
    return things[found[0]]


def names_of_things(state: State) -> set[str]:
    """The one namespace of all that can be linked."""
    credits_ = state.credits
    return {
        *(*state.plans, *state.services, *credits_.offers),
        *(*credits_.properties, *credits_.loans, *credits_.outside_loans, *credits_.assets),
    }


def wage(state: State, transaction: Transaction, company: str, member: str, hours: Decimal) -> list[Transfer]:
    """What hours are paid by their occupation and productivity, and the tax on it."""
    job = state.employments[company, member]
    pay = state.region.occupation(job.occupation, transaction.instant) if job.occupation is not None else None
    if pay is None:
        raise RefusedError(
            "occupation-not-found" if hours > 0 else "occupation-not-found|hours-worked-must-be-positive"
        )
    least, most = Fraction(pay[0]), Fraction(pay[1])
    amount = state.round_credits(Fraction(hours) * (least + Fraction(job.productivity) * (most - least)))
    tax = state.round_credits(Fraction(amount) * state.region.number("income_tax", transaction.instant))
    wallet = account("member_wallet", member)
    return [
        Transfer("wage", account("company_wallet", company), wallet, amount, derived=True),
        Transfer("income_tax", wallet, account("treasury"), tax, derived=True),
    ]
