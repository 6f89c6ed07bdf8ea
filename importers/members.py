"""Members, and where they work, from a list: CSV or a spreadsheet (docs/importing.md).

    date,name,id,company,occupation,productivity
    2026-01-02,Ada Lovelace,Ada,Bakery,baker,0.5
    2026-01-02,Bob Mills,,,,

Where `id` is empty, one is proposed from the name. `company`, `occupation` and `productivity` make an employment.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.accounts import KINDS
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.lists import Proposals, Told, in_order
from conductor_bean.importers.common.parties import Parties
from conductor_bean.importers.common.tables import Column

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.formats import Formats
    from conductor_bean.importers.common.tables import Row
    from conductor_bean.importers.common.work import Work


class Members(SourceImporter):
    """Imports members and their employment."""

    source = "members"
    plain = True
    tables = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
    columns = (
        Column("date", "date", "since", "joined", "registered"),
        Column("name", required=True),
        Column("id", "id", "member id"),
        Column("company", "company", "employer", "works at"),
        Column("occupation"),
        Column("productivity"),
    )

    def account(self, filepath: str) -> str:  # noqa: ARG002 - beangulp's interface
        """Whose documents these are: of all members."""
        return KINDS["member"].patterns[0].partition(":*")[0]

    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The facts of a list.

        Raises:
            ImportRefusedError: A file is no such table.
        """
        state = work.books.machine.state
        proposals = Proposals([*state.members, *state.companies])
        entries: list[Directive] = []
        parties = Parties("member", work, proposals)
        told = Told(work, "employment")
        for path in files:
            table = work.table(path)
            formats = work.formats(table, dates=("date",), numbers=("productivity",))
            parties.keep_ids(table)
            for instant, row in in_order(table, formats, work):
                with work.row(row):
                    member, new = parties.of(row, instant, {})
                    entries += new
                    if row.has("company"):
                        company = work.find("companies", row.text("company"), row)
                        entries += employment(row, (company, member), instant, _work_of(row, formats), told, work)
        proposals.tell("members", work)
        return entries


def _work_of(row: Row, formats: Formats) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    if row.has("occupation"):
        meta["occupation"] = row.text("occupation")
    if row.has("productivity"):
        productivity = formats.number(row, "productivity")
        if not Decimal(0) <= productivity <= Decimal(1):
            raise RowFault(f"the productivity is {productivity}; it is a number from 0 to 1")
        meta["productivity"] = productivity
    return meta


def employment(  # noqa: PLR0917 - as many as there are
    row: Row, ids: tuple[str, str], instant: int, meta: dict[str, Any], told: Told, work: Work
) -> list[Directive]:
    """The fact of an employment, none where it is known.

    Raises:
        RowFault: It ended in the ledger; whether it begins anew no list says.
    """
    company, member = ids
    known, found = told.ledger_has(ids), told.tell(row, ids, instant, meta)
    if found and known and member not in work.books.machine.state.employments.get(company, {}):
        raise RowFault(f"{member} worked at {company} until an employment-end; record the new employment by itself")
    return [*found]
