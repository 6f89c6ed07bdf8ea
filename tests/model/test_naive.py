"""The naive model must itself be right before it may judge anyone: the app's own traces judge it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.model.naive import History, play
from tests.peer.trace_ledger import Trace, load_trace, traces


@pytest.fixture(scope="module", params=traces())
def played(request: pytest.FixtureRequest) -> tuple[Trace, History]:
    trace = load_trace(request.param)
    return trace, play(trace.events, trace.region)


def test_the_model_refuses_nothing_that_the_app_accepted(played: tuple[Trace, History]) -> None:
    assert played[1].refusals == {}


def test_the_model_makes_the_transfers_of_the_app(played: tuple[Trace, History]) -> None:
    trace, history = played
    for position, number in enumerate(trace.number):
        mine = [(t.type, t.debit, t.credit, t.amount) for t in history.transfers[position]]
        apps = [(t.type, t.debit, t.credit, t.amount) for t in trace.transfers_of(number)]
        assert sorted(mine) == sorted(apps), trace.raw["events"][number]


def test_the_model_knows_the_fic_of_the_app(played: tuple[Trace, History]) -> None:
    trace, history = played
    for position, number in enumerate(trace.number):
        apps = trace.raw["events"][number].get("fic")
        if apps is not None:
            mine = history.fics[position].value
            # The app divides with 28 digits, after sums that were rounded to as many.
            assert abs(Decimal(mine.numerator) / Decimal(mine.denominator) - Decimal(apps)) < Decimal("1e-26")


def test_the_balances_of_the_model_are_those_of_the_app(played: tuple[Trace, History]) -> None:
    trace, history = played
    for item in trace.raw["accounts"]:
        # Every transfer is rounded to ten decimals here and at the end only there.
        mine = history.state.balances[trace.account_of(item)]
        assert abs(mine - Decimal(item["balance_exact"])) < Decimal("1e-9")


def test_the_model_refuses_what_the_app_refused_and_is_left_unchanged(played: tuple[Trace, History]) -> None:
    trace, history = played
    both = play([*trace.events, *(attempt.event for attempt in trace.attempts)], trace.region)
    codes = [
        both.refusals[position].code for position in range(len(trace.events), len(both.refusals) + len(trace.events))
    ]
    assert codes == [attempt.code for attempt in trace.attempts]
    assert {a: b for a, b in both.state.balances.items() if b} == {a: b for a, b in history.state.balances.items() if b}
