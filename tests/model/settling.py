"""Which of the events of one instant fall, because they claim twice what is there once, or overdraw."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from tests.model.credits import unpaid
from tests.model.credits.past import about, hours_on, outstanding
from tests.model.events import Fact, Transaction, kind_of, owner_of
from tests.model.state import Consumption, State, Transfer
from tests.model.transactions import SPENDING, Key, key, key_of_fact

# The accounts of regional credits that hold nothing less than nothing.
LIMITED = ("member_wallet", "company_wallet", "treasury", "pool", "bank")


@dataclass(slots=True)
class Candidate:
    """An event that holds so far at its instant."""

    position: int
    event: Transaction | Fact
    transfers: list[Transfer]
    consumption: Consumption | None
    whole: list[Transfer] = field(default_factory=list)  # the same with all wages paid

    def key(self) -> Key:
        """Its place in the canonical order."""
        if isinstance(self.event, Fact):
            return key_of_fact(self.event.ids[0], self.transfers)
        return key(self.event, self.transfers)

    def effect(self, name: str) -> Decimal:
        """What it leaves of an account, all that it entails included."""
        credited = sum((t.amount for t in self.transfers if t.credit == name), Decimal(0))
        return credited - sum((t.amount for t in self.transfers if t.debit == name), Decimal(0))


def conflicts(state: State, candidates: list[Candidate]) -> list[tuple[Candidate, str]]:
    """Of those that claim the same, in the order of the key, all but the first; then those of too many hours."""
    fallen = []
    ids = set(state.by_id)
    registered: set[tuple[str, str]] = set()
    claimed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for candidate in candidates:
        event = candidate.event
        assert isinstance(event, Transaction)
        workers = {(t.debit, t.credit) for t in candidate.transfers if t.hours}
        if event.id in ids or workers & registered:
            fallen.append((candidate, "*"))
            continue
        if (code := claims_too_much(state, candidate.transfers[0], claimed)) is not None:
            fallen.append((candidate, code))
            continue
        registered |= workers
        if event.id is not None:
            ids.add(event.id)
    if state.region.credits is not None:
        standing = [candidate for candidate in candidates if candidate not in [one for one, _ in fallen]]
        while (last := last_of_too_many_hours(state, standing)) is not None:
            standing.remove(last)
            fallen.append((last, "more-than-24-hours-a-day"))
    return fallen


def claims_too_much(state: State, transfer: Transfer, claimed: dict[tuple[str, str], Decimal]) -> str | None:
    """What can be drawn, repaid, bought or sold only once or up to a sum is so for all of an instant together."""
    deal = transfer.type in ("acquisition", "property_purchase", "property_sale")
    name = "deal" if deal else transfer.type
    before = claimed[name, transfer.thing]
    code = None
    match name:
        case "outside_loan":
            principal = state.credits.outside_loans[transfer.thing].principal
            if about(state, transfer.thing, "outside_loan") + before + transfer.amount > principal:
                code = "wrong-amount"
        case "loan_repayment":
            if before + transfer.amount > outstanding(state, transfer.thing):
                code = "repayment-exceeds-loan"
        case "deal":
            if before:
                code = "property-is-acquired|property-is-sold"
    if code is None:
        claimed[name, transfer.thing] += transfer.amount
    return code


def last_of_too_many_hours(state: State, standing: list[Candidate]) -> Candidate | None:
    """The last by the key that gives hours to a member who has more than a day of them."""
    if not standing:
        return None
    day = standing[0].event.instant.date()
    worked: dict[str, Decimal] = defaultdict(Decimal)
    for candidate in standing:
        for transfer in candidate.transfers:
            if transfer.hours:
                worked[owner_of(transfer.credit)] += transfer.hours
    too_many = {member for member, hours in worked.items() if hours + hours_on(state, member, day) > 24}
    for candidate in reversed(standing):
        if too_many & {owner_of(transfer.credit) for transfer in candidate.transfers if transfer.hours}:
            return candidate
    return None


def last_spending(
    state: State, candidates: list[Candidate], spendings: list[Candidate]
) -> tuple[Candidate, str, Decimal] | None:
    """The spending to be refused next, of the first account by name that ends the instant below its limit.

    With it go the account and what that lacks of nothing.

    What ``candidates`` move is not in the balances yet; a spending may also be a fact, whose transfers are.
    """
    if not spendings:
        return None
    overdraw = state.region.overdraw(spendings[0].event.instant)
    balances = balances_with(state, candidates)
    for name in sorted(balances):
        if kind_of(name) == "member" and overdraw is not None and balances[name] < -overdraw:
            found = [spending for spending in spendings if consumes(spending, name)]
        elif kind_of(name) in LIMITED and balances[name] < 0:
            found = [spending for spending in spendings if spending.effect(name) < 0]
        else:
            continue
        if found:
            return max(found, key=Candidate.key), name, -balances[name]
    return None


def balances_with(state: State, candidates: list[Candidate]) -> dict[str, Decimal]:
    """What all accounts hold when the candidates are through."""
    balances = dict(state.balances)
    for candidate in candidates:
        for transfer in candidate.transfers:
            balances[transfer.debit] = balances.get(transfer.debit, Decimal(0)) - transfer.amount
            balances[transfer.credit] = balances.get(transfer.credit, Decimal(0)) + transfer.amount
    return balances


def gives_way(state: State, candidate: Candidate, name: str, lack: Decimal) -> bool:
    """Let the wages of hours be paid as far as the pool reaches, where the region has decided so."""
    at = candidate.event.instant
    if not unpaid.is_pool(name) or not unpaid.may_wait(state, candidate.transfers, at):
        return False
    reach = max(Decimal(0), unpaid.paid_from(candidate.transfers, name) - lack)
    unpaid.pay_with(state, candidate.whole, candidate.transfers, name, reach, at)
    return True


def pay_after_all(state: State, candidates: list[Candidate]) -> bool:
    """Wages are paid as far as the pool reaches at the end of the instant, the first by the key first."""
    changed = False
    paying = [one for one in candidates if unpaid.may_wait(state, one.transfers, one.event.instant)]
    for name in sorted({t.debit for one in paying for t in one.transfers if t.type == "wage"}):
        mine = sorted(paying, key=Candidate.key)
        reach = max(Decimal(0), balances_with(state, candidates)[name])
        reach += sum((unpaid.paid_from(one.transfers, name) for one in mine), Decimal(0))
        for one in mine:
            before, right = unpaid.paid_from(one.transfers, name), min(reach, unpaid.paid_from(one.whole, name))
            reach -= right
            if before != right:
                unpaid.pay_with(state, one.whole, one.transfers, name, right, one.event.instant)
                changed = True
    return changed


def consumes(candidate: Candidate, name: str) -> bool:
    """Whether it is a consumption from an account of hours."""
    first = candidate.transfers[0]
    consumption = isinstance(candidate.event, Transaction) and first.type in SPENDING
    return consumption and first.debit == name and first.amount > 0
