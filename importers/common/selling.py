"""Sales as transactions: purchases of offers, consumption of plans, and sales to buyers outside the region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS, KINDS, LABOUR_TIME
from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import quoted
from conductor_bean.domain.transfers import recorded_between
from conductor_bean.importers.common.entries import Leg, transaction
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.mapping import plain

if TYPE_CHECKING:
    from beancount.core.data import Transaction

    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.engine.machine import Machine
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work

OUTSIDE = "outside"
_MEANS = ("p", "r")


@dataclass(frozen=True, slots=True)
class Sale:
    """A row of sales, with names resolved.

    Attributes:
        row: Where it stands.
        id: Its stable id.
        instant: When it was sold.
        thing: Id of the offer or plan.
        planned: Whether that is a plan.
        buyer: Id of the buyer, "" for one outside the region.
        buyer_kind: `member`, `company` or `outside`.
        quantity: How much; positive.
        amount: In the commodity, as the source states it, or None where the price of that instant decides.
        means: Of a company that consumes a plan, the account: `p` or `r`.
        payee: Who bought, as people say it.
        narration: What was sold, as the source says it.
    """

    row: Row
    id: str
    instant: int
    thing: str
    planned: bool
    buyer: str
    buyer_kind: str
    quantity: Decimal
    amount: Decimal | None = None
    means: str = ""
    payee: str = ""
    narration: str = ""


def buyer_of(name: str, row: Row, work: Work) -> tuple[str, str]:
    """Kind and id of a buyer: of whom the mapping says `outside`, or who is called so, is none of the region.

    Raises:
        RowFault: The name is unknown.
        LeftOut: The mapping leaves it out.
    """
    if name.casefold() == OUTSIDE or work.look_up("counterparties", name) == OUTSIDE:
        return OUTSIDE, ""
    section, identity = work.find_any(("members", "companies"), name, row)
    return section.replace("members", "member").replace("companies", "company"), identity


def knows(work: Work, sections: Iterable[str], name: str) -> bool:
    """Whether the mapping or the ledger knows a name in one of some sections."""
    names, name = work.names, plain(name)
    return any(
        name in names.mapped(section) or names.has(section, name) or len(names.named(section).get(name, ())) == 1
        for section in sections
    )


def transactions(sales: Sequence[Sale], work: Work) -> list[Transaction]:
    """Sales as transactions; faults are collected row by row."""
    amounts = _amounts([sale for sale in sales if sale.amount is None], work)
    found = []
    for sale in sales:
        with work.row(sale.row):
            amount = amounts.get(sale.id) if sale.amount is None else sale.amount
            if amount is not None:
                found.append(_transaction(sale, amount, work))
    return found


def _transaction(sale: Sale, amount: Decimal, work: Work) -> Transaction:
    commodity = _commodity(sale, work)
    units = commodity.units(amount)
    # What is too fine is written as it stands; the check says what is right.
    legs, pair = legs_of(sale, amount if units is None else commodity.number(units), work)
    meta: dict[str, Any] = {}
    if len(recorded_between()[pair]) > 1:
        meta["transfer"] = "external_sale" if sale.buyer_kind == OUTSIDE else "purchase"
    meta["quantity"] = plain_quantity(sale.quantity)
    return transaction(
        sale.row,
        id=sale.id,
        instant=sale.instant,
        payee=sale.payee,
        narration=sale.narration,
        links=(sale.thing,),
        legs=legs,
        meta=meta,
    )


def legs_of(sale: Sale, amount: Decimal, work: Work) -> tuple[list[Leg], tuple[str, str]]:
    """The postings of a sale, and the kinds of their accounts.

    Raises:
        RowFault: Nobody may buy so.
    """
    state = work.books.machine.state
    commodity = _commodity(sale, work)
    if sale.planned:
        credit, seller = "prd", state.plans[sale.thing].planner
        debit = {"member": "member", "company": sale.means}.get(sale.buyer_kind, "")
        if sale.buyer_kind == OUTSIDE:
            raise RowFault(
                f"{quoted(sale.thing)} is a plan, which nobody outside the region consumes; name the member or company"
            )
        if debit not in ("member", *_MEANS):
            raise RowFault(
                f"{sale.buyer} is a company: say in the column account whether it is fixed means (p) or raw "
                "materials (r)"
            )
    else:
        credit, seller = "company_wallet", state.credits.offers[sale.thing].company
        debit = OUTSIDE if sale.buyer_kind == OUTSIDE else f"{sale.buyer_kind}_wallet"
    names = [KINDS[kind].patterns[0].replace("*", owner) for kind, owner in ((debit, sale.buyer), (credit, seller))]
    return [(names[0], -amount, commodity.name), (names[1], amount, commodity.name)], (debit, credit)


def plain_quantity(quantity: Decimal) -> Decimal:
    """A quantity without zeros that say nothing: `2.0` is 2."""
    return quantity.quantize(Decimal(1)) if quantity == quantity.to_integral_value() else quantity.normalize()


def _commodity(sale: Sale, work: Work) -> Commodity:
    economy = LABOUR_TIME if sale.planned else CREDITS
    commodity = work.books.region.commodity(economy)
    if commodity is None:
        raise RowFault(f"{quoted(sale.thing)} is sold for {economy.replace('_', ' ')}, which this region does not keep")
    return commodity


def _amounts(sales: Iterable[Sale], work: Work) -> dict[str, Decimal]:
    """What sales cost by the prices of their instants, in one pass over the ledger."""
    waiting: dict[int, list[Sale]] = {}
    for sale in sales:
        waiting.setdefault(sale.instant, []).append(sale)
    amounts = {}
    if waiting:
        for instant, machine in work.books.course(list(waiting)):
            for sale in waiting[instant]:
                with work.row(sale.row):
                    amounts[sale.id] = _amount(sale, machine, _commodity(sale, work))
    return amounts


def _amount(sale: Sale, machine: Machine, commodity: Commodity) -> Decimal:
    when = format_instant(sale.instant)
    if sale.planned:
        plan = machine.state.plans.get(sale.thing)
        if plan is None or plan.approved is None:
            raise RowFault(f"{quoted(sale.thing)} has no price at {when}: it is approved later; mend the date")
        exact = machine.context.prices.price(plan, sale.instant) * Fraction(sale.quantity)
    else:
        offer = machine.state.credits.offers.get(sale.thing)
        if offer is None:
            raise RowFault(f"{quoted(sale.thing)} has no price at {when}: it is offered later; mend the date")
        exact = offer.price * Fraction(sale.quantity)
    return commodity.number(round_half_even(exact.numerator, exact.denominator))
