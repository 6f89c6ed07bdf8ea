"""Transactions of regional credits: what is bought at its price, and what is simply paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.transfers import table
from conductor_bean.engine.trade import price_of
from conductor_bean.recording import values
from conductor_bean.recording.asked import Asked, Drafted
from conductor_bean.recording.kind import SIDE
from conductor_bean.recording.kinds import side_kinds
from conductor_bean.recording.legs import told_quantity, transaction
from conductor_bean.recording.text import MistakeError, Value

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.machine import Machine


def buy(machine: Machine, asked: Asked) -> Drafted:
    """A company's offer is bought, at its price.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context = machine.context
    buyer = values.known(machine, "party", asked.one("buyer"))
    name = values.known(machine, "offer", asked.one("offer"))
    offer = machine.state.credits.offers[name]
    quantity = values.number("quantity", asked.one("quantity"))
    amount = _priced(offer.price, quantity)
    wallets = context.member_wallets if buyer in machine.state.members else context.company_wallets
    legs = [(wallets[buyer], -amount), (context.company_wallets[offer.company], amount)]
    told = told_quantity(quantity, offer.unit, offer.product or offer.id)
    entry = transaction(asked, buyer, told, legs, context.credits, link=name, meta={"quantity": quantity})
    return Drafted(entry, [f"{told}: {quantity:f} x {context.rsc(offer.price)} = {context.rsc(amount)}"])


def _priced(price: int, quantity: Decimal) -> int:
    try:
        return price_of(price, quantity)
    except Rejection as rejection:
        raise MistakeError("quantity", rejection.message) from rejection


def repay(machine: Machine, asked: Asked) -> Drafted:
    """A borrower pays a bank back early.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context, name = machine.context, asked.one("loan")
    loan = machine.state.credits.loans[values.known(machine, "loan", name)]
    amount = values.units("amount", asked.one("amount"), context.credits)
    wallets = context.member_wallets if loan.borrower_type == "member" else context.company_wallets
    legs = [(wallets[loan.borrower], -amount), (context.chart.of("bank", loan.bank), amount)]
    note = f"{context.rsc(loan.outstanding)} of {name} are outstanding"
    return Drafted(transaction(asked, loan.borrower, f"Repayment of {name}", legs, context.credits, link=name), [note])


def outside(machine: Machine, asked: Asked) -> Drafted:
    """Money from a bank outside comes in, or is paid back.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context, name = machine.context, asked.one("loan")
    agreed = machine.state.credits.outside_loans[values.known(machine, "outside-loan", name)]
    amount = values.units("amount", asked.one("amount"), context.credits)
    pool, outside = context.company_wallets[agreed.company], context.chart.of("outside")
    draws = asked.kind.transfer == "outside_loan"
    legs = [(outside, -amount), (pool, amount)] if draws else [(pool, -amount), (outside, amount)]
    told = f"{'Drawn on' if draws else 'Repayment of'} {name}"
    return Drafted(transaction(asked, agreed.company, told, legs, context.credits, link=name))


def deal(machine: Machine, asked: Asked) -> Drafted:
    """A property is acquired, bought or sold, at its price.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context, kind = machine.context, asked.kind
    name = values.known(machine, "property", asked.one("property"))
    price = machine.state.credits.properties[name].price
    if price is None:
        raise MistakeError("property", f"{quoted(name)} has no price; repeat its property entry with price: first")
    (other,) = (each for each in kind.fields if each.shape == SIDE)
    party = values.account(machine, other.name, asked.one(other.name) or "outside", other.choices)
    if kind.name == "acquisition":
        company = values.known(machine, "company", asked.one("company"))
        payer, payee = context.company_wallets[company], party
    elif kind.name == "property-purchase":
        payer, payee = context.treasury, party
    else:
        payer, payee = party, context.treasury
    who = payer.owner or payee.owner
    entry = transaction(asked, who, f"{name}, at its price", _pair(payer, payee, price), context.credits, link=name)
    return Drafted(entry, [f"the price of {name} is {context.rsc(price)}"])


def plain(machine: Machine, asked: Asked) -> Drafted:
    """A transfer that says who, whom and how much.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
    """
    context, kind = machine.context, asked.kind
    row = table()[kind.transfer]
    named = iter([each for each in kind.fields if each.shape == SIDE])
    sides = []
    for kinds in (row.debits, row.credits):
        if side_kinds(kinds):
            each = next(named)
            sides.append(values.account(machine, each.name, asked.one(each.name), each.choices))
        else:
            sides.append(context.chart.of(min(kinds)))
    debit, credit = sides
    amount = values.units("amount", asked.one("amount"), context.credits)
    told = kind.name.replace("-", " ").capitalize()
    meta, link = _sold(machine, asked)
    if asked.one("input"):
        meta["input"] = asked.one("input")
    who = debit.owner or credit.owner or context.region.name
    if asked.one("property"):
        asked = replace(asked, links=(link, *asked.links))
        link = values.known(machine, "property", asked.one("property"))
    return Drafted(transaction(asked, who, told, _pair(debit, credit, amount), context.credits, link=link, meta=meta))


def _sold(machine: Machine, asked: Asked) -> tuple[dict[str, Value], str]:
    """The offer and the quantity of a sale, where they are said."""
    link, quantity = asked.one("offer"), asked.one("quantity")
    meta: dict[str, Value] = {"quantity": values.number("quantity", quantity)} if quantity else {}
    return meta, values.known(machine, "offer", link) if link else ""


def _pair(debit: Account, credit: Account, amount: int) -> list[tuple[Account, int]]:
    return [(debit, -amount), (credit, amount)]
