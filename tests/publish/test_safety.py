"""When a total may be told: each threshold on both sides of its boundary."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.instants import parse_instant
from conductor_bean.publish.safety import Thresholds
from tests.publish.borough import Borough, books_of

DEFAULT = Thresholds(5, Fraction(15, 100), Fraction(75, 100), Fraction(85, 100))
NOTHING = Thresholds(1, Fraction(0), Fraction(1), Fraction(1))


def only(**asked: Fraction | int) -> Thresholds:
    """Thresholds that ask for one thing alone."""
    values = {name: getattr(NOTHING, name) for name in Thresholds.__slots__}
    return Thresholds(**values | asked)


@pytest.mark.parametrize("needed", [1, 2, 5, 30])
def test_as_many_contributors_as_needed_are_enough_and_one_less_is_not(needed: int) -> None:
    asked = only(contributors=needed)
    assert asked.allow([100] * needed)
    assert not asked.allow([100] * (needed - 1))


def test_who_contributed_nothing_is_no_contributor() -> None:
    assert DEFAULT.allow([100] * 5)
    assert not DEFAULT.allow([100] * 4 + [0])
    assert not DEFAULT.allow([0] * 100)
    assert not DEFAULT.allow([])
    assert not NOTHING.allow([])


def test_the_largest_may_have_its_share_and_not_a_unit_more() -> None:
    asked = only(largest=Fraction(3, 4))
    assert asked.allow([300, 50, 50])
    assert not asked.allow([301, 50, 50])
    assert not asked.allow([100])


def test_the_two_largest_may_have_their_share_and_not_a_unit_more() -> None:
    asked = only(two_largest=Fraction(85, 100))
    assert asked.allow([500, 350, 75, 75])
    assert not asked.allow([500, 351, 75, 74])
    assert asked.allow([350, 75, 500, 75])


def test_what_two_who_collude_cannot_tell_apart_hides_the_largest() -> None:
    """The second and the third subtract what they gave: 15 hides 100, and 14 does not."""
    asked = only(margin=Fraction(15, 100))
    assert asked.allow([100, 90, 80, 10, 5])
    assert not asked.allow([100, 90, 80, 10, 4])
    assert not asked.allow([100, 90, 80])
    assert only(margin=Fraction(0)).allow([100, 90, 80])


def test_the_defaults_are_those_that_are_promised() -> None:
    assert DEFAULT.allow([20, 20, 20, 20, 20])
    assert DEFAULT.allow([100, 36, 36, 8, 7])
    assert not DEFAULT.allow([100, 36, 36, 8, 6]), "p = 15"
    assert not DEFAULT.allow([760, 60, 60, 60, 60]), "(1, 75 %)"
    assert not DEFAULT.allow([600, 260, 47, 47, 46]), "(2, 85 %)"


def test_no_figure_is_rounded_before_it_is_judged() -> None:
    huge = 10**27
    asked = only(largest=Fraction(1, 2))
    assert asked.allow([huge, huge])
    assert not asked.allow([huge + 1, huge])
    assert only(margin=Fraction(15, 100)).allow([huge * 100, huge * 16, huge * 16, huge * 15])
    assert not only(margin=Fraction(15, 100)).allow([huge * 100, huge * 16, huge * 16, huge * 15 - 1])


def test_what_is_taken_back_counts_by_its_size() -> None:
    assert DEFAULT.allow([-20, 20, -20, 20, 20])
    assert not DEFAULT.allow([-760, 60, 60, 60, 60])


@given(
    st.lists(st.integers(-(10**6), 10**6), max_size=12),
    st.integers(1, 6),
    st.fractions(0, 1),
    st.fractions(0, 1),
    st.fractions(0, 1),
)
def test_neither_order_nor_sign_nor_scale_nor_nothings_matter(
    sizes: list[int], contributors: int, margin: Fraction, largest: Fraction, two: Fraction
) -> None:
    asked = Thresholds(contributors, margin, largest, two)
    told = asked.allow(sizes)
    assert asked.allow(reversed(sizes)) == told
    assert asked.allow([-size for size in sizes]) == told
    assert asked.allow([size * 1000 for size in sizes]) == told
    assert asked.allow([*sizes, 0, 0]) == told


@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=12))
def test_what_may_be_told_meets_every_rule_by_itself(sizes: list[int]) -> None:
    ordered = sorted(sizes, reverse=True)
    rules = (
        len(ordered) >= 5,
        ordered[0] * 100 <= sum(ordered) * 75,
        sum(ordered[:2]) * 100 <= sum(ordered) * 85,
        sum(ordered[3:]) * 100 >= ordered[0] * 15,
    )
    assert DEFAULT.allow(sizes) == all(rules)


def test_an_estimate_stays_as_far_from_the_truth_as_the_largest_needs() -> None:
    assert DEFAULT.needed([40, -100, 60]) == 15
    assert DEFAULT.needed([]) == DEFAULT.needed([0]) == 0


def test_what_may_not_be_told_is_never_known_to_the_unit() -> None:
    """Also where the region asks for no margin, and where a share of little is less than a unit."""
    assert only(margin=Fraction(0)).needed([1000]) == 1
    assert only(margin=Fraction(1, 3)).needed([1]) == 1


def test_a_party_is_hidden_from_two_others_who_know_both_of_their_own_sides() -> None:
    asked = only(margin=Fraction(15, 100))
    paid = {("Ada", ""): 100, ("Bob", ""): 90, ("Cyd", ""): 80}
    assert asked.hides(paid | {("Dan", ""): 15})
    assert not asked.hides(paid | {("Dan", ""): 14})
    assert asked.hides({("", name): units for (name, _), units in paid.items()} | {("", "Dan"): 15})


def test_what_somebody_did_with_those_who_ask_they_know_themselves() -> None:
    """Three who give to each other: two know all of the third's deals, and there is nothing else to find out."""
    asked = only(margin=Fraction(15, 100))
    ring = {("Ada", "Bob"): 100, ("Bob", "Cyd"): 100, ("Cyd", "Ada"): 100}
    assert asked.hides(ring)
    assert not asked.hides(ring | {("Ada", "Dan"): 100}), "Bob and Cyd know all but what Ada gave Dan"
    others = {("Eve", "Fay"): 30, ("Gil", "Hal"): 30}
    assert asked.hides(ring | {("Ada", "Dan"): 100} | others)
    assert not asked.hides(ring | {("Ada", "Dan"): 100, ("Eve", "Fay"): 15}), "Ada and Bob know all but Eve's"


