"""The audit before release: how closely could somebody compute what an edition does not tell?

Every total that is told, every relation that everybody knows, and every total that is known elsewhere are rows of a
linear programme over the cells; the greatest and the least value that a hidden cell could have, given all rows, is
what an attacker finds out about it (Hundepool et al., Statistical Disclosure Control, 2012, section 4.3.1). HiGHS
solves it. Numbers here are floats, whole ones in every equation, so that sums of sums agree to the last bit; they
decide whether a total is told, and never become one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from conductor_bean.publish.relations import Relation, connected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.publish.cells import Cell

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
        high: The greatest value, infinite where there is none.
    """

    hidden: Hidden
    low: float
    high: float


def exposures(rows: list[Relation], values: dict[Cell, float], hidden: Iterable[Hidden]) -> list[Exposure]:
    """Hidden totals that an attacker could compute more closely than allowed.

    Args:
        rows: All that is told and known.
        values: What the cells really are, in units; none is below zero but what was taken back.
        hidden: What must not be found out, in canonical order.

    Raises:
        AuditFailedError: The solver found no answer.
    """
    found: list[Exposure] = []
    waiting = list(hidden)
    while waiting:
        mine, cells = connected(rows, waiting[0].cells)
        here = [item for item in waiting if cells.issuperset(item.cells)]
        waiting = [item for item in waiting if not cells.issuperset(item.cells)]
        if mine:
            found += _Attack(mine, sorted(cells), values).on(here)
    return found


class _Attack:
    """The linear programme of one connected part."""

    def __init__(self, rows: list[Relation], cells: list[Cell], values: dict[Cell, float]) -> None:
        self._column = {cell: number for number, cell in enumerate(cells)}
        equal: list[tuple[Relation, float]] = []
        bounded: list[tuple[Relation, float, int]] = []
        for row in rows:
            if row.low == row.high:
                equal.append((row, row.low))
                continue
            # A little room, less than any unit, so that the truth stays possible for a solver that rounds.
            if row.high < float("inf"):
                bounded.append((row, row.high + _ROOM * max(1.0, abs(row.high)), 1))
            if row.low > float("-inf"):
                bounded.append((row, -row.low + _ROOM * max(1.0, abs(row.low)), -1))
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
        """Which of some hidden totals could be computed too closely."""
        high = dict.fromkeys(hidden, False)
        low = dict.fromkeys(hidden, False)
        bounds: dict[Hidden, list[float]] = {item: [item.value, item.value] for item in hidden}
        for item in hidden:
            for end, settled in enumerate((low, high)):
                if settled[item]:
                    continue
                bounds[item][end], point = self._solve(item, 1 - 2 * end)
                # Each solution is a region that could be real: it hides whatever lies far enough from the truth in it.
                for other in hidden:
                    if not (high[other] and low[other]):
                        guess = sum(point[self._column[cell]] for cell in other.cells)
                        reach = other.distance * (1 - _TOLERANCE)
                        high[other] = high[other] or guess >= other.value + reach
                        low[other] = low[other] or guess <= other.value - reach
        return [Exposure(item, *bounds[item]) for item in hidden if not (high[item] and low[item])]

    def _solve(self, item: Hidden, sign: int) -> tuple[float, np.ndarray]:
        """The least (1) or greatest (-1) value of a hidden total, and where it is taken."""
        goal = np.zeros(len(self._column))
        for cell in item.cells:
            goal[self._column[cell]] += sign
        for presolve in (True, False):
            answer = linprog(
                goal,
                A_ub=self._upper,
                b_ub=None if self._upper is None else self._uppers,
                A_eq=self._equal,
                b_eq=None if self._equal is None else self._equals,
                bounds=self._bounds,
                method="highs",
                options={"presolve": presolve},
            )
            if answer.status == 0:
                return sign * float(answer.fun), answer.x
        raise AuditFailedError(str(answer.message))
