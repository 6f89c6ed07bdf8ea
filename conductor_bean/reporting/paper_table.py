"""Tables on paper: as wide as they need, broken over pages with their headings repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from conductor_bean.reporting.sheets import WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.reporting.content import Table
    from conductor_bean.reporting.paper import Paper

GRID: Final = "#c9ced6"
LINE: Final = 3.4
GAP: Final = 1.2
SIZE: Final = 7.5
LINES: Final = 40
"""Millimetres of a line and around it, points of the font, and how many lines of a cell are shown."""

_WIDEST: Final = 28
_SPARE: Final = 8
"""Millimetres that a piece of a text may ask for, so that one long word does not take the page; and that a column of a
narrow table is made broader."""


def draw_table(paper: Paper, table: Table, margin: float) -> None:
    """Draw a table under its caption, between margins."""
    if not table.rows:
        paper.paragraph(f"{table.caption}. {table.empty}", 8.5)
        paper.top += 2
        return
    _Drawn(paper, table, margin).draw()
    paper.top += 4


class _Drawn:
    def __init__(self, paper: Paper, table: Table, margin: float) -> None:
        self._paper = paper
        self._fonts = paper.fonts
        self._table = table
        self._size = SIZE
        self._left = margin
        self._room = WIDTH - 2 * margin
        self._heads = [column.text for column in table.columns]
        self._widths = self._measured()

    def draw(self) -> None:
        paper = self._paper
        paper.need(5 + self._height(self._heads, bold=True) + 3 * (LINE + GAP))
        self._head(self._table.caption)
        for row in self._table.rows:
            self._row(row, bold=False)
        if self._table.sums:
            self._row(self._table.sums, bold=True)

    def _measured(self) -> list[float]:
        """Widths of the columns: what the longest cells need, or less where the page is too narrow for that."""
        rows = [*self._table.rows, *([self._table.sums] if self._table.sums else [])]
        natural, least = [], []
        for index, column in enumerate(self._table.columns):
            texts = {self._fonts.shown(row[index]) for row in rows}
            heads = [self._fonts.width(word, self._size, bold=True) for word in self._heads[index].split()]
            head = max(heads)
            wide = max(self._fonts.width(text, self._size, bold=bool(self._table.sums)) for text in texts)
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

    def _lines(self, row: Sequence[str], *, bold: bool) -> list[list[str]]:
        found = []
        for text, width in zip(row, self._widths, strict=True):
            lines = self._fonts.lines(text, width - 2, self._size, bold=bold)
            found.append(lines if len(lines) <= LINES else [*lines[: LINES - 1], "…"])
        return found

    def _height(self, row: Sequence[str], *, bold: bool) -> float:
        return max(len(lines) for lines in self._lines(row, bold=bold)) * LINE + GAP

    def _head(self, caption: str) -> None:
        self._paper.paragraph(caption, 8.5, bold=True, height=5)
        self._draw_row(self._heads, bold=True)
        self._rule(0.3)

    def _row(self, row: Sequence[str], *, bold: bool) -> None:
        paper = self._paper
        before = len(paper.sheets)
        paper.need(self._height(row, bold=bold))
        if len(paper.sheets) > before:
            self._head(f"{self._table.caption} (continued)")
        if bold:
            self._rule(0.3)
        self._draw_row(row, bold=bold)
        self._rule(0.1)

    def _draw_row(self, row: Sequence[str], *, bold: bool) -> None:
        paper = self._paper
        lines = self._lines(row, bold=bold)
        tall = max(len(cell) for cell in lines)
        top, left = paper.top + GAP / 2, self._left
        for cell, width, column in zip(lines, self._widths, self._table.columns, strict=True):
            # Headings stand at the bottom of their row, so that each is next to its column.
            first = top + (tall - len(cell)) * LINE if row is self._heads else top
            for number, line in enumerate(cell):
                paper.top = first + number * LINE
                paper.line(line, left + 1, width - 1, LINE, self._size, bold=bold, right=column.number)
            left += width
        paper.top = top + tall * LINE + GAP / 2

    def _rule(self, breadth: float) -> None:
        self._paper.box(self._left, self._paper.top, sum(self._widths), breadth, GRID)
