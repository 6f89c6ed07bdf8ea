"""The section *Plans against reality*: what was planned, how much of it was consumed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, KeyFigures, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import dash, date_of, short, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row

DRAWN = 24
"""How many plans a plot shows: those with the most hours."""

_HOURS = ("fixed_means", "raw_materials", "labour")


def plans(material: Material) -> Section:
    """The plans that were at work in the period."""
    heading = "Plans against reality"
    if not material.hours:
        return Section("plans", heading, [Note("Labour time is off in this region, so nothing is planned in hours.")])
    every = material.rows("plans", "plans")
    rows = [row for row in every if _was_at_work(row, material)]
    blocks: list[Block] = [KeyFigures(_counts(every, rows, material)), *_consumed(rows)]
    blocks += [_reality(rows, material), _costs(rows, material)]
    return Section("plans", heading, blocks)


def _was_at_work(row: Row, material: Material) -> bool:
    period = material.period
    return (
        row["approved"] is not None
        and row["approved"][:10] <= period.last.isoformat()
        and (row["expires"] is None or row["expires"][:10] >= period.first.isoformat())
    )


def _counts(every: Sequence[Row], rows: Sequence[Row], material: Material) -> list[tuple[str, str, str]]:
    def within(key: str) -> str:
        return str(sum(row[key] is not None and material.period.holds(row[key]) for row in every))

    return [
        ("At work, productive", str(sum(not row["public"] for row in rows)), ""),
        ("At work, public", str(sum(bool(row["public"]) for row in rows)), ""),
        ("Filed", within("filed"), ""),
        ("Approved", within("approved"), ""),
        ("Expired", str(sum(row["state"] == "expired" and material.period.holds(row["expires"]) for row in rows)), ""),
        ("Wait for a decision", str(sum(row["state"] == "filed" for row in every)), ""),
    ]


def _consumed(rows: Sequence[Row]) -> list[Block]:
    """How much of each plan was consumed; public ones are used for nothing and not counted."""
    known = [row for row in rows if not row["public"] and row["consumed"] is not None and row["quantity"]]
    if not any(row["consumed"] for row in known):
        return []
    largest = sorted(known, key=lambda row: -sum(Decimal(row[key]) for key in _HOURS))
    kept = {row["plan"] for row in largest[:DRAWN]}
    drawn = [row for row in known if row["plan"] in kept]
    series = [Series("consumed", [_share(row) for row in drawn])]
    title = "Consumed of what was planned" + ("" if len(drawn) == len(known) else f", the {DRAWN} largest plans")
    return [Plot("consumed", title, "levels", "% of the planned quantity", [row["plan"] for row in drawn], series)]


def _share(row: Row) -> str:
    return f"{round(Decimal(row['consumed']) * 100 / Decimal(row['quantity']), 1):f}"


def _reality(rows: Sequence[Row], material: Material) -> Table:
    told = material.told_text
    columns = [
        *(Column("plan"), Column("product"), Column("company"), Column("kind"), Column("state"), Column("expires")),
        *(Column("planned", number=True), Column("consumed", number=True), Column("unit")),
    ]
    cells = [
        [
            *(row["plan"], dash(row["product"]), dash(row["planner"]), "public" if row["public"] else "productive"),
            *(dash(row["state"]), date_of(row["expires"])),
            *(told(row["quantity"]), told(row["consumed"]), dash(row["unit"])),
        ]
        for row in rows
    ]
    return Table(f"Plans at work in {material.period.name}, {date_of(material.at)}", columns, cells, "No plan was.")


def _costs(rows: Sequence[Row], material: Material) -> Table:
    told, unit = material.told_text, material.hours or ""
    headings = ("fixed means", "raw materials", "labour", "price of a unit", "own cost")
    columns = [Column("plan"), *(Column(heading, unit, number=True) for heading in headings), Column("cooperation")]
    cells = [
        [
            row["plan"],
            *(told(row[key]) for key in _HOURS),
            *(short(row[key], 4) for key in ("price", "cost")),
            dash(row["cooperation"]),
        ]
        for row in rows
    ]
    sums = ["sum", *(told(total(row[key] for row in rows)) for key in _HOURS), "", "", ""] if rows else []
    return Table("What they plan, and what a unit costs", columns, cells, "No plan was at work.", sums)
