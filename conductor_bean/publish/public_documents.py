"""The documents of an edition's pages, in the shapes of `conductor_bean.documents`, from what is public alone.

Every balance and every total comes from the entries of the edition itself, so that no page can say more than they do.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conductor_bean.documents.about import share
from conductor_bean.documents.cooperations import cooperations
from conductor_bean.documents.course import Course
from conductor_bean.documents.decisions import decisions
from conductor_bean.documents.plans import plans
from conductor_bean.documents.prices import prices
from conductor_bean.documents.traffic import Traffic
from conductor_bean.domain.instants import format_instant, month_from_number
from conductor_bean.domain.transfers import rows as table_rows
from conductor_bean.ledger.reports import COMPANY_KINDS, deviations, flags
from conductor_bean.publish.entries import balances
from conductor_bean.publish.privacy import REGIONAL
from conductor_bean.publish.public_months import months, region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.ledger.reports import Row
    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.public import Public


def public_documents(public: Public) -> dict[str, Row]:
    """The documents of all pages by name."""
    course = _course(public)
    about = _about(public)
    found = {
        "region": region(public),
        "plans": _plans(public, course),
        "companies": _companies(public),
        "cooperations": _cooperations(public, course),
        "prices": _prices(public, course),
        "decisions": decisions(public.books, course),
        "transfers": _transfers(public),
        "months": months(public),
    }
    return {name: {**document, "about": about} for name, document in found.items()}


def _course(public: Public) -> Course:
    """The course that public documents may read: without figures of months, without traffic."""
    course = public.course
    return Course(course.first, course.last, public.books.last_instant, [], [], course.prices, Traffic([], {}))


def _about(public: Public) -> Row:
    region = public.books.region
    return {
        "region": region.id,
        "name": region.name,
        "from": None if public.course.first is None else public.course.first.isoformat(),
        "through": None if public.course.last is None else public.course.last.isoformat(),
        "told": None if public.history.through is None else month_from_number(public.history.through),
        "hours": None if region.labour_time is None else region.labour_time.name,
        "credits": None if region.credits is None else region.credits.name,
    }


def _plans(public: Public, course: Course) -> Row:
    """Plans without what was sold of them, which is the planner's business, and without free text."""
    rows = plans(public.books, course)["plans"]
    return {"plans": [{**row, "consumed": None, "description": None} for row in rows]}


def _companies(public: Public) -> Row:
    books = public.books
    state, now = books.machine.state, books.last_instant
    held = balances(public.entries)
    active = Counter(plan.planner for plan in state.plans.values() if plan.is_active(now))
    offered = Counter(offer.company for offer in state.credits.offers.values() if offer.ended is None)
    rules = books.region.decisions.at(now)
    rows = []
    for company in sorted(state.companies.values(), key=lambda company: (company.since, company.id)):
        regional = company.ownership == REGIONAL
        complete = regional and not _names(public, company.id) & public.partly
        rows.append(
            {
                "company": company.id,
                "name": company.name,
                "ownership": company.ownership,
                "since": format_instant(company.since),
                "ended": None if company.ended is None else format_instant(company.ended),
                "bankrupt": company.bankrupt,
                "members": None,
                **_accounts(public, company.id, held if regional else None),
                **_off_plan(public, company.id, complete=complete),
                "complete": complete,
                "plans": active[company.id],
                "offers": offered[company.id],
                "costs": None,
                "products": None,
            }
        )
    limit = None if books.region.labour_time is None else share(rules.account_deviation)
    return {"deviation_limit": limit, "companies": rows}


def _names(public: Public, company: str) -> set[str]:
    chart = public.books.machine.context.chart
    return {chart.of(kind, company).name for kind in (*COMPANY_KINDS, "company_wallet")}


def _off_plan(public: Public, company: str, *, complete: bool) -> Row:
    """How far a company is from its plans, where all that moved its accounts is told."""
    if not complete or public.books.region.labour_time is None:
        return {"deviation": None, "flags": None}
    machine = public.books.machine
    found = {kind: share(value) for kind, value in deviations(machine, company).items()}
    return {"deviation": found, "flags": flags(machine, company)}


