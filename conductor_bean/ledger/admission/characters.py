"""Bytes that no file of a ledger may hold: they hide what is said, or who reads them never ends."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

LONGEST_LINE = 1_000_000
"""Bytes of the longest line."""

_BIDI = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
_OTHER = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_UNMARKED = re.compile(rb"(?:[\t\n\r -~]\0){2}|(?:\0[\t\n\r -~]){2}|(?:[\t\n\r -~]\0{3})|(?:\0{3}[\t\n\r -~])")


class Fault(NamedTuple):
    """A code, the line where it stands, and what was found."""

    code: str
    line: int
    message: str


def fault_in_part(part: bytes, line: int, before: int, *, first: bool) -> Fault | None:
    """The first fault in a part of a file.

    Args:
        part: The part.
        line: The number of the line with which it begins.
        before: Bytes of that line which stand before it.
        first: Whether it is the beginning of the file.
    """
    if first and (fault := _mark(part)) is not None:
        return fault
    found = part.find(b"\0")
    if found >= 0:
        return Fault("forbidden-character", line + part.count(b"\n", 0, found), _forbidden("NUL"))
    start = -before
    while len(part) - start > LONGEST_LINE:
        end = part.rfind(b"\n", max(start, 0), start + LONGEST_LINE + 1)
        if end < 0:
            number = line + part.count(b"\n", 0, max(start, 0))
            message = f"the line has more than {LONGEST_LINE} bytes; nobody can read it: part it, or remove it"
            return Fault("line-too-long", number, message)
        start = end + 1
    return None


def fault_in(content: bytes) -> Fault | None:
    """A control of the direction of writing in a whole file."""
    if content.isascii():
        return None
    found = _BIDI.search(content)
    if found is None:
        return None
    name = f"U+{ord(found[0].decode()):04X}"
    return Fault("forbidden-character", content.count(b"\n", 0, found.start()) + 1, _forbidden(name))


def _mark(start: bytes) -> Fault | None:
    if start.startswith(codecs.BOM_UTF8):
        return Fault("byte-order-mark", 1, "begins with a byte order mark; run conductor format")
    for mark, name in _OTHER.items():
        if start.startswith(mark):
            return Fault("byte-order-mark", 1, f"begins with the byte order mark of {name}; save it as UTF-8")
    if _UNMARKED.match(start):
        wide = b"\0\0" in start[:4]
        return Fault("byte-order-mark", 1, f"is written in {'UTF-32' if wide else 'UTF-16'}; save it as UTF-8")
    return None


def _forbidden(name: str) -> str:
    what = "which no text holds" if name == "NUL" else "which lets a text read otherwise than it is"
    return f"{name} stands here, {what}; remove the character"
