"""A private ledger as Fava's ledger: looked at before anything of it is loaded or run, at each load."""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path
from threading import RLock
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from beancount.parser.options import OPTIONS_DEFAULTS
from fava import core
from fava.core import FavaLedger, extensions
from fava.core.extensions import find_extensions
from fava.core.ingest import IngestModule

from conductor_bean.ledger.admission.foreign_code import importing_from_elsewhere
from conductor_bean.ledger.admission.gate import LedgerNotAdmittedError
from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.books import loading
from conductor_bean.ledger.loading import load_as_beancount_does

_LOCK: Final = RLock()
_NOWHERE: Final = Path(os.devnull)


class NotAdmittedFault(NamedTuple):
    """Why a ledger is not loaded, in the shape that Beancount and Fava expect."""

    source: dict[str, Any]
    message: str
    entry: Any


class _Imports(IngestModule):  # type: ignore[misc]  # Fava is not typed for us
    """Fava's importers, whose file is run: only where whoever serves has said so, and only a plain file."""

    @property
    def module_path(self) -> Path | None:
        path: Path | None = super().module_path
        if path is None or not self.ledger.runs_imports:
            return None
        try:
            with Folder(Path(self.ledger.beancount_file_path).parent).opened(path):
                return path
        except OSError:
            return None


class PrivateLedger(FavaLedger):  # type: ignore[misc]
    """The ledger of those who keep it.

    Args:
        path: Its main.beancount.
        runs_imports: Whether the file that the option import-config names is run.

    Attributes:
        refused: Why it is not loaded, None where it is.
    """

    def __init__(self, path: str, *, runs_imports: bool = False) -> None:
        self.runs_imports = runs_imports
        self.refused: LedgerNotAdmittedError | None = None
        super().__init__(path)

    def load_file(self) -> None:
        """Load the ledger as Fava does, but run and open only what may be."""
        if not isinstance(getattr(self, "ingest", None), _Imports):
            self.ingest = _Imports(self)
        ours = patch.object(core, "load_uncached", self._load), patch.object(extensions, "find_extensions", _found)
        with _LOCK, ours[0], ours[1]:
            super().load_file()

    def _load(self, path: str, *, is_encrypted: bool) -> tuple[list[Any], list[Any], dict[str, Any]]:
        del is_encrypted  # an encrypted file is no plain one, and refused
        self.refused = None
        try:
            with loading():
                return load_as_beancount_does(Path(path))
        except LedgerNotAdmittedError as error:
            self.refused = error
            problems = error.problems
        options = deepcopy(OPTIONS_DEFAULTS)
        before = getattr(self, "options", None)
        title = Path(path).parent.name if before is None else before["title"]  # addresses stay as they are
        options.update(filename=path, include=sorted({path, *(problem.file for problem in problems)}), title=title)
        return [], [NotAdmittedFault(*_told(problem)) for problem in problems], options


def _told(problem: Any) -> tuple[dict[str, Any], str, None]:
    return {"filename": problem.file, "lineno": problem.line}, f"{problem.code}: {problem.message}", None


def _found(base_path: Path, name: str) -> Any:
    """The extensions of a module, which is never looked for in the ledger's folder."""
    with importing_from_elsewhere(Folder(base_path)):
        return find_extensions(_NOWHERE, name)
