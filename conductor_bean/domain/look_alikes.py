"""Ids that look alike: equal when case, compatibility forms, marks and look-alike characters are folded.

The characters are those of Unicode's confusables.txt (UTS 39), in `look_alikes.yaml`. A table of our own, and no
library: `confusable_homoglyphs` holds data of 2017 and no skeletons, and what UTS 39 asks for is one translation.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from conductor_bean.domain.tables import read_table

_MARKS = {"Mn", "Me", "Cf"}


def folded(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What each name looks like, without and with regard to its capitals: names that share one of them look alike.

    Of capital I and small l the capital is what is alike, of I and i the case; a single form would fold all three.

    Args:
        names: Ids, none with a line break.
    """
    text = "\n".join(names)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in _MARKS)
    small, large = (_likened(form).casefold() for form in (text.casefold(), text))
    return zip(small.split("\n"), large.split("\n"), strict=True)


def _likened(text: str) -> str:
    if not text.isascii():
        return text.translate(_characters())
    for character, like in _ascii():  # for a name of plain letters much faster than a translation
        text = text.replace(character, like)
    return text


@cache
def _ascii() -> list[tuple[str, str]]:
    return [(chr(code), like) for code, like in _characters().items() if code < ord("\x80")]


@cache
def _characters() -> dict[int, str]:
    return {ord(character): row["like"] for row in read_table("look_alikes.yaml") for character in row["characters"]}
