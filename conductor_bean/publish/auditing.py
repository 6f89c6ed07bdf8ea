"""The audit of what an edition tells: which rows an attacker has, and what must stay hidden from them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from conductor_bean.domain.transfers import table
from conductor_bean.publish.audit import Exposure, Hidden, exposures
from conductor_bean.publish.clearing import SETTLEMENT
from conductor_bean.publish.history import Balance
from conductor_bean.publish.merging import Merger
from conductor_bean.publish.relations import FROM_STRANGERS, Known, Relation, Relations
from conductor_bean.publish.served import reach
from conductor_bean.publish.statement_terms import StatementIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from conductor_bean.publish.cells import Cell, Content
    from conductor_bean.publish.history import History, Statement
    from conductor_bean.publish.safety import Thresholds


def economy_of(kind: str) -> str:
    """The commodity of a transfer as the table names it: HOUR or RSC; also of a part of it."""
    return table()[kind.partition(" of ")[0]].commodity


class Auditor:
    """Audits figures against all that was told and all that is known.

    Args:
        known: What is public about the region.
        history: What was told.
        pending: What stands behind each cell that was not told.
        thresholds: What the region has decided.
    """

    def __init__(self, known: Known, history: History, pending: dict[Cell, Content], thresholds: Thresholds) -> None:
        self._known = known
        self._history = history
        self._contents = {**known.parts, **history.counted, **history.stood, **pending}
        self._thresholds = thresholds
        self._merger = Merger(self._contents, thresholds, economy_of)
        # Figures are tried more and more coarsely; what is known and what is hidden stays the same meanwhile.
        self._relations: dict[tuple[int, bool], list[Relation]] = {}
        self._hiding: dict[frozenset[int], list[Hidden]] = {}
        self._strange: dict[frozenset[int], list[Hidden]] = {}
        self._by_month: dict[int, list[Cell]] = {}
        for cell in sorted(self._contents):
            self._by_month.setdefault(cell.month, []).append(cell)
        scales = {"HOUR": known.region.labour_time, "RSC": known.region.credits}
        self._scales = {name: 10**commodity.digits for name, commodity in scales.items() if commodity is not None}

    def audit(
        self,
        figures: Sequence[Sequence[Cell]],
        more: Iterable[int] = (),
        offers: Sequence[Statement] = (),
    ) -> list[Exposure]:
        """What could be computed too closely of the months that new figures are of.

        Args:
            figures: The cells of each new figure.
            more: Months that are looked at besides.
            offers: Balances and costs that are still to be decided; exposures name those that take part.

        Raises:
            AuditFailedError: The solver found no answer.
        """
        months = {cell.month for cells in figures for cell in cells} | set(more)
        months = self._spanned(months, offers)
        everything, cells, rows = self._rows(figures, months, offers)
        rows += [self._total([cell]) for cell in cells if self._contents[cell].known]
        values = {cell: self._value([cell]) for cell in cells}
        key = frozenset(months)
        if key not in self._hiding:
            self._hiding[key] = list(self._hidden([cell for cell in cells if cell.month in months]))
        found = exposures(rows, values, self._hiding[key])
        return found + [e for month in sorted(months) for e in self._services(month, everything)]

    def across_the_border(
        self, figures: Sequence[Sequence[Cell]], more: Iterable[int] = (), offers: Sequence[Statement] = ()
    ) -> list[Exposure]:
        """What the public could compute too closely of what moved between regions: a neighbour knows it, nobody else.

        What is exposed without the new figures, as by a neighbour's own edition, is no reason to tell less.

        Args:
            figures: The cells of each new figure.
            more: Months that are looked at besides.
            offers: Balances and costs that are still to be decided; exposures name those that take part.

        Raises:
            AuditFailedError: The solver found no answer.
        """
        months = {cell.month for cells in figures for cell in cells} | set(more)
        settled = [one for one in self._known.settled if not one.months.isdisjoint(months)]
        months = self._spanned(months.union(*(one.months for one in settled)), offers)
        if not any(self._is_strange(cell) for month in months for cell in self._by_month.get(month, ())):
            return []
        key = frozenset(months)
        found: list[Exposure] = []
        for new, asked in ((figures, offers), ((), ())):
            _, cells, rows = self._rows(new, months, asked, border=True)
            values = {cell: self._value([cell]) for cell in cells}
            if key not in self._strange:
                mine = list(self._hidden([c for c in cells if c.month in months], strange=True))
                self._strange[key] = mine + [self._hide(list(way)) for one in settled for way in one.ways if way]
            hidden = self._strange[key]
            exposed = exposures([*rows, *(one.relation for one in settled)], values, hidden)
            if new or asked:
                found = exposed
            if not exposed:
                return found
        already = {exposure.hidden for exposure in exposed}
        return [exposure for exposure in found if exposure.hidden not in already]

    def _rows(
        self,
        figures: Sequence[Sequence[Cell]],
        months: set[int],
        offers: Sequence[Statement] = (),
        *,
        border: bool = False,
    ) -> tuple[list[Sequence[Cell]], list[Cell], list[Relation]]:
        """All figures that concern some months, all cells of them, and what everybody knows of these."""
        told = [told.cells for told in self._history.told if any(cell.month in months for cell in told.cells)]
        everything = [*told, *figures]
        stated: list[tuple[dict[Cell, float], Statement | None]] = [(t, None) for t in self._stated(months)]
        stated += [(terms, offer) for offer in offers if (terms := self.index.terms(offer))]
        concerned = months | {cell.month for cells in everything for cell in cells}
        concerned |= {cell.month for terms, _ in stated for cell in terms}
        cells = [cell for month in sorted(concerned) for cell in self._by_month.get(month, ())]
        rows = [self._total(same) for same in everything]
        rows += [self._statement(terms, offer) for terms, offer in stated]
        for month in sorted(concerned):
            rows += self._related(month, border=border)
        settled = [cell for cell in cells if cell._replace(type=SETTLEMENT) in self._known.in_full]
        rows += [self._total([cell]) for cell in settled if cell.type != SETTLEMENT]
        return everything, cells, rows

    @cached_property
    def index(self) -> StatementIndex:
        """Of which cells balances and costs are sums."""
        return StatementIndex(self._contents)

    def _stated(self, months: set[int]) -> Iterator[dict[Cell, float]]:
        """The terms of balances and costs that were told of some months."""
        statements: list[Statement] = [*self._history.balances, *self._history.costs]
        for told in statements:
            if told.month in months or (told.month > min(months, default=told.month) and isinstance(told, Balance)):
                terms = self.index.terms(told)
                if any(cell.month in months for cell in terms):
                    yield terms

    def _spanned(self, months: set[int], offers: Iterable[Statement]) -> set[int]:
        """Some months with those that a balance ties to them, where none was told at the end of the month before."""
        tied = [*self._stated(months), *(self.index.terms(offer) for offer in offers)]
        return months | {cell.month for terms in tied for cell in terms}

    def _statement(self, terms: dict[Cell, float], offer: Statement | None) -> Relation:
        value = sum(factor * self._contents[cell].units for cell, factor in terms.items())
        return Relation(terms, value, value, anchored=True, offer=offer)

    def sum_of(self, terms: dict[Cell, float]) -> int:
        """What some terms come to, in units."""
        return sum(round(factor) * self._contents[cell].units for cell, factor in terms.items())

    def hides_each(self, cells: Iterable[Cell]) -> bool:
        """Whether what moved an account on both sides hides each of those who did it, whatever its sign.

        Args:
            cells: Cells of which one side is the account.
        """
        deals: dict[tuple[str, str], int] = {}
        for cell in cells:
            content = self._contents[cell]
            for party, units in (content.debits or content.credits).items():
                deals[party, ""] = deals.get((party, ""), 0) + abs(units)
        return self._thresholds.allow(deals.values()) and self._thresholds.hides(deals)

    def is_safe(self, cells: Iterable[Cell]) -> bool:
        """Whether the sum of some cells exposes nobody behind it by itself."""
        return self._merger.is_safe(cells)

    def forget(self, month: int) -> None:
        """Look anew at what everybody knows of a month."""
        for border in (False, True):
            self._relations.pop((month, border), None)

    def _related(self, month: int, *, border: bool) -> list[Relation]:
        key = month, border
        if key not in self._relations:
            mine = {cell: self._contents[cell] for cell in self._by_month.get(month, ())}
            self._relations[key] = Relations(self._known, month, mine, self._scale).all(border=border)
        return self._relations[key]

    def _is_strange(self, cell: Cell) -> bool:
        """Whether somebody else knows a cell, whom it shall not be hidden from: a neighbour, or who is no member."""
        return self._contents[cell].known or cell.type in FROM_STRANGERS

    def _services(self, month: int, told: Sequence[Sequence[Cell]]) -> Iterable[Exposure]:
        """Basic services that taxes and certificates of a month tell too closely."""
        stake = self._known.stakes.get(month)
        if stake is None:
            return
        near = reach(month, stake, told, self._contents)
        if near is not None and near < stake.distance:
            cell = next(c for c in sorted(self._contents) if c[:2] == (month, "work") and c.type == "taxes")
            yield Exposure(Hidden((cell,), 0.0, float(stake.distance)), -float(near), float(near), frozenset([cell]))

    def _hidden(self, cells: list[Cell], *, strange: bool = False) -> Iterable[Hidden]:
        """Cells that expose somebody, and their sums over accounts, over months, and over both, that do.

        Args:
            cells: The cells.
            strange: Whether to look for what strangers know, and for sums in which it is, instead of for all else.
        """
        for cell in cells:
            content = self._contents[cell]
            if content.units and self._is_strange(cell) == strange and not self._merger.is_safe([cell]):
                yield self._hide([cell])
        sums: dict[tuple[object, ...], list[Cell]] = {}
        for cell in cells:
            if strange or not self._is_strange(cell):
                for key in ((cell.month, cell.broad, cell.type), cell[1:], (cell.broad, cell.type)):
                    sums.setdefault(key, []).append(cell)
        seen: set[tuple[Cell, ...]] = set()
        for same in sums.values():
            if strange and not any(self._is_strange(cell) for cell in same):
                continue
            if len(same) > 1 and tuple(same) not in seen and not self._merger.is_safe(same):
                seen.add(tuple(same))
                yield self._hide(same)

    def _hide(self, cells: list[Cell]) -> Hidden:
        content = Merger.sum_of([self._contents[cell] for cell in cells])
        sides = (content.debits.values(), content.credits.values())
        needed = max(self._thresholds.needed(side) for side in sides)
        return Hidden(tuple(cells), self._value(cells), float(needed))

    def _total(self, cells: Sequence[Cell]) -> Relation:
        value = self._value(cells)
        return Relation(dict.fromkeys(cells, 1.0), value, value, anchored=True)

    def _value(self, cells: Sequence[Cell]) -> float:
        """The sum of cells in units."""
        return float(sum(self._contents[cell].units for cell in cells))

    def _scale(self, kind: str) -> int:
        """Units of a transfer's commodity in an hour or a credit."""
        return int(self._scales[economy_of(kind)])
