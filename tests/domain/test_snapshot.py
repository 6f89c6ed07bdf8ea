"""The state is plain data: written out at any instant and read back, everything goes on with the same result."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conductor_bean.domain.instants import format_instant
from conductor_bean.engine import snapshot
from conductor_bean.engine.machine import Machine, timeline
from conductor_bean.engine.state import State
from tests.rules.test_derived_legs import EVENTS
from tests.rules.test_prices import TWO
from tests.support import Loaded, load, plan

HISTORY = (
    EVENTS
    + plan("care", "Clinic", p=10, r=20, a=30, public=True, filed="2026-01-09", approved="2026-01-09", time="07:00:00")
    + plan("never", "Clinic", a=1, filed="2026-01-09", approved=None)
    + """
2026-01-10 custom "company-end" "Bakery"
2026-01-11 custom "coordination-request" "Bread" "Clinic"
2026-01-12 custom "member" "Bad Name"
2026-01-12 custom "member-end" "Dan"
2026-01-13 * "the same hours for two" ^x
  Assets:Companies:Mill:A  -20 HOUR
  Assets:Members:Cyd:Hours  20 HOUR
2026-01-13 * "the same date"
  time: "09:00:00"
  Assets:Companies:Mill:A   -5 HOUR
  Assets:Members:Cyd:Hours   5 HOUR
2026-01-14 * "nobody"
  id: "nobody"
  Assets:Companies:Mill:A   -5 HOUR
  Assets:Members:Zoe:Hours   5 HOUR
2026-01-15 custom "reversal" "nobody"
2026-01-31 custom "month-close" "2026-01"
2026-02-01 * "work"
  Assets:Companies:Mill:A   -5 HOUR
  Assets:Members:Cyd:Hours   5 HOUR
2026-02-28 custom "month-close" "2026-02"
"""
)


@pytest.fixture(scope="module")
def history() -> Loaded:
    """A history with every kind of state in it, and some events that are rejected."""
    return load(HISTORY, prelude=TWO)


def told(outcomes: list[Any]) -> list[Any]:
    """Return outcomes as plain data."""
    return [
        (
            format_instant(outcome.event.instant),
            None if outcome.rejection is None else (outcome.rejection.code, outcome.depends),
            [(t.type, t.debit.name, t.credit.name, t.units) for t in outcome.transfers],
            outcome.fic and outcome.fic[0] / outcome.fic[1],
            outcome.price,
        )
        for outcome in outcomes
    ]


def test_at_every_instant_the_state_can_be_written_out_and_read_back(history: Loaded) -> None:
    books = history.books
    assert books.checked is not None
    reading = books.checked.reading
    assert reading is not None
    whole = Machine(books.region, State(missing=dict(reading.missing)), reading.chart, reading.evidence)
    resumed = Machine(books.region, State(missing=dict(reading.missing)), reading.chart, reading.evidence)
    for instant, events in timeline(reading.facts, reading.movements):
        first = told(whole.apply_instant(instant, list(events)))
        # A new machine for each instant, from nothing but the text of the state.
        state = snapshot.load(snapshot.dump(resumed.state))
        resumed = Machine(books.region, state, reading.chart, reading.evidence)
        second = told(resumed.apply_instant(instant, list(events)))
        assert first == second
        assert snapshot.dump(resumed.state) == snapshot.dump(whole.state)
    assert whole.state == resumed.state


def test_the_text_is_json_and_the_same_state_gives_the_same_text(history: Loaded) -> None:
    text = snapshot.dump(history.books.machine.state)
    assert text == snapshot.dump(snapshot.load(text))
    data = json.loads(text)
    assert data["format"].startswith("conductor-bean-state/")
    assert data["closed"] == ["2026-01", "2026-02"]
    assert "NaN" not in text


def test_what_is_read_back_shares_nothing_with_what_was_written(history: Loaded) -> None:
    state = history.books.machine.state
    before = snapshot.dump(state)
    copy = snapshot.load(before)
    copy.plans["cheap"].consumed += 1
    copy.balances["Equity:PSF"] += 1
    assert snapshot.dump(state) == before


def test_an_empty_state_makes_the_round_trip() -> None:
    assert snapshot.load(snapshot.dump(State())) == State()


@pytest.mark.parametrize(
    "text", ["{}", '{"format": "other/1"}', '{"format": "conductor-bean-state/0"}', "[]", "7", "", "{"]
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - JSON's own error is a ValueError, too
        snapshot.load(text)
