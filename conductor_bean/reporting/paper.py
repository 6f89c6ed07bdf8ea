"""A report as PDF: fonts embedded, bookmarks, page numbers; the same report always gives the same bytes."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from conductor_bean.reporting import plots
from conductor_bean.reporting.content import KeyFigures, Note, Plot, Table
from conductor_bean.reporting.fonts import MILLIMETRE, Fonts
from conductor_bean.reporting.paper_table import draw_table
from conductor_bean.reporting.sheets import HEIGHT, INK, Box, Sheet, Text, bound
from conductor_bean.reporting.sheets import WIDTH as SHEET
from conductor_bean.reporting.words import LOST

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block, Report, Section

MARGIN: Final = 15
WIDTH: Final = SHEET - 2 * MARGIN
BOTTOM: Final = HEIGHT - 18
"""Millimetres of A4."""

SOFT: Final = "#5b6470"
GRID: Final = "#c9ced6"
BAND: Final = "#f4f6f8"
WARN: Final = "#fff3d6"
EDGE: Final = "#b7791f"

_BOXES: Final = 4
_SIZES: Final = (11, 9.5, 8, 7, 6)
"""How many figures stand beside each other, and in which sizes of type a long one is tried."""

_ROOM: Final = 70
"""How much of a page a section needs to begin on it."""


class Paper:
    """Sheets that are written from the top to the bottom.

    Attributes:
        fonts: The fonts of the document.
        sheets: The sheets so far.
        top: How far the present one is written, in millimetres from its upper edge.
    """

    def __init__(self) -> None:
        self.fonts = Fonts()
        self.sheets = [Sheet()]
        self.top: float = MARGIN

    def need(self, height: float) -> None:
        """Go to a new sheet where there is no such room on this one."""
        if self.top + height > BOTTOM:
            self.turn()

    def turn(self) -> None:
        """Go to a new sheet."""
        self.sheets.append(Sheet())
        self.top = MARGIN

    def box(self, left: float, top: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle."""
        self.sheets[-1].boxes.append(Box(left, top, width, height, color))

    def line(
        self,
        text: str,
        left: float,
        width: float,
        height: float,
        size: float,
        *,
        bold: bool = False,
        color: str = INK,
        right: bool = False,
    ) -> None:
        """Write a line at the present height, cut where it is wider than its room, and leave the height as it is.

        Args:
            text: What is written.
            left: Where its room begins, in millimetres.
            width: How wide its room is.
            height: How tall its room is; the line stands in the middle.
            size: Points of the type.
            bold: Whether it is set bold.
            color: Its colour.
            right: Whether it ends at the end of its room.
        """
        shown = self.fonts.fit(text, width - 0.5, size, bold=bold)
        if right:
            left += width - 1 - self.fonts.width(shown, size, bold=bold)
        base = self.top + height / 2 + 0.35 * size / MILLIMETRE
        self.sheets[-1].texts.append(Text(left, base, shown, size, bold, color))

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        bold: bool = False,
        color: str = INK,
        height: float | None = None,
        left: float = MARGIN,
    ) -> None:
        """Write a paragraph between a margin and the right one."""
        tall, width = height or size * 0.5, SHEET - MARGIN - left
        for line in self.fonts.lines(text, width, size, bold=bold):
            self.need(tall)
            self.line(line, left, width + 1, tall, size, bold=bold, color=color)
            self.top += tall


def pdf(report: Report) -> bytes:
    """The report as a PDF document.

    Raises:
        NoFontError: It shows a character that no font of this machine has.
    """
    paper = Paper()
    _cover(paper, report)
    bookmarks = [(paper.fonts.shown(section.heading), _section(paper, section)) for section in report.sections]
    if paper.fonts.lost:
        paper.top += 4
        paper.paragraph(f"{LOST} stands for a character that cannot be shown.", 7, color=SOFT)
    _feet(paper, f"{report.subtitle}: {report.title}")
    made = datetime.datetime.combine(datetime.date.fromisoformat(report.date), datetime.time(), datetime.UTC)
    return bound(paper.sheets, paper.fonts, bookmarks, paper.fonts.shown(f"{report.title} - {report.subtitle}"), made)


def _feet(paper: Paper, name: str) -> None:
    """The document's name and the page's number at the foot of each sheet."""
    sheets = paper.sheets
    for number in range(len(sheets)):
        paper.sheets = sheets[: number + 1]
        paper.top = HEIGHT - 12
        paper.line(name, MARGIN, WIDTH - 30, 4, 7, color=SOFT)
        paper.line(f"page {number + 1} of {len(sheets)}", MARGIN, WIDTH, 4, 7, color=SOFT, right=True)
    paper.sheets = sheets


def _cover(paper: Paper, report: Report) -> None:
    paper.paragraph(report.subtitle, 12, color=SOFT)
    paper.paragraph(report.title, 22, bold=True, height=11)
    paper.top += 2
    for note in report.cover:
        _note(paper, note)


def _section(paper: Paper, section: Section) -> int:
    """Write a section, and say on which sheet it begins."""
    paper.top += 5
    paper.need(_ROOM)
    number = len(paper.sheets) - 1
    paper.paragraph(section.heading, 14, bold=True, height=8)
    paper.box(MARGIN, paper.top, WIDTH, 0.4, GRID)
    paper.top += 3
    for block in section.blocks:
        _block(paper, block)
    return number


def _block(paper: Paper, block: Block) -> None:
    match block:
        case Note():
            _note(paper, block)
        case KeyFigures():
            _figures(paper, block)
        case Table():
            draw_table(paper, block, MARGIN)
        case Plot():
            _plot(paper, block)


def _note(paper: Paper, note: Note) -> None:
    if not note.warning:
        paper.paragraph(note.text, 9)
        paper.top += 2
        return
    height = 4.5 * len(paper.fonts.lines(note.text, WIDTH - 3, 9)) + 2
    paper.need(height)
    top = paper.top
    paper.box(MARGIN, top, WIDTH, height, WARN)
    paper.box(MARGIN, top, 1, height, EDGE)
    paper.top += 1
    paper.paragraph(note.text, 9, left=MARGIN + 3)
    paper.top = top + height + 2


def _figures(paper: Paper, block: KeyFigures) -> None:
    wide = (WIDTH - 2 * (_BOXES - 1)) / _BOXES
    for start in range(0, len(block.figures), _BOXES):
        paper.need(15)
        top = paper.top
        for number, (label, value, unit) in enumerate(block.figures[start : start + _BOXES]):
            left = MARGIN + number * (wide + 2)
            paper.box(left, top, wide, 13, BAND)
            paper.top = top + 1
            paper.line(label, left + 1.5, wide - 3, 4, 7, color=SOFT)
            paper.top = top + 5.5
            shown = paper.fonts.shown(f"{value} {unit}".strip())
            fitting = [size for size in _SIZES if paper.fonts.width(shown, size, bold=True) <= wide - 3.5]
            paper.line(shown, left + 1.5, wide - 3, 6, fitting[0] if fitting else _SIZES[-1], bold=True)
        paper.top = top + 15
    paper.top += 2


def _plot(paper: Paper, plot: Plot) -> None:
    for name in (*plot.labels, *(series.name for series in plot.series)):
        paper.fonts.shown(name)
    across, down = plots.size(plot)
    height = WIDTH * down / across
    paper.need(height + 8)
    paper.paragraph(f"{plot.title} ({plot.unit})", 8.5, bold=True, height=5)
    paper.sheets[-1].plots.append((MARGIN, paper.top, WIDTH, plot))
    paper.top += height + 3
