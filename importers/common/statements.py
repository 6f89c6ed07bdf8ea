"""Statements of a bank outside the region, whatever the format that they came in."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from conductor_bean.domain.amounts import within_bounds
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import Fault, ImportRefusedError
from conductor_bean.importers.common.tables import Row

_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class BankLine:
    """A movement on an account outside the region.

    Attributes:
        place: Where it stands.
        account: The account of the statement, as the bank writes it.
        date: When the bank booked it.
        time: At what time (UTC), where the bank says more than the date.
        amount: In the statement's currency, exact: positive came in, negative went out.
        currency: The currency, `EUR`.
        counterparty: Who paid, or was paid.
        iban: Their account.
        reference: The reference that both sides know.
        text: What the payment is for, as the payer wrote it.
        own: The bank's own id of it, where it has a lasting one.
        identity: Else what tells it from others of that account and date, the same in every export.
        reversal: Whether it takes an earlier movement back.
    """

    place: Row
    account: str
    date: datetime.date
    time: datetime.time | None
    amount: Decimal
    currency: str
    counterparty: str = ""
    iban: str = ""
    reference: str = ""
    text: str = ""
    own: str = ""
    identity: tuple[str, ...] = ()
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of a statement that moved no money yet, and why it is left out."""

    place: Row
    why: str


@dataclass(slots=True)
class BankStatement:
    """A statement of one account.

    Attributes:
        place: Where it stands.
        account: The account, an IBAN where the bank gives one.
        currency: Its currency.
        opening: Its balance before, where the statement says so.
        closing: Its balance after.
        booked: The sum of all that was booked.
        lines: What was booked.
        skipped: What was not.
        doubts: Why its balances cannot be relied on, such as "its opening balance is missing".
    """

    place: Row
    account: str
    currency: str
    opening: Decimal | None = None
    closing: Decimal | None = None
    booked: Decimal = Decimal(0)
    lines: list[BankLine] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Hold that nothing is missing between the balances.

        Raises:
            ImportRefusedError: The entries do not lead from the opening to the closing balance.
        """
        if self.opening is None or self.closing is None or self.opening + self.booked == self.closing:
            return
        raise refused(
            self.place,
            f"the statement of {self.account or 'this account'} opens with {self.opening} {self.currency} and closes "
            f"with {self.closing}, but its booked entries sum to {self.booked}, which leads to "
            f"{self.opening + self.booked}: entries are missing or stand twice; export the statement again",
        )


def refused(place: Row, message: str) -> ImportRefusedError:
    """A statement that does not hold."""
    return ImportRefusedError([Fault(place.file, place.number, message)])


def plain_amount(text: str, place: Row, what: str) -> Decimal:
    """An amount as banks write it: digits and a point, no sign.

    Raises:
        ImportRefusedError: It is none.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or not within_bounds(amount) or len(text) > _MOST_DIGITS:
        raise refused(place, f"{what} is {quoted(text)}, which is no amount; banks write it as 12.50")
    return amount
