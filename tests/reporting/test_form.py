"""What a reader can do with a report: read it without seeing it, find pages, print it, take it along in one file."""

from __future__ import annotations

import re
from itertools import pairwise

import matplotlib
import pytest

from conductor_bean.reporting.content import Column, Note, Plot, Report, Section, Series, Table
from conductor_bean.reporting.page import html
from conductor_bean.reporting.paper import pdf
from conductor_bean.reporting.plots import printed, svg
from tests.reporting.reading import Page, paper, paper_pages

HEADINGS = [
    "The economy at a glance",
    "Companies",
    "Plans against reality",
    "Cooperations",
    "Public Sector Fund and treasury",
    "Regional profit and dividend",
    "Lists",
    "Transfers",
    "Decisions",
]


def long_report() -> Report:
    """A report of a table over several pages."""
    columns = [Column("name"), Column("amount", "RSC", number=True)]
    rows = [[f"row {number}", f"{number}.25"] for number in range(150)]
    table = Table("Everything", columns, rows, "nothing", ["sum", "1.00"])
    return Report("Long", "Testburg", [Note("A cover.")], [Section("all", "All of it", [table])], "2026-01-31")


def test_a_page_is_well_formed_and_names_are_unique(march_page: Page, year_page: Page) -> None:
    for page in (march_page, year_page):
        assert page.faults == []
        ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        links = {str(attributes.get("href")) for tag, attributes in page.tags if tag == "a"}
        assert links
        assert links <= {f"#{name}" for name in ids}


def test_a_page_fetches_and_runs_nothing(march: dict[str, bytes], march_page: Page) -> None:
    policy = [a["content"] for tag, a in march_page.tags if tag == "meta" and "http-equiv" in a]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    text = march[".html"].decode("utf-8")
    assert not re.findall(r"url\((?!#)|@import|<script|\bsrc=", text)
    assert set(re.findall(r"https?://[^\s\"'<)]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


def test_tables_have_captions_and_headings_with_scope(march_page: Page) -> None:
    assert len(march_page.tables) > 15
    assert all(table.caption and table.heads for table in march_page.tables)
    scopes = [attributes.get("scope") for tag, attributes in march_page.tags if tag == "th"]
    assert set(scopes) == {"col", "row"}


def test_every_plot_has_a_description_and_its_numbers(march_page: Page) -> None:
    pictures = [attributes for tag, attributes in march_page.tags if tag == "svg"]
    ids = {attributes.get("id") for _, attributes in march_page.tags}
    assert len(pictures) == len(march_page.pictured) > 6
    assert all(picture["role"] == "img" and picture["aria-labelledby"] in ids for picture in pictures)
    assert all(table.rows for table in march_page.pictured)


def test_colours_of_a_plot_are_left_to_the_page(march: dict[str, bytes]) -> None:
    text = march[".html"].decode("utf-8")
    drawings = "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))
    assert "var(--s0)" in drawings
    assert "currentColor" in drawings
    assert re.findall(r"#[0-9a-f]{6}", drawings) == []
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text


def test_paper_has_bookmarks_page_numbers_and_a_title(march: dict[str, bytes]) -> None:
    reader = paper(march[".pdf"])
    assert [str(item.title) for item in reader.outline] == HEADINGS
    assert reader.metadata.title == "Report of month 2026-03 - The Riverbend Valley"
    assert reader.root_object["/Lang"] == "en"
    pages = paper_pages(march[".pdf"])
    assert all(f"page {number} of {len(pages)}" in text for number, text in enumerate(pages, 1))


def test_fonts_are_embedded(march: dict[str, bytes]) -> None:
    reader = paper(march[".pdf"])
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        (inner,) = font["/DescendantFonts"]
        assert "DejaVu" in font["/BaseFont"]
        assert "/FontFile2" in inner.get_object()["/FontDescriptor"].get_object()


def test_plots_on_paper_are_drawn_and_not_photographed(march: dict[str, bytes]) -> None:
    reader = paper(march[".pdf"])
    assert not any(page.images for page in reader.pages)


def test_a_table_goes_on_over_pages_with_its_headings() -> None:
    pages = paper_pages(pdf(long_report()))
    assert len(pages) > 2
    assert all("name amount (RSC)" in page for page in pages)
    assert sum("Everything (continued)" in page for page in pages) == len(pages) - 1
    whole = " ".join(pages)
    assert all(f"row {number} {number}.25" in whole for number in range(150))


def test_numbers_end_at_the_same_place() -> None:
    ends: list[float] = []

    def visit(text: str, place: list[float], matrix: list[float], *_: object) -> None:
        if re.fullmatch(r"\d+\.25", text.strip()):
            ends.append(place[4] + matrix[4] + 0.1 * len(text))

    reader = paper(pdf(long_report()))
    reader.pages[0].extract_text(visitor_text=visit)
    wide = {len(f"{number}.25"): end for number, end in zip(range(len(ends)), ends, strict=True)}
    assert all(long_start < short_start for (_, short_start), (_, long_start) in pairwise(sorted(wide.items())))


@pytest.mark.parametrize("kind", ["line", "steps", "bars", "levels"])
def test_a_plot_is_drawn_with_gaps_and_odd_names(kind: str) -> None:
    labels = ["2026-01-01", "2026-01-15", "2026-02-01"]
    series = [Series("$a_1$ </svg>", ["1", None, "-2.5"]), Series("b", [None, None, None])]
    plot = Plot("odd", "Odd <b>", kind, "RSC & more", labels, series)
    for outlined in (False, True):
        drawn = svg(plot, paper=outlined)
        assert drawn == svg(plot, paper=outlined)
        assert drawn.count("<svg") == drawn.count("</svg>") == 1
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        assert printed(plot) == printed(plot)
        assert "$a_1$ </svg>" in paper_pages(printed(plot))[0]
    page = Page(html(Report("T", "S", [], [Section("s", "S", [plot])], "2026-01-31")))
    assert page.faults == []
    assert page.pictured[0].rows[1] == ["2026-01-15", "–", "–"]
