"""The subset sums under the search find the smallest changes, and all of them."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from conductor_bean.importers.workers_control.changes import Pool


def mean(costs: list[Fraction], members: int) -> Fraction:
    chosen = [cost for place, cost in enumerate(costs) if members >> place & 1]
    return sum(chosen, Fraction(0)) / len(chosen) if chosen else Fraction(-1)


@pytest.mark.parametrize("size", range(7))
def test_a_change_of_any_size_up_to_six_is_found(size: int) -> None:
    chance = random.Random(size)
    costs = [Fraction(chance.randrange(10**9), 10**4) for _ in range(14)]
    members = 0b00000000011011
    change = sum(1 << place for place in chance.sample(range(14), size))
    price = mean(costs, members ^ change)
    if price < 0:
        pytest.skip("nobody is left")
    found = Pool(costs, 0).changes(
        members, 2**14 - 1, (price, Fraction(0)), 6, lambda after: mean(costs, after) == price
    )
    assert change in found


def test_the_same_changes_are_found_as_by_trying_all() -> None:
    costs = [Fraction(cost) for cost in (1, 2, 3, 4, 5, 6, 7, 8)]
    members, price = 0b00000101, Fraction(4)
    right = [change for change in range(256) if mean(costs, members ^ change) == price]
    smallest = min(change.bit_count() for change in right)
    expected = {change for change in right if change.bit_count() <= max(smallest, 2)}
    found = Pool(costs, 0).changes(members, 255, (price, Fraction(0)), 6, lambda m: mean(costs, m) == price)
    assert set(found) == expected


def test_plans_that_may_not_move_do_not() -> None:
    costs = [Fraction(cost) for cost in (1, 3, 3)]
    found = Pool(costs, 0).changes(0b001, 0b110, (Fraction(2), Fraction(0)), 6, lambda m: mean(costs, m) == 2)
    assert found == [0b010, 0b100]
    assert all(not change & 0b001 for change in found)
    assert list(itertools.chain(found)) == sorted(found)
