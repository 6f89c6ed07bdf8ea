"""What somebody wants to record, and the entry that it becomes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from conductor_bean.recording.kind import Kind
from conductor_bean.recording.text import Draft


@dataclass(slots=True)
class Asked:
    """What somebody wants to record.

    Attributes:
        kind: The kind of entry.
        values: What was typed, by field; of a field that stands for several, one a line.
        date: Its date.
        instant: When it happens.
        time: Its `time:`, "" where there is none.
        by: Who acted, "" where it is not said.
        id: The id of a transaction, "" for none, None for one that no other has.
        payee: The payee, None where it follows from the parties.
        narration: The narration, None where it follows from the kind.
        links: Free links besides.
    """

    kind: Kind
    values: dict[str, list[str]]
    date: datetime.date
    instant: int
    time: str = ""
    by: str = ""
    id: str | None = None
    payee: str | None = None
    narration: str | None = None
    links: tuple[str, ...] = ()

    def one(self, name: str) -> str:
        """The one value of a field, "" where it was not given."""
        found = self.values.get(name)
        return found[0] if found else ""


@dataclass(slots=True)
class Drafted:
    """An entry, and how its amount came about.

    Attributes:
        draft: The entry.
        notes: Sentences that explain it.
    """

    draft: Draft
    notes: list[str] = field(default_factory=list)
