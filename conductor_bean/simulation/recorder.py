"""Proposes events to the engine and writes down those that it accepted.

The day's facts are applied together, then its transactions one after the other. That is how a ledger without times is
read: facts first, and no transaction needs what comes after it, so whatever holds one by one holds together too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conductor_bean.domain.columns import aligned
from conductor_bean.domain.facts import FACT_TYPES, REQUIRED
from conductor_bean.domain.instants import DAY, date_of, start_of
from conductor_bean.domain.transfers import recorded_between
from conductor_bean.engine.events import Fact, Movement, Outcome, Particulars, Transfer
from conductor_bean.engine.machine import Machine
from conductor_bean.simulation.text import fact_text, number, quoted, transaction_text

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal

    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.region import Region

Leg = tuple["Account", "Account", int]
"""Who pays whom how many units."""

PARTIES, PLANS, OFFERS, FINANCE, ESTATE, SCHOOLS, BALANCES, JOURNAL = (
    "parties",
    "plans",
    "offers",
    "finance",
    "estate",
    "schools",
    "balances",
    "journal",
)
_FILES = {
    PARTIES: ("accountant", "member", "company", "employment", "employment-end", "member-end", "bankruptcy"),
    OFFERS: ("offer", "offer-end"),
    FINANCE: ("region", "bank", "pool", "loan", "outside-loan"),
    ESTATE: ("property", "wait-list", "lease", "lease-end", "wait-list-end"),
    SCHOOLS: ("enrolment-request", "enrolment", "enrolment-end"),
    JOURNAL: ("reversal", "month-close"),
}
_FILE_OF = {kind: file for file, kinds in _FILES.items() for kind in kinds}


class Recorder:
    """The ledger that grows, and the engine beside it.

    Args:
        region: The region, as its region.yaml says.

    Attributes:
        machine: The engine after what was accepted so far.
        texts: Texts by file, in order; those of the journal by month.
        transactions: How many transactions were written.
        refused: How often the engine refused what was proposed, by code.
    """

    def __init__(self, region: Region) -> None:
        self.machine = Machine(region)
        self.texts: dict[str, list[str]] = {}
        self.transactions = 0
        self.refused: dict[str, int] = {}
        self.day: datetime.date = date_of(DAY)
        self._shown: list[tuple[Fact, dict[str, Any]]] = []

    @property
    def month(self) -> str:
        """The present month."""
        return self.day.isoformat()[:7]

    @property
    def instant(self) -> int:
        """The present instant: the start of the day."""
        return start_of(self.day)

    def begin(self, day: datetime.date) -> None:
        """Let a day begin."""
        self.day = day

    def declare(self, kind: str, /, *ids: str, by: str | tuple[str, ...] = (), **data: object) -> None:
        """Propose a fact of this day; dashes in keys are underscores here, amounts are units."""
        given = {key.rstrip("_").replace("_", "-"): value for key, value in data.items()}
        fact_type = FACT_TYPES[kind]
        usual = {name: key.default for name, key in fact_type.keys.items() if key.default is not REQUIRED}
        filled = usual | given
        acted = (by,) if isinstance(by, str) else by
        fact = Fact(self.instant, fact_type, ids, filled, acted, 0)
        if fact_type.timeless:
            fact.instant += DAY - 1
        # An accountant writes down what is not usual.
        self._shown.append(
            (fact, {key: value for key, value in given.items() if key not in usual or value != usual[key]})
        )

    def settle(self) -> None:
        """Apply the facts that were proposed, and write those that hold."""
        shown, self._shown = self._shown, []
        if not shown:
            return
        accepted = {
            id(o.event): o for o in self.machine.apply_instant(shown[0][0].instant, [fact for fact, _ in shown])
        }
        for fact, given in shown:
            if self._holds(accepted[id(fact)]):
                self._write(
                    _FILE_OF.get(fact.type.name, PLANS), fact_text(self.day, fact.type, fact.ids, given, fact.by)
                )

    def close(self) -> None:
        """Close the month on its last day."""
        self.declare("month-close", self.month)
        self.settle()

    def move(
        self,
        kind: str,
        legs: list[Leg],
        words: tuple[str, str],
        *,
        link: str = "",
        offer: str = "",
        quantity: int | Decimal | None = None,
        by: tuple[str, ...] = (),
        bought: str = "",
        name: str = "",
    ) -> bool:
        """Record a transaction of this day, if the engine accepts it.

        Args:
            kind: The transfer.
            legs: One debit and one or more credits.
            words: Payee and narration.
            link: What it is about, or nothing.
            offer: What a company does for it at its price, or nothing.
            quantity: How much of it, or None.
            by: Who approved it.
            bought: What was bought (`input:`).
            name: Its `id:`, or nothing.
        """
        transfers = [Transfer(kind, debit, credit, units, derived=False) for debit, credit, units in legs]
        particulars = Particulars(by, bought) if by or bought else None
        links = [name for name in (link, offer) if name]
        movement = Movement(
            self.instant, transfers, frozenset(links), quantity, name, *words, None, 0, particulars=particulars
        )
        (outcome,) = self.machine.apply_instant(self.instant, [movement])
        if not self._holds(outcome):
            return False
        data = {}
        debit, credit, _ = legs[0]
        if kind != "purchase" and len(recorded_between()[debit.kind, credit.kind]) > 1:
            data["transfer"] = quoted(kind)
        if quantity is not None:
            data["quantity"] = str(quantity)
        if by:
            data["by"] = quoted(", ".join(by))
        if bought:
            data["input"] = quoted(bought)
        if name:
            data["id"] = quoted(name)
        total = sum(units for _, _, units in legs)
        written = [(debit.name, -total, debit.economy), *((leg[1].name, leg[2], debit.economy) for leg in legs)]
        self._write(JOURNAL, transaction_text(self.day, (*words, links), data, written))
        self.transactions += 1
        return True

    def balance(self, *accounts: Account) -> None:
        """Write down what accounts hold at the start of this day; Beancount compares."""
        for account in accounts:
            units = self.machine.state.balances[account.name]
            commodity = "RSC" if account.economy == "credits" else "HOUR"
            line = aligned(f"{self.day} balance {account.name}", number(units, account.economy), commodity)
            self._write(BALANCES, f"{line}\n")

    def _holds(self, outcome: Outcome) -> bool:
        if outcome.rejection is None:
            return True
        code = outcome.rejection.code
        self.refused[code] = self.refused.get(code, 0) + 1
        return False

    def _write(self, file: str, text: str) -> None:
        name = f"journal/{self.month}" if file == JOURNAL else file
        self.texts.setdefault(name, []).append(text)
