"""The attacker's linear programme: what follows of a private cell from all that she knows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from tests.publish.attackers import Cell
from tests.publish.knowledge import INFINITE, Column, Knowledge, Row, Target

_SLACK = 1e-7


@dataclass(frozen=True)
class Found:
    """A target that she knows too well."""

    target: Target
    low: float
    high: float


def find_out(knowledge: Knowledge) -> list[Found]:
    """Everything that an attacker finds out."""
    return list(_Programme(knowledge).find(list(knowledge.targets())))


class _Programme:
    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._touching: dict[Column, list[int]] = defaultdict(list)
        for number, row in enumerate(knowledge.rows):
            for column in row.terms:
                self._touching[column].append(number)

    def find(self, targets: list[Target]) -> Iterator[Found]:
        waiting = dict.fromkeys(targets)
        while waiting:
            first = next(iter(waiting))
            columns, numbers = self._connected(first.columns)
            here = [target for target in waiting if columns.issuperset(target.columns)]
            for target in here:
                del waiting[target]
            if numbers:
                yield from self._solve(sorted(columns, key=repr), sorted(numbers), here)

    def _connected(self, start: Iterable[Column]) -> tuple[set[Column], set[int]]:
        columns, numbers = set(start), set[int]()
        todo = list(columns)
        while todo:
            for number in self._touching[todo.pop()]:
                if number not in numbers:
                    numbers.add(number)
                    fresh = self._knowledge.rows[number].terms.keys() - columns
                    columns |= fresh
                    todo += fresh
        return columns, numbers

    def _solve(self, columns: list[Column], numbers: list[int], targets: list[Target]) -> Iterator[Found]:
        place = {column: number for number, column in enumerate(columns)}
        rows = [self._knowledge.rows[number] for number in numbers]
        equal = [row for row in rows if row.low == row.high]
        upper = [(row, 1, row.high) for row in rows if row.low != row.high and row.high < INFINITE]
        upper += [(row, -1, -row.low) for row in rows if row.low != row.high and row.low > -INFINITE]
        known = self._knowledge
        most = 100 * (1 + max(abs(known.values[column]) for column in columns))
        bounds = [(min(self._least(column), known.values[column]), most) for column in columns]
        matrices = {
            "A_eq": _matrix([(row, 1) for row in equal], place),
            "b_eq": [row.low for row in equal] or None,
            "A_ub": _matrix([(row, sign) for row, sign, _ in upper], place),
            "b_ub": [bound + _SLACK * max(1, abs(bound)) for _, _, bound in upper] or None,
        }
        open_sides = {(target, sign) for target in targets for sign in (1, -1) if _needed(target, sign) > 0}
        reached: dict[tuple[Target, int], float] = {}
        for target in targets:
            for sign in (1, -1):
                if (target, sign) not in open_sides:
                    continue
                goal = np.zeros(len(columns))
                for column in target.columns:
                    goal[place[column]] -= sign
                for presolve in (True, False):
                    answer = linprog(goal, bounds=bounds, method="highs", options={"presolve": presolve}, **matrices)
                    if answer.status == 0:
                        break
                assert answer.status == 0, answer.message
                reached[target, sign] = sum(answer.x[place[column]] for column in target.columns)
                open_sides -= {
                    (other, side)
                    for other, side in open_sides
                    if side * (sum(answer.x[place[c]] for c in other.columns) - other.value)
                    >= _needed(other, side) * (1 - 1e-6) - 1e-6
                }
        for target in targets:
            if (target, 1) in open_sides or (target, -1) in open_sides:
                yield Found(target, reached.get((target, -1), -INFINITE), reached.get((target, 1), INFINITE))

    def _least(self, column: Column) -> float:
        return self._knowledge.own(column) if isinstance(column, Cell) else 0.0


def _needed(target: Target, sign: int) -> float:
    return target.above if sign > 0 else target.below


def _matrix(rows: list[tuple[Row, int]], place: dict[Column, int]) -> csr_matrix | None:
    if not rows:
        return None
    data, lines, columns = [], [], []
    for number, (row, sign) in enumerate(rows):
        for column, factor in row.terms.items():
            data.append(sign * factor)
            lines.append(number)
            columns.append(place[column])
    return csr_matrix((data, (lines, columns)), shape=(len(rows), len(place)))
