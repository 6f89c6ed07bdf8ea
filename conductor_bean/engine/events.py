"""Events that the engine applies and the transfers that they move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.facts import FactType
    from conductor_bean.domain.plans import Plan
    from conductor_bean.domain.problems import Rejection

Groups = dict[str, dict[str, int]]
"""Legs written down for derived transfers: transfer type -> account name -> signed units."""


@dataclass(slots=True, eq=False)
class Transfer:
    """Units of a commodity charged to one account and credited to another.

    Attributes:
        type: Name of the row of the table.
        debit: The account that is charged.
        credit: The account that is credited.
        units: The amount in units of the accounts' commodity, not negative.
        derived: Whether it follows from another event, instead of being recorded as one.
    """

    type: str
    debit: Account
    credit: Account
    units: int
    derived: bool


@dataclass(slots=True, eq=False)
class Fact:
    """A fact of the region: one custom directive.

    Attributes:
        instant: When it applies.
        type: Its row in the table of facts.
        ids: Its positional values.
        data: Its metadata by key, with defaults filled in.
        by: Who acted, where it says so.
        source: Handle by which the ledger layer finds the directive again.
    """

    instant: int
    type: FactType
    ids: tuple[str, ...]
    data: dict[str, Any]
    by: tuple[str, ...]
    source: int

    @property
    def name(self) -> str:
        """What a derived transaction says in `derived-from:`."""
        return " ".join((self.type.name, *self.ids))

    @property
    def order(self) -> tuple[Any, ...]:
        """Place among the facts of one instant: by type and ids, never by line or file."""
        return (self.type.number, self.ids, self.by, sorted((key, repr(value)) for key, value in self.data.items()))


@dataclass(slots=True, eq=False)
class Particulars:
    """What a transaction on credits says besides its legs.

    Attributes:
        by: Who approved it.
        input: What a company bought outside.
        hours: Hours of each recorded wage, in units of labour time; None where a wage has none.
    """

    by: tuple[str, ...] = ()
    input: str = ""
    hours: tuple[int | Decimal | None, ...] = ()


@dataclass(slots=True, eq=False)
class Movement:
    """A transaction on governed accounts: recorded transfers of one type.

    Attributes:
        instant: When it applies.
        transfers: Its recorded transfers.
        links: What it links.
        quantity: Units of product consumed or bought; a number that is no positive integer stays a decimal, which
            only offers allow.
        id: The name by which a reversal finds it, or "".
        payee: The transaction's payee.
        narration: The transaction's narration.
        evidence: Derived legs that the text already holds, or None.
        source: Handle by which the ledger layer finds the transaction again.
        shown: What the text already shows of `fic:` and `price:`, None where nothing.
        particulars: What else it says, of transactions on credits only.
    """

    instant: int
    transfers: list[Transfer]
    links: frozenset[str]
    quantity: int | Decimal | None
    id: str
    payee: str
    narration: str
    evidence: Groups | None
    source: int
    shown: dict[str, Decimal] | None = None
    particulars: Particulars | None = None

    @property
    def order(self) -> tuple[Any, ...]:
        """The canonical key of transactions at one instant (LANGUAGE.md, "Time")."""
        legs = sorted((t.debit.name, t.credit.name, t.units) for t in self.transfers)
        return (
            self.transfers[0].type,
            [leg[0] for leg in legs],
            [leg[1] for leg in legs],
            [leg[2] for leg in legs],
            sorted(self.links),
            -1 if self.quantity is None else self.quantity,
            self.payee,
            self.narration,
            self.id,
        )

    @property
    def said(self) -> tuple[object, ...]:
        """All that it says but its id: what two entries of one thing would have in common."""
        legs = sorted((t.debit.name, t.credit.name, t.units) for t in self.transfers)
        more = self.particulars
        words = (self.payee, self.narration) if more is None else (self.payee, self.narration, more.by, more.input)
        hours = () if more is None else more.hours
        return (self.transfers[0].type, tuple(legs), self.links, self.quantity, words, hours)


@dataclass(slots=True, eq=False)
class Evidence:
    """A transaction that writes down what a directive entails (`derived-from:`).

    Attributes:
        instant: The instant of the directive.
        derived_from: Type and ids of the directive.
        groups: Its legs by transfer type and account.
        source: Handle by which the ledger layer finds the transaction again.
    """

    instant: int
    derived_from: str
    groups: Groups
    source: int


@dataclass(slots=True, eq=False)
class Outcome:
    """What became of an event.

    Attributes:
        event: The event.
        transfers: All transfers, recorded ones first; empty for a rejected event.
        rejection: Why it was rejected, or None.
        depends: Whether it was set aside because an event that it depends on was rejected.
        fic: The factor in force, numerator and denominator, where taxes follow.
        price: Price of a unit of the plan that was consumed, as the books show it.
        plan: The plan that was consumed.
        evidence: The transaction that already writes down what a fact entails, if any.
        links: Links of the derived transaction of a fact.
        opened: Accounts that the fact opened.
        thing: The offer, property or loan that a movement of credits is about, or "".
        sold: Quantity of an offer, in 10^-12 of a unit.
        offer: That offer, where the movement is about something else: the property whose upkeep it is.
        notes: Advice on a movement, code and message, given if it stands.
        undo: Takes a fact back whose transfers an account could not bear.
        unpaid: What a pool did not reach for of each wage of registered hours, in units; nothing where all is paid.
    """

    event: Fact | Movement | Evidence
    transfers: list[Transfer] = field(default_factory=list)
    rejection: Rejection | None = None
    depends: bool = False
    fic: tuple[int, int] | None = None
    price: Decimal | None = None
    plan: Plan | None = None
    evidence: Evidence | None = None
    links: frozenset[str] = frozenset()
    opened: tuple[str, ...] = ()
    thing: str = ""
    sold: int = 0
    offer: str = ""
    undo: Callable[[], None] | None = None
    notes: tuple[tuple[str, str], ...] = ()
    unpaid: list[int] = field(default_factory=list)
