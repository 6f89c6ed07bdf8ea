"""The statement of a party as a document: its accounts, and each with its transfers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.reporting.content import Column, Note, Report, Section, Table
from conductor_bean.reporting.statement import movements, shown_accounts
from conductor_bean.reporting.words import moment, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conductor_bean.reporting.statement import Movement, Row


def statement_report(
    document: Row, region: str, commodities: Mapping[str, str], first: str | None, last: str
) -> Report:
    """The statement as a document.

    Args:
        document: The statement as JSON has it.
        region: The region's name.
        commodities: The commodity of each account.
        first: Its first date, None for the ledger's beginning.
        last: Its last date.
    """
    accounts = shown_accounts(document)
    moved = list(movements(document))
    cover = [
        Note(f"From {first or 'the beginning'} to {last}. This statement is for {document['party']}; it is not public.")
    ]
    summary = Table(
        "Accounts",
        [Column("account"), Column("opening", number=True), Column("closing", number=True), Column("in")],
        [[name, document["opening"][name], document["closing"][name], commodities[name]] for name in accounts],
        "There are no accounts.",
    )
    sections = [Section("accounts", "Accounts", [summary])]
    for number, name in enumerate(accounts, 1):
        mine = [one for one in moved if one.account == name]
        table = _account(document, name, commodities[name], mine)
        sections.append(Section(f"account-{number}", name, [table]))
    return Report(f"Statement of {document['party']}", region, cover, sections, last)


def _account(document: Row, name: str, commodity: str, moved: list[Movement]) -> Table:
    rows = [["", "opening", "", "", document["opening"][name]]]
    rows += [
        [
            moment(one.row["instant"]),
            plain(one.row["type"]),
            one.other,
            f"{one.amount:+f}",
            f"{one.balance:f}",
        ]
        for one in moved
    ]
    rows.append(["", "closing", "", "", document["closing"][name]])
    columns = [
        *(Column("when"), Column("transfer"), Column("with")),
        *(Column("amount", commodity, number=True), Column("balance", commodity, number=True)),
    ]
    return Table(f"{name}: opening, transfers, closing", columns, rows, "")
