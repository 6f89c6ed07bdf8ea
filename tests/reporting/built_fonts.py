"""Fonts of a few square characters, built for a test, since no machine of a test need have those of every script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from matplotlib.font_manager import FontEntry


def built(folder: Path, family: str, characters: str, *, truetype: bool) -> FontEntry:
    """A font of the machine, whose characters are squares."""
    names = [".notdef", *(f"u{ord(one):05X}" for one in characters)]
    builder = FontBuilder(1000, isTTF=truetype)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(one): f"u{ord(one):05X}" for one in characters})
    if truetype:
        builder.setupGlyf({name: _square(TTGlyphPen(None)).glyph() for name in names})
    else:
        glyphs = {name: _square(T2CharStringPen(900, None)).getCharString() for name in names}
        builder.setupCFF(family.replace(" ", ""), {}, glyphs, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (900, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    path = folder / f"{family.replace(' ', '')}.{'ttf' if truetype else 'otf'}"
    builder.save(path)
    font_manager.fontManager.addfont(path)
    (entry,) = [entry for entry in font_manager.fontManager.ttflist if entry.fname == str(path)]
    return entry


def _square(pen: Any) -> Any:
    pen.moveTo((50, 0))
    for corner in ((850, 0), (850, 700), (50, 700)):
        pen.lineTo(corner)
    pen.closePath()
    return pen
