"""Files from outside: read whole, within bounds, and only while nobody writes to them."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from conductor_bean.importers.common.faults import unreadable

MAX_BYTES = 64_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: Path, most: int = MAX_BYTES, *, may_be_empty: bool = False) -> bytes:
    """The content of a file.

    Args:
        path: The file.
        most: How many bytes it may have.
        may_be_empty: Whether a file without content is one.

    Raises:
        ImportRefusedError: It cannot be read, is too large, is empty, or somebody was writing to it meanwhile.
    """
    name = str(path)
    try:
        before = path.stat()
        if not stat.S_ISREG(before.st_mode):  # one must not even open it: a pipe would wait for ever
            raise unreadable(name, "is no regular file; name the file that was exported")
        with path.open("rb") as file:
            content = file.read(most + 1)
            after = path.stat()
    except FileNotFoundError:
        raise unreadable(name, "there is no such file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise unreadable(name, f"cannot be read ({reason})") from error
    if len(content) > most:
        raise unreadable(name, f"is larger than {most:,} bytes; export a shorter time at once")
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or after.st_size != len(content):
        raise unreadable(name, "changed while it was read: somebody is still writing it; import it when it is whole")
    if not may_be_empty and not content.strip(b"\0 \r\n\t"):
        raise unreadable(name, "is empty; export it again")
    return content


def decode(content: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """The text of a file, and the encoding that was found.

    What the mapping or the command says holds; else a byte order mark, else UTF-8, else UTF-16 where every other
    byte is zero, else Windows-1252, which is what spreadsheets of western Europe write when they do not write UTF-8.

    Raises:
        ImportRefusedError: The bytes are not in that encoding, or hold a zero byte as no text does.
    """
    found = encoding or next((each for mark, each in _MARKS if content.startswith(mark)), None)
    try:
        if found is not None:
            text = content.decode(found)
        else:
            found, text = _guessed(content)
    except LookupError:
        raise unreadable(name, f"encoding: {encoding} is no encoding; write utf-8, utf-16, cp1252 or latin-1") from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        line = content.count(b"\n", 0, start) + 1
        message = f"is not {found or 'UTF-8 nor Windows-1252'}; save it as UTF-8, or say encoding: in mapping.yaml"
        raise unreadable(name, message, line) from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise unreadable(name, "holds a zero byte, so it is no text, or was cut off; export it again", line)
    return text, found


def _guessed(content: bytes) -> tuple[str, str]:
    head = content[:2000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) >= 4 and zeros.count(0) * 10 > len(zeros) * 8:
            return encoding, content.decode(encoding)
    try:
        return "utf-8", content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", content.decode("cp1252")
