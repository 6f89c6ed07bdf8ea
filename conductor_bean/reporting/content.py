"""What a report consists of: sections of figures, tables, plots and notes, as plain data that two writers draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, the unit of its numbers, whether it holds numbers."""

    heading: str
    unit: str = ""
    number: bool = False

    @property
    def text(self) -> str:
        """Heading and unit in one."""
        return f"{self.heading} ({self.unit})" if self.unit else self.heading


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: What it shows.
        columns: Its columns.
        rows: Its rows, as many texts as columns each.
        empty: What is said where there are no rows.
        sums: A last row of sums, or nothing.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    empty: str
    sums: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Figures that are seen first: a label, a value and its unit each."""

    figures: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one name, as decimal texts; None where there is none."""

    name: str
    values: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of numbers, with the numbers.

    Attributes:
        id: Its name in the document, of letters and hyphens.
        title: What it shows.
        kind: `line` and `steps` over dates, `bars` over months, `levels` (lying bars) over names.
        unit: Unit of the values.
        labels: Dates, months or names, one a value.
        series: The values.
    """

    id: str
    title: str
    kind: str
    unit: str
    labels: Sequence[str]
    series: Sequence[Series]

    @property
    def description(self) -> str:
        """What it shows in a sentence, for who cannot see it."""
        names = ", ".join(series.name for series in self.series)
        ends = f"{self.labels[0]} to {self.labels[-1]}" if self.kind != "levels" else f"{len(self.labels)} rows"
        return f"{self.title}. {names}, in {self.unit}; {ends}."


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph; a warning stands out."""

    text: str
    warning: bool = False


Block = Table | KeyFigures | Plot | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report under a heading, with a name of letters and hyphens for links to it."""

    id: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document.

    Attributes:
        title: What it is.
        subtitle: Of whom, and of which time.
        cover: What a reader has to know first.
        sections: Its parts.
        date: The date as which the files are made, ISO: no clock is looked at.
    """

    title: str
    subtitle: str
    cover: Sequence[Note]
    sections: Sequence[Section]
    date: str
