"""What an event says, and what follows from it, each on one line: the text of which digests are made.

It is the meaning of the entry, not its layout: order of lines and files, comments, the way a number is written and
whether derived legs are written down change nothing; every word and amount does. docs/language.md tells the form.

Two forms are in use, after the formats of seals. In the second `price:` of facts is said too (of transactions, where
the check writes it, it is not), and a line end inside a text is one whether the file has LF or CR LF.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from beancount.core.data import Transaction

from conductor_bean.domain.facts import SEAL_FORMAT
from conductor_bean.domain.instants import format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.events import Outcome, Transfer

_NOT_SAID = frozenset({"filename", "lineno", "time", "fic", "price", "transfer"})
"""Metadata that is place, or stands in the line otherwise, or is written by the check itself."""
_NOT_SAID_BY_FACT = {1: _NOT_SAID, 2: _NOT_SAID - {"price"}}
_NOT_SAID_BY_CLOSE = _NOT_SAID | {"digest"}
_NOT_SAID_BY_LEG = frozenset({"filename", "lineno", "transfer"})
_DERIVED = frozenset({"derived"})
_REJECTED = "rejected"


def line_of_event(outcome: Outcome, entry: Any, form: int = SEAL_FORMAT) -> str:
    """What the text of an event says, on one line of fields between tabs, without a line end.

    Args:
        outcome: The event, whatever became of it.
        entry: The entry that states it.
        form: The format of seals under which the line is wanted.
    """
    when = format_instant(outcome.event.instant)
    if isinstance(entry, Transaction):
        recorded = getattr(outcome.event, "transfers", ())
        fields = [
            when,
            str(entry.flag),
            entry.payee or "",
            entry.narration or "",
            " ".join(sorted(entry.tags - _DERIVED)) if entry.tags else "",
            " ".join(sorted(entry.links)) if entry.links else "",
            _moved(recorded),
            *_metadata(entry.meta, _NOT_SAID, form),
        ]
        for posting in entry.postings:
            if (posting.meta and not posting.meta.keys() <= _NOT_SAID_BY_LEG) or posting.flag:
                told = _metadata(posting.meta or {}, _NOT_SAID_BY_LEG, form)
                fields += sorted(f"{posting.account} {posting.flag or ''} {item}" for item in told or [""])
    else:
        left_out = _NOT_SAID_BY_CLOSE if entry.type == "month-close" else _NOT_SAID_BY_FACT[form]
        ids = (str(value.value) for value in entry.values)
        fields = [when, entry.type, *ids, *_metadata(entry.meta, left_out, form)]
    return "\t".join([_escaped(_with_line_ends(text, form)) for text in fields])


def what_follows(outcome: Outcome) -> str:
    """The transfers that were derived from an event, on one line."""
    if outcome.rejection is not None:
        return _REJECTED
    return _moved([transfer for transfer in outcome.transfers if transfer.derived])


def _moved(transfers: Iterable[Transfer]) -> str:
    """Transfers in an order of their own, amounts in units of the commodity."""
    told = [f"{t.type} {t.debit.name} {t.credit.name} {t.units}" for t in transfers]
    return "; ".join(told if len(told) < 2 else sorted(told))


def _metadata(meta: dict[str, Any], left_out: frozenset[str], form: int) -> list[str]:
    told = [
        f"{key}: {_with_line_ends(_value(value), form)}"
        for key, value in meta.items()
        if key not in left_out and not key.startswith("__")
    ]
    told.sort()
    return told


def _value(value: Any) -> str:
    """A value of metadata; one number written in two ways is one value."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value.is_finite() else str(value)
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Decimal):
        return f"{_value(value[0])} {value[1]}"
    return str(value)


def _with_line_ends(text: str, form: int) -> str:
    """Text with the line ends that count: of a file with CR LF those are part of its texts."""
    return text.replace("\r\n", "\n") if form > 1 and "\r" in text else text


def _escaped(text: str) -> str:
    """Text without what separates fields and lines."""
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
