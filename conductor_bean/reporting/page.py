"""A report as one HTML file: nothing is fetched, nothing is run, tables and plots can be read without seeing them."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from conductor_bean.reporting.content import KeyFigures, Note, Plot, Table
from conductor_bean.reporting.plots import svg
from conductor_bean.reporting.style import STYLE
from conductor_bean.reporting.words import dash, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conductor_bean.reporting.content import Block, Report, Section

_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?", re.ASCII)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def html(report: Report) -> bytes:
    """The report as a page, in UTF-8."""
    return ("\n".join(_lines(report)) + "\n").encode("utf-8")


def _lines(report: Report) -> Iterator[str]:
    title = f"{report.title} - {report.subtitle}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{_text(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>"
    yield f"<header><p>{_name(report.subtitle)}</p><h1>{_text(report.title)}</h1>"
    yield from (_note(note) for note in report.cover)
    yield "</header>"
    if len(report.sections) > 1:
        yield '<nav aria-label="Contents"><ol>'
        yield from (f'<li><a href="#{section.id}">{_text(section.heading)}</a></li>' for section in report.sections)
        yield "</ol></nav>"
    yield "<main>"
    for section in report.sections:
        yield from _section(section)
    yield "</main>\n</body>\n</html>"


def _section(section: Section) -> Iterator[str]:
    yield f'<section id="{section.id}" aria-labelledby="{section.id}-heading">'
    yield f'<h2 id="{section.id}-heading">{_text(section.heading)}</h2>'
    for block in section.blocks:
        yield _block(block)
    yield "</section>"


def _block(block: Block) -> str:
    match block:
        case Note():
            return _note(block)
        case KeyFigures():
            return _figures(block)
        case Table():
            return _table(block)
        case Plot():
            return _plot(block)


def _note(note: Note) -> str:
    return f'<p class="warning" role="note">{_text(note.text)}</p>' if note.warning else f"<p>{_text(note.text)}</p>"


def _figures(block: KeyFigures) -> str:
    parts = [
        f"<div><dt>{_text(label)}</dt><dd>{_text(value)}{f' <small>{_text(unit)}</small>' if unit else ''}</dd></div>"
        for label, value, unit in block.figures
    ]
    return f'<dl class="figures">{"".join(parts)}</dl>'


def _table(table: Table) -> str:
    if not table.rows:
        return f"<p><b>{_text(table.caption)}.</b> {_text(table.empty)}</p>"
    lines = [f'<div class="wide" role="region" tabindex="0" aria-label="{_text(table.caption)}"><table>']
    lines.append(f"<caption>{_text(table.caption)}</caption>\n<thead><tr>")
    for column in table.columns:
        unit = f" <small>{_text(column.unit)}</small>" if column.unit else ""
        lines.append(f'<th scope="col"{_class(column.number)}>{_text(column.heading)}{unit}</th>')
    lines.append("</tr></thead>\n<tbody>")
    lines += [_row(table, row) for row in table.rows]
    lines.append("</tbody>")
    if table.sums:
        lines.append(f"<tfoot>{_row(table, table.sums)}</tfoot>")
    return "".join(lines) + "</table></div>"


def _row(table: Table, row: Sequence[str]) -> str:
    head, *cells = row
    parts = [f'<th scope="row"{_date(head)}>{_name(head)}</th>']
    for cell, column in zip(cells, table.columns[1:], strict=True):
        shown = _text(cell) if column.number else _name(cell)
        parts.append(f"<td{_class(column.number) or _date(cell)}>{shown}</td>")
    return f"<tr>{''.join(parts)}</tr>\n"


def _plot(plot: Plot) -> str:
    first = {"bars": "month", "levels": "name"}.get(plot.kind, "date")
    heads = "".join(f'<th scope="col" class="number">{_text(series.name)}</th>' for series in plot.series)
    rows = [
        f'<tr><th scope="row">{_name(label)}</th>'
        + "".join(f'<td class="number">{_text(dash(series.values[number]))}</td>' for series in plot.series)
        + "</tr>\n"
        for number, label in enumerate(plot.labels)
    ]
    return (
        f"<figure>\n<figcaption>{_text(plot.title)} <small>{_text(plot.unit)}</small></figcaption>\n"
        f'<p id="{plot.id}-is" class="unseen">{_text(plot.description)} The numbers follow as a table.</p>\n'
        f"{svg(plot, paper=False)}"
        f'<details><summary>The numbers</summary><div class="wide"><table><caption>{_text(plot.title)}, '
        f'{_text(plot.unit)}</caption><thead><tr><th scope="col">{first}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>\n</figure>"
    )


def _class(number: object) -> str:
    return ' class="number"' if number else ""


def _date(text: str) -> str:
    return ' class="date"' if _DATE.fullmatch(text) else ""


def _name(text: str) -> str:
    """A text that may be a name in any script, kept apart from the direction of what stands around it."""
    return f"<bdi>{_text(text)}</bdi>" if not text.isascii() else _text(text)


def _text(text: str) -> str:
    return escape(visible(text))
