"""Amounts shared out so that nothing is lost and nothing is made."""

from __future__ import annotations


def pro_rata(units: int, claims: list[int]) -> list[int]:
    """What each claim gets of an amount: all of it where it is enough, else in proportion, by largest remainders.

    Source: RULES.md, part B, "Bankruptcy". Of equal remainders the first comes first.

    Args:
        units: What there is to share, not negative.
        claims: What each is owed, not negative.
    """
    total = sum(claims)
    if units >= total:
        return list(claims)
    shares = [units * claim // total for claim in claims]
    left = units - sum(shares)
    by_remainder = sorted(range(len(claims)), key=lambda index: (-(units * claims[index] % total), index))
    for index in by_remainder[:left]:
        shares[index] += 1
    return shares
