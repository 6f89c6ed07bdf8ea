"""What companies own beside their wallets, and who has it when they end."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from tests.model.checks import party
from tests.model.credits.checks import names_of_things
from tests.model.credits.past import outstanding, owed_outside
from tests.model.credits.state import Asset, Property
from tests.model.events import Fact, account
from tests.model.state import RefusedError, State


def own(state: State, fact: Fact) -> None:
    """An asset secures a bank, or a loan of its own company; never a person."""
    name, company = fact.ids
    if name in names_of_things(state):
        raise RefusedError("duplicate-id")
    party(state, company, "company")
    credits_, to = state.credits, fact.text("to") or ""
    borrowers = {loan.id: loan.borrower for loan in credits_.loans.values()}
    borrowers |= {loan.id: loan.company for loan in credits_.outside_loans.values()}
    if to and to not in credits_.banks:
        people = {*state.accountants, *state.former_accountants}
        people |= {party.id for party in state.parties.values() if party.kind == "member"}
        if to in people:
            raise RefusedError("creditor-is-a-person")
        if to not in borrowers:
            raise RefusedError("creditor-not-found", to)
        if borrowers[to] != company:
            raise RefusedError("creditor-of-another-company")
    credits_.assets[name] = Asset(company, fact.number("value") or Decimal(0), to)


def own_no_longer(state: State, fact: Fact) -> None:
    (name,) = fact.ids
    if name not in state.credits.assets:
        raise RefusedError("asset-not-found", name)
    if state.credits.assets[name].ended:
        raise RefusedError("asset-has-ended")
    state.credits.assets[name].ended = True


def hand_over(state: State, company: str, at: datetime) -> dict[tuple[int, str], Decimal]:
    """What assets pay of whose claims, in order of their ids; what is left of their value becomes the region's."""
    credits_ = state.credits
    interest = [due for due in credits_.arrears if due.type == "loan_interest"]
    interest = [due for due in interest if due.payer == account("company_wallet", company)]
    owed = {loan.id: outstanding(state, loan.id) for loan in credits_.loans.values() if loan.borrower == company}
    for due in interest:
        owed[due.thing] += due.amount
    owed = {name: amount for name, amount in owed.items() if amount}
    regional = any(credits_.banks[credits_.loans[name].bank] == "regional" for name in owed)
    outside = credits_.outside_loans.values()
    lent = {loan.id: owed_outside(state, loan.id) for loan in outside if loan.company == company}
    paid: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for name, asset in sorted(credits_.assets.items()):
        if asset.company != company or asset.ended:
            continue
        asset.ended, left = True, asset.value
        if not regional and asset.to in lent:
            share = min(left, lent[asset.to])
            lent[asset.to] -= share
            paid[1, credits_.outside_loans[asset.to].lender] += share
            left -= share
        elif not regional:
            for loan in sorted(owed):
                bank = credits_.loans[loan].bank
                if asset.to in (loan, bank):
                    share = min(left, owed[loan])
                    owed[loan] -= share
                    paid[0, bank] += share
                    left -= share
        if left or regional or not asset.to:
            said = [(at, "equipment", Decimal(0))]
            credits_.properties[name] = Property(name, "equipment", left, said, inherited=True)
    return paid
