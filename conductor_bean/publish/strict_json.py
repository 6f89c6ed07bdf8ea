"""JSON from somebody else: read whole or refused, with bounds on what it may cost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pathlib import Path


class JsonRefusedError(Exception):
    """A file is no JSON that can be relied on; the message says why, as the end of a sentence about the file."""


def read_json(path: Path, limit: int) -> Any:
    """The document of a file.

    Numbers with a point or an exponent, NaN, and keys that stand twice are refused: nothing here writes them, and two
    readers may take them differently.

    Args:
        path: The file.
        limit: The most bytes that it may have.

    Raises:
        JsonRefusedError: There is no such file, or its content is not such JSON.
    """
    try:
        if not path.is_file():
            raise JsonRefusedError("is no file")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except (OSError, ValueError) as error:
        raise JsonRefusedError(f"cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if len(content) > limit:
        raise JsonRefusedError(f"is larger than {limit // 2**20} MiB")
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number
        )
    except RecursionError as error:
        raise JsonRefusedError("is nested too deeply") from error
    except ValueError as error:  # also text that is not UTF-8, and integers of thousands of digits
        raise JsonRefusedError("is no JSON text") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise JsonRefusedError("names a key twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise JsonRefusedError(f"holds the number {text[:20]}; amounts are written as text, in quotes")
