"""What is wrong with a source: each fault with its file and row, all of them told together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from conductor_bean.domain.problems import printable

SHOWN = 20
"""How many faults are told in full."""


class Place(Protocol):
    """Where something of a source stands: a row of a table, or whatever else has a file and a number in it."""

    @property
    def file(self) -> str:
        """The source's path."""

    @property
    def number(self) -> int:
        """Line or row, from 1."""


class RowFault(Exception):  # noqa: N818 - a row is at fault; that is no error of the program
    """A row cannot be taken as it is; the message says what was found, what is right, what to do."""


class LeftOut(Exception):  # noqa: N818
    """A row is left out on purpose, since the mapping says so."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault of a source.

    Attributes:
        file: The source's path as the command was given it.
        row: Line or row in it, from 1; 0 where the whole file is meant.
        message: What was found, what is right, what to do; one line.
    """

    file: str
    row: int
    message: str

    def __str__(self) -> str:
        """The fault as `file:row: message`, without anything that a terminal would obey."""
        place = f"{self.file}:{self.row}" if self.row else self.file
        return printable(f"{place}: {' '.join(self.message.split())}")


class ImportRefusedError(Exception):
    """An import that cannot be; nothing was written.

    Attributes:
        faults: What is wrong with the sources, in order.
        advice: What else helps, such as a snippet of mapping.yaml; lines.
        unreadable: Whether a file cannot be read at all, or the command was used wrongly.
    """

    def __init__(self, faults: Iterable[Fault], advice: str = "", *, unreadable: bool = False) -> None:
        self.faults = sorted(set(faults))
        self.advice = advice
        self.unreadable = unreadable
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """The first faults in full, how many more there are, and the advice."""
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        rest = len(self.faults) - SHOWN
        if rest > 0:
            shown.append(f"... and {rest} more")
        return [*shown, *self.advice.splitlines()]


def unreadable(file: str, message: str, row: int = 0) -> ImportRefusedError:
    """A file that cannot be read."""
    return ImportRefusedError([Fault(file, row, message)], unreadable=True)
