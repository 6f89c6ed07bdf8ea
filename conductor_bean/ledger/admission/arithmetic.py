"""Arithmetic in amounts: Beancount reckons while it parses, and a division by zero ends its parser and its process."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException, DivisionByZero

_SUSPECT = re.compile(rb"/[ \t]*(?:[-+][ \t]*)*(?:\(|0[0,]*(?:\.0*)?(?![\d.,/]))")
"""What may be a division by zero; nearly no file has any."""

_PASSED_OVER = re.compile(rb'"(?:[^"\\]|\\.)*"|;[^\n]*|^[*#:!&?%][^\n]*|[\^#][^\s]+', re.MULTILINE | re.DOTALL)
"""Texts, comments, headings, links and tags."""

_TOKEN = re.compile(rb"(?P<date>\d{4,}[-/]\d+[-/]\d+)|(?P<number>\d[\d,]*(?:\.\d*)?)|(?P<sign>[-+*/()])|[^\s\d]+")
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "negative": 3, "positive": 3}


def division_by_zero(content: bytes) -> int | None:
    """The line of a ledger on which a number is divided by zero, written as such or reckoned, or None."""
    if _SUSPECT.search(content) is None:
        return None
    lines = _PASSED_OVER.sub(lambda found: b'"' + b"\n" * found[0].count(b"\n"), content).split(b"\n")
    return next((number for number, line in enumerate(lines, 1) if b"/" in line and _divides_by_zero(line)), None)


def _divides_by_zero(line: bytes) -> bool:
    """Whether any expression of a line does, reckoned in one pass from left to right."""
    expression = _Expression()
    try:
        for found in _TOKEN.finditer(line):
            if found["number"] is not None:
                expression.number(Decimal(found["number"].replace(b",", b"").decode()))
            elif found["sign"] is not None:
                expression.sign(found["sign"].decode())
            else:
                expression.end()
        expression.end()
    except DecimalException:
        return True
    return False


class _Expression:
    """Numbers and operators that wait for what stands right of them."""

    def __init__(self) -> None:
        self._values: list[Decimal] = []
        self._waiting: list[str] = []
        self._wants_number = True

    def number(self, value: Decimal) -> None:
        if not self._wants_number:
            self.end()
        self._values.append(value)
        self._wants_number = False

    def sign(self, sign: str) -> None:
        if sign == "(":
            if not self._wants_number:
                self.end()
            self._waiting.append(sign)
        elif sign == ")":
            self._reckon(0)
            if self._waiting and not self._wants_number:
                self._waiting.pop()
            else:
                self.end()
        elif not self._wants_number:
            self._reckon(_BINDS[sign])
            self._waiting.append(sign)
            self._wants_number = True
        elif sign in "+-":
            self._waiting.append("negative" if sign == "-" else "positive")
        else:
            self.end()

    def end(self) -> None:
        """Reckon what can be reckoned, and begin anew."""
        while self._waiting:
            self._reckon(0)
            if self._waiting:
                self._waiting.pop()
        self._values.clear()
        self._wants_number = True

    def _reckon(self, binding: int) -> None:
        """Apply the operators that bind as much at least, up to the last bracket."""
        while self._waiting and self._waiting[-1] != "(" and _BINDS[self._waiting[-1]] >= binding:
            operator = self._waiting.pop()
            needed = 1 if operator in ("negative", "positive") else 2
            if len(self._values) < needed or self._wants_number:
                continue  # no expression: the parser says so
            right = self._values.pop()
            if needed == 1:
                self._values.append(-right if operator == "negative" else right)
                continue
            left = self._values.pop()
            self._values.append(_applied(operator, left, right))


def _applied(operator: str, left: Decimal, right: Decimal) -> Decimal:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case _ if not right:  # told here, whether or not the context of the moment would
            raise DivisionByZero
        case _:
            return left / right
