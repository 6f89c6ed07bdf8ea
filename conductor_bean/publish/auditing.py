"""The audit of what an edition tells: which rows an attacker has, and what must stay hidden from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.transfers import table
from conductor_bean.publish.audit import Exposure, Hidden, exposures
from conductor_bean.publish.merging import Merger
from conductor_bean.publish.relations import Known, Relation, Relations
from conductor_bean.publish.served import reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from conductor_bean.publish.cells import Cell, Content
    from conductor_bean.publish.history import History
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
        self._relations: dict[int, list[Relation]] = {}
        self._hiding: dict[frozenset[int], list[Hidden]] = {}
        self._by_month: dict[int, list[Cell]] = {}
        for cell in sorted(self._contents):
            self._by_month.setdefault(cell.month, []).append(cell)
        scales = {"HOUR": known.region.labour_time, "RSC": known.region.credits}
        self._scales = {name: 10**commodity.digits for name, commodity in scales.items() if commodity is not None}

    def audit(self, figures: Sequence[Sequence[Cell]], more: Iterable[int] = ()) -> list[Exposure]:
        """What could be computed too closely of the months that new figures are of.

        Args:
            figures: The cells of each new figure.
            more: Months that are looked at besides.

        Raises:
            AuditFailedError: The solver found no answer.
        """
        months = {cell.month for cells in figures for cell in cells} | set(more)
        told = [told.cells for told in self._history.told if any(cell.month in months for cell in told.cells)]
        everything = [*told, *figures]
        concerned = months | {cell.month for cells in everything for cell in cells}
        cells = [cell for month in sorted(concerned) for cell in self._by_month.get(month, ())]
        rows = [self._total(same) for same in everything]
        rows += [self._total([cell]) for cell in cells if self._contents[cell].known]
        for month in sorted(concerned):
            rows += self._related(month)
        values = {cell: self._value([cell]) for cell in cells}
        key = frozenset(months)
        if key not in self._hiding:
            self._hiding[key] = list(self._hidden([cell for cell in cells if cell.month in months]))
        found = exposures(rows, values, self._hiding[key])
        return found + [e for month in sorted(months) for e in self._services(month, everything)]

    def forget(self, month: int) -> None:
        """Look anew at what everybody knows of a month."""
        self._relations.pop(month, None)

    def _related(self, month: int) -> list[Relation]:
        if month not in self._relations:
            mine = {cell: self._contents[cell] for cell in self._by_month.get(month, ())}
            self._relations[month] = Relations(self._known, month, mine, self._scale).all()
        return self._relations[month]

    def _services(self, month: int, told: Sequence[Sequence[Cell]]) -> Iterable[Exposure]:
        """Basic services that taxes and certificates of a month tell too closely."""
        stake = self._known.stakes.get(month)
        if stake is None:
            return
        near = reach(month, stake, told, self._contents)
        if near is not None and near < stake.distance:
            cell = next(c for c in sorted(self._contents) if c[:2] == (month, "work") and c.type == "taxes")
            yield Exposure(Hidden((cell,), 0.0, float(stake.distance)), -float(near), float(near), frozenset([cell]))

    def _hidden(self, cells: list[Cell]) -> Iterable[Hidden]:
        """Cells that expose somebody, and their sums over accounts, over months, and over both, that do."""
        for cell in cells:
            content = self._contents[cell]
            if content.units and not content.known and not self._merger.is_safe([cell]):
                yield self._hide([cell])
        sums: dict[tuple[object, ...], list[Cell]] = {}
        for cell in cells:
            if not self._contents[cell].known:
                for key in ((cell.month, cell.broad, cell.type), cell[1:], (cell.broad, cell.type)):
                    sums.setdefault(key, []).append(cell)
        seen: set[tuple[Cell, ...]] = set()
        for same in sums.values():
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
