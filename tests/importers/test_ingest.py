"""The importers in the hands of beangulp's own command and of Fava's import page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app
from flask.testing import FlaskClient

from conductor_bean.importers.common import importer
from conductor_bean.importers.common.faults import ImportRefusedError
from conductor_bean.importers.common.sources import importer_class
from conductor_bean.ledger.books import Books, load_books
from tests.importers.golden import documents
from tests.importers.town import imported, town, write

IMPORT_PY = '''\
"""What `python import.py` and Fava import, beside this region's ledger."""

from pathlib import Path

import beangulp

from conductor_bean.importers.common.sources import all_importers

CONFIG = all_importers(Path(__file__).parent)

if __name__ == "__main__":
    beangulp.Ingest(CONFIG)()
'''
OPTIONS = """\
2026-01-01 custom "fava-option" "import-config" "import.py"
2026-01-01 custom "fava-option" "import-dirs" "inbox"
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = town(tmp_path)
    write(folder, "import.py", IMPORT_PY)
    with (folder / "main.beancount").open("a") as main:
        main.write(OPTIONS)
    (folder / "inbox").mkdir()
    for source in ("kimai", "toggl"):
        first = documents(source)[0]
        write(folder, f"inbox/{first.name}", first.read_bytes())
    return folder


def beangulp(region: Path, *arguments: str) -> str:
    """What `python import.py` prints."""
    command = [sys.executable, "import.py", *arguments]
    done = subprocess.run(command, cwd=region, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_beangulps_own_command_identifies_extracts_and_archives(region: Path) -> None:
    said = beangulp(region, "identify", "inbox")
    assert "kimai" in said
    assert "toggl" in said
    extracted = beangulp(region, "extract", "-e", "main.beancount", "inbox")
    assert '  id: "kimai:2026-03-16T06:00:00:Ada"' in extracted
    assert "; " not in [line[:2] for line in extracted.splitlines() if "kimai:" in line]
    imported(region, "kimai", region / "inbox" / "export.csv")
    again = beangulp(region, "extract", "-e", "main.beancount", "inbox/export.csv")
    assert '; 2026-03-16 * "Sunrise Bakery"' in again  # beangulp comments out what the ledger holds
    beangulp(region, "archive", "-o", ".", "inbox")
    assert (region / "Assets" / "Companies" / "2026-03-17.kimai.export.csv").exists()
    assert list((region / "inbox").iterdir()) == []


@pytest.fixture
def client(region: Path) -> Iterator[FlaskClient]:
    app = create_app([str(region / "main.beancount")], load=True)
    app.testing = True
    with app.test_client() as client:
        yield client


def answer(client: FlaskClient, path: str, **query: str) -> Any:
    """The data of a successful answer of Fava."""
    slug = next(iter(client.application.config["LEDGERS"].ledgers_by_slug))
    response = client.get(f"/{slug}/api/{path}", query_string=query)
    assert response.status_code == 200, response.get_json()
    return response.get_json()["data"]


def test_favas_import_page_lists_the_files_and_shows_their_entries(region: Path, client: FlaskClient) -> None:
    files = {Path(file["name"]).name: file["importers"] for file in answer(client, "imports")}
    assert [importer["importer_name"] for importer in files["export.csv"]] == ["kimai"]
    assert [importer["importer_name"] for importer in files["detailed-new.csv"]] == ["toggl"]
    assert files["export.csv"][0]["account"] == "Assets:Companies"
    entries = answer(client, "extract", filename=str(region / "inbox" / "export.csv"), importer="kimai")
    assert [entry["meta"]["id"] for entry in entries] == [
        "kimai:2026-03-16T06:00:00:Ada",
        "kimai:2026-03-16T10:40:00:Ada",
        "kimai:2026-03-17T22:00:00:Cyd",
    ]
    assert entries[0]["postings"][0] == {"account": "Assets:Companies:Bakery:A", "amount": "-4.17 HOUR"}


def test_favas_import_page_marks_what_the_ledger_holds_by_its_id(region: Path) -> None:
    source = region / "inbox" / "export.csv"
    content = source.read_text()
    write(region, "inbox/export.csv", "".join(content.splitlines(keepends=True)[:3]))
    imported(region, "kimai", source)
    write(region, "inbox/export.csv", content)
    app = create_app([str(region / "main.beancount")], load=True)
    with app.test_client() as client:
        entries = answer(client, "extract", filename=str(source), importer="kimai")
    assert [bool(entry["meta"].get("__duplicate__")) for entry in entries] == [True, False, False]


def test_favas_import_page_says_why_a_file_cannot_be_imported(region: Path, client: FlaskClient) -> None:
    source = region / "inbox" / "export.csv"
    write(region, "inbox/export.csv", source.read_text().replace("4.17", "-4.17"))
    slug = next(iter(client.application.config["LEDGERS"].ledgers_by_slug))
    response = client.get(f"/{slug}/api/extract", query_string={"filename": str(source), "importer": "kimai"})
    assert response.status_code != 200
    assert 'export.csv:3: hours: \\"-4.17\\" is less than nothing' in response.get_data(as_text=True)


def test_the_ledger_is_loaded_once_for_all_files_and_again_when_it_changed(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[Path] = []

    def counted(ledger: Path) -> Books:
        loads.append(ledger)
        return load_books(ledger)

    monkeypatch.setattr(importer, "load_books", counted)
    kimai, toggl = (importer_class(source)(region) for source in ("kimai", "toggl"))
    for _ in range(2):
        kimai.extract(str(region / "inbox" / "export.csv"), [])
        toggl.extract(str(region / "inbox" / "detailed-new.csv"), [])
    assert len(loads) == 1
    write(region, "journal/2026-04.beancount", '2026-04-01 custom "member" "Dan"\n  name: "Cyd Nouri"\n')
    with pytest.raises(ImportRefusedError, match='"Cyd Nouri" is the name of several: Cyd, Dan'):
        toggl.extract(str(region / "inbox" / "detailed-new.csv"), [])
