"""A report as PDF: fonts embedded, bookmarks, page numbers; the same report always gives the same bytes."""

from __future__ import annotations

import datetime
import io
import logging
from typing import TYPE_CHECKING, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from conductor_bean.reporting.content import KeyFigures, Note, Plot, Table
from conductor_bean.reporting.fonts import FAMILY, Fonts
from conductor_bean.reporting.paper_table import draw_table
from conductor_bean.reporting.plots import svg
from conductor_bean.reporting.words import LOST

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Block, Report, Section

MARGIN: Final = 15
WIDTH: Final = 210 - 2 * MARGIN
BOTTOM: Final = 297 - 18
"""Millimetres of A4."""

INK: Final = (28, 33, 40)
SOFT: Final = (91, 100, 112)
GRID: Final = (201, 206, 214)
BAND: Final = (244, 246, 248)
WARN: Final = (255, 243, 214)
EDGE: Final = (183, 121, 31)

_BOXES: Final = 4
_SIZES: Final = (11, 9.5, 8, 7, 6)
"""How many figures stand beside each other, and in which sizes of type a long one is tried."""

_ROOM: Final = 70
"""How much of a page a section needs to begin on it."""


class Paper(FPDF):  # type: ignore[misc]
    """Pages of A4 with a footer."""

    def __init__(self, footer: str) -> None:
        super().__init__("portrait", "mm", "A4")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.fonts_known = Fonts(self)
        self._footer = footer

    def header(self) -> None:
        """Nothing: tables repeat their own headings."""

    def footer(self) -> None:
        """The document's name and the page's number."""
        self.set_y(-12)
        self.set_font(FAMILY, "", 7)
        self.set_text_color(*SOFT)
        self.write_line(self._footer, WIDTH - 30, 4, stay=True)
        self.cell(30, 4, f"page {self.page_no()} of {{nb}}", align="R")

    def write_line(self, text: str, width: float, height: float, *, align: str = "L", stay: bool = False) -> None:
        """Write one line, names in any script among it; what the font lacks is replaced visibly.

        Args:
            text: What is written; it is cut where it is wider than its room.
            width: Room for it, in millimetres.
            height: Height of the line.
            align: `L` or `R`.
            stay: Whether the next cell stands on the same line.
        """
        shown = self.fonts_known.fit(text, width - 0.5)
        with self.fonts_known.shaping(shown) as written:
            beside, below = (XPos.RIGHT, YPos.TOP) if stay else (XPos.LMARGIN, YPos.NEXT)
            self.cell(width, height, written, align=align, new_x=beside, new_y=below)

    def write_paragraph(self, text: str, size: float, *, style: str = "", height: float | None = None) -> None:
        """Write a paragraph over the breadth between the margins."""
        self.set_font(FAMILY, style, size)
        tall = height or size * 0.5
        for line in self.fonts_known.lines(text, self.w - self.l_margin - self.r_margin):
            self.need(tall)
            self.write_line(line, self.w - self.l_margin - self.r_margin, tall)

    @property
    def bottom(self) -> float:
        """Where the page ends for what is written on it."""
        return BOTTOM

    def need(self, height: float) -> None:
        """Go to a new page where there is no such room on this one."""
        if self.get_y() + height > BOTTOM:
            self.add_page()


def pdf(report: Report) -> bytes:
    """The report as a PDF document."""
    logging.getLogger("fpdf").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    paper = Paper(f"{report.subtitle}: {report.title}")
    made = datetime.datetime.combine(datetime.date.fromisoformat(report.date), datetime.time(), datetime.UTC)
    paper.set_creation_date(made)
    paper.set_title(paper.fonts_known.shown(f"{report.title} - {report.subtitle}"))
    paper.set_lang("en")
    paper.set_creator("conductor-bean")
    paper.set_producer("conductor-bean")
    paper.add_page()
    _cover(paper, report)
    for section in report.sections:
        _section(paper, section)
    if paper.fonts_known.lost:
        paper.ln(4)
        paper.set_text_color(*SOFT)
        paper.write_paragraph(f"{LOST} stands for a character that the fonts of this document do not have.", 7)
    return bytes(paper.output())


