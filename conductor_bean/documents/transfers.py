"""The page *Transfers*: the table of allowed transfers as law, with how much of each was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.about import about
from conductor_bean.documents.course import Course
from conductor_bean.domain.accounts import CREDITS, LABOUR_TIME
from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.transfers import rows
from conductor_bean.ledger.reports import commodity_of

if TYPE_CHECKING:
    from conductor_bean.documents.traffic import RowTraffic
    from conductor_bean.domain.transfers import Row as TableRow
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row


def transfers(books: Books, course: Course | None = None) -> Row:
    """The table of transfers, with the number and amount of those that were made.

    Returns:
        `about` (see there);
        `rows`: `[{"name", "debit", "credit", "commodity", "recorded", "derived", "approved", "condition",
        "explanation", "count", "volume", "reversed", "periods"}]` in the order of the table; `count` and `volume` are
        those of all transfers made under the row, `reversed` is the amount that reversals took back (not part of
        them), `periods` are `[{"period", "count", "volume"}]` by month, in a public edition also by quarter or year.
    """
    course = course or Course.of(books)
    return {
        "about": about(books, course),
        "rows": [_row(books, row, moved) for row, moved in zip(rows(), course.traffic.rows, strict=True)],
    }


def _row(books: Books, row: TableRow, moved: RowTraffic) -> Row:
    commodity = commodity_of(books, CREDITS if row.commodity == "RSC" else LABOUR_TIME)

    def text(units: int) -> str:
        return decimal_text(commodity.number(units))

    return {
        "name": row.name,
        "debit": row.debit,
        "credit": row.credit,
        "commodity": commodity.name,
        "recorded": row.recorded,
        "derived": row.derived,
        "approved": row.approved,
        "condition": row.condition,
        "explanation": row.explanation,
        "count": moved.count,
        "volume": text(moved.units),
        "reversed": text(moved.reversed),
        "periods": [
            {"period": month, "count": count, "volume": text(units)}
            for month, (count, units) in sorted(moved.months.items())
        ],
    }
