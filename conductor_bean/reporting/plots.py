"""Plots for a page (SVG) and for paper (PDF), drawn by matplotlib: the same numbers always give the same bytes.

Colours are written as names of CSS for a page, which knows light and dark, and as they are for paper.
"""

from __future__ import annotations

import datetime
import io
import math
import re
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from conductor_bean.reporting.words import visible

if TYPE_CHECKING:
    from conductor_bean.reporting.content import Plot

INK: Final = "#1c2128"
GRID: Final = "#c9ced6"
SERIES: Final = ("#1565a8", "#c2571a", "#2f7d4f", "#8a4fa3", "#a8862a", "#5b6470")
"""Colours that differ in brightness too, so that they can be told apart in grey and by most eyes."""

CSS: Final = {INK: "currentColor", GRID: "var(--grid)", **{color: f"var(--s{n})" for n, color in enumerate(SERIES)}}
STYLES: Final = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))
WIDTH, HEIGHT, ROW = 7.2, 2.5, 0.3
"""Inches: how wide plots are, how tall, and how tall a row of lying bars is."""

LONGEST: Final = 34
TICKS: Final = 7
FEW: Final = 6
"""Characters of a label, dates at an axis, and how many bars are few."""

_HEAD = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_NAMES = re.compile(r'(\bid="|href="#|url\(#)')
_SIZE = re.compile(r'<svg [^>]*?viewBox="([^"]*)"[^>]*>')
_SETTINGS: Final = {
    "font.size": 8,
    "text.parse_math": False,  # a name with dollars is a name
    "text.usetex": False,
    "axes.unicode_minus": False,
    "axes.formatter.use_locale": False,
    "path.simplify": False,
    "hatch.linewidth": 0.6,
}


def svg(plot: Plot, *, paper: bool) -> str:
    """A plot as an SVG element.

    Args:
        plot: The plot.
        paper: Whether its text is drawn as outlines and its colours are fixed; on a page both are left to the reader.
    """
    kind = "path" if paper else "none"
    settings = {**_SETTINGS, "font.family": ["DejaVu Sans"], "svg.hashsalt": plot.id, "svg.fonttype": kind}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph that the font lacks is drawn as a box, which says so
        out = io.BytesIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        _figure(plot).savefig(out, format="svg", metadata=nothing, transparent=True)
    text = _HEAD.sub("", out.getvalue().decode("utf-8"), count=1)
    text = _METADATA.sub("", text)
    if paper:
        return text
    text = _STYLE.sub("", text)
    text = _NAMES.sub(lambda match: f"{match[1]}{plot.id}-", text)  # names are unique in a page, not in a picture alone
    for color, name in CSS.items():
        text = text.replace(color, name)
    head = _SIZE.search(text)
    assert head is not None
    described = f'<svg class="plot" viewBox="{head[1]}" role="img" aria-labelledby="{plot.id}-is">'
    return text[: head.start()] + described + text[head.end() :]


def printed(plot: Plot) -> bytes:
    """A plot as a page of a PDF of its own size, in the fonts that are set."""
    with matplotlib.rc_context(_SETTINGS):
        out = io.BytesIO()
        nothing = dict.fromkeys(("Creator", "Producer", "CreationDate"))
        _figure(plot).savefig(out, format="pdf", metadata=nothing, transparent=True)
    return out.getvalue()


def size(plot: Plot) -> tuple[float, float]:
    """How wide and how tall a plot is, in inches."""
    return WIDTH, 0.75 + ROW * len(plot.labels) * max(1.0, 0.35 * len(plot.series)) if plot.kind == "levels" else HEIGHT


def _figure(plot: Plot) -> Figure:
    lying = plot.kind == "levels"
    figure = Figure(figsize=size(plot), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    draw = {"line": _lines, "steps": _lines, "bars": _bars, "levels": _levels}[plot.kind]
    draw(axes, plot)
    axes.grid(visible=True, axis="x" if lying else "y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=2, width=0.5)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set(color=INK, linewidth=0.5)
    (axes.set_xlabel if lying else axes.set_ylabel)(plot.unit, color=INK)
    value_axis = axes.xaxis if lying else axes.yaxis
    value_axis.set_major_locator(MaxNLocator(6, integer=_is_whole(plot)))
    value_axis.set_major_formatter(lambda value, _: f"{value:.10g}")
    if len(plot.series) > 1:
        figure.legend(loc="outside upper left", ncols=len(plot.series), frameon=False, labelcolor=INK)
    return figure


def _is_whole(plot: Plot) -> bool:
    """Whether all values are whole numbers, such as counts: there is no half of a household."""
    return all(value is None or "." not in value for series in plot.series for value in series.values)


def _numbers(values: Any) -> list[float]:
    """Values as geometry; what is missing leaves a gap."""
    return [math.nan if value is None else float(value) for value in values]


def _lines(axes: Any, plot: Plot) -> None:
    days = [datetime.date.fromisoformat(label).toordinal() for label in plot.labels]
    for number, series in enumerate(plot.series):
        draw = partial(axes.step, where="post") if plot.kind == "steps" else axes.plot
        draw(
            days,
            _numbers(series.values),
            color=SERIES[number % len(SERIES)],
            linestyle=STYLES[number % len(STYLES)],
            linewidth=1.4,
            label=_cut(series.name),
        )
    shown = sorted({days[0] + round((days[-1] - days[0]) * part / (TICKS - 1)) for part in range(TICKS)})
    axes.set_xticks(shown, [datetime.date.fromordinal(day).isoformat() for day in shown])
    axes.set_xlim(days[0], days[-1])


def _bars(axes: Any, plot: Plot) -> None:
    breadth = 0.8 * min(1, len(plot.labels) / FEW) / len(plot.series)  # a few months are no reason for broad bars
    for number, series in enumerate(plot.series):
        places = [place + breadth * (number - (len(plot.series) - 1) / 2) for place in range(len(plot.labels))]
        axes.bar(
            places,
            _numbers(series.values),
            width=breadth * 0.92,
            color=SERIES[number % len(SERIES)],
            label=_cut(series.name),
        )
    axes.set_xticks(range(len(plot.labels)), [_cut(label) for label in plot.labels])
    axes.set_xlim(-0.6, len(plot.labels) - 0.4)
    axes.axhline(0, color=INK, linewidth=0.5)


def _levels(axes: Any, plot: Plot) -> None:
    breadth = 0.8 / len(plot.series)
    for number, series in enumerate(plot.series):
        places = [place + breadth * (number - (len(plot.series) - 1) / 2) for place in range(len(plot.labels))]
        axes.barh(
            places,
            _numbers(series.values),
            height=breadth * 0.92,
            color=SERIES[number % len(SERIES)],
            label=_cut(series.name),
        )
    axes.set_yticks(range(len(plot.labels)), [_cut(label) for label in plot.labels])
    axes.set_ylim(len(plot.labels) - 0.4, -0.6)
    axes.set_xlim(left=0)


def _cut(name: str) -> str:
    """A name as a label: of one line, not longer than a picture bears."""
    return visible(name, LONGEST)
