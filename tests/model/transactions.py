"""What a transaction means, what it entails, and why it may be refused.

Where the contract leaves a question open, the reading taken here is:

- Spending is a consumption of more than nothing: taking a public product below the limit costs nothing and harms
  nobody, so it stands.
- Of two transactions of one instant that register the same worker at the same company, or claim the same id, the
  first by the canonical key stands.
- The key's debits, credits and amounts are those of the transfers (hence positive), ordered by debit, credit and
  amount; a missing payee or quantity counts as nothing.
- An id that was used before makes a transaction malformed, whatever else may be wrong with it.
- At a precision finer than 0.00000001 a price may be off by up to two units, like the legs that follow from it:
  importers copy both from where they were rounded differently.
- A consumption whose legs do not lead to the planner's (provider's) own account is refused, code unnamed.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from tests.model.credits.checks import wage
from tests.model.credits.movements import evaluate_credits
from tests.model.events import LABOUR_KINDS, Leg, Transaction, account, kind_of, owner_of
from tests.model.state import Consumption, Plan, RefusedError, Service, State, Transfer, fic, price

# The seed's table, as far as a person may record it: (kind of the debit, kind of the credit) -> name.
RECORDED = {
    ("a", "member"): "work_certificates",
    ("member", "prd"): "private_consumption",
    ("member", "member"): "private_consumption_of_basic_service",
    ("p", "prd"): "productive_consumption_p",
    ("r", "prd"): "productive_consumption_r",
    ("r", "member"): "productive_consumption_of_basic_service",
}
SPENDING = ("private_consumption", "private_consumption_of_basic_service")

# The language's key: transfer, debits, credits, amounts, links, quantity, payee, narration.
Key: TypeAlias = tuple[
    str, tuple[str, ...], tuple[str, ...], tuple[Decimal, ...], tuple[str, ...], int | Decimal, str, str, str
]


def recorded_transfers(transaction: Transaction, precision: Decimal) -> list[Transfer]:
    """Read the legs: one debit and many credits or the other way round, all of one recorded type."""
    legs = transaction.legs
    if sum((leg.amount for leg in legs), Decimal(0)) != 0:
        raise RefusedError("*")
    if any(leg.amount % precision != 0 for leg in legs):
        raise RefusedError("*")
    # Only the kinds of the accounts can tell which side a leg of nothing is on: try both.
    zeros = [leg for leg in legs if leg.amount == 0]
    for sides in product((True, False), repeat=len(zeros)):
        is_debit = dict(zip(map(id, zeros), sides, strict=True))
        debits = [leg for leg in legs if leg.amount < 0 or is_debit.get(id(leg))]
        credits_ = [leg for leg in legs if leg not in debits]
        transfers = pair_up(debits, credits_)
        if transfers:
            return transfers
    raise RefusedError("*")


def pair_up(debits: list[Leg], credits_: list[Leg]) -> list[Transfer]:
    """The transfers of one debit and many credits (or the reverse), or nothing if the table knows no such transfer."""
    if not debits or not credits_ or (len(debits) > 1 and len(credits_) > 1):
        return []
    transfers = []
    for debit, credit in product(debits, credits_):
        many = debit if len(debits) > 1 else credit
        name = RECORDED.get((kind_of(debit.account), kind_of(credit.account)))
        if name is None:
            return []
        transfers.append(Transfer(name, debit.account, credit.account, abs(many.amount)))
    return transfers if len({transfer.type for transfer in transfers}) == 1 else []


def key(transaction: Transaction, transfers: list[Transfer]) -> Key:
    """The canonical order of the transactions of one instant."""
    recorded = [transfer for transfer in transfers if not transfer.derived]
    links = tuple(sorted(set(transaction.links)))
    quantity = -1 if transaction.quantity is None else transaction.quantity
    return (*sides_of(recorded), links, quantity, transaction.payee, transaction.narration, transaction.id or "")


def key_of_fact(name: str, transfers: list[Transfer]) -> Key:
    """Where a fact that spends stands among them: by what it entails, and its name as the narration."""
    return (*sides_of(transfers), (), -1, "", name, "")


def sides_of(transfers: list[Transfer]) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[Decimal, ...]]:
    """What the key says of the transfers themselves."""
    ordered = sorted(transfers, key=lambda transfer: (transfer.debit, transfer.credit, transfer.amount))
    return (
        ordered[0].type,
        tuple(transfer.debit for transfer in ordered),
        tuple(transfer.credit for transfer in ordered),
        tuple(transfer.amount for transfer in ordered),
    )


def evaluate(state: State, transaction: Transaction) -> tuple[list[Transfer], Consumption | None]:
    """All transfers of a transaction, recorded and derived, by everything but the balances; changes nothing."""
    kinds = {kind_of(leg.account) for leg in transaction.legs}
    if "" in kinds or 0 < len(kinds & {*LABOUR_KINDS}) < len(kinds):
        raise RefusedError("*")
    in_labour_time = bool(kinds & {*LABOUR_KINDS})
    if not (state.region.labour if in_labour_time else state.region.credits):
        raise RefusedError("*")
    if not in_labour_time:
        return evaluate_credits(state, transaction), None
    transfers = recorded_transfers(transaction, state.region.precision)
    if transaction.id in state.by_id:
        raise RefusedError("*")
    match transfers[0].type:
        case "work_certificates":
            return work(state, transaction, transfers), None
        case _ if len(transfers) > 1:
            raise RefusedError("*")
        case "private_consumption" | "productive_consumption_p" | "productive_consumption_r":
            return consume_plan(state, transaction, transfers[0])
        case _:
            return consume_service(state, transaction, transfers[0])


def work(state: State, transaction: Transaction, transfers: list[Transfer]) -> list[Transfer]:
    """Certificates for hours worked, the taxes on them, and the wages where there are regional credits."""
    pairs = [(owner_of(transfer.debit), owner_of(transfer.credit)) for transfer in transfers]
    for name, kind in [named for pair in pairs for named in zip(pair, ("company", "member"), strict=True)]:
        if name not in state.parties or state.parties[name].kind != kind:
            raise RefusedError("*", name)
    for company, member in pairs:
        if state.parties[company].ended is not None or state.parties[member].ended is not None:
            raise RefusedError("*")
    if any(pair not in state.employments for pair in pairs):
        raise RefusedError("worker-not-at-company")
    if len(set(pairs)) < len(pairs):
        raise RefusedError("*")
    wages: list[Transfer] = []
    if state.region.credits is not None:
        for pair, transfer in zip(pairs, transfers, strict=True):
            wages += wage(state, transaction, *pair, transfer.amount)
    if any(transfer.amount <= 0 for transfer in transfers):
        raise RefusedError("hours-worked-must-be-positive")
    worked = [replace(transfer, hours=transfer.amount) for transfer in transfers]
    return worked + wages + [taxes(state, transaction, transfer) for transfer in transfers]


def taxes(state: State, transaction: Transaction, transfer: Transfer) -> Transfer:
    """What the credited member gives to the public sector fund."""
    share = 1 - fic(state, transaction.instant).value
    return Transfer(
        "taxes", transfer.credit, account("psf"), state.round(Fraction(transfer.amount) * share), derived=True
    )


def consumed_thing(state: State, transaction: Transaction, transfer: Transfer) -> Plan | Service:
    """The one link that resolves; then the consumer must exist and still be there."""
    wanted = "plan-not-found" if transfer.credit.endswith(":PRD") else "basic-service-not-found"
    found = [link for link in sorted(set(transaction.links)) if link in state.plans or link in state.services]
    if len(found) > 1 or not transaction.links:
        raise RefusedError("*", *transaction.links)
    if not found:
        raise RefusedError(wanted, *transaction.links)
    thing: Plan | Service = state.plans[found[0]] if found[0] in state.plans else state.services[found[0]]
    if isinstance(thing, Plan) != (wanted == "plan-not-found"):
        raise RefusedError("*")
    consumer = owner_of(transfer.debit)
    kind = "member" if transfer.debit.startswith("Assets:Members:") else "company"
    if consumer not in state.parties or state.parties[consumer].kind != kind:
        raise RefusedError("consumer-does-not-exist", consumer)
    credited = state.parties.get(owner_of(transfer.credit))
    if credited is None or credited.kind != ("company" if transfer.credit.endswith(":PRD") else "member"):
        raise RefusedError("*", owner_of(transfer.credit))
    return thing


def consume_plan(
    state: State, transaction: Transaction, transfer: Transfer
) -> tuple[list[Transfer], Consumption | None]:
    """A product: its price, and what its cooperation evens out."""
    if not isinstance(transaction.quantity, int) or transaction.quantity <= 0:
        raise RefusedError("*")
    plan = consumed_thing(state, transaction, transfer)
    assert isinstance(plan, Plan)
    consumer = owner_of(transfer.debit)
    productive = transfer.type != "private_consumption"
    if state.parties[consumer].ended is not None:
        raise RefusedError("*")
    if not plan.is_active(transaction.instant):
        raise RefusedError("plan-inactive")
    if productive and plan.terms.public:
        raise RefusedError("cannot-consume-public-service")
    if productive and plan.planner == consumer:
        raise RefusedError("consumer-is-planner")
    if owner_of(transfer.credit) != plan.planner:
        raise RefusedError("*")
    cost = price(state, plan, transaction.instant)
    tolerance = 2 * state.region.precision if state.region.precision < Decimal("0.00000001") else Decimal(0)
    if abs(transfer.amount - state.round(cost * transaction.quantity)) > tolerance:
        raise RefusedError("wrong-amount")
    transfers = [transfer, *compensation(state, transaction, plan)]
    return transfers, Consumption(plan.id, transaction.instant, transaction.quantity, Decimal(0))


def compensation(state: State, transaction: Transaction, plan: Plan) -> list[Transfer]:
    """What evens out the cooperative price and the plan's own cost; nothing where the two are equal."""
    if plan.cooperation is None or not isinstance(transaction.quantity, int):
        return []
    difference = price(state, plan, transaction.instant) - plan.own_cost()
    amount = state.round(abs(difference) * transaction.quantity)
    prd, pot = account("prd", plan.planner), account("cooperation", plan.cooperation)
    if amount == 0:
        return []
    if difference > 0:
        return [Transfer("compensation_for_coop", prd, pot, amount, derived=True)]
    return [Transfer("compensation_for_company", pot, prd, amount, derived=True)]


def consume_service(
    state: State, transaction: Transaction, transfer: Transfer
) -> tuple[list[Transfer], Consumption | None]:
    """An hour of somebody's time: it costs an hour."""
    service = consumed_thing(state, transaction, transfer)
    assert isinstance(service, Service)
    consumer = owner_of(transfer.debit)
    if state.parties[consumer].ended is not None:
        raise RefusedError("*")
    if service.ended is not None:
        raise RefusedError("basic-service-inactive")
    if transfer.debit == account("member", service.provider):
        raise RefusedError("consumer-is-provider")
    if owner_of(transfer.credit) != service.provider:
        raise RefusedError("*")
    if transfer.amount <= 0:
        raise RefusedError("*")
    consumption = Consumption(service.id, transaction.instant, 0, transfer.amount)
    return [transfer, taxes(state, transaction, transfer)], consumption
