"""Closes written anew: the digest in the directive and the list beside it, as changes of files."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from conductor_bean.engine.events import Fact
from conductor_bean.ledger.appending import Change, read_bytes
from conductor_bean.ledger.closes import digests_now
from conductor_bean.ledger.seal_lists import CLOSES, list_path, list_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from conductor_bean.engine.events import Outcome
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.preview import Preview
    from conductor_bean.ledger.seals import Verdict

_CLOSE = rb'^\d{4}-\d\d-\d\d[ \t]+custom[ \t]+"month-close"[ \t]+"%s"[^\n]*(?:\n[ \t]+[^\n]*)*'
_DIGEST = re.compile(rb"\n[ \t]+digest[ \t]*:[^\n]*")


class EntriesWith:
    """The entries of a ledger by source, with those of a preview behind them.

    Args:
        books: The ledger.
        found: What entries would bring; theirs are the sources below 0.
        ids: Ids that transactions of the ledger are given with them, by source.
    """

    def __init__(self, books: Books, found: Preview, ids: Mapping[int, str] | None = None) -> None:
        assert books.checked is not None
        self._entries = books.checked.sources
        self._new = found.entries
        self._ids = ids or {}

    def __getitem__(self, source: int) -> Any:
        if source < 0:
            return self._new[-source - 1]
        entry = self._entries[source]
        name = self._ids.get(source)
        return entry if name is None else entry._replace(meta={**entry.meta, "id": name})


def renewed(
    books: Books, months: Iterable[str], outcomes: Iterable[Outcome], entries: Any, changes: Sequence[Change] = ()
) -> list[Change]:
    """Changes after which the closes of some months fit the entries that there will be, with lists to tell them by.

    Args:
        books: The ledger, in which each of the months is closed.
        months: The months.
        outcomes: All events that there will be, in order of instant.
        entries: Their entries by source.
        changes: What is written besides, in which the digests are put where they stand in one file.

    Raises:
        OSError: A file cannot be read.
    """
    written = {change.path: change for change in changes}
    lists = []
    places = _places(books)
    for verdict in digests_now(months, outcomes, entries):
        path, line = places[verdict.month]
        change = written.get(path) or Change(path, content := read_bytes(path), content)
        assert change.new is not None
        written[path] = dataclasses.replace(change, new=_with_digest(change.new, verdict, line))
        lists.append(list_change(books, verdict))
    # Lists first, for they prove nothing; then what is written besides, and with it the digests.
    return [*lists, *written.values()]


def list_change(books: Books, verdict: Verdict) -> Change:
    """The change that writes the list of a closed month.

    Raises:
        OSError: It cannot be read.
    """
    beside = list_path(books.main.parent, verdict.month, CLOSES)
    return Change(beside, read_bytes(beside), list_text(verdict.month, verdict.lines).encode())


def _places(books: Books) -> dict[str, tuple[Path, int]]:
    """File and line of the close of each month."""
    found = {}
    for outcome in books.outcomes:
        event = outcome.event
        if isinstance(event, Fact) and event.type.name == "month-close" and outcome.rejection is None:
            file, line = books.place(event.source)
            found[event.ids[0]] = (books.main.parent / file, line)
    return found


def _with_digest(content: bytes, verdict: Verdict, line: int) -> bytes:
    """A file in which the close of a month states another digest; lines may have come before it meanwhile."""
    start = len(b"".join(content.splitlines(keepends=True)[: line - 1]))
    match = re.compile(_CLOSE % verdict.month.encode(), re.MULTILINE).search(content, start)
    if match is None:
        return content  # the check with the change then says that the digest does not fit
    head, *rest = _DIGEST.sub(b"", match[0]).split(b"\n")
    ended = head.removesuffix(b"\r")
    end = b"\r\n" if b"\r\n" in content else b"\n"
    block = b"\n".join([ended + end + f'  digest: "{verdict.digest}"'.encode() + end[:-1], *rest])
    return content[: match.start()] + block + (content[match.end() :] or b"\n")
