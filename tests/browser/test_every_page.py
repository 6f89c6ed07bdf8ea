"""Every page of every example region, private and public, in Chromium: drawn without complaint, with its numbers."""

from __future__ import annotations

from collections import Counter

import pytest

from conductor_bean.fava.pages import ACCOUNTANTS, TABS
from tests.browser.chromium import Browser
from tests.browser.expected import expected
from tests.browser.looking import NARROW, Look, look
from tests.browser.sites import SITES, Site, Sites

pytestmark = pytest.mark.xdist_group("browser")

ALL = [(name, page) for name in SITES for page in (tuple(TABS) if name.endswith("public") else (*TABS, *ACCOUNTANTS))]
LEGIBLE = 4.5
"""Contrast that WCAG 2 asks of text (level AA)."""

FAINT = 3.0
"""... and of large text; Fava's own faint colour has little more, and labels and headings of tables are drawn in it."""


@pytest.fixture(scope="module", params=ALL, ids=" ".join)
def place(request: pytest.FixtureRequest, sites: Sites) -> tuple[Site, str]:
    """A page of a site."""
    name, page = request.param
    return sites.site(name), page


@pytest.fixture(scope="module")
def shown(browser: Browser, place: tuple[Site, str]) -> Look:
    """What is seen of it."""
    site, page = place
    return look(browser, site.page(page), page)


def test_neither_console_nor_network_complains(shown: Look) -> None:
    assert shown.complaints == []


def test_every_chart_is_drawn(shown: Look, place: tuple[Site, str]) -> None:
    for chart in shown.charts():
        first = chart["data"][0]
        assert len(first["data"]) > 1, "one point alone is no course"
        if first["type"] == "balances":
            assert max(chart["lines"]) > 100, first["label"]
            assert max(chart["points"]) >= len(first["data"]), first["label"]
        else:
            assert chart["bars"] >= len(first["data"]), first["label"]
    if place[1] == "region":
        # An edition may tell a fund in too few months for a course of it.
        assert len(list(shown.charts())) >= (2 if place[0].public else 3)
    for flow in shown.seen["flows"]:
        assert min(flow["bands"]) > 100
        assert len(flow["texts"]) == len(flow["bands"])


def test_the_numbers_are_those_of_the_commands_or_of_the_edition(shown: Look, place: tuple[Site, str]) -> None:
    for caption, key, values in expected(*place):
        rows = shown.rows(caption, key)
        told = f"{caption}, {key}: {values} are not all in {rows}"
        assert any(Counter(values) <= Counter(row) for row in rows), told


def test_a_narrow_screen_needs_no_scrolling_sideways(shown: Look) -> None:
    assert shown.narrow <= NARROW


def test_texts_can_be_read_in_light_and_in_dark(shown: Look) -> None:
    assert shown.light["ground"] > 0.8
    assert shown.dark["ground"] < 0.1
    for scheme in (shown.light, shown.dark):
        for tag, ratio in scheme["worst"].items():
            assert ratio >= (FAINT if tag in {"TH", "SMALL", "DT", "LABEL", "P", "BUTTON", "A"} else LEGIBLE), tag
