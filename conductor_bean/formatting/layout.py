"""The canonical layout of Beancount text: one way to write what is said, whoever wrote it.

Only white space between words changes, and empty lines between entries. Strings, comments, numbers and the order of
everything stay as they are. Each line is laid out by itself or by its own entry, never by the longest line of a file,
so that a new entry leaves every other line of the file as it was: a change shows what changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conductor_bean.domain.columns import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = " \t\r"

# Tokens as Beancount's lexer.l has them. Its white space is blank, tab and carriage return, nothing else: other
# spaces of Unicode are letters of an account to it.
_STRING = r'"(?:[^"\\]|\\.)*+"'
_LETTER = r"[^\x00-\x7f]"
_ACCOUNT = rf"(?:[A-Z]|{_LETTER})(?:[A-Za-z0-9\-]|{_LETTER})*+(?::(?:[A-Z0-9]|{_LETTER})(?:[A-Za-z0-9\-]|{_LETTER})*+)+"
_FUTURE = r"/[A-Z0-9'._\-]*[A-Z](?:[A-Z0-9'._\-]*[A-Z0-9])?"
_CURRENCY = rf"(?:[A-Z][A-Z0-9'._\-]*[A-Z0-9]|[A-Z](?![^ \t])|{_FUTURE})"
_EXPRESSION = r"(?:[-+*()0-9.,~ \t\r]|/(?![A-Z0-9'._\-]*[A-Z]))*+"
_DATE = r"\d{4,}[-/]\d+[-/]\d+"

_CODE = re.compile(rf'[^";]*+(?:{_STRING}[^";]*+)*+')
_REST_OF_STRING = re.compile(r'(?:[^"\\]|\\.)*+"')
_RUN = re.compile(rf"({_STRING})|[ \t\r]+")
_POSTING = re.compile(rf"(?:([*#!&?%]|[A-Z](?=[ \t]))[ \t\r]*+)?({_ACCOUNT})(.*)", re.DOTALL)
_AMOUNT = re.compile(rf"({_EXPRESSION})({_CURRENCY}|)(.*)", re.DOTALL)
_KEY = re.compile(r"([a-z][a-zA-Z0-9\-_]+:)[ \t\r]*+(.*)", re.DOTALL)
_ALIGNED_HEAD = re.compile(
    rf"({_DATE})[ \t\r]++(balance|price|open)[ \t\r]++({_ACCOUNT}|{_CURRENCY})(?![^ \t\r\d+\-(\"])(.*)", re.DOTALL
)
_TRANSACTION = re.compile(rf"{_DATE}[ \t\r]*+(?:txn(?![a-z])|[*#!&?%]|[A-Z](?=[ \t]|$))")
_COMMENT_SIGNS = frozenset(";*:#!&?%")


def canonical(text: str) -> str:
    """A Beancount text in canonical layout.

    Args:
        text: A text that Beancount parses, without a byte order mark. In another one nothing but white space changes.

    Returns:
        The text with line feeds alone, metadata and postings indented by two blanks (metadata of
        postings by four), commodities in one column, one empty line at most in a row and one on both sides of a
        transaction that stood directly beside another entry, nothing at the ends of lines and one line feed at the
        end. `canonical(canonical(text)) == canonical(text)`.
    """
    return _Layout().lines(text)


class _Layout:
    """Lays out one text; knows what the line before belongs to."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._entry = False  # the line before belongs to a dated entry
        self._transaction = False  # the entry is a transaction
        self._posted = False  # a posting has been seen in it
        self._indent = 0  # the indentation of that posting, as it was

    def lines(self, text: str) -> str:
        for line in logical_lines(text):
            first = line[:1]
            if not first or not (stripped := line.strip(_SPACE)):
                self._blank()
            elif first in _COMMENT_SIGNS:
                self._entry = False
                self._out.append(line.rstrip())
            elif first in " \t":
                self._body(line, stripped)
            else:
                self._head(stripped)
        while self._out and not self._out[-1]:
            self._out.pop()
        return "\n".join(self._out) + "\n" if self._out else ""

    def _blank(self) -> None:
        self._entry = False
        if self._out and self._out[-1]:
            self._out.append("")

    def _head(self, line: str) -> None:
        dated = line[0].isdigit()
        is_transaction = dated and _TRANSACTION.match(line) is not None
        if dated and self._entry and (is_transaction or self._transaction):
            self._out.append("")
        self._entry, self._transaction, self._posted = dated, is_transaction, False
        code, comment = _parted(line)
        if not is_transaction and (match := _ALIGNED_HEAD.fullmatch(code)):
            date, kind, subject, rest = match.groups()
            code = _with_amount(f"{date} {kind} {subject}", rest)
        else:
            code = _single_spaced(code)
        self._out.append(_joined(code, comment))

    def _body(self, line: str, stripped: str) -> None:
        code, comment = _parted(stripped)
        if not code:
            self._out.append((" " * self._inner(deeper=_indentation(line) > self._indent)) + comment)
        elif match := _KEY.match(code):
            value = match[2]
            self._out.append(
                " " * self._inner(deeper=True) + _joined(f"{match[1]} {_single_spaced(value)}".rstrip(_SPACE), comment)
            )
        elif match := _POSTING.fullmatch(code):
            flag, account, rest = match.groups()
            self._posted, self._indent = True, _indentation(line)
            self._out.append(_joined(_with_amount(f"  {flag} {account}" if flag else f"  {account}", rest), comment))
        else:
            self._out.append("  " + _joined(_single_spaced(code), comment))

    def _inner(self, *, deeper: bool) -> int:
        """How far something is indented that belongs to the posting before, if there is one."""
        return 4 if self._posted and deeper else 2


