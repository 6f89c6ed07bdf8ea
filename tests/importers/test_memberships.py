"""Who cooperated when is inferred from prices and compensations."""

from __future__ import annotations

import dataclasses
import time
from decimal import Decimal
from pathlib import Path

import pytest

from conductor_bean.domain.instants import DAY
from conductor_bean.importers.workers_control import Settings, write_region
from conductor_bean.importers.workers_control.folder import write_folder
from conductor_bean.importers.workers_control.memberships import Memberships, infer_memberships
from conductor_bean.importers.workers_control.records import Account, App, Transfer
from conductor_bean.importers.workers_control.sights import sights_of
from tests.importers.histories import COMPANY, START, History, random_history
from tests.importers.support import errors_of


def inferred(app: App) -> Memberships:
    return infer_memberships(app, sights_of(app))


def spans(found: Memberships) -> set[tuple[str, int, int | None]]:
    """The plans' memberships, in days since the start (rounded down)."""
    return {
        (member.plan, (member.start - START) // DAY, None if member.end is None else (member.end - START) // DAY)
        for member in found.found
    }


def day(number: int) -> int:
    return START + number * DAY


def test_a_plan_without_compensation_is_in_no_cooperation() -> None:
    history = History()
    history.cooperation()
    history.consume(history.plan(3), day(5))
    assert inferred(history.done()).found == ()


def test_two_plans_join_at_the_first_price_that_they_share() -> None:
    history = History()
    shared, dear, cheap = history.cooperation(), history.plan(10), history.plan(4)
    history.homes = {dear: shared, cheap: shared}
    history.consume(cheap, day(5))
    found = inferred(history.done())
    assert spans(found) == {(dear, 5, None), (cheap, 5, None)}
    assert found.unexplained == frozenset()
    assert all(member.shown for member in found.found)


def test_a_plan_that_left_is_a_member_until_the_last_price_that_shows_it() -> None:
    history = History()
    shared, dear, cheap = history.cooperation(), history.plan(10), history.plan(4)
    history.homes = {dear: shared, cheap: shared}
    history.consume(cheap, day(5))
    history.consume(dear, day(7))
    del history.homes[dear]
    history.consume(dear, day(9))
    found = inferred(history.done())
    assert spans(found) == {(dear, 5, 7), (cheap, 5, None)}
    (left,) = [member for member in found.found if member.plan == dear]
    assert left.end == day(7) + 1


def test_a_member_that_nobody_consumes_is_found_by_the_price_of_the_others() -> None:
    history = History()
    shared, first = history.cooperation(), history.plan(10)
    others = [history.plan(cost) for cost in (17, 23, 31, 57, 91)]
    history.homes = dict.fromkeys([first, others[1], others[3]], shared)
    history.consume(first, day(5))
    history.homes = {}
    assert spans(inferred(history.done())) == {(plan, 5, 5) for plan in (first, others[1], others[3])}


def test_an_expired_member_no_longer_counts() -> None:
    history = History()
    shared, dear, cheap, brief = history.cooperation(), history.plan(10), history.plan(4), history.plan(40, days=10)
    history.homes = dict.fromkeys([dear, cheap, brief], shared)
    history.consume(cheap, day(5))
    history.consume(cheap, day(15))
    found = inferred(history.done())
    assert found.unexplained == frozenset()
    assert spans(found) == {(plan, 5, None) for plan in (dear, cheap, brief)}


def test_a_plan_that_moved_is_in_one_cooperation_at_a_time() -> None:
    history = History()
    first, second, moving = history.cooperation(), history.cooperation(), history.plan(10)
    history.homes = {moving: first, history.plan(4): first, history.plan(90): second}
    history.consume(moving, day(5))
    history.homes[moving] = second
    history.consume(moving, day(9))
    found = inferred(history.done())
    places = [(member.cooperation, member.start, member.end) for member in found.found if member.plan == moving]
    assert places == [(first, day(5), day(5) + 1), (second, day(9), None)]


def test_a_present_membership_that_no_price_shows_begins_after_the_last_price_against_it() -> None:
    history = History()
    shared, dear, cheap = history.cooperation(), history.plan(10), history.plan(4)
    history.homes = {cheap: shared}
    history.consume(dear, day(3))
    history.consume(cheap, day(5))
    history.homes = {cheap: shared, dear: shared}
    found = inferred(history.done())
    assert found.homeless == frozenset()
    # Either may have been there alone before: a sole member's price is its own cost.
    assert {member.plan for member in found.found} == {dear, cheap}
    assert {(member.start, member.shown) for member in found.found} == {(START, False), (day(5) + 1, False)}


def test_a_later_price_corrects_an_earlier_guess() -> None:
    history = History()
    shared, seen = history.cooperation(), history.plan(10)
    twins = [history.plan(4), history.plan(4)]
    history.homes = {seen: shared, twins[1]: shared}
    history.consume(seen, day(5))
    # Which of the twins it was shows only later: one is consumed at its own cost, the other at the price of both.
    history.consume(twins[0], day(6))
    history.consume(twins[1], day(7))
    history.consume(seen, day(8))
    found = inferred(history.done())
    assert found.unexplained == frozenset()
    assert twins[0] not in {member.plan for member in found.found}


def test_a_compensation_of_zero_shows_membership_all_the_same() -> None:
    # The app computes with 28 digits: a mean of thirds may differ from its own cost in the last one.
    history = History()
    shared, twin, other = history.cooperation(), history.plan(1, quantity=3), history.plan(1, quantity=3)
    consumption = history.consume(twin, day(5))
    nothing = Transfer(
        "f" * 32, day(5), Account("prd", COMPANY), Account("cooperation", shared), Decimal(0), "compensation_for_coop"
    )
    history.app.consumptions = [dataclasses.replace(consumption, compensation=nothing)]
    history.homes = {twin: shared, other: shared}
    found = inferred(history.done())
    assert found.unexplained == frozenset()
    assert (twin, 5, None) in spans(found)


def test_a_price_that_no_membership_explains_is_told_and_changes_nothing_else() -> None:
    for tampered in (Decimal("0.01"), Decimal("-0.01"), Decimal(1)):
        history = History()
        shared, dear, cheap = history.cooperation(), history.plan(10), history.plan(4)
        for cost in range(700, 740):
            history.plan(Decimal(cost) / 100)
        history.homes = {dear: shared, cheap: shared}
        history.consume(cheap, day(4))
        wrong = history.consume(cheap, day(5), tampered=tampered)
        history.consume(dear, day(6))
        found = inferred(history.done())
        assert found.unexplained == {wrong.uuid}
        assert spans(found) == {(dear, 4, None), (cheap, 4, None)}


def test_the_compensation_alone_shows_who_cooperated_where_the_price_was_changed() -> None:
    history = History()
    shared, dear, cheap = history.cooperation(), history.plan(10), history.plan(4)
    history.homes = {dear: shared, cheap: shared}
    wrong = history.consume(cheap, day(5), tampered=Decimal("0.01"))
    found = inferred(history.done())
    assert found.unexplained == {wrong.uuid}
    assert spans(found) == {(dear, 5, None), (cheap, 5, None)}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("plans", "cooperations", "events", "days", "consuming", "even"),
    [
        (30, 3, 400, 365, 0.6, False),
        (30, 3, 400, 365, 0.6, True),
        (15, 2, 200, 200, 0.5, True),
        (12, 3, 300, 200, 0.3, False),
    ],
)
def test_random_histories_are_explained_in_full(
    seed: int, plans: int, cooperations: int, events: int, days: int, consuming: float, even: bool
) -> None:
    app = random_history(
        seed, plans=plans, cooperations=cooperations, events=events, days=days, consuming=consuming, even=even
    )
    found = inferred(app)
    assert found.unexplained == frozenset()
    assert found.homeless == frozenset()
    assert found == inferred(app)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("even", [False, True])
def test_the_engine_agrees_with_what_was_inferred(seed: int, even: bool, tmp_path: Path) -> None:
    app = random_history(seed, plans=30, cooperations=3, events=400, days=365, consuming=0.5, even=even)
    files, report = write_region(app, tmp_path, Settings())
    write_folder(tmp_path / "region", files)
    assert report.not_inferable == []
    assert report.inferred["cooperation-exit"] > 5
    assert errors_of(tmp_path / "region") == []


def test_a_large_app_is_searched_in_bounded_time() -> None:
    app = random_history(1, plans=80, cooperations=5, events=1500, days=700, consuming=0.6, even=False)
    begun = time.monotonic()
    assert inferred(app).unexplained == frozenset()
    assert time.monotonic() - begun < 60
