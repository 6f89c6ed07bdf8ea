"""Data for Fava's charts; missing values are left out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages.words import period_dates

POINTS = 1_100
"""Points of a chart at most, the last ones: three years of days. More make a page slow and a line no clearer."""

Values = Mapping[str, object]


def line(label: str, points: Iterable[tuple[str, Values]]) -> dict[str, Any]:
    """A line for each name, over dates."""
    data = [{"date": date, "balance": known} for date, values in points if (known := _known(values))]
    return {"type": "balances", "label": label, "data": data[-POINTS:]}


def bars(label: str, months: Iterable[tuple[object, Values]], *, gaps: bool = False) -> dict[str, Any]:
    """Bars for each month or period, one a name.

    Args:
        label: What the chart shows.
        months: Values by month or period.
        gaps: Whether a month of which nothing is known keeps its place.
    """
    data = [
        {"date": dates[0].isoformat(), "balance": known, "budgets": {}, "account_balances": {}}
        for period, values in months
        if (dates := period_dates(period)) is not None and ((known := _known(values)) or gaps)
    ]
    return {"type": "bar", "label": label, "data": data[-POINTS // 9 :]}


def month_end(period: object) -> str:
    """The last date of a period, where a balance of its end is drawn."""
    dates = period_dates(period)
    return (dates[1] if dates else datetime.date.min).isoformat()


def drawable(*charts: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of some charts that have something to draw: one point alone is no course."""
    return [chart for chart in charts if sum(bool(point["balance"]) for point in chart["data"]) > 1]


def as_percent(value: object) -> Decimal | None:
    """A share as a percentage for a chart, to four digits."""
    return None if value is None else round(Decimal(str(value)) * 100, 4)


def rounded(value: object) -> Decimal | None:
    """A number for a chart, to four digits: more cannot be seen."""
    return None if value is None else round(Decimal(str(value)), 4)


def _known(values: Values) -> dict[str, Decimal]:
    return {name: number for name, value in values.items() if (number := rounded(value)) is not None}
