"""The fonts of a PDF: DejaVu, which comes with matplotlib, and of the machine's what a text needs beyond it.

Matplotlib shapes and orders what it draws (HarfBuzz, through libraqm), so Arabic joins and Devanagari combines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fontTools.ttLib import TTFont, TTLibError
from matplotlib import font_manager
from matplotlib.font_manager import FontPath, FontProperties
from matplotlib.ft2font import FaceFlags
from matplotlib.textpath import text_to_path

from conductor_bean.reporting.words import LOST, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.font_manager import FontEntry

FAMILY: Final = "DejaVu Sans"
MILLIMETRE: Final = 72 / 25.4
"""Points of a millimetre."""

_PIECE = re.compile(r"\s+|[^\s:/_,;-]+[:/_,;-]*|[:/_,;-]+")
"""Where a line may break: at spaces, and inside names of accounts after what joins their parts."""


class NoFontError(Exception):
    """No font of this machine has a character that a document shows; the text says which, and what to do."""


class Fonts:
    """The fonts of one document.

    Attributes:
        families: Names of the fonts, in the order in which a character is looked for.
        outlines_only: Whether one of them can be embedded as outlines alone (Type 3), since it is not TrueType.
        lost: Whether a character was replaced that no text needs, such as a control.
    """

    def __init__(self) -> None:
        self.families = [FAMILY]
        self.outlines_only = False
        self.lost = False
        self._known = _characters(FontPath(font_manager.findfont(FAMILY), 0))
        self._properties: dict[tuple[float, bool], FontProperties] = {}
        self._widths: dict[tuple[str, float, bool], float] = {}

    def shown(self, text: str) -> str:
        """A text as it is written: of one line, without what hides or turns what stands around it.

        Raises:
            NoFontError: No font of this machine has one of its characters.
        """
        found = visible(text)
        self.lost = self.lost or LOST in found
        missing = {one for one in found if ord(one) not in self._known and not one.isspace()}
        if missing:
            self._find(missing, found)
        return found

    def properties(self, size: float, *, bold: bool) -> FontProperties:
        """The fonts in a size, in points."""
        key = (size, bold)
        if key not in self._properties:
            weight = "bold" if bold else "normal"
            self._properties[key] = FontProperties(family=self.families, size=size, weight=weight)
        return self._properties[key]

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a text is, in millimetres."""
        key = (text, size, bold)
        if key not in self._widths:
            properties = self.properties(size, bold=bold)
            self._widths[key] = text_to_path.get_text_width_height_descent(text, properties, False)[0] / MILLIMETRE  # noqa: FBT003
        return self._widths[key]

    def fit(self, text: str, width: float, size: float, *, bold: bool = False) -> str:
        """A text cut to a width."""
        found = self.shown(text)
        if self.width(found, size, bold=bold) <= width:
            return found
        while found and self.width(f"{found}…", size, bold=bold) > width:
            found = found[:-1]
        return f"{found}…"

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """A text broken into lines of a width."""
        found, line = [], ""
        for piece in self._pieces(self.shown(text), width, size, bold=bold):
            if line and self.width((line + piece).rstrip(), size, bold=bold) > width:
                found.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        return [*found, line.rstrip()] if line.strip() or not found else found

    def _pieces(self, text: str, width: float, size: float, *, bold: bool) -> Iterator[str]:
        for piece in _PIECE.findall(text):
            rest = piece
            while len(rest) > 1 and self.width(rest.rstrip(), size, bold=bold) > width:
                fits = 1
                while self.width(rest[: fits + 1], size, bold=bold) <= width:
                    fits += 1
                yield rest[:fits]
                rest = rest[fits:]
            yield rest

    def _find(self, missing: set[str], text: str) -> None:
        """Take fonts of the machine until all characters are there; those of TrueType first, which embed as text."""
        for entry in machine_fonts():
            characters = _characters(FontPath(entry.fname, entry.index))
            has = {one for one in missing if ord(one) in characters}
            if has:
                self.families.append(entry.name)
                self.outlines_only = self.outlines_only or not _is_truetype(entry)
                self._known = self._known | characters
                self._properties.clear()
                self._widths.clear()
                missing = missing - has
            if not missing:
                return
        one = min(missing)
        raise NoFontError(
            f'no font of this machine has "{one}" (U+{ord(one):04X}), which stands in "{visible(text, 40)}"; install '
            "one that has (on Debian fonts-noto-core or fonts-noto-cjk), or ask for another format than PDF"
        )


def machine_fonts() -> list[FontEntry]:
    """The upright fonts of this machine that can be drawn as outlines, TrueType first, else by name."""
    manager = font_manager.fontManager
    listed = {entry.fname for entry in manager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in listed:
            try:
                manager.addfont(path)
            except (OSError, RuntimeError, ValueError):
                continue  # matplotlib's own list leaves out what it cannot read, too
    upright = [entry for entry in manager.ttflist if entry.style == "normal" and entry.weight == 400]
    readable = [entry for entry in upright if entry.name != FAMILY and _is_outline(entry)]
    return sorted(readable, key=lambda entry: (not _is_truetype(entry), entry.name, entry.fname, entry.index))


def _is_outline(entry: FontEntry) -> bool:
    try:
        font = font_manager.get_font(FontPath(entry.fname, entry.index))
    except (OSError, RuntimeError):
        return False
    return FaceFlags.SCALABLE in font.face_flags and "Emoji" not in entry.name and "LastResort" not in entry.fname


def _is_truetype(entry: FontEntry) -> bool:
    try:
        with TTFont(entry.fname, fontNumber=entry.index, lazy=True) as font:
            return "glyf" in font
    except (OSError, TTLibError):
        return False


def _characters(path: FontPath) -> frozenset[int]:
    return frozenset(font_manager.get_font(path).get_charmap())
