"""What everybody knows about totals that are not told: the rates that the region has decided tie them together.

Taxes are a share of wages, a bank's surplus is the interest it took, the dividend tells what the region took in.
Whoever reads an edition can use all of it, so its audit does too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import end_of, last_day_of, month_from_number, parse_month, start_of
from conductor_bean.engine.tracking import PURCHASES, REFUNDS, TAXES
from conductor_bean.publish.cells import COMPENSATIONS, CONSUMPTION, Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from conductor_bean.domain.region import Region, Rules
    from conductor_bean.publish.cells import Content, PublicTransfer
    from conductor_bean.publish.clearing import Settled
    from conductor_bean.publish.history import Statement
    from conductor_bean.publish.served import Stake

INTAKE = (*TAXES, *REFUNDS.values(), "bank_surplus")
"""What the region takes in, less what it gives back: the dividend is a share of it."""
FROM_STRANGERS = ("surcharge", "outsider_rent")
"""What it takes in besides: from those who know what they paid, and nobody else."""

_ROUNDING = 1e-9

Amounts = dict["Cell", float]
"""Factors by cell: a linear expression of cells in units."""


@dataclass(slots=True)
class Relation:
    """A linear expression of cells and the interval in which everybody knows it to lie.

    Attributes:
        terms: The expression, of cells in units.
        low: Its least value.
        high: Its greatest value.
        anchored: Whether it says how much something is, and not only what share of something else.
        offer: What would be told by it, where that is still to be decided; None of all that is told or known.
    """

    terms: Amounts
    low: float
    high: float
    anchored: bool = False
    offer: Statement | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is public about a region and its months, beyond the totals.

    Attributes:
        region: The region with its decisions.
        factors: FIC at the events of a month, as numerators and denominators.
        dividends: What each member was paid, in units, by month.
        members: How many members were paid, by month.
        parts: Cells of parts, see `Activity`.
        prices: Prices of what was consumed, see `Activity`.
        ratios: Compensations of an hour consumed, see `Activity`.
        public_tax: Sales tax on what strangers paid to regional companies, in credits, by month and pool.
        stakes: How closely the services in the windows of a month may be known.
        settled: What settlements tell of what they settle, and neighbours' editions of what moved between the regions.
        settlements: The settlements of a cell.
        kept_back: Cells of settlements that a neighbour does not tell.
        in_full: Cells of settlements that are told in full; it grows.
    """

    region: Region
    factors: dict[int, set[tuple[int, int]]]
    dividends: dict[int, int]
    members: dict[int, int]
    parts: dict[Cell, Content]
    prices: dict[int, set[Fraction]]
    ratios: dict[tuple[int, str], tuple[Fraction, Fraction]]
    public_tax: dict[tuple[int, str], float]
    stakes: dict[int, Stake]
    settled: Sequence[Settled] = ()
    settlements: Mapping[Cell, Sequence[PublicTransfer]] = field(default_factory=dict)
    kept_back: AbstractSet[Cell] = frozenset()
    in_full: set[Cell] = field(default_factory=set)

    def rules_of(self, month: int) -> list[Rules]:
        """All decisions that were in force at some time of a month."""
        parsed = parse_month(month_from_number(month))
        assert parsed is not None
        year, number = parsed
        decisions = self.region.decisions
        instant, end = start_of(last_day_of(year, number).replace(day=1)), end_of(last_day_of(year, number))
        found = [decisions.at(instant)]
        while (following := decisions.until(instant)) is not None and following <= end:
            instant = following
            found.append(decisions.at(instant))
        return found


