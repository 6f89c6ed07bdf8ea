"""What a kind of entry is: its name, what it asks for, where it lives."""

from __future__ import annotations

from dataclasses import dataclass

from conductor_bean.domain.facts import FactType
from conductor_bean.domain.transfers import table

PARTIES, PLANS, MARKET, JOURNAL = "parties", "plans", "market", "journal"

SIDE = "side"
"""Shape of a value that names whose account is charged or credited."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a kind of entry asks for.

    Attributes:
        name: Its name on the command line.
        shape: What it must be: the kind of thing whose id it is (`member`, `plan` ...), `new` for an id that becomes
            one, or the type of a metadata key (`text`, `count`, `amount` ...).
        help: What it says.
        required: Whether nothing can be written without it.
        positional: Whether it stands by its place and not by its name.
        many: Whether several may stand there.
        choices: What it may be, where that is fixed; of a side, kinds of accounts.
        asked: Whether a person is asked for it though it may be left out.
    """

    name: str
    shape: str
    help: str = ""
    required: bool = True
    positional: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry.

    Attributes:
        name: The word that adds it.
        help: What it records.
        group: Which files hold such entries: parties, plans, market, journal.
        fields: What it asks for, in order.
        aliases: Other names of it, the language's own among them.
        fact: Its type of fact, None for transactions.
        transfer: Its row of the table of transfers, "" for facts and for what the accounts decide.
        economy: The economy to which it is confined, if any.
    """

    name: str
    help: str
    group: str
    fields: tuple[Field, ...]
    aliases: tuple[str, ...] = ()
    fact: FactType | None = None
    transfer: str = ""
    economy: str = ""

    @property
    def approved(self) -> bool:
        """Whether accountants must stand in `by:`."""
        return bool(self.transfer) and table()[self.transfer].approved

    @property
    def by_required(self) -> bool:
        """Whether nothing can be written without saying who acted."""
        return self.approved or (self.fact is not None and self.fact.by_required)
