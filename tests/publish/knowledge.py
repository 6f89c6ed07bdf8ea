"""What an attacker knows: all that an edition states and everybody knows, as rows of a linear programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.publish.attackers import MARGIN, Cell, Truth
from tests.publish.readers import Reader

Column = Hashable
Terms = dict[Column, float]
CONTRIBUTORS, LARGEST, TWO_LARGEST = 5, Fraction(3, 4), Fraction(17, 20)
INFINITE = float("inf")
_TAXES = ("income_tax", "sales_tax", "profit_tax", "bank_surplus")


@dataclass(frozen=True)
class Row:
    """Something that the attacker knows: a sum of columns lies between two values."""

    terms: Terms
    low: float
    high: float


@dataclass(frozen=True)
class Target:
    """What the attacker wants to know: a sum of columns, and how far off she has to stay."""

    name: str
    columns: tuple[Column, ...]
    value: float
    below: float
    above: float


class Knowledge:
    """What an attacker knows of the cells of an edition.

    Args:
        reader: Who reads the edition.
        truth: What really happened, by which what she knows roughly is made to hold.
        coalition: Parties that put together what they did themselves.
        dividends: What each member was paid, by month, in units; only a member knows what is not told.
        reads: Whether she reads the edition; what she finds out without it is not its fault.
        neighbour: Whether she has the clearing statement of a neighbour; the public has none, and it is from her that
            what crosses the border is to be hidden.
    """

    def __init__(
        self,
        reader: Reader,
        truth: Truth,
        coalition: Iterable[str] = (),
        dividends: dict[str, int] | None = None,
        *,
        reads: bool = True,
        neighbour: bool = True,
    ) -> None:
        self.reader, self.truth, self.coalition = reader, truth, frozenset(coalition)
        self.neighbour = neighbour
        self._dividends, self._reads = dividends, reads
        self.values: dict[Column, float] = {cell: float(truth.units(cell)) for cell in truth.cells}
        self.rows: list[Row] = []
        self._scale = {name: reader.scales[reader.names[key]] for name, key in self._economies()}
        self._by_month: dict[str, list[Cell]] = defaultdict(list)
        for cell in sorted(truth.cells):
            self._by_month[cell.month].append(cell)
        for figure in reader.figures if reads else ():
            self.rows.append(Row(dict.fromkeys(figure.cells, 1.0), float(figure.units), float(figure.units)))
        self.wrong = [row for row in self.rows if abs(self._value(row.terms) - row.low) > 1e-6]
        for month, cells in self._by_month.items():
            self.rows += self._of_month(month, cells)

    def _economies(self) -> Iterator[tuple[str, str]]:
        for name, key in (("HOUR", "labour_time"), ("RSC", "credits")):
            if key in self.reader.names:
                yield name, key

    def own(self, cell: Cell) -> float:
        """What of a cell the coalition did itself."""
        return float(sum(units for parties, units in self.truth.cells[cell].items() if self.coalition & set(parties)))

    def _value(self, terms: Terms) -> float:
        return sum(factor * self.values[column] for column, factor in terms.items())

    def _row(self, terms: Terms, low: float, high: float, slack: float = 0.0) -> Row:
        """What holds by a rate; where the truth is another (corrections, arrears, a change of price) she gives up."""
        value, slack = self._value(terms), slack + 1e-6
        if low - slack <= value <= high + slack:
            return Row(terms, low - slack, high + slack)
        return Row(terms, -INFINITE, INFINITE)

    def _of_month(self, month: str, cells: list[Cell]) -> Iterator[Row]:
        for cell in cells:
            if self.neighbour and "Assets:Regions:" in cell.debit + cell.credit:
                yield Row({cell: 1.0}, self.values[cell], self.values[cell])
        for branch in sorted({cell.branch for cell in cells}):
            mine = [cell for cell in cells if cell.branch == branch]
            yield from self._work(month, branch, [cell for cell in mine if cell.broad == "work"])
            yield from self._banks(mine)
            yield from self._cooperation(month, branch, mine)
            services = [c for c in mine if c.broad == "services"]
            yield from self._taxes(
                month, services, ("private_consumption_of_basic_service", "productive_consumption_of_basic_service")
            )
        yield from self._sales(month, cells)
        yield from self._tuition(month, cells)
        yield from self._dividend(month, cells)

    def _share(self, part: list[Cell], whole: list[Column], least: float, most: float) -> Iterator[Row]:
        if part and whole:
            slack = 0.5 * sum(self.truth.transfers[cell] for cell in part)
            ones: Terms = dict.fromkeys(part, 1.0)
            yield self._row({**ones, **dict.fromkeys(whole, -least)}, 0, INFINITE, slack)
            yield self._row({**ones, **dict.fromkeys(whole, -most)}, -INFINITE, 0, slack)

    def _taxes(self, month: str, cells: list[Cell], kinds: tuple[str, ...]) -> Iterator[Row]:
        factors = self.truth.factors[month]
        hours = [c for c in cells if c.type in kinds]
        if factors:
            taxes = [c for c in cells if c.type == "taxes"]
            yield from self._share(taxes, [*hours], float(1 - max(factors)), float(1 - min(factors)))

    def _work(self, month: str, branch: str, cells: list[Cell]) -> Iterator[Row]:
        of = {kind: [c for c in cells if c.type == kind] for kind in ("work_certificates", "wage", "income_tax")}
        least, most = self.reader.rules(month, "income_tax")
        yield from self._share(of["income_tax"], [*of["wage"]], float(least), float(most))
        yield from self._taxes(month, cells, ("work_certificates",))
        known = self.reader.wages(month)
        keys = [key for key in sorted(self.truth.hours) if key[:2] == (month, branch)]
        paid = {key: self.truth.wages.get(key, 0) for key in keys}
        total = sum(sum(self.truth.hours[key].values()) for key in keys)
        if (
            not of["wage"]
            or "HOUR" not in self._scale
            or total != self._value(dict.fromkeys(of["work_certificates"], 1.0))
        ):
            return
        hours: Terms = {}
        wages: Terms = {}
        ratio = self._scale["RSC"] / self._scale["HOUR"]
        for key in keys:
            hour, wage = ("hours", *key), ("wage", *key)
            self.values[hour], self.values[wage] = float(sum(self.truth.hours[key].values())), float(paid[key])
            hours[hour] = wages[wage] = -1.0
            if key[2] in known:
                low, high = (float(rate) * ratio for rate in known[key[2]])
                slack = 0.5 * sum(self.truth.transfers[cell] for cell in of["wage"])
                yield self._row({wage: 1.0, hour: -low}, 0, INFINITE, slack)
                yield self._row({wage: 1.0, hour: -high}, -INFINITE, 0, slack)
        yield self._row({**hours, **dict.fromkeys(of["work_certificates"], 1.0)}, 0, 0)
        yield self._row({**wages, **dict.fromkeys(of["wage"], 1.0)}, 0, 0)

    def _banks(self, cells: list[Cell]) -> Iterator[Row]:
        pairs = (("bank_surplus", "loan_interest"), ("loan", "loan_claim"), ("loan_repayment", "loan_release"))
        for one, other in pairs:
            first, second = ([c for c in cells if c.type == kind] for kind in (one, other))
            if first and second:
                yield self._row({**dict.fromkeys(first, 1.0), **dict.fromkeys(second, -1.0)}, 0, 0)

    def _sales(self, month: str, cells: list[Cell]) -> Iterator[Row]:
        sellers = {cell.debit for cell in cells if cell.type == "sales_tax"}
        sellers |= {cell.credit for cell in cells if cell.type == "sales_tax_refund"}
        for seller in sorted(sellers):
            taxed = [c for c in cells if c.type == "sales_tax" and c.debit == seller]
            returned = [c for c in cells if c.type == "sales_tax_refund" and c.credit == seller]
            slack = 0.5 * sum(self.truth.transfers[cell] for cell in (*taxed, *returned))
            for number in (0, 1):
                terms: Terms = {**dict.fromkeys(taxed, 1.0), **dict.fromkeys(returned, -1.0)}
                for kind, key in (
                    ("purchase", "internal"),
                    ("external_sale", "external"),
                    ("interregional_sale", "external"),
                ):
                    rate = self.reader.rules(month, f"sales_tax_{key}")[number]
                    terms |= {c: -float(rate) for c in cells if c.type == kind and c.credit == seller}
                low, high = (0.0, INFINITE) if number == 0 else (-INFINITE, 0.0)
                yield self._row(terms, low, high, slack)

    def _tuition(self, month: str, cells: list[Cell]) -> Iterator[Row]:
        """All students of a school together pay a share of what the month cost it."""
        share = self.reader.rules(month, "tuition_share")[1]
        costs = ("wage", "rent", "loan_interest", "purchase", "external_purchase", "interregional_purchase")
        for school in sorted({cell.credit for cell in cells if cell.type == "tuition"}):
            paid = [c for c in cells if c.type == "tuition" and c.credit == school]
            public = sum(
                Fraction(row["amount"]) * self._scale["RSC"]
                for row in self.reader.totals
                if row["level"] == "in full" and row["debit"] == school and row["transfer"] in costs
                if row["period"].startswith(month)
            )
            terms: Terms = dict.fromkeys((c for c in cells if c.debit == school and c.type in costs), -float(share))
            known = float(share * public)
            yield self._row({**terms, **dict.fromkeys(paid, 1.0)}, known, known, 0.5 * len(self.truth.side(paid, 0)))

    def _cooperation(self, month: str, name: str, cells: list[Cell]) -> Iterator[Row]:
        """Of each plan of a cooperation the pieces times its price were consumed, times its distance compensated."""
        keys = [key for key in sorted(self.truth.sold) if key[:2] == (month, name)]
        prices = {price for key in keys for price in self.truth.prices[month, key[2]]}
        if len(prices) != 1 or not keys:
            return
        (price,) = prices
        kinds = ("private_consumption", "productive_consumption_p", "productive_consumption_r")
        consumed: Terms = dict.fromkeys((c for c in cells if c.type in kinds), 1.0)
        moved: dict[str, Terms] = {
            kind: dict.fromkeys((c for c in cells if c.type == kind), 1.0)
            for kind in ("compensation_for_coop", "compensation_for_company")
        }
        for key in keys:
            plan, column = self.reader.plans[key[2]], ("sold", *key)
            cost = sum(Fraction(plan[part]) for part in ("fixed_means", "raw_materials", "labour")) / plan["quantity"]
            self.values[column] = float(sum(self.truth.sold[key].values()))
            consumed[column] = -float(price * self._scale["HOUR"])
            distance = float((price - cost) * self._scale["HOUR"])
            if distance:
                moved["compensation_for_coop" if distance > 0 else "compensation_for_company"][column] = -abs(distance)
        for terms in (consumed, *moved.values()):
            slack = 0.5 * sum(self.truth.transfers[column] for column in terms if isinstance(column, Cell))
            yield self._row(terms, 0, 0, slack)

    def _dividend(self, month: str, cells: list[Cell]) -> Iterator[Row]:
        row = next((row for row in self.reader.region["months"] if row["month"] == month), None)
        rate = self.reader.rules(month, "dividend")[1]
        told = self._reads and row is not None and row["dividend"] is not None
        if row is None or not rate or not (told or (self._dividends or {}).get(month)):
            return
        terms: Terms = {c: 1.0 for c in cells if c.type in _TAXES}
        terms |= {c: -1.0 for c in cells if c.type == "sales_tax_refund"}
        if terms:
            value, width = self._value(terms), float((row["members"] + 1) / rate)
            yield Row(terms, value - width, value + width)

    def targets(self) -> Iterator[Target]:
        """What must stay hidden from this attacker: small cells from everybody, each party from a coalition."""
        groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
        for cell in sorted(self.truth.cells):
            if self.neighbour == ("Assets:Regions:" in cell.debit + cell.credit):
                continue
            groups["cell", *cell].append(cell)
            groups["type", cell.month, cell.type, cell.broad].append(cell)
        for name, cells in groups.items():
            yield from self._hidden(" ".join(name), cells)
        if not self.coalition:
            for column, parties in self._besides():
                if _exposes(parties):
                    needed = float(MARGIN * max(map(abs, parties.values())))
                    yield Target(f"{column}", (column,), self.values[column], needed, needed)

    def _besides(self) -> Iterator[tuple[Column, dict[str, int]]]:
        for key, workers in self.truth.hours.items():
            if ("hours", *key) in self.values:
                yield ("hours", *key), workers
        for sold, pieces in self.truth.sold.items():
            if ("sold", *sold) in self.values:
                yield ("sold", *sold), {company: units for (_, company), units in pieces.items() if company}

    def _hidden(self, name: str, cells: list[Cell]) -> Iterator[Target]:
        value = sum(self.values[cell] for cell in cells)
        if not self.coalition:
            sides = [side for side in (self.truth.side(cells, number) for number in (0, 1)) if side]
            if value and any(_exposes(side) for side in sides):
                needed = float(MARGIN * max(abs(units) for side in sides for units in side.values()))
                yield Target(name, tuple(cells), value, needed, needed)
            return
        rest = value - sum(self.own(cell) for cell in cells)
        for number in (0, 1):
            side = self.truth.side(cells, number, self.coalition)
            if not side or min(side.values()) < 0:
                continue
            party = max(side, key=lambda name: (side[name], name))
            others = rest - side[party]
            needed = float(MARGIN * side[party])
            if others < needed:
                below = needed if others == 0 else 0.0
                yield Target(f"{party} in {name}", tuple(cells), value, below, needed - others)


def _exposes(side: dict[str, int]) -> bool:
    """Whether a total of these parties would say too much of one of them."""
    sizes = sorted((abs(units) for units in side.values() if units), reverse=True)
    total = sum(sizes)
    if len(sizes) < CONTRIBUTORS or sizes[0] > LARGEST * total or sum(sizes[:2]) > TWO_LARGEST * total:
        return True
    return total - sum(sizes[:2]) < MARGIN * sizes[0]
