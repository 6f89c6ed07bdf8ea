"""The accountants' server runs nothing of a stranger's, and does nothing for a page of another site."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from conductor_bean.fava.private_app import fava
from conductor_bean.fava.public_app import public_app
from conductor_bean.ledger.admission.gate import LedgerNotAdmittedError
from tests.fava.edition import SLUG, write_edition
from tests.support import HEAD, conductor, work, write

RUNS = "import pathlib\npathlib.Path(__file__).with_name('that_it_ran').touch()\n"
EXTENSION = RUNS + "from fava.ext import FavaExtensionBase\nclass Zz(FavaExtensionBase):\n    report_title = 'Zz'\n"
LINE = '2026-01-01 custom "fava-extension" "zz"\n'


def ran(folder: Path) -> bool:
    """Whether anything of a stranger's has run."""
    return bool(list(folder.rglob("that_it_ran")))


def client(folder: Path, **arguments: Any) -> Client:
    """A browser on this machine, on the accountants' server."""
    return Client(fava(folder / "main.beancount", local=True, **arguments))


def get(folder: Client, path: str, **headers: str) -> Any:
    """An answer to a request for reading."""
    return folder.get(path, headers={"Host": "localhost", **headers})


def test_an_extension_in_the_folder_is_an_error_of_check_and_not_served(tmp_path: Path) -> None:
    folder = write(tmp_path, LINE + work("Bakery", "Ada", 8), files={"zz.py": EXTENSION})
    result = conductor("check", folder)
    assert (result.exit_code, "doc.beancount:1: foreign-plugin" in result.stdout) == (1, True)
    result = conductor("serve", folder, "--port", 0)
    assert (result.exit_code, "doc.beancount:1: foreign-plugin" in result.stderr) == (1, True)
    with pytest.raises(LedgerNotAdmittedError):
        client(folder)
    assert not ran(tmp_path)


def test_what_comes_with_a_later_change_is_not_run_either_and_the_errors_are_shown(tmp_path: Path) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 8), files={"zz.py": EXTENSION})
    app = fava(folder / "main.beancount", local=True)
    (ledger,) = app.config["LEDGERS"].ledgers
    assert ledger.refused is None
    main = folder / "main.beancount"
    good = main.read_text("utf-8")
    main.write_text(good + 'plugin "zz"\n' + LINE, encoding="utf-8")
    ledger.load_file()
    told = get(Client(app), "/testburg/api/errors").get_data(as_text=True)
    assert "foreign-plugin" in told
    assert list(ledger.all_entries) == []
    main.write_text(good, encoding="utf-8")
    ledger.load_file()
    assert ledger.errors == []
    assert not ran(tmp_path)


def test_an_extension_of_favas_own_finds_nothing_of_the_folder(tmp_path: Path) -> None:
    # Fava itself puts the folder first on the path while it imports an extension.
    files: dict[str, str | bytes] = {"fava.py": RUNS, "conductor_bean.py": RUNS, "subprocess.py": RUNS}
    text = '2026-01-01 custom "fava-extension" "fava.ext.auto_commit"\n'
    folder = write(tmp_path, text, files=files)
    assert get(client(folder), "/testburg/income_statement/").status_code == 200
    assert not ran(tmp_path)


@pytest.mark.parametrize("runs", [False, True])
def test_the_file_of_import_config_runs_only_where_whoever_serves_says_so(tmp_path: Path, *, runs: bool) -> None:
    text = '2026-01-01 custom "fava-option" "import-config" "import.py"\n'
    folder = write(tmp_path, text, files={"import.py": RUNS + "CONFIG = []\n"})
    get(client(folder, runs_imports=runs), "/testburg/api/imports")
    assert ran(tmp_path) == runs


@pytest.mark.parametrize("place", ["../import.py", "link.py"])
def test_a_file_of_import_config_outside_of_the_folder_never_runs(tmp_path: Path, place: str) -> None:
    (tmp_path / "import.py").write_text(RUNS + "CONFIG = []\n", encoding="utf-8")
    text = f'2026-01-01 custom "fava-option" "import-config" "{place}"\n'
    folder = write(tmp_path / "region", text)
    (folder / "link.py").symlink_to("../import.py")
    client(folder, runs_imports=True)
    assert not ran(tmp_path)


STRANGERS = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", STRANGERS, ids=str)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_a_page_of_another_site_changes_nothing(tmp_path: Path, method: str, headers: dict[str, str]) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 8))
    path = "/testburg/api/source" if method != "DELETE" else "/testburg/api/document?filename=x"
    answer = client(folder).open(path, method=method, headers={"Host": "localhost", **headers}, json={})
    assert answer.status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}], ids=str)
def test_fava_itself_may_write(tmp_path: Path, headers: dict[str, str]) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 8))
    browser = client(folder)
    file = str(folder / "doc.beancount")
    source = get(browser, f"/testburg/api/source?filename={file}").get_json()["data"]
    body = {"file_path": file, "source": source["source"] + "; seen\n", "sha256sum": source["sha256sum"]}
    answer = browser.put("/testburg/api/source", headers={"Host": "localhost", **headers}, json=body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert (folder / "doc.beancount").read_text("utf-8").endswith("; seen\n")


def test_no_other_site_frames_a_page_and_documents_run_nothing(tmp_path: Path) -> None:
    text = '2026-01-01 open Equity:Elsewhere\n2026-01-01 document Equity:Elsewhere "letter.html"\n'
    folder = write(tmp_path, text, head=HEAD, files={"letter.html": "<script>alert(1)</script>"})
    browser = client(folder)
    for path in ("/testburg/income_statement/", "/testburg/api/errors", "/nobody/", "/testburg/nothing/"):
        policy = get(browser, path).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self' 'wasm-unsafe-eval'" in policy
        assert "default-src 'none'" in policy
    answer = get(browser, f"/testburg/document/?filename={folder}/letter.html")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_name_that_somebody_else_points_here_is_not_answered(tmp_path: Path) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 8))
    assert client(folder).get("/testburg/api/errors", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("text", ["((((a", "[", "a(?P<", "\\", "a(?i"])
@pytest.mark.parametrize("path", ["api/income_statement?", "api/journal_page?page=1&order=asc&"])
def test_the_public_server_calls_a_filter_that_cannot_be_read_a_bad_request(
    tmp_path: Path, path: str, text: str
) -> None:
    folder = write_edition(tmp_path / "region")
    answer = Client(public_app(folder)).get(f"/{SLUG}/{path}account={quote(text)}")
    assert answer.status_code == 400
