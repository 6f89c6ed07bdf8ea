"""Sealing: the seals of months that are over, with the list beside each, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.facts import SEAL_FORMAT
from conductor_bean.domain.instants import LAST_DATE, date_of, last_date, month_from_number, month_number, parse_month
from conductor_bean.ledger.appending import Change, read_bytes, with_appended
from conductor_bean.ledger.preview import file_of_month
from conductor_bean.ledger.seal_lists import list_path, list_text
from conductor_bean.ledger.seals import NOTHING_BEFORE, Sealer, Verdict, end_of_month

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books


class NotSealableError(Exception):
    """A month cannot be sealed; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal that is to be written.

    Attributes:
        month: Its month.
        digest: Its digest.
        events: How many events it covers.
        text: The directive.
        path: The file to which it is appended.
        line: The line at which it will begin.
    """

    month: str
    digest: str
    events: int
    text: str
    path: Path
    line: int


def seal_months(books: Books, month: str, *, each: bool = False) -> tuple[list[Sealed], list[Change]]:
    """The seal of a month, and what is to be written for it.

    Args:
        books: The ledger, which has no errors.
        month: The month; the seal covers all since the seal before.
        each: Seal every month since then by itself, not all of them together.

    Raises:
        NotSealableError: The month cannot be sealed.
        OSError: A file cannot be read.
    """
    check_sealable(books, month)
    sealed = books.machine.state.sealed
    first = _first_month(books) if not sealed else month_from_number(month_number(sealed[-1][0]) + 1)
    months = [month]
    if each:
        months = [month_from_number(number) for number in range(month_number(first), month_number(month) + 1)]
    assert books.checked is not None
    before = sealed[-1][1] if sealed else NOTHING_BEFORE
    sealer = Sealer([(name, "", SEAL_FORMAT) for name in months], books.checked.sources, before)
    start = end_of_month(sealed[-1][0]) if sealed else 0
    for outcome in books.outcomes:
        if outcome.event.instant >= start:
            sealer.see(outcome)
    return _written(books, sealer.finish())


def check_sealable(books: Books, month: str) -> None:
    """Hold that a month can be sealed.

    Raises:
        NotSealableError: It cannot.
    """
    state = books.machine.state
    if parse_month(month) is None or last_date(month) > LAST_DATE:
        raise NotSealableError(f"{month!r} is no month that can be sealed; write it as 2026-01")
    if state.sealed and month_number(month) <= month_number(state.sealed[-1][0]):
        raise NotSealableError(f"{month} is sealed already: the last sealed month is {state.sealed[-1][0]}")
    if not books.last_instant or month_number(month) < month_number(_first_month(books)):
        raise NotSealableError(f"nothing happened up to the end of {month}, so there is nothing to seal")
    if month in state.closed:
        return
    if books.region.credits is not None:
        raise NotSealableError(f"{month} is not closed, and its close could not be added any more; close it first")
    if books.last_instant < end_of_month(month):
        raise NotSealableError(
            f"{month} may not be over: no event of the ledger is later; close it first, or seal it when the next month "
            "has begun"
        )


def _first_month(books: Books) -> str:
    return f"{date_of(books.outcomes[0].event.instant):%Y-%m}" if books.outcomes else ""


def _written(books: Books, verdicts: list[Verdict]) -> tuple[list[Sealed], list[Change]]:
    """The seals with their places, and every file that changes."""
    old: dict[Path, bytes | None] = {}
    new: dict[Path, bytes] = {}
    sealed = []
    changes = []
    for verdict in verdicts:
        text = (
            f'{last_date(verdict.month)} custom "seal" "{verdict.month}" "{verdict.digest}"\n  format: {verdict.form}'
        )
        path = file_of_month(books, verdict.month)
        old.setdefault(path, read_bytes(path))
        addition = with_appended(new.get(path, old[path]), text)
        new[path] = addition.new
        sealed.append(Sealed(verdict.month, verdict.digest, len(verdict.lines), text, path, addition.line))
        beside = list_path(books.main.parent, verdict.month)
        changes.append(Change(beside, read_bytes(beside), list_text(verdict.month, verdict.lines).encode()))
    # Lists first: one without a seal says nothing, while a seal without its list says less than it could.
    return sealed, [*changes, *(Change(path, old[path], content) for path, content in new.items())]
