"""The rows of publication.json, each held to its shape, so that a damaged record is refused and never believed."""

from __future__ import annotations

import datetime
import re
from typing import Any

from conductor_bean.domain.instants import month_number, parse_instant
from conductor_bean.domain.transfers import table
from conductor_bean.publish.cells import Cell, Content, PublicTransfer
from conductor_bean.publish.hierarchy import broad_types
from conductor_bean.publish.history import Balance, Cost, History, Morning, Told, ToldInFull
from conductor_bean.publish.statement_terms import COST_PARTS, HOURS_OF

_ACCOUNT = re.compile(r"(?:Assets|Liabilities|Equity)(?::[\w-]+)+")
_PERIOD = re.compile(r"\d{4}(?:-Q[1-4]|-\d{2})?", re.ASCII)
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_LEVELS = frozenset(("type", "broad type", "other"))
_ECONOMIES = frozenset(("HOUR", "RSC"))


def history_of(record: dict[str, Any]) -> History:
    """The history that a record tells.

    Raises:
        ValueError: A row is not what it should be.
        TypeError: The same.
        KeyError: A part is missing.
    """
    month, until = record["month"], record["until"]
    history = History(
        told=[_told(row) for row in record["told"]],
        counted=dict(_counted(row) for row in record["counted"]),
        stood=dict(_counted(row) for row in record["stood"]),
        balances=[_balance(row) for row in record.get("balances", ())],
        costs=[_cost(row) for row in record.get("costs", ())],
        dividends={month_number(_text(name)): _whole(units) for name, units in record["dividends"].items()},
        through=None if month is None else month_number(_text(month)),
        withheld=[month_number(_text(month)) for month in record["withheld"]],
        in_full=[_in_full(row) for row in record["in_full"]],
        until=None if until is None else _instant(until),
        mornings=[_morning(row) for row in record["mornings"]],
    )
    for told in history.told:
        if not history.counted.keys() >= set(told.cells):
            raise ValueError(f"a total of {told.period} has parts that are not counted")
    if [morning.date for morning in history.mornings] != sorted({morning.date for morning in history.mornings}):
        raise ValueError("its mornings are not in order")
    return history


def _told(row: list[Any]) -> Told:
    period, told, level, broad, type_, economy, debit, credit, units, transfers, cells = row
    if not _PERIOD.fullmatch(_text(period)):
        raise ValueError(f"{period!r:.40} is no period")
    if not isinstance(cells, list) or not cells:
        raise TypeError(f"{cells!r:.40} is no list of parts")
    return Told(
        period,
        month_number(_text(told)),
        _one_of(level, _LEVELS, "level"),
        broad if broad == "other" else _broad(broad),
        type_ if type_ == "" else _transfer(type_),
        _one_of(economy, _ECONOMIES, "economy"),
        _account(debit),
        _account(credit),
        _whole(units),
        _whole(transfers),
        tuple(_cell(cell) for cell in cells),
    )


def _balance(row: list[Any]) -> Balance:
    account, economy, month, since, units = row
    before = None if since is None else month_number(_text(since))
    return Balance(
        _account(account), _one_of(economy, _ECONOMIES, "economy"), month_number(_text(month)), before, _whole(units)
    )


def _cost(row: list[Any]) -> Cost:
    company, month, part, units = row
    if not _text(part).startswith(HOURS_OF):
        _one_of(part, COST_PARTS, "part of a cost")
    return Cost(_text(company), month_number(_text(month)), part, _whole(units))


def _cell(row: list[Any]) -> Cell:
    month, broad, branch, type_, debit, credit = row
    number = month_number(_text(month))
    return Cell(number, _broad(broad), _text(branch), _transfer(type_), _account(debit), _account(credit))


def _counted(row: list[Any]) -> tuple[Cell, Content]:
    cell, units, transfers, debits, credited, known, *pairs = row
    if not isinstance(known, bool):
        raise TypeError(f"{known!r:.40} is neither true nor false")
    content = Content(_whole(units), _whole(transfers), _parties(debits), _parties(credited), known)
    for debit, credit, part in pairs[0] if pairs else ():
        content.pairs[_text(debit), _text(credit)] = _whole(part)
    return _cell(cell), content


def _parties(side: dict[str, Any]) -> dict[str, int]:
    return {party: _whole(units) for party, units in side.items()}


def _in_full(row: list[Any]) -> ToldInFull:
    date, instant, type_, debit, credit, units, link, times = row
    transfer = PublicTransfer(
        _instant(instant), _transfer(type_), _account(debit), _account(credit), _whole(units), _text(link)
    )
    return ToldInFull(_date(date), transfer, _whole(times))


def _morning(row: list[Any]) -> Morning:
    date, *parts = row
    for part in parts:
        if not _DECIMAL.fullmatch(_text(part)):
            raise ValueError(f"{part!r:.40} is no number")
    return Morning(_date(date).isoformat(), *parts)


def _date(value: Any) -> datetime.date:
    return datetime.date.fromisoformat(_text(value))


def _instant(value: Any) -> int:
    instant = parse_instant(_text(value))
    if instant is None:
        raise ValueError(f"{value!r:.40} is no instant")
    return instant


def _broad(value: Any) -> str:
    return _one_of(value, {broad.name for broad in broad_types()}, "broad type")


def _transfer(value: Any) -> str:
    return _one_of(value, table().keys(), "transfer")


def _one_of(value: Any, known: Any, what: str) -> str:
    if _text(value) not in known:
        raise ValueError(f"{value!r:.40} is no {what}")
    return str(value)


def _account(value: Any) -> str:
    if not _ACCOUNT.fullmatch(_text(value)):
        raise ValueError(f"{value!r:.40} is no account")
    return str(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r:.40} is no whole number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value
