"""What every importer is: a beangulp importer whose entries have stable ids, computed beside the region's ledger."""

from __future__ import annotations

import datetime
import logging
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import beangulp

from conductor_bean.importers.common.entries import Directive, place_of
from conductor_bean.importers.common.faults import Fault, ImportRefusedError
from conductor_bean.importers.common.held import Held, content_of, key_of, order
from conductor_bean.importers.common.mapping import FILE, read_mapping, settings_of
from conductor_bean.importers.common.mapping_schema import MappingModel, SourceModel
from conductor_bean.importers.common.tables import Column, has_columns
from conductor_bean.importers.common.work import Work
from conductor_bean.ledger.books import MAIN_FILE, Books, LedgerNotReadableError, load_books
from conductor_bean.ledger.files import LedgerFiles, Signature, signature

_LOG = logging.getLogger(__name__)

_KEPT: dict[Path, tuple[dict[str, Signature], Books]] = {}
"""The ledger that was loaded last, by its main.beancount."""

DUPLICATE = "__duplicate__"
"""The metadata by which beangulp and Fava know what the ledger holds already."""


class SourceImporter(beangulp.Importer):  # type: ignore[misc]
    """An importer of one source.

    Args:
        ledger: The region's folder, or its main.beancount.
        mapping: mapping.yaml; the one in the region's folder by default, where there is one.
        overrides: Settings of the source that hold before those of the mapping, by their keys there.
    """

    source: ClassVar[str]
    """The name: the SOURCE of `conductor import`, the prefix of ids, the key under `sources:` of mapping.yaml."""
    columns: ClassVar[Sequence[Column]] = ()
    """The columns of its tables; none where it reads something else."""
    plain: ClassVar[bool] = False
    """Whether a file of it has no other columns: its headers are plain words, which other tools use too."""
    tables: ClassVar[tuple[str, ...]] = (".csv", ".tsv", ".txt")
    """How names of its files end, where it reads tables."""

    def __init__(
        self, ledger: Path | str, mapping: Path | str | None = None, overrides: Mapping[str, Any] | None = None
    ) -> None:
        self._ledger = Path(ledger)
        self._mapping = None if mapping is None else Path(mapping)
        self._overrides = dict(overrides or {})

    @property
    def name(self) -> str:
        """The name in the lists of beangulp and Fava."""
        return self.source

    @abstractmethod
    def read(self, files: list[Path], work: Work) -> list[Directive]:
        """The entries of some files, in any order; faults are collected by `work`.

        Raises:
            ImportRefusedError: A file cannot be read.
        """

    def identify(self, filepath: str) -> bool:
        """Whether a file is of this source; what cannot be read is not."""
        path = Path(filepath)
        if not self.columns or path.suffix.lower() not in self.tables:
            return False
        try:
            return has_columns(path, self.columns, self._settings(self.mapping()), alone=self.plain)
        except ImportRefusedError:
            return False

    def extract(self, filepath: str, existing: list[Any]) -> list[Directive]:  # noqa: ARG002 - deduplicate uses it
        """The entries of one file, for beangulp and Fava.

        Raises:
            ImportRefusedError: They cannot be made; the message says why, row by row.
        """
        return self.entries([Path(filepath)], self.work())

    def date(self, filepath: str) -> datetime.date | None:
        """The date by which archive files a document: that of its last entry."""
        try:
            return max((entry.date for entry in self.extract(filepath, [])), default=None)
        except ImportRefusedError:
            return None

    def filename(self, filepath: str) -> str | None:
        """The name under which archive files a document: the source, then its own."""
        name = Path(filepath).name
        return name if name.startswith(f"{self.source}.") else f"{self.source}.{name}"

    def deduplicate(self, entries: list[Directive], existing: list[Any]) -> None:
        """Mark what the ledger holds already, by id, never by likeness; what it holds otherwise is told in the log."""
        held = Held.of(existing)
        for index, entry in enumerate(entries):
            entries[index], other = held.find(entry)
            if other is not None:
                entries[index].meta[DUPLICATE] = other
                if content_of(other) != content_of(entry):
                    _LOG.warning("%s", changed_fault(entry, other))

    def sort(self, entries: list[Directive], reverse: bool = False) -> None:  # noqa: FBT001, FBT002 - beangulp's own
        """Sort entries by instant."""
        entries.sort(key=order, reverse=reverse)

    def entries(self, files: list[Path], work: Work) -> list[Directive]:
        """The entries of some files, with every fault of theirs collected.

        Raises:
            ImportRefusedError: There are faults.
        """
        found = self.read(files, work)
        work.finish()
        return sorted(found, key=order)

    def work(self, books: Books | None = None) -> Work:
        """What an import of this source works with.

        Args:
            books: The ledger, where it is loaded already.

        Raises:
            ImportRefusedError: The ledger or the mapping does not hold.
        """
        mapping = self.mapping()
        return Work(self.source, self.columns, books or self._books(), mapping, self._settings(mapping))

    def mapping(self) -> MappingModel:
        """The mapping, an empty one where there is no file.

        Raises:
            ImportRefusedError: It does not hold.
        """
        if self._mapping is not None:
            return read_mapping(self._mapping)
        folder = self._ledger if self._ledger.is_dir() else self._ledger.parent
        return read_mapping(folder / FILE) if (folder / FILE).exists() else MappingModel()

    def _settings(self, mapping: MappingModel) -> SourceModel:
        return settings_of(mapping, self.source, self._overrides)

    def _books(self) -> Books:
        try:
            books = _loaded(self._ledger)
        except LedgerNotReadableError as error:
            raise ImportRefusedError([Fault(str(self._ledger), 0, str(error))], unreadable=True) from None
        if books.errors:
            problem = books.errors[0]
            message = (
                f"{problem.code}: {problem.message} (the ledger has {len(books.errors)} error(s); mend them first)"
            )
            raise ImportRefusedError([Fault(problem.file, problem.line, message)])
        return books


def _loaded(ledger: Path) -> Books:
    """A ledger, loaded once as long as its files stay as they are: Fava asks for each file that waits."""
    main = (ledger / MAIN_FILE if ledger.is_dir() else ledger).absolute()
    kept = _KEPT.get(main)
    if kept is None or kept[0] != _states(main, kept[1]):
        books = load_books(ledger)
        _KEPT.clear()
        _KEPT[main] = kept = (_states(main, books), books)
    return kept[1]


def _states(main: Path, books: Books) -> dict[str, Signature]:
    """The state of each file of a ledger, also of those that an include finds only now."""
    files = set(LedgerFiles(main).found())
    if books.checked is not None and books.checked.places is not None:
        files |= books.checked.places.files
    return {file: signature(file) for file in sorted(files)}


def changed_fault(entry: Directive, held: Any) -> Fault:
    """The fault of a row that the ledger, or another row of the import, holds with another content."""
    name = entry.meta.get("id") or " ".join(key_of(entry) or ())
    file, row = str(entry.meta["filename"]), int(entry.meta["lineno"])
    if file == held.meta.get("filename"):
        message = (
            f"{name} stands in row {held.meta.get('lineno')} of this file too; two rows are two events: give each its "
            "own id"
        )
    else:
        message = (
            f"{name} stands in {place_of(held)} with another content; posted history stays: record a reversal of it "
            "and what is right now, or mend the row"
        )
    return Fault(file, row, message)
