"""RULES.md, part A, "FIC": numbers worked out by hand.

With x the instant and w the window: a plan's weight = floor(min(expiry, x + w/2) - max(approval, x - w/2)) whole days,
over its `days`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support import PARTIES, check, load, plan, work

D = Decimal

EMPTY_REGION = """\
region: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    set: {member_overdraw: null, fic_window_days: %s}
"""


def fic_at(prelude: str, x: str, *, window: int = 180, time: str = "") -> Fraction:
    """Return FIC at an instant as the engine used it for a registration, exact from the recorded parts."""
    clock = f'  time: "{time}"\n' if time else ""
    found = load(work("Mill", "Cyd", 1, date=x, extra=clock), prelude=PARTIES + prelude, region=EMPTY_REGION % window)
    assert found.books.errors == []
    (outcome,) = [outcome for outcome in found.books.outcomes if outcome.fic is not None]
    assert outcome.fic is not None
    return Fraction(*outcome.fic)


def test_where_nothing_is_planned_the_factor_is_1() -> None:
    assert fic_at("", "2026-02-01") == 1


def test_where_only_public_means_of_production_are_planned_the_factor_is_0() -> None:
    assert fic_at(plan("c", "Clinic", p=1, public=True), "2026-02-01") == 0
    assert fic_at(plan("c", "Clinic", r=1, public=True), "2026-02-01") == 0


def test_where_only_public_labour_is_planned_the_factor_is_0() -> None:
    # (0 - 0) / (0 + 5) = 0
    assert fic_at(plan("c", "Clinic", a=5, public=True), "2026-02-01") == 0


def test_where_only_productive_plans_exist_the_factor_is_1() -> None:
    # (900 - 0) / (900 + 0) = 1; productive means of production do not count.
    assert fic_at(plan("b", "Bakery", p=100, r=500, a=900), "2026-02-01") == 1


def test_the_factor_follows_the_formula() -> None:
    # Equal weights cancel: (900 - (80 + 120)) / (900 + 100) = 700 / 1000.
    plans = plan("b", "Bakery", p=1, r=2, a=900) + plan("c", "Clinic", p=80, r=120, a=100, public=True)
    assert fic_at(plans, "2026-02-01") == Fraction(7, 10)


def test_the_factor_is_never_negative() -> None:
    # (100 - 300) / (100 + 1) would be negative.
    plans = plan("b", "Bakery", a=100) + plan("c", "Clinic", p=200, r=100, a=1, public=True)
    assert fic_at(plans, "2026-02-01") == 0


SHORT_AND_LONG = plan("b", "Bakery", a=1000, days=100) + plan("c", "Clinic", a=300, days=300, public=True)
"""Both approved on 2026-01-01 at 00:00. Window 180, half of it 90 days."""


@pytest.mark.parametrize(
    ("x", "weight_b", "weight_c", "why"),
    [
        ("2026-01-01", (90, 100), (90, 300), "window ends after 90 days, both plans start now"),
        ("2026-01-02", (91, 100), (91, 300), "one more day of each has come into the window"),
        ("2026-01-11", (100, 100), (100, 300), "day 10: the short plan is in the window as a whole"),
        ("2026-01-12", (100, 100), (101, 300), "it stays so"),
        ("2026-04-01", (100, 100), (180, 300), "day 90: the window starts where the plans do"),
        (
            "2026-04-02",
            (99, 100),
            (180, 300),
            "day 91: the short plan leaves day by day; the long one fills the window",
        ),
        ("2026-07-09", (1, 100), (180, 300), "day 189: its last day"),
        ("2026-07-10", (0, 100), (180, 300), "day 190 = 100 + 90: nothing is left of it"),
        ("2026-07-31", (0, 100), (179, 300), "day 211 = 300 - 90 + 1: the long plan leaves too"),
        ("2027-01-24", (0, 100), (2, 300), "day 388: two days of it"),
    ],
)
def test_weights_are_the_whole_days_inside_the_window(
    x: str, weight_b: tuple[int, int], weight_c: tuple[int, int], why: str
) -> None:
    labour, public = 1000 * Fraction(*weight_b), 300 * Fraction(*weight_c)
    assert fic_at(SHORT_AND_LONG, x) == labour / (labour + public), why


def test_when_all_plans_have_left_the_window_the_factor_is_1_again() -> None:
    # Day 390 = 300 + 90.
    assert fic_at(SHORT_AND_LONG, "2027-01-26") == 1


TIMED = plan("b", "Bakery", a=100, days=10, time="12:00:00") + plan("c", "Clinic", a=40, days=40, public=True)
"""b runs 2026-01-01T12 to 2026-01-11T12, c 2026-01-01T00 to 2026-02-10T00."""


@pytest.mark.parametrize(
    ("x", "time", "days_b", "days_c", "why"),
    [
        # Window 10: from x - 5 to x + 5 days.
        ("2026-01-01", "12:00:00", 5, 5, "c: window end 2026-01-06T12 less 2026-01-01T00 = 5.5 days, floor 5"),
        ("2026-01-02", "00:00:00", 5, 6, "b: window end 2026-01-07T00 less 2026-01-01T12 = 5.5 days"),
        ("2026-01-02", "11:59:59.999999", 5, 6, "b: a microsecond short of 6 days"),
        ("2026-01-02", "12:00:00", 6, 6, "b: exactly 6 days"),
        ("2026-01-06", "11:59:59.999999", 9, 10, "b: 10 days less a microsecond, floor 9"),
        ("2026-01-06", "12:00:00", 10, 10, "b: as a whole in the window"),
        ("2026-01-06", "12:00:00.000001", 9, 10, "b: the window starts a microsecond after its approval"),
        ("2026-01-15", "12:00:00", 1, 10, "b: window start 2026-01-10T12, one day to its expiry"),
        ("2026-01-15", "12:00:00.000001", 0, 10, "b: less than a whole day"),
    ],
)
def test_whole_days_are_counted_to_the_microsecond(x: str, time: str, days_b: int, days_c: int, why: str) -> None:
    labour, public = 100 * Fraction(days_b, 10), 40 * Fraction(days_c, 40)
    assert fic_at(TIMED, x, window=10, time=time) == labour / (labour + public), why


ODD = plan("b", "Bakery", a=100, days=10) + plan("c", "Clinic", a=40, days=40, public=True)


@pytest.mark.parametrize(
    ("x", "time", "days_b", "days_c", "why"),
    [
        # Window 5: from x - 2.5 to x + 2.5 days.
        ("2026-01-01", "00:00:00", 2, 2, "2.5 days ahead, floor 2"),
        ("2026-01-01", "11:59:59", 2, 2, "a second short of 3"),
        ("2026-01-01", "12:00:00", 3, 3, "0.5 + 2.5 = 3 days since the approval"),
        ("2026-01-03", "12:00:00", 5, 5, "the window starts at the approval: 5 days"),
        ("2026-01-05", "00:00:00", 5, 5, "the window lies inside both plans: 5 whole days"),
        ("2026-01-08", "12:00:01", 4, 5, "b: 2026-01-06T00:00:01 to 2026-01-11T00: a second short of 5"),
        ("2026-01-09", "00:00:00", 4, 5, "b: 2026-01-06T12 to 2026-01-11T00 = 4.5 days"),
        ("2026-01-12", "12:00:00", 1, 5, "b: 2026-01-10T00 to 2026-01-11T00"),
        ("2026-01-13", "00:00:00", 0, 5, "b: half a day"),
    ],
)
def test_a_window_of_odd_days_reaches_half_a_day_further(x: str, time: str, days_b: int, days_c: int, why: str) -> None:
    labour, public = 100 * Fraction(days_b, 10), 40 * Fraction(days_c, 40)
    assert fic_at(ODD, x, window=5, time=time) == labour / (labour + public), why


def test_a_window_of_one_day_holds_no_whole_day_of_a_plan_that_starts_or_ends_in_it() -> None:
    # At 2026-01-01T00 half a day of each plan lies in the window: L = L_o = 0, so FIC = 1.
    assert fic_at(ODD, "2026-01-01", window=1) == 1
    # At noon the window is 2026-01-01T00 to 2026-01-02T00: one day of each, 100/10 and 40/40.
    assert fic_at(ODD, "2026-01-01", window=1, time="12:00:00") == Fraction(10, 10 + 1)


def test_a_plan_counts_from_the_instant_of_its_approval() -> None:
    later = plan("b", "Bakery", a=100) + plan("c", "Clinic", a=100, public=True, approved="2026-02-01", time="09:30:00")
    assert fic_at(later, "2026-02-01", time="09:29:59") == 1
    # At its approval both have whole days: b 31 + 90 (09:30 adds no whole day), c 90; all of 365 days.
    assert fic_at(later, "2026-02-01", time="09:30:00") == Fraction(121, 121 + 90)


def test_a_filed_rejected_or_withdrawn_plan_does_not_count() -> None:
    plans = plan("b", "Bakery", a=100) + plan("c", "Clinic", a=100, public=True, approved=None)
    assert fic_at(plans, "2026-02-01") == 1
    assert fic_at(plans + '2026-01-02 custom "plan-rejection" "c"\n  by: "carla"\n', "2026-02-01") == 1
    assert fic_at(plans + '2026-01-02 custom "plan-withdrawal" "c"\n', "2026-02-01") == 1


def test_an_expired_plan_counts_as_long_as_its_days_lie_in_the_window() -> None:
    # b ran 2026-01-01 to 2026-01-11. At 2026-01-31 the window starts 2025-11-02: all its 10 days count in full;
    # c (365 days) has 30 days behind and 90 ahead.
    plans = plan("b", "Bakery", a=100, days=10) + plan("c", "Clinic", a=365, public=True)
    assert fic_at(plans, "2026-01-31") == Fraction(100, 100 + 120)


def test_a_plan_of_no_days_does_not_count() -> None:
    plans = plan("b", "Bakery", a=100) + plan("c", "Clinic", a=100, days=0, public=True)
    assert fic_at(plans, "2026-02-01") == 1


def test_plans_of_a_company_that_ended_count_for_the_days_they_ran() -> None:
    # c was planned for 100 days and ended after 20; b runs on: at 2026-01-31 30 + 90 of its 365 days are in the window.
    plans = (
        plan("b", "Bakery", a=365)
        + plan("c", "Clinic", a=100, days=100, public=True)
        + '2026-01-21 custom "company-end" "Clinic"\n'
    )
    assert fic_at(plans, "2026-01-31") == Fraction(120, 120 + 20)
    # The day before, c was still expected to run all its 100 days; of b 19 + 90 days are in the window.
    assert fic_at(plans, "2026-01-20") == Fraction(109, 109 + 100)


def test_the_end_of_a_company_changes_the_factor_of_those_who_ask_again() -> None:
    plans = plan("b", "Bakery", a=365, quantity=365) + plan("c", "Clinic", a=100, days=100, public=True)
    text = (
        work("Mill", "Cyd", 1, date="2026-01-20")
        + '2026-01-21 custom "company-end" "Clinic"\n'
        + work("Mill", "Cyd", 1, date="2026-01-31")
    )
    found = check(text, prelude=PARTIES + plans, region=EMPTY_REGION % 180)
    # 19 + 90 = 109 days of b and all 100 of c; then 30 + 90 = 120 days of b and the 20 that c ran.
    assert found.fic() == [
        pytest.approx(D(109) / D(209), abs=D("1e-27")),
        pytest.approx(D(120) / D(140), abs=D("1e-27")),
    ]


def test_a_service_whose_consumption_is_reversed_no_longer_counts() -> None:
    text = (
        serve(6, "2026-02-01").replace('  time: "00:00:00"\n', '  id: "s"\n')
        + work("Mill", "Cyd", 1, date="2026-02-02")
        + '2026-02-03 custom "reversal" "s"\n'
        + work("Mill", "Cyd", 1, date="2026-02-03")
    )
    found = check(text, prelude=SERVICES, region=EMPTY_REGION % 20)
    # 20 whole days of c: L_o = 2. While it counts FIC is 6 / 8; what was told at that instant stays.
    assert found.fic() == [0, D("0.75"), 0]


def test_window_changes_take_effect_at_their_date() -> None:
    region = """\
