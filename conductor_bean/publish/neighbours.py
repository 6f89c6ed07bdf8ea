"""What the editions of neighbours tell of what moved between them and this region.

Every crossing stands in two books, with the opposite sign. Whoever reads both editions holds the one against the other,
so an audit that is given a neighbour's edition takes all it tells of the clearing account for known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.instants import month_from_number, month_number, month_of
from conductor_bean.ledger.reports import commodity_of
from conductor_bean.publish.clearing import SETTLEMENT, Settled
from conductor_bean.publish.files import EDITION_FILE, TOTALS_FILE
from conductor_bean.publish.relations import Relation
from conductor_bean.publish.strict_json import JsonRefusedError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.activity import Activity
    from conductor_bean.publish.cells import Cell, Content, PublicTransfer

MIRRORED: Mapping[str, tuple[str, ...]] = {
    "interregional_purchase": ("interregional_sale", "surcharge"),
    "interregional_sale": ("interregional_purchase",),
    "surcharge": ("interregional_purchase",),
    "interregional_gift": ("interregional_gift",),
    "settlement": ("settlement",),
}
"""What a transfer of a neighbour is in the books here."""
WAITING = "Assets:Private:Waiting"
"""What is not told of an account is carried against it, so that the account's balance is the true one from then on."""

_LIMIT = 2**29
_DATE = re.compile(r"(\d{4}-\d{2})-\d{2}", re.ASCII)
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-\d{2})?|Q([1-4])))?", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,18}(?:\.\d{1,28})?", re.ASCII)
_ROW = ("date", "period", "transfer", "level", "debit", "credit", "amount")