def logical_lines(text: str) -> Iterator[str]:
    """Lines of a text; one with a string that goes on over several lines comes as a whole."""
    lines = iter(text.split("\n"))
    for line in lines:
        if line[:1] == "\r":  # it indents nothing
            line = line.lstrip(_SPACE)  # noqa: PLW2901
        if '"' not in line or line[0] in _COMMENT_SIGNS:
            yield line
            continue
        whole = line
        while (end := _end_of_code(whole)) < len(whole) and whole[end] == '"':
            parts = [whole]
            for part in lines:
                parts.append(part)
                if _REST_OF_STRING.match(part):
                    break
            else:  # the string never ends, so it is none; Beancount refuses it
                yield from "\n".join(parts).split("\n")
                return
            whole = "\n".join(parts)
        yield whole


def _end_of_code(line: str) -> int:
    match = _CODE.match(line)
    assert match is not None
    return match.end()


def _parted(line: str) -> tuple[str, str]:
    """What a line says, and its comment."""
    if ";" not in line:
        return line, ""
    end = _end_of_code(line)
    return line[:end].rstrip(_SPACE), line[end:].rstrip()


def _indentation(line: str) -> int:
    return len(line[: -len(line.lstrip(_SPACE))].expandtabs())


def _joined(code: str, comment: str) -> str:
    return f"{code}  {comment}" if comment else code


def _single_spaced(code: str) -> str:
    """One blank where there is white space outside of strings."""
    if "  " not in code and "\t" not in code and "\r" not in code:
        return code
    return _RUN.sub(lambda match: match[1] or " ", code)


def _with_amount(prefix: str, rest: str) -> str:
    """A line whose commodity stands in its column, two blanks at least after the prefix."""
    match = _AMOUNT.fullmatch(rest)
    assert match is not None
    number, currency, more = (_single_spaced(part.strip(_SPACE)) for part in match.groups())
    if number or currency:
        line = aligned(prefix, number, currency)
        return f"{line}{'' if more.startswith(',') else ' '}{more}" if more else line
    return f"{prefix}  {more}" if more else prefix
