"""What an instant's transactions decide together: duplicates, and income before spending."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Movement

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome


def refuse_duplicates(outcomes: list[Outcome]) -> None:
    """Of transactions of one instant that exclude each other, all but the first by the canonical key are rejected.

    RULES.md, "Work": one leg a worker, company and instant. LANGUAGE.md: an `id:` is unique.
    """
    # Ids first: what falls for its id changes no state, so it is no registration either.
    _refuse(outcomes, _id, same_id)
    _refuse(outcomes, _registrations, _registered_twice)


def settle(context: Context, outcomes: list[Outcome]) -> None:
    """Reject spending until no member ends the instant below her limit because of it.

    LANGUAGE.md, "Time": while an account ends the instant below its limit (accounts in order of name), its last
    spending by the canonical key is rejected with all it derives.
    """
    overdraw = context.rules.member_overdraw
    if overdraw is None:
        return
    balances = context.state.balances
    spending = _spending(outcomes, balances, -overdraw)
    waiting = [name for name in spending if balances[name] < -overdraw]
    heapify(waiting)
    while waiting:
        name = heappop(waiting)
        while spending[name] and balances[name] < -overdraw:
            outcome = spending[name].pop()
            units = outcome.transfers[0].units
            affected = _undo(context, outcome)
            _reject(outcome, _insufficient(context, name, units, overdraw))
            # Whoever lives on that income may fall below the limit now, and may come first by name.
            below = [other for other in affected if other in spending and balances[other] < -overdraw]
            if below:
                for other in {*below, name}:
                    heappush(waiting, other)
                break


def _spending(outcomes: list[Outcome], balances: dict[str, int], limit: int) -> dict[str, list[Outcome]]:
    """Members' consumption of an instant by account, in canonical order; empty where nobody is below the limit."""
    consumption = [
        outcome
        for outcome in outcomes
        if outcome.rejection is None and outcome.transfers[0].debit.kind == "member" and outcome.transfers[0].units > 0
    ]
    if all(balances[outcome.transfers[0].debit.name] >= limit for outcome in consumption):
        return {}
    spending: dict[str, list[Outcome]] = {}
    for outcome in consumption:
        spending.setdefault(outcome.transfers[0].debit.name, []).append(outcome)
    for listed in spending.values():
        listed.sort(key=_order)
    return spending


def _undo(context: Context, outcome: Outcome) -> list[str]:
    balances = context.state.balances
    context.state.transfers -= len(outcome.transfers)
    affected = []
    for transfer in outcome.transfers:
        balances[transfer.debit.name] += transfer.units
        balances[transfer.credit.name] -= transfer.units
        affected.append(transfer.credit.name)
    return affected


def _insufficient(context: Context, account: str, units: int, overdraw: int) -> Rejection:
    # The balance shown is the one without this spending: what was there to spend.
    balance = context.state.balances[account]
    limit = f"may fall to {context.hours(-overdraw)}" if overdraw else "may not fall below zero"
    return Rejection(
        "insufficient-balance",
        f"{context.hours(units)} are spent, but {account} holds {context.hours(balance)} and {limit}; "
        f"{context.hours(units - balance - overdraw)} are missing: let income come first, or consume less",
    )


def _order(outcome: Outcome) -> tuple[Any, ...]:
    assert isinstance(outcome.event, Movement)
    return outcome.event.order


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
    if outcome.transfers and outcome.transfers[0].type == "work_certificates":
        return [(t.debit.owner, t.credit.owner) for t in outcome.transfers if t.type == "work_certificates"]
    return ()


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
