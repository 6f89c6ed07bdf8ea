"""Lists of members, companies and offers: rows as facts, with ids proposed where a list has none."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core.amount import Amount
from beancount.core.data import Custom
from regex import sub as substitute  # unicode classes, as Beancount's own pattern for components has them

from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.domain.instants import format_instant, start_of
from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.entries import clean, fact, instant_of
from conductor_bean.importers.common.faults import RowFault
from conductor_bean.importers.common.formats import within_bounds

if TYPE_CHECKING:
    from conductor_bean.importers.common.formats import Formats
    from conductor_bean.importers.common.tables import Row, Table
    from conductor_bean.importers.common.work import Work

_INTERNAL = ("filename", "lineno", "time", "by")
_LONGEST = 60


def instant_of_row(row: Row, formats: Formats, work: Work) -> int:
    """When the fact of a row begins: as the row says, else as the command or the mapping says for the list.

    Raises:
        RowFault: Neither says.
    """
    if row.has("date"):
        return start_of(formats.date(row, "date"))
    if work.settings.date is None:
        raise RowFault(
            f"has no date; a fact begins on one: fill in the column, or say sources: {{{work.source}: {{date: "
            "2026-01-01}} in mapping.yaml"
        )
    return start_of(within_bounds(work.settings.date))


class Proposals:
    """Ids for names that have none: valid, unique, and the same for the same list and ledger.

    Args:
        taken: Ids that are in use.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._proposed: dict[str, str] = {}

    def take(self, identity: str) -> None:
        """Keep an id that a row names itself."""
        self._taken.add(identity)

    def party(self, name: str, kind: str) -> str:
        """An account component for a person or company: `Ada Lovelace` becomes AdaLovelace."""
        words = substitute(r"[^\p{L}\p{Nd}]+", " ", unicodedata.normalize("NFC", name)).split()
        joined = "".join(word[:1].upper() + word[1:] for word in words)[:_LONGEST]
        if substitute(r"^[\p{Lu}\p{Nd}]", "", joined) == joined:
            # Scripts without capitals: a component begins with one.
            joined = f"{kind[:1].upper()}-{joined}".rstrip("-")
        return self._unique(name, joined)

    def link(self, name: str, what: str) -> str:
        """A link for a product: `Rye loaf, 1 kg` becomes rye-loaf-1-kg."""
        ascii_only = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
        joined = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")[:_LONGEST].rstrip("-")
        return self._unique(name, joined or what)

    def _unique(self, name: str, identity: str) -> str:
        chosen, number = identity, 2
        while chosen in self._taken:
            chosen, number = f"{identity}-{number}", number + 1
        self._taken.add(chosen)
        self._proposed[name] = chosen
        return chosen

    def tell(self, section: str, work: Work) -> None:
        """Say which ids were proposed, as a snippet of mapping.yaml that keeps or changes them."""
        if self._proposed:
            lines = [f"    {json.dumps(name, ensure_ascii=False)}: {each}" for name, each in self._proposed.items()]
            heading = "ids were proposed from names; to choose others, write them into mapping.yaml before you import:"
            work.note("\n".join([heading, f"  {section}:", *lines]))


def checked_id(identity: str, pattern: str, right: str) -> str:
    """An id that a row or the mapping names.

    Raises:
        RowFault: The language does not allow it.
    """
    if not substitute(f"^(?:{pattern})$", "", identity) == "" or not identity:
        raise RowFault(f"the id {quoted(identity)} is not {right}")
    return identity


class Told:
    """What the ledger, and the rows before, say of things that may be said again: offers and employment.

    Args:
        work: The import.
        kind: The type of the facts.
    """

    def __init__(self, work: Work, kind: str) -> None:
        self._kind = kind
        self._facts: dict[tuple[str, ...], list[Custom]] = {}
        for entry in work.books.entries:
            if isinstance(entry, Custom) and entry.type == kind:
                self._facts.setdefault(tuple(str(value.value) for value in entry.values), []).append(entry)
        self._in_ledger = frozenset(self._facts)

    def at(self, ids: tuple[str, ...], instant: int) -> Custom | None:
        """What holds at an instant of a thing, None where nothing was said of it before."""
        earlier = [entry for entry in self._facts.get(ids, ()) if instant_of(entry) <= instant]
        return max(earlier, key=instant_of, default=None)

    def ledger_has(self, ids: tuple[str, ...]) -> bool:
        """Whether the ledger speaks of a thing."""
        return ids in self._in_ledger

    def tell(self, row: Row, ids: tuple[str, ...], instant: int, meta: Mapping[str, Any]) -> list[Custom]:
        """The fact of a row, none where what was said before says the same.

        What the row does not tell stays as it was: a repeated fact replaces all metadata.

        Raises:
            RowFault: Something else was said for that very instant.
        """
        before = self.at(ids, instant)
        said: dict[str, Any] = {}
        if before is not None:
            said = {key: value for key, value in before.meta.items() if key not in _INTERNAL and key[:2] != "__"}
            differing = [key for key, value in meta.items() if self._said(said, key) != _plain(value)]
            if not differing:
                return []
            if instant_of(before) == instant:
                raise RowFault(
                    f"{self._kind} {quoted(ids[0])} is said otherwise already at {format_instant(instant)} ("
                    + ", ".join(
                        f"{key}: {_plain(said.get(key)) or 'nothing'}, not {_plain(meta[key])}" for key in differing
                    )
                    + "); give the date from which this is to hold"
                )
        found = fact(row, self._kind, ids, instant=instant, meta={**said, **meta})
        self._facts.setdefault(ids, []).append(found)
        return [found]

    def _said(self, said: Mapping[str, Any], key: str) -> str:
        """What was said of a key, or what holds where nothing was said."""
        default = FACT_TYPES[self._kind].keys[key].default
        return _plain(said.get(key, default))


def in_order(table: Table, formats: Formats, work: Work) -> list[tuple[int, Row]]:
    """The rows of a list with the instants of their facts, the earliest first; faults are collected."""
    dated = []
    for row in table.rows:
        with work.row(row):
            dated.append((instant_of_row(row, formats, work), row))
    return sorted(dated, key=lambda each: each[0])


def _plain(value: Any) -> str:
    """A value to compare: 4.20 RSC is 4.2."""
    number = value.number if isinstance(value, Amount) else value
    if isinstance(number, Decimal):
        return f"{number.normalize():f}"
    return "" if value is None else clean(str(value))
