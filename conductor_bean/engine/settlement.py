"""What an instant's transactions decide together: duplicates, and income before spending."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.instants import DAY, date_of
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.banking import over_principal, too_much
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.engine.payroll import WORK, worked_by

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome, Transfer

_NEVER_NEGATIVE = frozenset({"member_wallet", "company_wallet", "treasury", "pool", "bank"})
"""Only issuance, outside, clearing and debts may be negative (RULES.md, part B)."""


def refuse_duplicates(outcomes: list[Outcome]) -> None:
    """Of transactions of one instant that exclude each other, all but the first by the canonical key are rejected.

    RULES.md, "Work": one leg a worker, company and instant. LANGUAGE.md: an `id:` is unique.
    """
    # Ids first: what falls for its id changes no state, so it is no registration either.
    named = [outcome for outcome in outcomes if isinstance(outcome.event, Movement) and outcome.event.id]
    if len(named) > 1:
        _refuse(named, _id, same_id)
    working = [o for o in outcomes if o.transfers and o.transfers[0].type in WORK]
    if len(working) > 1:
        _refuse(working, _registrations, _registered_twice)
    bought = [outcome for outcome in outcomes if outcome.thing]
    if len(bought) > 1:
        _refuse(bought, _bought, _bought_twice)


def refuse_excess(context: Context, outcomes: list[Outcome]) -> None:
    """Of transactions of one instant that together pass what one alone may not, the last by the canonical key fall.

    More than 24 hours of a member on one date; a loan repaid, or drawn, beyond what it is.
    """
    _refuse_long_days(context, outcomes)
    _refuse_beyond_loans(context, outcomes)


def _refuse_long_days(context: Context, outcomes: list[Outcome]) -> None:
    state = context.state
    limit = 24 * 10**context.labour_time.digits
    if _all_within(context, outcomes, limit):
        return
    worked: dict[str, list[tuple[Outcome, int]]] = {}
    for outcome in outcomes:
        movement = outcome.event
        assert isinstance(movement, Movement)
        if outcome.rejection is None and outcome.transfers[0].type in WORK:
            for worker, units in worked_by(context, movement):
                worked.setdefault(worker, []).append((outcome, units))
    today = state.hours if worked and state.hours_date == state.now // DAY else {}
    for worker in sorted(worked):
        before = today.get(worker, 0)
        listed = [item for item in worked[worker] if item[0].rejection is None]
        while listed and before + sum(units for _, units in listed) > limit:
            listed.sort(key=lambda item: _order(item[0]))
            outcome, units = listed.pop()
            total = before + units + sum(more for _, more in listed)
            _reject(
                outcome,
                Rejection(
                    "more-than-24-hours-a-day",
                    f"{quoted(worker)} works {context.hours(total)} on {date_of(state.now)}, and a date has 24; look "
                    "whether hours were registered twice, or on the wrong date",
                ),
            )


def _all_within(context: Context, outcomes: list[Outcome], limit: int) -> bool:
    """Whether no worker passes the limit, as nearly always."""
    state = context.state
    today = state.hours if state.hours_date == state.now // DAY else {}
    sums: dict[str, int] = {}
    for outcome in outcomes:
        movement = outcome.event
        assert isinstance(movement, Movement)
        if outcome.rejection is None and movement.transfers[0].type in WORK:
            for worker, units in worked_by(context, movement):
                total = sums[worker] = sums.get(worker, today.get(worker, 0)) + units
                if total > limit:
                    return False
    return True


def _refuse_beyond_loans(context: Context, outcomes: list[Outcome]) -> None:
    kept = context.state.credits
    sums: dict[str, int] = {}
    paying = [o for o in outcomes if o.rejection is None and o.transfers[0].type in ("loan_repayment", "outside_loan")]
    for outcome in sorted(paying, key=_order) if len(paying) > 1 else ():
        units = outcome.transfers[0].units
        before = sums.get(outcome.thing, 0)
        if outcome.thing in kept.loans:
            loan = kept.loans[outcome.thing]
            if before + units > loan.outstanding:
                _reject(outcome, too_much(context, loan, before + units))
                continue
        elif before + units > (agreed := kept.outside_loans[outcome.thing]).principal - agreed.drawn:
            _reject(outcome, over_principal(context, agreed, before + units))
            continue
        sums[outcome.thing] = before + units


def settle(context: Context, outcomes: list[Outcome], overdrawn: Iterable[str]) -> list[Outcome]:
    """Reject spending until no account ends the instant below its limit because of it.

    LANGUAGE.md, "Time": while an account ends the instant below its limit (accounts in order of name), its last
    spending by the canonical key is rejected with all it derives.

    Args:
        context: The region, with all transfers of the instant posted.
        outcomes: What became of the instant's events so far.
        overdrawn: Accounts that were below zero at some point of the instant.

    Returns:
        What was rejected.
    """
    limits = _Limits(context)
    waiting = [name for name in overdrawn if limits.lack(name)]
    if not waiting:
        return []
    if context.hypothetical:
        for name in waiting:
            context.shortfalls[name] = max(context.shortfalls.get(name, 0), limits.lack(name))
        return []
    spending = _spending(outcomes)
    rejected = []
    heapify(waiting)
    while waiting:
        name = heappop(waiting)
        while spending.get(name) and limits.lack(name):
            outcome = spending[name].pop()
            if outcome.rejection is not None:
                continue
            units = -_net(outcome, name)
            affected = _undo(context, outcome)
            _reject(outcome, _insufficient(context, name, units, limits.of(name) or 0))
            rejected.append(outcome)
            # Whoever lives on that income may fall below the limit now, and may come first by name.
            below = [other for other in affected if other in spending and limits.lack(other)]
            if below:
                for other in sorted({*below, name}):
                    heappush(waiting, other)
                break
    return rejected


class _Limits:
    """How far each account may fall: units, or None where it may fall without end."""

    def __init__(self, context: Context) -> None:
        self._context = context
        overdraw = context.rules.member_overdraw
        self._hours = None if overdraw is None else -overdraw

    def of(self, name: str) -> int | None:
        kind = self._context.account(name).kind
        return self._hours if kind == "member" else 0 if kind in _NEVER_NEGATIVE else None

    def lack(self, name: str) -> int:
        """Units that an account lacks to its limit, 0 where it lacks nothing."""
        limit = self.of(name)
        return 0 if limit is None else max(0, limit - self._context.state.balances[name])


def _spending(outcomes: list[Outcome]) -> dict[str, list[Outcome]]:
    """What was spent at an instant, by account, in canonical order.

    Of hours, consumption alone is spending (RULES.md: "by consuming"); of credits, every event that leaves an account
    with less than it had, also a loan or a reversal.
    """
    spending: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.rejection is None and (isinstance(outcome.event, Movement) or outcome.undo is not None):
            for name in sorted({transfer.debit.name for transfer in outcome.transfers if _spends(outcome, transfer)}):
                if _net(outcome, name) < 0:
                    spending.setdefault(name, []).append(outcome)
    for listed in spending.values():
        listed.sort(key=_order)
    return spending


def _spends(outcome: Outcome, transfer: Transfer) -> bool:
    if transfer.debit.economy == CREDITS:
        return True
    return isinstance(outcome.event, Movement) and transfer is outcome.transfers[0] and transfer.debit.kind == "member"


def _net(outcome: Outcome, name: str) -> int:
    return sum(
        transfer.units * ((transfer.credit.name == name) - (transfer.debit.name == name))
        for transfer in outcome.transfers
    )


def _undo(context: Context, outcome: Outcome) -> list[str]:
    balances = context.state.balances
    context.state.transfers -= len(outcome.transfers)
    affected = []
    for transfer in outcome.transfers:
        balances[transfer.debit.name] += transfer.units
        balances[transfer.credit.name] -= transfer.units
        affected.append(transfer.credit.name)
    if outcome.undo is not None:
        outcome.undo()
    return affected


def _insufficient(context: Context, name: str, units: int, limit: int) -> Rejection:
    # The balance shown is the one without this spending: what was there to spend.
    account, balance = context.account(name), context.state.balances[name]
    may = f"may fall to {context.amount(account, limit)}" if limit else "may not fall below zero"
    return Rejection(
        "insufficient-balance",
        f"{context.amount(account, units)} are spent, but {name} holds {context.amount(account, balance)} and {may}; "
        f"{context.amount(account, units - balance + limit)} are missing: let income come first, or spend less",
    )


def _order(outcome: Outcome) -> tuple[Any, ...]:
    event = outcome.event
    if isinstance(event, Movement):
        return event.order
    assert isinstance(event, Fact)
    # A fact that spends stands where the transaction would stand that it entails.
    moved = outcome.transfers
    return (
        moved[0].type,
        *([getattr(t, side).name for t in moved] for side in ("debit", "credit")),
        [t.units for t in moved],
        sorted(outcome.links),
        -1,
        "",
        event.name,
        "",
    )


def _reject(outcome: Outcome, rejection: Rejection) -> None:
    outcome.rejection = rejection
    outcome.transfers = []


def _refuse(
    outcomes: list[Outcome],
    keys: Callable[[Outcome], Iterable[Hashable]],
    why: Callable[[Hashable], Rejection],
) -> None:
    seen: set[Hashable] = set()
    for outcome in outcomes:
        if outcome.rejection is None:
            for key in keys(outcome):
                if key in seen:
                    break
                seen.add(key)
            else:
                continue
            break
    else:
        return
    seen.clear()
    for outcome in sorted((o for o in outcomes if o.rejection is None), key=_order):
        mine = list(keys(outcome))
        taken = [key for key in mine if key in seen]
        if taken:
            _reject(outcome, why(taken[0]))
        else:
            seen.update(mine)


def _registrations(outcome: Outcome) -> Iterable[Hashable]:
    assert isinstance(outcome.event, Movement)
    return [(transfer.debit.owner, transfer.credit.owner) for transfer in outcome.event.transfers]


def _bought(outcome: Outcome) -> Iterable[Hashable]:
    kind = outcome.transfers[0].type if outcome.transfers else ""
    return (outcome.thing,) if kind in ("acquisition", "property_purchase", "property_sale") else ()


def _bought_twice(key: Hashable) -> Rejection:
    return Rejection(
        "property-is-acquired",
        f"{quoted(str(key))} is bought or sold twice at this instant; a property is bought once, so remove "
        "one, or give "
        "one a time:",
    )


def _id(outcome: Outcome) -> Iterable[Hashable]:
    assert isinstance(outcome.event, Movement)
    return (outcome.event.id,) if outcome.event.id else ()


def _registered_twice(key: Hashable) -> Rejection:
    assert isinstance(key, tuple)
    company, worker = key
    return Rejection(
        "hours-registered-twice",
        f"hours of {quoted(worker)} at {quoted(company)} are registered twice at this instant; "
        "give one of the transactions a time:, or write the sum in one",
    )


def same_id(key: Hashable) -> Rejection:
    """Why a transaction with the id of another one is refused."""
    return Rejection(
        "duplicate-id", f"id: {quoted(str(key))} names another transaction already; an id is never used again"
    )
