"""The public server on what `conductor publish` writes of an example region."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from conductor_bean.cli.main import main
from conductor_bean.fava import pages
from conductor_bean.fava.allow_list import QUERIES, REPORTS
from conductor_bean.fava.public_app import PublicApp, public_app
from conductor_bean.ledger.books import load_books

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 500_000
"""Bytes of a page."""


@pytest.fixture(scope="module", params=["riverbend", "lakeside"])
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of an example ledger: publishing keeps a record beside it."""
    folder = tmp_path_factory.mktemp("private") / str(request.param)
    shutil.copytree(ROOT / "ledgers" / str(request.param), folder)
    return folder


@pytest.fixture(scope="module")
def app(ledger: Path) -> PublicApp:
    """The application that shows its edition."""
    edition = ledger.parent / "edition"
    done = CliRunner().invoke(main, ["publish", str(ledger), "--to", str(edition)])
    assert done.exit_code == 0, done.output
    return public_app(edition)


@pytest.fixture(scope="module")
def answers(app: PublicApp) -> dict[str, str]:
    """Every answer that a reader comes to by following links from the first page, and what the pages ask for."""
    client = Client(app)
    slug = app.first_page.split("/")[1]
    waiting = [app.first_page, f"/{slug}/edition/"]
    waiting += [f"{app.first_page}?page={name}" for name in pages.TABS]
    waiting += [f"/{slug}/{report}/" for report in sorted(REPORTS)]
    waiting += [f"/{slug}/api/{report}" for report in sorted(REPORTS - {"journal"})]
    waiting += [f"/{slug}/api/journal_page?page=1&order=desc", f"/{slug}/api/query?query_string={QUERIES[0]}"]
    found: dict[str, str] = {}
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        response = client.get(path)
        assert response.status_code == 200, path
        found[path] = response.get_data(as_text=True)
        if path == f"/{slug}/edition/":
            waiting += [path + line.split("\t")[0] for line in found[path].splitlines()]
        if response.mimetype == "text/html":
            for link in re.findall(r'<a[^>]* href="([^"#]+)', found[path]):
                address = urlsplit(urljoin(path, html.unescape(link)))
                assert not address.netloc, link
                waiting.append(f"{address.path}?{address.query}".rstrip("?"))
    return found


def test_every_link_of_the_pages_is_answered(answers: dict[str, str]) -> None:
    assert len(answers) > 60
    assert all("<article>" in text for path, text in answers.items() if "/extension/" in path)


def test_no_page_is_large(answers: dict[str, str]) -> None:
    assert {path: len(text.encode()) for path, text in answers.items() if len(text.encode()) > LARGEST} == {}


def test_no_answer_names_a_member_or_the_machine(ledger: Path, answers: dict[str, str]) -> None:
    members = load_books(ledger).machine.state.members
    assert members
    words = re.compile(r"\b(" + "|".join(map(re.escape, sorted(members))) + r")\b")
    for path, text in answers.items():
        assert not words.search(text), path
        assert "Assets:Members:" not in text, path
        assert str(ledger.parent) not in text, path


def test_every_page_is_drawn_within_the_time(app: PublicApp, answers: dict[str, str]) -> None:
    quick = public_app(Path(app.flask.config["LEDGERS"][app.first_page.split("/")[1]].beancount_file_path).parent, 0.5)
    client = Client(quick)
    assert {path for path in answers if "/extension/" in path and client.get(path).status_code != 200} == set()
