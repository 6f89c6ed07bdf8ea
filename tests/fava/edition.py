"""A small public edition, written by hand, for the tests of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from werkzeug.test import Client

from conductor_bean.fava.public_app import public_app

SLUG = "riverbend"

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
MARKUP = "'\\\"><b onmouseover=alert(3)>"

MAIN = """\
option "title" "Riverbend"
option "operating_currency" "HOUR"
include "accounts.beancount"
include "journal/*.beancount"
2026-01-01 custom "fava-extension" "conductor_bean.fava"
2026-01-01 custom "fava-option" "default-page" "extension/Conductor/"
"""

ACCOUNTS = f"""\
2026-01-01 commodity HOUR
2026-01-01 open Equity:PSF HOUR
2026-01-01 open Assets:Private:Members:Hours HOUR
2026-01-01 open Assets:Companies:Mill:A HOUR
2026-01-01 open Expenses:Health HOUR
2026-01-01 custom "company" "Mill {SCRIPT}"
  name: "{IMAGE}"
  other: "{MARKUP}"
2026-01-01 price HOUR 2.50 EUR
2026-02-01 price HOUR 3.00 EUR
"""

JOURNAL = f"""\
2026-01-05 * "{IMAGE}" "{SCRIPT}"
  period: "2026-01"
  transfer: "{MARKUP}"
  Assets:Companies:Mill:A          -100.00 HOUR
    note: "{SCRIPT}"
  Assets:Private:Members:Hours      100.00 HOUR

2026-01-31 * "Taxes" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" #tag ^link
  Assets:Private:Members:Hours      -20.00 HOUR
  Equity:PSF                         20.00 HOUR

2026-02-03 * "Health"
  Expenses:Health                     5.00 HOUR
  Equity:PSF                         -5.00 HOUR
"""

MARK = {"edition": 1, "region": SLUG, "name": "Riverbend"}

LONG = {
    "accounts.beancount": f"2026-01-01 open Assets:A{'a' * 5000}\n2026-01-01 open Equity:PSF\n",
    "journal/2026-01.beancount": f"""\
2026-01-01 * "{"a" * 5000}"
  Assets:A{"a" * 5000}    1 HOUR
  Equity:PSF             -1 HOUR
""",
}
"""Files of an edition with names so long that even a plain filter takes longer on them than the sun will shine."""

ENDLESS = '"a*a*b"'
"""Such a filter; an account is asked for without the quotation marks."""


def write_edition(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write an edition, some files of it other than usual, and return its folder."""
    texts = {
        "main.beancount": MAIN,
        "accounts.beancount": ACCOUNTS,
        "journal/2026-01.beancount": JOURNAL,
        "data/edition.json": json.dumps(MARK),
        "data/notes.json": "[]\n",
        "data/fic.csv": "date,fic\n2026-01-01,0.8\n",
        "data/notes.html": SCRIPT,
        "README.md": "# An edition\n",
        **(files or {}),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def reader(folder: Path, seconds: float = 5.0) -> Client:
    """A reader of an edition, who asks in this process."""
    return Client(public_app(folder, seconds))


def snapshot(folder: Path) -> Iterator[tuple[str, int, bytes]]:
    """Name, time of change and content of all in a folder."""
    for path in sorted(folder.rglob("*")):
        yield path.name, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b""
