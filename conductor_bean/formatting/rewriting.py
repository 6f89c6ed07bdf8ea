"""A file's bytes in canonical layout, held to mean what they meant.

What Beancount cannot parse is refused: nobody can say what such a text means, so nobody can say that it still does.
"""

from __future__ import annotations

import codecs
import decimal
import re
from typing import Any

from beancount.core.data import Transaction
from beancount.parser import parser

from conductor_bean.domain.problems import printable
from conductor_bean.formatting.layout import canonical

_MARKER = re.compile(r"(?:<<<<<<<|>>>>>>>|=======|\|\|\|\|\|\|\|)(?: .*)?\r?")
_OTHER_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_FAULTS_OF_FORM = {"LexerError", "ParserSyntaxError"}
_OWN_OPTIONS = {"filename", "dcontext"}


class NotFormattableError(Exception):
    """A text that is left as it is.

    Attributes:
        line: Where the fault stands, from 1.
    """

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def formatted(content: bytes) -> bytes:
    """The bytes of a .beancount file in canonical layout (see `layout.canonical`).

    Raises:
        NotFormattableError: It is no UTF-8, or Beancount does not parse it; or the result would not mean the same.
    """
    text = decoded(content)
    laid_out = canonical(text)
    if laid_out == text:
        _parsed(text)  # a file that stays as it is must be right all the same
    else:
        _hold_same_meaning(text, laid_out)
    return laid_out.encode()


def decoded(content: bytes) -> str:
    """The text of a file, without its byte order mark.

    Raises:
        NotFormattableError: It is no UTF-8, or holds a NUL.
    """
    for mark, name in _OTHER_MARKS.items():
        if content.startswith(mark):
            raise NotFormattableError(1, f"the file is written in {name}; save it as UTF-8")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise NotFormattableError(line, f"byte 0x{byte:02X} is no UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise NotFormattableError(line, "a NUL stands here: the file is damaged or no text; take it from a backup")
    return text.removeprefix("\ufeff")


def _parsed(text: str) -> tuple[list[Any], list[Any], dict[str, Any]]:
    """Entries, errors of meaning and options of a text.

    Raises:
        NotFormattableError: It has errors of form.
    """
    try:
        with decimal.localcontext() as context:
            # With its traps on, `1/0 HOUR` ends Beancount's parser, and the process, in a segmentation fault.
            context.traps[decimal.DivisionByZero] = context.traps[decimal.InvalidOperation] = False
            entries, errors, options = parser.parse_string(text)
    except Exception as error:  # Beancount itself fails on metadata that overwrites lineno:
        reason = printable(f"{type(error).__name__}: {error}")
        raise NotFormattableError(1, f"Beancount fails on this file ({reason})") from error
    faults = [error for error in errors if type(error).__name__ in _FAULTS_OF_FORM]
    if faults:
        first = min(faults, key=lambda fault: int(fault.source.get("lineno") or 0))
        raise _refusal(text, max(int(first.source.get("lineno") or 0), 1), first.message)
    return entries, errors, options


def _refusal(text: str, number: int, message: str) -> NotFormattableError:
    marker = next((n for n, line in enumerate(text.split("\n"), 1) if _MARKER.fullmatch(line)), None)
    if marker is not None:
        return NotFormattableError(marker, "a merge conflict is not resolved; keep what is right, remove its markers")
    reason = printable(message.strip().split("\n")[0])
    return NotFormattableError(number, f"Beancount does not parse this ({reason}); mend the line first")


def _hold_same_meaning(old: str, new: str) -> None:
    """Hold that two texts differ in white space alone and are the same to Beancount, but for the numbers of lines."""
    before, after = _parsed(old), _parsed(new)
    same = (
        "".join(old.split()) == "".join(new.split())
        and _same_entries(before[0], after[0])
        and [error.message for error in before[1]] == [error.message for error in after[1]]
        and _options(before[2]) == _options(after[2])
    )
    if not same:
        raise NotFormattableError(1, "its canonical layout would not mean the same; this is a fault of conductor")


def _options(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in _OWN_OPTIONS}


def _same_entries(before: list[Any], after: list[Any]) -> bool:
    for old, new in zip(before, after, strict=False):
        _renumber(old, new)
    # What is no number does not even equal itself; it is written the same.
    return before == after or repr(before) == repr(after)


def _renumber(old: Any, new: Any) -> None:
    """Let a parsed entry stand on the lines of another one; both are ours alone."""
    new.meta["lineno"] = old.meta["lineno"]
    if isinstance(old, Transaction) and isinstance(new, Transaction):
        for ours, theirs in zip(old.postings, new.postings, strict=False):
            if ours.meta and theirs.meta:
                theirs.meta["lineno"] = ours.meta["lineno"]
