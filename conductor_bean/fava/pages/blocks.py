"""What a page consists of: figures, tables, charts, forms, as plain data for the template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from conductor_bean.fava.pages.words import short

DASH = "–"
"""Stands for what is not known here, or private."""

LONGEST = 80
"""How many characters of a name or text are shown; names come from anybody."""


class Links(Protocol):
    """Addresses of Fava's reports and of the region's pages."""

    private: bool
    """Whether this is the private ledger, not an edition of it."""

    def page(self, name: str, **parameters: object) -> str:
        """The address of a page of the region."""

    def account(self, name: str, time: str = "", entries: str = "") -> str:
        """The address of an account's journal, "" where this ledger has no such account.

        Args:
            name: The account; where an edition tells it in part, it is found under the name that says so.
            time: A filter of Fava for dates.
            entries: A filter of Fava for entries.
        """

    def journal(self, entries: str = "", time: str = "") -> str:
        """The address of the journal of what a filter of Fava lets through."""

    def source(self, file: str, line: int) -> str:
        """The address at which a line of the ledger can be edited, "" where it cannot."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with where it comes from.

    Attributes:
        text: What is shown.
        href: Where it can be traced to, or "".
        title: The whole of a value that is shown shortened.
        small: What is said beside it.
        done: Share of what is planned that is consumed, for a bar, or None.
    """

    text: str
    href: str = ""
    title: str = ""
    small: str = ""
    done: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, the unit of its numbers, whether it holds numbers or much text."""

    heading: str
    unit: str = ""
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows of how many are shown, and where the others are."""

    first: int
    last: int
    total: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        columns: Its columns.
        rows: Its rows, as many cells as columns each.
        empty: What is said where there are no rows.
        pager: Which rows these are, where not all.
        caption: What the table shows, for who cannot see what stands around it.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str
    caption: str = ""
    pager: Pager | None = None
    block: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures: a label and a value each."""

    figures: Sequence[tuple[str, Cell]]
    block: str = field(default="figures", init=False)


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts as Fava's component draws them; one at a time where there are several."""

    charts: Sequence[dict[str, Any]]
    block: str = field(default="charts", init=False)


@dataclass(frozen=True, slots=True)
class Beside:
    """Blocks that stand beside each other where there is room."""

    blocks: Sequence[Any]
    block: str = field(default="beside", init=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; cells with an address are links."""

    parts: Sequence[Cell]
    notice: bool = False
    block: str = field(default="text", init=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of a form: its name, its label, its options (value and text), what is chosen.

    Without options it is a text to search for.
    """

    name: str
    label: str
    chosen: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that asks for a page again with other parameters.

    Attributes:
        action: The address of the page, without parameters.
        hidden: Parameters that stay as they are.
        choices: Its fields.
        button: What its button says.
        steps: Links beside it, to what comes before and after.
    """

    action: str
    hidden: Sequence[tuple[str, str]]
    choices: Sequence[Choice]
    button: str
    steps: Sequence[Cell] = ()
    block: str = field(default="form", init=False)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under a heading."""

    heading: str
    blocks: Sequence[Any]
    id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page under its tab."""

    title: str
    sections: Sequence[Section]


def text(*parts: str | Cell, notice: bool = False) -> Text:
    """A paragraph of texts and links."""
    return Text([part if isinstance(part, Cell) else Cell(part) for part in parts], notice)


def charts(found: Sequence[dict[str, Any]]) -> Beside:
    """Charts beside each other, each on its own."""
    return Beside([Charts([chart]) for chart in found])


def unit_of(unit: object) -> str:
    """What is said beside a product that is counted in units of a kind."""
    return f"unit: {cut(unit).text}" if unit else ""


PARTLY_TOLD = (
    "Not told: a number that would expose a worker or a customer. What moved there is told in totals with others, or "
    "waits, and the account stands under Partly-Told in the ledger of this edition."
)


def is_partly_told(row: Mapping[str, Any]) -> bool:
    """Whether an edition tells only some of what moved an account or a company's accounts."""
    return row.get("complete") is False


def heading(value: object) -> str:
    """A name or text as a heading."""
    return cut(value, limit=3 * LONGEST).text


def cut(value: object, href: str = "", small: str = "", limit: int = LONGEST) -> Cell:
    """A name or text as a cell, cut to a length that a page can bear; a dash for what is missing."""
    if value is None or value == "":
        return Cell(DASH)
    shown = str(value)
    if len(shown) <= limit:
        return Cell(shown, href, small=small)
    return Cell(shown[: limit - 1] + "…", href, title=shown[: 5 * LONGEST], small=small)


def number(value: object, href: str = "", digits: int | None = None) -> Cell:
    """A number as a cell, a long one rounded to some digits after the point; a dash for what is missing."""
    if value is None:
        return Cell(DASH)
    whole = str(value)
    shown = whole if digits is None else short(whole, digits)
    return Cell(shown, href, title="" if shown == whole else whole)
