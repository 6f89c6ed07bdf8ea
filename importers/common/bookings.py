"""Ids of what banks book: the bank's own, else what a payment is and which of its equals, told by the balances.

Two payments that nothing distinguishes are two where their statements follow each other: one opens where the other
closed. In statements that overlap they are the same, and so they are in one with the same balances and dates.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from beancount.core.data import Transaction

if TYPE_CHECKING:
    from conductor_bean.importers.common.statements import BankLine, BankStatement
    from conductor_bean.importers.common.work import Work

KEY = "statement"
"""The metadata that tells of which statement a transaction is: balance before and after, first and last date.

The balances stand as digests, with the account: a ledger need not tell them, and they are compared alone.
"""
_LABEL = re.compile(r"([0-9a-f]{12}) ([0-9a-f]{12}) (\d{4}-\d\d-\d\d) (\d{4}-\d\d-\d\d)", re.ASCII)
_NUMBERED = re.compile(r"(.+?:\d{4}-\d\d-\d\d:[0-9a-f]{16})(?::(\d+))?(?:~\d+)?", re.ASCII)
_LONGEST_OWN = 100


@dataclass(slots=True)
class _Statement:
    """A statement whose balances are known, and the numbers that equal payments have in it, by their id without one."""

    opening: str
    closing: str
    first: str
    last: str
    numbers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def label_of(statement: BankStatement) -> str | None:
    """What tells a statement from others, or None where its balances are not known."""
    if statement.opening is None or statement.closing is None or not statement.lines:
        return None
    balances = [
        hashlib.sha256(f"{statement.account} {statement.currency} {each + 0:.8f}".encode()).hexdigest()[:12]
        for each in (statement.opening, statement.closing)
    ]
    dates = [line.date for line in statement.lines]
    return " ".join([*balances, str(min(dates)), str(max(dates))])


def check_balances(statement: BankStatement, work: Work) -> None:
    """Say what a statement does not tell of its balances, or refuse it where that was asked."""
    for doubt in statement.doubts:
        message = (
            f"the statement of {statement.account or 'this account'} cannot be reconciled: {doubt}; see at the bank "
            "that no payment is missing"
        )
        if work.settings.strict:
            work.fault(statement.place, f"{message}, or import it without --strict")
        else:
            work.note(f"{statement.place.file}:{statement.place.number}: {message}")


def in_order(statements: list[BankStatement]) -> list[BankStatement]:
    """Statements by their dates, so that out of order they become the same entries; those of one date as they stand."""
    return sorted(statements, key=lambda each: max((line.date for line in each.lines), default=datetime.date.max))


class Bookings:
    """Gives the lines of statements their ids.

    Args:
        work: The import.
        statements: All of its statements.
    """

    def __init__(self, work: Work, statements: Sequence[BankStatement]) -> None:
        self._work = work
        self._known: dict[str, _Statement] = {}
        self._held: set[str] = set()
        self._opening: dict[str, list[_Statement]] = defaultdict(list)
        self._closing: dict[str, list[_Statement]] = defaultdict(list)
        for entry in work.books.entries:
            if isinstance(entry, Transaction) and isinstance(entry.meta.get("id"), str):
                self._remember(entry.meta["id"], str(entry.meta.get(KEY, "")))
        for label in filter(None, map(label_of, statements)):
            self._statement(label)

    def _remember(self, identity: str, label: str) -> None:
        self._held.add(identity)
        match, known = _NUMBERED.fullmatch(identity), self._statement(label)
        if match is not None and known is not None:
            known.numbers[match[1]].add(int(match[2] or 1))

    def _statement(self, label: str) -> _Statement | None:
        if label not in self._known:
            match = _LABEL.fullmatch(label)
            if match is None:
                return None
            found = _Statement(match[1], match[2], match[3], match[4])
            self._known[label] = found
            self._opening[found.opening].append(found)
            self._closing[found.closing].append(found)
        return self._known[label]

    def ids(self, statement: BankStatement) -> list[str]:
        """The ids of a statement's lines, in their order."""
        label = label_of(statement)
        known = None if label is None else self._statement(label)
        given: dict[str, list[int]] = defaultdict(list)
        return [self._id(line, known, given) for line in statement.lines]

    def _id(self, line: BankLine, known: _Statement | None, given: dict[str, list[int]]) -> str:
        bare = self._work.bare_id(line.date, *(line.identity or (line.own,)))
        if line.own and len(line.own) <= _LONGEST_OWN and bare not in self._held:
            return self._work.id(line.place, line.own)
        if line.own and len(line.own) > _LONGEST_OWN:
            bare = self._work.bare_id(line.date, line.own)
        mine = given[bare]
        number = self._number(bare, known, mine)
        mine.append(number)
        if known is not None:
            known.numbers[bare].add(number)
        return self._work.numbered(bare, number)

    def _number(self, bare: str, known: _Statement | None, given: list[int]) -> int:
        """Which of its equals a payment is: as its statement had it before, else the first that no neighbour has."""
        if known is None:
            return len(given) + 1
        again = sorted(known.numbers[bare] - set(given))
        if again:
            return again[0]
        taken = {*given, *_numbers(bare, known, self._before), *_numbers(bare, known, self._after)}
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def _before(self, statement: _Statement) -> list[_Statement]:
        found = self._closing[statement.opening]
        return [each for each in found if each is not statement and each.last <= statement.first]

    def _after(self, statement: _Statement) -> list[_Statement]:
        found = self._opening[statement.closing]
        return [each for each in found if each is not statement and each.first >= statement.last]


def _numbers(bare: str, start: _Statement, step: Callable[[_Statement], list[_Statement]]) -> set[int]:
    """The numbers that a payment's equals have in the statements that lead to one, or follow it, on its date."""
    date = datetime.date.fromisoformat(bare.rsplit(":", 2)[1]).isoformat()
    found: set[int] = set()
    seen, waiting = {id(start)}, [start]
    while waiting:
        for each in step(waiting.pop()):
            if id(each) not in seen and each.first <= date <= each.last:
                seen.add(id(each))
                waiting.append(each)
                found |= each.numbers.get(bare, set())
    return found