def _cover(paper: Paper, report: Report) -> None:
    paper.set_text_color(*SOFT)
    paper.write_paragraph(report.subtitle, 12)
    paper.set_text_color(*INK)
    paper.write_paragraph(report.title, 22, style="B", height=11)
    paper.ln(2)
    for note in report.cover:
        _note(paper, note)


def _section(paper: Paper, section: Section) -> None:
    paper.ln(5)
    paper.need(_ROOM)
    paper.start_section(paper.fonts_known.shown(section.heading))
    paper.set_text_color(*INK)
    paper.write_paragraph(section.heading, 14, style="B", height=8)
    paper.set_draw_color(*GRID)
    paper.set_line_width(0.4)
    paper.line(MARGIN, paper.get_y(), MARGIN + WIDTH, paper.get_y())
    paper.ln(3)
    for block in section.blocks:
        _block(paper, block)


def _block(paper: Paper, block: Block) -> None:
    match block:
        case Note():
            _note(paper, block)
        case KeyFigures():
            _figures(paper, block)
        case Table():
            draw_table(paper, block)
        case Plot():
            _plot(paper, block)


def _note(paper: Paper, note: Note) -> None:
    paper.set_text_color(*INK)
    if note.warning:
        paper.set_font(FAMILY, "", 9)
        height = 4.5 * len(paper.fonts_known.lines(note.text, WIDTH - 4)) + 2
        paper.need(height)
        top = paper.get_y()
        paper.set_fill_color(*WARN)
        paper.rect(MARGIN, top, WIDTH, height, style="F")
        paper.set_fill_color(*EDGE)
        paper.rect(MARGIN, top, 1, height, style="F")
        paper.set_left_margin(MARGIN + 3)
        paper.set_xy(MARGIN + 3, top + 1)
        paper.write_paragraph(note.text, 9)
        paper.set_left_margin(MARGIN)
        paper.set_xy(MARGIN, top + height + 2)
    else:
        paper.write_paragraph(note.text, 9)
        paper.ln(2)


def _figures(paper: Paper, block: KeyFigures) -> None:
    wide = (WIDTH - 2 * (_BOXES - 1)) / _BOXES
    for start in range(0, len(block.figures), _BOXES):
        paper.need(15)
        top = paper.get_y()
        for number, (label, value, unit) in enumerate(block.figures[start : start + _BOXES]):
            left = MARGIN + number * (wide + 2)
            paper.set_fill_color(*BAND)
            paper.rect(left, top, wide, 13, style="F")
            paper.set_xy(left + 1.5, top + 1)
            paper.set_font(FAMILY, "", 7)
            paper.set_text_color(*SOFT)
            paper.write_line(label, wide - 3, 4)
            paper.set_xy(left + 1.5, top + 5.5)
            paper.set_text_color(*INK)
            shown = f"{value} {unit}".strip()
            for size in _SIZES:
                paper.set_font(FAMILY, "B", size)
                if paper.fonts_known.width(shown) <= wide - 3.5:
                    break
            paper.write_line(shown, wide - 3, 6)
        paper.set_xy(MARGIN, top + 15)
    paper.ln(2)


def _plot(paper: Paper, plot: Plot) -> None:
    picture = svg(plot, paper=True)
    across, down = (float(part) for part in picture.split('viewBox="', 1)[1].split('"', 1)[0].split()[2:])
    height = WIDTH * down / across
    paper.need(height + 8)
    paper.set_text_color(*INK)
    paper.write_paragraph(f"{plot.title} ({plot.unit})", 8.5, style="B", height=5)
    top = paper.get_y()
    paper.image(
        io.BytesIO(picture.encode("utf-8")),
        x=MARGIN,
        y=top,
        w=WIDTH,
        h=height,
        alt_text=paper.fonts_known.shown(plot.description),
    )
    paper.set_xy(MARGIN, top + height + 3)
