"""The region's pages in Fava, asked over HTTP: numbers, links, hostile names, paging, sizes, missing data."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app
from werkzeug.test import Client

from conductor_bean.documents import Course, all_documents
from conductor_bean.fava import pages
from conductor_bean.fava.pages.query import ROWS
from conductor_bean.ledger.books import Books, load_books
from conductor_bean.ledger.folder import fava_lines
from tests.support import HEAD, PRELUDE, REGION, conductor, plan, work, write

ROOT = Path(__file__).resolve().parents[2]
REGIONS = ("riverbend", "lakeside", "imported")
EVERYBODY = tuple(pages.TABS)
ALL = (*EVERYBODY, *pages.ACCOUNTANTS)
LARGEST = 500_000


class Elements(HTMLParser):
    """Start tags with their attributes, texts of table cells, and data of the charts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[str] = []
        self.charts: list[dict[str, Any]] = []
        self._open: list[str] = []
        self._component = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        self._component = self._component or tag == "svelte-component"
        if tag in ("td", "dd"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        self._component = self._component and tag != "svelte-component"

    def handle_data(self, data: str) -> None:
        if self._component and self._open[-1:] == ["script"]:
            self.charts += json.loads(data)
        elif {"td", "dd"} & set(self._open) and "small" not in self._open:
            self.cells[-1] += data

    def links(self) -> Iterator[str]:
        """Where links lead."""
        return (attributes["href"] or "" for tag, attributes in self.tags if tag == "a" and "href" in attributes)


class Region:
    """Fava on one ledger or edition, in this process."""

    def __init__(self, folder: Path) -> None:
        self.client: Client = create_app([str(folder / "main.beancount")], load=True, poll_watcher=True).test_client()
        self.base = "/".join(self.client.get("/").headers["Location"].split("/")[:2]) + "/"

    def text(self, page: str, **query: object) -> str:
        """The part of a page that is ours."""
        response = self.client.get(
            f"{self.base}extension/Conductor/", query_string={"page": page, "partial": "true", **query}
        )
        assert response.status_code == 200
        assert len(response.data) < LARGEST
        return response.get_data(as_text=True)

    def page(self, page: str, **query: object) -> Elements:
        return Elements(self.text(page, **query))


def with_pages(folder: Path) -> Path:
    """A ledger of the tests, with the lines that show the pages."""
    main = folder / "main.beancount"
    main.write_text(main.read_text("utf-8") + fava_lines("2026-01-01"), "utf-8")
    return folder


def edition(folder: Path, documents: dict[str, Any]) -> Path:
    """A folder with the data of an edition."""
    (folder / "data").mkdir(parents=True)
    text = 'option "title" "Edition"\n2026-01-01 open Equity:PSF\n' + fava_lines("2026-01-01")
    (folder / "main.beancount").write_text(text, "utf-8")
    (folder / "data" / "edition.json").write_text('{"edition": 1}', "utf-8")
    for name, document in documents.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(document), "utf-8")
    return folder


@pytest.fixture(scope="module", params=REGIONS)
def folder(request: pytest.FixtureRequest) -> Path:
    return ROOT / "ledgers" / str(request.param)


@pytest.fixture(scope="module")
def region(folder: Path) -> Region:
    return Region(folder)


def said(*arguments: object) -> Any:
    return json.loads(conductor(*arguments, "--json").stdout)


@pytest.mark.parametrize("name", ALL)
def test_every_page_is_shown_under_its_tab(region: Region, name: str) -> None:
    page = region.page(name)
    current = [attributes["href"] for tag, attributes in page.tags if "aria-current" in attributes and tag == "a"]
    assert len(current) == 1
    assert f"page={name}" in str(current[0])


def test_the_first_page_is_the_region(region: Region) -> None:
    assert region.client.get(region.base).headers["Location"].endswith("extension/Conductor/")
    assert 'data-page="region"' in region.client.get(f"{region.base}extension/Conductor/").get_data(as_text=True)


def test_a_page_that_does_not_exist_is_the_region(region: Region) -> None:
    assert 'data-page="region"' in region.text("../../etc/passwd")


