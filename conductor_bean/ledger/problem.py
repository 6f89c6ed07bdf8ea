"""A fault or advice with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from conductor_bean.domain.problems import codes, printable


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """An error or advice of a ledger.

    Attributes:
        file: Path of the file.
        line: Line in it, from 1.
        code: The stable code.
        message: What was found, what is right, what to do; one line.
        advice: Whether it only informs, whatever its code does elsewhere.
        table: The version of the table of transfers by which it is judged.
    """

    file: str
    line: int
    code: str
    message: str
    table: int = field(default=1, compare=False)
    advice: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        """Keep a message on one line and without anything that a terminal would obey, whatever text it quotes."""
        object.__setattr__(self, "message", printable(" ".join(self.message.split())))
        object.__setattr__(self, "file", printable(self.file))

    @property
    def is_advice(self) -> bool:
        """Whether it informs only."""
        code = codes().get(self.code)
        return self.advice or (code is not None and code.is_advice(self.table))


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """What a proposal changes that is no fault, but that somebody should look at.

    Attributes:
        file: Path of the file.
        line: Line in it, from 1.
        kind: What it concerns, in one word.
        message: What changed; one line.
    """

    file: str
    line: int
    kind: str
    message: str

    def __post_init__(self) -> None:
        """Keep it on one line and without anything that a terminal would obey."""
        object.__setattr__(self, "message", printable(" ".join(self.message.split())))
        object.__setattr__(self, "file", printable(self.file))
