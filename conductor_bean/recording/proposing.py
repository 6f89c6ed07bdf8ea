"""A proposal: an entry, where it will stand and what it will bring, before anything is written."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conductor_bean.ledger.preview import Preview, preview
from conductor_bean.recording.accountants import free_id
from conductor_bean.recording.drafting import draft
from conductor_bean.recording.placing import Place, Placer, changes_at
from conductor_bean.recording.text import TransactionDraft, written

if TYPE_CHECKING:
    from conductor_bean.ledger.appending import Change
    from conductor_bean.ledger.books import Books
    from conductor_bean.recording.asked import Asked


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that could be written.

    Attributes:
        text: The entry.
        id: Its id, "" where it has none.
        notes: How its amount came about.
        place: Where it will stand.
        preview: What it will bring.
    """

    text: str
    id: str
    notes: list[str]
    place: Place
    preview: Preview

    def changes(self) -> tuple[list[Change], int]:
        """The changes of files that write it, and the line at which it will begin.

        Raises:
            OSError: A file cannot be read.
        """
        return changes_at(self.place, self.text)


def propose(books: Books, asked: Asked, accountant: str, file: Path | None = None) -> Proposal:
    """What somebody wants to record, as an entry with its place and what it brings.

    Args:
        books: The ledger, which has no errors.
        asked: What was typed. An id of None becomes one that no other event has.
        accountant: Who writes, "" where that is not known.
        file: Where it shall stand, None for where entries of its kind live.

    Raises:
        MistakeError: A value cannot stand there.
        Rejection: An id does not exist.
        PlaceError: The ledger does not read that file.
    """
    drafted = draft(books.at(asked.instant), asked)
    entry = drafted.draft
    if isinstance(entry, TransactionDraft) and asked.id is None:
        name = _free_id(books, entry, accountant)
        entry = dataclasses.replace(entry, meta={**entry.meta, "id": name})
    placer = Placer(books, accountant)
    place = placer.place(asked.kind, asked.instant) if file is None else placer.told(file)
    text = written(entry)
    return Proposal(text, str(entry.meta.get("id", "")), drafted.notes, place, preview(books, text))


def _free_id(books: Books, entry: TransactionDraft, accountant: str) -> str:
    chart = books.machine.context.chart
    accounts = [chart.find(leg.account) for leg in entry.legs]
    party = next((account.owner for account in accounts if account is not None and account.owner), "region")
    return free_id(books, entry.date, party, accountant)
