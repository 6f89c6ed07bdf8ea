"""publication.json: the private record beside a ledger of what its editions have told, and the region's secret.

It is JSON with one fact a line, so that it lives well in git. It holds what members did, so it stays where the ledger
is, and never in an edition.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import format_instant, month_from_number
from conductor_bean.publish.history import History, Told
from conductor_bean.publish.key import RECORD, RecordRefusedError
from conductor_bean.publish.record_reader import history_of
from conductor_bean.publish.strict_json import JsonRefusedError, read_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from conductor_bean.domain.region import Region
    from conductor_bean.publish.cells import Cell, Content
    from conductor_bean.publish.history import Balance, Cost, ToldInFull

FORMAT = 2
_LIMIT = 2**31


def read_history(folder: Path, region: Region) -> History:
    """What editions of a ledger have told; an empty history where none was made yet.

    Args:
        folder: The folder of the ledger's main.beancount.
        region: The ledger's region.

    Raises:
        RecordRefusedError: The record is damaged, of a later format, or of another region.
    """
    path = folder / RECORD
    if not path.exists():
        return History()
    try:
        record = read_json(path, _LIMIT)
        if not isinstance(record, dict):
            raise TypeError("it is no JSON object")
        _check_head(path, record, region)
        return history_of(record)
    except JsonRefusedError as error:
        raise _damaged(path, f"it {error}") from error
    except KeyError as error:
        raise _damaged(path, f"it lacks {error}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise _damaged(path, str(error)) from error


def _check_head(path: Path, record: dict[str, Any], region: Region) -> None:
    """Hold that a record is of a format that is known, and of this region with these commodities."""
    found = record["format"]
    if isinstance(found, int) and found > FORMAT:
        raise RecordRefusedError(f"{path}: its format is {found}, which this conductor does not know; update it")
    if found not in (1, FORMAT) or found is True:
        raise ValueError(f"its format is {found!r:.40}, not {FORMAT}")
    if record["region"] != region.id:
        raise RecordRefusedError(
            f"{path}: it is the record of another region, {record['region']!r:.100}, not of {region.id!r}; restore "
            "this region's own from the ledger's history, or, if it never published, move this one away"
        )
    commodities = commodities_of(region)
    for name, value in record["commodities"].items():
        if commodities.get(name) != value:
            raise RecordRefusedError(
                f"{path}: what was published counts {name} in {_commodity(value)}, region.yaml in "
                f"{_commodity(commodities.get(name))}; commodities are fixed for a ledger's life: set it as it was"
            )


def commodities_of(region: Region) -> dict[str, list[Any]]:
    """Name and digits of each commodity of a region."""
    both = (("labour_time", region.labour_time), ("credits", region.credits))
    return {name: [commodity.name, commodity.digits] for name, commodity in both if commodity is not None}


def _commodity(value: Any) -> str:
    match value:
        case [str() as name, int() as digits]:
            return f"{name:.40} of {digits} digits"
        case _:
            return "nothing"


def _damaged(path: Path, why: str) -> RecordRefusedError:
    return RecordRefusedError(
        f"{path}: the record of publications is damaged: {why}; restore it from the ledger's history, since "
        "without it what was told already cannot be told apart from what was not"
    )


def record_text(
    region: Region, history: History, key: bytes, *, through: int | None, tree: dict[str, Any], digest: str
) -> Iterator[str]:
    """The record as text, in parts.

    Args:
        region: The region.
        history: What was told.
        key: The region's secret.
        through: The last instant whose private transfers were told.
        tree: Root and number of leaves of the latest edition.
        digest: SHA-256 of the latest edition, by which it can be told from another.
    """
    head = {
        "format": FORMAT,
        "about": "private: what the public editions of this ledger have told, and the secret that blinds their leaves",
        "region": region.id,
        "commodities": commodities_of(region),
        "key": key.hex(),
        "through": None if through is None else format_instant(through),
        "tree": tree,
        "edition": digest,
        "month": None if history.through is None else month_from_number(history.through),
        "until": None if history.until is None else format_instant(history.until),
        "withheld": [month_from_number(month) for month in history.withheld],
        "dividends": {month_from_number(month): history.dividends[month] for month in sorted(history.dividends)},
    }
    yield "{\n"
    for name, value in head.items():
        yield f'"{name}": {_json(value)},\n'
    yield from _rows("mornings", (list(astuple(morning)) for morning in history.mornings), ",")
    yield from _rows("in_full", (_in_full(told) for told in history.in_full), ",")
    yield from _rows("told", (_told_row(told) for told in history.told), ",")
    yield from _rows("balances", (_balance_row(balance) for balance in history.balances), ",")
    yield from _rows("costs", (_cost_row(cost) for cost in history.costs), ",")
    yield from _rows("stood", (_counted_row(c, history.stood[c]) for c in sorted(history.stood)), ",")
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


def _balance_row(told: Balance) -> list[Any]:
    since = None if told.since is None else month_from_number(told.since)
    return [told.account, told.economy, month_from_number(told.month), since, told.units]


def _cost_row(told: Cost) -> list[Any]:
    return [told.company, month_from_number(told.month), told.part, told.units]


def _cell_row(cell: Cell) -> list[Any]:
    month, *rest = cell
    return [month_from_number(month), *rest]


def _counted_row(cell: Cell, content: Content) -> list[Any]:
    sides = (dict(sorted(side.items())) for side in (content.debits, content.credits))
    pairs = [[*pair, units] for pair, units in sorted(content.pairs.items())]
    return [_cell_row(cell), content.units, content.transfers, *sides, content.known, *([pairs] if pairs else [])]
