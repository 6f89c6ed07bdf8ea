"""Turns cells of the app's tables into values, or refuses them with table, row and column.

SQLite does not hold a column to its type, and drivers differ (CHAR(32) or native uuid, REAL or NUMERIC, text or
datetime), so that every cell passes through here.
"""

from __future__ import annotations

import datetime as dt
import decimal
import itertools
import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from conductor_bean.domain import instants
from conductor_bean.importers.workers_control.database import Tables
from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.importers.workers_control.generations import TABLES, Generation

PRECISION = Decimal("1E-10")
"""The app declares its amounts with ten decimals; that is what it reads back, and what the ledger keeps."""

LIMIT = Decimal(10) ** 15
"""Amounts of the ledger language lie below it."""

Value = TypeVar("Value")

_HEX = re.compile(r"[0-9a-f]{32}", re.ASCII)
_EXACT = decimal.Context(prec=60, rounding=decimal.ROUND_HALF_EVEN)


class Row:
    """One row of a table.

    Attributes:
        number: Its place in the order of insertion.
    """

    __slots__ = ("_cells", "_generation", "_table", "number")

    def __init__(self, table: str, cells: dict[str, Any], generation: Generation, number: int) -> None:
        self._table = table
        self._cells = cells
        self._generation = generation
        self.number = number

    def uuid(self, column: str) -> str:
        """An id as 32 hexadecimal digits, whether the database keeps it as text or as a uuid."""
        return self._read(column, _uuid, "an id of 32 hexadecimal digits")

    def uuid_or_none(self, column: str) -> str | None:
        """An id, or None where the cell is empty."""
        return None if self._cells[column] is None else self.uuid(column)

    def text(self, column: str) -> str:
        """A text."""
        return self._read(column, _text, "a text")

    def amount(self, column: str) -> Decimal:
        """Hours, exact, at ten decimals."""
        return self._read(column, _amount, "a number of hours below 10^15")

    def count(self, column: str) -> int:
        """A whole number."""
        return self._read(column, _count, "a whole number below 10^15")

    def flag(self, column: str) -> bool:
        """True or false."""
        return self._read(column, _flag, "true or false")

    def instant(self, column: str) -> int:
        """An instant: naive datetimes of the app are UTC."""
        return self._read(column, _instant, "a date and time of the years 1900 to 2199")

    def instant_or_none(self, column: str) -> int | None:
        """An instant, or None where the cell is empty."""
        return None if self._cells[column] is None else self.instant(column)

    def transfer_type(self, column: str) -> str:
        """A type of transfer, as the ledger language calls it."""
        name = self.text(column)
        return self._generation.transfers.get(name, name)

    def called(self, column: str) -> str:
        """The database's name of a column."""
        return self._generation.column(column)

    def refuse(self, found: str, right: str) -> ImportRefusedError:
        """A refusal that names this row."""
        name = next((f" {self._cells[c]!r}" for c in ("id", "plan", "member_id") if self._cells.get(c) is not None), "")
        return ImportRefusedError(
            f"the row{name[:50]} of the table {self._generation.table(self._table)} {found}",
            right,
            "mend the row in the app's database, or restore the database from a backup",
        )

    def _read(self, column: str, convert: Callable[[Any], Value | None], right: str) -> Value:
        cell = self._cells[column]
        value = convert(cell)
        if value is None:
            shown = "nothing" if cell is None else f"{type(cell).__name__} {cell!r}"[:60]
            name = self.called(column)
            raise self.refuse(f"holds {shown} in the column {name}", f"{name} holds {right}")
        return value


def read_rows(tables: Tables, table: str) -> list[Row]:
    """The rows of a table, in an order that depends on their content alone.

    The ledger language orders events by instant whatever the order of lines: sorting by content gives the same ledger
    from SQLite and from PostgreSQL. Events of one instant need more than that: each row knows its number, too.
    """
    columns = TABLES[table]
    rows = [Row(table, cells, tables.generation, number) for number, cells in enumerate(tables.rows(table))]
    if columns[0] != "id":
        return sorted(rows, key=lambda row: [row.uuid(column) for column in columns])
    rows.sort(key=lambda row: row.uuid("id"))
    for first, second in itertools.pairwise(rows):
        if first.uuid("id") == second.uuid("id"):
            raise second.refuse("stands in it twice", "an id stands in its table once")
    return rows


def _uuid(cell: Any) -> str | None:
    if isinstance(cell, uuid.UUID):
        return cell.hex
    if isinstance(cell, str):
        text = cell.strip().replace("-", "").lower()
        return text if _HEX.fullmatch(text) else None
    return None


def _text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) else None


def _amount(cell: Any) -> Decimal | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return None
        # SQLite keeps NUMERIC as a binary double. repr() is the shortest decimal that stands for that double, which
        # for the amounts people enter is the very text they entered; the exact binary value would be 0.1000...0055.
        cell = repr(cell)
    elif isinstance(cell, str):
        return None
    if not isinstance(cell, int | str | Decimal):
        return None
    value = Decimal(cell)
    if not value.is_finite() or abs(value) >= LIMIT:
        return None
    rounded = value.quantize(PRECISION, context=_EXACT)
    return abs(rounded) if rounded == 0 else rounded


def _count(cell: Any) -> int | None:
    value = _amount(cell)
    return None if value is None or value != int(value) else int(value)


def _flag(cell: Any) -> bool | None:
    return bool(cell) if isinstance(cell, int) and cell in {0, 1} else None


def _instant(cell: Any) -> int | None:
    if isinstance(cell, str):
        try:
            cell = dt.datetime.fromisoformat(cell.strip())
        except ValueError:
            return None
    if not isinstance(cell, dt.datetime):
        return None
    if cell.tzinfo is not None:
        try:
            cell = cell.astimezone(dt.UTC)
        except OverflowError:
            return None
    if not instants.FIRST_DATE <= cell.date() <= instants.LAST_DATE:
        return None
    seconds = (cell.hour * 60 + cell.minute) * 60 + cell.second
    microseconds: int = cell.microsecond
    return instants.start_of(cell.date()) + int(seconds) * instants.SECOND + microseconds