def test_the_region_shows_the_numbers_of_the_commands(region: Region, folder: Path) -> None:
    page = region.page("region")
    for row in said("months", folder):
        for key in ("psf", "treasury", "taxes", "dividend"):
            assert row.get(key) is None or row[key] in page.cells, (row["month"], key)
    for row in said("balances", folder):
        if row["kind"] in ("psf", "treasury", "bank", "pool", "clearing", "cooperation"):
            assert row["balance"] in page.cells


def test_charts_draw_the_numbers_of_the_commands(region: Region, folder: Path) -> None:
    charts = {chart["label"]: chart["data"] for chart in region.page("region").charts}
    rows = said("months", folder)
    for label, key, unit in (
        ("Treasury at month ends (RSC)", "treasury", "RSC"),
        ("Public Sector Fund at month ends (HOUR)", "psf", "HOUR"),
    ):
        expected = [float(row[key]) for row in rows if key in row]
        # One point alone is no course, and is not drawn.
        drawn = [point["balance"][unit] for point in charts.get(label, [])]
        assert drawn == (pytest.approx(expected, abs=1e-4) if len(expected) > 1 else [])
    if "fic" in rows[0]:
        last = charts["FIC by day (%)"][-1]
        (exact,) = said("fic", folder, "--from", last["date"], "--to", last["date"])
        assert last["balance"]["FIC (%)"] == pytest.approx(100 * float(exact["fic"]), abs=1e-4)


def test_plans_companies_and_cooperations_show_the_numbers_of_the_commands(region: Region, folder: Path) -> None:
    plans, companies, cooperations = (region.page(name) for name in ("plans", "companies", "cooperations"))
    for row in said("plans", folder):
        assert row["plan"] in plans.cells
        assert any(f"{row['consumed']} of {row['quantity']}" in cell for cell in plans.cells)
    has_hours = bool(said("months", folder)[0].get("fic"))
    for row in said("companies", folder):
        assert row["company"] in companies.cells
        for key in ("p", "r", "a", "prd", "wallet") if has_hours else ("wallet",):
            assert row[key] is None or row[key] in companies.cells
    for row in said("cooperations", folder):
        assert {row["cooperation"], row["balance"]} <= set(cooperations.cells)


def test_a_month_shows_where_money_came_from_and_went(region: Region, folder: Path) -> None:
    for row in said("months", folder)[-3:]:
        page = region.page("months", month=row["month"])
        text = region.text("months", month=row["month"])
        for side in ("treasury_income", "treasury_spending"):
            for kind, amount in row.get(side, {}).items():
                assert amount in page.cells
                if float(amount):
                    assert f"{kind.replace('_', ' ')}: {amount} RSC</title>" in text


def test_transfers_show_numbers_and_volumes(region: Region, folder: Path) -> None:
    page = region.page("transfers")
    for row in all_documents(load_books(folder))["transfers"]["rows"]:
        assert {str(row["count"]), row["volume"]} <= set(page.cells)


def test_a_statement_shows_what_the_command_prints(region: Region, folder: Path) -> None:
    party = next(row["owner"] for row in said("balances", folder) if row["kind"] in ("member", "member_wallet"))
    document = said("statement", folder, party)
    page = region.page("statement", party=party)
    assert set(document["closing"].values()) <= set(page.cells)
    for row in document["transfers"]:
        assert {f"+{row['amount']}", f"-{row['amount']}"} & set(page.cells)
        assert f"{row['file']}:{row['line']}" in page.cells


def test_every_link_leads_somewhere(region: Region) -> None:
    followed = set()
    for name in ALL:
        for address in region.page(name).links():
            path = address.partition("?")[0]
            kind = path.removeprefix(region.base).split("/")[0]
            if (kind, name) not in followed:
                followed.add((kind, name))
                assert region.client.get(address).status_code == 200, address


def test_a_number_can_be_traced_to_its_entries() -> None:
    region = Region(ROOT / "ledgers" / "riverbend")
    for name, query in (("region", {}), ("plans", {}), ("months", {"month": "2026-03"}), ("transfers", {})):
        traced = [address for address in region.page(name, **query).links() if "/journal/?filter=" in address]
        assert traced, name
        for address in traced[:12]:
            journal = region.client.get(address.replace("/journal/", "/api/journal_page") + "&page=1&order=desc")
            assert journal.status_code == 200, address
            if name != "region":
                assert "<li class='transaction" in journal.get_json()["data"]["journal"], address


