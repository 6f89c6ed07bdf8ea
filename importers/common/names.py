"""Foreign names to ids: exact ids, exact unique names, and what mapping.yaml says; the rest told all at once."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import Fault, LeftOut, RowFault
from conductor_bean.importers.common.mapping import plain

if TYPE_CHECKING:
    from conductor_bean.engine.state import State
    from conductor_bean.importers.common.mapping_schema import MappingModel

KNOWN: dict[str, Callable[[State], dict[str, str]]] = {
    "members": lambda state: {party.id: party.name for party in state.members.values()},
    "companies": lambda state: {party.id: party.name for party in state.companies.values()},
    "plans": lambda state: {plan.id: plan.product for plan in state.plans.values()},
    "offers": lambda state: {offer.id: offer.product for offer in state.credits.offers.values()},
    "services": lambda state: {service.id: service.name for service in state.services.values()},
}
"""Ids with their names, of what the ledger knows."""

_NEAREST = 3
_SOUGHT = 50
"""For how many unknown names the nearest are sought: to look through thousands takes long, and is a wrong file."""
_LIKENESS = 0.5


class UnknownName(RowFault):
    """A name that neither the ledger nor the mapping knows; it is reported once, with all its rows."""


@dataclass(slots=True)
class _Unknown:
    section: str
    name: str
    file: str
    rows: list[int] = field(default_factory=list)
    nearest: list[str] = field(default_factory=list)
    several: list[str] = field(default_factory=list)


class Names:
    """The names of one ledger and one mapping.

    Args:
        state: The region's state at the end of the ledger.
        mapping: The mapping.
    """

    def __init__(self, state: State, mapping: MappingModel) -> None:
        self._ids = {section: ids(state) for section, ids in KNOWN.items()}
        self._mapping = mapping
        self._mapped: dict[str, dict[str, str | None]] = {}
        self._named: dict[str, dict[str, list[str]]] = {}
        self._unknown: dict[tuple[str, str], _Unknown] = {}

    def find(self, section: str, name: str, file: str, row: int) -> str:
        """The id of a foreign name.

        Raises:
            LeftOut: The mapping says null.
            RowFault: The name is missing, or unknown.
        """
        name = plain(name)
        if not name:
            raise RowFault(f"nothing names one of the {section}")
        mapped = self.mapped(section)
        if name in mapped:
            return self._held(section, name, mapped[name])
        if name in self._ids[section]:
            return name
        ids = self.named(section).get(name, [])
        if len(ids) == 1:
            return ids[0]
        raise self.unknown(section, name, file, row, several=ids)

    def has(self, section: str, name: str) -> bool:
        """Whether the ledger has this id."""
        return plain(name) in self._ids[section]

    def knows(self, section: str, name: str) -> bool:
        """Whether the mapping or the ledger tells what a name means."""
        name = plain(name)
        return name in self.mapped(section) or self.has(section, name) or len(self.named(section).get(name, ())) == 1

    def look_up(self, section: str, name: str) -> str | None:
        """What the mapping alone says of a name, None where it says nothing.

        Raises:
            LeftOut: It says null.
        """
        mapped = self.mapped(section)
        name = plain(name)
        if name not in mapped:
            return None
        if mapped[name] is None:
            raise LeftOut(f"{section}: {quoted(name)} is null in mapping.yaml")
        return mapped[name]

    def mapped(self, section: str) -> dict[str, str | None]:
        """A section of the mapping, with names made comparable."""
        if section not in self._mapped:
            names = getattr(self._mapping, section)
            self._mapped[section] = {plain(name): identity for name, identity in names.items()}
        return self._mapped[section]

    def named(self, section: str) -> dict[str, list[str]]:
        """Ids by the name that the ledger gives them."""
        if section not in self._named:
            named: dict[str, list[str]] = {}
            for identity, name in self._ids[section].items():
                if name:
                    named.setdefault(plain(name), []).append(identity)
            self._named[section] = named
        return self._named[section]

    def unknown(self, section: str, name: str, file: str, row: int, several: list[str] | None = None) -> UnknownName:
        """Remember an unknown name; the fault to raise for its row."""
        name = plain(name)
        found = self._unknown.setdefault((section, name), _Unknown(section, name, file))
        found.rows.append(row)
        found.several = several or []
        return UnknownName(name)

    def _held(self, section: str, name: str, identity: str | None) -> str:
        if identity is None:
            raise LeftOut(f"{section}: {quoted(name)} is null in mapping.yaml")
        if identity not in self._ids[section]:
            near = self._near(section, identity)
            hint = f"; did you mean {quoted(near[0])}?" if near else ""
            raise RowFault(
                f"mapping.yaml says {quoted(name)} is {quoted(identity)}, which is none of the {section}{hint}"
            )
        return identity

    def _near(self, section: str, name: str) -> list[str]:
        """The nearest ids, by id or by name, the nearest first."""
        # Whoever is on the other side of an account outside stands for a company or a member.
        on_accounts = section in ("counterparties", "accounts")
        ids = self._ids["companies"] | self._ids["members"] if on_accounts else self._ids.get(section, {})
        likeness = {
            identity: max(_alike(name, identity), _alike(name, known or identity)) for identity, known in ids.items()
        }
        near = sorted((-alike, identity) for identity, alike in likeness.items() if alike >= _LIKENESS)
        return [identity for _, identity in near[:_NEAREST]]

    def faults(self) -> list[Fault]:
        """Every unknown name once, with the row where it stands first."""
        faults = []
        for number, unknown in enumerate(self._unknown.values()):
            if number < _SOUGHT:
                unknown.nearest = self._near(unknown.section, unknown.name)
            rows = sorted(set(unknown.rows))
            more = f" (and in {len(rows) - 1} more rows)" if len(rows) > 1 else ""
            if unknown.several:
                said = f"is the name of several: {', '.join(sorted(unknown.several))}"
            else:
                near = ", ".join(unknown.nearest)
                said = f"is none of the {unknown.section}" + (f"; the nearest: {near}" if near else "")
            faults.append(Fault(unknown.file, rows[0], f"{quoted(unknown.name)} {said}{more}"))
        return faults

    def snippet(self) -> str:
        """What to write into mapping.yaml, ready but for the choice of ids; empty where nothing is unknown.

        `faults` has looked for the nearest ids before.
        """
        if not self._unknown:
            return ""
        lines = ["Say in mapping.yaml who they are (null leaves their rows out):"]
        for section in sorted({unknown.section for unknown in self._unknown.values()}):
            lines.append(f"  {section}:")
            for (of, name), unknown in sorted(self._unknown.items()):
                if of == section:
                    near = sorted(unknown.several) or unknown.nearest
                    others = f"   # or {', '.join(near[1:])}" if near[1:] else ""
                    lines.append(f"    {json.dumps(name, ensure_ascii=False)}: {near[0] if near else 'ID'}{others}")
        return "\n".join(lines)


def _alike(left: str, right: str) -> float:
    left, right = left.casefold(), right.casefold()
    if left.partition("@")[0] in (right, left) and right in left:
        return 1
    words = [difflib.SequenceMatcher(None, word, right).ratio() for word in left.replace("@", " ").split()]
    return max(difflib.SequenceMatcher(None, left, right).ratio(), *words) if words else 0
