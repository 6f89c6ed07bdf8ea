"""An edition as Beancount text that any Beancount tool loads, without a plugin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.columns import aligned
from conductor_bean.publish.sides import OWNED, name_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from conductor_bean.domain.amounts import Commodity
    from conductor_bean.publish.entries import Entry

Value = str | int | bool | tuple[str, str]
"""A value of a directive: text, count, flag, or an amount as number and commodity."""


@dataclass(frozen=True, slots=True)
class Directive:
    """A custom directive of an edition.

    Attributes:
        date: Its date.
        type: Its type.
        ids: Its positional values.
        data: Its metadata.
    """

    date: datetime.date
    type: str
    ids: tuple[str, ...]
    data: tuple[tuple[str, Value], ...] = ()


def quoted(text: str) -> str:
    """A text as Beancount reads it back; what cannot be printed becomes a space."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def directive_text(directive: Directive) -> str:
    """A custom directive."""
    head = " ".join(
        [directive.date.isoformat(), "custom", *(quoted(text) for text in (directive.type, *directive.ids))]
    )
    return "\n".join([head, *(f"  {key}: {_value(value)}" for key, value in directive.data)]) + "\n"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return " ".join(value)
    return quoted(value)


_CARRIED = {
    "waiting": "what is not told by itself of {} in {}",
    "told again": "{} is told again at the end of {}",
    "not told": "{} is not told at the end of {}",
}
"""What entries that carry say, of which account and month."""


def narration(entry: Entry) -> str:
    """What an entry is, of whom and to whom where that is public, and of when."""
    if entry.label in _CARRIED:
        return _CARRIED[entry.label].format(name_of(entry.credit) or entry.credit, entry.period)
    sender, receiver = name_of(entry.debit), name_of(entry.credit)
    words = entry.label.replace("_", " ")
    if entry.level in ("type", "in full"):
        words += f" of {sender}" if sender and entry.debit.startswith(OWNED) else ""
        words += f" to {receiver}" if receiver and receiver != sender else ""
    if entry.level == "in full":
        return words if entry.period == entry.date.isoformat() else f"{words}, of {entry.period}"
    return f"{words}, total of {entry.period}"


def entry_text(entry: Entry, commodity: Commodity) -> str:
    """A transaction; payee and narration say no more than what it is a total of."""
    link = f" ^{entry.link}" if entry.link else ""
    lines = [
        f"{entry.date} * {quoted(entry.label)} {quoted(narration(entry))}{link}",
        f"  period: {quoted(entry.period)}",
        f"  transfer: {quoted(entry.label)}",
        f"  level: {quoted(entry.level)}",
        f"  transfers: {entry.transfers}",
    ]
    for account, units in ((entry.debit, -entry.units), (entry.credit, entry.units)):
        lines.append(aligned(f"  {account}", decimal_text(commodity.number(units)), commodity.name))
    return "\n".join(lines) + "\n"


def accounts_text(accounts: dict[str, list[str]], first: datetime.date) -> str:
    """Opens of all accounts, each with its commodities."""
    return "".join(
        aligned(f"{first} open {account}", "", ",".join(commodities)) + "\n"
        for account, commodities in sorted(accounts.items())
    )


def main_text(
    title: str, commodities: Iterable[str], includes: Iterable[str], first: datetime.date, notes: Iterable[str]
) -> str:
    """main.beancount of an edition."""
    lines = [*(f";; {note}".rstrip() for note in notes), "", f'option "title" {quoted(title)}']
    lines += [f'option "operating_currency" "{name}"' for name in commodities]
    lines += [
        "",
        f'{first} custom "fava-extension" "conductor_bean.fava"',
        f'{first} custom "fava-option" "default-page" "extension/Conductor/"',
        f'{first} custom "fava-option" "invert-income-liabilities-equity" "false"',
        "",
    ]
    lines += [f'include "{name}"' for name in includes]
    return "\n".join(lines) + "\n"
