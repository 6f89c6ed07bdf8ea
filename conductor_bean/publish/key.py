"""The region's secret, as the first publication left it beside the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

from conductor_bean.domain.instants import parse_instant
from conductor_bean.publish.strict_json import JsonRefusedError, read_json

if TYPE_CHECKING:
    from pathlib import Path

RECORD = "publication.json"

_LIMIT = 2**30
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


class RecordRefusedError(Exception):
    """There is no usable record of publications; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What receipts need of the record of publications.

    Attributes:
        key: The region's secret, of 32 bytes.
        until: The last instant of the latest edition, 0 where it has no private transfers yet, None where the record
            does not say.
        root: The head of its tree in hexadecimal digits, None where the record does not say.
    """

    key: bytes = field(repr=False)
    until: int | None
    root: str | None


def read_key(folder: Path) -> bytes:
    """The region's secret of 32 bytes.

    Args:
        folder: The folder of the ledger's main.beancount.

    Raises:
        RecordRefusedError: Nothing was published yet, or the record is damaged.
    """
    return read_publication(folder).key


def read_publication(folder: Path) -> Publication:
    """What receipts need of the record of publications.

    Raises:
        RecordRefusedError: Nothing was published yet, or the record is damaged.
    """
    path = folder / RECORD
    if not path.exists():
        raise RecordRefusedError(
            f"{path}: there is no such file, so nothing was published yet; publish first: "
            "conductor publish LEDGER --to DIR"
        )
    try:
        record = read_json(path, _LIMIT)
    except JsonRefusedError as error:
        raise _damaged(path, f"it {error}") from error
    if not isinstance(record, dict):
        raise _damaged(path, "it is no JSON object")
    key = record.get("key")
    if not _is_hash(key):
        raise _damaged(path, "its key is not 64 hexadecimal digits")  # what it is instead may be most of a secret
    until = _until(record["through"]) if "through" in record else None
    if until is None and "through" in record:
        raise _damaged(path, "its through is no instant")
    tree = record.get("tree", {})
    root = tree.get("root") if isinstance(tree, dict) else tree
    if root is not None and not _is_hash(root):
        raise _damaged(path, "the root of its tree is not 64 hexadecimal digits")
    return Publication(bytes.fromhex(key), until, root)


def _until(through: Any) -> int | None:
    if through is None:
        return 0
    return parse_instant(through) if isinstance(through, str) else None


def _is_hash(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _damaged(path: Path, why: str) -> RecordRefusedError:
    return RecordRefusedError(
        f"{path}: the record of publications is damaged: {why}; restore it from the ledger's history, since "
        "with another key no receipt fits what was published"
    )
