"""What an attacker reads of an edition, and of one edition after another."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.publish.attackers import MARGIN, Cell, Parties, Truth

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """A total of an edition, and what it holds."""

    row: dict[str, Any]
    cells: tuple[Cell, ...]
    units: Fraction


class Reader:
    """Somebody who reads the files of an edition.

    Args:
        edition: Its folder.
        ledger: The private ledger's folder, of whose record only is read which cells a total is of.
    """

    def __init__(self, edition: Path, ledger: Path) -> None:
        self.about = self._json(edition / "data" / "edition.json")
        self.totals: list[dict[str, Any]] = self._json(edition / "data" / "totals.json")
        self.decisions = self._json(edition / "data" / "decisions.json")
        self.plans = {row["plan"]: row for row in self._json(edition / "data" / "plans.json")["plans"]}
        self.region = self._json(edition / "data" / "region.json")
        self.scales = {row["name"]: round(1 / Fraction(row["precision"])) for row in self.about["commodities"].values()}
        self.names = {key: row["name"] for key, row in self.about["commodities"].items()}
        self.broad_types = {
            name: row["broad_type"] for row in self.about["hierarchy"]["transfers"] for name in row["types"]
        }
        self.figures = self._figures(self._json(ledger / "publication.json")["told"])

    @staticmethod
    def _json(path: Path) -> Any:
        return json.loads(path.read_text())

    def _figures(self, record: list[list[Any]]) -> list[Figure]:
        """The totals as the edition states them; of the record no amount is believed that does not stand there."""
        stated: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in self.totals:
            if row["level"] != "in full":
                amount = Fraction(row["amount"]) * self.scales[row["commodity"]]
                stated[row["period"], row["level"], row["debit"], row["credit"], amount, row["transfers"]].append(row)
        found = []
        for period, _, level, _, _, _, debit, credit, units, transfers, cells in record:
            row = stated[period, level, debit, credit, Fraction(units), transfers].pop()
            amount = Fraction(row["amount"]) * self.scales[row["commodity"]]
            found.append(Figure(row, tuple(Cell(*cell) for cell in cells), amount))
        assert not any(stated.values()), "the edition states what its record does not know"
        return found

    def rules(self, month: str, key: str) -> tuple[Fraction, Fraction]:
        """The least and the greatest value that a decision had in a month; without one it is 0."""
        now, values = Fraction(0), []
        for decision in self.decisions["decisions"]:
            for change in decision["changes"]:
                if change["key"] == key and decision["date"][:7] <= month:
                    if decision["date"][:7] == month and decision["date"][8:] != "01":
                        values.append(now)
                    now = Fraction(change["after"])
        values.append(now)
        return min(values), max(values)

    def wages(self, month: str) -> dict[str, tuple[Fraction, Fraction]]:
        """The least and the greatest wage of each occupation in a month, in credits an hour."""
        found: dict[str, tuple[Fraction, Fraction]] = {}
        for decision in self.decisions["decisions"]:
            for change in decision["occupations"]:
                if decision["date"][:7] > month or change["after"] is None:
                    continue
                low, high = Fraction(change["after"]["min"]), Fraction(change["after"]["max"])
                if decision["date"][:7] == month and change["occupation"] in found:
                    before = found[change["occupation"]]
                    low, high = min(low, before[0]), max(high, before[1])
                found[change["occupation"]] = low, high
        return found


def subtracted(truth: Truth, figure: Figure, coalition: Collection[str]) -> list[tuple[str, int, int]]:
    """Whom parties expose who take from a total what they did themselves, on both sides, and what neighbours know.

    Returns:
        Party, what it did, and what of the total hides it; only of parties that hide too badly.
    """
    hidden = [cell for cell in figure.cells if "Assets:Regions:" not in cell.debit + cell.credit]
    left: list[tuple[Parties, int]] = []
    for cell in hidden:
        left += [item for item in truth.cells[cell].items() if not {*item[0]} & {*coalition}]
    rest = sum(units for _, units in left)
    found = []
    for number in (0, 1):
        own: dict[str, int] = defaultdict(int)
        for parties, units in left:
            if parties[number]:
                own[parties[number]] += units
        found += [(party, units, rest - units) for party, units in own.items() if rest - units < MARGIN * units]
    return found


def adjusted(truths: list[Truth], editions: list[Reader]) -> Truth:
    """What totals of a sequence of editions are really of: what changed in a told cell joins the month told next.

    Args:
        truths: What was true when each edition was made.
        editions: The editions, in order.
    """
    found, counted = Truth(), dict[Cell, dict[Parties, int]]()
    month = ""
    for truth, edition in zip(truths, editions, strict=True):
        through = (edition.about["through"] or "")[:7]
        for cell in sorted(counted) if month <= through else ():
            joined = cell._replace(month=month)
            _add(found.cells[joined], truth.cells[cell], 1)
            _add(found.cells[joined], counted[cell], -1)
            counted[cell] = dict(truth.cells[cell])
        for cell in sorted(truth.cells.keys() - counted.keys()):
            if cell.month <= through:
                _add(found.cells[cell], truth.cells[cell], 1)
                found.transfers[cell] = truth.transfers[cell]
                counted[cell] = dict(truth.cells[cell])
        if through:
            month = next_month(through)
    for cell in truths[-1].cells.keys() - counted.keys():
        _add(found.cells[cell], truths[-1].cells[cell], 1)
        found.transfers[cell] = truths[-1].transfers[cell]
    found.factors = truths[-1].factors
    return found


def _add(mine: dict[Parties, int], more: dict[Parties, int], sign: int) -> None:
    for parties, units in more.items():
        mine[parties] += sign * units


def next_month(month: str) -> str:
    """The month after a month."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"
