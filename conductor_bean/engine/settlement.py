"""How an instant is settled: income comes before spending, and what an account cannot bear falls."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Fact, Movement

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
    if not waiting:
        return []
    if context.hypothetical:
        for name in waiting:
            context.shortfalls[name] = max(context.shortfalls.get(name, 0), limits.lack(name))
        return []
    spending = _spending(context, outcomes)
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
            reject(outcome, _insufficient(context, name, units, limits.of(name) or 0))
            rejected.append(outcome)
            # Whoever lives on that income may fall below the limit now, and may come first by name.
            below = [other for other in affected if other in spending and limits.lack(other)]
            if below:
                for other in sorted({*below, name}):
                    heappush(waiting, other)
                break
    return rejected


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
