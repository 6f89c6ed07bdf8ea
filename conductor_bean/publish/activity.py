"""One look at every transfer of a ledger: what is told in full, and what private parties did, as cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.instants import DAY, month_number, month_of
from conductor_bean.engine.events import Evidence, Fact, Movement
from conductor_bean.engine.tracking import SALES
from conductor_bean.publish.cells import COMPENSATIONS, CONSUMPTION, Cell, Content, PublicTransfer
from conductor_bean.publish.clearing import SETTLEMENT, ClearingAccounts, Settled
from conductor_bean.publish.hierarchy import IN_FULL, broad_type_of
from conductor_bean.publish.sides import Side, Sides, facing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Outcome, Transfer
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.history import ToldInFull

_IN_PARTS = frozenset(("work_certificates", "wage", *CONSUMPTION, *COMPENSATIONS))
ECONOMIES = {LABOUR_TIME: "HOUR", CREDITS: "RSC"}
"""The table's names of the commodities of both economies."""
_FOLLOWING = ("sales_tax", "sales_tax_refund", "bank_surplus")
"""Transfers between public accounts that tell how much private parties paid: they are a share of it."""


@dataclass(slots=True)
class Activity:
    """All that happened, split into what is told in full and what is told as totals.

    Attributes:
        cells: The private part.
        public: The public part, in order of instant, then canonically.
        factors: FIC at the events of a month.
        parts: Work told apart by occupation, and what cooperations sold by the own cost of the plan: what nobody
            publishes, but whoever knows ranges of wages and prices may compute. Their types are `wage of OCCUPATION`.
        public_tax: Units of sales tax on what strangers paid to regional companies, by month and pool.
        moved: What each public account gained in a month, in units, by account and economy.
        made: How many transfers were made in a month, and their units, by month and transfer; what is taken back is not
            counted.
        prices: Prices of a unit of what was consumed of plans, in units, by month.
        ratios: The least and the greatest compensation of an hour consumed, by month and part.
        settled: What settlements with neighbours tell of what they settle.
        settlements: The settlements of a cell, as they are told where they expose nobody.
    """

    cells: dict[Cell, Content] = field(default_factory=dict)
    public: list[PublicTransfer] = field(default_factory=list)
    factors: dict[int, set[tuple[int, int]]] = field(default_factory=dict)
    parts: dict[Cell, Content] = field(default_factory=dict)
    prices: dict[int, set[Fraction]] = field(default_factory=dict)
    ratios: dict[tuple[int, str], tuple[Fraction, Fraction]] = field(default_factory=dict)
    public_tax: dict[tuple[int, str], Fraction] = field(default_factory=dict)
    settled: list[Settled] = field(default_factory=list)
    settlements: dict[Cell, list[PublicTransfer]] = field(default_factory=dict)
    moved: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    made: dict[tuple[int, str], list[int]] = field(default_factory=dict)


def activity(books: Books, told: Iterable[ToldInFull] = ()) -> Activity:
    """Look once at every transfer of a ledger.

    Args:
        books: The ledger.
        told: What earlier editions told in full, and goes on being told so, whatever is a total by now.
    """
    return _Collector(books, told).collect(books.outcomes)


