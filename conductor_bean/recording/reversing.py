"""Reversals: the event that is meant, the id by which it is named, and what is mirrored."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beancount.core import data
from beancount.parser import parser

from conductor_bean.domain.instants import date_of, month_of
from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.events import Movement, Outcome
from conductor_bean.ledger.appending import Change
from conductor_bean.ledger.reports import owner_of
from conductor_bean.recording.accountants import free_id
from conductor_bean.recording.text import MistakeError, string

if TYPE_CHECKING:
    from conductor_bean.engine.events import Transfer
    from conductor_bean.ledger.books import Books

_LONGEST_HEAD = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of an event.

    Attributes:
        party: Whose account it moved, "" for anybody's.
        date: Its date, None for any.
        amount: The amount of one of its transfers, None for any.
        type: One of its transfers, "" for any.
    """

    party: str = ""
    date: datetime.date | None = None
    amount: Decimal | None = None
    type: str = ""

    def fits(self, books: Books, outcome: Outcome) -> bool:
        """Whether an event is such a one."""
        if self.date is not None and date_of(outcome.event.instant) != self.date:
            return False
        return any(self._fits_transfer(books, transfer) for transfer in outcome.transfers)

    def _fits_transfer(self, books: Books, transfer: Transfer) -> bool:
        commodity = books.region.commodity(transfer.debit.economy)
        owners = {account.owner or owner_of(books, account.kind) for account in (transfer.debit, transfer.credit)}
        return (
            (not self.party or self.party in owners)
            and (not self.type or self.type.replace("-", "_") == transfer.type)
            and (
                self.amount is None or (commodity is not None and abs(self.amount) == commodity.number(transfer.units))
            )
        )


def find(books: Books, wanted: Wanted) -> list[Outcome]:
    """Transactions that stand, are such a one, and were not reversed yet, in order of instant.

    Args:
        books: The whole ledger.
        wanted: What is known of the event.
    """
    posted = books.machine.state.posted
    return [
        outcome
        for outcome in books.outcomes
        if isinstance(outcome.event, Movement)
        and outcome.rejection is None
        and not (outcome.event.id and posted[outcome.event.id].reversed is not None)
        and wanted.fits(books, outcome)
    ]


def named(books: Books, outcome: Outcome, accountant: str) -> str:
    """The id of a transaction, or one for it that no other event has."""
    event = outcome.event
    assert isinstance(event, Movement)
    if event.id:
        return event.id
    owners = [account.owner for t in event.transfers for account in (t.debit, t.credit) if account.owner]
    return free_id(books, date_of(event.instant), owners[0] if owners else "region", accountant)


def hold_open(books: Books, outcome: Outcome) -> None:
    """Hold that a transaction may still be given an id.

    Raises:
        Rejection: `sealed-history-changed`.
    """
    sealed = books.machine.state.sealed
    if sealed and month_of(outcome.event.instant) <= sealed[-1][0]:
        file, line = books.place(outcome.event.source)
        raise Rejection(
            "sealed-history-changed",
            f"the event at {file}:{line} stands in a month that the seal of {sealed[-1][0]} covers, and has no id by "
            "which a reversal could name it; an id that is written to it now would change sealed history: record what "
            "moves the same back, or, if all agree, take the seals back, reverse it, and seal anew",
        )


def with_id(content: bytes, line: int, name: str) -> bytes:
    """A file in which a transaction has an id; nothing else of what it says is changed.

    Args:
        content: The file.
        line: The line at which the transaction begins.
        name: The id.

    Raises:
        MistakeError: The line cannot be put there; somebody has to write it by hand.
    """
    lines = content.splitlines(keepends=True)
    newline = b"\r\n" if b"\r\n" in content else b"\n"
    before = parser.parse_string(content)[0]
    # A head whose texts span lines ends later; the parser tells where.
    for after in range(line, min(line + _LONGEST_HEAD, len(lines)) + 1):
        head = lines[after - 1]
        ended = head if head.endswith(b"\n") else head + newline
        more = f"  id: {string(name)}".encode() + newline
        new = b"".join([*lines[: after - 1], ended, more, *lines[after:]])
        entries, errors, _ = parser.parse_string(new)
        if not errors and _only_named(before, entries, line, name):
            return new
    raise MistakeError(
        "id", f'the event has no id and none can be put there; write id: "{name}" below line {line} by hand'
    )


def _only_named(before: list[Any], after: list[Any], line: int, name: str) -> bool:
    """Whether the entries of two texts are the same, but for the id of the transaction at a line."""
    return len(before) == len(after) and all(
        _said(old, name if old.meta.get("lineno") == line and isinstance(old, data.Transaction) else None) == _said(new)
        for old, new in zip(before, after, strict=True)
    )


def _said(entry: Any, name: str | None = None) -> Any:
    """What an entry says, wherever it stands; with an id, if one is given."""
    meta = {key: value for key, value in entry.meta.items() if key != "lineno"}
    if name is not None:
        meta["id"] = name
    postings = getattr(entry, "postings", None)
    if postings is None:
        return entry._replace(meta=meta)
    plain = [posting._replace(meta=_without_line(posting.meta)) for posting in postings]
    return entry._replace(meta=meta, postings=plain)


def _without_line(meta: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (meta or {}).items() if key != "lineno"}


def joined(changes: Iterable[Change], named_file: Path, line: int, name: str) -> list[Change]:
    """The changes that write a reversal, with the id of its event put into the event's file: first, or in one.

    Raises:
        MistakeError: The id cannot be put there.
        OSError: The file cannot be read.
    """
    found: list[Change] = []
    done = False
    for change in changes:
        if change.path == named_file and change.old is not None and change.new is not None:
            added = change.new[len(change.old) :]
            found.append(dataclasses.replace(change, new=with_id(change.old, line, name) + added))
            done = True
        else:
            found.append(change)
    if done:
        return found
    old = named_file.read_bytes()
    return [Change(named_file, old, with_id(old, line, name)), *found]
