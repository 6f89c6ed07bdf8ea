"""Receipts and the trees of editions as files say them: hostile until each value has the form it must have."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import format_instant, parse_instant
from conductor_bean.domain.problems import quoted
from conductor_bean.publish.leaves import BLIND_SIZE, Leaf
from conductor_bean.publish.receipts import FORMAT
from conductor_bean.publish.strict_json import JsonRefusedError, read_json
from conductor_bean.publish.tree import ALGORITHM

if TYPE_CHECKING:
    from pathlib import Path

EDITION_FILE = "data/edition.json"

RECEIPT_LIMIT = 64 * 2**20
EDITION_LIMIT = 16 * 2**20
LONGEST_PATH = 64
LONGEST_TEXT = 2_000

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
# As many digits as hold any sum of a receipt's amounts, so that decimals add exactly.
_AMOUNT = re.compile(r"\d{1,24}(?:\.\d{1,12})?", re.ASCII)
_BALANCE = re.compile(rf"-?{_AMOUNT.pattern}", re.ASCII)


class NotReadableError(Exception):
    """A file is no receipt, or a folder no edition; the message says what to do."""


class _MalformedError(Exception):
    """A value has not the form it must have; the message says where and which."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What an edition says of its tree.

    Attributes:
        region: The region's id.
        through: The last instant.
        root: The tree head.
        leaves: The number of leaves.
    """

    region: str
    through: str
    root: bytes
    leaves: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose values have their form, whatever they say.

    Attributes:
        party: Whose it is.
        head: The tree it is of.
        opening: Opening balance by account.
        transfers: The rows of the statement.
        closing: Closing balance by account.
        leaves: The leaves.
    """

    party: str
    head: TreeHead
    opening: dict[str, Decimal]
    transfers: list[dict[str, Any]]
    closing: dict[str, Decimal]
    leaves: list[Leaf]


def read_edition(folder: Path) -> TreeHead:
    """What the edition in a folder says of its tree.

    Raises:
        NotReadableError: It is no edition, or a damaged one.
    """
    path = folder / EDITION_FILE
    try:
        document = read_json(path, EDITION_LIMIT)
        found = document if isinstance(document, dict) else {}
        if "tree" in found and found.get("through", "") is None:
            raise _MalformedError("has no private transfers yet")
        return _head(found)
    except (JsonRefusedError, _MalformedError) as error:
        raise NotReadableError(
            f"{quoted(str(path), 300)} {error}; name the folder of an edition, as `conductor publish` wrote it"
        ) from error


def read_receipt(path: Path) -> Receipt:
    """The receipt in a file.

    Raises:
        NotReadableError: It is none, or of another version.
    """
    try:
        return _receipt(read_json(path, RECEIPT_LIMIT))
    except (JsonRefusedError, _MalformedError) as error:
        raise NotReadableError(
            f"{quoted(str(path), 300)} {error}; name a receipt as `conductor receipt` wrote it, or ask the "
            "region's accountants for a new one"
        ) from error


def _receipt(document: Any) -> Receipt:
    if not isinstance(document, dict) or type(document.get("receipt")) is not int:
        raise _MalformedError("is no receipt")
    if document["receipt"] != FORMAT:
        raise _MalformedError(f"is a receipt of another version than {FORMAT}, which a newer conductor may read")
    _object(document, "", ("receipt", "region", "party", "through", "tree", "statement", "leaves"))
    statement = _object(document["statement"], "statement", ("party", "opening", "transfers", "closing"))
    party = _text(document["party"], "party")
    if statement["party"] != party:
        raise _wrong("statement.party", statement["party"], "the receipt's party")
    rows = _list(statement["transfers"], "statement.transfers")
    leaves = _list(document["leaves"], "leaves")
    return Receipt(
        party=party,
        head=_head(document),
        opening=_balances(statement["opening"], "statement.opening"),
        transfers=[_row(row, f"statement.transfers[{number}]") for number, row in enumerate(rows)],
        closing=_balances(statement["closing"], "statement.closing"),
        leaves=[_leaf(leaf, f"leaves[{number}]") for number, leaf in enumerate(leaves)],
    )


