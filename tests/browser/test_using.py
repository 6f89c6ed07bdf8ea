"""What a reader does on the pages: tabs, searches, choices, further rows, months, charts, links into Fava."""

from __future__ import annotations

import pytest
from selenium.webdriver.support.select import Select

from tests.browser.chromium import Browser
from tests.browser.looking import LOOK
from tests.browser.sites import SITES, Site, Sites

pytestmark = pytest.mark.xdist_group("browser")

TRACED = ("region", "plans", "companies", "cooperations", "prices", "transfers", "months")
"""Pages whose figures lead to entries; decisions stand in region.yaml."""


@pytest.fixture(params=["private", "public"])
def riverbend(request: pytest.FixtureRequest, sites: Sites) -> Site:
    """The example with both economies."""
    return sites.site(f"riverbend {request.param}")


@pytest.fixture
def simulated(sites: Sites) -> Site:
    """A region with many rows."""
    return sites.site("simulated private")


def words(browser: Browser) -> str:
    """The text of the page of ours."""
    return str(browser.run("return document.querySelector('.conductor').innerText"))


def first_cells(browser: Browser, caption: str) -> list[str]:
    """The first cells of a table."""
    tables = browser.run(LOOK)["tables"]
    return [row[0] for table in tables if table["caption"] == caption for row in table["rows"]]


def submit(browser: Browser, page: str) -> None:
    """Press the button of the form."""
    browser.click(browser.find(".conductor-form button"), page)


def choose(browser: Browser, name: str, value: str) -> None:
    """Choose an option of the form."""
    Select(browser.find(f".conductor-form select[name={name}]")).select_by_value(value)


def test_a_tab_that_is_clicked_shows_the_page_of_its_address(browser: Browser, riverbend: Site) -> None:
    plain = {}
    for page in riverbend.pages:
        browser.open(riverbend.page(page), page)
        plain[page] = words(browser)
    browser.run("window.sameDocument = true")
    for page in (*riverbend.pages, riverbend.pages[0]):
        browser.click(browser.find(f'.conductor-tabs a[href*="page={page}"]'), page)
        assert words(browser) == plain[page]
        assert f"page={page}" in browser.driver.current_url
        assert browser.find(".conductor-tabs a[aria-current]").text == browser.run(
            "return [...document.querySelectorAll('.conductor-tabs a')]"
            ".find(one => one.href === location.href.split('#')[0]).innerText"
        )
    assert browser.run("return window.sameDocument") is True, "Fava's router exchanges the page without loading anew"
    browser.driver.back()
    last = riverbend.pages[-1]
    browser.wait(lambda: browser.find(".conductor").get_attribute("data-page") == last, "there is no way back")
    assert browser.complaints() == []


def test_a_search_shows_the_rows_with_all_words(browser: Browser, riverbend: Site) -> None:
    browser.open(riverbend.page("plans"), "plans")
    assert len(first_cells(browser, "Plans")) == 16
    browser.find(".conductor-form input[name=q]").send_keys("Bread AUTUMN")
    submit(browser, "plans")
    assert first_cells(browser, "Plans") == ["bread-2026-autumn"]
    assert browser.find(".conductor-form input[name=q]").get_attribute("value") == "Bread AUTUMN"
    browser.find(".conductor-form input[name=q]").send_keys(" nowhere")
    submit(browser, "plans")
    assert first_cells(browser, "Plans") == []
    assert "No plan is like that." in words(browser)
    assert browser.complaints() == []