class _Collector:
    def __init__(self, books: Books, told: Iterable[ToldInFull]) -> None:
        self._sides = Sides(books)
        self._told: Counter[PublicTransfer] = Counter()
        for one in told:
            self._told[one.transfer] += one.times
        self._clearing = ClearingAccounts()
        self._decisions = books.region.decisions
        self._found = Activity()
        self._in_full: dict[PublicTransfer, int] = {}
        self._following: list[tuple[int, Transfer]] = []
        self._paid: dict[tuple[int, str, str], dict[str, Fraction]] = {}
        self._months: dict[int, int] = {}
        self._employed: dict[tuple[str, str], str] = {}
        self._sold: dict[str, int] = {}
        self._returned: dict[str, dict[str, Fraction]] = {}
        self._given_back: set[str] = set()

    def collect(self, outcomes: Iterable[Outcome]) -> Activity:
        for outcome in outcomes:
            if outcome.rejection is None and not isinstance(outcome.event, Evidence):
                self._look_at(outcome)
        self._follow()
        found = self._found
        found.settled = self._clearing.settled
        for transfer, units in self._in_full.items():
            found.public.append(
                PublicTransfer(transfer.instant, transfer.type, transfer.debit, transfer.credit, units, transfer.link)
            )
        found.public.sort(key=lambda t: (t.instant, t.type, t.debit, t.credit, t.link, t.units))
        return found

    def _month(self, instant: int) -> int:
        day = instant // DAY
        try:
            return self._months[day]
        except KeyError:
            month = self._months[day] = month_number(month_of(instant))
            return month

    def _look_at(self, outcome: Outcome) -> None:
        event = outcome.event
        assert not isinstance(event, Evidence)
        month = self._month(event.instant)
        taken_back = isinstance(event, Fact) and event.type.name == "reversal"
        for transfer in outcome.transfers:
            self._move(transfer, month)
            if not taken_back:
                made = self._found.made.setdefault((month, transfer.type), [0, 0])
                made[0] += 1
                made[1] += transfer.units
        if outcome.fic is not None:
            self._found.factors.setdefault(month, set()).add(outcome.fic)
        if isinstance(event, Movement):
            if event.id:
                self._sold[event.id] = event.instant
            self._event(outcome, month, mirrored=False)
        elif event.type.name == "reversal" and outcome.transfers:
            self._event(outcome, month, mirrored=True)
        else:
            self._fact(event, outcome.transfers, month)

    def _move(self, transfer: Transfer, month: int) -> None:
        """Count what public accounts gain."""
        for account, units in ((transfer.debit, -transfer.units), (transfer.credit, transfer.units)):
            side = self._sides.of(account)
            if not side.party:
                moved = self._found.moved.setdefault((side.account, ECONOMIES[account.economy]), {})
                moved[month] = moved.get(month, 0) + units

    def _event(self, outcome: Outcome, month: int, *, mirrored: bool) -> None:
        """All that one event moved stays together: one broad type, one branch."""
        first = outcome.transfers[0]
        broad = broad_type_of()[first.type]
        branch = self._branch(outcome.transfers)
        of_cooperation = self._part_of_cooperation(outcome, month)
        if first.type in CONSUMPTION and isinstance(outcome.event, Movement) and outcome.event.quantity and first.units:
            price = Fraction(first.units) / Fraction(outcome.event.quantity)
            self._found.prices.setdefault(month, set()).add(price)
        for transfer in outcome.transfers:
            debit, credit = self._sides.of(transfer.debit), self._sides.of(transfer.credit)
            if not debit.party and not credit.party:
                self._of_public_accounts(outcome, transfer, (debit, credit), branch, mirrored=mirrored)
                continue
            if transfer.type in SALES:
                self._pays(outcome, transfer, (debit, credit), mirrored=mirrored)
            if broad == IN_FULL:
                self._tell(outcome.event.instant, transfer.type, debit, credit, transfer.units)
                continue
            cell = self._in_cell(month, transfer, (debit, credit), (broad, branch), mirrored=mirrored)
            part = self._occupation(transfer, -1 if mirrored else 1) if broad == "work" else of_cooperation
            if part is not None and transfer.type in _IN_PARTS:
                self._in_part(
                    cell._replace(type=f"{transfer.type} of {part}"), transfer, (debit, credit), mirrored=mirrored
                )

    def _of_public_accounts(
        self, outcome: Outcome, transfer: Transfer, sides: tuple[Side, Side], branch: str, *, mirrored: bool
    ) -> None:
        """What moved between public accounts is told in full, unless it tells of whoever stands behind one of them."""
        instant = outcome.event.instant
        kind, month, broad = transfer.type, self._month(instant), broad_type_of()[transfer.type]
        told = self._told_before(instant, transfer, sides)
        debit, credit = sides if told or broad == IN_FULL else facing(kind, *sides)
        if kind in SALES:
            self._pays(outcome, transfer, sides, debit.party or credit.party, mirrored=mirrored)
        if kind in _FOLLOWING and not told:  # a regional company's, taken back
            self._following.append((instant, transfer))
        elif kind == SETTLEMENT and not told:
            self._settles(instant, transfer, branch, mirrored=mirrored)
        elif debit.party or credit.party:
            self._in_cell(month, transfer, (debit, credit), (broad, branch), mirrored=mirrored)
        else:
            self._tell(instant, kind, debit, credit, transfer.units, whole=True)
            if "clearing" in (debit.kind, credit.kind):
                self._clearing.move(transfer, (), None)

    def _told_before(self, instant: int, transfer: Transfer, sides: tuple[Side, Side], link: str = "") -> bool:
        """Whether an edition told a transfer between public accounts in full."""
        key = PublicTransfer(instant, transfer.type, sides[0].account, sides[1].account, transfer.units, link)
        if self._told[key] < 1:
            return False
        self._told[key] -= 1
        return True

    def _settles(self, instant: int, transfer: Transfer, branch: str, *, mirrored: bool) -> None:
        """A settlement is a total of those whose trade it settles; where there are none it is told in full."""
        month, sides = self._month(instant), (self._sides.of(transfer.debit), self._sides.of(transfer.credit))
        contributors = self._clearing.contributors(transfer, mirrored=mirrored)
        if not contributors:
            self._tell(instant, SETTLEMENT, *sides, transfer.units, whole=True)
            self._clearing.move(transfer, (), None)
            return
        sign, (debit, credit) = (-1, sides[::-1]) if mirrored else (1, sides)
        cell = Cell(month, broad_type_of()[SETTLEMENT], branch, SETTLEMENT, debit.account, credit.account)
        part = self._clearing.part(transfer, cell)
        whole = PublicTransfer(instant, SETTLEMENT, sides[0].account, sides[1].account, transfer.units)
        self._found.settlements.setdefault(cell, []).append(whole)
        for cells, key in ((self._found.cells, cell), (self._found.parts, part)):
            content = cells.setdefault(key, Content(known=True))
            content.add(Content(sign * transfer.units, 1, debits=contributors))
        self._clearing.move(transfer, (), part)

    def _in_cell(
        self, month: int, transfer: Transfer, sides: tuple[Side, Side], where: tuple[str, str], *, mirrored: bool
    ) -> Cell:
        """Count a transfer of private parties in its cell, and, on a clearing account, in what is settled next."""
        debit, credit = facing(transfer.type, *sides)
        sign, (first, second) = (-1, (credit, debit)) if mirrored else (1, (debit, credit))
        cell = Cell(month, *where, transfer.type, first.account, second.account)
        self._count(self._found.cells, cell, first, second, sign * transfer.units)
        if "clearing" in (debit.kind, credit.kind) and transfer.units:
            part = self._clearing.part(transfer, cell)
            self._count(self._found.parts, part, first, second, sign * transfer.units)
            mine = debit.party if credit.kind == "clearing" else credit.party
            self._clearing.move(transfer, (mine or debit.party or credit.party,), part)
        return cell

    def _in_part(self, part: Cell, transfer: Transfer, sides: tuple[Side, Side], *, mirrored: bool) -> None:
        sign, (debit, credit) = (-1, sides[::-1]) if mirrored else (1, sides)
        self._count(self._found.parts, part, debit, credit, sign * transfer.units)

    def _occupation(self, transfer: Transfer, sign: int) -> str:
        company, member = (transfer.debit.owner, transfer.credit.owner)[::sign]
        return self._employed.get((company, member), "")

    def _part_of_cooperation(self, outcome: Outcome, month: int) -> str | None:
        """Of what a cooperation sold: which one, and the own cost of the plan, which make the compensation."""
        compensation = next((t for t in outcome.transfers if t.type in COMPENSATIONS), None)
        if compensation is None or outcome.plan is None:
            return None
        coop = compensation.credit if compensation.credit.kind == "cooperation" else compensation.debit
        part = f"{coop.owner} at {outcome.plan.cost_of_unit()}"
        ratio = Fraction(compensation.units, outcome.transfers[0].units) if outcome.transfers[0].units else Fraction(0)
        low, high = self._found.ratios.get((month, part), (ratio, ratio))
        self._found.ratios[month, part] = min(low, ratio), max(high, ratio)
        return part

    def _fact(self, fact: Fact, transfers: list[Transfer], month: int) -> None:
        """Of a fact each transfer stands for itself: a month's close is no event of one party."""
        if fact.type.name == "employment":
            self._employed[fact.ids[0], fact.ids[1]] = fact.data["occupation"]
        link = fact.ids[0] if fact.type.name == "plan-approval" else ""
        for transfer in transfers:
            debit, credit = sides = self._sides.of(transfer.debit), self._sides.of(transfer.credit)
            broad = broad_type_of()[transfer.type]
            if not debit.party and not credit.party:
                if transfer.type == "sales_tax_refund":
                    self._paid[month, transfer.type, credit.account] = self._returned.get(credit.account, {})
                    self._given_back.add(credit.account)
                told = self._told_before(fact.instant, transfer, sides, link)
                debit, credit = sides if told or broad == IN_FULL else facing(transfer.type, *sides)
                if transfer.type in _FOLLOWING and not told:
                    self._following.append((fact.instant, transfer))
                    continue
                if not debit.party and not credit.party:
                    self._tell(fact.instant, transfer.type, debit, credit, transfer.units, link=link, whole=True)
                    continue
            elif broad == IN_FULL:
                self._tell(fact.instant, transfer.type, debit, credit, transfer.units, link=link)
                continue
            if transfer.type == "loan_interest":
                paid = self._paid.setdefault((month, "bank_surplus", credit.account), {})
                paid[debit.party] = paid.get(debit.party, Fraction(0)) + transfer.units
            cell = Cell(month, broad, debit.branch or credit.branch, transfer.type, debit.account, credit.account)
            self._count(self._found.cells, cell, debit, credit, transfer.units)

    def _branch(self, transfers: list[Transfer]) -> str:
        names = set()
        for transfer in transfers:
            names.add(self._sides.of(transfer.debit).branch)
            names.add(self._sides.of(transfer.credit).branch)
        names.discard("")
        return " ".join(sorted(names))

    def _tell(
        self, instant: int, kind: str, debit: Side, credit: Side, units: int, *, link: str = "", whole: bool = False
    ) -> None:
        """Tell in full; where a private party takes part by date only, and together with others of that date."""
        if whole:
            self._found.public.append(PublicTransfer(instant, kind, debit.account, credit.account, units, link))
            return
        date = instant - instant % DAY
        key = PublicTransfer(date, kind, debit.account, credit.account, 0, link)
        self._in_full[key] = self._in_full.get(key, 0) + units

    @staticmethod
    def _count(cells: dict[Cell, Content], cell: Cell, debit: Side, credit: Side, units: int) -> None:
        if not units:
            return  # of what costs nothing nothing is told: a total of zero would say that each part of it is zero
        content = cells.get(cell)
        if content is None:
            content = cells[cell] = Content(known="clearing" in (debit.kind, credit.kind))
        content.units += units
        content.transfers += 1
        if debit.party:
            content.debits[debit.party] = content.debits.get(debit.party, 0) + units
        if credit.party:
            content.credits[credit.party] = content.credits.get(credit.party, 0) + units
            if debit.party:
                pair = debit.party, credit.party
                content.pairs[pair] = content.pairs.get(pair, 0) + units

    def _pays(
        self, outcome: Outcome, sale: Transfer, sides: tuple[Side, Side], stranger: str = "", *, mirrored: bool
    ) -> None:
        """Note what a sale of a regional company adds to its sales tax, and who paid it; "" stands for the public.

        What is taken back is noted for the refund that follows from it at this close or, where the treasury lacks the
        credits, at a later one.
        """
        event = outcome.event
        assert not isinstance(event, Evidence)
        buyer, seller = sides[::-1] if mirrored else sides
        if seller.party:
            return
        sold = self._sold.get(event.ids[0], event.instant) if isinstance(event, Fact) else event.instant
        rate = getattr(self._decisions.at(sold), SALES[sale.type])
        if not rate:
            return
        if not mirrored:
            paid = self._paid.setdefault((self._month(event.instant), "sales_tax", seller.account), {})
        elif seller.account in self._given_back:
            self._given_back.discard(seller.account)
            paid = self._returned[seller.account] = {}
        else:
            paid = self._returned.setdefault(seller.account, {})
        party = buyer.party or stranger
        paid[party] = paid.get(party, Fraction(0)) + rate * sale.units

    def _follow(self) -> None:
        """Give what follows from private payments to the parties that paid, in proportion."""
        for instant, transfer in self._following:
            debit, credit = self._sides.of(transfer.debit), self._sides.of(transfer.credit)
            month = self._month(instant)
            seller = credit if transfer.type == "sales_tax_refund" else debit
            paid = self._paid.get((month, transfer.type, seller.account), {})
            total = sum(paid.values())
            if transfer.type == "sales_tax":
                self._found.public_tax[month, debit.account] = paid.get("", Fraction(0))
            if not total or not paid.keys() - {""}:
                self._tell(instant, transfer.type, debit, credit, transfer.units, whole=True)
                continue
            broad = broad_type_of()[transfer.type]
            cell = Cell(month, broad, seller.branch, transfer.type, debit.account, credit.account)
            content = self._found.cells.setdefault(cell, Content())
            content.units += transfer.units
            content.transfers += 1
            behind = content.debits if seller is debit else content.credits
            for party, share in paid.items():
                units = round(transfer.units * share / total)
                if party and units:
                    behind[party] = behind.get(party, 0) + units
