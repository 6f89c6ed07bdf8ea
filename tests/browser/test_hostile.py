"""No name, product, payee, narration or title brings a script into a reader's browser; all is shown as text."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.browser.chromium import Browser
from tests.browser.hostile import HOSTILE, make_hostile
from tests.browser.looking import LOOK
from tests.browser.sites import ROOT, Site, Sites, conductor

pytestmark = pytest.mark.xdist_group("browser")

SHOWN = HOSTILE[:30]
"""Longer names are cut."""

REPORTS = ("journal/", "trial_balance/", "income_statement/", "statistics/")
PRIVATE = ("errors/", "events/", "documents/", "options/", "holdings/", "query/")
HACKED = "return 'hacked' in window"


@pytest.fixture(scope="module", params=["private", "public"])
def site(request: pytest.FixtureRequest, sites: Sites, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The hostile ledger, and its edition."""
    public = request.param == "public"
    ledger = sites.folder / "hostile"
    if not ledger.exists():
        make_hostile(ROOT / "ledgers" / "riverbend", ledger)
        conductor("publish", str(ledger), "--to", str(sites.edition("hostile")))
    return sites.serve(f"hostile {request.param}", ledger, public=public)


def test_the_tests_would_see_a_script(browser: Browser, site: Site) -> None:
    browser.open(site.page("region"), "region")
    assert not browser.run(HACKED)
    browser.run("alert(1)")
    assert browser.run(HACKED)


def test_no_page_runs_what_stands_in_names(browser: Browser, site: Site) -> None:
    seen = ""
    for page in site.pages:
        for given in ({}, {"q": quote("'\"><img src=no.png onerror=hacked=1>")}, {"party": quote(HOSTILE)}):
            browser.open(site.page(page, **given), page)
            found = browser.run(LOOK)
            assert not found["hacked"], (page, given)
            seen += found["words"]
    assert browser.complaints() == []
    assert seen.count(SHOWN) > 50, "it is shown, as it was written"
    assert "49" not in {word for word in seen.split() if "7*7" in word}


def test_no_report_of_fava_runs_it(browser: Browser, site: Site) -> None:
    for report in REPORTS if site.public else (*REPORTS, *PRIVATE):
        browser.open(site.report(report))
        assert not browser.run(HACKED), report
    assert browser.complaints() == []


def test_no_filter_in_an_address_runs_what_it_says(browser: Browser, site: Site) -> None:
    text = quote('"<img src=no.png onerror=hacked=1>"')
    for parameter in ("filter", "account"):
        browser.open(f"{site.report('trial_balance/')}?{parameter}={text}")
        assert not browser.run(HACKED), parameter


def test_names_stay_text_where_tabs_are_clicked(browser: Browser, site: Site) -> None:
    click_through(browser, site, lambda: browser.run(HACKED) is False)
    assert browser.complaints() == []


def click_through(browser: Browser, site: Site, holds: Callable[[], bool]) -> None:
    """Click on one tab after the other; something holds on each page."""
    browser.open(site.page("region"), "region")
    for page in reversed(site.pages):
        browser.click(browser.find(f'.conductor-tabs a[href*="page={page}"]'), page)
        assert holds(), page