def _head(document: dict[str, Any]) -> TreeHead:
    for key in ("region", "through", "tree"):
        if key not in document:
            raise _MalformedError(f"has no {key}")
    tree = _object(document["tree"], "tree", ("algorithm", "root", "leaves"))
    if tree["algorithm"] != ALGORITHM:
        raise _wrong("tree.algorithm", tree["algorithm"], ALGORITHM)
    return TreeHead(
        _text(document["region"], "region"),
        _instant(document["through"], "through"),
        _hash(tree["root"], "tree.root"),
        _integer(tree["leaves"], "tree.leaves"),
    )


def _row(value: Any, where: str) -> dict[str, Any]:
    keys = ("instant", "type", "debit", "credit", "commodity", "amount", "derived", "file", "line", "links")
    row = _object(value, where, keys)
    _instant(row["instant"], f"{where}.instant")
    for key in ("type", "debit", "credit", "commodity"):
        _text(row[key], f"{where}.{key}")
    _decimal(row["amount"], f"{where}.amount", _AMOUNT)
    # What follows is no part of the leaf, and is there for people alone.
    if type(row["derived"]) is not bool:
        raise _wrong(f"{where}.derived", row["derived"], "true or false")
    _text(row["file"], f"{where}.file")
    _integer(row["line"], f"{where}.line")
    for number, link in enumerate(_list(row["links"], f"{where}.links")):
        _text(link, f"{where}.links[{number}]")
    return row


def _leaf(value: Any, where: str) -> Leaf:
    leaf = _object(value, where, ("index", "blind", "text", "path"))
    path = _list(leaf["path"], f"{where}.path")
    if len(path) > LONGEST_PATH:
        raise _MalformedError(
            f"has a path of {len(path)} hashes at {where}, where no tree needs more than {LONGEST_PATH}"
        )
    return Leaf(
        _text(leaf["text"], f"{where}.text"),
        _hash(leaf["blind"], f"{where}.blind"),
        _integer(leaf["index"], f"{where}.index"),
        [_hash(beside, f"{where}.path[{number}]") for number, beside in enumerate(path)],
    )


def _balances(value: Any, where: str) -> dict[str, Decimal]:
    if not isinstance(value, dict):
        raise _wrong(where, value, "an object of balances by account")
    return {_text(name, where): _decimal(balance, f"{where}.{name}", _BALANCE) for name, balance in value.items()}


def _object(value: Any, where: str, keys: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, value, "an object")
    at = f" at {where}" if where else ""
    for key in keys:
        if key not in value:
            raise _MalformedError(f"has no {key}{at}")
    for key in value:
        if key not in keys:
            raise _MalformedError(f"has the unknown key {quoted(key)}{at}")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(where, value, "a list")
    return value


def _text(value: Any, where: str) -> str:
    # Printable text is also text that has an encoding, which lone surrogates have not.
    if not isinstance(value, str) or not value.isprintable() or len(value) > LONGEST_TEXT:
        raise _wrong(where, value, f"a printable text of at most {LONGEST_TEXT} characters")
    return value


def _integer(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value < 2**63:
        raise _wrong(where, value, "an integer from 0 on")
    return value


def _hash(value: Any, where: str) -> bytes:
    if not isinstance(value, str) or _HASH.fullmatch(value) is None:
        raise _wrong(where, value, f"{2 * BLIND_SIZE} hexadecimal digits in lower case")
    return bytes.fromhex(value)


def _instant(value: Any, where: str) -> str:
    instant = parse_instant(value) if isinstance(value, str) else None
    if instant is None or format_instant(instant) != value:
        raise _wrong(where, value, "an instant as 2026-03-02T13:42:29")
    return format_instant(instant)


def _decimal(value: Any, where: str, pattern: re.Pattern[str]) -> Decimal:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise _wrong(where, value, 'a decimal number in quotes, as "8.00"')
    return Decimal(value)


def _wrong(where: str, found: Any, right: str) -> _MalformedError:
    if isinstance(found, str):
        shown = quoted(found, 40)
    elif found is None or isinstance(found, bool):
        shown = {None: "null", True: "true", False: "false"}[found]
    else:
        shown = {int: "a number", dict: "an object", list: "a list"}[type(found)]
    return _MalformedError(f"has {shown} as {quoted(where, 120)[1:-1] or 'its document'}, which must be {right}")
