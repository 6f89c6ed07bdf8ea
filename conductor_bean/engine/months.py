"""Facts that look back: reversal of an event, closing and sealing of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import date_of, format_instant, last_day_of, parse_month
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Transfer

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
            "date the reversal later or give it a time:" + context.hint(name, state.posted),
            missing=("event", name),
        )
    if posted.reversed is not None:
        raise Rejection(
            "event-is-reversed",
            f"the event {quoted(name)} was reversed at {format_instant(posted.reversed)}; an event is reversed once",
        )
    posted.reversed = fact.instant
    _take_back(context, posted)
    return [
        Transfer(kind, _account(context, credit), _account(context, debit), units, derived=True)
        for kind, debit, credit, units, _ in posted.transfers
    ]


def month_close(context: Context, fact: Fact) -> None:
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


def seal(context: Context, fact: Fact) -> None:
    """Accept a seal; verifying it is not the engine's part."""


def _check_last_day(fact: Fact, month: str) -> None:
    parsed = parse_month(month)
    assert parsed is not None
    right = last_day_of(*parsed)
    if date_of(fact.instant) != right:
        raise Rejection(
            "month-close-on-wrong-day",
            f"the close of {month} is dated {date_of(fact.instant)}; it stands on the month's last day, {right}",
        )


def _next(month: str) -> str:
    parsed = parse_month(month)
    assert parsed is not None
    year, number = parsed
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _take_back(context: Context, posted: Posted) -> None:
    if posted.plan:
        context.state.plans[posted.plan].consumed -= posted.quantity
    if posted.service is not None:
        context.taxes.services.withdraw(*posted.service)
        context.taxes.forget()


def _account(context: Context, name: str) -> Account:
    account = context.chart.find(name)
    assert account is not None
    return account
