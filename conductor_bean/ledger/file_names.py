"""Names of files after ids: an accountant's own file is named after her."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

_LONGEST = 40
_UNSAFE = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def file_stem(name: str) -> str:
    """A file's name, without its ending, for an id: the id itself where any system and any glob takes it as it is.

    Else it is what can be kept of the id, with a few digits by which two ids keep two names. (Two ids that differ in
    capitals alone have names that differ in capitals alone, which some systems take for the same.)
    """
    kept = _UNSAFE.sub("-", unicodedata.normalize("NFC", name)).strip("-.")[:_LONGEST]
    if kept == name and not _RESERVED.fullmatch(name):
        return kept
    return f"{kept}-{sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
