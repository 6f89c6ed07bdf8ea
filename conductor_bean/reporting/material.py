"""What a report is made of: the documents of the region's pages, of a ledger or of a public edition, at a period's end.

No figure is computed here: documents of a ledger are those of `conductor_bean.documents` as at the end of the period,
those of an edition stand in its files, as at the edition's end.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conductor_bean.documents import DOCUMENTS, all_documents
from conductor_bean.domain.instants import date_of, end_of, format_instant, month_of
from conductor_bean.reporting.words import NONE, NOT_TOLD

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.reporting.period import Period

Row = dict[str, Any]

DATA = "data"
MARK = "edition.json"
"""A public edition has this file in its folder of data."""

EDITION = 1
"""The form of editions that is understood here."""

NAMES = ("region", "plans", "companies", "cooperations", "prices", "decisions", "transfers", "months")


class ReportRefusedError(Exception):
    """There is no report of this period or of this folder; the message says why and what to do."""


@dataclass(frozen=True)
class Material:
    """Documents and what is to know of them.

    Attributes:
        period: The time of the report.
        at: The instant at which plans, companies and balances are looked at, ISO.
        documents: The documents by name (see `conductor_bean.documents`).
        through: Date of the last event of the ledger or edition.
        private: Whether they come from the private ledger, not from an edition.
        told: The last month of which an edition tells private transfers, None on a private ledger.
    """

    period: Period
    at: str
    documents: dict[str, Row]
    through: str
    private: bool
    told: str | None = None

    @property
    def about(self) -> Row:
        """Region, name and commodities."""
        about: Row = self.documents["region"]["about"]
        return about

    @property
    def name(self) -> str:
        """The region's name."""
        return str(self.about["name"] or self.about["region"])

    @property
    def hours(self) -> str | None:
        """The commodity of labour time, None where it is off."""
        hours: str | None = self.about["hours"]
        return hours

    @property
    def credits(self) -> str | None:
        """The commodity of credits, None where they are off."""
        credits_: str | None = self.about["credits"]
        return credits_

    @cached_property
    def region_months(self) -> list[Row]:
        """Rows of the page *Region* of the months that are shown."""
        return self._shown("region")

    @cached_property
    def fund_months(self) -> list[Row]:
        """Rows of the page *Month* of the months that are shown."""
        return self._shown("months")

    def _shown(self, name: str) -> list[Row]:
        return [row for row in self.rows(name, "months") if row["month"] in self.period.shown]

    def of_period(self, rows: list[Row]) -> list[Row]:
        """Of rows by month those of the period itself."""
        return [row for row in rows if row["month"] in self.period.months]

    def rows(self, name: str, key: str) -> list[Row]:
        """The rows of a document."""
        return self.documents[name][key] or []

    def told_text(self, value: object) -> str:
        """A value as text; one that is missing in an edition is not told."""
        if value is None:
            return NONE if self.private else NOT_TOLD
        return str(value)


def of_books(books: Books, period: Period) -> Material:
    """The material of a ledger whose check is complete.

    Raises:
        ReportRefusedError: The ledger has no such month.
    """
    last = books.last_instant
    if not last:
        raise ReportRefusedError(
            f"the ledger has no events yet, so there is no {period.kind} to report; add the first parties and plans"
        )
    first = next(outcome.event.instant for outcome in books.outcomes if outcome.rejection is None)
    _hold_known(period, month_of(first), month_of(last))
    at = min(end_of(period.last), last)
    documents = all_documents(books, at)
    return Material(period, format_instant(at), documents, date_of(last).isoformat(), private=True)


def edition_folder(path: Path) -> Path | None:
    """The folder of the edition that a path names, itself or by its main.beancount; None where it is none."""
    folder = path if path.is_dir() else path.parent
    try:
        return folder if (folder / DATA / MARK).is_file() else None
    except OSError:
        return None


def of_edition(folder: Path, period: Period) -> Material:
    """The material of a public edition.

    Raises:
        ReportRefusedError: Its files are not those of an edition, or it has no such month.
    """
    head = _read(folder, "edition")
    if head.get("edition") != EDITION:
        raise ReportRefusedError(f"{folder / DATA / MARK} is of another form than {EDITION}; publish the edition anew")
    documents = {name: _read(folder, name) for name in NAMES}
    assert set(NAMES) == set(DOCUMENTS)
    try:
        about = documents["region"]["about"]
        months = [str(row["month"]) for row in documents["region"]["months"] or []]
        at = f"{about['through']}T23:59:59.999999"
        material = Material(period, at, documents, str(about["through"]), private=False, told=about["told"])
        if not months:
            raise ReportRefusedError(f"the edition tells of no month yet, so there is no {period.kind} to report")
        _hold_known(period, months[0], months[-1])
    except (KeyError, TypeError) as error:
        raise ReportRefusedError(f"{folder / DATA} does not hold an edition's figures; publish it anew") from error
    return material


def _read(folder: Path, name: str) -> Row:
    path = folder / DATA / f"{name}.json"
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReportRefusedError(f"{path} cannot be read as JSON; publish the edition anew") from error
    if not isinstance(document, dict):
        raise ReportRefusedError(f"{path} holds no document of an edition; publish it anew")
    return document


def _hold_known(period: Period, first: str, last: str) -> None:
    if period.months[-1] < first or period.months[0] > last:
        span = f"is of {first} alone" if first == last else f"runs from {first} to {last}"
        raise ReportRefusedError(
            f"there is nothing to report of {period.name}: the ledger {span}; name a {period.kind} of that time"
        )
