"""What may never change once it stands: seals, months that are sealed or closed, and what the region decided.

Two states of a ledger are compared by what their events say, as seals have it. So the order of lines and files,
layout and comments change nothing, and no entry can be changed, added or taken out in silence.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conductor_bean.domain.instants import format_instant, month_of
from conductor_bean.engine.events import Evidence, Fact
from conductor_bean.ledger.admission.plain_files import Folder
from conductor_bean.ledger.event_lines import line_of_event
from conductor_bean.ledger.files import LedgerFiles
from conductor_bean.ledger.problem import Change, Problem
from conductor_bean.ledger.seals import end_of_month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conductor_bean.ledger.books import Books

_BACK = "put it back as it was (git knows), and record what is to be corrected in an open month"
_HOW = {
    "sealed-entry-changed": ("is sealed", _BACK),
    "closed-entry-changed": ("is closed", f"{_BACK}, or close the month anew with conductor close --again"),
}


class Event(NamedTuple):
    """An event of a ledger, as two states of it are compared.

    Attributes:
        instant: When it happened.
        says: What its text says, on one line.
        kind: The type of a fact, "" for a transaction.
        ids: The ids of a fact.
        file: The file in which it stands, relative to the ledger's folder.
        line: Its line.
        is_accepted: Whether the rules accepted it.
        digest: What a month-close says of its month, where it does.
    """

    instant: int
    says: str
    kind: str
    ids: tuple[str, ...]
    file: str
    line: int
    is_accepted: bool
    digest: str

    @property
    def month(self) -> str:
        """The calendar month in which it lies."""
        return month_of(self.instant)


@dataclass(frozen=True, slots=True)
class State:
    """A ledger at one of two revisions.

    Attributes:
        books: Its books.
        whole: Loads all of it, where the books begin too late.
    """

    books: Books
    whole: Callable[[], Books]

    @property
    def seals(self) -> dict[str, tuple[object, ...]]:
        """What each seal states, by month, in order."""
        return {seal[0]: tuple(seal) for seal in self.books.machine.state.sealed}

    @property
    def is_sealed_well(self) -> bool:
        """Whether what is sealed is what was sealed."""
        return all(problem.code != "sealed-history-changed" for problem in self.books.problems)

    def events(self, start: int) -> Iterator[Event]:
        """The events from an instant on."""
        checked = self.books.checked
        begins = 0 if checked is None or checked.checkpoint is None else checked.checkpoint.end
        books = self.books if begins <= start else self.whole()
        assert books.checked is not None
        for outcome in books.outcomes:
            event = outcome.event
            if event.instant < start or isinstance(event, Evidence):
                continue
            entry = books.checked.sources[event.source]
            kind, ids = (event.type.name, event.ids) if isinstance(event, Fact) else ("", ())
            file, line = books.place(event.source)
            says = line_of_event(outcome, entry)
            digest = str(entry.meta.get("digest") or "") if kind == "month-close" else ""
            yield Event(event.instant, says, kind, tuple(ids), file, line, outcome.rejection is None, digest)


class Comparison:
    """Two states of a ledger, the later held against the earlier.

    Args:
        earlier: The ledger at the revision; its check ran to its end.
        present: The ledger as it is; its check ran to its end.
        revision: What the revision is called.
    """

    def __init__(self, earlier: State, present: State, revision: str) -> None:
        self._present = present
        self._revision = revision
        self._main = present.books.main
        self._folder = earlier.books.main.parent
        self._seals = earlier.seals
        self._closed = set(earlier.books.machine.state.closed)
        self._sealed_end = max(map(end_of_month, self._seals), default=0)
        start = _sealed_alike(earlier, present)
        self._before = [event for event in earlier.events(start) if event.kind != "seal"]
        self._after = list(present.events(start))
        self._places = {(event.kind, *event.ids[:1]): event for event in self._after if event.kind}
        self._excused = self._closed_again()
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        self._compare_seals()
        self._compare_events()

    @property
    def held_until(self) -> int:
        """The end of the last month that was closed or sealed at the revision."""
        return max([self._sealed_end, *map(end_of_month, self._closed)])

    def may_list_change(self, month: str) -> bool:
        """Whether a month was closed anew, so that its list is another."""
        return month in self._excused

    def _closed_again(self) -> set[str]:
        """Closed months whose close states another digest now, which fits."""
        if any(problem.code == "closed-month-changed" for problem in self._present.books.problems):
            return set()
        before = {event.ids[0]: event.digest for event in self._before if event.kind == "month-close"}
        after = {
            event.ids[0]: event.digest
            for event in self._after
            if event.kind == "month-close" and event.is_accepted and event.digest
        }
        return {
            month
            for month, digest in after.items()
            if month in self._closed and end_of_month(month) > self._sealed_end and before.get(month, "") != digest
        }

    def _compare_seals(self) -> None:
        present = self._present.seals
        for month, stated in self._seals.items():
            seal, close = self._places.get(("seal", month)), self._places.get(("month-close", month))
            if month not in present:
                message = f"the seal of {month}, which stands at {self._revision}, is gone; put it back (git knows)"
                self._add("seal-removed", close, message)
            elif present[month] != stated:
                message = f"this seal of {month} is not the one of {self._revision}; put it back as it was (git knows)"
                self._add("seal-changed", seal or close, message)

    def _compare_events(self) -> None:
        said = Counter(event.says for event in self._before if event.is_accepted)
        still = Counter(event.says for event in self._after)
        added = [
            event for event in self._after if event.is_accepted and event.kind != "seal" and not _taken(said, event)
        ]
        removed = [event for event in self._before if event.is_accepted and not _taken(still, event)]
        removed = self._without_unread(removed)
        gone: dict[int, list[Event]] = defaultdict(list)
        for event in removed:
            if self._is_held(event):
                gone[event.instant].append(event)
        for event in added:
            if self._is_held(event):
                was = gone[event.instant].pop() if gone[event.instant] else None
                how = "was changed" if was else "was added"
                self._tell(event, event, f"this entry of {_when(event)} {how} since {self._revision}")
        for event in (event for events in gone.values() for event in events):
            where = f"{event.file}:{event.line} at {self._revision}"
            place = self._places.get(("month-close", event.month)) or self._places.get(("seal", event.month))
            self._tell(event, place, f"the entry of {_when(event)} that stood at {where} is gone")

    def _is_held(self, event: Event) -> bool:
        return event.instant < self._sealed_end or event.month in self._closed

    def _tell(self, event: Event, place: Event | None, what: str) -> None:
        """Tell of an event of a month that is sealed or closed, as an error, or as a change of a month closed anew."""
        if event.month in self._excused:
            file, line = self._place(place)
            self.changes.append(Change(file, line, "closed", what))
            return
        code = "sealed-entry-changed" if event.instant < self._sealed_end else "closed-entry-changed"
        state, remedy = _HOW[code]
        self._add(code, place, f"{what}, but its month {state}; {remedy}")

    def _without_unread(self, removed: list[Event]) -> list[Event]:
        """Events that are gone, but those whose text nobody changed: they are no longer read, which is an error."""
        if not removed:
            return removed
        read = {os.path.relpath(name, self._main.parent) for name in LedgerFiles(self._main).found()}
        faulty = {(self._present.books.relative(p.file), p.line) for p in self._present.books.errors}
        same = {file: self._is_same(file) for file in {event.file for event in removed}}
        unread: dict[str, list[Event]] = defaultdict(list)
        rest: list[Event] = []
        for event in removed:
            is_lost = event.file not in read or (same[event.file] and (event.file, event.line) not in faulty)
            (unread[event.file] if is_lost else rest).append(event)
        for file, events in unread.items():
            message = (
                f"{len(events)} accepted event(s) of {file}, the first of {_when(events[0])}, are not read any more, "
                f"but were at {self._revision}; include the file again, and remove an entry by a reversal"
            )
            place = (str(self._main), _include_line(self._main)) if file not in read else (file, events[0].line)
            self.problems.append(Problem(str(self._main.parent / place[0]), place[1], "events-vanished", message))
        return rest

    def _is_same(self, file: str) -> bool:
        try:
            contents = [Folder(folder).read(folder / file) for folder in (self._folder, self._main.parent)]
        except (OSError, ValueError):
            return False
        return contents[0].replace(b"\r\n", b"\n") == contents[1].replace(b"\r\n", b"\n")

    def _place(self, event: Event | None) -> tuple[str, int]:
        return (str(self._main), 1) if event is None else (str(self._main.parent / event.file), event.line)

    def _add(self, code: str, place: Event | None, message: str) -> None:
        self.problems.append(Problem(*self._place(place), code, message))


def _sealed_alike(earlier: State, present: State) -> int:
    """The instant before which both have the same seals, which hold, so that nothing need be compared."""
    end = 0
    if earlier.is_sealed_well and present.is_sealed_well:
        for before, after in zip(earlier.seals.items(), present.seals.items(), strict=False):
            if before != after:
                break
            end = end_of_month(before[0])
    return end


def _taken(left: Counter[str], event: Event) -> bool:
    """Whether an event is among those that are left; it is taken from them then."""
    if not left[event.says]:
        return False
    left[event.says] -= 1
    return True


def _when(event: Event) -> str:
    return format_instant(event.instant).removesuffix("T00:00:00")


def _include_line(main: Path) -> int:
    """The first line that includes something, where the fault can be mended."""
    try:
        lines = Folder(main.parent).read(main).splitlines()
    except OSError:
        return 1
    return next((number for number, line in enumerate(lines, 1) if line.startswith(b"include")), 1)
