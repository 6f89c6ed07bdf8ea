"""The naive model: sort the events once, apply them one after the other, remember everything.

Facts come before transactions at one instant; facts in the language's numbered order and then by their ids.
Transactions of one instant do not see each other: all are judged by the state before any of them; then, while an
account ends the instant below its limit (accounts in order of name), its last spending by the key is refused. A fact
may be that spending (a loan, a reversal): then the instant is played again as if the fact had never been written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from tests.model.credits import unpaid
from tests.model.events import FACT_ORDER, Event, Fact, Nonsense, Region, Transaction, moment
from tests.model.facts import apply_fact
from tests.model.settling import Candidate, conflicts, gives_way, last_spending, pay_after_all
from tests.model.state import Fic, RefusedError, State, Transfer, fic
from tests.model.transactions import evaluate


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
    # The facts of the instant that is being played, and the state before them if one of them may yet fall.
    facts: list[int] = field(default_factory=list)
    before: State | None = None


# Facts that an account's limit may forbid.
SPENDING_FACTS = ("loan", "reversal")


def order_of_fact(fact: Fact) -> tuple[int, tuple[str, ...]]:
    """Where a fact stands among the facts of its instant."""
    return FACT_ORDER.index(fact.kind), fact.ids


def play(events: Sequence[Event], region: Region) -> History:
    """Apply all events, in the order that the language defines, whatever order they are given in."""
    history = History(State(region))
    positions = sorted(range(len(events)), key=lambda position: moment(events[position]))
    for (instant, _), group in groupby(positions, key=lambda position: moment(events[position])):
        now = list(group)
        history.order.append((instant, now))
        play_facts(history, events, now)
        play_transactions(history, events, now)
    return history


def play_facts(history: History, events: Sequence[Event], now: list[int]) -> None:
    """The facts of one instant, one after the other, each seeing the ones before it."""
    facts = [(event, position) for position in now if isinstance(event := events[position], Fact)]
    history.facts = [position for _, position in sorted(facts, key=lambda item: order_of_fact(item[0]))]
    spend = any(fact.kind in SPENDING_FACTS for fact, _ in facts)
    history.before = history.state.copy() if spend and history.state.region.credits is not None else None
    apply_facts(history, events, history.facts)


def apply_facts(history: History, events: Sequence[Event], positions: list[int]) -> None:
    for position in positions:
        fact = events[position]
        assert isinstance(fact, Fact)
        try:
            history.transfers[position] = apply_fact(history.state, fact)
        except RefusedError as refused:
            history.refusals[position] = Refusal(refused.code, refused.missing)


def play_transactions(history: History, events: Sequence[Event], now: list[int]) -> None:
    """The transactions of the instant whose facts were played, together."""
    for position in now:
        event = events[position]
        if isinstance(event, Nonsense):
            history.refusals[position] = Refusal(event.code)
    fallen: set[int] = set()
    while True:
        candidates = judged(history, events, now, fallen)
        spendings = [*candidates, *fact_spendings(history, events)]
        while (found := last_spending(history.state, candidates, spendings)) is not None or pay_after_all(
            history.state, candidates
        ):
            if found is None or gives_way(history.state, *found):
                continue
            last = found[0]
            fallen.add(last.position)
            history.refusals[last.position] = Refusal("insufficient-balance")
            spendings.remove(last)
            if isinstance(last.event, Fact):
                break
            candidates.remove(last)
        if found is None:
            break
        play_again(history, events, [*now, *history.facts], fallen)
    for candidate in candidates:
        accept(history, candidate)


def judged(history: History, events: Sequence[Event], now: list[int], fallen: set[int]) -> list[Candidate]:
    """The transactions that hold by everything but the balances, in the order of the key, without those that fell.

    What conflicts with one that fell stays refused: nothing comes back.
    """
    state = history.state
    candidates = []
    refusals: dict[int, Refusal] = {}
    for position in now:
        event = events[position]
        if not isinstance(event, Transaction):
            continue
        history.fics[position] = fic(state, event.instant)
        try:
            transfers, consumption = evaluate(state, event)
            candidates.append(Candidate(position, event, transfers, consumption, list(transfers)))
        except RefusedError as refused:
            refusals[position] = Refusal(refused.code, refused.missing)
    candidates.sort(key=Candidate.key)
    for refused_one, code in conflicts(state, candidates):
        candidates.remove(refused_one)
        refusals[refused_one.position] = Refusal(code)
    history.refusals |= {position: refusal for position, refusal in refusals.items() if position not in fallen}
    return [candidate for candidate in candidates if candidate.position not in fallen]


def fact_spendings(history: History, events: Sequence[Event]) -> list[Candidate]:
    """What the facts of this instant moved, where an account's limit may forbid it."""
    return [
        Candidate(position, event, history.transfers[position], None)
        for position in history.facts
        if isinstance(event := events[position], Fact) and event.kind in SPENDING_FACTS
        if history.transfers.get(position)
    ]


def play_again(history: History, events: Sequence[Event], now: list[int], fallen: set[int]) -> None:
    """Take the facts of the instant back, and play them again without those that fell."""
    assert history.before is not None
    history.state = history.before.copy()
    for position in set(now) - fallen:
        history.refusals.pop(position, None)
    for position in now:
        history.transfers.pop(position, None)
        if isinstance(event := events[position], Nonsense):
            history.refusals[position] = Refusal(event.code)
    apply_facts(history, events, [position for position in history.facts if position not in fallen])


def accept(history: History, candidate: Candidate) -> None:
    """Nothing speaks against it any more."""
    state, event = history.state, candidate.event
    assert isinstance(event, Transaction)
    state.apply(candidate.transfers, event.instant)
    if candidate.whole != candidate.transfers:
        unpaid.owe(state, candidate.whole, candidate.transfers, event.id, event.instant)
    history.transfers[candidate.position] = candidate.transfers
    if candidate.consumption is not None:
        hours = candidate.consumption.quantity == 0
        (state.service_consumptions if hours else state.plan_consumptions).append(candidate.consumption)
    if event.id is not None:
        state.by_id[event.id] = (candidate.transfers, candidate.consumption, event.instant)
        if event.quantity is not None and event.quantity > 0:
            state.quantities[event.id] = Decimal(event.quantity)
