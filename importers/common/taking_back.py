"""What was taken back: the earlier transaction of a source that a refund or a bank's reversal mirrors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from beancount.core.data import Custom, Transaction

from conductor_bean.domain.instants import SECOND, date_of
from conductor_bean.importers.common.entries import Directive, Leg, fact, instant_of

if TYPE_CHECKING:
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work

REVERSAL = "reversal"


class TakenBack:
    """Finds what reversals name, each earlier transaction once.

    Args:
        work: The import.
        entries: What it has made so far.
    """

    def __init__(self, work: Work, entries: Sequence[Directive]) -> None:
        everything = [*work.books.entries, *entries]
        start = f"{work.prefix}:"
        self._transactions: dict[str, Transaction] = {}
        for entry in everything:
            if isinstance(entry, Transaction) and str(entry.meta.get("id", "")).startswith(start):
                # What the ledger holds stands for the row of which it was made.
                self._transactions.setdefault(entry.meta["id"], entry)
        self._reversed = {
            str(entry.values[0].value): instant_of(entry)
            for entry in everything
            if isinstance(entry, Custom) and entry.type == REVERSAL
        }
        self._used: set[str] = set()

    def candidates(self, legs: Iterable[Leg], instant: int, fits: Callable[[Transaction], bool]) -> list[Transaction]:
        """Transactions with these legs, not later than the day of an instant, that nothing else has taken back.

        What is reversed at that very instant may be what is meant, when a file is imported again; such stand last.
        The others stand in order of instant.
        """
        wanted = sorted(legs)
        found = []
        for identity, entry in self._transactions.items():
            reversal = self._reversed.get(identity)
            again = reversal == _moment(entry, instant)
            if identity in self._used or entry.date > date_of(instant) or (reversal is not None and not again):
                continue
            # What the engine added to the transaction says of which transfer it is; the recorded legs stand first.
            recorded = entry.postings[: len(wanted)]
            if sorted((p.account, p.units.number, p.units.currency) for p in recorded) == wanted and fits(entry):
                found.append((again, instant_of(entry), identity, entry))
        return [entry for *_, entry in sorted(found, key=lambda each: each[:3])]

    def reverse(self, row: Row, entry: Transaction, instant: int, reason: str) -> Custom:
        """The reversal of a transaction.

        Args:
            row: Where the source says so.
            entry: The transaction.
            instant: When it was taken back.
            reason: Why.
        """
        self._used.add(entry.meta["id"])
        return fact(row, REVERSAL, (entry.meta["id"],), instant=_moment(entry, instant), meta={"reason": reason})


def _moment(entry: Transaction, instant: int) -> int:
    """When a reversal is to stand: at one instant facts come before transactions, so after what it takes back."""
    return max(instant, instant_of(entry) + SECOND)
