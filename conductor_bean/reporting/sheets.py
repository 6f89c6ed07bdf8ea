"""Sheets of A4 as a PDF: marks at their places, drawn by matplotlib, bound by pypdf with bookmarks and a language."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import NameObject, TextStringObject

from conductor_bean.reporting.fonts import MILLIMETRE, Fonts
from conductor_bean.reporting.plots import printed

if TYPE_CHECKING:
    import datetime

    from conductor_bean.reporting.content import Plot

WIDTH, HEIGHT = 210, 297
"""Millimetres."""

INK: Final = "#1c2128"
_PROGRAM: Final = "conductor-bean"


@dataclass(frozen=True, slots=True)
class Text:
    """A text on its line: millimetres from the left and the top to its baseline."""

    left: float
    base: float
    text: str
    size: float
    bold: bool
    color: str


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle, in millimetres from the left and the top."""

    left: float
    top: float
    width: float
    height: float
    color: str


@dataclass(slots=True)
class Sheet:
    """A sheet: its boxes lie under its texts, plots at their left upper corner and breadth."""

    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    plots: list[tuple[float, float, float, Plot]] = field(default_factory=list)


class _Marks(Artist):
    """The marks of a sheet, drawn without what matplotlib's own texts weigh."""

    def __init__(self, sheet: Sheet, fonts: Fonts) -> None:
        super().__init__()
        self._sheet = sheet
        self._fonts = fonts

    def draw(self, renderer: Any) -> None:
        context = renderer.new_gc()
        context.set_linewidth(0)
        for box in self._sheet.boxes:
            scale = Affine2D().scale(box.width * MILLIMETRE, box.height * MILLIMETRE)
            place = scale.translate(box.left * MILLIMETRE, (HEIGHT - box.top - box.height) * MILLIMETRE)
            renderer.draw_path(context, Outline.unit_rectangle(), place, matplotlib.colors.to_rgb(box.color))
        for text in self._sheet.texts:
            context.set_foreground(text.color)
            font = self._fonts.properties(text.size, bold=text.bold)
            left, base = text.left * MILLIMETRE, (HEIGHT - text.base) * MILLIMETRE
            renderer.draw_text(context, left, base, text.text, font, 0)
        context.restore()


def bound(
    sheets: list[Sheet], fonts: Fonts, bookmarks: list[tuple[str, int]], title: str, made: datetime.datetime
) -> bytes:
    """Sheets as a PDF; the same sheets give the same bytes.

    Args:
        sheets: The sheets.
        fonts: The fonts of their texts.
        bookmarks: Names of parts, and on which sheet each begins.
        title: The document's title.
        made: The date as of which it is made.
    """
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    with matplotlib.rc_context({"pdf.fonttype": 3 if fonts.outlines_only else 42, "font.family": fonts.families}):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_drawn(sheets, fonts))))
        for sheet, page in zip(sheets, writer.pages, strict=True):
            for left, top, breadth, plot in sheet.plots:
                _place(page, PdfReader(io.BytesIO(printed(plot))).pages[0], left, top, breadth)
    for name, number in bookmarks:
        writer.add_outline_item(title=name, page_number=number)
    moment = f"D:{made:%Y%m%d%H%M%S}Z"
    writer.metadata = {"/Title": title, "/Creator": _PROGRAM, "/Producer": _PROGRAM, "/CreationDate": moment}
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(sheets: list[Sheet], fonts: Fonts) -> bytes:
    """The sheets as pages of a PDF, without their plots."""
    out = io.BytesIO()
    nothing = dict.fromkeys(("Creator", "Producer", "CreationDate"))
    with PdfPages(out, metadata=nothing) as pages:
        for sheet in sheets:
            figure = Figure(figsize=(WIDTH / 25.4, HEIGHT / 25.4), frameon=False)
            FigureCanvasPdf(figure)
            figure.add_artist(_Marks(sheet, fonts))
            pages.savefig(figure)
    return out.getvalue()


def _place(page: PageObject, plot: PageObject, left: float, top: float, breadth: float) -> None:
    """Lay a plot on a page, so wide that it fills its place."""
    scale = breadth * MILLIMETRE / float(plot.mediabox.width)
    height = float(plot.mediabox.height) * scale
    place = Transformation().scale(scale).translate(left * MILLIMETRE, (HEIGHT - top) * MILLIMETRE - height)
    page.merge_transformed_page(plot, place)