def test_where_no_margin_is_asked_for_every_total_hides_enough() -> None:
    ring = {("Ada", "Bob"): 100, ("Bob", "Cyd"): 100, ("Cyd", "Ada"): 100, ("Ada", "Dan"): 7}
    assert NOTHING.hides(ring)
    assert NOTHING.hides({("Ada", "Bob"): 100})
    assert not only(margin=Fraction(1, 10**6)).hides({("Ada", "Bob"): 100}), "both know all of it"


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")).filter(lambda pair: pair[0] != pair[1]),
        st.integers(1, 300),
        max_size=12,
    ),
    st.fractions(0, 1),
)
def test_what_surely_hides_does_hide(deals: dict[tuple[str, str], int], margin: Fraction) -> None:
    sides: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for pair, units in deals.items():
        for side, party in zip(sides, pair, strict=True):
            side[party] = side.get(party, 0) + units
    asked = only(margin=margin)
    if len({*sides[0], *sides[1]}) > 2 and asked.surely_hides(*sides):
        assert asked.hides(deals)


def test_the_thresholds_are_decisions_of_the_region_from_their_date(tmp_path: Path) -> None:
    borough = Borough(3)
    folder = borough.write(tmp_path, 1)
    region = borough.region() + (
        "  - date: 2026-02-01\n    title: More open\n    set: {publication_contributors: 3, publication_margin: 0.05,\n"
        "      publication_largest: 0.9, publication_two_largest: 1}\n"
    )
    (folder / "region.yaml").write_text(region)
    decisions = books_of(folder).region.decisions
    instants = [parse_instant(date) for date in ("2026-01-31", "2026-02-01")]
    before, after = (Thresholds.of(decisions.at(instant)) for instant in instants if instant is not None)
    assert before == DEFAULT
    assert after == Thresholds(3, Fraction(5, 100), Fraction(9, 10), Fraction(1))
