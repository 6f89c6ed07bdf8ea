"""Tables on paper: as wide as they need, broken over pages with their headings repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conductor_bean.reporting.fonts import FAMILY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.reporting.content import Table
    from conductor_bean.reporting.paper import Paper

LINE: Final = 3.4
GAP: Final = 1.2
SIZE: Final = 7.5
LINES: Final = 40
"""Millimetres of a line and around it, points of the font, and how many lines of a cell are shown."""

_WIDEST: Final = 28
_SPARE: Final = 8
"""Millimetres that a piece of a text may ask for, so that one long word does not take the page; and that a column of a
narrow table is made broader."""


def draw_table(paper: Paper, table: Table) -> None:
    """Draw a table under its caption."""
    paper.set_text_color(28, 33, 40)
    if not table.rows:
        paper.write_paragraph(f"{table.caption}. {table.empty}", 8.5)
        paper.ln(2)
        return
    _Drawn(paper, table).draw()
    paper.ln(4)


class _Drawn:
    def __init__(self, paper: Paper, table: Table) -> None:
        self._paper = paper
        self._table = table
        self._size = SIZE
        self._left = paper.l_margin
        self._room = paper.w - paper.l_margin - paper.r_margin
        self._heads = [column.text for column in table.columns]
        self._widths = self._measured()

    def draw(self) -> None:
        paper = self._paper
        paper.need(5 + self._height(self._heads, "B") + 3 * (LINE + GAP))
        self._head(self._table.caption)
        for row in self._table.rows:
            self._row(row, "")
        if self._table.sums:
            self._row(self._table.sums, "B")

    def _font(self, style: str) -> None:
        self._paper.set_font(FAMILY, style, self._size)

    def _measured(self) -> list[float]:
        """Widths of the columns: what the longest cells need, or less where the page is too narrow for that."""
        rows = [*self._table.rows, *([self._table.sums] if self._table.sums else [])]
        natural, least = [], []
        for index, column in enumerate(self._table.columns):
            texts = {row[index] for row in rows}
            self._font("B")
            heads = [self._paper.fonts_known.width(word) for word in self._heads[index].split()]
            widths = [self._paper.fonts_known.width(self._paper.fonts_known.shown(text)) for text in texts]
            head, wide = max(heads), max(widths)
            natural.append(max(wide, min(sum(heads) + len(heads), 2 * head)) + 2)
            least.append((max(wide, head) if column.number else max(min(wide, _WIDEST), min(head, _WIDEST))) + 2)
        if sum(natural) <= self._room:
            spare = min((self._room - sum(natural)) / len(natural), _SPARE)
            return [width + spare for width in natural]
        if sum(least) <= self._room:
            part = (self._room - sum(least)) / (sum(natural) - sum(least))
            return [low + (high - low) * part for low, high in zip(least, natural, strict=True)]
        if self._size > 6:
            self._size -= 0.5
            return self._measured()
        return [width * self._room / sum(least) for width in least]

    def _lines(self, row: Sequence[str], style: str) -> list[list[str]]:
        self._font(style)
        found = []
        for text, width in zip(row, self._widths, strict=True):
            lines = self._paper.fonts_known.lines(text, width - 2)
            found.append(lines if len(lines) <= LINES else [*lines[: LINES - 1], "…"])
        return found

    def _height(self, row: Sequence[str], style: str) -> float:
        return max(len(lines) for lines in self._lines(row, style)) * LINE + GAP

    def _head(self, caption: str) -> None:
        paper = self._paper
        paper.write_paragraph(caption, 8.5, style="B", height=5)
        self._draw_row(self._heads, "B")
        self._rule(0.4)

    def _row(self, row: Sequence[str], style: str) -> None:
        paper = self._paper
        if paper.get_y() + self._height(row, style) > paper.bottom:
            paper.add_page()
            self._head(f"{self._table.caption} (continued)")
        if style:
            self._rule(0.4)
        self._draw_row(row, style)
        self._rule(0.1)

    def _draw_row(self, row: Sequence[str], style: str) -> None:
        paper = self._paper
        lines = self._lines(row, style)
        paper.set_text_color(28, 33, 40)
        tall = max(len(cell) for cell in lines)
        top, left = paper.get_y() + GAP / 2, self._left
        for cell, width, column in zip(lines, self._widths, self._table.columns, strict=True):
            # Headings stand at the bottom of their row, so that each is next to its column.
            first = top + (tall - len(cell)) * LINE if row is self._heads else top
            for number, line in enumerate(cell):
                paper.set_xy(left, first + number * LINE)
                paper.write_line(line, width, LINE, align="R" if column.number else "L")
            left += width
        paper.set_xy(self._left, top + tall * LINE + GAP / 2)

    def _rule(self, breadth: float) -> None:
        paper = self._paper
        paper.set_draw_color(201, 206, 214)
        paper.set_line_width(breadth)
        paper.line(self._left, paper.get_y(), self._left + sum(self._widths), paper.get_y())
