"""Amounts in the column where every tool of ours writes them, so that a formatter finds nothing to change."""

from __future__ import annotations

import unicodedata

CURRENCY_COLUMN = 61
"""Where commodities stand, counted from 1: the default of Fava's `currency-column`, so that its editor agrees."""

_GAP = 2


def aligned(prefix: str, number: str, commodity: str) -> str:
    """A line of a ledger with its commodity in the column, two blanks at least after what comes before the amount.

    Args:
        prefix: What comes before the amount, with its indentation: `  Assets:Members:Ada:Hours`.
        number: The number as it is written; "" for none.
        commodity: The commodity; "" for none.
    """
    wide = f"{number} " if number else ""
    blanks = max(_GAP, CURRENCY_COLUMN - 1 - _width(prefix) - len(wide))
    return f"{prefix}{' ' * blanks}{wide}{commodity}".rstrip(" ")


def _width(text: str) -> int:
    """How many columns a text takes: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )
