"""The section *The economy at a glance*: key figures, FIC, and the months side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, KeyFigures, Note, Plot, Section, Series, Table
from conductor_bean.reporting.words import date_of, short, total

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block
    from conductor_bean.reporting.material import Material, Row

FIC_DIGITS = 6

_PARTS = (
    ("L", "hours in productive plans and basic services"),
    ("L_o", "hours in public plans"),
    ("P_o", "fixed means of production in public plans, hours"),
    ("R_o", "liquid means of production in public plans, hours"),
)


def glance(material: Material) -> Section:
    """The economy at a glance."""
    blocks: list[Block] = [KeyFigures(_figures(material))]
    blocks += _fic(material)
    blocks += _activity(material)
    blocks.append(_months(material))
    return Section("glance", "The economy at a glance", blocks)


def _figures(material: Material) -> list[tuple[str, str, str]]:
    rows = material.of_period(material.region_months)
    last, told = rows[-1], material.told_text
    found: list[tuple[str, str, str]] = []
    if material.hours:
        found.append((f"FIC at the end of {last['month']}", _fic_text(material, last["fic"]), ""))
        found.append(("Public Sector Fund", told(last["psf"]), material.hours))
    if material.credits:
        found.append(("Treasury", told(last["treasury"]), material.credits))
        found.append(("Regional profit", told(_sum(rows, "regional_profit")), material.credits))
        found.append(("Dividend of each member", told(_sum(rows, "dividend")), material.credits))
    found += [
        ("Members", told(last["members"]), ""),
        ("Companies", told(last["companies"]), ""),
        ("Hours worked", told(total(row["hours"] for row in rows)), ""),
        ("Transfers", told(total(row["transfers"] for row in rows)), ""),
    ]
    if material.hours:
        looked_at = date_of(material.at)
        label = "Active plans" if material.period.holds(looked_at) else f"Active plans, {looked_at}"
        found.append((label, told(material.documents["region"]["now"]["plans"]), ""))
    return [(label, value, unit if value[-1:].isdigit() else "") for label, value, unit in found]


def _sum(rows: list[Row], key: str) -> str | None:
    """The sum over the closed months: what an open one brings is not known yet."""
    closed = [row for row in rows if row["closed"]]
    return total(row[key] for row in closed) if closed else None


def _fic_text(material: Material, value: object) -> str:
    return material.told_text(None) if value is None else short(value, FIC_DIGITS)


def _fic(material: Material) -> list[Block]:
    if not material.hours:
        return [Note("Labour time is off in this region, so there is no factor of individual consumption.")]
    mornings = _mornings(material)
    found: list[Block] = []
    if len(mornings) > 1:
        dates = [row["date"] for row in mornings]
        series = [Series("FIC", [short(row["fic"], FIC_DIGITS) for row in mornings])]
        found.append(Plot("fic", "Factor of individual consumption (FIC) each morning", "line", "share", dates, series))
    now, when = material.documents["region"]["now"], date_of(material.at)
    if not material.period.holds(when) and mornings:
        now, when = mornings[-1], f"the morning of {mornings[-1]['date']}"
    rows = [["FIC", _fic_text(material, now["fic"]), "share of work certificates that members keep"]]
    rows += [[name, _fic_text(material, now[name]), meaning] for name, meaning in _PARTS]
    found.append(
        Table(
            f"FIC with its parts, {when}",
            [Column("part"), Column("value", number=True), Column("meaning")],
            rows,
            "",
        )
    )
    found.append(Note("FIC = (L - (P_o + R_o)) / (L + L_o)."))
    return found


def _mornings(material: Material) -> list[Row]:
    """The mornings of the period from the first plan on: before it the factor is 1 since there is nothing."""
    rows = [row for row in material.rows("region", "fic") if material.period.holds(row["date"])]
    planned = (number for number, row in enumerate(rows) if any(Decimal(row[name] or 0) for name, _ in _PARTS))
    return rows[next(planned, 0) :]


def _activity(material: Material) -> list[Block]:
    rows = material.region_months
    if len(rows) < 2 or all(row["hours"] is None for row in rows):
        return []
    months = [row["month"] for row in rows]
    return [Plot("work", "Hours worked", "bars", "hours", months, [Series("hours", [row["hours"] for row in rows])])]


def _months(material: Material) -> Table:
    rows, told = material.region_months, material.told_text
    closing = bool(material.credits) or any(row["closed"] for row in rows)
    columns = [Column("month"), *([Column("closed")] if closing else [])]
    columns += [Column("FIC", number=True), Column("PSF", material.hours, number=True)] if material.hours else []
    columns += [Column("treasury", material.credits, number=True)] if material.credits else []
    columns += [
        Column("members", number=True),
        Column("companies", number=True),
        Column("worked", "hours", number=True),
        Column("transfers", number=True),
    ]
    cells = []
    for row in rows:
        line = [row["month"], *(["yes" if row["closed"] else "not yet"] if closing else [])]
        line += [_fic_text(material, row["fic"]), told(row["psf"])] if material.hours else []
        line += [told(row["treasury"])] if material.credits else []
        cells.append([*line, *(told(row[key]) for key in ("members", "companies", "hours", "transfers"))])
    caption = f"The months of {material.period.name}" if not material.period.is_month else "Month by month"
    sums: list[str] = []
    if not material.period.is_month:
        sums = [
            "sum",
            *[""] * (len(columns) - 3),
            *(told(total(r[key] for r in rows)) for key in ("hours", "transfers")),
        ]
    return Table(caption, columns, cells, "There are no months.", sums)
