"""A month as an argument of commands."""

from __future__ import annotations

from typing import Any

import click

from conductor_bean.domain.instants import FIRST_DATE, LAST_DATE, parse_month


class MonthType(click.ParamType[str]):
    """A month, as `2026-01`."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Hold that the text is a month within the bounds of the language."""
        parsed = parse_month(str(value))
        if parsed is None:
            self.fail(f"{value!r} is no month; write it as 2026-01", param, ctx)
        if not FIRST_DATE.year <= parsed[0] <= LAST_DATE.year:
            self.fail(f"{value!r} lies outside {FIRST_DATE:%Y-%m} to {LAST_DATE:%Y-%m}", param, ctx)
        return str(value)


MONTH = MonthType()
