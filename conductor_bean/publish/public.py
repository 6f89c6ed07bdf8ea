"""What the documents of an edition are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text

if TYPE_CHECKING:
    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.entries import Entry
    from conductor_bean.publish.history import History
    from conductor_bean.publish.public_course import PublicCourse


@dataclass(frozen=True, slots=True)
class Public:
    """What an edition's documents are made of.

    Attributes:
        books: The ledger, of which only public facts are read.
        history: What was told.
        entries: The entries of the edition.
        course: The dates, FIC of the plans, and cooperative prices.
        waiting: Month and transfer of each cell that was not told yet.
        partly: Accounts of which some of what moved them waits, or is told together with other accounts.
    """

    books: Books
    history: History
    entries: list[Entry]
    course: PublicCourse
    waiting: frozenset[tuple[int, str]]
    partly: frozenset[str]

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
