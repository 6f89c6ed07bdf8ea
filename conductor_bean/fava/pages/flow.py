"""A picture of a fund's month: where it came from and where it went, as bands whose breadth is the amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from conductor_bean.fava.pages.words import plain

WIDTH = 460
MIDDLE = 16
TALLEST = 220
LABEL = 30
"""Sizes in the picture's own units: its width, the breadth of the fund in its middle, how tall all that came is drawn,
and how much room a label needs."""

_SIDE = 142
"""From where to where bands run, measured from the edge: labels stand beyond."""


@dataclass(frozen=True, slots=True)
class Band:
    """One source or use of the fund.

    Attributes:
        label: What it is.
        amount: How much, as text.
        path: The band, as the path of an SVG.
        x: Where its label stands.
        y: At which height.
        anchor: `end` for labels that end there, `start` for those that begin.
        kind: `in`, `out`, or `kept` for what was there before and is there afterwards.
    """

    label: str
    amount: str
    path: str
    x: int
    y: str
    anchor: str
    kind: str


@dataclass(frozen=True, slots=True)
class Flow:
    """The picture of a month of a fund.

    Attributes:
        name: The fund.
        title: What the picture shows, for who cannot see it.
        description: The same in a sentence, with the sums.
        bands: What came on the left and what went on the right.
        fund: Left edge, top and height of the fund in the middle.
        height: Height of the picture.
        empty: What is said where nothing moved.
    """

    name: str
    title: str
    description: str
    bands: Sequence[Band]
    fund: tuple[int, str, str]
    height: str
    empty: str = ""
    width: int = WIDTH
    block: str = field(default="flow", init=False)


Part = tuple[str, Decimal, str]


def flow(name: str, month: str, unit: str, fund: dict[str, Any]) -> Flow:
    """The picture of a fund's month.

    Args:
        name: The fund as people say it.
        month: The month.
        unit: The commodity.
        fund: `{"opening", "income", "spending", "closing"}` of the document of months.
    """
    opening, closing = (_amount(fund[key]) for key in ("opening", "closing"))
    came = [("held before", opening, "kept")] if opening > 0 else []
    came += _parts(fund["income"], "in")
    came += [("below zero at the end", -closing, "kept")] if closing < 0 else []
    went = [("below zero before", -opening, "kept")] if opening < 0 else []
    went += _parts(fund["spending"], "out")
    went += [("held at the end", closing, "kept")] if closing > 0 else []
    total = max(sum((units for _, units, _ in came), Decimal(0)), sum((units for _, units, _ in went), Decimal(0)))
    title = f"{name} in {month}: where it came from and where it went"
    if not total:
        return Flow(name, title, "", (), (0, "0", "0"), "0", f"Nothing came to it and nothing went in {month}.")
    scale = TALLEST / float(total)
    top = LABEL / 2
    bands = [
        *_side(came, unit, scale, top, left=True),
        *_side(went, unit, scale, top, left=False),
    ]
    rows = max(_height(came, scale), _height(went, scale), TALLEST)
    income, spending = (_sum(fund, key) for key in ("income", "spending"))
    description = (
        f"Before: {_shown(fund['opening'])}. Came in: {_shown(income)}. Went out: {_shown(spending)}. "
        f"At the end: {_shown(fund['closing'])}. All in {unit}."
    )
    middle = (WIDTH - MIDDLE) // 2
    return Flow(name, title, description, bands, (middle, _point(top), _point(TALLEST)), _point(rows + LABEL))


def _sum(fund: dict[str, Any], key: str) -> str | None:
    """All that came in or went out, None where an edition does not tell all of it by transfer."""
    if fund["opening"] is None or fund["closing"] is None or any("other" in (fund[k] or {}) for k in _DIRECTIONS):
        return None
    return f"{sum((units for _, units, _ in _parts(fund[key], '')), Decimal(0)):f}"


_DIRECTIONS = ("income", "spending")


def _parts(amounts: dict[str, Any] | None, kind: str) -> list[Part]:
    """What moved, the largest first; a month may know of an amount that is private."""
    known = [(plain(name), Decimal(str(value)), kind) for name, value in (amounts or {}).items() if value is not None]
    return sorted((part for part in known if part[1] > 0), key=lambda part: (-part[1], part[0]))


def _amount(value: object) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def _shown(value: object) -> str:
    return "not known" if value is None else str(value)


def _height(parts: list[Part], scale: float) -> float:
    return sum(max(LABEL, float(units) * scale) for _, units, _ in parts)


def _side(parts: list[Part], unit: str, scale: float, top: float, *, left: bool) -> list[Band]:
    """The bands of one side: spread at the edge, so that labels have room, and without gaps at the fund."""
    bands = []
    spread = inner = top
    for label, units, kind in parts:
        tall = float(units) * scale
        room = max(LABEL, tall)
        outer = spread + (room - tall) / 2
        edge, fund = (_SIDE, (WIDTH - MIDDLE) // 2) if left else (WIDTH - _SIDE, (WIDTH + MIDDLE) // 2)
        x, anchor = (edge - 5, "end") if left else (edge + 5, "start")
        path = _path(edge, outer, fund, inner, max(tall, 1))
        bands.append(Band(label, f"{units:f} {unit}", path, x, _point(outer + tall / 2 - 2), anchor, kind))
        spread += room
        inner += tall
    return bands


def _path(edge: int, outer: float, fund: int, inner: float, tall: float) -> str:
    bend = (edge + fund) / 2
    return (
        f"M{edge},{_point(outer)} {_curve(bend, outer, fund, inner)} V{_point(inner + tall)} "
        f"{_curve(bend, inner + tall, edge, outer + tall)} Z"
    )


def _curve(bend: float, start: float, x: int, y: float) -> str:
    return f"C{_point(bend)},{_point(start)} {_point(bend)},{_point(y)} {x},{_point(y)}"


def _point(value: float) -> str:
    return f"{value:.1f}"
