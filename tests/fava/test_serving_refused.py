"""Folders that are never served to the public: private ledgers, and editions in which something would be run."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

import pytest

from conductor_bean.fava.edition_ledger import NotAnEditionError
from conductor_bean.fava.public_app import public_app
from tests.fava.edition import MAIN, write_edition

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["riverbend", "lakeside"])
def test_a_private_ledger_is_never_served_to_the_public(name: str) -> None:
    with pytest.raises(NotAnEditionError, match="conductor publish"):
        public_app(ROOT / "ledgers" / name)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"main.beancount": MAIN + 'plugin "beancount.plugins.auto"\n'}, "no plugins"),
        ({"main.beancount": MAIN + 'option "insert_pythonpath" "True"\n'}, "no plugins"),
        ({"main.beancount": MAIN + 'option "documents" "data"\n'}, "no plugins"),
        ({"main.beancount": MAIN + '2026-01-01 custom "fava-extension" "run_me"\n'}, "'run_me'"),
        ({"accounts.beancount": '2026-01-01 custom "fava-extension" "run\\_me"\n'}, "'run_me'"),
        ({"main.beancount": MAIN + '2026-01-01 custom "fava-option" "import-config" "run_me.py"\n'}, "'import-config'"),
        ({"main.beancount": MAIN + '2026-01-01 custom "fava-option" "default-file"\n'}, "'default-file'"),
        ({"main.beancount": MAIN + 'include "../outside.beancount"\n'}, "outside its folder"),
        ({"journal/2026-01.beancount": "2026-01-01 open nonsense\n"}, "error"),
        ({"data/edition.json": json.dumps({"edition": 2})}, "update"),
        ({"data/edition.json": "[]"}, "update"),
        ({"data/edition.json": "nonsense"}, "publish the edition again"),
    ],
)
def test_an_edition_that_would_run_or_read_something_else_is_refused(
    tmp_path: Path, files: dict[str, str], says: str
) -> None:
    outside = tmp_path / "outside.beancount"
    outside.write_text("2026-01-01 open Assets:Secret\n", encoding="utf-8")
    folder = write_edition(tmp_path / "edition", files)
    ran = folder / "ran"
    (folder / "run_me.py").write_text(f"open({str(ran)!r}, 'w').close()\nCONFIG = []\n", encoding="utf-8")
    with pytest.raises(NotAnEditionError, match=re.escape(says)):
        public_app(folder)
    assert not ran.exists()


def test_a_plugin_in_an_included_file_is_not_run(tmp_path: Path) -> None:
    folder = write_edition(tmp_path / "edition")
    ran = folder / "ran"
    (folder / "run_me_too.py").write_text(f"open({str(ran)!r}, 'w').close()\n__plugins__ = []\n", encoding="utf-8")
    accounts = folder / "accounts.beancount"
    text = 'option "insert_pythonpath" "True"\nplugin "run_me_too"\n' + accounts.read_text(encoding="utf-8")
    accounts.write_text(text, encoding="utf-8")
    with suppress(NotAnEditionError):
        public_app(folder)
    assert not ran.exists()
