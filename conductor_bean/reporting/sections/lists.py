"""The section *Lists*: how long wait-lists are, property, offers. Who waits or holds is not told, only how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import date_of, plain, total

if TYPE_CHECKING:
    from conductor_bean.reporting.material import Material


def lists(material: Material) -> Section:
    """Wait-lists, property and offers."""
    if not material.credits:
        off = "Regional credits are off in this region, so there are neither wait-lists nor offers."
        return Section("lists", "Lists", [Note(off)])
    rows, told = material.rows("prices", "lists"), material.told_text
    date = date_of(material.at)
    columns = [Column("list"), Column("wait", number=True), Column("are served", number=True)]
    cells = [[str(row["list"]), told(row["length"]), told(row["served"])] for row in rows]
    waiting = Table(f"Wait-lists, {date}", columns, cells, "There are no lists.")
    blocks: list[Table | Plot] = [waiting, _properties(material, date), _offers(material, date)]
    if any(row["length"] or row["served"] for row in rows):
        series = [
            Series(name, [_text(row[key]) for row in rows])
            for name, key in (("wait", "length"), ("are served", "served"))
        ]
        blocks.insert(0, Plot("waiting", "Wait-lists", "levels", "number", [r["list"] for r in rows], series))
    return Section("lists", "Lists", blocks)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _properties(material: Material, date: str) -> Table:
    rows, told = material.rows("prices", "properties"), material.told_text
    cells = []
    for kind in sorted({row["kind"] for row in rows}):
        mine = [row for row in rows if row["kind"] == kind]
        cells.append(
            [
                plain(kind),
                str(len(mine)),
                told(total(None if row["held"] is None else int(row["held"]) for row in mine)),
                told(total(row["monthly_cost"] for row in mine)),
            ]
        )
    columns = [
        *(Column("property"), Column("number", number=True), Column("held", number=True)),
        Column("cost a month", material.credits or "", number=True),
    ]
    return Table(f"Property of the region, {date}", columns, cells, "The region has no property.")


def _offers(material: Material, date: str) -> Table:
    rows = material.rows("prices", "offers")
    kinds = sorted({row["kind"] for row in rows})
    cells = [
        [
            plain(kind),
            str(len(mine := [row for row in rows if row["kind"] == kind])),
            str(len({row["company"] for row in mine})),
        ]
        for kind in kinds
    ]
    columns = [Column("kind"), Column("offers", number=True), Column("companies", number=True)]
    return Table(f"Offers, {date}", columns, cells, "Nothing is offered.")
