"""The section *Cooperations*: prices over time, plans above and below them, coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Plot, Section, Series, Table
from conductor_bean.reporting.period import Period
from conductor_bean.reporting.words import dash, date_of, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row

DRAWN = 6
"""How many cooperations a plot shows: those with the most active plans."""


def cooperations(material: Material) -> Section:
    """The cooperations of the period."""
    heading = "Cooperations"
    if not material.hours:
        return Section("cooperations", heading, [Note("Labour time is off in this region, so there are none.")])
    last = material.period.last.isoformat()
    rows = [
        row for row in material.rows("cooperations", "cooperations") if not row["since"] or row["since"][:10] <= last
    ]
    blocks: list[Block] = [*_prices(rows, material), _table(rows, material)]
    return Section("cooperations", heading, blocks)


def _table(rows: Sequence[Row], material: Material) -> Table:
    unit = material.hours or ""
    columns = [
        *(Column("cooperation"), Column("price of a unit", unit, number=True), Column("balance", unit, number=True)),
        *(Column(heading, number=True) for heading in ("active plans", "cost more", "cost less", "ask to join")),
        Column("coordinator"),
    ]
    cells = [
        [
            *(row["cooperation"], short(row["price"], 4), material.told_text(row["balance"])),
            str(sum(bool(plan["active"]) for plan in row["plans"] or [])),
            *(str(sum(p["position"] == position for p in row["plans"] or [])) for position in ("above", "below")),
            str(len(row["requests"] or [])),
            dash(row["coordinator"]),
        ]
        for row in rows
    ]
    return Table(f"Cooperations, {date_of(material.at)}", columns, cells, "There is no cooperation.")


def _prices(rows: Sequence[Row], material: Material) -> list[Block]:
    first = max(Period.month(material.period.shown[0]).first.isoformat(), str(material.about["from"]))
    last = min(material.period.last.isoformat(), material.through)
    known = [row for row in rows if any(change["price"] is not None for change in row["prices"] or [])]
    known.sort(key=lambda row: -sum(bool(plan["active"]) for plan in row["plans"] or []))
    drawn = known[:DRAWN]
    dates = {first, last}
    for row in drawn:
        dates.update(change["instant"][:10] for change in row["prices"])
    labels = sorted(date for date in dates if first <= date <= last)
    series = [Series(row["cooperation"], [_price_on(row["prices"], date) for date in labels]) for row in drawn]
    if len(labels) < 2 or all(value is None for one in series for value in one.values):
        return []
    title = "Price of a unit" + ("" if len(drawn) == len(known) else f", the {DRAWN} largest cooperations")
    return [Plot("prices", title, "steps", material.hours or "", labels, series)]


def _price_on(changes: Sequence[Row], date: str) -> str | None:
    """The price at the end of a date, None where none held."""
    held = None
    for change in changes:
        if change["instant"][:10] > date:
            break
        held = change["price"]
    return None if held is None else short(held, 4)
