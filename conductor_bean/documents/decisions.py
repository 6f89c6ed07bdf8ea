"""The page *Decisions*: what is in force, since when, and what changed."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.documents.about import about, share
from conductor_bean.documents.course import Course
from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.instants import date_of
from conductor_bean.domain.region import Rules
from conductor_bean.ledger.reports import hours

if TYPE_CHECKING:
    from conductor_bean.domain.region import Wage
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row

_ECONOMIES = {
    "fic_window_days": LABOUR_TIME,
    "member_overdraw": LABOUR_TIME,
    "account_deviation": LABOUR_TIME,
    "plan_criteria": LABOUR_TIME,
    "income_tax": CREDITS,
    "sales_tax_internal": CREDITS,
    "sales_tax_external": CREDITS,
    "profit_at_rest_tax": CREDITS,
    "dividend": CREDITS,
    "housing_markup": CREDITS,
    "non_member_markup": CREDITS,
    "tuition_share": CREDITS,
    "schooling_pause_years": CREDITS,
    "wage_arrears": CREDITS,
}
"""The economy to which a decision belongs; the others concern both."""


def decisions(books: Books, course: Course | None = None) -> Row:
    """What the region has decided.

    Returns:
        `about` (see there);
        `in_force`: `[{"key", "value", "since", "title"}]` at the last event, in the order of region.yaml's schema;
        `value` is a decimal string, a whole number, a text, true or false, null for no limit; `since` is a date, null
        where nobody ever decided it and the default holds;
        `occupations`: `[{"occupation", "min", "max", "why", "since", "title"}]` in force, by name, credits an hour;
        `decisions`: `[{"date", "title", "in_force", "changes", "occupations"}]` in order, where `changes` are `[{"key",
        "before", "after"}]`, `occupations` are `[{"occupation", "before", "after"}]` with `{"min", "max", "why"}` or
        null, and the first decision has no `before`. Decisions of an economy that is off are left out.
    """
    course = course or Course.of(books)
    changes = books.region.decisions.changes
    titled = [
        {"date": date_of(instant).isoformat(), "title": title, "in_force": instant <= course.instant}
        for (instant, _), title in zip(changes, books.region.titles, strict=True)
    ]
    before: list[Rules | None] = [None, *(rules for _, rules in changes)]
    rows = [
        {**head, "changes": _changes(books, old, rules), "occupations": _wage_changes(old, rules)}
        for head, old, (_, rules) in zip(titled, before, changes, strict=False)
    ]
    present = books.region.decisions.at(course.instant)
    return {
        "about": about(books, course),
        "in_force": [_in_force(books, present, key, rows) for key in _keys(books)],
        "occupations": [_occupation(name, wage, rows) for name, wage in sorted(present.occupations.items())],
        "decisions": rows,
    }


def _keys(books: Books) -> list[str]:
    """What this region decides: what belongs to its economies."""
    keys = [field.name for field in fields(Rules) if field.name != "occupations"]
    return [key for key in keys if key not in _ECONOMIES or books.region.commodity(_ECONOMIES[key]) is not None]


def _value(books: Books, rules: Rules, key: str) -> Any:
    value = getattr(rules, key)
    if key == "member_overdraw" and value is not None:
        return hours(books, value)
    return share(value) if isinstance(value, Fraction) else value


def _changes(books: Books, before: Rules | None, after: Rules) -> list[Row]:
    return [
        {
            "key": key,
            "before": None if before is None else _value(books, before, key),
            "after": _value(books, after, key),
        }
        for key in _keys(books)
        if before is None or getattr(before, key) != getattr(after, key)
    ]


def _wage_changes(before: Rules | None, after: Rules) -> list[Row]:
    old = {} if before is None else before.occupations
    return [
        {"occupation": name, "before": _wage(old.get(name)), "after": _wage(after.occupations.get(name))}
        for name in sorted({*old, *after.occupations})
        if old.get(name) != after.occupations.get(name)
    ]


def _wage(wage: Wage | None) -> Row | None:
    return (
        None
        if wage is None
        else {
            "min": share(wage.minimum),
            "max": share(wage.maximum),
            "why": wage.why,
        }
    )


def _in_force(books: Books, rules: Rules, key: str, rows: list[Row]) -> Row:
    decided = (row for row in reversed(rows) if row["in_force"] and any(c["key"] == key for c in row["changes"]))
    return {"key": key, "value": _value(books, rules, key), **_since(next(decided, None))}


def _occupation(name: str, wage: Wage, rows: list[Row]) -> Row:
    decided = (
        row for row in reversed(rows) if row["in_force"] and any(c["occupation"] == name for c in row["occupations"])
    )
    return {"occupation": name, **(_wage(wage) or {}), **_since(next(decided, None))}


def _since(row: Row | None) -> Row:
    return {"since": None if row is None else row["date"], "title": None if row is None else row["title"]}
