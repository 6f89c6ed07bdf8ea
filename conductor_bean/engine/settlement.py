"""How an instant is settled: income comes before spending, and what an account cannot bear falls."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Fact, Movement
from conductor_bean.engine.wage_arrears import (
    is_written,
    paid_from,
    pay_with,
    pays,
    unpaid_of,
    wrongly_written,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome, Transfer

_NEVER_NEGATIVE = frozenset({"member_wallet", "company_wallet", "treasury", "pool", "bank"})
"""Only issuance, outside, clearing and debts may be negative (RULES.md, part B)."""


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
    if not waiting or context.hypothetical:
        _note_shortfalls(context, outcomes, waiting, limits)
        return []
    spending = _spending(context, outcomes)
    rejected: list[Outcome] = []
    heapify(waiting)
    while waiting:
        name = heappop(waiting)
        while limits.lack(name) and (outcome := _last(spending, name)) is not None:
            affected, fell = _give_way(context, outcome, name, limits)
            if fell:
                rejected.append(outcome)
            elif paid_from(outcome, name):
                spending[name].append(outcome)  # where more income falls, it pays less still
            # Whoever lives on that income may fall below the limit now, and may come first by name.
            below = [other for other in affected if other in spending and limits.lack(other)]
            if below:
                for other in sorted({*below, name}):
                    heappush(waiting, other)
                break
    return rejected


def _last(spending: dict[str, list[Outcome]], name: str) -> Outcome | None:
    """Take the last spending of an account that stands off its list; None where there is none."""
    listed = spending.get(name, [])
    while listed:
        outcome = listed.pop()
        if outcome.rejection is None:
            return outcome
    return None


def _note_shortfalls(context: Context, outcomes: list[Outcome], names: list[str], limits: _Limits) -> None:
    """Let wages give way in a scenario, and note whatever else an account lacks."""
    paying = [o for o in outcomes if names and o.rejection is None and pays(context, o)]
    for outcome in sorted(paying, key=order_of, reverse=True):
        for name in names:
            lack, paid = limits.lack(name), paid_from(outcome, name)
            if lack and paid:
                pay_with(context, outcome, name, max(0, paid - lack))
    for name in filter(limits.lack, names):
        context.shortfalls[name] = max(context.shortfalls.get(name, 0), limits.lack(name))


def _give_way(context: Context, outcome: Outcome, name: str, limits: _Limits) -> tuple[list[str], bool]:
    """Let spending fall that an account cannot bear, or wages be paid as far as it reaches.

    Returns:
        Who has less now, and whether the spending fell.
    """
    if not pays(context, outcome) or context.account(name).kind != "company_wallet":
        units = -_net(outcome, name)
        affected = _undo(context, outcome)
        reject(outcome, _insufficient(context, name, units, limits.of(name) or 0))
        return affected, True
    reach = max(0, paid_from(outcome, name) - limits.lack(name))
    if is_written(context, outcome):
        return _written_otherwise(context, outcome, name, reach), True
    pay_with(context, outcome, name, reach)
    return [transfer.credit.name for transfer in outcome.transfers if transfer.type in ("wage", "income_tax")], False


def _written_otherwise(context: Context, outcome: Outcome, name: str, reach: int) -> list[str]:
    """Reject hours whose wages the text writes down otherwise than the pool reaches."""
    rejection = wrongly_written(context, outcome, name, reach)
    affected = _undo(context, outcome)
    reject(outcome, rejection)
    return affected


def settle_wages(context: Context, outcomes: list[Outcome]) -> list[str]:
    """Let wages that gave way be paid after all where other spending fell since; hold what the text writes down.

    RULES.md, part B, "Wage arrears": wages are paid as far as the pool reaches at the end of the instant; of several
    registrations the first by the canonical key comes first.

    Returns:
        Accounts that have less now: the first registration was rejected of which the text says that less was paid.
    """
    pools: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.rejection is None and pays(context, outcome):
            for name in sorted({t.debit.name for t in outcome.transfers if t.type == "wage"}):
                pools.setdefault(name, []).append(outcome)
    for name, paying in sorted(pools.items()):
        paying.sort(key=order_of)
        reach = max(0, context.state.balances[name]) + sum(paid_from(outcome, name) for outcome in paying)
        for outcome in paying:
            due = paid_from(outcome, name) + unpaid_of(outcome, name)
            right = min(reach, due)
            reach -= right
            if right == paid_from(outcome, name):
                continue
            if is_written(context, outcome):
                return _written_otherwise(context, outcome, name, right)
            pay_with(context, outcome, name, right)
    return []


def fall_with(context: Context, fact: Fact, outcomes: list[Outcome]) -> list[str]:
    """Set aside the transactions about a loan that was not granted after all; say whose balances that changes."""
    affected = []
    for outcome in outcomes:
        if fact.type.name == "loan" and outcome.thing == fact.ids[0] and outcome.rejection is None:
            affected += _undo(context, outcome)
            outcome.depends = True
            reject(
                outcome,
                Rejection("loan-not-found", f"the loan {quoted(fact.ids[0])} is not granted: its bank lacks the funds"),
            )
    return affected


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


def _spending(context: Context, outcomes: list[Outcome]) -> dict[str, list[Outcome]]:
    """What was spent at an instant, by account, in canonical order.

    Of hours, consumption alone is spending (RULES.md: "by consuming"); of credits, every event that leaves an account
    with less than it had, also a loan or a reversal.
    """
    spending: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.rejection is None and _may_fall(context, outcome):
            for name in sorted({transfer.debit.name for transfer in outcome.transfers if _spends(outcome, transfer)}):
                if _net(outcome, name) < 0:
                    spending.setdefault(name, []).append(outcome)
    for listed in spending.values():
        listed.sort(key=order_of)
    return spending


def _may_fall(context: Context, outcome: Outcome) -> bool:
    if isinstance(outcome.event, Fact):
        return outcome.undo is not None and outcome.event.ids[0] not in context.firm
    return True


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


def order_of(outcome: Outcome) -> tuple[Any, ...]:
    """Place of an event among those of its instant, by the canonical key (LANGUAGE.md, "Time")."""
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


def reject(outcome: Outcome, rejection: Rejection) -> None:
    """Let an event fall that was accepted so far."""
    outcome.rejection = rejection
    outcome.transfers = []
