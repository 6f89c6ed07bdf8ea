"""Draws docs/report.svg, a plot of a report as it stands on paper: `python docs/make_report_picture.py`."""

from __future__ import annotations

from pathlib import Path

from conductor_bean.ledger.books import load_books
from conductor_bean.reporting.content import Plot
from conductor_bean.reporting.material import of_books
from conductor_bean.reporting.period import Period
from conductor_bean.reporting.plots import svg
from conductor_bean.reporting.report import region_report

ROOT = Path(__file__).resolve().parents[1]
PICTURE = Path(__file__).with_name("report.svg")
PLOT = "profit"


def draw() -> str:
    """The plot of regional profit from the report of Riverbend's year."""
    material = of_books(load_books(ROOT / "ledgers" / "riverbend"), Period.year(2026))
    blocks = [block for section in region_report(material).sections for block in section.blocks]
    (plot,) = [block for block in blocks if isinstance(block, Plot) and block.id == PLOT]
    drawn = svg(plot, paper=True)
    head = drawn.index(">") + 1
    return f'{drawn[:head]}\n <rect width="100%" height="100%" fill="#ffffff"/>{drawn[head:]}'


if __name__ == "__main__":
    PICTURE.write_text(draw(), "utf-8")
