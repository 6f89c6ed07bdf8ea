"""The naive model: sort the events once, apply them one after the other, remember everything.

Facts come before transactions at one instant; facts in the language's numbered order and then by their ids.
Transactions of one instant do not see each other: all are judged by the state before any of them; then, while an
account ends the instant below its limit (accounts in order of name), its last spending by the key is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from tests.model.events import FACT_ORDER, Event, Fact, Nonsense, Region, Transaction
from tests.model.facts import apply_fact
from tests.model.state import Consumption, Fic, RefusedError, State, Transfer, fic
from tests.model.transactions import SPENDING, evaluate, key


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event was refused."""

    code: str
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class History:
    """The outcome: for each event (by its position in the list that was played) its transfers or its refusal."""

    state: State
    transfers: dict[int, list[Transfer]] = field(default_factory=dict)
    refusals: dict[int, Refusal] = field(default_factory=dict)
    fics: dict[int, Fic] = field(default_factory=dict)
    # The instants in the order in which they were applied, with the positions of their events.
    order: list[tuple[datetime, list[int]]] = field(default_factory=list)


@dataclass(slots=True)
class Candidate:
    """A transaction that holds so far at its instant."""

    position: int
    transaction: Transaction
    transfers: list[Transfer]
    consumption: Consumption | None


def order_of_fact(fact: Fact) -> tuple[int, tuple[str, ...]]:
    """Where a fact stands among the facts of its instant."""
    return FACT_ORDER.index(fact.kind), fact.ids


def play(events: Sequence[Event], region: Region) -> History:
    """Apply all events, in the order that the language defines, whatever order they are given in."""
    history = History(State(region))
    positions = sorted(range(len(events)), key=lambda position: events[position].instant)
    for instant, group in groupby(positions, key=lambda position: events[position].instant):
        now = list(group)
        history.order.append((instant, now))
        play_facts(history, events, now)
        play_transactions(history, events, now)
    return history


def play_facts(history: History, events: Sequence[Event], now: list[int]) -> None:
    """The facts of one instant, one after the other, each seeing the ones before it."""
    facts = [(event, position) for position in now if isinstance(event := events[position], Fact)]
    for fact, position in sorted(facts, key=lambda item: order_of_fact(item[0])):
        try:
            history.transfers[position] = apply_fact(history.state, fact)
        except RefusedError as refused:
            history.refusals[position] = Refusal(refused.code, refused.missing)
    for position in now:
        event = events[position]
        if isinstance(event, Nonsense):
            history.refusals[position] = Refusal(event.code)


def play_transactions(history: History, events: Sequence[Event], now: list[int]) -> None:
    """The transactions of one instant, together."""
    state = history.state
    candidates = []
    for position in now:
        event = events[position]
        if not isinstance(event, Transaction):
            continue
        history.fics[position] = fic(state, event.instant)
        try:
            candidates.append(Candidate(position, event, *evaluate(state, event)))
        except RefusedError as refused:
            history.refusals[position] = Refusal(refused.code, refused.missing)
    for refused_one, code in settle(state, candidates):
        candidates.remove(refused_one)
        history.refusals[refused_one.position] = Refusal(code)
    for candidate in candidates:
        accept(history, candidate)


def settle(state: State, candidates: list[Candidate]) -> list[tuple[Candidate, str]]:
    """Which candidates fall, because they claim twice what is there once, or overdraw."""
    standing = sorted(candidates, key=lambda c: (key(c.transaction, c.transfers), c.transaction.id or ""))
    fallen = []
    ids = set(state.by_id)
    registered: set[tuple[str, str]] = set()
    for candidate in list(standing):
        workers = {(t.debit, t.credit) for t in candidate.transfers if t.type == "work_certificates"}
        if candidate.transaction.id in ids or workers & registered:
            standing.remove(candidate)
            fallen.append((candidate, "*"))
            continue
        registered |= workers
        if candidate.transaction.id is not None:
            ids.add(candidate.transaction.id)
    while (last := last_spending(state, standing)) is not None:
        standing.remove(last)
        fallen.append((last, "insufficient-balance"))
    return fallen


def last_spending(state: State, standing: list[Candidate]) -> Candidate | None:
    """The spending to be refused next: of the first account by name that ends the instant below its limit."""
    if not standing:
        return None
    limit = state.region.overdraw(standing[0].transaction.instant)
    if limit is None:
        return None
    balances = dict(state.balances)
    for candidate in standing:
        for transfer in candidate.transfers:
            balances[transfer.debit] = balances.get(transfer.debit, 0) - transfer.amount
            balances[transfer.credit] = balances.get(transfer.credit, 0) + transfer.amount
    for account in sorted(balances):
        if balances[account] >= -limit:
            continue
        spendings = [
            candidate
            for candidate in standing
            if candidate.transfers[0].type in SPENDING
            and candidate.transfers[0].debit == account
            and candidate.transfers[0].amount > 0
        ]
        if spendings:
            return spendings[-1]
    return None


def accept(history: History, candidate: Candidate) -> None:
    """Nothing speaks against it any more."""
    state = history.state
    state.apply(candidate.transfers)
    history.transfers[candidate.position] = candidate.transfers
    if candidate.consumption is not None:
        hours = candidate.consumption.quantity == 0
        (state.service_consumptions if hours else state.plan_consumptions).append(candidate.consumption)
    if candidate.transaction.id is not None:
        state.by_id[candidate.transaction.id] = (candidate.transfers, candidate.consumption)
