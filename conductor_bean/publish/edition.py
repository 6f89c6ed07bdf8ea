"""The public edition of a ledger: everything public in full, everything private as totals that expose nobody."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from conductor_bean.documents.moment import books_until
from conductor_bean.domain.accounts import CREDITS
from conductor_bean.domain.amounts import decimal_text, significant
from conductor_bean.domain.instants import (
    date_of,
    end_of,
    format_instant,
    last_date,
    last_day_of,
    month_from_number,
    month_number,
    month_of,
)
from conductor_bean.engine.events import Evidence
from conductor_bean.ledger.reports import commodity_of, fic_row
from conductor_bean.publish.activity import Activity, activity
from conductor_bean.publish.auditing import Auditor
from conductor_bean.publish.entries import entries_of, tell_in_full
from conductor_bean.publish.files import edition_files
from conductor_bean.publish.hierarchy import broad_types
from conductor_bean.publish.history import History, Morning
from conductor_bean.publish.holdings import Holdings
from conductor_bean.publish.leaves import tree_of
from conductor_bean.publish.public import Public
from conductor_bean.publish.public_course import public_course
from conductor_bean.publish.record import record_text
from conductor_bean.publish.relations import Known
from conductor_bean.publish.releasing import release
from conductor_bean.publish.safety import Thresholds
from conductor_bean.publish.served import may_be_told, stakes
from conductor_bean.publish.services import Services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conductor_bean.domain.fic import FactorParts
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.audit import Exposure
    from conductor_bean.publish.neighbours import NeighbourEdition
    from conductor_bean.publish.public_course import PublicCourse
    from conductor_bean.publish.served import Stake

EDITION = 1
"""The format of an edition."""


class ExposedError(Exception):
    """What earlier editions told, with all that is known by now, exposes somebody: nothing may be added to it.

    Attributes:
        exposure: The total that could be computed too closely.
    """

    def __init__(self, exposure: Exposure) -> None:
        super().__init__(exposure)
        self.exposure = exposure


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition before it is written.

    Attributes:
        files: Content by name relative to its folder.
        record: The private record that goes with it.
        through: The month up to which private transfers are told, None where none is complete.
        told: How many totals it states.
        waiting: How many cells still wait.
    """

    files: dict[str, str]
    record: str
    through: str | None
    told: int
    waiting: int


def last_complete_month(books: Books) -> int | None:
    """The last month of which nothing more is expected, as a number.

    Where credits are on that is the month closed last. Elsewhere, and while none was closed, it is the month before the
    last event's, or that month itself when its last day has come.
    """
    closed = books.machine.state.closed
    if books.region.credits is not None and closed:
        return month_number(closed[-1])
    if not books.last_instant:
        return None
    month, date = month_number(month_of(books.last_instant)), date_of(books.last_instant)
    return month if date == last_day_of(date.year, date.month) else month - 1


def make_edition(
    books: Books,
    history: History,
    key: bytes,
    through: int | None = None,
    neighbours: Sequence[NeighbourEdition] = (),
) -> Edition:
    """Make the next edition of a ledger.

    Args:
        books: A ledger without errors.
        history: What editions have told so far; it grows.
        key: The region's secret.
        through: The last complete month as a number; None lets the ledger say it.
        neighbours: What editions of neighbours tell of what moved between them and this region.

    Raises:
        AuditFailedError: The audit did not come to an end.
        ExposedError: What was told already exposes somebody.
    """
    complete = last_complete_month(books) if through is None else through
    first = _first_month(books)
    if first is None or complete is None or complete < first:
        complete = None  # there are public facts, and no transfers yet that could be told
    else:
        books = books_until(books, max(end_of(last_date(month_from_number(complete))), history.until or 0))
    happened = activity(books, history.in_full)
    happened.settled += [one for neighbour in neighbours for one in neighbour.statements(happened)]
    kept_back = {cell for neighbour in neighbours for cell in neighbour.keeps_back(happened)}
    course, services = public_course(books), Services.of(books.outcomes)
    holdings = Holdings(books, happened)
    known = replace(_known(books, happened, history, stakes(books.region, services, course.fic)), kept_back=kept_back)
    before = history.through
    if complete is not None:
        release(history, happened.cells, known, complete, holdings)
    for cell in sorted(known.in_full):
        del happened.cells[cell]
        happened.public += happened.settlements[cell]
    _audit_again(history, happened, known, before)
    if history.through is not None:
        tell_in_full(history, happened.public, end_of(last_date(month_from_number(history.through))), known.dividends)
    return _Maker(books, history, happened, holdings, key).make(course, services)


def _first_month(books: Books) -> int | None:
    """The month of the first event, None where there is none."""
    events = (o.event for o in books.outcomes if o.rejection is None and not isinstance(o.event, Evidence))
    first = next(events, None)
    return None if first is None else month_number(month_of(first.instant))


