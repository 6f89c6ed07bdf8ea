"""publication.json: the private record beside a ledger of what its editions have told, and the region's secret.

It is JSON with one fact a line, so that it lives well in git. It holds what members did, so it stays where the ledger
is, and never in an edition.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import format_instant, month_from_number, month_number, parse_instant
from conductor_bean.publish.cells import Cell, Content, PublicTransfer
from conductor_bean.publish.history import History, Morning, Told, ToldInFull
from conductor_bean.publish.key import RECORD, RecordRefusedError
from conductor_bean.publish.strict_json import JsonRefusedError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORMAT = 1
_LIMIT = 2**31


def read_history(folder: Path) -> History:
    """What editions of a ledger have told; an empty history where none was made yet.

    Args:
        folder: The folder of the ledger's main.beancount.

    Raises:
        RecordRefusedError: The record is damaged, or of a later format.
    """
    path = folder / RECORD
    if not path.exists():
        return History()
    try:
        record = read_json(path, _LIMIT)
        if record.get("format") != FORMAT:
            raise ValueError(f"its format is {record.get('format')!r}, not {FORMAT}")
        return _history(record)
    except (JsonRefusedError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordRefusedError(
            f"{path}: the record of publications is damaged: {error}; restore it from the ledger's history, since "
            "without it what was told already cannot be told apart from what was not"
        ) from error


def _history(record: dict[str, Any]) -> History:
    return History(
        told=[_told(row) for row in record["told"]],
        counted=dict(_counted(row) for row in record["counted"]),
        through=None if record["month"] is None else month_number(record["month"]),
        withheld=[month_number(month) for month in record["withheld"]],
        in_full=[
            ToldInFull(datetime.date.fromisoformat(date), PublicTransfer(_instant(instant), *rest), times)
            for date, instant, *rest, times in record["in_full"]
        ],
        until=None if record["until"] is None else _instant(record["until"]),
        mornings=[Morning(*row) for row in record["mornings"]],
    )


def _instant(text: str) -> int:
    instant = parse_instant(text)
    if instant is None:
        raise ValueError(f"{text!r} is no instant")
    return instant


def _told(row: list[Any]) -> Told:
    values = dict(zip(Told.__slots__, row, strict=True))
    values["told"], values["cells"] = month_number(values["told"]), tuple(_cell(cell) for cell in values["cells"])
    return Told(**values)


def _cell(row: list[Any]) -> Cell:
    month, *rest = row
    return Cell(month_number(month), *rest)


def _counted(row: list[Any]) -> tuple[Cell, Content]:
    cell, units, transfers, debits, credited, known = row
    return _cell(cell), Content(units, transfers, debits, credited, known)


def record_text(history: History, key: bytes, through: int | None, tree: dict[str, Any], digest: str) -> Iterator[str]:
    """The record as text, in parts.

    Args:
        history: What was told.
        key: The region's secret.
        through: The last instant whose private transfers were told.
        tree: Root and number of leaves of the latest edition.
        digest: SHA-256 of the latest edition, by which it can be told from another.
    """
    head = {
        "format": FORMAT,
        "about": "private: what the public editions of this ledger have told, and the secret that blinds their leaves",
        "key": key.hex(),
        "through": None if through is None else format_instant(through),
        "tree": tree,
        "edition": digest,
        "month": None if history.through is None else month_from_number(history.through),
        "until": None if history.until is None else format_instant(history.until),
        "withheld": [month_from_number(month) for month in history.withheld],
    }
    yield "{\n"
    for name, value in head.items():
        yield f'"{name}": {_json(value)},\n'
    yield from _rows("mornings", (list(astuple(morning)) for morning in history.mornings), ",")
    yield from _rows("in_full", (_in_full(told) for told in history.in_full), ",")
    yield from _rows("told", (_told_row(told) for told in history.told), ",")
    yield from _rows("counted", (_counted_row(c, history.counted[c]) for c in sorted(history.counted)), "")
    yield "}\n"


def _rows(name: str, rows: Iterable[list[Any]], end: str) -> Iterator[str]:
    yield f'"{name}": ['
    separator = "\n"
    for row in rows:
        yield separator + _json(row)
        separator = ",\n"
    yield f"\n]{end}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _in_full(told: ToldInFull) -> list[Any]:
    transfer = told.transfer
    return [
        told.date.isoformat(),
        format_instant(transfer.instant),
        transfer.type,
        transfer.debit,
        transfer.credit,
        transfer.units,
        transfer.link,
        told.times,
    ]


def _told_row(told: Told) -> list[Any]:
    values = {name: getattr(told, name) for name in Told.__slots__}
    values["told"], values["cells"] = month_from_number(told.told), [_cell_row(cell) for cell in told.cells]
    return list(values.values())


def _cell_row(cell: Cell) -> list[Any]:
    month, *rest = cell
    return [month_from_number(month), *rest]


def _counted_row(cell: Cell, content: Content) -> list[Any]:
    sides = (dict(sorted(side.items())) for side in (content.debits, content.credits))
    return [_cell_row(cell), content.units, content.transfers, *sides, content.known]
