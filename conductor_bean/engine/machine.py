"""The state machine: events sorted once and applied once, instant by instant.

At one instant all facts come before all transactions; transactions do not see each other, except in balances; the
close of a month comes after everything else of its date. What follows from an event depends only on facts at or
before its instant, so adding later entries changes no earlier result.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import Chart
from conductor_bean.domain.facts import MONTH_CLOSE
from conductor_bean.domain.instants import DAY
from conductor_bean.domain.problems import Rejection, codes
from conductor_bean.engine.advice import Adviser
from conductor_bean.engine.context import Context
from conductor_bean.engine.counting import SERVICES, count_outcome, posted_of
from conductor_bean.engine.dependence import missing_key
from conductor_bean.engine.events import Fact, Movement, Outcome
from conductor_bean.engine.exclusion import EXCLUSIVE, refuse_duplicates, refuse_excess, same_id
from conductor_bean.engine.fact_handlers import FACTS, UNDO
from conductor_bean.engine.settlement import fall_with, settle, settle_wages
from conductor_bean.engine.state import State
from conductor_bean.engine.transactions import HANDLERS
from conductor_bean.engine.written_down import WrittenDown, without_cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conductor_bean.domain.plans import Plan
    from conductor_bean.domain.region import Region
    from conductor_bean.engine.events import Evidence

REGION_ACCOUNTS = ("treasury", "issuance", "outside")
"""Accounts of credits that the region itself owns from its first event on."""

_STAGES_OF_CONFLICT = frozenset({"existence", "state", "relation"})


class Machine:
    """Applies events to the state of a region.

    Args:
        region: The region's identity and decisions.
        state: What holds before the first event, changed in place; a new region's by default.
        chart: The chart of accounts from which the events' accounts come.
        evidence: Transactions that write down what directives entail.
        hypothetical: Whether other decisions are tried on what happened, see `Context`.
    """

    def __init__(
        self,
        region: Region,
        state: State | None = None,
        chart: Chart | None = None,
        evidence: Iterable[Evidence] = (),
        *,
        hypothetical: bool = False,
    ) -> None:
        self.state = State() if state is None else state
        self.context = Context(region, self.state, chart or Chart(), hypothetical=hypothetical)
        self.adviser = Adviser(self.context)
        if region.labour_time is not None:
            self.state.balances.setdefault(self.context.psf.name, 0)
        if region.credits is not None:
            for kind in REGION_ACCOUNTS:
                self.state.balances.setdefault(self.context.chart.of(kind).name, 0)
        self._overdrawn: set[str] = set()
        self._said: set[str] = set()
        self._written = WrittenDown(self.context, () if hypothetical else evidence)

    def run(
        self,
        facts: list[Fact],
        movements: list[Movement],
        until: int | None = None,
        before: Callable[[int], None] | None = None,
    ) -> Iterator[Outcome]:
        """Apply events in their order and say what became of each.

        Args:
            facts: Facts in any order.
            movements: Transactions in any order.
            until: The last instant to apply, or None for all.
            before: Called with each instant before it is applied, to look at the state that all before it left.
        """
        for instant, events in timeline(facts, movements):
            if until is not None and instant > until:
                break
            if before is not None:
                before(instant)
            yield from self.apply_instant(instant, events)
        yield from self._written.orphans(until)

    def apply_instant(self, instant: int, events: list[Fact | Movement]) -> list[Outcome]:
        """Apply all events of one instant."""
        before = self.state.credits.month.name
        self.context.advance(instant)
        if before not in ("", self.state.credits.month.name):
            self.adviser.month_ended(before)
        self._said.clear()
        facts: list[Fact] = []
        closes: list[Fact] = []
        movements: list[Movement] = []
        for event in events:
            if isinstance(event, Movement):
                movements.append(event)
            else:
                (closes if event.type.number == MONTH_CLOSE else facts).append(event)
        outcomes = self._apply_facts(facts) if facts else []
        moved = self._apply_movements(movements) if movements else []
        if self._overdrawn or (self.context.rules.wage_arrears and any(outcome.unpaid for outcome in moved)):
            outcomes += self._settle(outcomes, moved)
        if moved:
            self._commit(moved)
            outcomes += moved
        if closes:
            outcomes += self._apply_facts(closes)
            self._overdrawn.clear()
        self.adviser.month_begins(outcomes)
        return outcomes

    def _settle(self, facts: list[Outcome], moved: list[Outcome]) -> list[Outcome]:
        """Let fall what accounts cannot bear, and what depends on a fact that fell; say what fell beside them."""
        fell: list[Outcome] = []
        waiting = set(self._overdrawn)
        self._overdrawn.clear()
        while True:
            settled = settle(self.context, [*facts, *moved], waiting)
            waiting = set()
            for outcome in settled:
                if isinstance(outcome.event, Fact):
                    self.state.events -= 1
                    self._note_missing(outcome.event, outcome.rejection)
                    if outcome.evidence is not None:
                        fell.append(without_cause(outcome.evidence, outcome.event))
                    waiting.update(fall_with(self.context, outcome.event, moved))
            if not waiting and self.context.rules.wage_arrears:
                waiting.update(settle_wages(self.context, moved))
            if not waiting:
                return fell

    def _apply_facts(self, facts: list[Fact]) -> list[Outcome]:
        if len(facts) > 1:
            facts.sort(key=attrgetter("order"))
        self.context.together = facts
        outcomes = []
        for fact in facts:
            outcome = self._apply_fact(fact)
            outcomes.append(outcome)
            outcomes += self._written.judge(fact, outcome)
            self._post(outcome)
        return outcomes

    def _apply_fact(self, fact: Fact) -> Outcome:
        state = self.state
        try:
            transfers = FACTS[fact.type.name](self.context, fact) or []
        except Rejection as rejection:
            self.context.notes.clear()
            self._note_missing(fact, rejection)
            return self._rejected(fact, rejection)
        key = missing_key(fact.type.name, fact.ids)
        if key in state.missing:
            del state.missing[key]
        outcome = Outcome(fact, transfers, links=self._links(fact), opened=tuple(self.context.opened))
        self.context.opened.clear()
        state.events += 1
        self._said.update(fact.ids)
        if fact.type.name in UNDO:
            outcome.undo = partial(UNDO[fact.type.name], self.context, fact)
        self.adviser.fact(fact)
        self.adviser.noted(fact)
        return outcome

    def _note_missing(self, fact: Fact, rejection: Rejection | None) -> None:
        key = missing_key(fact.type.name, fact.ids)
        # What could not have been (the approval of a rejected plan) is not missed by what comes later.
        if key is not None and rejection is not None and codes()[rejection.code].stage != "state":
            self.state.missing.setdefault(key, fact.instant)

    def _apply_movements(self, movements: list[Movement]) -> list[Outcome]:
        context, posted, handlers = self.context, self.state.posted, HANDLERS
        outcomes = []
        registered = False
        for movement in movements:
            kind = movement.transfers[0].type
            try:
                if movement.id and movement.id in posted:
                    raise same_id(movement.id)
                outcome = handlers[kind](context, movement)
                if context.notes:
                    outcome.notes = tuple(context.notes)
            except Rejection as rejection:
                outcome = self._rejected(movement, rejection)
            context.notes.clear()
            registered = registered or kind in EXCLUSIVE or bool(movement.id)
            outcomes.append(outcome)
        if registered:
            refuse_duplicates(outcomes)
            if context.has_credits:
                refuse_excess(context, outcomes)
        for outcome in outcomes:
            self._post(outcome)
        return outcomes

    def _rejected(self, event: Fact | Movement, rejection: Rejection) -> Outcome:
        since = self.state.missing.get(rejection.missing)
        depends = since is not None and since <= event.instant
        timeless = isinstance(event, Fact) and event.type.timeless
        code = codes()[rejection.code]
        if not depends and not timeless and code.stage in _STAGES_OF_CONFLICT and code.error_since is None:
            said = sorted(self._said.intersection(_concerned(event)))
            if said:
                rejection = rejection.with_hint(
                    f"; a fact about {', '.join(said)} applies before it at the same instant: if the order was "
                    'another, give it time: "13:42:29" or the like'
                )
        return Outcome(event, rejection=rejection, depends=depends)

    def _post(self, outcome: Outcome) -> None:
        balances, touched, overdrawn = self.state.balances, self.state.credits.touched, self._overdrawn
        for transfer in outcome.transfers:
            debit, credit, units = transfer.debit, transfer.credit, transfer.units
            name = debit.name
            balances[name] = left = balances[name] - units
            balances[credit.name] += units
            if left < 0:
                overdrawn.add(name)
            if debit.kind == "company_wallet":
                touched[debit.owner] = 1
            if credit.kind == "company_wallet":
                touched[credit.owner] = 1
        self.state.transfers += len(outcome.transfers)

    def _commit(self, outcomes: list[Outcome]) -> None:
        """Let what was accepted at this instant become visible to later ones."""
        state = self.state
        services = []
        consumed: dict[str, tuple[Plan, int, list[Movement]]] = {}
        worked: dict[str, list[tuple[Movement, int]]] = {}
        accepted = list(self._accepted(outcomes))
        if len(accepted) > 1 and not state.now % DAY:
            self.adviser.duplicates([movement for movement, _ in accepted])
        for movement, outcome in accepted:
            state.events += 1
            first = movement.transfers[0]
            if movement.id:
                state.posted[movement.id] = posted_of(self.context, outcome)
            self.context.notes.extend(outcome.notes)
            count_outcome(self.context, outcome)
            self.adviser.noted(movement)
            if outcome.plan is not None:
                consumed.setdefault(outcome.plan.id, (outcome.plan, outcome.plan.consumed, []))[2].append(movement)
                assert isinstance(movement.quantity, int)
                outcome.plan.consumed += movement.quantity
            elif first.type == "work_certificates" and not self.context.has_credits:
                for transfer in movement.transfers:
                    worked.setdefault(transfer.credit.owner, []).append((movement, transfer.units))
            elif first.type in SERVICES:
                services.append((movement.instant, first.units))
        # Within one instant in order of units, so that the state does not depend on the order of lines.
        state.consumed_services.extend(sorted(services))
        for plan, before, movements in consumed.values():
            self.adviser.consumption(plan, before, movements)
        for worker, registered in worked.items():
            self.adviser.work(worker, [movement for movement, _ in registered], sum(units for _, units in registered))

    def _accepted(self, outcomes: list[Outcome]) -> Iterator[tuple[Movement, Outcome]]:
        """Transactions that stand; an id whose transaction fell is remembered, for a reversal that names it."""
        for outcome in outcomes:
            movement = outcome.event
            assert isinstance(movement, Movement)
            if outcome.rejection is None:
                yield movement, outcome
            elif movement.id:
                self.state.missing.setdefault(("event", movement.id), movement.instant)

    def _links(self, fact: Fact) -> frozenset[str]:
        if fact.type.name == "reversal":
            return frozenset(self.state.posted[fact.ids[0]].links)
        return frozenset(
            value for value, (_, shape) in zip(fact.ids, fact.type.values, strict=False) if shape == "link"
        )


def _concerned(event: Fact | Movement) -> set[str]:
    """Ids of parties and things that an event is about."""
    if isinstance(event, Fact):
        return set(event.ids)
    owners = {account.owner for transfer in event.transfers for account in (transfer.debit, transfer.credit)}
    return owners | event.links


def timeline(facts: list[Fact], movements: list[Movement]) -> Iterator[tuple[int, list[Fact | Movement]]]:
    """All events by instant: the one sort."""
    events: list[Fact | Movement] = [*facts, *movements]
    events.sort(key=_instant_of)
    for instant, group in groupby(events, _instant_of):
        yield instant, list(group)


def _instant_of(event: Fact | Movement) -> int:
    return event.instant