def test_accounts_are_linked_only_where_the_ledger_has_them(tmp_path: Path) -> None:
    documents = all_documents(load_books(ROOT / "ledgers" / "riverbend"))
    links = list(Region(edition(tmp_path / "edition", documents)).page("region").links())
    assert any("/account/Equity:PSF/" in link for link in links)
    assert not any("/account/Assets:Region" in link for link in links)


HOSTILE = '<script>alert("x")</script>\'"--></title><img src=x onerror=alert(1)>{{7*7}}'

BOLD = "<b onmouseover=alert(1) class=bold>.beancount"


def hostile(folder: Path) -> Path:
    quoted = HOSTILE.replace("\\", "\\\\").replace('"', '\\"')
    text = (
        plan("evil", "Mill", a=10).replace('product: "evil"', f'product: "{quoted}"').replace('"piece"', f'"{quoted}"')
    )
    text += f'2026-01-02 custom "company" "Evil"\n  name: "{quoted}"\n  ownership: "regional"\n'
    text += f'2026-01-02 custom "member" "Eve"\n  name: "{quoted}"\n'
    text += f'2026-01-05 custom "cooperation" "Coop" "Mill"\n  name: "{quoted}"\n  definition: "{quoted}"\n'
    text += plan("waits", "Mill", a=10, approved=None).replace("  days", f'  description: "{quoted}"\n  days')
    # The name of a file is told, and links to its source.
    text += 'include "*bold*.beancount"\n'
    titled = REGION.replace("title: Founding assembly", f"title: {json.dumps(HOSTILE)}")
    titled = titled.replace("name: Testburg\n", f"name: {json.dumps(HOSTILE)}\n", 1)
    return with_pages(write(folder, text, region=titled, files={BOLD: work("Bakery", "Nobody", 8)}))


@pytest.fixture(scope="module")
def hostile_region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return Region(hostile(tmp_path_factory.mktemp("hostile")))


@pytest.mark.parametrize("name", ALL)
def test_script_in_names_is_text(hostile_region: Region, name: str) -> None:
    whole = ""
    for query in ({}, {"q": HOSTILE}, {"party": HOSTILE}, {"party": "Evil"}, {"party": "Eve"}, {"month": HOSTILE}):
        text = hostile_region.text(name, **query)
        whole += text
        page = Elements(text)
        assert not any(attribute.startswith("on") for _, attributes in page.tags for attribute in attributes)
        assert not any(tag in ("img", "b") for tag, _ in page.tags)
        assert {attributes.get("type") for tag, attributes in page.tags if tag == "script"} <= {"application/json"}
        assert not any(link.lower().startswith("javascript:") for link in page.links())
        assert "alert(1)>49" not in text
    if name == "problems":
        assert "&lt;b onmouseover" in whole
    if name not in ("transfers", "months", "problems"):
        assert html.escape("<script>alert(", quote=False) in whole


def test_pages_bring_no_script_of_their_own(region: Region) -> None:
    for name in ALL:
        for tag, attributes in region.page(name).tags:
            assert tag != "script" or attributes.get("type") == "application/json"
            assert not any(attribute.startswith("on") for attribute in attributes)


def many(folder: Path, count: int) -> Path:
    text = "".join(
        plan(f"plan-{n:04}-{'x' * 40}", "Mill", a=10, filed="2026-01-02", approved="2026-01-02") for n in range(count)
    )
    return with_pages(write(folder, text))


def test_a_thousand_plans_are_shown_in_parts_and_found(tmp_path: Path) -> None:
    region = Region(many(tmp_path, 1_000))
    seen: list[str] = []
    for part in range(1, 7):
        text = region.text("plans", part=part)
        seen += re.findall(r">(plan-\d{4}-x+)</a>", text)
        assert text.count("<tr>") <= ROWS + 1
    assert len(seen) == len(set(seen)) == 1_000
    assert len(re.findall(r">(plan-\d{4}-x+)</a>", region.text("plans", part=10**5))) <= ROWS
    assert re.findall(r">(plan-\d{4})-x+</a>", region.text("plans", q="PLAN-0777 mill")) == ["plan-0777"]
    assert "No plan is like that." in region.text("plans", q="nothing of the kind")
    assert 'rel="next"' in region.text("plans")
    for name in EVERYBODY:
        region.text(name)  # which holds the size