def _accounts(public: Public, company: str, held: dict[tuple[str, str], int] | None) -> Row:
    """What the accounts of a regional company hold, as far as it is told; None of companies that workers own."""
    chart, region = public.books.machine.context.chart, public.books.region
    found: Row = dict.fromkeys((*COMPANY_KINDS, "wallet"))
    if held is None:
        return found
    if region.labour_time is not None:
        for kind in COMPANY_KINDS:
            found[kind] = public.text(held.get((chart.of(kind, company).name, "HOUR"), 0), "HOUR")
    if region.credits is not None:
        found["wallet"] = public.text(held.get((chart.of("company_wallet", company).name, "RSC"), 0), "RSC")
    return found


def _cooperations(public: Public, course: Course) -> Row:
    held = balances(public.entries)
    rows = cooperations(public.books, course)["cooperations"]
    chart = public.books.machine.context.chart
    return {
        "cooperations": [
            {
                **row,
                "balance": public.text(held.get((chart.of("cooperation", row["cooperation"]).name, "HOUR"), 0), "HOUR"),
            }
            for row in rows
        ]
    }


def _prices(public: Public, course: Course) -> Row:
    """Prices, offers and lists; of properties not whether, since when and by whom they are held."""
    found = prices(public.books, course)
    hidden = {"held": None, "lessee": None, "since": None}
    return {**found, "properties": [{**row, **hidden} for row in found["properties"]]}


def _transfers(public: Public) -> Row:
    """The table, with what was told of each transfer by type, null where all of it was merged or waits."""
    told: dict[str, list[Entry]] = {}
    for entry in public.entries:
        if entry.level in ("in full", "type"):
            told.setdefault(entry.label, []).append(entry)
    names = Counter(row.name for row in table_rows())
    commodities = {"HOUR": public.books.region.labour_time, "RSC": public.books.region.credits}
    rows, partly = [], _told_partly(public)
    for row in table_rows():
        mine = told.get(row.name, []) if names[row.name] == 1 else _of_row(told.get(row.name, []), row.debit)
        commodity = commodities[row.commodity]
        unknown = row.name in partly and not mine
        volume = "0.00" if commodity is None else public.text(sum(e.units for e in mine), row.commodity)
        rows.append(
            {
                "name": row.name,
                "debit": row.debit,
                "credit": row.credit,
                "commodity": row.commodity if commodity is None else commodity.name,
                "recorded": row.recorded,
                "derived": row.derived,
                "approved": row.approved,
                "condition": row.condition,
                "explanation": row.explanation,
                "count": None if unknown else sum(entry.transfers for entry in mine),
                "volume": None if unknown else volume,
                "reversed": None,
                "complete": row.name not in partly,
                "periods": _by_period(public, mine),
            }
        )
    return {"rows": rows, "merged": _merged(public)}


def _told_partly(public: Public) -> set[str]:
    """Transfers of which some were told with others, or wait."""
    merged = {cell.type for told in public.history.told for cell in told.cells if told.type != cell.type}
    return merged | {kind for _, kind in public.waiting}


def _of_row(entries: Iterable[Entry], debit: str) -> list[Entry]:
    """Of a transfer that goes both ways, the entries of the row that charges these accounts."""
    outward = not debit.startswith(("clearing", "pool"))
    return [e for e in entries if outward != e.debit.startswith(("Assets:Regions:", "Assets:Region:Pools:"))]


def _merged(public: Public) -> list[Row]:
    """What was told of several transfers together."""
    return [
        {
            "period": entry.period,
            "name": entry.label,
            "level": entry.level,
            "debit": entry.debit,
            "credit": entry.credit,
            "count": entry.transfers,
            "volume": public.text(entry.units, entry.economy),
            "commodity": public.commodity(entry.economy).name,
        }
        for entry in public.entries
        if entry.level in ("broad type", "other")
    ]


def _by_period(public: Public, entries: list[Entry]) -> list[Row]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        period = entry.period[:7] if entry.level == "in full" else entry.period
        found.setdefault(period, []).append(entry)
    return [
        {
            "period": period,
            "count": sum(entry.transfers for entry in mine),
            "volume": public.text(sum(entry.units for entry in mine), mine[0].economy),
        }
        for period, mine in sorted(found.items())
    ]