region: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    set: {fic_window_days: 10}
  - date: 2026-01-03
    title: Look further ahead
    set: {fic_window_days: 40}
  - date: 2026-01-20
    set: {fic_window_days: 4}
"""
    # b: 10 days from 2026-01-01; c: 40 days from 2026-01-01.
    text = (
        work("Mill", "Cyd", 10, date="2026-01-02", extra='  time: "23:59:59"\n')
        + work("Mill", "Cyd", 10, date="2026-01-03")
        + work("Mill", "Cyd", 10, date="2026-01-20")
    )
    found = check(text, prelude=PARTIES + ODD, region=region)
    assert found.fic() == [
        # Window 10 at 2026-01-02T23:59:59: 6 days of each (6.99): (60 - 0) / (60 + 6)
        pytest.approx(D(60) / D(66), abs=D("1e-27")),
        # Window 40 at 2026-01-03: b whole (10 days), c 2 + 20 = 22 days: 100 / (100 + 22)
        pytest.approx(D(100) / D(122), abs=D("1e-27")),
        # Window 4 at 2026-01-20: b ended 9 days ago; c 4 days: 0 / 4
        0,
    ]
    # 10 x (1 - 60/66) = 0.909..., 10 x (1 - 100/122) = 1.803..., 10 x 1
    assert found.amounts("taxes") == [D("0.91"), D("1.80"), D("10.00")]


def test_before_the_first_decision_the_window_is_180_days() -> None:
    region = EMPTY_REGION % 10
    text = work("Mill", "Cyd", 10, date="2025-12-31")
    prelude = (PARTIES + ODD).replace("2026-01-01", "2025-12-01")
    # 180 days: b whole, c 40 days whole: 100 / (100 + 40)
    assert check(text, prelude=prelude, region=region).fic() == [pytest.approx(D(100) / D(140), abs=D("1e-27"))]


def test_the_factor_is_written_with_28_significant_digits() -> None:
    # 100 / 140 = 0.7142857142857142857142857143 (28 digits)
    region = EMPTY_REGION % 180
    found = check(work("Mill", "Cyd", 1, date="2026-01-10"), prelude=PARTIES + ODD, region=region)
    assert str(found.fic()[0]) == "0.7142857142857142857142857143"


# Basic services

SERVICES = (
    PARTIES + plan("c", "Clinic", a=100, days=1000, public=True) + '2026-01-01 custom "basic-service" "cut" "Ada"\n'
)
"""c is 1000 days long, so 100 hours x days / 1000."""


def serve(hours: object, date: str, time: str = "00:00:00") -> str:
    return (
        f'{date} * "hair" ^cut\n  time: "{time}"\n'
        f"  Assets:Members:Bob:Hours  -{hours} HOUR\n  Assets:Members:Ada:Hours  {hours} HOUR\n"
    )


def test_consumed_services_count_in_full_but_not_in_their_own_factor() -> None:
    text = serve(2, "2026-02-01", "10:00:00") + serve(2, "2026-02-01", "10:00:01")
    found = check(text, prelude=SERVICES, region=EMPTY_REGION % 180)
    # First: L = 0, so FIC = 0 and all 2 hours are taxes. Second: L = 2; c: 31 days behind, 90 ahead = 121 whole days,
    # L_o = 12.1: FIC = 2 / 14.1.
    assert found.fic() == [0, pytest.approx(D(2) / D("14.1"), abs=D("1e-27"))]
    # 2 x (1 - 2/14.1) = 2 x 12.1 / 14.1 = 1.7163
    assert found.amounts("taxes") == [D("2.00"), D("1.72")]


def test_services_consumed_at_one_instant_do_not_see_each_other() -> None:
    text = serve(2, "2026-02-01") + serve(3, "2026-02-01") + work("Mill", "Cyd", 1, date="2026-02-01")
    found = check(text, prelude=SERVICES, region=EMPTY_REGION % 180)
    assert found.fic() == [0, 0, 0]


def test_services_count_until_they_are_older_than_half_a_window() -> None:
    text = serve(5, "2026-02-01", "10:00:00")
    # Window 20: the start of the window at 2026-02-11T10:00:00 is the instant of consumption: it still counts.
    for time, hours in (("10:00:00", 5), ("10:00:00.000001", 0)):
        found = check(
            text + work("Mill", "Cyd", 1, date="2026-02-11", extra=f'  time: "{time}"\n'),
            prelude=SERVICES,
            region=EMPTY_REGION % 20,
        )
        # 20 whole days of c: L_o = 100 x 20 / 1000 = 2.
        assert found.fic()[1] == pytest.approx(D(hours) / (D(hours) + 2), abs=D("1e-27"))


def test_services_for_companies_count_too() -> None:
    text = """
