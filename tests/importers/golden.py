"""Golden files: what an importer makes of FILE stands beside it in FILE.beancount, never overwritten silently.

A missing one is written by `python -m tests.importers.golden FILE`; an existing one must be removed first.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from conductor_bean.importers.common.entries import text_of
from conductor_bean.importers.common.importer import SourceImporter
from conductor_bean.importers.common.sources import importer_class
from tests.importers.town import town

FOLDER = Path(__file__).parent


def told(importer: SourceImporter, document: Path) -> str:
    """What an importer says of a document, as beangulp's own golden files do."""
    entries = importer.extract(str(document), [])
    importer.sort(entries)
    head = [
        f";; Account: {importer.account(str(document))}",
        f";; Date: {importer.date(str(document)) or ''}",
        f";; Name: {importer.filename(str(document)) or ''}",
    ]
    rows = [f"; row {entry.meta['lineno']}\n{text_of(entry)}" for entry in entries]
    return "\n\n".join(["\n".join(head), *rows]) + "\n"


def hold_golden(importer: SourceImporter, document: Path) -> None:
    """Hold what an importer makes of a document against its golden file."""
    golden = document.with_name(f"{document.name}.beancount")
    assert importer.identify(str(document))
    assert golden.exists(), f"write it with: python -m tests.importers.golden {document.name}, and look at it"
    assert told(importer, document) == golden.read_text("utf-8")


def documents(source: str) -> list[Path]:
    """The documents of a source that have, or should have, a golden file."""
    return sorted(path for path in (FOLDER / source).iterdir() if path.suffix != ".beancount")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        each = Path(name).resolve()
        with tempfile.TemporaryDirectory() as scratch:
            importer = importer_class(each.parent.name)(town(Path(scratch)))
            text = told(importer, each)
        with each.with_name(f"{each.name}.beancount").open("x", encoding="utf-8") as file:
            file.write(text)
