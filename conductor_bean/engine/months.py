"""Facts that look back: reversal of an event, closing and sealing of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import (
    DAY,
    date_of,
    format_instant,
    last_date,
    month_from_number,
    month_number,
)
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.closing import close
from conductor_bean.engine.counting import count
from conductor_bean.engine.events import Transfer
from conductor_bean.engine.payroll import WORK

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import Posted


def reversal(context: Context, fact: Fact) -> list[Transfer]:
    """Mirror every transfer of an event, recorded and derived, once, at the reversal's own date.

    LANGUAGE.md, "Transactions". Posted history stays as it is; from now on the products count as not consumed and
    the hours of a basic service no longer count in FIC.
    """
    (name,) = fact.ids
    state = context.state
    posted = state.posted.get(name)
    if posted is None:
        raise Rejection(
            "event-not-found",
            f"no earlier transaction has id: {quoted(name)}; at one instant facts come before transactions, so "
            'date the reversal later or give it time: "13:42:29" or the like' + context.hint(name, state.posted),
            missing=("event", name),
        )
    if posted.reversed is not None:
        raise Rejection(
            "event-is-reversed",
            f"the event {quoted(name)} was reversed at {format_instant(posted.reversed)}; an event is reversed once",
        )
    account = context.account
    for _, debit, *_ in posted.transfers:
        _check_takes_part(context, account(debit))
    posted.reversed = fact.instant
    _count(context, posted, -1)
    if posted.thing:
        context.unsettled.add(posted.thing)
    return [
        Transfer(kind, account(credit), account(debit), units, derived=True)
        for kind, debit, credit, units, _ in posted.transfers
    ]


def _check_takes_part(context: Context, account: Account) -> None:
    """Hold that no credits go back to a party that has ended: its wallet is empty for good."""
    if account.kind == "company_wallet":
        context.taking_part(context.state.companies[account.owner])
    elif account.kind == "member_wallet":
        context.taking_part(context.state.members[account.owner])


def take_back_reversal(context: Context, fact: Fact) -> None:
    """Undo a reversal that an account could not bear."""
    posted = context.state.posted[fact.ids[0]]
    posted.reversed = None
    _count(context, posted, 1)


def month_close(context: Context, fact: Fact) -> list[Transfer]:
    """Close a month, once, in order, on its last day. In labour time alone nothing follows from it."""
    (month,) = fact.ids
    _check_last_day(fact, month)
    closed = context.state.closed
    if month in closed:
        raise Rejection("month-is-closed", f"{month} was closed already; a month is closed once")
    if closed and _next(closed[-1]) != month:
        raise Rejection(
            "month-out-of-order",
            f"the month closed last is {closed[-1]}; months are closed in order, so close {_next(closed[-1])} next",
        )
    closed.append(month)
    return close(context, month) if context.has_credits else []


def seal(context: Context, fact: Fact) -> None:
    """Accept the seal of a month that is over, once, in order; `ledger.seals` holds its digest against the text."""
    month, digest = fact.ids
    last = last_date(month)
    sealed = context.state.sealed
    if date_of(fact.instant) < last:
        raise Rejection(
            "seal-too-early",
            f"the seal of {month} is dated {date_of(fact.instant)}, before the month is over; date it {last} or later",
        )
    if sealed and month_number(month) <= month_number(sealed[-1][0]):
        raise Rejection(
            "month-is-sealed",
            f"{sealed[-1][0]} and all before it is sealed already; a month is sealed once, and in order: remove this "
            "seal",
        )
    form = fact.data["format"]
    if sealed and form < sealed[-1][2]:
        raise Rejection(
            "seal-format-lowered",
            f"the seal of {sealed[-1][0]} is of format {sealed[-1][2]}, and this one is of format {form}, which covers "
            "less; remove it, and let conductor seal write it anew",
        )
    sealed.append((month, digest, form))


def _check_last_day(fact: Fact, month: str) -> None:
    right = last_date(month)
    if date_of(fact.instant) != right:
        raise Rejection(
            "month-close-on-wrong-day",
            f"the close of {month} is dated {date_of(fact.instant)}; it stands on the month's last day, {right}",
        )


def _next(month: str) -> str:
    return month_from_number(month_number(month) + 1)


def _count(context: Context, posted: Posted, sign: int) -> None:
    """Take back what an event counted for (-1), or count it again (1)."""
    if posted.plan:
        context.state.plans[posted.plan].consumed += sign * posted.quantity
    if posted.service is not None:
        # Of a service no wallet knows, so its reversal is never taken back.
        context.taxes.services.withdraw(*posted.service)
        context.taxes.forget()
    if posted.hours and posted.instant // DAY == context.state.hours_date:
        workers = [context.account(credit).owner for kind, _, credit, _, _ in posted.transfers if kind in WORK]
        for worker, units in zip(workers, posted.hours, strict=False):
            context.state.hours[worker] = context.state.hours.get(worker, 0) + sign * units
    if context.has_credits:
        transfers = [
            Transfer(kind, context.account(debit), context.account(credit), units, derived)
            for kind, debit, credit, units, derived in posted.transfers
        ]
        count(context, posted, transfers, sign)
