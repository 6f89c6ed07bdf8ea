"""Reads what the engine made of a ledger: the one place in the simulator that knows the engine."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from conductor_bean.engine.events import Evidence
from conductor_bean.ledger import reports
from conductor_bean.ledger.books import Books, load_books
from tests.simulator.compare import CooperationSeen, Place, PlanSeen, Seen

SET_ASIDE = "depends-on-rejected"


def see(folder: Path) -> Seen:
    """Load a region and note everything that can be compared."""
    return seen_in(load_books(folder))


def seen_in(books: Books) -> Seen:
    """What books hold, by the same reports as the commands print."""
    assert books.complete, books.problems
    at = books.last_instant
    return Seen(
        errors=[(p.code, books.relative(p.file), p.line) for p in books.errors],
        set_aside=[(books.relative(p.file), p.line) for p in books.advice if p.code == SET_ASIDE],
        transfers=transfers(books),
        balances={
            row["account"]: Decimal(row["balance"])
            for row in reports.balances(books, books.machine)
            if Decimal(row["balance"])
        },
        fics=fics(books),
        plans={
            row["plan"]: PlanSeen(
                row["state"],
                row["consumed"],
                row["cooperation"],
                None if row["expires"] is None else datetime.fromisoformat(row["expires"]),
                Decimal(row["price"]) if row["state"] == "active" else None,
            )
            for row in reports.plans(books, books.machine, at)
        },
        cooperations={
            row["cooperation"]: CooperationSeen(
                row["coordinator"],
                [(held["company"], datetime.fromisoformat(held["since"])) for held in row["coordinators"]],
                set(row["plans"]),
                set(row["requests"]),
            )
            for row in reports.cooperations(books, books.machine, at)
        },
    )


def transfers(books: Books) -> list[tuple[Place, datetime, tuple[str, str, str, Decimal]]]:
    """Every transfer with the line of its event."""
    rows = [reports.transfer_row(books, record) for record in reports.transfer_records(books)]
    return [
        (
            (row["file"], row["line"]),
            datetime.fromisoformat(row["instant"]),
            (row["type"], row["debit"], row["credit"], Decimal(row["amount"])),
        )
        for row in rows
    ]


def fics(books: Books) -> dict[Place, Fraction]:
    """FIC of every event that the engine needed one for, exactly."""
    found = {}
    for outcome in books.outcomes:
        if outcome.fic is not None and outcome.rejection is None and not isinstance(outcome.event, Evidence):
            found[books.place(outcome.event.source)] = Fraction(*outcome.fic)
    return found