@pytest.mark.parametrize("part", ["0", "-1", "x", "9" * 30, "²", ""])
def test_a_part_that_is_no_number_is_the_first(region: Region, part: str) -> None:
    assert region.text("plans", part=part) == region.text("plans")


NAMES = {"about", "account", "company", "cooperation", "key", "list", "month", "occupation", "offer", "period", "plan"}
NAMES |= {"date", "name", "property", "instant"}


def blank(value: Any) -> Any:
    """A document with null for every value but what it is about and what names its rows."""
    if isinstance(value, dict):
        return {key: item if key in NAMES else blank(item) for key, item in value.items()}
    if isinstance(value, list):
        return [blank(item) for item in value]
    return None


def emptied(document: dict[str, Any]) -> dict[str, Any]:
    """A document whose lists lack every row."""
    return {key: [] if isinstance(item, list) else item for key, item in document.items()}


def nothing(document: dict[str, Any]) -> dict[str, Any]:
    """A document with null for every list."""
    return {key: None if isinstance(item, list) else item for key, item in document.items()}


@pytest.mark.parametrize("what", [blank, emptied, nothing])
def test_every_page_of_an_edition_bears_what_is_missing(folder: Path, tmp_path: Path, what: Any) -> None:
    documents = {name: what(document) for name, document in all_documents(load_books(folder)).items()}
    region = Region(edition(tmp_path / "edition", documents))
    for name in EVERYBODY:
        text = region.text(name)
        assert "cannot be read" not in text, name
        assert ">None<" not in text, name
    for month in ("2026-03", "2024-03"):
        region.text("months", month=month)
    region.text("companies", party="Clinic")


def test_an_edition_shows_its_files_and_no_page_for_accountants(tmp_path: Path) -> None:
    documents = all_documents(load_books(ROOT / "ledgers" / "riverbend"))
    documents["region"]["now"]["treasury"] = "4711.00"
    region = Region(edition(tmp_path / "edition", documents))
    assert "4711.00" in region.page("region").cells
    for name in pages.ACCOUNTANTS:
        text = region.text(name)
        assert 'data-page="region"' in text
        assert f"page={name}" not in text


def test_an_edition_marks_what_it_tells_in_part(tmp_path: Path) -> None:
    documents = all_documents(load_books(ROOT / "ledgers" / "riverbend"))
    region = Region(edition(tmp_path / "whole", documents))
    assert "artly told" not in region.text("companies") + region.text("region")
    documents["companies"]["companies"][1]["complete"] = documents["region"]["accounts"][0]["complete"] = False
    region = Region(edition(tmp_path / "part", documents))
    for name, mark in (("companies", "partly told"), ("region", "not told")):
        assert region.text(name).count(f"<small>{mark}</small>") == 1
        assert "Not told: a number that would expose" in region.text(name)


def test_a_page_is_titled_as_its_tab_and_the_pages_as_region(region: Region) -> None:
    page = region.client.get(f"{region.base}extension/Conductor/", query_string={"page": "plans"}).get_data(
        as_text=True
    )
    assert "<title>Plans - " in page
    assert '"Plans"</script>' in page
    assert '"report_title":"Region"' in page


def test_an_edition_is_read_again_when_its_files_change(tmp_path: Path) -> None:
    documents = all_documents(load_books(ROOT / "ledgers" / "riverbend"))
    folder = edition(tmp_path / "edition", documents)
    region = Region(folder)
    assert "4711.00" not in region.page("region").cells
    documents["region"]["now"]["treasury"] = "4711.00"
    (folder / "data" / "region.json").write_text(json.dumps(documents["region"]), "utf-8")
    assert "4711.00" in region.page("region").cells


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"about": 1}', '{"about": {}}', "\ufffe"])
def test_files_of_an_edition_that_are_no_documents_are_no_failure(tmp_path: Path, text: str) -> None:
    folder = edition(tmp_path / "edition", {})
    region = Region(folder)
    for name in EVERYBODY:
        assert "no figures for this page" in region.text(name)
        (folder / "data" / f"{name}.json").write_text(text, "utf-8")
        assert re.search("no figures for this page|cannot be read", region.text(name))


