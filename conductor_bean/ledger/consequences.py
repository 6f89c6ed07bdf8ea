"""What follows otherwise from the same events: which derived amounts change, between whom, and for how many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import month_of
from conductor_bean.engine.events import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.events import Outcome
    from conductor_bean.ledger.books import Books


@dataclass(frozen=True, slots=True)
class Consequence:
    """A derived amount that changes alike between some pairs of accounts.

    Attributes:
        month: The month in which it is paid.
        type: The transfer.
        pairs: Who is debited and who is credited, in order of name.
        before: The amount for each pair, in units of the commodity.
        after: What it becomes.
    """

    month: str
    type: str
    pairs: list[tuple[Account, Account]]
    before: int
    after: int

    @property
    def debits(self) -> list[Account]:
        """Who pays, each once, in order of name."""
        return sorted({debit for debit, _ in self.pairs}, key=lambda account: account.name)

    @property
    def credits(self) -> list[Account]:
        """Who is paid, each once, in order of name."""
        return sorted({credit for _, credit in self.pairs}, key=lambda account: account.name)


def consequences(books: Books, before: Iterable[Outcome], after: Iterable[Outcome]) -> list[Consequence]:
    """The derived amounts that differ, in order of month, transfer and accounts; what is equal for many stands once.

    Args:
        books: The ledger of which the accounts are.
        before: Events as they are booked.
        after: The same events and others; what follows from those that stand nowhere yet (sources below 0) is no
            consequence for others.
    """
    then, now = _derived(before), _derived(after)
    account = books.machine.context.account
    found: dict[tuple[str, str, int, int], list[tuple[Account, Account]]] = {}
    for key in sorted(then.keys() | now.keys()):
        if then[key] != now[key]:
            month, kind, debit, credit = key
            found.setdefault((month, kind, then[key], now[key]), []).append((account(debit), account(credit)))
    return [Consequence(month, kind, pairs, was, becomes) for (month, kind, was, becomes), pairs in found.items()]


def _derived(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str, str, str]]:
    totals: Counter[tuple[str, str, str, str]] = Counter()
    for outcome in outcomes:
        if outcome.rejection is not None or outcome.event.source < 0 or isinstance(outcome.event, Evidence):
            continue
        for transfer in outcome.transfers:
            if transfer.derived:
                month = month_of(outcome.event.instant)
                totals[month, transfer.type, transfer.debit.name, transfer.credit.name] += transfer.units
    return totals
