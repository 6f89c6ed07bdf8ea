"""Reads back what a report says, on a page and on paper."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf

from tests.support import conductor

VOID = {"meta", "br", "hr", "img", "link", "input"}


@dataclass
class Table:
    """A table of a page: its caption, its headings, its rows and its row of sums, as texts."""

    caption: str = ""
    heads: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    sums: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """The cells under a heading, of which the unit may be left out."""
        (index,) = [number for number, head in enumerate(self.heads) if head == name or head.startswith(f"{name} ")]
        return [row[index] for row in self.rows]

    def row(self, name: str) -> dict[str, str]:
        """The row of a name, by heading without its unit."""
        (row,) = [row for row in self.rows if row[0] == name]
        return dict(zip(self.heads, row, strict=True))


class Page(HTMLParser):
    """A page as a reader finds it: tables, key figures, text; and whatever is wrong with its structure."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self.pictured: list[Table] = []
        self.figures: dict[str, str] = {}
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self._label = ""
        self.feed(content.decode("utf-8"))
        self.close()
        if self._open:
            self.faults.append(f"never closed: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(Table())
            if "figure" in self._open:
                self.pictured.append(self.tables[-1])
        elif tag == "tr" and "tbody" in self._open:
            self.tables[-1].rows.append([])
        elif tag in ("th", "td"):
            self._cells().append("")
        elif tag == "dt":
            self._label = ""
        elif tag == "dd":
            self.figures[self._label] = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:]}")
        elif self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        if "svg" not in self._open:
            self.text += data
        if "caption" in self._open:
            self.tables[-1].caption += data
        elif "th" in self._open or "td" in self._open:
            self._cells()[-1] += data
        elif "dt" in self._open:
            self._label += data
        elif "dd" in self._open:
            self.figures[self._label] += data

    def _cells(self) -> list[str]:
        table = self.tables[-1]
        if "tfoot" in self._open:
            return table.sums
        return table.rows[-1] if "tbody" in self._open else table.heads

    def table(self, caption: str) -> Table:
        """The one table whose caption begins so."""
        told = [table for table in self.tables if not any(table is other for other in self.pictured)]
        (found,) = [table for table in told if table.caption.startswith(caption)]
        return found


def written(ledger: Path, folder: Path, *options: str) -> dict[str, bytes]:
    """The files of a report, by suffix."""
    result = conductor("report", ledger, "--to", folder, *options)
    assert result.exit_code == 0, result.output
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


def page_of(ledger: Path, folder: Path, *options: str) -> Page:
    """A report as a page."""
    return Page(written(ledger, folder, *options, "--format", "html")[".html"])


def said(*arguments: object) -> Any:
    """What a command says as JSON."""
    result = conductor(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def paper(content: bytes) -> Any:
    """A PDF as pypdf reads it, whose types say less than its values."""
    return pypdf.PdfReader(io.BytesIO(content))


def paper_pages(content: bytes) -> list[str]:
    """The text of each page of a PDF, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in paper(content).pages]


def paper_text(content: bytes) -> str:
    """The text of a PDF, with single spaces."""
    return " ".join(paper_pages(content))


def everything(content: bytes) -> bytes:
    """All that a PDF holds: its bytes, what its streams hold, its text and its bookmarks."""
    reader = paper(content)
    parts = [content]
    for number in range(1, len(reader.xref[0]) + 1) if reader.xref.get(0) else range(1, 2_000):
        try:
            found = reader.get_object(number)
        except (pypdf.errors.PdfReadError, KeyError, AttributeError):
            break
        if found is not None and hasattr(found, "get_data"):
            parts.append(found.get_data())
    parts += [page.extract_text().encode() for page in reader.pages]
    parts += [str(item.title).encode() for item in reader.outline]
    parts.append(str(reader.metadata).encode())
    return b"\n".join(parts)