def test_pages_follow_the_ledger_when_it_changes(tmp_path: Path) -> None:
    folder = with_pages(write(tmp_path, work("Bakery", "Ada", 8)))
    region = Region(folder)
    before = region.text("companies")
    (folder / "doc.beancount").write_text(work("Bakery", "Ada", 8) + '2026-03-01 custom "company" "Smithy"\n', "utf-8")
    region.client.get(f"{region.base}api/changed")
    after = region.text("companies")
    assert "Smithy" not in before
    assert "Smithy" in after


def test_a_page_is_computed_once_for_a_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    region = Region(with_pages(write(tmp_path)))
    computed = []
    of = Course.of

    def counted(books: Books) -> Course:
        computed.append(books)
        return of(books)

    monkeypatch.setattr(Course, "of", counted)
    for name in (*EVERYBODY, *EVERYBODY):
        region.text(name)
    assert len(computed) == 1


def test_the_ledger_is_not_loaded_a_second_time_for_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conductor_bean.fava import extension  # noqa: PLC0415

    def twice(_: Path) -> Any:
        raise AssertionError

    monkeypatch.setattr(extension, "load_books", twice)
    region = Region(with_pages(write(tmp_path)))
    for name in ALL:
        region.text(name)


def test_errors_stand_with_their_remedies_and_on_every_page_is_a_word_of_them(tmp_path: Path) -> None:
    region = Region(with_pages(write(tmp_path, work("Bakery", "Nobody", 8))))
    (problem,) = load_books(tmp_path).errors
    page = region.page("problems")
    assert problem.code in page.cells
    assert problem.message in page.cells
    assert "1 error(s)" in region.text("region")
    assert "1 error(s)" not in region.text("problems")


def test_a_ledger_that_cannot_be_checked_shows_its_errors_and_no_figures(tmp_path: Path) -> None:
    region = Region(with_pages(write(tmp_path, region="region: [\n")))
    for name in (*EVERYBODY, "review", "statement"):
        assert "could not be checked" in region.text(name), name
    assert "region-file-not-readable" in region.page("problems").cells


def test_a_ledger_without_the_plugin_says_so(tmp_path: Path) -> None:
    head = "\n".join(line for line in HEAD.splitlines() if not line.startswith("plugin")) + "\n"
    region = Region(with_pages(write(tmp_path, head=head)))
    assert "could not be checked" in region.text("region")
    assert "plugin-missing" in region.page("problems").cells


def test_fava_s_filters_are_said_to_change_the_linked_reports_alone(region: Region) -> None:
    assert "always show all of it" not in region.text("region")
    assert "always show all of it" in region.text("region", time="2026-03")


def test_plans_wait_for_accountants_until_they_are_decided(tmp_path: Path) -> None:
    region = Region(with_pages(write(tmp_path, plan("new", "Mill", a=10, approved=None))))
    assert "new" in region.page("review").cells
    assert "bread" not in region.page("review").cells


@pytest.mark.parametrize(
    ("economy", "words"),
    [
        ("labour_time: {name: HOUR, precision: 0.01}", "Regional credits are off"),
        ("credits: {name: RSC, precision: 0.01}", "abour time is off"),
    ],
)
def test_what_is_empty_says_why(tmp_path: Path, economy: str, words: str) -> None:
    text = REGION.replace("labour_time: {name: HOUR, precision: 0.01}", economy)
    members = "".join(line + "\n" for line in PRELUDE.splitlines() if '"member"' in line)
    region = Region(with_pages(write(tmp_path, region=text, prelude=members)))
    for name in ("region", "prices", "months"):
        assert words in region.text(name), name


def test_a_ledger_without_events_has_every_page(tmp_path: Path) -> None:
    region = Region(with_pages(write(tmp_path, prelude="")))
    for name in ALL:
        region.text(name)
    assert "There are no events yet" in region.text("months")


def test_a_copy_of_the_ledger_elsewhere_shows_the_same(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "ledgers" / "lakeside", tmp_path / "copy")
    here, there = Region(ROOT / "ledgers" / "lakeside"), Region(tmp_path / "copy")
    for name in EVERYBODY:
        # Fava ends a partial page with the time of the last change.
        assert there.text(name).split('id="ledger-mtime"')[0] == here.text(name).split('id="ledger-mtime"')[0]
