"""A plugin that registers hours of its own, for the example of `added-after-check`."""

from __future__ import annotations

import datetime
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.number import D

__plugins__ = ("register_hours",)


def register_hours(entries: list[Any], options_map: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Register eight hours that stand in no file."""
    date = datetime.date(2026, 3, 2)
    legs = [("Assets:Companies:Bakery:A", D(-8)), ("Assets:Members:Ada:Hours", D(8))]
    postings = [data.Posting(account, Amount(number, "HOUR"), None, None, None, None) for account, number in legs]
    meta = data.new_metadata("<registers_hours>", 0)
    hours = data.Transaction(meta, date, "*", None, "Ada's hours", data.EMPTY_SET, data.EMPTY_SET, postings)
    return [*entries, hours], []
