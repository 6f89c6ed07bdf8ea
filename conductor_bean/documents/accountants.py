"""What only accountants see: statements, errors and advice with their remedies, plans that wait for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.course import Course
from conductor_bean.documents.plans import plans
from conductor_bean.domain.problems import codes
from conductor_bean.ledger import reports

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row


def parties(books: Books) -> list[Row]:
    """Everybody who has accounts: `[{"party", "name", "kind", "ended"}]`, members first, each kind by id."""
    state = books.machine.state
    found = [
        {"party": party.id, "name": party.name, "kind": party.kind, "ended": party.ended is not None}
        for known in (state.members, state.companies)
        for _, party in sorted(known.items())
    ]
    named = {row["party"] for row in found}
    others = {row["owner"]: row["kind"] for row in reports.balances(books, books.machine) if row["owner"] not in named}
    return found + [{"party": name, "name": "", "kind": kind, "ended": False} for name, kind in sorted(others.items())]


def statement(books: Books, party: str) -> Row:
    """The statement of a party over the whole ledger, as `conductor statement --json` prints it."""
    return reports.statement(books, party, 1, None)


def problems(books: Books) -> list[Row]:
    """Errors, then advice, each with why and what to do.

    Returns:
        `[{"severity", "code", "message", "file", "line", "summary", "explanation", "remedy"}]`, in order of file and
        line.
    """
    return [
        {
            "severity": "advice" if problem.is_advice else "error",
            "code": problem.code,
            "message": problem.message,
            "file": books.relative(problem.file),
            "line": problem.line,
            **{
                key: getattr(codes()[problem.code], key) if problem.code in codes() else ""
                for key in ("summary", "explanation", "remedy")
            },
        }
        for problem in (*books.errors, *books.advice)
    ]


def plans_to_review(books: Books, course: Course | None = None) -> Row:
    """The document of plans (see there) with those alone that wait for a decision."""
    return waiting(plans(books, course))


def waiting(document: Row) -> Row:
    """Of a document of plans those that are neither approved nor rejected nor withdrawn."""
    return {**document, "plans": [row for row in document["plans"] if row["state"] == "filed"]}
