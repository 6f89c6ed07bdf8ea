"""Somebody who reads the editions of two neighbour regions, and holds the one against the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from tests.cli.town import books_of
from tests.publish.attackers import Cell, Witness
from tests.publish.knowledge import INFINITE, Column, Knowledge, Row, Target, Terms
from tests.publish.programmes import Found, find_out
from tests.publish.readers import Reader

_SOLD = ("interregional_sale", "surcharge")
_IN_FULL = ("settlement", "pooling")


@dataclass
class Region:
    """A region whose edition she reads; the ledger says what the truth is, and is never read by her."""

    name: str
    ledger: Path
    edition: Path
    knowledge: Knowledge = field(init=False)

    def __post_init__(self) -> None:
        reader = Reader(self.edition, self.ledger)
        self.knowledge = Knowledge(
            reader, Witness(books_of(self.ledger), reader.broad_types).testify(), neighbour=False
        )

    def cells(
        self, account: str, kinds: tuple[str, ...] = (), *, credit: bool, months: set[str] | None = None
    ) -> Terms:
        """Cells that credit or charge an account."""
        return {
            (self.name, cell): 1.0
            for cell in self.knowledge.truth.cells
            if (cell.credit if credit else cell.debit) == account
            and (not kinds or cell.type in kinds)
            and (months is None or cell.month in months)
        }


class BothEditions:
    """What the public knows of two regions that trade with one another.

    Args:
        regions: The two.
    """

    def __init__(self, regions: tuple[Region, Region]) -> None:
        self.regions = regions
        self.values: dict[Column, float] = {}
        self.rows: list[Row] = []
        for region in regions:
            self.values |= {(region.name, column): value for column, value in region.knowledge.values.items()}
            for row in region.knowledge.rows:
                self.rows.append(Row({(region.name, c): f for c, f in row.terms.items()}, row.low, row.high))
        for one, other in (regions, regions[::-1]):
            self.rows += [*self._mirrored(one, other), *self._settled(one, other)]

    def own(self, _: Column) -> float:
        return 0.0

    def targets(self) -> Iterator[Target]:
        for region in self.regions:
            for target in region.knowledge.targets():
                columns = tuple((region.name, column) for column in target.columns)
                yield Target(f"{region.name}: {target.name}", columns, target.value, target.below, target.above)

    def find_out(self) -> list[Found]:
        """Whose crossings she finds out."""
        return find_out(self)  # type: ignore[arg-type]

    def _mirrored(self, one: Region, other: Region) -> Iterator[Row]:
        """What is sold here is bought there, and what is given here is taken there, in the same month."""
        here, there = f"Assets:Regions:{other.name}:Clearing", f"Assets:Regions:{one.name}:Clearing"
        months = {cell.month for region in self.regions for cell in region.knowledge.truth.cells}
        for month in sorted(months):
            for mine, others in ((_SOLD, ("interregional_purchase",)), (("interregional_gift",),) * 2):
                given = one.cells(here, mine, credit=False, months={month})
                taken = other.cells(there, others, credit=True, months={month})
                yield from self._held({**given, **dict.fromkeys(taken, -1.0)}, 0.0)
            # What stands in full is at least a part of what the month holds.
            single = self._in_full(other, there, {month}, {"interregional_purchase"}, credit=True)
            if given := one.cells(here, _SOLD, credit=False, months={month}):
                yield Row(given, min(float(single), self._value(given)), INFINITE)
            single = self._in_full(other, there, {month}, set(_SOLD), credit=False)
            if taken := one.cells(here, ("interregional_purchase",), credit=True, months={month}):
                yield Row(taken, min(float(single), self._value(taken)), INFINITE)

    def _settled(self, one: Region, other: Region) -> Iterator[Row]:
        """A settlement leaves nothing owed; she finds it in either edition."""
        account, mirror = f"Assets:Regions:{other.name}:Clearing", f"Assets:Regions:{one.name}:Clearing"
        told: dict[str, Fraction] = defaultdict(Fraction)
        for region, name, sign in ((other, mirror, -1), (one, account, 1)):
            for row in region.knowledge.reader.totals:
                if row["transfer"] == "settlement" and row["level"] in ("in full", "type"):
                    if name == row["credit"]:
                        told[row["period"][:7]] = sign * Fraction(row["amount"])
                    elif name == row["debit"]:
                        told[row["period"][:7]] = -sign * Fraction(row["amount"])
        scale = one.knowledge.reader.scales[one.knowledge.reader.names["credits"]]
        before = ""
        for month in sorted(told):
            months = {c.month for c in one.knowledge.truth.cells if before < c.month <= month}
            flows = dict.fromkeys(one.cells(account, credit=True, months=months), 1.0)
            flows |= dict.fromkeys(one.cells(account, credit=False, months=months), -1.0)
            flows = {c: f for c, f in flows.items() if _cell(c).type not in _IN_FULL}
            public = self._in_full(one, account, months, {"pooling"}, credit=True)
            public -= self._in_full(one, account, months, {"pooling"}, credit=False)
            yield from self._held(flows, -float(told[month] * scale + public))
            before = month

    @staticmethod
    def _in_full(region: Region, account: str, months: set[str], kinds: set[str], *, credit: bool) -> Fraction:
        """Units that an edition tells in full."""
        scale = region.knowledge.reader.scales[region.knowledge.reader.names["credits"]]
        return scale * sum(
            (
                Fraction(row["amount"])
                for row in region.knowledge.reader.totals
                if row["level"] == "in full"
                and row["transfer"] in kinds
                and row["credit" if credit else "debit"] == account
                and row["period"][:7] in months
            ),
            Fraction(),
        )

    def _value(self, terms: Terms) -> float:
        return sum(factor * self.values[column] for column, factor in terms.items())

    def _held(self, terms: Terms, known: float) -> Iterator[Row]:
        """What she guesses, where it is so."""
        if terms and abs(self._value(terms) - known) < 1e-6:
            yield Row(terms, known, known)


def _cell(column: Column) -> Cell:
    assert isinstance(column, tuple)
    cell = column[1]
    assert isinstance(cell, Cell)
    return cell
