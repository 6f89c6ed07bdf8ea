"""What an importer works with: the ledger, the mapping, and where faults, notes and left-out rows are collected."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import Fault, ImportRefusedError, LeftOut, Place, RowFault
from conductor_bean.importers.common.formats import Formats, decide
from conductor_bean.importers.common.names import Names, UnknownName
from conductor_bean.importers.common.tables import Column, Table, read_table

if TYPE_CHECKING:
    import datetime

    from conductor_bean.importers.common.mapping_schema import MappingModel, SourceModel
    from conductor_bean.ledger.books import Books

_LONGEST_ID = 120


class Work:
    """One import: what it may look at, and what it finds.

    Args:
        source: The source's name.
        columns: The columns that it reads.
        books: The ledger, checked and without errors.
        mapping: mapping.yaml.
        settings: How the source writes.
    """

    def __init__(
        self, source: str, columns: Sequence[Column], books: Books, mapping: MappingModel, settings: SourceModel
    ) -> None:
        self.source = source
        self.books = books
        self.mapping = mapping
        self.settings = settings
        self.notes: list[str] = []
        self.names = Names(books.machine.state, mapping)
        self._columns = columns
        self._faults: list[Fault] = []
        self._left_out: Counter[str] = Counter()
        self._ordinals: Counter[tuple[str, ...]] = Counter()

    def table(self, path: Path) -> Table:
        """Read a file as a table of this source's columns; what was decided in reading it becomes notes.

        Raises:
            ImportRefusedError: It is none.
        """
        table = read_table(path, self._columns, self.settings)
        self.notes += table.notes
        return table

    def formats(self, table: Table, dates: Sequence[str] = (), numbers: Sequence[str] = ()) -> Formats:
        """How the file writes dates and numbers, decided by the settings and by these columns of all its rows."""
        return decide(table, self.settings, dates, numbers)

    @contextmanager
    def row(self, row: Place) -> Iterator[None]:
        """Work on a row: its fault is collected, and the next row has its turn."""
        try:
            yield
        except UnknownName:
            pass  # told once, with all its rows
        except LeftOut as reason:
            self._left_out[str(reason)] += 1
        except RowFault as fault:
            self._faults.append(Fault(row.file, row.number, str(fault)))

    def fault(self, row: Place, message: str) -> None:
        """A fault that stands beside others of its row."""
        self._faults.append(Fault(row.file, row.number, message))

    def note(self, message: str) -> None:
        """Something to tell that blocks nothing."""
        self.notes.append(message)

    def leave_out(self, why: str) -> None:
        """A row that is left out for a reason; the reasons are counted and told."""
        self._left_out[why] += 1

    def find(self, section: str, name: str, row: Place) -> str:
        """The id of a foreign name.

        Args:
            section: members, companies, plans, offers or services.
            name: The name as the source has it.
            row: Where it stands.

        Raises:
            RowFault: Unknown, or missing.
            LeftOut: The mapping leaves it out.
        """
        return self.names.find(section, name, row.file, row.number)

    def find_any(self, sections: Sequence[str], name: str, row: Place) -> tuple[str, str]:
        """The section and id of a name that may stand in several; unknown ones are reported for the first."""
        for section in sections:
            if self.names.knows(section, name):
                return section, self.find(section, name, row)
        raise self.unknown(sections[0], name, row)

    def look_up(self, section: str, name: str) -> str | None:
        """What the mapping alone says of a name."""
        return self.names.look_up(section, name)

    def unknown(self, section: str, name: str, row: Place) -> UnknownName:
        """The fault of a name that nothing knows: `raise work.unknown("counterparties", name, row)`."""
        return self.names.unknown(section, name, row.file, row.number)

    @property
    def prefix(self) -> str:
        """What stands before the source's own ids."""
        return self.settings.id_prefix or self.source

    def id(self, row: Place, own: str) -> str:  # noqa: ARG002 - its fault is that of the row
        """The stable id of a row that the source itself names.

        Raises:
            RowFault: The source's id is empty, or no plain text.
        """
        if not own or not own.isprintable() or len(own) > _LONGEST_ID:
            raise RowFault(f"its id is {quoted(own)}; an id is a short plain text")
        return f"{self.prefix}:{own}"

    def digest_id(self, row: Place, date: datetime.date, *identity: str) -> str:
        """The stable id of a row that the source does not name: what it is, and which of its equals in the file.

        Args:
            row: The row.
            date: Its date.
            identity: The texts that make it this row and no other, as the source has them.
        """
        key = (row.file, date.isoformat(), *identity)
        self._ordinals[key] += 1
        return self.numbered(self.bare_id(date, *identity), self._ordinals[key])

    def bare_id(self, date: datetime.date, *identity: str) -> str:
        """What a row is, whichever of its equals."""
        digest = hashlib.sha256("\x1f".join(identity).encode()).hexdigest()[:16]
        return f"{self.prefix}:{date}:{digest}"

    def numbered(self, bare: str, number: int) -> str:
        """The id of the first, second, ... of equals."""
        return f"{bare}:{number}" if number > 1 else bare

    def finish(self) -> None:
        """Tell what was found.

        Raises:
            ImportRefusedError: There were faults or unknown names: all of them.
        """
        faults = [*self._faults, *self.names.faults()]
        if faults:
            raise ImportRefusedError(faults, self.names.snippet())
        self.notes += [f"{count} row(s) left out: {why}" for why, count in sorted(self._left_out.items())]
        self._left_out.clear()
