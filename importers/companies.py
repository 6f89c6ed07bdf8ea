"""Companies, and who works there, from a list: CSV or a spreadsheet (docs/importing.md).

    date,name,id,ownership,members
    2026-01-02,Sunrise Bakery,Bakery,workers,Ada; Bob Mills
    2026-01-02,Valley Clinic,,regional,

Where `id` is empty, one is proposed from the name. `members` lists who works there, divided by semicolons.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.lists import Proposals, Told, in_order
from conductor_bean.importers.common.parties import Parties
from conductor_bean.importers.common.tables import Column
from conductor_bean.importers.members import employment

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work

_OWNERSHIP = FACT_TYPES["company"].keys["ownership"].choices


class Companies(SourceImporter):
    """Imports companies and their workers."""

    source = "companies"
    plain = True
    tables = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
    columns = (
        Column("date", "date", "since", "founded", "registered"),
        Column("name", "name", "company", required=True),
        Column("id", "id", "company id"),
        Column("ownership", "ownership", "owner", required=True),
        Column("members", "members", "workers", "employees"),
    )

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """Whose documents these are: of all companies."""
        return KINDS["a"].patterns[0].partition(":*")[0]

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The facts of a list.

        Raises:
            ImportRefusedError: A file is no such table.
        """
        state = work.books.machine.state
        proposals = Proposals([*state.members, *state.companies])
        entries: list[Directive] = []
        parties = Parties("company", work, proposals)
        told = Told(work, "employment")
        for path in files:
            table = work.table(path)
            formats = work.formats(table, dates=("date",))
            parties.keep_ids(table)
            for instant, row in in_order(table, formats, work):
                with work.row(row):
                    company, new = parties.of(row, instant, {"ownership": _ownership(row)})
                    _check_owner(company, row, work)
                    members = [
                        work.find("members", each, row) for each in row.text("members").split(";") if each.strip()
                    ]
                    entries += new
                    for member in members:
                        entries += employment(row, (company, member), instant, {}, told, work)
        proposals.tell("companies", work)
        return entries


def _ownership(row: Row) -> str:
    ownership = row.text("ownership").casefold() or _OWNERSHIP[0]
    if ownership not in _OWNERSHIP:
        raise RowFault(f"the ownership is {quoted(row.text('ownership'))}; write {' or '.join(_OWNERSHIP)}")
    return ownership


def _check_owner(company: str, row: Row, work: Work) -> None:
    party = work.books.machine.state.companies.get(company)
    if party is not None and party.ownership != _ownership(row):
        raise RowFault(
            f"the ledger says that {company} is owned by {party.ownership}, this list otherwise; mend the row"
        )
