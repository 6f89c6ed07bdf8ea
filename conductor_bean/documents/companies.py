"""The page *Companies*: the register, accounts with their deviation, and what regional companies cost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from conductor_bean.documents.about import about, share
from conductor_bean.documents.course import Course
from conductor_bean.domain.instants import format_instant
from conductor_bean.ledger import credit_reports, reports

if TYPE_CHECKING:
    from conductor_bean.engine.state import Party
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row

REGIONAL = "regional"


def companies(books: Books, course: Course | None = None) -> Row:
    """Every company of the region.

    Returns:
        `about` (see there);
        `deviation_limit`: above which deviation an account is flagged, null where labour time is off;
        `companies`: `[{"company", "name", "ownership", "since", "ended", "bankrupt", "members", "p", "r", "a", "prd",
        "wallet", "deviation", "flags", "plans", "offers", "costs", "products"}]`, by instant of registration, then
        id, where `members`, `plans` and `offers` are counts of who works there and of what is active; `deviation` is
        `{"p", "r", "a", "prd"}`, each null where something moved that nobody planned; `flags` are the accounts above
        the limit; `costs` and `products` are `months` and `offers` of `conductor cost --json`, null for companies that
        their workers own. Balances, `deviation` and `flags` are null where they are private, or labour time is off.
    """
    course = course or Course.of(books)
    state, labour_time = books.machine.state, books.region.labour_time
    active = Counter(plan.planner for plan in state.plans.values() if plan.is_active(course.instant))
    offered = Counter(offer.company for offer in state.credits.offers.values() if offer.ended is None)
    return {
        "about": about(books, course),
        "deviation_limit": None if labour_time is None else share(books.machine.context.rules.account_deviation),
        "companies": [
            {
                **_party(state.companies[row["company"]]),
                "members": len(row["members"]),
                **_accounts(books, row),
                "plans": active[row["company"]],
                "offers": offered[row["company"]],
                **_costs(books, row, course.instant),
            }
            for row in reports.companies(books, books.machine)
        ],
    }


def _party(company: Party) -> Row:
    return {
        "company": company.id,
        "name": company.name,
        "ownership": company.ownership,
        "since": format_instant(company.since),
        "ended": None if company.ended is None else format_instant(company.ended),
        "bankrupt": company.bankrupt,
    }


def _accounts(books: Books, row: Row) -> Row:
    """Balances and deviation; in an economy that is off there are none."""
    labour_time = books.region.labour_time is not None
    return {
        **{kind: row[kind] if labour_time else None for kind in reports.COMPANY_KINDS},
        "wallet": row["wallet"],
        "deviation": row["deviation"] if labour_time else None,
        "flags": reports.flags(books.machine, row["company"]) if labour_time else None,
    }


def _costs(books: Books, row: Row, instant: int) -> Row:
    if row["ownership"] != REGIONAL or books.region.credits is None:
        return {"costs": None, "products": None}
    found = credit_reports.cost(books, books.machine, row["company"], instant)
    return {"costs": found["months"], "products": found["offers"]}
