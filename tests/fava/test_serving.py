"""What a public server does with whoever asks what nobody should, and what its answers never say."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import pytest
from flask import Flask
from werkzeug.test import Client

from conductor_bean.fava.guard import LONGEST_PATH, LONGEST_QUERY
from conductor_bean.fava.headers import HEADERS, SecurityHeaders
from conductor_bean.fava.private_app import fava
from conductor_bean.fava.public_app import PublicApp, public_app
from tests.fava.edition import IMAGE, MAIN, MARKUP, SCRIPT, SLUG, reader, snapshot, write_edition
from tests.fava.test_allow_list import OPEN, paths

ROOT = Path(__file__).resolve().parents[2]
JOURNAL = f"/{SLUG}/api/journal_page?page=1&order=asc"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small edition."""
    return write_edition(tmp_path_factory.mktemp("secret-place-of-this-machine") / "region")


@pytest.fixture(scope="module")
def app(folder: Path) -> PublicApp:
    """The application that shows it."""
    return public_app(folder)


@pytest.fixture(scope="module")
def client(app: PublicApp) -> Client:
    """Whoever asks."""
    return Client(app)


def everything(client: Client, flask: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, path and whole answer of every request below: open, closed, wrong and too long ones."""
    wrong = [
        *(f"/{SLUG}/balance_sheet/?time={text}" for text in ("x", "0001-9999", "day-99999999999", "%00")),
        *(f"/{SLUG}/api/balance_sheet?filter={quote(text)}" for text in ("(((", "a{99999999999}", '"', "\\", "Taxes")),
        *(
            f"/{SLUG}/api/journal_page?{query}"
            for query in ("page=1&order=desc", "page=9&order=asc", "page=x", "page=1")
        ),
        *(f"/{SLUG}/account/{name}/" for name in ("Nobody", "..", "%2e%2e", quote("é"))),
        *(f"/{SLUG}/api/account_report?a={name}&r=balances&interval=day" for name in ("Assets", "Nobody", "")),
        *(f"/{SLUG}/edition/{name}" for name in ("nothing.json", "edition.json", "notes.json")),
        f"/{SLUG}/api/context?entry_hash=0",
        f"/{SLUG}/api/query?query_string=SELECT+account%2C+count%28account%29+ORDER+BY+account",
        f"/{SLUG}/?{'a' * LONGEST_QUERY}&b",
        f"/nowhere/{'a' * LONGEST_PATH}",
        f"/{SLUG}/journal/?partial=true",
    ]
    for path in [*OPEN, *wrong, *paths(flask)]:
        for method in ("GET", "HEAD", "POST"):
            response = client.open(path, method=method)
            yield method, path, f"{response.status}\n{response.headers}\n{response.get_data(as_text=True)}"


def test_no_answer_names_the_machine(app: PublicApp, client: Client, folder: Path) -> None:
    asked = 0
    for method, path, answer in everything(client, app.flask):
        asked += 1
        for name in (str(folder), folder.parent.name, str(ROOT), "site-packages", "Traceback", ".py", "Werkzeug"):
            assert name not in answer, (method, path, name)
    assert asked > 200


def test_entries_name_their_file_as_it_stands_in_the_edition(client: Client) -> None:
    data = client.get(f"/{SLUG}/api/ledger_data").get_json()["data"]
    assert data["options"]["filename"] == "main.beancount"
    assert data["options"]["include"] == ["accounts.beancount", "journal/2026-01.beancount", "main.beancount"]
    assert data["account_details"]["Equity:PSF"]["meta"] == {"filename": "accounts.beancount", "lineno": 2}


def test_a_ledger_without_a_title_is_not_called_by_its_path(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "hidden", {"main.beancount": MAIN.replace("Riverbend", "!")})
    assert reader(folder).get("/").headers["Location"] == "/riverbend/extension/Conductor/"


def test_every_answer_has_the_headers(client: Client) -> None:
    for path in ["/", f"/{SLUG}/journal/", JOURNAL, "/static/app.js", "/nowhere", "/static/..%2f", f"/?{'a' * 9999}"]:
        for method in ("GET", "HEAD", "POST", "OPTIONS", "TRACE"):
            headers = client.open(path, method=method).headers
            assert {name: headers.getlist(name) for name in HEADERS} == {n: [v] for n, v in HEADERS.items()}, path
            assert not {"Server", "X-Powered-By", "Set-Cookie", "Access-Control-Allow-Origin"} & set(headers.keys())


def test_nothing_stands_in_a_page_that_its_policy_would_forbid(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for path in (f"/{SLUG}/extension/Conductor/", f"/{SLUG}/journal/"):
        page = client.get(path).get_data(as_text=True)
        for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page.split("<article>")[1].split("</article>")[0])
        assert all('type="application/json"' in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_what_tells_about_the_machine_is_taken_from_an_answer() -> None:
    telling = [("Server", "x/1.0"), ("X-Powered-By", "x"), ("Set-Cookie", "reader=1"), ("X-Frame-Options", "ALLOWALL")]

    def inner(_environ: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", telling)
        return []

    headers = Client(SecurityHeaders(inner)).get("/").headers
    assert dict(headers) == HEADERS


def test_a_failure_inside_is_one_sentence_outside(tmp_path: Path) -> None:
    app = public_app(write_edition(tmp_path))

    def fail(*_: object) -> Any:
        raise ZeroDivisionError("a secret of the inside")

    app.flask.view_functions["json_api.get_statistics"] = fail
    response = Client(app).get(f"/{SLUG}/api/statistics")
    assert (response.status_code, response.mimetype) == (500, "text/plain")
    assert response.get_data(as_text=True) == "500 Internal Server Error\n\nSomething went wrong here.\n"


def test_a_failure_outside_of_fava_is_one_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> Any:
        raise ZeroDivisionError("a secret of the inside")

    response = Client(SecurityHeaders(fail)).get("/")
    assert response.get_data(as_text=True) == "500 Internal Server Error\n\nSomething went wrong here.\n"
    assert set(HEADERS) <= set(response.headers.keys())
    assert "a secret of the inside" in capsys.readouterr().err


def test_script_in_names_and_narrations_arrives_as_text(client: Client) -> None:
    answers = [client.get(JOURNAL).get_json()["data"]["journal"]]
    for account in ("Assets", "Equity:PSF", "Assets:Companies:Mill:A"):
        report = client.get(f"/{SLUG}/api/account_report?a={account}&r=journal").get_json()["data"]
        answers.append(report["journal"])
    for text in answers:
        markup = Markup()
        markup.feed(text)
        assert markup.tags <= {"a", "br", "dd", "dl", "dt", "li", "p", "span", "strong", "ul"}
        assert markup.attributes <= {"class", "data-sort-value", "href", "title"}
    markup = Markup()
    markup.feed(answers[0])
    for hostile in (SCRIPT, IMAGE, MARKUP.replace("\\", "")):
        assert hostile in markup.text, "it is shown, as it was written"


class Markup(HTMLParser):
    """Elements, attributes and text of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_script_in_names_arrives_as_text_for_accountants_too(folder: Path) -> None:
    private = fava(folder / "main.beancount", local=True).test_client()
    text = private.get(JOURNAL, headers={"Host": "localhost"}).get_json()["data"]["journal"]
    assert SCRIPT not in text
    assert IMAGE not in text
    assert "&lt;script&gt;" in text


def test_data_within_a_page_cannot_end_its_element(client: Client) -> None:
    page = client.get(f"/{SLUG}/journal/").get_data(as_text=True)
    assert SCRIPT not in page
    assert IMAGE not in page
    assert len(re.findall("<script", page)) == len(re.findall("</script>", page)) == 4


@pytest.mark.parametrize("base", ["/static/", f"/{SLUG}/edition/", f"/{SLUG}/account/", "/"])
@pytest.mark.parametrize(
    "step",
    [
        *("../main.beancount", "%2e%2e/main.beancount", "..%2fmain.beancount", "%252e%252e%252fmain.beancount"),
        *("..%5cmain.beancount", "..\\main.beancount", "%c0%ae%c0%ae/main.beancount", "....//main.beancount"),
        *("/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "etc/passwd%00.json", "edition.json%00", "./edition.json"),
        *("edition.json%0a", "%2e/edition.json", "../data/edition.json", "..;/main.beancount", "file:///etc/passwd"),
    ],
)
def test_no_path_climbs(client: Client, base: str, step: str) -> None:
    raw = base + step
    info = unquote_to_bytes(raw).decode("latin-1")
    response = client.open(environ_overrides={"PATH_INFO": info, "REQUEST_URI": raw})
    text = response.get_data(as_text=True)
    assert response.status_code == 404 or base.endswith("account/")
    assert "root:" not in text
    assert 'include "' not in text
    assert '"edition"' not in text


def test_the_files_for_programs_are_served_and_no_others(client: Client, folder: Path) -> None:
    listed = client.get(f"/{SLUG}/edition/").get_data(as_text=True)
    assert [line.split("\t")[0] for line in listed.splitlines()] == ["edition.json", "fic.csv", "notes.json"]
    for name, kind in (("edition.json", "application/json"), ("fic.csv", "text/csv; charset=utf-8")):
        response = client.get(f"/{SLUG}/edition/{name}")
        assert response.data == (folder / "data" / name).read_bytes()
        assert response.headers["Content-Type"] == kind
        again = client.get(f"/{SLUG}/edition/{name}", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
    for name in ("notes.html", "README.md", "main.beancount", "data", ""):
        assert "<script>" not in client.get(f"/{SLUG}/edition/{name}").get_data(as_text=True)
    assert client.get(f"/{SLUG}/edition/notes.html").status_code == 404


def test_a_link_among_the_files_is_not_followed(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "edition")
    (tmp_path / "private.json").write_text("{}", encoding="utf-8")
    (folder / "data" / "other.json").symlink_to(tmp_path / "private.json")
    assert reader(folder).get(f"/{SLUG}/edition/other.json").status_code == 404


def test_a_file_that_comes_later_is_not_served(tmp_path: Path) -> None:
    folder = write_edition(tmp_path)
    client = reader(folder)
    (folder / "data" / "later.json").write_text("{}", encoding="utf-8")
    assert client.get(f"/{SLUG}/edition/later.json").status_code == 404


def test_reading_changes_nothing(tmp_path: Path) -> None:
    folder = write_edition(tmp_path)
    before = list(snapshot(folder))
    app = public_app(folder)
    client = Client(app)
    for _ in everything(client, app.flask):
        pass
    client.put(f"/{SLUG}/api/source", json={"file_path": str(folder / "main.beancount"), "source": "", "sha256sum": ""})
    assert list(snapshot(folder)) == before


def test_no_request_looks_at_the_disk_for_changes(tmp_path: Path) -> None:
    folder = write_edition(tmp_path)
    threads = threading.active_count()
    client = reader(folder)
    assert threading.active_count() == threads, "nobody watches the folder"
    before = client.get(f"/{SLUG}/api/changed").get_json()
    assert before["data"] is False
    (folder / "accounts.beancount").write_text("nonsense", encoding="utf-8")
    assert client.get(f"/{SLUG}/api/changed").get_json() == before
    assert client.get(JOURNAL).status_code == 200
    assert client.get(f"/{SLUG}/api/trial_balance").get_json()["data"]["trees"][0]["children"]


def test_pages_may_be_kept_for_a_minute_and_static_files_for_a_year(client: Client) -> None:
    page = client.get(f"/{SLUG}/journal/")
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert page.headers["Vary"] == "Accept-Language"
    again = client.get(f"/{SLUG}/journal/", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "immutable" in client.get("/static/app.js?mtime=1").headers["Cache-Control"]
    static = client.get("/static/app.js")
    assert "immutable" not in static.headers.get("Cache-Control", "")
    assert client.get("/static/app.js", headers={"If-None-Match": static.headers["ETag"]}).status_code == 304
    assert client.get("/nowhere").headers["Cache-Control"] == "no-store"
