"""The factor of individual consumption: the staircase against the plain formula, on whatever plans hypothesis finds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import example, given, settings
from hypothesis import strategies as st

from conductor_bean.domain.fic import factor, factor_parts, half_window, whole_days
from conductor_bean.domain.instants import DAY, start_of
from conductor_bean.domain.plans import Plan
from conductor_bean.domain.staircase import ServicesInWindow, Staircase

START = start_of(datetime.date(2026, 1, 1))

times = st.one_of(st.just(0), st.sampled_from([1, DAY // 2, DAY // 2 - 1, DAY - 1]), st.integers(0, DAY - 1))
instants = st.builds(lambda day, time: START + day * DAY + time, st.integers(0, 120), times)
windows = st.one_of(st.integers(1, 12), st.sampled_from([40, 41, 180, 181, 36_500]))


def a_plan(number: int, approved: int, days: int, hours: tuple[int, int, int], *, public: bool) -> Plan:
    """Return an approved plan."""
    p, r, a = hours
    plan = Plan(f"plan-{number}", "Bakery", "x", "", "", 1, p, r, a, days, public, approved)
    plan.approve(approved)
    return plan


@dataclass(frozen=True)
class Drawn:
    """A plan before it is numbered."""

    approved: int
    days: int
    hours: tuple[int, int, int]
    public: bool
    ends_after: int | None


hours = st.integers(0, 10**6)
plans = st.builds(
    Drawn,
    approved=instants,
    days=st.one_of(st.integers(0, 15), st.sampled_from([30, 31, 97, 365, 36_500])),
    hours=st.tuples(hours, hours, hours),
    public=st.booleans(),
    ends_after=st.one_of(st.none(), st.integers(0, 40 * DAY)),
)


def naive(plans: list[Plan], instant: int, window: int) -> tuple[Fraction, Fraction]:
    """Return L + L_o and P_o + R_o + L_o by the plain formula."""
    parts = factor_parts(plans, [], instant, window)
    means = parts.public_fixed_means + parts.public_raw_materials + parts.public_labour
    return parts.labour + parts.public_labour, means


@settings(max_examples=300, deadline=None)
@given(st.lists(plans, max_size=8), st.lists(instants, min_size=1, max_size=12), windows)
def test_the_staircase_gives_what_the_formula_gives(drawn: list[Drawn], asked: list[int], window: int) -> None:
    """Events in order of time: approvals, ends of companies, questions, as the engine meets them."""
    staircase = Staircase(window)
    approved: list[Plan] = []
    events: list[tuple[int, int, int]] = [(plan.approved, 0, number) for number, plan in enumerate(drawn)]
    events += [
        (plan.approved + plan.ends_after, 1, number)
        for number, plan in enumerate(drawn)
        if plan.ends_after is not None and plan.ends_after < plan.days * DAY
    ]
    events += [(instant, 2, 0) for instant in asked]
    by_number: dict[int, Plan] = {}
    for instant, kind, number in sorted(events):
        if kind == 0:
            one = drawn[number]
            plan = by_number[number] = a_plan(number, one.approved, one.days, one.hours, public=one.public)
            staircase.add(plan, instant)
            approved.append(plan)
        elif kind == 1:
            staircase.shorten(by_number[number], instant, instant)
        else:
            labour, means = staircase.sums(instant)
            assert (Fraction(labour, staircase.common), Fraction(means, staircase.common)) == naive(
                approved, instant, window
            )


@settings(max_examples=150, deadline=None)
@given(st.lists(plans, max_size=8), instants, windows)
def test_a_staircase_that_is_built_late_gives_the_same(drawn: list[Drawn], instant: int, window: int) -> None:
    """As after a change of the window or of the process: plans are added long after their approval."""
    approved = [
        a_plan(number, one.approved, one.days, one.hours, public=one.public)
        for number, one in enumerate(drawn)
        if one.approved <= instant
    ]
    for plan, one in zip(approved, [one for one in drawn if one.approved <= instant], strict=True):
        if one.ends_after is not None and plan.expires is not None:
            plan.expires = min(plan.expires, one.approved + one.ends_after)
    staircase = Staircase(window)
    for plan in approved:
        staircase.add(plan, instant)
    labour, means = staircase.sums(instant)
    assert (Fraction(labour, staircase.common), Fraction(means, staircase.common)) == naive(approved, instant, window)
    later = instant + 17 * DAY + 5
    labour, means = staircase.sums(later)
    assert (Fraction(labour, staircase.common), Fraction(means, staircase.common)) == naive(approved, later, window)


@given(instants, st.integers(1, 400), instants, windows)
@example(START, 10, START, 1)
@example(START + 1, 10, START + DAY // 2, 1)
def test_whole_days_are_what_a_calendar_counts(approved: int, days: int, instant: int, window: int) -> None:
    plan = a_plan(0, approved, days, (0, 0, 1), public=False)
    zero = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)

    def moment(at: int) -> datetime.datetime:
        return zero + datetime.timedelta(microseconds=at - DAY)

    half = datetime.timedelta(days=window) / 2
    try:
        end = min(moment(approved) + datetime.timedelta(days=days), moment(instant) + half)
        start = max(moment(approved), moment(instant) - half)
    except OverflowError:
        return
    assert whole_days(plan, instant, half_window(window)) == max(0, (end - start).days)


def test_the_parts_by_hand() -> None:
    # Window 4, so two days each way around 2026-01-11.
    x = START + 10 * DAY
    parts = factor_parts(
        [
            a_plan(1, x - 3 * DAY, 10, (7, 8, 50), public=False),  # from the window's start to its end: 4 of 10 days
            a_plan(2, x, 8, (16, 24, 80), public=True),  # two days ahead: 2 of 8
            a_plan(3, x + 1, 8, (16, 24, 80), public=True),  # approved after x
        ],
        [(x - 2 * DAY - 1, 1), (x - 2 * DAY, 10), (x - 1, 100), (x, 1000), (x + 1, 10000)],
        x,
        4,
    )
    # Services from the window's start, included, to x, excluded.
    assert parts.labour == 50 * Fraction(4, 10) + 10 + 100
    assert (parts.public_labour, parts.public_fixed_means, parts.public_raw_materials) == (
        Fraction(20),
        Fraction(4),
        Fraction(6),
    )
    assert parts.window == (x - 2 * DAY, x + 2 * DAY)
    assert parts.fic == Fraction(130 - 10, 130 + 20)


def test_half_of_an_odd_window_is_half_a_day_more() -> None:
    assert half_window(5) == 2 * DAY + DAY // 2
    assert half_window(1) * 2 == DAY


@given(st.lists(st.tuples(instants, st.integers(1, 10**6)), max_size=20), st.lists(instants, max_size=12), windows)
def test_services_in_the_window_are_summed_as_the_formula_sums_them(
    consumed: list[tuple[int, int]], asked: list[int], window: int
) -> None:
    known: list[tuple[int, int]] = []
    services = ServicesInWindow(window, known)
    events = [(instant, 1, units) for instant, units in consumed] + [(instant, 0, 0) for instant in asked]
    # The edges of the window, too.
    events += [(instant + half_window(window), 0, 0) for instant, _ in consumed]
    for instant, kind, units in sorted(events):
        if kind == 0:
            assert services.at(instant) == factor_parts([], known, instant, window).labour
        else:
            known.append((instant, units))


@given(st.data())
def test_services_that_are_taken_back_no_longer_count(data: st.DataObject) -> None:
    window = data.draw(windows)
    known: list[tuple[int, int]] = []
    services = ServicesInWindow(window, known)
    now = START
    for _ in range(data.draw(st.integers(1, 25))):
        now += data.draw(st.integers(0, 3 * DAY))
        step = data.draw(st.sampled_from(["consume", "withdraw", "ask"]))
        if step == "consume":
            known.append((now, data.draw(st.integers(1, 100))))
        elif step == "withdraw" and known:
            at, units = data.draw(st.sampled_from(known))
            if at < now:
                services.at(now)
                services.withdraw(at, units)
        assert services.at(now) == factor_parts([], known, now, window).labour
        now += 1


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_factor_lies_between_0_and_1(labour: int, public_labour: int, means: int) -> None:
    value = factor(labour - means, labour + public_labour, means)
    assert 0 <= value <= 1
    if means == public_labour == 0:
        assert value == 1
    if labour == 0 and public_labour + means > 0:
        assert value == 0
