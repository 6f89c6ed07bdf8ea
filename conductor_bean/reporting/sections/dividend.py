"""The section *Regional profit and dividend*."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import total

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material

_PARTS = (("taxes", "taxes"), ("bank_surplus", "bank surplus"), ("surcharges", "surcharges"))
_COLUMNS = (*_PARTS, ("regional_profit", "regional profit"), ("dividend", "dividend of each"))


def dividend(material: Material) -> Section:
    """Regional profit with its parts, and the dividend of each member."""
    heading = "Regional profit and dividend"
    if not material.credits:
        off = "Regional credits are off in this region, so there is neither regional profit nor a dividend."
        return Section("dividend", heading, [Note(off)])
    rows, unit, told = material.region_months, material.credits, material.told_text
    months = [row["month"] for row in rows]
    blocks: list[Block] = []
    parts = [Series(name, [row[key] for row in rows]) for key, name in _PARTS]
    if len(rows) > 1 and any(value is not None for series in parts for value in series.values):
        blocks.append(Plot("profit", "Regional profit by its parts", "bars", unit, months, parts))
    if len(rows) > 1 and any(row["dividend"] is not None for row in rows):
        paid = Series("dividend of each member", [row["dividend"] for row in rows])
        blocks.append(Plot("dividend", "Dividend of each member", "bars", unit, months, [paid]))
    columns = [Column("month"), Column("closed"), Column("members", number=True)]
    columns += [Column(name, unit, number=True) for _, name in _COLUMNS]
    cells = [
        [
            row["month"],
            "yes" if row["closed"] else "not yet",
            told(row["members"]),
            *(told(row[key]) if row["closed"] or row[key] is not None else "not yet" for key, _ in _COLUMNS),
        ]
        for row in rows
    ]
    sums: list[str] = []
    if not material.period.is_month:
        closed = [row for row in rows if row["closed"]]
        sums = ["sum of closed months", "", "", *(told(total(row[key] for row in closed)) for key, _ in _COLUMNS)]
    blocks.append(Table("Regional profit and what each member was paid of it", columns, cells, "", sums))
    blocks.append(Note("Regional profit = taxes + bank surplus + surcharges; it is known when the month is closed."))
    if any(value is not None and Decimal(value) < 0 for value in (row["regional_profit"] for row in rows)):
        blocks.append(Note("A month that took back more than it brought lessens the base of the next dividends."))
    return Section("dividend", heading, blocks)
