"""What the tables of a page must say: of a private ledger what the commands say, of an edition what its data say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import yaml

from conductor_bean.fava.pages.query import ROWS
from tests.browser.sites import Site

Expected = Iterator[tuple[str, str, list[str]]]
"""Caption of a table, first cell of a row, what else stands in it."""

LIST = 40
"""Rows of each kind on the page of prices."""


def expected(site: Site, page: str) -> list[tuple[str, str, list[str]]]:
    """What the tables of a page must say."""
    return list(PAGES[page](site))


def _rows(site: Site, command: str, page: str, key: str | None = None) -> list[dict[str, Any]]:
    """Rows of a command, or of the document of an edition."""
    rows = site.document(page)[key or page] if site.public else site.said(command)
    return list(rows)


def _known(*values: object) -> list[str]:
    return [str(value) for value in values if value is not None]


def _told(value: str | None) -> str:
    """A number, or the dash of one that an edition does not tell."""
    return "–" if value is None else value


def _short(value: str | None, digits: int) -> list[str]:
    if value is None:
        return []
    return [value if len(value.partition(".")[2]) <= digits else f"{Decimal(value):.{digits}f}"]


def _region(site: Site) -> Expected:
    about = site.document("region")["about"]
    for row in _rows(site, "months", "region", "months"):
        credits_ = [row[key] for key in ("treasury", "taxes", "dividend")] if about["credits"] else []
        hours = [*_short(row["fic"], 6), *_known(row["psf"])] if about["hours"] else []
        yield "The region month by month", row["month"], [*_known(*credits_, row.get("members")), *hours]
    kinds = {"psf", "treasury", "issuance", "outside", "pool", "bank", "claim", "clearing", "cooperation"}
    for row in _rows(site, "balances", "region", "accounts"):
        if row["kind"] in kinds:
            yield (
                "Accounts of the region and its institutions",
                row["account"],
                [_told(row["balance"]), row["commodity"]],
            )


def _plans(site: Site) -> Expected:
    for row in _rows(site, "plans", "plans")[:ROWS]:
        consumed = [] if row["consumed"] is None else [f"{row['consumed']} of {row['quantity']}"]
        means = _known(row["planner"], row["state"], row["fixed_means"], row["raw_materials"], row["labour"])
        ends = [row[key][:10] for key in ("filed", "approved", "expires") if row[key]]
        yield "Plans", row["plan"], [*means, *consumed, *ends, *_short(row["price"], 4), *_short(row["cost"], 4)]


def _companies(site: Site) -> Expected:
    about = site.document("region")["about"]
    for row in _rows(site, "companies", "companies"):
        keys = (["p", "r", "a", "prd"] if about["hours"] else []) + (["wallet"] if about["credits"] else [])
        members = row["members"] if site.public else len(row["members"])
        yield "Companies", row["company"], _known(*(row[key] for key in keys), members)


def _cooperations(site: Site) -> Expected:
    for row in _rows(site, "cooperations", "cooperations"):
        told = [*_short(row["price"], 4), *_known(row["balance"], row["coordinator"])]
        yield "Cooperations", row["cooperation"], told


def _prices(site: Site) -> Expected:
    about = site.document("region")["about"]
    if about["hours"]:
        plans = _rows(site, "plans", "prices", "plans")
        active = [row for row in plans if row.get("state", "active") == "active"]
        products = sorted((row["product"] for row in active[:LIST]), key=[row["product"] for row in active].count)
        for row in active[:LIST]:
            if products.count(row["product"]) == 1:
                yield "Planned products", row["product"], [row["plan"], row["planner"], *_short(row["price"], 4)]
    if about["credits"]:
        for row in _rows(site, "properties", "prices", "properties")[:LIST]:
            yield "Property of the region", row["property"], _known(row["kind"], row["monthly_cost"], row["price"])
        for row in _rows(site, "lists", "prices", "lists")[:LIST]:
            yield "Wait-lists", row["list"], _known(row["length"], row["served"])


def _decisions(site: Site) -> Expected:
    # Decisions are public in full, and so the same in both; in the ledger they stand in region.yaml.
    document = site.document("decisions")
    decided = yaml.safe_load((site.ledger / "region.yaml").read_text("utf-8"))["decisions"]
    assert [row["title"] for row in document["decisions"]] == [row.get("title") or "" for row in decided]
    for row in document["in_force"]:
        value = row["value"]
        same = (isinstance(value, int) and not isinstance(value, bool)) or str(value).endswith(".00")
        yield "Decisions in force", row["key"].replace("_", " "), [*_known(value if same else None, row["since"])]
    for row in document["occupations"] if document["about"]["credits"] else []:
        yield "Ranges of wages in force", row["occupation"], [row["min"], row["max"], row["since"]]


def _transfers(site: Site) -> Expected:
    caption = "The table of allowed transfers"
    rows = site.document("transfers")["rows"]
    once = [name for name in (row["name"] for row in rows) if [row["name"] for row in rows].count(name) == 1]
    if site.public:
        for row in rows:
            if row["name"] in once:
                yield caption, row["name"].replace("_", " "), _known(row["count"], row["volume"])
        return
    moved: dict[str, list[Decimal]] = defaultdict(list)
    taken_back: dict[str, list[Decimal]] = defaultdict(list)
    there: set[tuple[str, ...]] = set()
    for transfer in site.said("transfers"):
        what, debit, credit = (transfer["type"], transfer["amount"]), transfer["debit"], transfer["credit"]
        # Members serve each other in both directions; everything else that comes back in full was taken back.
        # A purchase is always recorded, so one that is derived takes a part of another back.
        in_full = (*what, credit, debit) in there and not debit.startswith("Assets:Members:")
        back = in_full or (transfer["type"] == "purchase" and transfer["derived"])
        (taken_back if back else moved)[transfer["type"]].append(Decimal(transfer["amount"]))
        there.add((*what, debit, credit))
    for name in once:
        sums = [f"{sum(amounts[name]):f}" for amounts in (moved, taken_back) if amounts[name]]
        yield caption, name.replace("_", " "), [str(len(moved[name])), *sums]


def _months(site: Site) -> Expected:
    rows = _rows(site, "months", "months")
    if not rows:
        return
    about, row = site.document("months")["about"], rows[-1]
    caption = f"Income and spending of {row['month']}"
    if not about["credits"]:
        return
    if site.public:
        fund = row["treasury"]
    else:
        fund = {"opening": row["treasury_opening"], "closing": row["treasury"]}
        fund |= {side: row[f"treasury_{side}"] for side in ("income", "spending")}
    yield caption, "held before", [_told(fund["opening"])]
    yield caption, "held at the end", [_told(fund["closing"])]
    for said, side in (("came in", fund["income"]), ("went out", fund["spending"])):
        for name, amount in side.items():
            yield caption, name.replace("_", " "), [said, _told(amount)]


def _problems(site: Site) -> Expected:
    found = site.said("check")
    for row in [*found["errors"], *found["advice"]][:ROWS]:
        yield "Errors and advice", f"{row['file']}:{row['line']}", [row["code"], " ".join(row["message"].split())]


def _review(site: Site) -> Expected:
    for row in site.said("plans"):
        if row["state"] == "filed":
            yield "Plans to review", row["plan"], [row["planner"], row["labour"]]


def _services(site: Site) -> Expected:
    if not site.document("region")["about"]["hours"]:
        return
    for row in site.said("services")[:ROWS]:
        if row["ended"] is None:
            yield "Basic services", row["service"], [row["provider"], row["hours"]]


def _statement(site: Site) -> Expected:
    owners = {row["owner"] for row in site.said("balances") if row["kind"] in ("member", "company")}
    for owner in sorted(owners)[:ROWS]:
        yield "Parties with accounts", owner, []


PAGES: dict[str, Callable[[Site], Expected]] = {
    "region": _region,
    "plans": _plans,
    "companies": _companies,
    "cooperations": _cooperations,
    "prices": _prices,
    "decisions": _decisions,
    "transfers": _transfers,
    "months": _months,
    "statement": _statement,
    "problems": _problems,
    "review": _review,
    "services": _services,
}