def _known(books: Books, happened: Activity, history: History, at_stake: dict[int, Stake]) -> Known:
    """What everybody knows of the region, with the dividends that are told."""
    dividends = {
        month_number(month): units
        for month, units in books.machine.state.credits.dividends.items()
        if month_number(month) not in history.withheld
    } | history.dividends
    members: dict[int, int] = {}
    for transfer in happened.public:
        month = month_number(month_of(transfer.instant))
        if transfer.type == "dividend" and dividends.get(month):
            members[month] = members.get(month, 0) + max(1, transfer.units // dividends[month])
    scale = 10 ** commodity_of(books, CREDITS).digits
    public_tax = {key: float(units / scale) for key, units in happened.public_tax.items()}
    return Known(
        books.region,
        happened.factors,
        dividends,
        members,
        happened.parts,
        happened.prices,
        happened.ratios,
        public_tax,
        at_stake,
        happened.settled,
        happened.settlements,
    )


def _audit_again(history: History, happened: Activity, known: Known, before: int | None) -> None:
    """Audit once more what earlier editions told, with what is known by now."""
    if before is None:
        return
    told = history.told_cells()
    pending = {cell: content for cell, content in happened.cells.items() if cell not in history.counted}
    pending |= {cell: history.content(cell) for cell in history.counted.keys() - told}
    for month in sorted({cell.month for told in history.told if told.told <= before for cell in told.cells}):
        thresholds = Thresholds.of(known.region.decisions.at(end_of(last_date(month_from_number(month)))))
        exposed = Auditor(known, history, pending, thresholds).audit([], [month])
        if exposed:
            raise ExposedError(exposed[0])


class _Maker:
    def __init__(self, books: Books, history: History, happened: Activity, holdings: Holdings, key: bytes) -> None:
        self._holdings = holdings
        self._books = books
        self._history = history
        self._happened = happened
        self._key = key

    def make(self, course: PublicCourse, services: Services) -> Edition:
        history = self._history
        self._tell_mornings(course.fic, services)
        entries = entries_of(history)
        told = history.told_cells()
        waiting = [cell for cell in self._happened.cells if cell not in told]
        public = Public(
            self._books,
            history,
            entries,
            course,
            frozenset((cell.month, cell.type) for cell in waiting),
            self._holdings,
        )
        until = self._until()
        tree = tree_of(self._books, self._key, 0 if until is None else until)
        head = {"algorithm": "RFC 9162 SHA-256", "root": tree.root.hex(), "leaves": tree.size}
        files = edition_files(public, self._about(until, head))
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(files[name].encode()).digest())
        tree_row = {"root": head["root"], "leaves": head["leaves"]}
        region = self._books.region
        made = digest.hexdigest()
        record = "".join(record_text(region, history, self._key, through=until, tree=tree_row, digest=made))
        month = None if history.through is None else month_from_number(history.through)
        return Edition(files, record, month, len(history.told), len(waiting))

    def _until(self) -> int | None:
        if self._history.through is None:
            return None
        return end_of(last_date(month_from_number(self._history.through)))

    def _about(self, until: int | None, tree: dict[str, Any]) -> dict[str, Any]:
        """edition.json: what this is, by which rules, and the head of the tree."""
        region = self._books.region
        thresholds = Thresholds.of(region.decisions.at(self._books.last_instant))
        return {
            "edition": EDITION,
            "region": region.id,
            "name": region.name,
            "through": None if until is None else format_instant(until),
            "commodities": {
                name: {"name": commodity.name, "precision": decimal_text(commodity.precision)}
                for name, commodity in (("labour_time", region.labour_time), ("credits", region.credits))
                if commodity is not None
            },
            "thresholds": {
                "publication_contributors": thresholds.contributors,
                "publication_margin": decimal_text(significant(thresholds.margin)),
                "publication_largest": decimal_text(significant(thresholds.largest)),
                "publication_two_largest": decimal_text(significant(thresholds.two_largest)),
            },
            "hierarchy": {
                "transfers": [
                    {"broad_type": broad.name, "types": list(broad.types), "meaning": broad.meaning}
                    for broad in broad_types()
                ],
                "levels": ["type", "broad type", "other"],
                "periods": ["month", "quarter", "year"],
            },
            "tree": tree,
        }

    def _tell_mornings(self, parts: list[FactorParts], services: Services) -> None:
        """Add the mornings that were not told yet, with the hours of services counted to the step of a grid."""
        history, region = self._history, self._books.region
        told = history.mornings[-1].date if history.mornings else ""
        if not parts or date_of(parts[-1].instant).isoformat() <= told:
            return
        windows = [(part.instant, region.decisions.at(part.instant).fic_window_days) for part in parts]
        margin = region.decisions.at(parts[-1].instant).publication_margin
        hour = 10 ** commodity_of(self._books).digits
        step = services.step(max(days for _, days in windows), margin, hour)
        thresholds = Thresholds.of(region.decisions.at(parts[-1].instant))
        counted = services.counted(windows, step, lambda some: may_be_told(some, thresholds))
        begun = 0
        for part, served in zip(parts, counted, strict=True):
            date = date_of(part.instant).isoformat()
            if date == told:  # a month that was begun goes on with its one value, whatever the step is by now
                begun = round(Fraction(history.mornings[-1].L) * hour - part.labour)
            if date <= told:
                continue
            row = fic_row(self._books, part.with_services(begun if date[:7] == told[:7] else served))
            history.mornings.append(
                Morning(date_of(part.instant).isoformat(), row["fic"], row["L"], row["L_o"], row["P_o"], row["R_o"])
            )
