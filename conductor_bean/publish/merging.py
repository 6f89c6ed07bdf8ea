"""From cells to figures: what of a period may be told, merged as `publication.yaml` declares.

Type -> broad type -> other, each time only as far as it takes: cells of which each alone would expose somebody are
merged with one another; where even that is too little the smallest safe neighbour joins them. What no merging makes
safe waits for the next period. Which merging was needed depends on nothing but the cells, in canonical order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from conductor_bean.publish.cells import CONSUMPTION, Cell, Content
from conductor_bean.publish.hierarchy import pool_order
from conductor_bean.publish.pieces import Coins
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.sides import MERGED

BY_BRANCH, BY_TYPE, BROAD, OTHER, WAIT = range(5)
"""How coarsely a broad type is told: by public account, by type, as one, with others, or not yet."""

LEVELS = {BY_BRANCH: "type", BY_TYPE: "type", BROAD: "broad type", OTHER: "other"}
_REGION_WIDE = frozenset(("Equity:PSF", "Assets:Region:Treasury", "Equity:Outside", "Equity:Issuance"))
_MEMBERS = ("Assets:Private:Members:", "Liabilities:Private:Members:")


class Key(NamedTuple):
    """What tells figures of a period apart.

    Attributes:
        broad: The broad type, or "other".
        type: The transfer, or "" where several are merged.
        debit: The account of the edition that is charged.
        credit: The account of the edition that is credited.
        economy: Set where types of both economies might meet.
        branch: Branches whose public accounts are told apart, or "".
    """

    broad: str
    type: str
    debit: str
    credit: str
    economy: str
    branch: str


@dataclass(slots=True)
class Figure:
    """A total that may be told.

    Attributes:
        key: What it is about.
        step: How coarsely it is told.
        cells: The cells that it is the sum of.
    """

    key: Key
    step: int
    cells: list[Cell]


class Merger:
    """Merges the cells of one period.

    Args:
        contents: What stands behind each cell.
        thresholds: What the region has decided.
        economy: The economy of a transfer.
        prices: Prices of what was consumed, in units, by month.
    """

    def __init__(
        self,
        contents: dict[Cell, Content],
        thresholds: Thresholds,
        economy: Callable[[str], str],
        prices: Mapping[int, Iterable[Fraction]] | None = None,
    ) -> None:
        self._contents = contents
        self._prices = prices or {}
        self._coins: dict[frozenset[int], Coins] = {}
        self._thresholds = thresholds
        self._economy = economy

    def figures(
        self, cells: Iterable[Cell], steps: dict[str, int], together: frozenset[tuple[str, str]] = frozenset()
    ) -> list[Figure]:
        """What may be told of some cells.

        Args:
            cells: All cells of the period that were not told yet.
            steps: How coarsely each broad type has to be told at least, by name; left out is as finely as can be.
            together: Broad types and branches that must not be told apart from all others.
        """
        by_broad: dict[str, list[Cell]] = {}
        for cell in sorted(cells):
            by_broad.setdefault(cell.broad, []).append(cell)
        told: list[Figure] = []
        pooled: list[Cell] = []
        for broad in sorted(by_broad, key=pool_order().__getitem__):
            step = steps.get(broad, BY_BRANCH)
            if step == WAIT:
                continue
            if step == OTHER:
                pooled += by_broad[broad]
                continue
            figures, rest = self._by_type(by_broad[broad], step, {b for name, b in together if name == broad})
            merged, rest = self._as_broad(figures, rest)
            told += merged
            pooled += rest
        return self._as_other(told, pooled)

    def is_safe(self, cells: Iterable[Cell]) -> bool:
        """Whether the sum of some cells exposes none of those behind it, on neither side."""
        cells = list(cells)
        if self._tells_pieces(cells):
            return False
        mine = [self._contents[cell] for cell in cells]
        hidden = [content for content in mine if not content.known]
        # What a neighbour knows protects nobody from it, and is to be protected from everybody else.
        return all(
            self._hides_all(contents) for contents in ((hidden, mine) if 0 < len(hidden) < len(mine) else (mine,))
        )

    def _hides_all(self, contents: list[Content]) -> bool:
        content = self.sum_of(contents)
        sides = [side for side in (content.debits, content.credits) if side]
        return (
            bool(sides)
            and all(self._thresholds.allow(side.values()) for side in sides)
            and (
                self._thresholds.surely_hides(content.debits, content.credits)
                or self._thresholds.hides(_deals(contents))
            )
        )

    def _tells_pieces(self, cells: list[Cell]) -> bool:
        """Whether a sum of what was consumed has so few solutions in whole pieces that it tells them."""
        if not self._thresholds.margin or any(cell.type not in CONSUMPTION for cell in cells):
            return False
        months = frozenset(cell.month for cell in cells)
        if months not in self._coins:
            self._coins[months] = Coins.of(price for month in months for price in self._prices.get(month, ()))
        return not self._coins[months].pay_in_many_ways(sum(self._contents[cell].units for cell in cells))

    @staticmethod
    def sum_of(contents: list[Content]) -> Content:
        """What stands behind several cells together."""
        if len(contents) == 1:
            return contents[0]
        total = Content()
        for content in contents:
            total.add(content)
        return total

    def _size(self, cells: Iterable[Cell]) -> int:
        return sum(abs(self._contents[cell].units) for cell in cells)

    def _by_type(self, cells: list[Cell], step: int, forced: set[str]) -> tuple[list[Figure], list[Cell]]:
        """Figures by type, of each branch alone where all it did may be told, and what is left."""
        if step == BROAD:
            return [], cells
        whole = _grouped(cells, self._coarse)
        hopeless = {cell for group in whole.values() if not self.is_safe(group) for cell in group}
        branches: dict[str, list[Cell]] = {}
        for cell in cells:
            if cell not in hopeless:
                branches.setdefault(cell.branch, []).append(cell)
        alone = {
            branch
            for branch, group in branches.items()
            if step == BY_BRANCH
            and branch not in forced
            and all(self.is_safe(same) for same in _grouped(group, self._fine).values())
        }
        together = [cell for branch, group in branches.items() if branch not in alone for cell in group]
        smallest = sorted(alone, key=lambda branch: (self._size(branches[branch]), branch), reverse=True)
        while smallest and together and not self._hides(together, forced):
            joining = smallest.pop()
            alone.discard(joining)
            together += branches[joining]
        figures = [
            Figure(key, BY_BRANCH, group)
            for branch in sorted(alone)
            for key, group in _grouped(branches[branch], self._fine).items()
        ]
        rest = sorted(hopeless)
        for key, group in _grouped(together, self._coarse).items():
            if self.is_safe(group):
                figures.append(Figure(key, BY_TYPE, group))
            else:
                rest += group
        return figures, rest

    def _hides(self, cells: list[Cell], forced: set[str]) -> bool:
        """Whether cells told together are safe, and no forced branch is alone."""
        branches = {cell.branch for cell in cells}
        if len(branches) == 1 and branches & forced:
            return False
        return all(self.is_safe(group) for group in _grouped(cells, self._coarse).values())

    def _as_broad(self, figures: list[Figure], rest: list[Cell]) -> tuple[list[Figure], list[Cell]]:
        """Merge what is left of a broad type into one figure a pair of accounts."""
        left: list[Cell] = []
        for key, group in _grouped(rest, self._broad).items():
            neighbours = [figure for figure in figures if self._broad(figure.cells[0]) == key]
            joined = self._absorb(group, sorted(neighbours, key=lambda f: (self._size(f.cells), f.key), reverse=True))
            if joined is None:
                left += group
            else:
                figures = [figure for figure in figures if figure not in joined]
                figures.append(Figure(key, BROAD, [*group, *(c for figure in joined for c in figure.cells)]))
        return figures, left

    def _as_other(self, told: list[Figure], pooled: list[Cell]) -> list[Figure]:
        """Pool what is left of all broad types by the region's account that it moves."""
        order = pool_order()
        for key, group in _grouped(pooled, self._other).items():
            moves_nothing = key.debit == key.credit
            neighbours = [] if moves_nothing else [f for f in told if self._other(f.cells[0]) == key]
            neighbours.sort(key=lambda f: (order[f.cells[0].broad], self._size(f.cells), f.key), reverse=True)
            joined = self._absorb(group, neighbours)
            if joined is not None:
                told = [figure for figure in told if figure not in joined]
                told.append(Figure(key, OTHER, [*group, *(c for figure in joined for c in figure.cells)]))
        return sorted(told, key=lambda figure: (figure.key, figure.cells[0]))

    def _absorb(self, group: list[Cell], neighbours: list[Figure]) -> list[Figure] | None:
        """The neighbours, from the last on, that make a group safe; None where all of them do not."""
        cells, joined = list(group), []
        while not self.is_safe(cells):
            if not neighbours:
                return None
            joined.append(neighbours.pop())
            cells += joined[-1].cells
        return joined

    def _fine(self, cell: Cell) -> Key:
        return Key(cell.broad, cell.type, cell.debit, cell.credit, self._economy(cell.type), cell.branch)

    def _coarse(self, cell: Cell) -> Key:
        debit, credit = _without_branch(cell.debit), _without_branch(cell.credit)
        return Key(cell.broad, cell.type, debit, credit, self._economy(cell.type), "")

    def _broad(self, cell: Cell) -> Key:
        return self._coarse(cell)._replace(type="")

    def _other(self, cell: Cell) -> Key:
        debit, credit = (a if a in _REGION_WIDE else MERGED for a in (cell.debit, cell.credit))
        return Key("other", "", debit, credit, self._economy(cell.type), "")


def _grouped(cells: Iterable[Cell], key: Callable[[Cell], Key]) -> dict[Key, list[Cell]]:
    groups: dict[Key, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return dict(sorted(groups.items()))


def _without_branch(account: str) -> str:
    """The account where companies are not told apart: members, the region, and everybody else."""
    return account if account in _REGION_WIDE or account.startswith(_MEMBERS) else MERGED


def _deals(contents: list[Content]) -> dict[tuple[str, str], int]:
    """Units by who is charged and who is credited, of several cells together."""
    found: dict[tuple[str, str], int] = {}
    for content in contents:
        for pair, units in content.deals():
            found[pair] = found.get(pair, 0) + units
    return found
