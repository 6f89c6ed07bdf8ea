"""What a reader asks of a page, within bounds, and the rows that answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from conductor_bean.fava.pages.blocks import Links, Pager

ROWS = 200
"""Rows of a table on one page."""

_LONGEST = {"page": 20, "q": 100, "kind": 20, "state": 20, "month": 10, "party": 200, "part": 6}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Query:
    """Parameters of a page.

    Attributes:
        page: Its name.
        q: Words to search for.
        kind: Which kind of rows.
        state: In which state.
        month: Of which month or period.
        party: Whose.
        part: Which part of the rows, from 1; 0 where none is asked for.
    """

    page: str = ""
    q: str = ""
    kind: str = ""
    state: str = ""
    month: str = ""
    party: str = ""
    part: int = 0

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Query:
        """The query of a request; what is too long is cut, what is no number is 0."""
        found: dict[str, Any] = {
            name: arguments.get(name, "")[:length].strip() for name, length in _LONGEST.items() if name in arguments
        }
        if "part" in found:
            found["part"] = int(found["part"]) if found["part"].isascii() and found["part"].isdecimal() else 0
        return cls(**found)

    def parameters(self) -> dict[str, object]:
        """What of it a link to another part of the same rows repeats."""
        return {name: value for name in ("q", "kind", "state", "month", "party") if (value := getattr(self, name))}


def search(rows: Iterable[Item], words: str, texts: Callable[[Item], Iterable[object]]) -> list[Item]:
    """Rows in whose texts each of the words stands, whatever their case."""
    wanted = words.casefold().split()
    if not wanted:
        return list(rows)
    found = []
    for row in rows:
        # A line that nobody can search for stands between the texts, so that no match spans two of them.
        whole = "\n".join(str(text) for text in texts(row) if text).casefold()
        if all(word in whole for word in wanted):
            found.append(row)
    return found


def part_of(rows: Sequence[Item], query: Query, links: Links, size: int = ROWS) -> tuple[Sequence[Item], Pager | None]:
    """The part of the rows that is asked for, and how to come to the others; no pager where all fit."""
    if len(rows) <= size:
        return rows, None
    parts = -(-len(rows) // size)
    part = min(max(query.part, 1), parts)
    start = (part - 1) * size

    def address(number: int) -> str:
        if not 1 <= number <= parts:
            return ""
        return links.page(query.page, **query.parameters(), part=number)

    shown = rows[start : start + size]
    return shown, Pager(start + 1, start + len(shown), len(rows), address(part - 1), address(part + 1))
