"""Members and companies of a list: which of them the ledger knows, and the ids of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from beancount.core.account import ACC_COMP_NAME_RE

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.entries import fact
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.lists import Proposals, checked_id
from conductor_bean.importers.common.mapping import plain

if TYPE_CHECKING:
    from conductor_bean.importers.common.entries import Directive
    from conductor_bean.importers.common.tables import Row, Table
    from conductor_bean.importers.common.work import Work

_COMPONENT = "an account component such as Ada or M-0042"
_SECTIONS = {"member": "members", "company": "companies"}


class Parties:
    """The members, or the companies, of one import.

    Args:
        kind: `member` or `company`.
        work: The import.
        proposals: Where new ids come from.
    """

    def __init__(self, kind: str, work: Work, proposals: Proposals) -> None:
        state = work.books.machine.state
        self._kind, self._section = kind, _SECTIONS[kind]
        self._work, self._proposals = work, proposals
        self._parties = state.members if kind == "member" else state.companies
        self._others = state.companies if kind == "member" else state.members
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def keep_ids(self, table: Table) -> None:
        """Keep the ids that a list itself gives from being proposed."""
        for row in table.rows:
            if row.has("id"):
                self._proposals.take(row.text("id"))

    def of(self, row: Row, instant: int, meta: Mapping[str, Any]) -> tuple[str, list[Directive]]:
        """The id of a row's party, and its fact where nothing told of it before.

        Raises:
            RowFault: The row does not say who it is.
            LeftOut: The mapping leaves it out.
        """
        name = plain(row.text("name"))
        if not name:
            raise RowFault("names nobody; fill in the column name")
        identity = self._identity(name, row)
        self._check(identity, name)
        if identity in self._parties or identity in self._names:
            return identity, []
        self._names[identity] = name
        return identity, [fact(row, self._kind, (identity,), instant=instant, meta={"name": name, **meta})]

    def _identity(self, name: str, row: Row) -> str:
        mapped = self._work.look_up(self._section, name)
        named = self._work.names.named(self._section).get(name, [])
        own = row.text("id") or mapped
        if own:
            return checked_id(own, ACC_COMP_NAME_RE, _COMPONENT)
        if len(named) > 1:
            raise RowFault(f"{quoted(name)} is the name of several ({', '.join(named)}); fill in the column id")
        if named:
            return named[0]
        if name not in self._ids:
            self._ids[name] = self._proposals.party(name, self._kind)
        return self._ids[name]

    def _check(self, identity: str, name: str) -> None:
        if identity in self._others:
            raise RowFault(f"the id {quoted(identity)} is in use; members and companies share one space of ids")
        party = self._parties.get(identity)
        if party is not None and party.ended is not None:
            raise RowFault(f"{identity} has ended, and an id is never used again; give another")
        called = self._names.get(identity, "") if party is None else plain(party.name)
        if called and called != name:
            where = "a row before" if party is None else "the ledger"
            raise RowFault(
                f"{where} calls {identity} {quoted(called)}, this one {quoted(name)}; if they are one, mend the name, "
                "if they are two, give another id"
            )
