"""Somebody who reads an edition and wants to know what one person did.

Nothing here comes from the publisher: the edition is read from its files, what really happened from the private books,
and the linear programme is made anew. The attacker is as strong as one can be: she guesses of each total what it holds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from conductor_bean.domain.instants import month_of
from conductor_bean.engine.events import Fact, Movement

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.events import Outcome, Transfer
    from conductor_bean.ledger.books import Books

MARGIN = Fraction(15, 100)
_PUBLIC_KINDS = {"psf", "cooperation", "treasury", "pool", "bank", "claim", "issuance", "outside", "clearing"}
_OF_THE_REGION = {"psf", "treasury", "issuance", "outside"}
_SHOWN = {
    "member": "Assets:Private:Members:Hours",
    "member_wallet": "Assets:Private:Members:Wallet",
    "p": "Assets:Private:Companies:P",
    "r": "Assets:Private:Companies:R",
    "a": "Assets:Private:Companies:A",
    "prd": "Liabilities:Private:Companies:PRD",
    "company_wallet": "Assets:Private:Companies:Wallet",
}
_SOLD = {
    "purchase": "sales_tax_internal",
    "external_sale": "sales_tax_external",
    "interregional_sale": "sales_tax_external",
}
_BETWEEN_REGIONS = ("pooling", "settlement")


class Cell(NamedTuple):
    """What private parties did, as finely as anybody outside could ask for it."""

    month: str
    broad: str
    branch: str
    type: str
    debit: str
    credit: str


Parties = tuple[str, str]
"""Who was charged and who was credited; "" where that is public."""


@dataclass
class Truth:
    """What really happened: the private books, for no other eyes.

    Attributes:
        cells: Units by cell and parties.
        transfers: How many transfers a cell has.
        hours: Hours by month, branch and occupation, then by worker, in units.
        wages: The same of wages.
        sold: Pieces by month, cooperation and plan.
        prices: What a piece cost, by month and plan, in hours.
        factors: FIC at the events of a month.
    """

    cells: dict[Cell, dict[Parties, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    transfers: dict[Cell, int] = field(default_factory=lambda: defaultdict(int))
    hours: dict[tuple[str, str, str], dict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    wages: dict[tuple[str, str, str], int] = field(default_factory=lambda: defaultdict(int))
    sold: dict[tuple[str, str, str], dict[Parties, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    prices: dict[tuple[str, str], set[Fraction]] = field(default_factory=lambda: defaultdict(set))
    factors: dict[str, set[Fraction]] = field(default_factory=lambda: defaultdict(set))

    def units(self, cell: Cell) -> int:
        """The total of a cell."""
        return sum(self.cells[cell].values())

    def side(self, cells: list[Cell], number: int, without: frozenset[str] = frozenset()) -> dict[str, int]:
        """Units by party of some cells on one side (0: charged, 1: credited), as far as nobody of these took part."""
        found: dict[str, int] = defaultdict(int)
        for cell in cells:
            for parties, units in self.cells[cell].items():
                if parties[number] and not without.intersection(parties):
                    found[parties[number]] += units
        return {party: units for party, units in found.items() if units}


class Witness:
    """Looks at private books, transfer by transfer.

    Args:
        books: The private books.
        broad_types: The broad type of each transfer, as the edition declares it.
    """

    def __init__(self, books: Books, broad_types: dict[str, str]) -> None:
        self._books = books
        self._broad = broad_types
        self._truth = Truth()
        self._jobs: dict[Parties, str] = {}
        self._paid: dict[tuple[str, str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        self._returned: dict[str, tuple[dict[str, Fraction], bool]] = defaultdict(
            lambda: (defaultdict(Fraction), False)
        )
        self._later: list[tuple[str, Transfer]] = []

    def testify(self) -> Truth:
        for outcome in self._books.outcomes:
            event = outcome.event
            if outcome.rejection is not None:
                continue
            if isinstance(event, Fact) and event.type.name == "employment":
                self._jobs[event.ids[0], event.ids[1]] = event.data.get("occupation") or ""
            if outcome.transfers:
                self._look(outcome, month_of(event.instant))
        for month, transfer in self._later:
            refund = transfer.type == "sales_tax_refund"
            payers = self._paid[month, transfer.type, (transfer.credit if refund else transfer.debit).name]
            total = sum(payers.values())
            if set(payers) - {""}:
                owner = (transfer.credit if refund else transfer.debit).owner
                cell = self._cell(month, self._broad[transfer.type], owner, transfer)
                shares = {payer: round(transfer.units * share / total) for payer, share in payers.items()}
                for payer, units in (*shares.items(), ("", transfer.units - sum(shares.values()))):
                    self._truth.cells[cell][("", payer) if refund else (payer, "")] += units
                self._truth.transfers[cell] += 1
        return self._truth

    def _look(self, outcome: Outcome, month: str) -> None:
        event, truth = outcome.event, self._truth
        undone = isinstance(event, Fact) and event.type.name == "reversal"
        whole = isinstance(event, Movement) or undone
        broad = self._broad[outcome.transfers[0].type]
        branch = self._branch(outcome.transfers)
        if outcome.fic is not None:
            truth.factors[month].add(Fraction(*outcome.fic))
        for transfer in outcome.transfers:
            parties = self._parties(transfer)
            if undone:
                self._note_return(event, transfer, parties)
            else:
                self._note_payment(month, event.instant, transfer, parties)
            if not any(parties) and transfer.type != "settlement":
                if transfer.type in ("sales_tax", "sales_tax_refund", "bank_surplus"):
                    self._later.append((month, transfer))
                if transfer.type == "sales_tax_refund":
                    behind, _ = self._returned[transfer.credit.name]
                    self._paid[month, transfer.type, transfer.credit.name] = behind
                    self._returned[transfer.credit.name] = behind, True
                continue
            mine = broad if whole else self._broad[transfer.type]
            if mine != "in_full" and transfer.units:
                where = branch if whole else self._branch([transfer])
                cell = self._cell(month, mine, where, transfer, undone=undone)
                truth.cells[cell][parties[::-1] if undone else parties] += -transfer.units if undone else transfer.units
                truth.transfers[cell] += 1
                if mine == "work" and not undone:
                    self._work(month, where, transfer)
        if isinstance(event, Movement) and outcome.plan is not None and outcome.plan.cooperation is not None:
            self._sale(outcome, event, outcome.plan, month)

    def _note_payment(self, month: str, instant: int, transfer: Transfer, parties: Parties) -> None:
        """Note what a public account will hand on of what private parties pay."""
        if transfer.type in _SOLD and not self._party(transfer.credit):
            rate = getattr(self._books.region.decisions.at(instant), _SOLD[transfer.type])
            if rate:
                self._paid[month, "sales_tax", transfer.credit.name][parties[0] or parties[1]] += rate * transfer.units
        if transfer.type == "loan_interest":
            self._paid[month, "bank_surplus", transfer.credit.name][parties[0]] += transfer.units

    def _note_return(self, event: object, transfer: Transfer, parties: Parties) -> None:
        """Note whom a regional company gave their money back, since its last refund of tax."""
        if transfer.type not in _SOLD or self._party(transfer.debit):
            return
        assert isinstance(event, Fact)
        sold = self._books.machine.state.posted[event.ids[0]].instant
        rate = getattr(self._books.region.decisions.at(sold), _SOLD[transfer.type])
        if rate:
            behind, given_back = self._returned[transfer.debit.name]
            if given_back:
                behind = defaultdict(Fraction)
            behind[parties[1] or parties[0]] += rate * transfer.units
            self._returned[transfer.debit.name] = behind, False

    def _sale(self, outcome: Outcome, event: Movement, plan: Plan, month: str) -> None:
        first = outcome.transfers[0]
        if outcome.price is not None:
            self._truth.prices[month, plan.id].add(Fraction(outcome.price))
        parties = self._party(first.debit), self._party(first.credit)
        self._truth.sold[month, str(plan.cooperation), plan.id][parties] += int(event.quantity or 0)

    def _work(self, month: str, branch: str, transfer: Transfer) -> None:
        if transfer.type not in ("work_certificates", "wage"):
            return
        company, worker = transfer.debit.owner, transfer.credit.owner
        key = month, branch, self._jobs.get((company, worker), "")
        if transfer.type == "wage":
            self._truth.wages[key] += transfer.units
        else:
            self._truth.hours[key][worker] += transfer.units

    def _parties(self, transfer: Transfer) -> Parties:
        """Who was charged and who was credited; the other side of a border, and of a regional company, is somebody."""
        debit, credit = self._party(transfer.debit), self._party(transfer.credit)
        if transfer.type in _BETWEEN_REGIONS or self._broad[transfer.type] == "in_full":
            return debit, credit
        if not debit and not credit:
            if transfer.debit.kind == "outside":
                return "", "a stranger"
            if transfer.credit.kind == "outside":
                return "a stranger", ""
        far = [f"~{a.owner}" if a.kind == "clearing" else "" for a in (transfer.debit, transfer.credit)]
        return debit or far[0], credit or far[1]

    def _party(self, account: Account) -> str:
        if account.kind in _PUBLIC_KINDS:
            return ""
        company = self._books.machine.state.companies.get(account.owner)
        return "" if company is not None and company.ownership == "regional" else account.owner

    def _branch(self, transfers: list[Transfer]) -> str:
        accounts = [account for t in transfers for account in (t.debit, t.credit)]
        mine = {a.owner for a in accounts if not self._party(a) and a.kind not in _OF_THE_REGION}
        return " ".join(sorted(mine - {""}))

    def _cell(self, month: str, broad: str, branch: str, transfer: Transfer, *, undone: bool = False) -> Cell:
        debit, credit = self._shown(transfer.debit), self._shown(transfer.credit)
        return Cell(month, broad, branch, transfer.type, *((credit, debit) if undone else (debit, credit)))

    def _shown(self, account: Account) -> str:
        if not self._party(account):
            return account.name
        if account.kind in _SHOWN:
            return _SHOWN[account.kind]
        return (
            "Liabilities:Private:Members:Loans"
            if ":Members:" in account.name
            else "Liabilities:Private:Companies:Loans"
        )