class Relations:
    """Relations between the cells of one month.

    Args:
        known: What is public about the region.
        month: The month.
        contents: The cells of the month.
        scale: Units of a transfer's commodity in an hour or a credit.
    """

    def __init__(self, known: Known, month: int, contents: dict[Cell, Content], scale: Callable[[str], int]) -> None:
        self._known = known
        self._month = month
        self._contents = contents
        self._scale = scale
        self._rules = known.rules_of(month)
        kept = [Fraction(*factor) for factor in known.factors.get(month, ((0, 1), (1, 1)))]
        # The lowest and highest share of an hour that went to the Public Sector Fund in the month.
        self._taxed = 1 - max(kept), 1 - min(kept)
        self._by_type: dict[str, list[Cell]] = {}
        self._in_parts: list[Cell] = []
        for cell in sorted(contents):
            if " of " in cell.type:
                self._in_parts.append(cell)
            else:
                self._by_type.setdefault(cell.type, []).append(cell)

    def all(self, *, border: bool = False) -> list[Relation]:
        """Every relation of the month.

        Args:
            border: Whether strangers are to be hidden; else it is they who want to find out.
        """
        return [
            *self._parts(),
            *self._work(),
            *self._services(),
            *self._sales(),
            *self._surcharges(),
            *self._banks(),
            *self._tuition(),
            *self._dividend((*INTAKE, *FROM_STRANGERS) if border else INTAKE),
        ]

    def _work(self) -> Iterator[Relation]:
        branches = sorted({cell.branch for cell in self._contents if cell.broad == "work"})
        rates = [rules.income_tax for rules in self._rules]
        wages = [wage for rules in self._rules for wage in rules.occupations.values()]
        for branch in branches:
            tax, wage = self._of("income_tax", "work", branch), self._of("wage", "work", branch)
            certificates, labour_tax = self._of("work_certificates", "work", branch), self._of("taxes", "work", branch)
            yield from self._share(tax, wage, min(rates), max(rates))
            yield from self._share(labour_tax, certificates, *self._taxed)
            if wages:
                least, most = min(w.minimum for w in wages), max(w.maximum for w in wages)
                yield from self._share(wage, certificates, least, most)

    def _parts(self) -> Iterator[Relation]:
        """Parts make up the whole; occupations earn within ranges, and compensations are a share of what was sold."""
        wholes: dict[tuple[str, ...], list[Cell]] = {}
        groups: dict[tuple[str, str], dict[str, list[Cell]]] = {}
        for cell in self._in_parts:
            kind, _, part = cell.type.partition(" of ")
            wholes.setdefault((cell.branch, kind, cell.debit, cell.credit), []).append(cell)
            groups.setdefault((cell.branch, part), {}).setdefault(kind, []).append(cell)
        for (branch, kind, debit, credit), parts in wholes.items():
            whole = Cell(self._month, parts[0].broad, branch, kind, debit, credit)
            if whole in self._contents:
                yield from self._held({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0.0, 0.0)
        for (_, part), kinds in groups.items():
            ranges = [rules.occupations[part] for rules in self._rules if part in rules.occupations]
            if ranges and "wage" in kinds and "work_certificates" in kinds:
                low, high = min(r.minimum for r in ranges), max(r.maximum for r in ranges)
                yield from self._share(kinds["wage"], kinds["work_certificates"], low, high)
            sold = [cell for kind, cells in kinds.items() if kind in CONSUMPTION for cell in cells]
            paid = [cell for kind, cells in kinds.items() if kind in COMPENSATIONS for cell in cells]
            if (self._month, part) in self._known.ratios:
                yield from self._share(paid, sold, *self._known.ratios[self._month, part])

    def _tuition(self) -> Iterator[Relation]:
        """Students pay a share of what the school cost, which is public but for what it paid to private parties."""
        for cell in self._by_type.get("tuition", ()):
            costs = [
                *self._of("wage", "work", cell.branch),
                *(c for kind in PURCHASES for c in self._by_type.get(kind, ()) if c.debit == cell.credit),
            ]
            rate = float(self._rules[-1].tuition_share)
            width = 1.0 / self._scale("tuition") * self._contents[cell].transfers
            yield self._around({**dict.fromkeys(costs, -rate), cell: 1.0}, width)

    def _services(self) -> Iterator[Relation]:
        for branch in sorted({cell.branch for cell in self._contents if cell.broad == "services"}):
            hours = [
                *self._of("private_consumption_of_basic_service", "services", branch),
                *self._of("productive_consumption_of_basic_service", "services", branch),
            ]
            yield from self._share(self._of("taxes", "services", branch), hours, *self._taxed)

    def _sales(self) -> Iterator[Relation]:
        inside = [rules.sales_tax_internal for rules in self._rules]
        outward = [rules.sales_tax_external for rules in self._rules]
        sold_to = {"purchase": (min(inside), max(inside))} | dict.fromkeys(
            ("external_sale", "interregional_sale"), (min(outward), max(outward))
        )
        taxed = self._by_type.get("sales_tax", [])
        given_back = self._by_type.get("sales_tax_refund", [])
        for seller in sorted({cell.debit for cell in taxed} | {cell.credit for cell in given_back}):
            taxes = dict.fromkeys((cell for cell in taxed if cell.debit == seller), 1.0)
            taxes |= dict.fromkeys((cell for cell in given_back if cell.credit == seller), -1.0)
            low: Amounts = {}
            high: Amounts = {}
            for kind, (least, most) in sold_to.items():
                for cell in self._by_type.get(kind, ()):
                    if cell.credit == seller:
                        low[cell], high[cell] = -float(least), -float(most)
            yield from self._between(taxes, low, high, self._known.public_tax.get((self._month, seller), 0.0))

    def _surcharges(self) -> Iterator[Relation]:
        """Non-members pay a known share of the price above it to the treasury, where they pay one."""
        rates = [rules.non_member_markup for rules in self._rules]
        for cell in self._by_type.get("surcharge", ()):
            sales = [c for kind in ("external_sale", "interregional_sale") for c in self._by_type.get(kind, ())]
            paid = [c for c in sales if c.debit == cell.debit and not c.credit.startswith("Assets:Private:")]
            yield from self._share([cell], paid, min(rates), max(rates))

    def _banks(self) -> Iterator[Relation]:
        for paid, owed in (
            ("bank_surplus", "loan_interest"),
            ("loan", "loan_claim"),
            ("loan_repayment", "loan_release"),
        ):
            for branch in sorted({cell.branch for cell in self._by_type.get(owed, ())}):
                mine = [cell for cell in self._by_type.get(paid, ()) if cell.branch == branch]
                if mine:
                    others = [cell for cell in self._by_type[owed] if cell.branch == branch]
                    yield from self._share(mine, others, Fraction(1), Fraction(1))

    def _dividend(self, intake: Iterable[str]) -> Iterator[Relation]:
        """Each member knows the dividend, and with it what the region took in."""
        share, members = self._known.dividends.get(self._month), self._known.members.get(self._month, 0)
        rate = self._rules[-1].dividend
        if share is None or not rate:
            return
        given_back = REFUNDS.values()
        cells = {cell: -1.0 if kind in given_back else 1.0 for kind in intake for cell in self._by_type.get(kind, ())}
        width = float((members + 1) / rate) / self._scale("dividend")
        yield self._around(cells, width)

    def _of(self, kind: str, broad: str, branch: str) -> list[Cell]:
        return [c for c in self._by_type.get(kind, ()) if c.broad == broad and c.branch == branch]

    def _share(self, parts: list[Cell], wholes: list[Cell], least: Fraction, most: Fraction) -> Iterator[Relation]:
        if parts and wholes:
            low, high = ({cell: -float(rate) for cell in wholes} for rate in (least, most))
            yield from self._between(dict.fromkeys(parts, 1.0), low, high)

    def _between(self, parts: Amounts, low: Amounts, high: Amounts, public: float = 0.0) -> Iterator[Relation]:
        """The parts lie between two shares of the wholes, but for the rounding of each transfer.

        Args:
            parts: The parts; what was given back of them is negative.
            low: Minus the least share, by whole.
            high: Minus the greatest share.
            public: What of the parts follows from public transfers, in hours or credits.
        """
        slack = sum(self._contents[cell].transfers for cell in parts) * 0.5 / self._scale(next(iter(parts)).type)
        yield from self._held({**low, **parts}, public - slack, float("inf"))
        yield from self._held({**high, **parts}, float("-inf"), public + slack)

    def _held(self, terms: Amounts, low: float, high: float) -> Iterator[Relation]:
        """A relation, where it holds: nobody can know one that late corrections made wrong.

        Args:
            terms: Factors of hours and credits.
            low: The least value, in hours or credits.
            high: The greatest value.
        """
        of_units, value = self._value(terms)
        if low - _ROUNDING <= value <= high + _ROUNDING:
            yield Relation(of_units, min(low, value), max(high, value))

    def _around(self, terms: Amounts, width: float) -> Relation:
        """What somebody knows to be what it is, but for a width."""
        of_units, value = self._value(terms)
        return Relation(of_units, value - width, value + width, anchored=True)

    def _value(self, terms: Amounts) -> tuple[Amounts, float]:
        of_units = {cell: factor / self._scale(cell.type) for cell, factor in terms.items()}
        return of_units, sum(factor * self._contents[cell].units for cell, factor in of_units.items())


def components(rows: list[Relation]) -> list[tuple[list[Relation], set[Cell]]]:
    """Rows that touch one another, directly or through others, with all cells they touch; in order of their rows."""
    by_cell: dict[Cell, list[int]] = {}
    for number, row in enumerate(rows):
        for cell in row.terms:
            by_cell.setdefault(cell, []).append(number)
    found = []
    taken: set[int] = set()
    for start in range(len(rows)):
        if start in taken:
            continue
        taken.add(start)
        waiting, mine, cells = [start], [start], set[Cell]()
        while waiting:
            for cell in rows[waiting.pop()].terms:
                if cell not in cells:
                    cells.add(cell)
                    fresh = [number for number in by_cell[cell] if number not in taken]
                    taken.update(fresh)
                    waiting += fresh
                    mine += fresh
        found.append(([rows[number] for number in sorted(mine)], cells))
    return found
