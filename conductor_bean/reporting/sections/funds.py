"""The section *Public Sector Fund and treasury*: what came in, what went out, what the region holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import dash, date_of, plain, total

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row

_SIDES = (("came in", "income"), ("went out", "spending"))


def funds(material: Material) -> Section:
    """The region's funds in the period."""
    blocks: list[Block] = []
    for name, key, unit in (("Public Sector Fund", "psf", material.hours), ("Treasury", "treasury", material.credits)):
        if unit:
            blocks += _fund(material, name, key, unit)
        else:
            off = "Labour time is off" if key == "psf" else "Regional credits are off"
            blocks.append(Note(f"{off} in this region, so there is no {name[0].lower() + name[1:]}."))
    blocks += _accounts(material)
    return Section("funds", "Public Sector Fund and treasury", blocks)


def _fund(material: Material, name: str, key: str, unit: str) -> list[Block]:
    shown = [row for row in material.fund_months if row[key] is not None]
    rows = material.of_period(shown)
    found: list[Block] = []
    if len(shown) > 1:
        held = Series(name, [row[key]["closing"] for row in shown])
        months = [row["month"] for row in shown]
        found.append(Plot(key, f"{name} at month ends", "bars", unit, months, [held]))
    if not rows:
        return [*found, Note(f"{name}: {material.told_text(None)}.")]
    found.append(_flows(material, rows, name, key, unit))
    if not material.period.is_month:
        found.append(_by_month(material, rows, name, key, unit))
    return found


def _flows(material: Material, rows: list[Row], name: str, key: str, unit: str) -> Table:
    """Where it came from and went, over all months of the period."""
    told = material.told_text
    cells = [["held before", "", told(rows[0][key]["opening"])]]
    for direction, side in _SIDES:
        kinds = sorted({kind for row in rows for kind in row[key][side] or {}})
        for kind in kinds:
            amount = total(row[key][side][kind] for row in rows if kind in (row[key][side] or {}))
            amount = amount if len(rows) == 1 or all(_is_apart(row[key]) for row in rows) else None
            cells.append([plain(kind), direction, told(amount)])
    cells.append(["held at the end", "", told(rows[-1][key]["closing"])])
    columns = [Column("transfer"), Column("direction"), Column("amount", unit, number=True)]
    return Table(f"{name}: income and spending of {material.period.name}", columns, cells, "")


def _is_apart(fund: Row) -> bool:
    """Whether all that came in and went out is told by transfer; an edition may tell some of it as one net sum."""
    known = fund["opening"] is not None and fund["closing"] is not None
    return known and all("other" not in (fund[side] or {}) for _, side in _SIDES)


def _by_month(material: Material, rows: list[Row], name: str, key: str, unit: str) -> Table:
    told = material.told_text
    flows = [
        [
            total((row[key][side] or {}).values(), row[key]["opening"] or "") if _is_apart(row[key]) else None
            for _, side in _SIDES
        ]
        for row in rows
    ]
    cells = [
        [row["month"], told(row[key]["opening"]), told(came), told(went), told(row[key]["closing"])]
        for row, (came, went) in zip(rows, flows, strict=True)
    ]
    headings = ("held before", "came in", "went out", "held at the end")
    columns = [Column("month"), *(Column(heading, unit, number=True) for heading in headings)]
    sums = ["sum", "", *(told(total(side)) for side in zip(*flows, strict=True)), ""]
    return Table(f"{name} by month", columns, cells, "", sums)


def _accounts(material: Material) -> list[Block]:
    rows = material.rows("region", "accounts")
    columns = [Column("account"), Column("kind"), Column("whose"), Column("balance", number=True), Column("in")]
    cells = [
        [
            str(row["account"]),
            plain(row["kind"]),
            dash(row["owner"]),
            material.told_text(row["balance"]),
            dash(row["commodity"]),
        ]
        for row in rows
    ]
    caption = f"Accounts of the region and its institutions, {date_of(material.at)}"
    return [Table(caption, columns, cells, "The region has no accounts yet.")]
