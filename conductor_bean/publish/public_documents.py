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
from conductor_bean.publish.activity import ECONOMIES
from conductor_bean.publish.exact import Exact
from conductor_bean.publish.privacy import REGIONAL
from conductor_bean.publish.public_costs import costs
from conductor_bean.publish.public_months import months, region

if TYPE_CHECKING:
    from conductor_bean.ledger.reports import Row
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
    active = Counter(plan.planner for plan in state.plans.values() if plan.is_active(now))
    offered = Counter(offer.company for offer in state.credits.offers.values() if offer.ended is None)
    rules = books.region.decisions.at(now)
    rows = []
    for company in sorted(state.companies.values(), key=lambda company: (company.since, company.id)):
        regional = company.ownership == REGIONAL
        accounts = _accounts(public, company.id) if regional else dict.fromkeys((*COMPANY_KINDS, "wallet"))
        rows.append(
            {
                "company": company.id,
                "name": company.name,
                "ownership": company.ownership,
                "since": format_instant(company.since),
                "ended": None if company.ended is None else format_instant(company.ended),
                "bankrupt": company.bankrupt,
                "members": None,
                **accounts,
                **_off_plan(public, company.id, accounts),
                "complete": regional and all(accounts[kind] is not None for kind in _kinds(public)),
                "plans": active[company.id],
                "offers": offered[company.id],
                **(costs(public, company.id) if regional else {"costs": None, "products": None}),
            }
        )
    limit = None if books.region.labour_time is None else share(rules.account_deviation)
    return {"deviation_limit": limit, "companies": rows}


def _kinds(public: Public) -> list[str]:
    """The accounts that a company has in the economies of the region."""
    return [*(COMPANY_KINDS if public.is_on("HOUR") else ()), *(["wallet"] if public.is_on("RSC") else [])]


def _off_plan(public: Public, company: str, accounts: Row) -> Row:
    """How far a company is from its plans, of the accounts whose balance is told."""
    if not public.is_on("HOUR") or all(accounts[kind] is None for kind in COMPANY_KINDS):
        return {"deviation": None, "flags": None}
    machine = public.books.machine
    found = {k: share(v) if accounts[k] is not None else None for k, v in deviations(machine, company).items()}
    every = all(accounts[kind] is not None for kind in COMPANY_KINDS)
    return {"deviation": found, "flags": flags(machine, company) if every else None}


def _accounts(public: Public, company: str) -> Row:
    """What the accounts of a regional company hold, null where it is not told."""
    chart = public.books.machine.context.chart
    found: Row = dict.fromkeys((*COMPANY_KINDS, "wallet"))
    for kind in _kinds(public):
        account = chart.of("company_wallet" if kind == "wallet" else kind, company)
        units = public.balance(account.name)
        found[kind] = None if units is None else public.text(units, ECONOMIES[account.economy])
    return found


def _cooperations(public: Public, course: Course) -> Row:
    chart = public.books.machine.context.chart
    rows = []
    for row in cooperations(public.books, course)["cooperations"]:
        units = public.balance(chart.of("cooperation", row["cooperation"]).name)
        rows.append({**row, "balance": None if units is None else public.text(units, "HOUR")})
    return {"cooperations": rows}


def _prices(public: Public, course: Course) -> Row:
    """Prices, offers and lists; of properties not whether, since when and by whom they are held."""
    found = prices(public.books, course)
    hidden = {"held": None, "lessee": None, "since": None}
    return {**found, "properties": [{**row, **hidden} for row in found["properties"]]}


def _transfers(public: Public) -> Row:
    """The table, with what is told of each transfer by month, null where some of it was merged or waits."""
    exact = Exact(public)
    names = Counter(row.name for row in table_rows())
    commodities = {"HOUR": public.books.region.labour_time, "RSC": public.books.region.credits}
    rows = []
    for row in table_rows():
        commodity = commodities[row.commodity]
        # Of a transfer that goes both ways two rows of the table have one name.
        known = names[row.name] == 1 and commodity is not None
        months = sorted(exact.months(row.name).items()) if known else []
        complete = exact.is_complete(row.name) and (known or not exact.months(row.name))
        counts = [count for _, (_, count) in months]
        volume = "0.00" if commodity is None else public.text(sum(total[0] for _, total in months), row.commodity)
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
                "count": sum(c for c in counts if c is not None) if complete and None not in counts else None,
                "volume": volume if complete else None,
                "reversed": None,
                "complete": complete,
                "periods": [
                    {"period": month_from_number(m), "count": count, "volume": public.text(units, row.commodity)}
                    for m, (units, count) in months
                ],
            }
        )
    return {"rows": rows, "merged": _merged(public)}


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
