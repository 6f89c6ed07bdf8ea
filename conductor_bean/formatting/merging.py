"""Three states of a .beancount file, merged by whole entries.

git merges lines. Two who append to one file change the same place, so it asks; and where it does not ask, lines of two
entries may end up in each other. Here nothing smaller than an entry moves: what both added is kept, whole, in the order
of its dates, whichever side comes first.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from conductor_bean.formatting.layout import logical_lines
from conductor_bean.formatting.rewriting import NotFormattableError, decoded, formatted

_DATED = re.compile(r"\d{4}[-/]\d{2}[-/]\d{2}")
_ORDERED = re.compile(r"(?:push|pop)(?:tag|meta)\b")


class NotMergedError(Exception):
    """The states do not go together by themselves; the message says why."""


@dataclass(frozen=True, slots=True)
class _Block:
    """An entry with the comments right above it, or a paragraph of something else.

    Attributes:
        text: Its lines.
        gap: How many empty lines stand before it; two blocks that differ in that alone are equal.
    """

    text: str
    gap: int = field(compare=False)

    @property
    def date(self) -> str:
        """The date of its entry, empty where it has none."""
        found = re.search(r"^(\d{4})[-/](\d{2})[-/](\d{2})", self.text, re.MULTILINE)
        return "-".join(found.groups()) if found else ""


@dataclass(slots=True)
class _Change:
    """What one side did.

    Attributes:
        removed: Each block of the base that it took out, with the run of blocks of which it is one.
        added: Blocks that it put before one of the base, or at its end.
    """

    removed: dict[int, tuple[int, int]] = field(default_factory=dict)
    added: dict[int, list[_Block]] = field(default_factory=dict)


def merged(base: bytes, ours: bytes, theirs: bytes) -> bytes:
    """One file with what both sides changed since the base.

    The order of the sides makes no difference to the result.

    Raises:
        NotMergedError: Both changed the same entry, or added the very same one beside others, or one of the states is
            nothing that Beancount parses.
    """
    known = _blocks(base)
    sides = [_change(known, _blocks(side)) for side in (ours, theirs)]
    text = _text(_together(known, *sides))
    try:
        formatted(text.encode())
    except NotFormattableError as error:
        raise NotMergedError(f"what came of it is not well-formed: {error}") from error
    return text.encode()


def _blocks(content: bytes) -> list[_Block]:
    try:
        formatted(content)
        text = decoded(content)
    except NotFormattableError as error:
        raise NotMergedError(f"line {error.line}: {error}") from error
    if "\r" in text or text.encode() != content:
        raise NotMergedError("its lines do not end in line feeds alone, or it begins with a byte order mark")
    blocks: list[_Block] = []
    lines: list[str] = []
    gap = 0
    for line in logical_lines(text):
        if _ORDERED.match(line):
            raise NotMergedError("it has pushtag, poptag, pushmeta or popmeta, whose order means something")
        begins = not line.strip() or (not line[:1].isspace() and any(_DATED.match(other) for other in lines))
        if begins and lines:
            blocks.append(_Block("\n".join(lines), gap))
            lines, gap = [], 0
        if line.strip():
            lines.append(line)
        else:
            gap += 1
    if lines:
        blocks.append(_Block("\n".join(lines), gap))
    return blocks


def _change(base: list[_Block], side: list[_Block]) -> _Change:
    change = _Change()
    matcher = SequenceMatcher(None, base, side, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind != "equal":
            change.removed |= dict.fromkeys(range(start, end), (start, end))
            if last > first:
                change.added[start] = side[first:last]
    return change


def _together(base: list[_Block], ours: _Change, theirs: _Change) -> list[_Block]:
    _hold_nothing_twice(ours, theirs)
    result: list[_Block] = []
    for place in range(len(base) + 1):
        result += _added(ours.added.get(place, []), theirs.added.get(place, []))
        if place in ours.removed and place in theirs.removed:
            _hold_same_edit(base[place], place, ours, theirs)
        if place < len(base) and place not in {**ours.removed, **theirs.removed}:
            result.append(base[place])
    return result


def _hold_nothing_twice(ours: _Change, theirs: _Change) -> None:
    """Hold that no entry was added by both; but a change that is the same as a whole is one, picked from a branch."""
    first, second = (Counter(block for added in side.added.values() for block in added) for side in (ours, theirs))
    same = Counter(block for place, added in ours.added.items() if theirs.added.get(place) == added for block in added)
    for block in (first & second) - same:
        raise NotMergedError(f"both sides added {_head(block)} beside other entries: is it one, or two?")


def _hold_same_edit(block: _Block, place: int, ours: _Change, theirs: _Change) -> None:
    start, _ = ours.removed[place]
    if ours.removed[place] != theirs.removed[place] or ours.added.get(start) != theirs.added.get(start):
        raise NotMergedError(f"both sides changed {_head(block)}")


def _head(block: _Block) -> str:
    lines = block.text.split("\n")
    return repr(next((line for line in lines if _DATED.match(line)), lines[0])[:80])


def _added(ours: list[_Block], theirs: list[_Block]) -> list[_Block]:
    """What both put at one place, the earlier dates first; the same change is made once."""
    if not ours or not theirs or ours == theirs:
        return ours or theirs
    first, second = sorted((ours, theirs), key=lambda blocks: [(block.date, block.text) for block in blocks])
    return [*first, *second]


def _text(blocks: list[_Block]) -> str:
    lines: list[str] = []
    for number, block in enumerate(blocks):
        # A file's first block needs no empty line; one that was the first somewhere needs one now.
        gap = block.gap if number else 0
        if number and not gap and not _stand_together(blocks[number - 1], block):
            gap = 1
        lines += [""] * gap
        lines.append(block.text)
    return "\n".join(lines) + "\n" if lines else ""


def _stand_together(before: _Block, after: _Block) -> bool:
    """Whether two blocks may stand without an empty line between them: entries of one line each."""
    return "\n" not in before.text and "\n" not in after.text and bool(before.date and after.date)
