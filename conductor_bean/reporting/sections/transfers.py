"""The sections *Transfers* and *Decisions*: how much moved under which row of the table, and what was decided."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Section, Table
from conductor_bean.reporting.words import NONE, dash, plain, total

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row
    from conductor_bean.reporting.period import Period

_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


def transfers(material: Material) -> Section:
    """What moved in the period."""
    cells = []
    for row in material.rows("transfers", "rows"):
        told = [one for one in row["periods"] or [] if lies_in(str(one["period"]), material.period)]
        if told:
            cells.append(_line(material, row, told))
    merged = material.documents["transfers"].get("merged") or []
    cells += [
        _line(material, {**row, "name": f"{row['name']} ({row['period']})"}, [row])
        for row in merged
        if lies_in(str(row["period"]), material.period)
    ]
    columns = [
        *(Column("transfer"), Column("from"), Column("to")),
        *(Column("number", number=True), Column("amount", number=True), Column("in")),
    ]
    blocks: list[Block] = [Table(f"Transfers of {material.period.name}", columns, cells, "Nothing moved.")]
    if not material.private:
        blocks.append(
            Note("What would expose a worker or a customer is told in totals with others, or waits and is not here.")
        )
    return Section("transfers", "Transfers", blocks)


def _line(material: Material, row: Row, told: list[Row]) -> list[str]:
    return [
        *(plain(row["name"]), plain(row["debit"]), plain(row["credit"])),
        material.told_text(total(one["count"] for one in told)),
        material.told_text(total(one["volume"] for one in told)),
        dash(row["commodity"]),
    ]


def lies_in(told: str, period: Period) -> bool:
    """Whether a month, quarter or year lies in the period of the report."""
    if told in (*period.months, period.name):
        return True
    quarter = _QUARTER.fullmatch(told)
    if quarter is None:
        return False
    last = int(quarter[2]) * 3
    return {f"{quarter[1]}-{month:02}" for month in range(last - 2, last + 1)} <= set(period.months)


def decisions(material: Material) -> Section:
    """What the region decided that came into force in the period."""
    cells = []
    for row in material.rows("decisions", "decisions"):
        if material.period.holds(row["date"]):
            changed = [(plain(change["key"]), change) for change in row["changes"] or []]
            changed += [(f"wage of {one['occupation']}", one) for one in row["occupations"] or []]
            lines = [[what, _value(one["before"]), _value(one["after"])] for what, one in changed]
            heads = [[row["date"], dash(row["title"])], *[["", ""]] * len(lines)]
            cells += [[*head, *line] for head, line in zip(heads, lines or [["nothing", NONE, NONE]], strict=False)]
    columns = [Column("date"), Column("decision"), Column("changed"), Column("before"), Column("after")]
    table = Table(f"Decisions in force from a date in {material.period.name}", columns, cells, "None.")
    return Section("decisions", "Decisions", [table])


def _value(value: object) -> str:
    if isinstance(value, dict):
        return f"{value['min']} to {value['max']}"
    return dash(value)
