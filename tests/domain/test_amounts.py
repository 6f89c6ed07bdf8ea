"""Amounts: exact, rounded half to even in one place only, within bounds."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor_bean.domain.amounts import (
    Commodity,
    decimal_text,
    round_half_even,
    significant,
    within_bounds,
)

HOUR = Commodity("HOUR", 2)


@pytest.mark.parametrize(
    ("numerator", "denominator", "nearest"),
    [
        (0, 1, 0),
        (1, 2, 0),
        (3, 2, 2),
        (5, 2, 2),
        (7, 2, 4),
        (-1, 2, 0),
        (-3, 2, -2),
        (-5, 2, -2),
        (1, 3, 0),
        (2, 3, 1),
        (-1, 3, 0),
        (-2, 3, -1),
        (5, 1, 5),
        (10**40 + 1, 2, 5 * 10**39),
        (10**40 + 3, 2, 5 * 10**39 + 2),
    ],
)
def test_halves_go_to_the_even_neighbour(numerator: int, denominator: int, nearest: int) -> None:
    assert round_half_even(numerator, denominator) == nearest


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**12))
def test_rounding_is_that_of_fractions_and_decimals(numerator: int, denominator: int) -> None:
    assert round_half_even(numerator, denominator) == round(Fraction(numerator, denominator))


@given(st.integers(-(10**18), 10**18))
def test_rounding_quarters_is_decimals_round_half_even(quarters: int) -> None:
    expected = (Decimal(quarters) / 4).quantize(Decimal(1), ROUND_HALF_EVEN, Context(prec=50))
    assert round_half_even(quarters, 4) == int(expected)


@pytest.mark.parametrize(
    ("number", "units"),
    [
        ("8.25", 825),
        ("-8.25", -825),
        ("8", 800),
        ("8.250", 825),
        ("8.2500000000000000000000000000000000000000000", 825),
        ("0", 0),
        ("-0", 0),
        ("8.255", None),
        ("0.001", None),
        ("1E+3", 100_000),
        ("1E-3", None),
        ("NaN", None),
        ("sNaN", None),
        ("Infinity", None),
        ("-Infinity", None),
        ("1E-999999", None),
    ],
)
def test_units_count_the_smallest_amount_or_refuse(number: str, units: int | None) -> None:
    assert HOUR.units(Decimal(number)) == units


@given(st.integers(-(10**17), 10**17), st.integers(0, 12))
def test_units_and_numbers_are_two_sides_of_one_thing(units: int, digits: int) -> None:
    commodity = Commodity("HOUR", digits)
    number = commodity.number(units)
    assert commodity.units(number) == units
    assert Fraction(number) == Fraction(units, 10**digits)
    assert -int(number.as_tuple().exponent) == digits


@pytest.mark.parametrize(
    ("number", "within"),
    [
        ("999999999999999.99", True),
        ("-999999999999999.99", True),
        ("1000000000000000", False),
        ("-1000000000000000", False),
        ("1E+30", False),
        ("NaN", False),
        ("Infinity", False),
        ("-Infinity", False),
        ("0", True),
    ],
)
def test_amounts_stay_below_10_to_the_15(number: str, *, within: bool) -> None:
    assert within_bounds(Decimal(number)) is within


@pytest.mark.parametrize(("digits", "tolerance"), [(0, 0), (2, 0), (7, 0), (8, 0), (9, 2), (10, 2), (12, 2)])
def test_recorded_derived_amounts_may_differ_only_at_precisions_finer_than_10_to_the_minus_8(
    digits: int, tolerance: int
) -> None:
    assert Commodity("HOUR", digits).tolerance == tolerance


@pytest.mark.parametrize(
    ("number", "text"),
    [("1E+3", "1000"), ("1E-10", "0.0000000001"), ("-0", "0"), ("-0.00", "0.00"), ("8.250", "8.250"), ("-1.5", "-1.5")],
)
def test_amounts_are_written_in_plain_digits_and_never_as_minus_zero(number: str, text: str) -> None:
    assert decimal_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 3), "0.3333333333333333333333333333"),
        (Fraction(2, 3), "0.6666666666666666666666666667"),
        (Fraction(1, 700), "0.001428571428571428571428571429"),
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(1000), "1000"),
        (Fraction(10**20), "100000000000000000000"),
        (Fraction(1, 4), "0.25"),
    ],
)
def test_fractions_are_told_with_28_significant_digits(value: Fraction, text: str) -> None:
    assert decimal_text(significant(value)) == text
