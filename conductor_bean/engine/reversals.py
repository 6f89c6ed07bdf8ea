"""Reversals: every transfer of an event mirrored at a later date, whole or in parts (LANGUAGE.md, "Transactions")."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text, round_half_even
from conductor_bean.domain.costs import QUANTITY_DIGITS
from conductor_bean.domain.instants import DAY, format_instant
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.counting import count
from conductor_bean.engine.events import Transfer
from conductor_bean.engine.payroll import WORK
from conductor_bean.engine.trade import scaled
from conductor_bean.engine.wage_arrears import cancel, restore

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import Posted

_UNIT = 10**QUANTITY_DIGITS


@dataclass(frozen=True, slots=True)
class Part:
    """What one reversal takes back of an event.

    Attributes:
        units: Units by transfer of the event.
        back: Its share of the event's quantity, in 10^-12 of a unit; 0 where the event has none.
        is_last: Whether nothing of the event is left after it.
    """

    units: tuple[int, ...]
    back: int
    is_last: bool


def reversal(context: Context, fact: Fact) -> list[Transfer]:
    """Mirror every transfer of an event, recorded and derived, at the reversal's own date: once, or in parts.

    Posted history stays as it is. From now on the products count as not consumed and the hours of a basic service no
    longer count in FIC, as far as they are taken back.
    """
    (name,) = fact.ids
    state = context.state
    posted = state.posted.get(name)
    if posted is None:
        raise Rejection(
            "event-not-found",
            f"no earlier transaction has id: {quoted(name)}; at one instant facts come before transactions, so "
            'date the reversal later or give it time: "13:42:29" or the like; what a reversal itself moved is recorded '
            "anew, not reversed" + context.hint(name, state.posted),
            missing=("event", name),
        )
    if posted.reversed is not None and (fact.data["quantity"] is None or not posted.taken):
        raise Rejection(
            "event-is-reversed",
            f"the event {quoted(name)} was reversed at {format_instant(posted.reversed)}; an event is reversed once",
        )
    account = context.account
    for _, debit, *_ in posted.transfers:
        _check_takes_part(context, account(debit))
    part = context.parts[fact.source] = _part(name, posted, fact.data["quantity"])
    _take(context, posted, part, -1)
    posted.reversed = fact.instant if part.is_last else None
    if posted.thing:
        context.unsettled.add(posted.thing)
    since = cancel(context, posted) if posted.unpaid else []
    return [
        Transfer(kind, account(credit), account(debit), units, derived=True)
        for (kind, debit, credit, *_), units in zip(posted.transfers, part.units, strict=True)
    ] + [Transfer(paid.type, paid.credit, paid.debit, paid.units, derived=True) for paid in since]


def take_back_reversal(context: Context, fact: Fact) -> None:
    """Undo a reversal that an account could not bear."""
    posted = context.state.posted[fact.ids[0]]
    posted.reversed = None
    _take(context, posted, context.parts[fact.source], 1)
    restore(context, posted)


def _part(name: str, posted: Posted, quantity: Decimal | None) -> Part:
    """What a reversal takes back: each leg times the share reversed so far, half-even, less what earlier parts took.

    Raises:
        Rejection: `event-has-no-quantity`, `quantity-must-be-positive` or `quantity-exceeds-event`.
    """
    whole = [units for *_, units, _ in posted.transfers]
    if quantity is None and not posted.back:
        return Part(tuple(whole), posted.measure, is_last=True)
    if not posted.measure:
        raise Rejection(
            "event-has-no-quantity",
            f"the event {quoted(name)} says no quantity:, so no part of it can be reversed; remove quantity: from the "
            "reversal, which then takes back all of it",
        )
    back = posted.measure if quantity is None else scaled(quantity)
    if posted.plan and back % _UNIT:
        raise Rejection(
            "quantity-must-be-positive",
            f"quantity: {_shown(back)} is no positive integer; of a plan whole units are taken back, such as 1",
        )
    left = posted.measure - posted.back
    if back > left:
        raise Rejection(
            "quantity-exceeds-event",
            f"{_shown(back)} are to be taken back, but of the {_shown(posted.measure)} of {quoted(name)} "
            + (f"{_shown(left)} are left; write quantity: {_shown(left)} or less" if left else "nothing is left"),
        )
    so_far = posted.back + back
    taken = posted.taken or [0] * len(whole)
    units = (round_half_even(all_ * so_far, posted.measure) - before for all_, before in zip(whole, taken, strict=True))
    return Part(tuple(units), back, is_last=so_far == posted.measure)


def _shown(measure: int) -> str:
    number = Decimal(measure).scaleb(-QUANTITY_DIGITS)
    return decimal_text(number.normalize() if measure % _UNIT else number.quantize(1))


def _check_takes_part(context: Context, account: Account) -> None:
    """Hold that no credits go back to a party that has ended: its wallet is empty for good."""
    if account.kind == "company_wallet":
        context.taking_part(context.state.companies[account.owner])
    elif account.kind == "member_wallet":
        context.taking_part(context.state.members[account.owner])


def _take(context: Context, posted: Posted, part: Part, sign: int) -> None:
    """Take back what a part of an event counted for (-1), or count it again (1)."""
    is_part = posted.back or not part.is_last
    if posted.plan:
        context.state.plans[posted.plan].consumed += sign * part.back // _UNIT
    if posted.service is not None:
        # Of a service no wallet knows, so its reversal is never taken back.
        instant, units = posted.service
        before = units - (posted.taken[0] if posted.taken else 0)
        context.taxes.services.withdraw(instant, before, before - part.units[0])
        context.taxes.forget()
    if is_part:
        taken = posted.taken or [0] * len(part.units)
        posted.taken = [before - sign * units for before, units in zip(taken, part.units, strict=True)]
        posted.back -= sign * part.back
        if not posted.back:
            posted.taken = []
    if posted.hours and posted.instant // DAY == context.state.hours_date:
        workers = [context.account(credit).owner for kind, _, credit, _, _ in posted.transfers if kind in WORK]
        for worker, worked in zip(workers, posted.hours, strict=False):
            context.state.hours[worker] = context.state.hours.get(worker, 0) + sign * worked
    if context.has_credits:
        transfers = [
            Transfer(kind, context.account(debit), context.account(credit), units, derived)
            for (kind, debit, credit, _, derived), units in zip(posted.transfers, part.units, strict=True)
        ]
        count(context, posted, transfers, part.back if posted.sold else 0, sign)