2026-02-01 * "hair of the staff" ^cut
  Assets:Companies:Mill:R     -6 HOUR
  Assets:Members:Ada:Hours     6 HOUR
""" + work("Mill", "Cyd", 1, date="2026-02-02")
    found = check(text, prelude=SERVICES, region=EMPTY_REGION % 20)
    assert found.fic() == [0, pytest.approx(D(6) / (D(6) + 2), abs=D("1e-27"))]


def test_the_window_of_services_follows_its_changes() -> None:
    region = """\
region: Testburg
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    set: {fic_window_days: 10, member_overdraw: null}
  - date: 2026-03-01
    set: {fic_window_days: 100}
"""
    text = (
        serve(5, "2026-02-01") + work("Mill", "Cyd", 1, date="2026-02-20") + work("Mill", "Cyd", 1, date="2026-03-01")
    )
    found = check(text, prelude=SERVICES, region=region)
    # 2026-02-20, window 10: the service is 19 days old and out: 0. 2026-03-01, window 100: it is 28 days old and counts
    # again; c has 100 whole days in the window: L_o = 10: 5 / 15.
    assert found.fic() == [0, 0, pytest.approx(D(5) / D(15), abs=D("1e-27"))]


def test_nothing_that_is_written_later_changes_an_earlier_factor() -> None:
    early = work("Mill", "Cyd", 10, date="2026-02-01")
    late = plan("d", "Clinic", a=900, public=True, approved="2026-02-01", filed="2026-02-01", time="00:00:01") + work(
        "Mill", "Cyd", 10, date="2026-02-02"
    )
    plans = PARTIES + ODD
    alone = check(early, prelude=plans, region=EMPTY_REGION % 180)
    both = check(early + late, prelude=plans, region=EMPTY_REGION % 180)
    assert both.fic()[0] == alone.fic()[0]
    assert both.fic()[1] != alone.fic()[0]


def test_without_times_there_is_one_factor_a_day_fixed_in_the_morning() -> None:
    # A service of the day before noon does not count for what is written without a time.
    text = (
        serve(5, "2026-02-01", "08:00:00")
        + work("Mill", "Cyd", 1, date="2026-02-01")
        + work("Bakery", "Ada", 1, date="2026-02-01")
    )
    found = check(text, prelude=SERVICES, region=EMPTY_REGION % 180)
    assert found.fic() == [0, 0, 0]


def test_taxes_are_rounded_half_to_even() -> None:
    # FIC = 1/2 (10 labour, 10 public labour, same days): 0.01 x 1/2 = 0.005 -> 0.00; 0.03 x 1/2 = 0.015 -> 0.02;
    # 0.05 x 1/2 = 0.025 -> 0.02
    plans = plan("b", "Bakery", a=10) + plan("c", "Clinic", a=10, public=True)
    text = "".join(
        work("Mill", "Cyd", hours, date="2026-02-01", extra=f'  time: "0{index}:00:00"\n')
        for index, hours in enumerate(("0.01", "0.03", "0.05", "0.07"))
    )
    found = check(text, prelude=PARTIES + plans, region=EMPTY_REGION % 180)
    assert found.amounts("taxes") == [D("0.00"), D("0.02"), D("0.02"), D("0.04")]
    # Both legs of a zero tax are written.
    first = found.governed()[2]
    assert [(p.account, p.units.number) for p in first.postings if p.meta["transfer"] == "taxes"] == [
        ("Assets:Members:Cyd:Hours", 0),
        ("Equity:PSF", 0),
    ]
