"""Faults: codes with their explanations (read from `codes.yaml`), and the rejection that carries one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from conductor_bean.domain.tables import read_table

STAGES = {
    "file": "The ledger, its files and its plugins",
    "malformed": "The form of directives and transactions",
    "existence": "Whether what they name exists",
    "state": "Whether it is in the right state",
    "relation": "Whether it stands in the right relation",
    "amount": "Amounts",
    "balance": "Balances",
    "advice": "Advice: allowed, but worth a look",
}
"""The stages of the check, in order of precedence, as people read them."""


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code of an error or advice.

    Attributes:
        name: Kebab-case, never reused.
        severity: `error` blocks, `advice` informs.
        error_since: The version of the table of transfers from which on advice is an error, None for never.
        stage: Where it stands in the order of precedence (see STAGES).
        summary: One sentence: what is wrong.
        explanation: Why it is a fault.
        remedy: What to do.
        example: What the examples are: `ledger` (a part of one), or a whole file, such as `region.yaml`.
        since: Whether the wrong example is a proposal, held against the right one as the revision before it.
        wrong: An example that has the fault; `<- here` marks the line where it is reported.
        right: The example mended.
    """

    name: str
    severity: str
    stage: str
    summary: str
    explanation: str
    remedy: str
    example: str = "ledger"
    wrong: str = ""
    right: str = ""
    error_since: int | None = None
    since: bool = False

    def is_advice(self, table: int) -> bool:
        """Whether the code only informs, in a region that names a version of the table of transfers."""
        return self.severity == "advice" and (self.error_since is None or table < self.error_since)


@cache
def codes() -> dict[str, Code]:
    """All codes by name, in order of precedence."""
    return {row["name"]: Code(**row) for row in read_table("codes.yaml")}


class Rejection(Exception):  # noqa: N818 - an event is rejected; that is no error of the program
    """An event breaks a rule.

    Attributes:
        code: The stable code.
        message: What was found, what is right, what to do; one line.
        leg: Index of the posting at fault, where one alone is.
        account: Account of the posting at fault, where one alone is and its index is not known.
        transfer: Transfer type of that posting, where it is a derived one.
        missing: What a dependent event lacked: if a rejected event should have brought it, the fault is there.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        leg: int | None = None,
        account: str = "",
        transfer: str = "",
        missing: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code, message)
        self.account = account
        self.transfer = transfer
        self.code = code
        self.message = message
        self.leg = leg
        self.missing = missing

    def with_hint(self, hint: str) -> Rejection:
        """The same rejection with more to its message."""
        return Rejection(
            self.code,
            self.message + hint,
            leg=self.leg,
            account=self.account,
            transfer=self.transfer,
            missing=self.missing,
        )


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a mistyped word most probably meant, or None where nothing is near."""
    near = difflib.get_close_matches(word, sorted(candidates), 1, 0.6)
    return near[0] if near else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """The end of a sentence that names the nearest candidate, empty where nothing is near."""
    near = nearest(word, candidates)
    return f"; did you mean {quoted(near)}?" if near else ""


def quoted(text: str, limit: int = 80) -> str:
    """A hostile text as part of a one-line message: quoted, control characters escaped, cut to a limit."""
    return f'"{printable(text if len(text) <= limit else text[: limit - 3] + "...")}"'


def printable(text: str) -> str:
    """A text without anything that a terminal would obey: control characters escaped."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
