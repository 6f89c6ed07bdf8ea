"""What transactions of one instant exclude together: duplicates, and what one alone may, but all may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, date_of
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.banking import over_principal, too_much
from conductor_bean.engine.events import Movement
from conductor_bean.engine.payroll import WORK, worked_by
from conductor_bean.engine.settlement import order_of, reject

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome

EXCLUSIVE = frozenset(
    {
        *WORK,
        "acquisition",
        "property_purchase",
        "property_sale",
        "loan_repayment",
        "outside_loan",
    }
)
"""Transactions of which several at one instant may exclude each other."""


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
            listed.sort(key=lambda item: order_of(item[0]))
            outcome, units = listed.pop()
            total = before + units + sum(more for _, more in listed)
            reject(
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
    for outcome in sorted(paying, key=order_of) if len(paying) > 1 else ():
        units = outcome.transfers[0].units
        before = sums.get(outcome.thing, 0)
        if outcome.thing in kept.loans:
            loan = kept.loans[outcome.thing]
            if before + units > loan.outstanding:
                reject(outcome, too_much(context, loan, before + units))
                continue
        elif before + units > (agreed := kept.outside_loans[outcome.thing]).principal - agreed.drawn:
            reject(outcome, over_principal(context, agreed, before + units))
            continue
        sums[outcome.thing] = before + units


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
    for outcome in sorted((o for o in outcomes if o.rejection is None), key=order_of):
        mine = list(keys(outcome))
        taken = [key for key in mine if key in seen]
        if taken:
            reject(outcome, why(taken[0]))
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
        f"{quoted(str(key))} is bought or sold twice at this instant; a property changes hands once, so remove one, or "
        "give one a time:",
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
