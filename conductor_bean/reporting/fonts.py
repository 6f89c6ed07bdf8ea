"""The fonts of a PDF, and what they can show: DejaVu, which comes with matplotlib and is embedded."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib
from fpdf.bidi import BidiParagraph

from conductor_bean.reporting.words import LOST, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY: Final = "DejaVu"
_FILES: Final = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_PIECE = re.compile(r"\s+|[^\s:/_,;-]+[:/_,;-]*|[:/_,;-]+")
"""Where a line may break: at spaces, and inside names of accounts after what joins their parts."""

CAN_SHAPE: Final = importlib.util.find_spec("uharfbuzz") is not None
"""Whether letters of scripts that join them can be joined; without it they stand apart, in the right order."""


class Fonts:
    """What the fonts of a document can show, and how wide.

    Args:
        document: The PDF document; the fonts are added to it.

    Attributes:
        lost: Whether a character was replaced.
    """

    def __init__(self, document: Any) -> None:
        folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
        for style, file in _FILES.items():
            document.add_font(FAMILY, style, folder / file)
        document.set_font(FAMILY, "", 9)
        known = [set(font.cmap) for font in document.fonts.values()]
        self._known: set[int] = set.intersection(*known)
        self._document = document
        self._widths: dict[tuple[str, float, str], float] = {}
        self.lost = False

    def shown(self, text: str) -> str:
        """A text with what the fonts lack replaced."""
        found = "".join(one if ord(one) in self._known else LOST for one in visible(text))
        self.lost = self.lost or LOST in found
        return found

    def width(self, text: str) -> float:
        """How wide a text is in the present font, in millimetres."""
        document = self._document
        key = (text, document.font_size_pt, document.font_style)
        if key not in self._widths:
            self._widths[key] = document.get_string_width(text)
        return self._widths[key]

    def fit(self, text: str, width: float) -> str:
        """A text cut to a width."""
        found = self.shown(text)
        if self.width(found) <= width:
            return found
        while found and self.width(f"{found}…") > width:
            found = found[:-1]
        return f"{found}…"

    def lines(self, text: str, width: float) -> list[str]:
        """A text broken into lines of a width."""
        found, line = [], ""
        for piece in self._pieces(self.shown(text), width):
            if line and self.width((line + piece).rstrip()) > width:
                found.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return [*found, line.rstrip()] if line.strip() or not found else found

    def _pieces(self, text: str, width: float) -> Iterator[str]:
        for piece in _PIECE.findall(text):
            rest = piece
            while self.width(rest.rstrip()) > width and len(rest) > 1:
                fits = 1
                while self.width(rest[: fits + 1]) <= width:
                    fits += 1
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    @contextmanager
    def shaping(self, text: str) -> Iterator[str]:
        """Within it, a line can be written that may run from right to left."""
        if all(unicodedata.bidirectional(one) not in ("R", "AL", "AN") for one in text):
            yield text
        elif CAN_SHAPE:
            self._document.set_text_shaping(use_shaping_engine=True)
            try:
                yield text
            finally:
                self._document.set_text_shaping(use_shaping_engine=False)
        else:
            yield BidiParagraph(text).get_reordered_string()
