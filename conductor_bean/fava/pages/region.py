"""The page *Region*."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages import charts
from conductor_bean.fava.pages.blocks import (
    PARTLY_TOLD,
    Cell,
    Charts,
    Column,
    Figures,
    Links,
    Page,
    Section,
    Table,
    cut,
    is_partly_told,
    number,
    text,
)
from conductor_bean.fava.pages.blocks import charts as side_by_side
from conductor_bean.fava.pages.query import Query, part_of
from conductor_bean.fava.pages.words import plain, transfer_filter

PSF = "Equity:PSF"
TREASURY = "Assets:Region:Treasury"
_TAXES = ("income_tax", "sales_tax", "sales_tax_refund", "profit_tax")


def region(document: dict[str, Any], query: Query, links: Links) -> Page:
    """The region over time: FIC, funds, profit, dividend, population, activity."""
    about = document["about"]
    sections = [Section("", [_now(document, links)])]
    sections.append(Section("Factor of individual consumption (FIC)", _fic(document, links), "fic"))
    sections.append(Section("Funds", _funds(document), "funds"))
    sections.append(Section("Regional profit and dividend", _profit(document), "profit"))
    sections.append(Section("People and activity", _activity(document), "people"))
    sections.append(Section("Month by month", [_months(document, query, links)], "months"))
    sections.append(Section("What belongs to the region", _accounts(document, links), "accounts"))
    return Page(f"{about['name']}: from {about['from'] or '?'} to {about['through'] or '?'}", sections)


def _now(document: dict[str, Any], links: Links) -> Figures:
    about, now = document["about"], document["now"]
    hours, credits_ = about["hours"], about["credits"]
    figures: list[tuple[str, Cell]] = []
    if hours:
        figures.append(("Factor of individual consumption", number(now["fic"], links.page("plans"), 6)))
        figures.append((f"Public Sector Fund ({hours})", number(now["psf"], links.account(PSF))))
    if credits_:
        figures.append((f"Treasury ({credits_})", number(now["treasury"], links.account(TREASURY))))
        month = now["dividend_month"]
        label = f"Dividend of each member in {month} ({credits_})" if month else f"Dividend of each member ({credits_})"
        journal = links.journal(transfer_filter("dividend"), month or "")
        figures.append((label, number(now["dividend"], journal)))
    figures.append(
        ("Members", number(now["members"], links.journal('type:"^member(-end)?$"') if links.private else ""))
    )
    figures.append(("Companies", number(now["companies"], links.page("companies"))))
    if hours:
        figures.append(("Active plans", number(now["plans"], links.page("plans", state="active"))))
    return Figures(figures)


def _fic(document: dict[str, Any], links: Links) -> list[Any]:
    about, rows, now = document["about"], (document["fic"] or []), document["now"]
    if not about["hours"]:
        return [text("Labour time is off in this region, so there is no factor.")]
    if not rows:
        return [text("There are no events yet, so there is no factor.")]
    hours = about["hours"]
    # Before the first plan the factor is 1 since there is nothing; drawn, it would only flatten what follows.
    planned = next((number for number, row in enumerate(rows) if any(_hours(row))), 0)
    rows = rows[planned:]
    parts = (("L", "L"), ("L_o", "L_o"), ("P_o", "P_o"), ("R_o", "R_o"))
    drawn = charts.drawable(
        charts.line("FIC by day (%)", [(row["date"], {"FIC (%)": charts.as_percent(row["fic"])}) for row in rows]),
        charts.line(
            f"Its parts by day ({hours})",
            [(row["date"], {f"{name} ({hours})": row[key] for key, name in parts}) for row in rows],
        ),
    )
    meanings = (
        ("FIC", now["fic"], "share of work certificates that members keep"),
        ("L", now["L"], "hours in productive plans and basic services"),
        ("L_o", now["L_o"], "hours in public plans"),
        ("P_o", now["P_o"], "fixed means of production in public plans, hours"),
        ("R_o", now["R_o"], "liquid means of production in public plans, hours"),
    )
    table = Table(
        [Column(""), Column("value", number=True), Column("meaning")],
        [[Cell(name), number(value, digits=6), Cell(meaning)] for name, value, meaning in meanings],
        "",
        "FIC with its parts at the last event",
    )
    return [
        Charts(drawn),
        table,
        text(
            "FIC = (L - (P_o + R_o)) / (L + L_o). Its parts come from ",
            Cell("the plans", links.page("plans")),
            " in the window around the instant, as long as ",
            Cell("the region has decided", links.page("decisions")),
            ".",
            SERVICES if "told" in document["about"] else "",
        ),
    ]


SERVICES = (
    " Hours of basic services count here once a month, and only where they are those of many, so that nobody's can be "
    "told; the factor that taxes were computed with may differ a little."
)
"""What a reader of an edition should know of its FIC."""


def _hours(row: dict[str, Any]) -> list[Decimal]:
    return [Decimal(row[part] or 0) for part in ("L", "L_o", "P_o", "R_o")]


def _funds(document: dict[str, Any]) -> list[Any]:
    about = document["about"]
    found: list[Any] = []
    for name, key, unit in (("Treasury", "treasury", about["credits"]), ("Public Sector Fund", "psf", about["hours"])):
        if unit:
            points = [(row["month"], {unit: row[key]}) for row in (document["months"] or [])]
            label = f"{name} at month ends ({unit})"
            if any(row[key] is None for row in (document["months"] or [])):
                found += [charts.bars(label, points, gaps=True)]  # a line would run on over what is not told
            else:
                found += [charts.line(label, [(charts.month_end(month), values) for month, values in points])]
    drawn = charts.drawable(*found)
    return [side_by_side(drawn)] if drawn else [text("There are no month ends to draw yet.")]


def _profit(document: dict[str, Any]) -> list[Any]:
    unit, months = document["about"]["credits"], (document["months"] or [])
    if not unit:
        return [text("Regional credits are off, so there is neither regional profit nor a dividend.")]
    names = (("taxes", "taxes"), ("bank_surplus", "bank surplus"), ("surcharges", "surcharges"))
    profit = charts.bars(
        f"Regional profit by month ({unit})",
        [(row["month"], {f"{name} ({unit})": row[key] for key, name in names}) for row in months],
    )
    dividend = charts.bars(
        f"Dividend of each member by month ({unit})", [(row["month"], {unit: row["dividend"]}) for row in months]
    )
    drawn = charts.drawable(profit, dividend)
    return [side_by_side(drawn)] if drawn else [text("No month has brought any yet.")]


def _activity(document: dict[str, Any]) -> list[Any]:
    months = document["months"] or []
    ends = [(charts.month_end(row["month"]), row) for row in months]
    drawn = charts.drawable(
        charts.line(
            "Members and companies at month ends",
            [(date, {"members": row["members"], "companies": row["companies"]}) for date, row in ends],
        ),
        charts.bars("Hours worked by month", [(row["month"], {"hours": row["hours"]}) for row in months]),
        charts.bars("Transfers by month", [(row["month"], {"transfers": row["transfers"]}) for row in months]),
    )
    return [side_by_side(drawn)] if drawn else [text("There are no months to draw yet.")]


def _months(document: dict[str, Any], query: Query, links: Links) -> Table:
    about = document["about"]
    hours, credits_ = about["hours"], about["credits"]
    columns = [Column("month")]
    columns += [Column("FIC", number=True), Column("PSF", hours, number=True)] if hours else []
    if credits_:
        headings = ("treasury", "taxes", "bank surplus", "surcharges", "regional profit", "dividend of each")
        columns += [Column(heading, credits_, number=True) for heading in headings]
    columns += [
        Column("members", number=True),
        Column("worked", "hours", number=True),
        Column("transfers", number=True),
    ]
    rows, pager = part_of((document["months"] or []), query, links)
    return Table(
        columns,
        [_month(row, about, links) for row in rows],
        "There are no events yet, so there are no months.",
        "The region month by month",
        pager,
    )


def _month(row: dict[str, Any], about: dict[str, Any], links: Links) -> list[Cell]:
    month = str(row["month"])
    cells = [cut(month, links.page("months", month=month))]
    if about["hours"]:
        cells.append(number(row["fic"], links.page("plans"), 6))
        cells.append(number(row["psf"], links.account(PSF, month)))
    if about["credits"]:
        taxes = ", ".join(transfer_filter(name) for name in _TAXES)
        journals = {
            "taxes": links.journal(taxes, month),
            "bank_surplus": links.journal(transfer_filter("bank_surplus"), month),
            "surcharges": links.journal(f"{transfer_filter('surcharge')}, {transfer_filter('outsider_rent')}", month),
            "regional_profit": links.page("months", month=month),
            "dividend": links.journal(transfer_filter("dividend"), month),
        }
        cells.append(number(row["treasury"], links.account(TREASURY, month)))
        # Where nothing moved there is no entry to lead to.
        cells += [number(row[key], address if str(row[key]).strip("-0.") else "") for key, address in journals.items()]
    work = f"{transfer_filter('work_certificates')}, {transfer_filter('wage')}"
    cells.append(number(row["members"]))
    cells.append(number(row["hours"], links.journal(work, month)))
    cells.append(number(row["transfers"], links.page("transfers", month=month)))
    return cells


def _told(row: dict[str, Any]) -> str:
    return "not told" if is_partly_told(row) else ""


def _accounts(document: dict[str, Any], links: Links) -> list[Any]:
    rows = document["accounts"] or []
    table = Table(
        [Column("account"), Column("kind"), Column("whose"), Column("balance", number=True), Column("")],
        [
            [
                cut(row["account"], links.account(row["account"])),
                cut(plain(row["kind"])),
                cut(row["owner"]),
                replace(number(row["balance"], links.account(row["account"])), small=_told(row)),
                cut(row["commodity"]),
            ]
            for row in rows
        ],
        "The region has no accounts yet.",
        "Accounts of the region and its institutions",
    )
    return [table, text(PARTLY_TOLD)] if any(is_partly_told(row) for row in rows) else [table]
