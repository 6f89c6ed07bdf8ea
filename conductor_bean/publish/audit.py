"""The audit before release: how closely could somebody compute what an edition does not tell?

Every total that is told, every relation that everybody knows, and every total that is known elsewhere are rows of a
linear programme over the cells; the greatest and the least value that a hidden cell could have, given all rows, is
what an attacker finds out about it (Hundepool et al., Statistical Disclosure Control, 2012, section 4.3.1). HiGHS
solves it. Numbers here are floats, whole ones in every equation, so that sums of sums agree to the last bit; they
decide whether a total is told, and never become one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import OptimizeResult, linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack

from conductor_bean.publish.relations import Relation, components

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.publish.cells import Cell
    from conductor_bean.publish.history import Statement

_TOLERANCE = 1e-6
_ROOM = 1e-8


class AuditFailedError(Exception):
    """The solver found no answer; an edition whose audit did not end is not released."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A total that must not be found out.

    Attributes:
        cells: The cells that it is the sum of.
        value: What it is, in units.
        distance: How far above and below it an estimate has to stay at least.
    """

    cells: tuple[Cell, ...]
    value: float
    distance: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """A hidden total that could be computed too closely.

    Attributes:
        hidden: The total.
        low: The least value that it could have.
        high: The greatest value.
        near: Cells that stand in a row with it.
        offers: What is still to be decided, and takes part in the computation.
    """

    hidden: Hidden
    low: float
    high: float
    near: frozenset[Cell]
    offers: frozenset[Statement] = frozenset()


def exposures(rows: list[Relation], values: dict[Cell, float], hidden: Iterable[Hidden]) -> list[Exposure]:
    """Hidden totals that an attacker could compute more closely than allowed.

    Args:
        rows: All that is told and known.
        values: What the cells really are, in units; none is below zero but what was taken back.
        hidden: What must not be found out, in canonical order.

    Raises:
        AuditFailedError: The solver found no answer.
    """
    waiting = [item for item in hidden if item.distance > 0]
    found: list[Exposure] = []
    for mine, cells in components(rows):
        if not any(row.anchored for row in mine):
            continue  # shares of what nobody knows could be shares of anything
        here = [item for item in waiting if cells.issuperset(item.cells)]
        if here:
            found += _Attack(mine, sorted(cells), values).on(here)
    return found


class _Attack:
    """The linear programme of one connected part."""

    def __init__(self, rows: list[Relation], cells: list[Cell], values: dict[Cell, float]) -> None:
        self._rows = rows
        self._column = {cell: number for number, cell in enumerate(cells)}
        equal: list[tuple[Relation, float]] = []
        bounded: list[tuple[Relation, float, int]] = []
        for row in map(_in_whole_units, rows):
            if row.low == row.high:
                equal.append((row, row.low))
                continue
            # A little room, less than any unit, so that the truth stays possible for a solver that rounds.
            if row.high < float("inf"):
                bounded.append((row, row.high + _ROOM * max(1.0, abs(row.high)), 1))
            if row.low > float("-inf"):
                bounded.append((row, -row.low + _ROOM * max(1.0, abs(row.low)), -1))
        self._offered = {number: row.offer for number, (row, _) in enumerate(equal) if row.offer is not None}
        self._equal = self._matrix([(row, 1) for row, _ in equal])
        self._equals = np.array([value for _, value in equal])
        self._upper = self._matrix([(row, sign) for row, _, sign in bounded])
        self._uppers = np.array([value for _, value, _ in bounded])
        # Without a bound far beyond all values, the presolve of HiGHS takes some unbounded programmes for infeasible.
        self._most = 100 * (1 + max(abs(values[cell]) for cell in cells))
        self._bounds = [(min(0.0, values[cell]), self._most) for cell in cells]

    def _matrix(self, rows: list[tuple[Relation, int]]) -> csr_matrix | None:
        if not rows:
            return None
        data, row_numbers, columns = [], [], []
        for number, (row, sign) in enumerate(rows):
            for cell, factor in row.terms.items():
                data.append(sign * factor)
                row_numbers.append(number)
                columns.append(self._column[cell])
        return csr_matrix((data, (row_numbers, columns)), shape=(len(rows), len(self._column)))

    def on(self, hidden: list[Hidden]) -> list[Exposure]:
        """Which of some hidden totals could be computed too closely.

        Each solution of the programme is a region that could be real, and hides whatever lies far enough from the
        truth in it. So a few solutions that push as many totals as they can settle most; only what they leave over is
        looked at one by one.
        """
        found = _Distances(self._column, hidden)
        for sign in (1, -1):
            while waiting := found.waiting(sign):
                found.look(self._push(waiting, sign).x)
                if len(found.waiting(sign)) == len(waiting):
                    break
        bounds: dict[Hidden, list[float]] = {item: [item.value, item.value] for item in hidden}
        offers: dict[Hidden, set[Statement]] = {item: set() for item in hidden}
        for sign in (-1, 1):
            for item in found.waiting(sign):
                bounds[item][(sign + 1) // 2], answer = self._extreme(item, sign)
                found.look(answer.x)
                if item in found.waiting(sign):
                    offers[item] |= self._offers(answer)
        exposed = {*found.waiting(1), *found.waiting(-1)}
        return [self._exposure(item, bounds[item], offers[item]) for item in hidden if item in exposed]

    def _exposure(self, item: Hidden, bounds: list[float], offers: set[Statement]) -> Exposure:
        return Exposure(item, bounds[0], bounds[1], self._near(item), frozenset(offers))

    def _offers(self, answer: OptimizeResult) -> set[Statement]:
        """What is still to be decided, and without which a bound would not hold: its row has a price in it."""
        if not self._offered:
            return set()
        prices = answer.eqlin.marginals
        return {offer for number, offer in self._offered.items() if abs(prices[number]) > _TOLERANCE}

    def _near(self, item: Hidden) -> frozenset[Cell]:
        """All cells in a row with a hidden total."""
        return frozenset(
            cell for row in self._rows if not row.terms.keys().isdisjoint(item.cells) for cell in row.terms
        )

    def _push(self, items: list[Hidden], sign: int) -> OptimizeResult:
        """A region that could be real, in which as many totals as can be lie above (1) or below (-1) the truth."""
        rows, columns, data = [], [], []
        for number, item in enumerate(items):
            for cell in item.cells:
                rows.append(number)
                columns.append(self._column[cell])
                data.append(-float(sign))
        count = len(items)
        moved = hstack([csr_matrix((data, (rows, columns)), shape=(count, len(self._column))), identity(count)])
        goal = np.concatenate([np.zeros(len(self._column)), [-1 / item.distance for item in items]])
        upper = [] if self._upper is None else [hstack([self._upper, csr_matrix((self._upper.shape[0], count))])]
        equal = None if self._equal is None else hstack([self._equal, csr_matrix((self._equal.shape[0], count))])
        return self._solve(
            goal,
            vstack([*upper, moved]).tocsr(),
            np.concatenate([self._uppers, [-sign * item.value for item in items]]),
            equal,
            [*self._bounds, *((-2 * self._most, item.distance) for item in items)],
        )

    def _extreme(self, item: Hidden, sign: int) -> tuple[float, OptimizeResult]:
        """The greatest (1) or least (-1) value of a hidden total, and where it is taken."""
        goal = np.zeros(len(self._column))
        for cell in item.cells:
            goal[self._column[cell]] -= sign
        answer = self._solve(goal, self._upper, self._uppers, self._equal, self._bounds)
        return float(sum(answer.x[self._column[cell]] for cell in item.cells)), answer

    def _solve(
        self,
        goal: np.ndarray,
        upper: csr_matrix | None,
        uppers: np.ndarray,
        equal: csr_matrix | None,
        bounds: list[tuple[float, float]],
    ) -> OptimizeResult:
        for presolve in (True, False):
            answer = linprog(
                goal,
                A_ub=upper,
                b_ub=None if upper is None else uppers,
                A_eq=equal,
                b_eq=None if equal is None else self._equals,
                bounds=bounds,
                method="highs",
                options={"presolve": presolve},
            )
            if answer.status == 0:
                return answer
        raise AuditFailedError(str(answer.message))


def _in_whole_units(row: Relation) -> Relation:
    """A row with 1 as its greatest factor.

    HiGHS takes a factor below 1e-9 for none, and so small is the share of an hour in units of cooperations whose costs
    hardly differ: a compensation would seem to be less than it is, and be kept back as exposed.
    """
    greatest = max(map(abs, row.terms.values()))
    terms = {cell: factor / greatest for cell, factor in row.terms.items()}
    return replace(row, terms=terms, low=row.low / greatest, high=row.high / greatest)


class _Distances:
    """Which hidden totals were seen far enough above and below the truth."""

    def __init__(self, column: dict[Cell, int], hidden: list[Hidden]) -> None:
        self._column = column
        self._waiting = {1: dict.fromkeys(hidden), -1: dict.fromkeys(hidden)}

    def waiting(self, sign: int) -> list[Hidden]:
        """Totals that were not seen far enough above (1) or below (-1) the truth."""
        return list(self._waiting[sign])

    def look(self, point: np.ndarray) -> None:
        """Look at a region that could be real."""
        for sign, waiting in self._waiting.items():
            for item in list(waiting):
                guess = sum(point[self._column[cell]] for cell in item.cells)
                if sign * (guess - item.value) >= item.distance * (1 - _TOLERANCE):
                    del waiting[item]
