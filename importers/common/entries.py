"""Entries that importers make, and their text in the canonical layout."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beancount.core import data
from beancount.core.amount import Amount

from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.columns import aligned
from conductor_bean.domain.instants import DAY, date_of, format_time, parse_time, start_of

if TYPE_CHECKING:
    from conductor_bean.importers.common.faults import Place

Directive = data.Transaction | data.Custom
Leg = tuple[str, Decimal, str]
"""Account, number, commodity."""

_LONGEST = 200
_ESCAPED = re.compile(r'["\\]')
_OWN_KEYS = ("filename", "lineno")


def transaction(
    row: Place,
    *,
    id: str,  # noqa: A002 - the name of the metadata
    instant: int,
    payee: str | None,
    narration: str,
    legs: Sequence[Leg],
    links: Sequence[str] = (),
    meta: Mapping[str, Any] | None = None,
    leg_meta: Mapping[int, Mapping[str, Any]] | None = None,
) -> data.Transaction:
    """A transaction of a row, without what the engine derives.

    Args:
        row: The row that it comes from; its file and number become the entry's place.
        id: Its stable id.
        instant: When it happened; `time:` is written where that is no midnight.
        payee: Who, or None; free text, cleaned here.
        narration: What; free text, cleaned here.
        legs: Account, number and commodity of each posting.
        links: Names of links, without `^`.
        meta: More metadata.
        leg_meta: Metadata of postings, by their index.
    """
    more = leg_meta or {}
    postings = [
        data.Posting(account, Amount(number, commodity), None, None, None, dict(more[index]) if index in more else None)
        for index, (account, number, commodity) in enumerate(legs)
    ]
    everything = {**_place(row), **_time(instant), "id": id, **(meta or {})}
    return data.Transaction(
        everything,
        date_of(instant),
        "*",
        clean(payee or "") or None,
        clean(narration),
        data.EMPTY_SET,
        frozenset(links),
        postings,
    )


def fact(
    row: Place, kind: str, ids: Sequence[str], *, instant: int, meta: Mapping[str, Any] | None = None
) -> data.Custom:
    """A custom directive of a row; texts among its metadata are cleaned."""
    values = [data_value(each) for each in ids]
    cleaned = {key: clean(value) if isinstance(value, str) else value for key, value in (meta or {}).items()}
    return data.Custom({**_place(row), **_time(instant), **cleaned}, date_of(instant), kind, values)


def data_value(text: str) -> Any:
    """A text as a value of a custom directive."""
    from beancount.parser.grammar import ValueType  # noqa: PLC0415 - Beancount's parser, only where facts are made

    return ValueType(text, str)


def clean(text: str) -> str:
    """A foreign text as one line that no terminal obeys and no parser trips over, cut where it is very long."""
    composed = unicodedata.normalize("NFC", text)
    line = " ".join("".join(c if c.isprintable() else " " for c in composed).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def instant_of(entry: Any) -> int:
    """The instant of an entry: its date and its `time:`."""
    time = entry.meta.get("time")
    return start_of(entry.date) + ((parse_time(time) if isinstance(time, str) else None) or 0)


def place_of(entry: Any) -> str:
    """Where an entry stands, as `journal.beancount:3`."""
    return f"{Path(str(entry.meta.get('filename'))).name}:{entry.meta.get('lineno')}"


def text_of(entry: Any) -> str:
    """An entry as text, in the canonical layout, without its place in the source and without a line end."""
    if isinstance(entry, data.Custom):
        head = " ".join([f'{entry.date} custom "{entry.type}"', *(_value(value.value) for value in entry.values)])
        return "\n".join([head, *_metadata(entry.meta, 2)])
    words = [str(entry.date), entry.flag]
    words += [_quoted(text) for text in (entry.payee, entry.narration) if text is not None]
    words += [f"#{tag}" for tag in sorted(entry.tags or ())] + [f"^{link}" for link in sorted(entry.links or ())]
    lines = [" ".join(words), *_metadata(entry.meta, 2)]
    for posting in entry.postings:
        number = decimal_text(posting.units.number)
        lines.append(aligned(f"  {posting.account}", number, posting.units.currency))
        lines += _metadata(posting.meta or {}, 4)
    return "\n".join(lines)


def _place(row: Place) -> dict[str, Any]:
    return {"filename": row.file, "lineno": row.number}


def _time(instant: int) -> dict[str, str]:
    return {"time": format_time(instant)} if instant % DAY else {}


def _metadata(meta: Mapping[str, Any], indent: int) -> list[str]:
    return [
        f"{' ' * indent}{key}: {_value(value)}"
        for key, value in meta.items()
        if key not in _OWN_KEYS and not key.startswith("__")
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Amount):
        return f"{decimal_text(value.number)} {value.currency}"
    if isinstance(value, datetime.date | int):
        return str(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda match: "\\" + match[0], text) + '"'
