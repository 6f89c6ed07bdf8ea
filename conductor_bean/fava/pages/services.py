"""The page *Basic services*, for accountants: what members offer with their own labour, searchable at once."""

from __future__ import annotations

from typing import Any

from conductor_bean.fava.pages.blocks import Cell, Choice, Column, Form, Links, Page, Section, Table, cut, number
from conductor_bean.fava.pages.query import Query, part_of, search
from conductor_bean.fava.pages.words import date_of, link_filter

Row = dict[str, Any]

_STATES = (("", "available"), ("ended", "ended"), ("all", "all"))


def services(rows: list[Row], query: Query, links: Links) -> Page:
    """All basic services; those that ended are shown where they are asked for.

    Args:
        rows: As `conductor services --json` prints them.
        query: The query.
        links: Addresses.
    """
    asked = [row for row in rows if query.state == "all" or (row["ended"] is not None) == (query.state == "ended")]
    found = search(asked, query.q, lambda row: (row["service"], row["provider"], row["name"], row["description"]))
    shown, pager = part_of(found, query, links)
    form = Form(
        links.page(""),
        [("page", query.page)],
        [Choice("q", "Search", query.q), Choice("state", "Show", query.state, list(_STATES))],
        "Show",
    )
    table = Table(
        [
            *(Column("service"), Column("what it is", wide=True), Column("provider"), Column("since")),
            *(Column("ended"), Column("public"), Column("hours", number=True)),
        ],
        [
            [
                cut(row["service"], links.journal(link_filter(row["service"]))),
                cut(row["name"], small=cut(row["description"]).text if row["description"] else ""),
                cut(row["provider"], links.page("statement", party=row["provider"])),
                cut(date_of(row["since"])),
                cut(date_of(row["ended"]) if row["ended"] else ""),
                Cell("listed" if row["listed"] else ""),
                number(row["hours"]),
            ]
            for row in shown
        ],
        "Nothing is like that." if rows else "Nobody offers a basic service.",
        "Basic services",
        pager,
    )
    return Page("Basic services", [Section("", [form, table])])