def test_choices_show_the_rows_that_are_like_that(browser: Browser, riverbend: Site) -> None:
    browser.open(riverbend.page("plans"), "plans")
    choose(browser, "state", "active")
    choose(browser, "kind", "public")
    submit(browser, "plans")
    assert first_cells(browser, "Plans") == ["clinic-2026"]
    browser.open(riverbend.page("companies"), "companies")
    choose(browser, "kind", "regional")
    submit(browser, "companies")
    assert first_cells(browser, "Companies") == ["Clinic", "Homes", "TradeSchool"]
    browser.open(riverbend.page("prices"), "prices")
    choose(browser, "kind", "lists")
    submit(browser, "prices")
    assert first_cells(browser, "Wait-lists") == ["housing", "equipment", "facility", "TradeSchool"]
    assert first_cells(browser, "Planned products") == []
    assert browser.complaints() == []


def test_the_books_of_a_regional_company_open_with_its_name(browser: Browser, riverbend: Site) -> None:
    browser.open(riverbend.page("companies"), "companies")
    browser.click(browser.driver.find_element("link text", "Clinic"), "companies")
    assert "Books of Valley Clinic" in words(browser)
    assert browser.complaints() == []


def test_a_month_is_chosen_and_left_for_the_one_before(browser: Browser, riverbend: Site) -> None:
    browser.open(riverbend.page("months"), "months")
    assert "Month 2026-12" in words(browser)
    choose(browser, "month", "2026-04")
    submit(browser, "months")
    assert "Month 2026-04" in words(browser)
    browser.click(browser.driver.find_element("link text", "the month before"), "months")
    assert "Month 2026-03" in words(browser)
    browser.click(browser.driver.find_element("link text", "the month after"), "months")
    assert "Month 2026-04" in words(browser)
    assert browser.complaints() == []


def test_the_second_chart_is_drawn_when_its_name_is_clicked(browser: Browser, riverbend: Site) -> None:
    browser.open(riverbend.page("region"), "region")
    before = browser.run(LOOK)["charts"][0]["points"]
    browser.find("#fic svelte-component").find_element("xpath", ".//button[.='Its parts by day (HOUR)']").click()
    browser.wait(
        lambda: len(browser.run(LOOK)["charts"][0]["points"]) > len(before),
        "the four parts of the factor are not drawn",
    )
    assert browser.complaints() == []


def test_further_rows_lead_through_all_of_a_statement(browser: Browser, simulated: Site) -> None:
    said = simulated.said("statement", "Bakery")
    own = set(said["closing"])
    count = sum((row["debit"] in own) + (row["credit"] in own) for row in said["transfers"])
    browser.open(simulated.page("statement"), "statement")
    browser.click(browser.driver.find_element("link text", "Bakery"), "statement")
    rows = first_cells(browser, "Statement of Bakery")
    assert 0 < len(rows) < count
    while earlier := browser.all("#statement .conductor-pager a[rel=prev]"):
        browser.click(earlier[0], "statement")
        rows = first_cells(browser, "Statement of Bakery") + rows
    assert len(rows) == count
    figures = browser.run(LOOK)["figures"]
    assert all(figures[f"{account} at the end"] == balance for account, balance in said["closing"].items())
    assert browser.complaints() == []


@pytest.mark.parametrize("page", TRACED)
def test_figures_lead_to_their_entries_in_fava(browser: Browser, riverbend: Site, page: str) -> None:
    browser.open(riverbend.page(page), page)
    links = browser.all('.conductor td a[href*="/account/"], .conductor td a[href*="/journal/"]')
    assert links, "there is something to trace"
    browser.click(links[0])
    browser.wait(lambda: browser.all("article ol.journal > li.transaction, article table.journal tr"), "no entries")
    assert browser.complaints() == []


@pytest.mark.parametrize("name", SITES)
def test_reports_of_fava_are_drawn_too(browser: Browser, sites: Sites, name: str) -> None:
    site = sites.site(name)
    browser.open(site.report("trial_balance/"))
    browser.wait(lambda: browser.all("article .tree-table, article ol.tree-table, article svg"), "no tree of accounts")
    browser.open(site.report("journal/"))
    browser.wait(lambda: browser.all("article ol.journal > li"), "no entries")
    assert browser.complaints() == []
