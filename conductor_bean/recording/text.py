"""Entries as text: rendered in canonical layout, and read again to see that they say what was meant."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from beancount.core import data
from beancount.core.amount import Amount

from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.ledger.preview import parse_entries

Value: TypeAlias = str | bool | Decimal | Amount

COLUMN = 60
"""Characters before the commodity of a posting, as `conductor format` lays it out."""

_GAP = 2


class MistakeError(Exception):
    """A value cannot stand for what is asked; the message says what can.

    Attributes:
        field: The name of the value, or "".
    """

    def __init__(self, field_name: str, message: str) -> None:
        self.field = field_name
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class FactDraft:
    """A fact to be written.

    Attributes:
        date: Its date.
        type: Its type.
        ids: Its positional values.
        meta: Its metadata.
    """

    date: datetime.date
    type: str
    ids: tuple[str, ...]
    meta: dict[str, Value] = field(default_factory=dict)

    def text(self) -> str:
        """The directive."""
        head = " ".join([f"{self.date} custom {string(self.type)}", *map(string, self.ids)])
        return "\n".join([head, *_meta(self.meta, "  ")]) + "\n"

    def is_in(self, entry: Any) -> bool:
        """Whether an entry says this and nothing else."""
        return (
            isinstance(entry, data.Custom)
            and (entry.date, entry.type) == (self.date, self.type)
            and tuple(value.value for value in entry.values or ()) == self.ids
            and _own(entry.meta) == self.meta
        )


@dataclass(frozen=True, slots=True)
class Leg:
    """A posting to be written."""

    account: str
    amount: Amount
    meta: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TransactionDraft:
    """A transaction to be written.

    Attributes:
        date: Its date.
        payee: Its payee.
        narration: Its narration.
        links: Its links.
        meta: Its metadata.
        legs: Its postings.
    """

    date: datetime.date
    payee: str
    narration: str
    links: tuple[str, ...]
    meta: dict[str, Value]
    legs: tuple[Leg, ...]

    def text(self) -> str:
        """The directive."""
        payee = [string(self.payee)] if self.payee else []
        head = " ".join([f"{self.date} *", *payee, string(self.narration), *("^" + link for link in self.links)])
        lines = [head, *_meta(self.meta, "  ")]
        for leg in self.legs:
            number = decimal_text(leg.amount.number)
            room = max(COLUMN - 1 - 2 - len(leg.account), len(number) + _GAP)
            lines += [f"  {leg.account}{number:>{room}} {leg.amount.currency}", *_meta(leg.meta, "    ")]
        return "\n".join(lines) + "\n"

    def is_in(self, entry: Any) -> bool:
        """Whether an entry says this and nothing else."""
        return (
            isinstance(entry, data.Transaction)
            and (entry.date, entry.payee or "", entry.narration) == (self.date, self.payee, self.narration)
            and entry.links == frozenset(self.links)
            and not entry.tags
            and _own(entry.meta) == self.meta
            and [(posting.account, posting.units, _own(posting.meta or {})) for posting in entry.postings]
            == [(leg.account, leg.amount, leg.meta) for leg in self.legs]
        )


Draft = FactDraft | TransactionDraft


def written(draft: Draft) -> str:
    """The text of an entry, read again and held against what was meant.

    Raises:
        MistakeError: Beancount does not read it as it was meant.
    """
    text = draft.text()
    try:
        entries = parse_entries(text)
    except Rejection as rejection:
        raise MistakeError("", f"this cannot stand in a ledger: {rejection.message}") from rejection
    if len(entries) != 1 or not draft.is_in(entries[0]):
        raise MistakeError("", "Beancount reads this entry otherwise than it is meant; write it by hand")
    return text


def string(text: str) -> str:
    """A text as Beancount reads it: in quotes, what it would take for an end escaped.

    Raises:
        MistakeError: The text holds a line end or another control character.
    """
    if not text.isprintable():
        raise MistakeError("", f"{quoted(text)} holds a line end or a control character; a text is one plain line")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _meta(meta: dict[str, Value], indent: str) -> list[str]:
    return [f"{indent}{key}: {_value(value)}" for key, value in meta.items()]


def _value(value: Value) -> str:
    if isinstance(value, str):
        return string(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Amount):
        return f"{decimal_text(value.number)} {value.currency}"
    return decimal_text(value)


def _own(meta: dict[str, Any]) -> dict[str, Any]:
    """Metadata as it was written, without what the parser adds."""
    return {key: value for key, value in meta.items() if key not in {"filename", "lineno"} and not key.startswith("__")}
