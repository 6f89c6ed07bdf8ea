"""A public edition as Fava's ledger: read once, checked before anything in it is run, and silent about the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from beancount.parser import parser
from fava.core import FavaLedger
from fava.core.extensions import ExtensionModule
from fava.core.watcher import WatcherBase
from fava.util import slugify

from conductor_bean.fava import source

MAIN_FILE: Final = "main.beancount"
MARK: Final = Path(source.DATA, source.MARK)
"""The file that only an edition has."""

VERSIONS: Final = frozenset({1})
"""Versions of editions that can be shown."""

OUR_EXTENSION: Final = "conductor_bean.fava"
FAVA_OPTIONS: Final = frozenset(
    {
        *("account-journal-include-children", "auto-reload", "collapse-pattern", "conversion-currencies"),
        *("currency-column", "default-page", "fiscal-year-end", "indent", "invert-gains-losses-colors"),
        *("invert-income-liabilities-equity", "language", "locale", "show-accounts-with-zero-balance"),
        *("show-accounts-with-zero-transactions", "show-closed-accounts", "show-metadata-indicators"),
        "upcoming-events",
    }
)
"""Options of Fava that only say how a page looks."""


class NotAnEditionError(Exception):
    """A folder is no edition that could be shown; the message says why and what to do."""


class _Unwatched(WatcherBase):  # type: ignore[misc]  # Fava is not typed for us
    """What stands for Fava's watcher: an edition is read once, and no request looks at the disk for changes."""

    def __init__(self, read: int) -> None:
        self.last_checked = read
        self.last_notified = read

    def update(self, files: Any, folders: Any) -> None:
        """Watch nothing."""

    def _get_latest_mtime(self) -> int:
        return self.last_checked


class _OwnExtension(ExtensionModule):  # type: ignore[misc]
    """Fava's extensions, once it is certain that the edition names none but ours: naming one runs it."""

    def load_file(self) -> None:
        hold_customs(self.ledger.all_entries_by_type.Custom)
        super().load_file()


class EditionLedger(FavaLedger):  # type: ignore[misc]
    """The ledger of an edition."""

    def __init__(self, folder: Path) -> None:
        """Read an edition.

        Raises:
            NotAnEditionError: It is none, or has errors, or something in it would be run.
        """
        mark = read_mark(folder)
        main = folder / MAIN_FILE
        hold_main(main)
        self._read = (folder / MARK).stat().st_mtime_ns
        super().__init__(str(main))
        hold_files(folder, self.options)
        if self.errors:
            first = str(getattr(self.errors[0], "message", "")).splitlines() or [""]
            raise NotAnEditionError(f"{folder}: the edition has {len(self.errors)} error(s), the first: {first[0]}")
        if not slugify(self.options["title"]):
            # Fava would make the address out of the path of the file.
            self.options["title"] = str(mark.get("region") or "edition")
        forget_machine(folder, self.all_entries, self.options)

    def load_file(self) -> None:
        """Read the ledger as Fava does, but watch nothing and import nothing that is not ours."""
        self.extensions = _OwnExtension(self)
        self.watcher = _Unwatched(self._read)
        super().load_file()


def read_mark(folder: Path) -> dict[str, Any]:
    """What the folder says of itself in data/edition.json.

    Raises:
        NotAnEditionError: There is none, or it is of a version that cannot be shown.
    """
    if not source.is_edition(folder):
        raise NotAnEditionError(
            f"{folder} is no public edition: it has no {MARK.as_posix()}. A private ledger is never served to the "
            f"public; write its edition first (conductor publish {folder} --to DIR) and serve that"
        )
    try:
        mark = json.loads((folder / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotAnEditionError(f"{folder / MARK} cannot be read ({error}); publish the edition again") from error
    version = mark.get("edition") if isinstance(mark, dict) else None
    if version not in VERSIONS:
        raise NotAnEditionError(f"{folder / MARK}: edition {version!r} is unknown to this conductor; update it")
    assert isinstance(mark, dict)
    return mark


def hold_main(main: Path) -> None:
    """Hold that the first file of an edition runs no plugin and adds no path to import from.

    Raises:
        NotAnEditionError: It does, or cannot be read.
    """
    if not main.is_file():
        raise NotAnEditionError(f"{main}: there is no such file; publish the edition again")
    _, _, options = parser.parse_file(str(main))
    if options["plugin"] or options["insert_pythonpath"] or options["documents"]:
        raise NotAnEditionError(f"{main}: an edition has no plugins, no documents and no code of its own")


def hold_customs(customs: Any) -> None:
    """Hold that nothing is run by Fava but our own extension.

    Raises:
        NotAnEditionError: A directive names another extension, or an option that leads to files or code.
    """
    for entry in customs:
        name = entry.values[0].value if entry.values else None
        if (entry.type == "fava-extension" and name != OUR_EXTENSION) or (
            entry.type == "fava-option" and name not in FAVA_OPTIONS
        ):
            raise NotAnEditionError(f"an edition has no {entry.type} {name!r}; publish it again")


def hold_files(folder: Path, options: Any) -> None:
    """Hold that an edition consists of files in its own folder.

    Raises:
        NotAnEditionError: It includes another.
    """
    root = folder.resolve()
    for name in options["include"]:
        if not Path(name).resolve().is_relative_to(root):
            raise NotAnEditionError(f"{folder}: the edition includes a file outside its folder")


def forget_machine(folder: Path, entries: Any, options: Any) -> None:
    """Let entries and options name files as they stand in the edition, not where the edition stands."""
    names: dict[str, str] = {}

    def relative(name: str) -> str:
        if name not in names:
            path = Path(name)
            roots = [root for root in (folder, folder.resolve()) if path.is_relative_to(root)]
            names[name] = path.relative_to(roots[0]).as_posix() if roots else path.name
        return names[name]

    for meta in _metas(entries):
        name = meta.get("filename")
        if isinstance(name, str):
            meta["filename"] = relative(name)
    options["include"] = sorted(relative(name) for name in options["include"])
    options["filename"] = MAIN_FILE


def _metas(entries: Any) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if entry.meta:
            yield entry.meta
        for posting in getattr(entry, "postings", None) or ():
            if posting.meta:
                yield posting.meta
