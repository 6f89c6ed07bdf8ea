"""The statement of a party line by line, and as CSV, from the rows of `conductor statement --json`."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = dict[str, Any]

COLUMNS: Final = (
    *("entry", "instant", "account", "commodity", "type", "counterpart", "amount", "balance"),
    *("derived", "links", "file", "line"),
)
"""Columns of the CSV.

`entry` is `opening`, `transfer` or `closing`; `instant` is ISO, empty of opening and closing; `amount` is what the
transfer brought the account, negative where it took; `balance` is what the account holds afterwards; `links` are
separated by spaces.
"""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets would run as a formula; such a text gets an apostrophe before it."""


class Movement(NamedTuple):
    """What a transfer did to one account of the party.

    Attributes:
        account: The account.
        other: The account on the other side.
        amount: What it brought, negative where it took.
        balance: What the account holds afterwards.
        row: The transfer.
    """

    account: str
    other: str
    amount: Decimal
    balance: Decimal
    row: Row


def movements(document: Row) -> Iterator[Movement]:
    """What each transfer did to each account of the party, with running balances."""
    running = {account: Decimal(balance) for account, balance in document["opening"].items()}
    for row in document["transfers"]:
        amount = Decimal(row["amount"])
        for account, other, signed in ((row["debit"], row["credit"], -amount), (row["credit"], row["debit"], amount)):
            if account in running:
                running[account] += signed
                yield Movement(account, other, signed, running[account], row)


def shown_accounts(document: Row) -> list[str]:
    """The accounts to show: whoever never borrowed is not bothered with her debt of nothing."""
    moved = {account for row in document["transfers"] for account in (row["debit"], row["credit"])}
    return [
        name
        for name, balance in document["opening"].items()
        if Decimal(balance) or name in moved or not name.endswith(":Loans")
    ]


def csv_bytes(document: Row, commodities: Mapping[str, str]) -> bytes:
    """The statement as CSV (RFC 4180), in UTF-8.

    Args:
        document: The statement as JSON has it.
        commodities: The commodity of each account.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in ("opening", "transfer", "closing"):
        if entry == "transfer":
            for moved in movements(document):
                writer.writerow(_transfer_cells(moved))
            continue
        for account, balance in document[entry].items():
            writer.writerow([entry, "", safe(account), safe(commodities[account]), "", "", "", balance, "", "", "", ""])
    return out.getvalue().encode("utf-8")


def _transfer_cells(moved: Movement) -> list[object]:
    row = moved.row
    return [
        *("transfer", row["instant"], safe(moved.account), safe(row["commodity"]), row["type"], safe(moved.other)),
        *(f"{moved.amount:f}", f"{moved.balance:f}", "true" if row["derived"] else "false"),
        *(safe(" ".join(row["links"])), safe(row["file"]), row["line"]),
    ]


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULA) else text
