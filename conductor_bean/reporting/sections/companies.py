"""The section *Companies*: accounts with their deviation, who could not pay, what regional ones cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import dash, date_of, percent, short, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row

_MEANINGS = {"p": "p", "r": "r", "a": "a", "prd": "prd"}
_COSTS = ("wages", "purchases", "rents", "interest", "cost", "sales")
DRAWN = 16
"""How many companies a plot shows: those furthest from plan."""


def companies(material: Material) -> Section:
    """The companies of the period."""
    rows = [row for row in material.rows("companies", "companies") if _is_of(row, material)]
    blocks: list[Block] = [_register(rows, material)]
    limit = material.documents["companies"]["deviation_limit"]
    if limit is not None:
        blocks.append(
            Note(
                "p: fixed means, r: liquid means, a: labour, prd: product. Off plan are accounts that deviate by more "
                f"than {percent(limit, 2)} of what was planned."
            )
        )
    blocks += _deviation(rows)
    blocks += _short(material)
    blocks += _costs(rows, material)
    return Section("companies", "Companies", blocks)


def _is_of(row: Row, material: Material) -> bool:
    """Whether a company was there in the period."""
    period = material.period
    begun = row["since"] is None or row["since"][:10] <= period.last.isoformat()
    return begun and (row["ended"] is None or row["ended"][:10] >= period.first.isoformat())


def _register(rows: Sequence[Row], material: Material) -> Table:
    told = material.told_text
    columns = [Column("company"), Column("owned by"), Column("people", number=True)]
    if material.hours:
        columns += [Column(name, material.hours, number=True) for name in _MEANINGS.values()]
        columns.append(Column("off plan"))
    columns += [Column("wallet", material.credits, number=True)] if material.credits else []
    columns += [Column("ended")] if any(row["ended"] for row in rows) else []
    cells = []
    for row in rows:
        owner = "the region" if row["ownership"] == "regional" else dash(row["ownership"])
        line = [str(row["company"]), owner, told(row["members"])]
        if material.hours:
            line += [*(told(row[kind]) for kind in _MEANINGS), _off_plan(row, material)]
        line += [told(row["wallet"])] if material.credits else []
        if len(line) < len(columns):
            line.append(date_of(row["ended"]) + (" (bankrupt)" if row["ended"] and row["bankrupt"] else ""))
        cells.append(line)
    return Table(f"Companies, {date_of(material.at)}", columns, cells, "There was no company.")


def _off_plan(row: Row, material: Material) -> str:
    if row["flags"] is None:
        return material.told_text(None)
    deviation = row["deviation"] or {}
    parts = [
        f"{kind} {percent(deviation[kind])}" if deviation.get(kind) is not None else f"{kind} (nothing was planned)"
        for kind in row["flags"]
    ]
    return ", ".join(parts) or "no"


def _deviation(rows: Sequence[Row]) -> list[Block]:
    known = [row for row in rows if any(value is not None for value in (row["deviation"] or {}).values())]
    if not known:
        return []
    furthest = sorted(known, key=lambda row: -max(Decimal(v) for v in row["deviation"].values() if v is not None))
    kept = {row["company"] for row in furthest[:DRAWN]}
    drawn = [row for row in known if row["company"] in kept]
    series = [
        Series(name, [_percents(row["deviation"].get(kind)) for row in drawn]) for kind, name in _MEANINGS.items()
    ]
    title = "Deviation from plan" if len(drawn) == len(known) else f"Deviation from plan, the {DRAWN} furthest"
    return [Plot("deviation", title, "levels", "% of what was planned", [row["company"] for row in drawn], series)]


def _percents(value: str | None) -> str | None:
    return None if value is None else f"{round(Decimal(value) * 100, 1):f}"


def _short(material: Material) -> list[Block]:
    """Which companies could not pay; how many members, whose names are nobody's business."""
    if not material.credits:
        return []
    rows = material.of_period(material.fund_months)
    cells = [
        [
            row["month"],
            material.told_text(None if row["companies_short"] is None else ", ".join(row["companies_short"]) or "none"),
            material.told_text(row["members_short"]),
        ]
        for row in rows
    ]
    columns = [Column("month"), Column("companies"), Column("members", number=True)]
    return [Table("Who could not pay all that was due", columns, cells, "There are no months.")]


def _costs(rows: Sequence[Row], material: Material) -> list[Block]:
    """What regional companies cost in the period; what a unit costs is told of a month, where nothing is summed."""
    if not material.credits:
        return []
    told, one_month = material.told_text, material.period.is_month
    months = [(row["company"], found) for row in rows if (found := material.of_period(row["costs"] or []))]
    cells = [
        [
            company,
            *(told(total(month[key] for month in found)) for key in (*_COSTS, "units")),
            *([short(found[0]["unit_cost"], 4)] if one_month else []),
        ]
        for company, found in months
    ]
    columns = [
        Column("company"),
        *(Column(key, material.credits, number=True) for key in _COSTS),
        Column("units sold", number=True),
        *([Column("cost of a unit", material.credits, number=True)] if one_month else []),
    ]
    sums = []
    if months:
        every = [month for _, found in months for month in found]
        sums = ["sum", *(told(total(month[key] for month in every)) for key in _COSTS), *[""] * (len(columns) - 7)]
    empty = "No company that the region owns cost anything."
    if not material.private and any(row["ownership"] == "regional" and row["costs"] is None for row in rows):
        empty = "This is not told."
    return [Table("What companies that the region owns cost", columns, cells, empty, sums)]
