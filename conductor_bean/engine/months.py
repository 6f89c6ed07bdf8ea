"""Facts that look back on a month: its close and its seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import (
    date_of,
    last_date,
    month_from_number,
    month_number,
)
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.closing import close
from conductor_bean.engine.events import Transfer

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact


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
