"""The page *Decisions*."""

from __future__ import annotations

from typing import Any

from conductor_bean.fava.pages.blocks import Cell, Column, Links, Page, Section, Table, cut, heading, number, text
from conductor_bean.fava.pages.query import Query, part_of
from conductor_bean.fava.pages.words import percent, plain

SHOWN = 40
"""Decisions on one page."""

_RATES = frozenset(
    {
        *("account_deviation", "income_tax", "sales_tax_internal", "sales_tax_external", "profit_at_rest_tax"),
        *("dividend", "housing_markup", "non_member_markup", "tuition_share"),
        *("publication_margin", "publication_largest", "publication_two_largest"),
    }
)
_MEANINGS = {
    "fic_window_days": "days around an instant that the factor of individual consumption looks at",
    "member_overdraw": "hours below zero that a member may consume",
    "account_deviation": "deviation from plan above which a company is flagged",
    "plan_criteria": "by what accountants judge plans",
    "wage_arrears": "whether hours are registered that a company cannot pay yet, and the rest is owed",
    "approvals": "accountants who must approve what the region itself spends",
    "income_tax": "of wages",
    "sales_tax_internal": "of sales within the region",
    "sales_tax_external": "of sales to other regions and outside",
    "profit_at_rest_tax": "a month, of what lies in a company's wallet and is not borrowed",
    "dividend": "of regional profit, shared out among the members each month",
    "housing_markup": "on what housing costs",
    "non_member_markup": "on what property costs, for who is no member",
    "tuition_share": "of what a school costs, paid by its students",
    "schooling_pause_years": "years without school after which a student comes first again",
    "publication_contributors": "parties at least behind a total of private transfers that is published",
    "publication_margin": "how closely such a total may let another's part be estimated",
    "publication_largest": "of such a total that its largest contributor may have",
    "publication_two_largest": "of such a total that its two largest contributors may have together",
}


def decisions(document: dict[str, Any], query: Query, links: Links) -> Page:
    """What is in force, since when, and what each decision changed."""
    credits_ = document["about"]["credits"]
    sections = [Section("In force", [_in_force(document)], "in-force")]
    if credits_:
        sections.append(Section("Wages in force", [_occupations(document, credits_)], "wages"))
    rows = list(reversed(document["decisions"] or []))
    shown, pager = part_of(rows, query, links, SHOWN)
    listed = [_decision(row, credits_) for row in shown]
    head = Table([], [], "The region has not decided anything yet.", "", pager) if not rows or pager else None
    return Page(
        "Decisions", [*sections, *([Section("Decisions, the last one first", [head])] if head else []), *listed]
    )


def _shown(key: str, value: Any) -> str | None:
    if value is None:
        return "no limit" if key == "member_overdraw" else None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return percent(value) if key in _RATES else str(value)


def _in_force(document: dict[str, Any]) -> Table:
    return Table(
        [
            Column("decision"),
            Column("value", number=True),
            Column("meaning", wide=True),
            Column("since"),
            Column("decided as", wide=True),
        ],
        [
            [
                cut(plain(row["key"])),
                number(_shown(row["key"], row["value"])),
                Cell(_MEANINGS.get(row["key"], "")),
                cut(row["since"] or "never decided: the default"),
                cut(row["title"]),
            ]
            for row in document["in_force"] or []
        ],
        "Nothing is in force.",
        "Decisions in force",
    )


def _occupations(document: dict[str, Any], unit: str) -> Table:
    return Table(
        [
            *(Column("occupation"), Column("least", f"{unit} an hour", number=True)),
            *(Column("most", f"{unit} an hour", number=True), Column("why", wide=True)),
            *(Column("since"), Column("decided as", wide=True)),
        ],
        [
            [
                *(cut(row["occupation"]), number(row["min"]), number(row["max"]), cut(row["why"])),
                *(cut(row["since"]), cut(row["title"])),
            ]
            for row in document["occupations"] or []
        ],
        "No occupation has a range of wages yet.",
        "Ranges of wages in force",
    )


def _decision(row: dict[str, Any], credits_: str | None) -> Section:
    founding = all(change["before"] is None for change in row["changes"]) and bool(row["changes"])
    cells = [
        [
            cut(plain(change["key"])),
            number(None if founding else _shown(change["key"], change["before"])),
            number(_shown(change["key"], change["after"])),
            Cell(_MEANINGS.get(change["key"], "")),
        ]
        for change in row["changes"]
    ]
    cells += [
        [
            cut(f"wage of a {change['occupation']}"),
            number(_range(change["before"])),
            number(_range(change["after"]) or "no longer"),
            Cell(f"{credits_} an hour" if credits_ else ""),
        ]
        for change in row["occupations"]
    ]
    coming = [] if row["in_force"] else [text("Not in force yet at the end of this ledger.", notice=True)]
    columns = [
        Column("decision"),
        Column("before", number=True),
        Column("after", number=True),
        Column("meaning", wide=True),
    ]
    table = Table(columns, cells, "It changed nothing that is counted here.", "What the decision changed")
    return Section(f"{row['date']}: {heading(row['title'] or 'a decision')}", [*coming, table])


def _range(wage: dict[str, Any] | None) -> str | None:
    return None if wage is None else f"{wage['min']} to {wage['max']}"
