"""The page *Cooperations*: prices over time, plans above and below them, coordinators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.about import about, exact_hours
from conductor_bean.documents.course import Course
from conductor_bean.domain.instants import format_instant
from conductor_bean.ledger import reports

if TYPE_CHECKING:
    from fractions import Fraction

    from conductor_bean.domain.plans import Plan
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row


def cooperations(books: Books, course: Course | None = None) -> Row:
    """Every cooperation of the region.

    Returns:
        `about` (see there);
        `cooperations`: `[{"cooperation", "name", "definition", "since", "balance", "price", "coordinator",
        "coordinators", "requests", "plans", "prices"}]`, by instant of founding, then id, where `coordinators` are
        `[{"company", "since"}]`, `requests` are ids of plans that ask to join, `plans` are `[{"plan", "planner",
        "product", "unit", "cost", "active", "position"}]` with the position `above`, `below` or `equal` of an active
        plan's own cost to the price (null of one that is not active), and `prices` are `[{"instant", "price"}]` where
        the price changes, null while no plan is active. Prices and costs are hours a unit.
    """
    course = course or Course.of(books)
    return {
        "about": about(books, course),
        "cooperations": [_cooperation(books, course, row) for row in _rows(books, course)],
    }


def _rows(books: Books, course: Course) -> list[Row]:
    if books.region.labour_time is None:
        return []
    return reports.cooperations(books, books.machine, course.instant)


def _cooperation(books: Books, course: Course, row: Row) -> Row:
    found = books.machine.state.cooperations[row["cooperation"]]
    price = books.machine.context.prices.shared_price(found.id, course.instant)
    known = books.machine.state.plans
    return {
        "cooperation": found.id,
        "name": found.name,
        "definition": found.definition,
        "since": format_instant(found.since),
        **{key: row[key] for key in ("balance", "price", "coordinator", "coordinators", "requests")},
        "plans": [_plan(books, known[plan], price, course.instant) for plan in row["plans"]],
        "prices": [
            {"instant": format_instant(instant), "price": exact_hours(books, changed)}
            for instant, changed in course.prices.get(found.id, [])
        ],
    }


def _plan(books: Books, plan: Plan, price: Fraction | None, instant: int) -> Row:
    active = plan.is_active(instant)
    return {
        "plan": plan.id,
        "planner": plan.planner,
        "product": plan.product,
        "unit": plan.unit,
        "cost": exact_hours(books, plan.cost_of_unit()),
        "active": active,
        "position": _position(plan.cost_of_unit(), price) if active else None,
    }


def _position(cost: Fraction, price: Fraction | None) -> str | None:
    if price is None:
        return None
    if cost == price:
        return "equal"
    return "above" if cost > price else "below"