class NeighbourRefusedError(Exception):
    """A folder holds no edition of a neighbour that can be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """What an edition tells of the clearing account of this region.

    Attributes:
        month: The month at which it stands.
        months: The months that it is of.
        type: The transfer, the broad type, or "other".
        level: `in full`, `type`, `broad type`, `other`, or another.
        units: The amount, in units of credits; above zero where the neighbour's account is credited.
        against: The other account.
    """

    month: int
    months: range
    type: str
    level: str
    units: Fraction
    against: str


@dataclass(frozen=True, slots=True)
class NeighbourEdition:
    """What a neighbour's edition tells of the clearing account of this region.

    Attributes:
        region: The neighbour's id.
        through: The month up to which it tells private transfers, as a number, or None.
        rows: Its rows, in the order in which they stand.
    """

    region: str
    through: int | None
    rows: tuple[Row, ...]

    def keeps_back(self, happened: Activity) -> set[Cell]:
        """Settlements that it does not tell, though it tells of their month: they would expose somebody there."""
        told = {month for row in self.rows if row.type == SETTLEMENT for month in row.months}
        through = -1 if self.through is None else self.through
        account = f"Assets:Regions:{self.region}:Clearing"
        return {
            cell
            for cell in happened.settlements
            if account in (cell.debit, cell.credit) and cell.month <= through and cell.month not in told
        }

    def statements(self, happened: Activity) -> Iterator[Settled]:
        """What it tells of cells here.

        Args:
            happened: What happened in this region.
        """
        account = f"Assets:Regions:{self.region}:Clearing"
        # A settlement that is told in full is no cell any more; its part is known to be what it is.
        found = {c: content for c, content in happened.cells.items() if c.type != SETTLEMENT}
        found |= {c: content for c, content in happened.parts.items() if c.type.startswith(f"{SETTLEMENT} of")}
        cells = {cell: content for cell, content in found.items() if account in (cell.debit, cell.credit)}
        public = [t for t in happened.public if account in (t.debit, t.credit)]
        yield from self._of_types(_Books(account, cells, public))
        yield from self._of_balances(_Books(account, cells, public))

    def _of_types(self, books: _Books) -> Iterator[Settled]:
        """Single transfers are a part of what moved in their month, and a total of a type is all of it."""
        told: dict[tuple[range, str, bool, bool], Fraction] = {}
        for row in self.rows:
            if row.type in MIRRORED:
                whole = row.level != "in full" or row.type == "settlement"
                key = row.months, row.type, row.units > 0, whole
                told[key] = told.get(key, Fraction(0)) + abs(row.units)
        for (months, kind, credits_, whole), units in told.items():
            terms, public = books.of(months, MIRRORED[kind], credited=not credits_)
            yield from _statement(terms, books.cells, float(units) - public, open_above=not whole)

    def _of_balances(self, books: _Books) -> Iterator[Settled]:
        """Where all of an account is told or carried month by month, its balance here is the same but for the sign."""
        ends = sorted({row.month for row in self.rows if row.against == WAITING})
        for before, month in zip([None, *ends], ends, strict=False):
            mine = [row for row in self.rows if row.month <= month and (before is None or row.month > before)]
            first = min((cell.month for cell in books.cells), default=month) if before is None else before + 1
            months = range(min(first, month), month + 1)
            credited, public = books.of(months, None, credited=True)
            charged, back = books.of(months, None, credited=False)
            terms = credited | {cell: -factor for cell, factor in charged.items()}
            moved = -float(sum(row.units for row in mine))
            yield from _statement(terms, books.cells, moved - public + back)


@dataclass(frozen=True, slots=True)
class _Books:
    """What moved on the clearing account here: as cells, and in full."""

    account: str
    cells: Mapping[Cell, Content]
    public: Sequence[PublicTransfer]

    def of(self, months: range, kinds: Sequence[str] | None, *, credited: bool) -> tuple[dict[Cell, float], float]:
        """Cells of some months that credit or charge the account, and units of what is told in full.

        Args:
            months: The months.
            kinds: The transfers; None are all.
            credited: Whether the account is credited.
        """
        terms = {
            cell: 1.0
            for cell in self.cells
            if cell.month in months
            and (kinds is None or cell.type.partition(" of ")[0] in kinds)
            and self.account == (cell.credit if credited else cell.debit)
        }
        units = sum(
            t.units
            for t in self.public
            if month_number(month_of(t.instant)) in months
            and (kinds is None or t.type in kinds)
            and self.account == (t.credit if credited else t.debit)
        )
        return terms, float(units)


def _statement(
    terms: dict[Cell, float], cells: Mapping[Cell, Content], told: float, *, open_above: bool = False
) -> Iterator[Settled]:
    """What is told of a sum; where the books here differ, as of what is under way, both may be true."""
    if not terms:
        return
    value = float(sum(factor * cells[cell].units for cell, factor in terms.items()))
    high = float("inf") if open_above else max(told, value)
    relation = Relation(terms, min(told, value), high, anchored=True)
    yield Settled(frozenset(cell.month for cell in terms), relation)


def read_neighbours(folders: Iterable[Path], books: Books) -> list[NeighbourEdition]:
    """The editions of neighbours.

    Args:
        folders: Their folders.
        books: The ledger of this region.

    Raises:
        NeighbourRefusedError: A folder holds no edition of a neighbour that can be read.
    """
    return [_read(folder, books) for folder in folders]


def _read(folder: Path, books: Books) -> NeighbourEdition:
    try:
        about, totals = (read_json(folder / name, _LIMIT) for name in (EDITION_FILE, TOTALS_FILE))
    except JsonRefusedError as error:
        raise NeighbourRefusedError(f"{folder}: is no edition: {error}; name the folder of a neighbour's") from error
    region = about.get("region") if isinstance(about, dict) else None
    regions = books.machine.state.credits.regions
    if not isinstance(region, str) or region not in regions:
        known = ", ".join(sorted(regions)) or "none"
        raise NeighbourRefusedError(
            f"{folder}: is the edition of {region!r:.100}, which is no neighbour of {books.region.id} (neighbours: "
            f"{known}); name that of one"
        )
    if not isinstance(totals, list):
        raise NeighbourRefusedError(f"{folder / TOTALS_FILE}: holds no list of totals; fetch the edition again")
    through = _DATE.match(str(about.get("through")))
    account = f"Assets:Regions:{books.region.id}:Clearing"
    scale = 10 ** commodity_of(books, CREDITS).digits
    rows = (_row(row, account, scale, folder) for row in totals)
    told = None if through is None else month_number(through[1])
    return NeighbourEdition(region, told, tuple(row for row in rows if row is not None))


def _row(row: Any, account: str, scale: int, folder: Path) -> Row | None:
    """A row of totals.json, None where it is not about the account."""
    try:
        date, period, kind, level, debit, credit, amount = (row[key] for key in _ROW)
        if account not in (debit, credit):
            return None
        stands, number = _DATE.fullmatch(date), _AMOUNT.fullmatch(amount)
        months = _months(period)
        if stands is None or number is None or months is None or not all(isinstance(t, str) for t in (kind, level)):
            raise ValueError(f"{row!r:.200}")
        units = Fraction(amount) * scale * (1 if credit == account else -1)
        return Row(month_number(stands[1]), months, kind, level, units, debit if credit == account else credit)
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise NeighbourRefusedError(
            f"{folder / TOTALS_FILE}: a row is not what an edition states: {row!r:.200}; fetch the edition again"
        ) from error


def _months(period: str) -> range | None:
    """The months of `2026-03-31`, `2026-03`, `2026-Q1` or `2026`."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return None
    year, month, quarter = found.groups()
    if month is not None:
        number = month_number(f"{year}-{month}")
        return range(number, number + 1) if month_from_number(number) == f"{year}-{month}" else None
    first = month_number(f"{year}-01") + (3 * (int(quarter) - 1) if quarter else 0)
    return range(first, first + (3 if quarter else 12))
