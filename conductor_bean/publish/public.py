"""What the documents of an edition are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text

if TYPE_CHECKING:
    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.history import History
    from conductor_bean.publish.holdings import Holdings
    from conductor_bean.publish.public_course import PublicCourse


@dataclass(frozen=True)
class Public:
    """What an edition's documents are made of.

    Attributes:
        books: The ledger, of which only public facts are read.
        history: What was told.
        entries: The entries of the edition.
        course: The dates, FIC of the plans, and cooperative prices.
        waiting: Month and transfer of each cell that was not told yet.
        holdings: What public accounts really held, of which only what the history tells is read.
    """

    books: Books
    history: History
    entries: list[Entry]
    course: PublicCourse
    waiting: frozenset[tuple[int, str]]
    holdings: Holdings

    @cached_property
    def _told(self) -> dict[tuple[str, int], int]:
        return {(told.account, told.month): told.units for told in self.history.balances}

    @cached_property
    def _costs(self) -> dict[tuple[str, int, str], int]:
        return {(told.company, told.month, told.part): told.units for told in self.history.costs}

    def balance(self, account: str, month: int | None = None) -> int | None:
        """What an account held at the end of a month, in units; None where it is not told.

        Args:
            account: A public account.
            month: The month, by default the last one that is told.
        """
        at = self.history.through if month is None else month
        if at is None or self.history.through is None or at > self.history.through:
            return None
        moved = account in self.holdings.economies and self.holdings.first(account) <= at
        return self._told.get((account, at)) if moved else 0

    def cost(self, company: str, month: int, part: str) -> int | None:
        """A part of what a month of a company cost, in units; None where it is not told."""
        return self._costs.get((company, month, part))

    def is_on(self, economy: str) -> bool:
        """Whether the region has an economy, by the table's name of its commodity."""
        region = self.books.region
        return (region.labour_time if economy == "HOUR" else region.credits) is not None

    def commodity(self, economy: str) -> Commodity:
        """The commodity of an economy, by the table's name of it."""
        region = self.books.region
        found = region.labour_time if economy == "HOUR" else region.credits
        assert found is not None
        return found

    def text(self, units: int, economy: str) -> str:
        """Units as a decimal string."""
        return decimal_text(self.commodity(economy).number(units))
