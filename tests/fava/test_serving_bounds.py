"""How long a request may be, what it may ask, and how long it may take."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import Client, run_wsgi_app

from conductor_bean.fava.deadline import Deadline
from conductor_bean.fava.guard import LONGEST_HEADERS, LONGEST_PATH, LONGEST_QUERY, Guard
from conductor_bean.fava.headers import HEADERS
from conductor_bean.fava.public_app import public_app
from tests.fava.edition import ENDLESS, LONG, SLUG, reader, write_edition


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small edition."""
    return write_edition(tmp_path_factory.mktemp("edition"))


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    """Whoever asks."""
    return reader(folder)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/{SLUG}/journal/?filter={'a' * 201}", 400),
        (f"/{SLUG}/journal/?account={'a' * 201}", 400),
        (f"/{SLUG}/journal/?time={'2' * 51}", 400),
        (f"/{SLUG}/journal/?filter={'%61' * 900}", 414),
        (f"/{SLUG}/journal/?{'a=1&' * 400}", 400),
        (f"/{SLUG}/journal/?{'a' * (LONGEST_QUERY + 1)}", 414),
        (f"/{SLUG}/account/{'a' * LONGEST_PATH}/", 414),
        (f"/{SLUG}/journal/?filter=%ff%fe", 400),
        (f"/{SLUG}/journal/?filter=a%00b", 400),
        (f"/{SLUG}/journal/?filter=a%0d%0aX-Header:1", 400),
        (f"/{SLUG}/journal/?partial=1", 400),
        (f"/{SLUG}/journal/?conversion=%3Cscript%3E", 400),
        (f"/{SLUG}/journal/?filter={'a' * 200}", 200),
        (f"/{SLUG}/api/journal_page?page=0&order=asc", 400),
        (f"/{SLUG}/api/journal_page?page=-1&order=asc", 400),
        (f"/{SLUG}/api/journal_page?page={'9' * 39}&order=asc", 404),
        (f"/{SLUG}/api/journal_page?page=1&order=random", 400),
        (f"/{SLUG}/api/balance_sheet?time=0001-9999&interval=day", 400),
        (f"/{SLUG}/api/balance_sheet?time=1500+-+2500&interval=day", 400),
        (f"/{SLUG}/api/balance_sheet?time=2500+-+1500&interval=day", 400),
        (f"/{SLUG}/api/balance_sheet?time=2026&interval=day", 200),
        (f"/{SLUG}/api/balance_sheet?time=2026-13", 400),
        (f"/{SLUG}/journal/?time=2026-02-30", 400),
        (f"/{SLUG}/api/balance_sheet?filter=a{{99999999999}}", 400),
    ],
)
def test_what_is_too_long_or_makes_no_sense_is_refused(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(
            (path, 404)
            for path in ("//a", "/a//b", "/a\\b", "/%2e%2e/a", "/a%", "/../a", "/a/..", "/a/./b", "a", "", "*")
        ),
        *((path, 404) for path in ("/a\0", "/a\n", "/a\x7f", "/\x1b[2J")),
        *((path, 200) for path in ("/", "/a", "/a/", "/a/b.c", "/...", "/a..b/", "/\xc3\xa9/")),
    ],
)
def test_a_path_that_only_a_file_system_minds_reaches_nobody(path: str, status: int) -> None:
    def fine(environ: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path}
    assert run_wsgi_app(Guard(fine), environ)[1].startswith(str(status))


def test_large_headers_and_bodies_are_refused(client: Client) -> None:
    assert client.get("/", headers={"X-Long": "a" * LONGEST_HEADERS}).status_code == 431
    assert client.get("/", headers={f"X-{n}": "a" * 1000 for n in range(20)}).status_code == 431
    assert client.open("/", method="GET", data=b"a body").status_code == 413
    assert client.open("/", method="GET", headers={"Transfer-Encoding": "chunked"}).status_code == 413
    assert client.get("/", headers={"X-Fine": "a" * 8000}).status_code == 302


def test_another_method_cannot_be_asked_for_in_a_header(client: Client) -> None:
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        response = client.get(f"/{SLUG}/api/source", headers={name: "PUT"}, query_string={"_method": "PUT"})
        assert response.status_code == 404


@pytest.mark.parametrize("name", ["filter", "account"])
@pytest.mark.parametrize(
    "text",
    [
        *("(a+)+$", "(a|a)*b", "(.*.*)*Q", "((a?){9}){9}b", "a{2,100000}", "a{99999999999}", ".*.*.*Q", "a?a?a?aaa"),
        *("(a|a)" * 9 + "b", "([a-z]+:)+x", "(?:a+)+$", '"(a+)+$"', 'any(narration:"(a+)+$")', "x" * 201),
    ],
)
def test_a_filter_that_might_never_end_is_not_begun(client: Client, name: str, text: str) -> None:
    assert client.get(f"/{SLUG}/api/balance_sheet?{name}={quote(text)}").status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        *(
            'any(account:"^Assets:.*:A$")',
            'transfer:"^work$"',
            "#tag ^link",
            'Taxes, "of the month"',
            "-Health",
            ">= 5",
        ),
        *('all(account:"Mill|PSF")', 'name:"Mill.*"', "colou?r", "(#tag, ^link)", '"a|b|c|d|e|f|g|h|i"'),
    ],
)
def test_the_filters_that_readers_use_are_answered(client: Client, text: str) -> None:
    assert client.get(f"/{SLUG}/api/balance_sheet?filter={quote(text)}").status_code == 200


@pytest.mark.parametrize("name", ["filter", "account"])
def test_a_filter_that_never_ends_is_cut_off(tmp_path: Path, name: str) -> None:
    client = reader(write_edition(tmp_path, LONG), 0.3)
    text = ENDLESS if name == "filter" else ENDLESS.strip('"')
    start = time.perf_counter()
    response = client.get(f"/{SLUG}/api/balance_sheet?{name}={quote(text)}")
    took = time.perf_counter() - start
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert set(HEADERS) <= set(response.headers.keys())
    assert 0.2 < took < 2
    assert client.get(f"/{SLUG}/api/balance_sheet").status_code == 200, "and the next reader is answered"


def test_a_page_that_catches_every_exception_is_cut_off_all_the_same(tmp_path: Path) -> None:
    app = public_app(write_edition(tmp_path), 0.2)

    def stubborn() -> str:
        while True:
            try:
                time.sleep(0.01)
            except Exception:  # noqa: BLE001
                continue

    app.flask.view_functions["json_api.get_statistics"] = stubborn
    assert Client(app).get(f"/{SLUG}/api/statistics").status_code == 503


def test_an_answer_that_was_begun_too_late_is_not_sent() -> None:
    def late(_environ: object, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        while True:
            time.sleep(0.01)

    begun: list[str] = []
    Deadline(late, 0.1)({"REQUEST_METHOD": "GET"}, lambda status, *_: begun.append(status))  # type: ignore[arg-type]
    assert begun == ["503 SERVICE UNAVAILABLE"]


def test_where_time_cannot_be_bounded_nothing_is_answered(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(client.get(f"/{SLUG}/journal/").status_code))
    thread.start()
    thread.join()
    assert found == [503]
    assert "main thread" in capsys.readouterr().err
