"""Fava, bean-query and `conductor` read one ledger: the same verdict and the same books."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sysconfig
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fava.application import create_app
from werkzeug.test import Client

ROOT = Path(__file__).resolve().parents[2]
QUERY = "SELECT account, currency, sum(number) AS balance GROUP BY account, currency"
GOVERNED = {"HOUR", "RSC"}
Books = dict[tuple[str, str], Decimal]


def script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is installed beside this Python."""
    command = [str(Path(sysconfig.get_path("scripts")) / name), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def conductor(*arguments: str) -> Any:
    """Return what `conductor ... --json` prints."""
    return json.loads(script("conductor", *arguments, "--json").stdout)


def conductor_books(folder: Path) -> Books:
    rows = conductor("balances", str(folder))
    return {(row["account"], row["commodity"]): Decimal(row["balance"]) for row in rows if Decimal(row["balance"])}


def bean_query_books(folder: Path) -> Books:
    done = script("bean-query", "-q", "-f", "csv", str(folder / "main.beancount"), QUERY)
    rows = [row for row in csv.reader(io.StringIO(done.stdout)) if row][1:]
    return {
        (account, currency): Decimal(number.strip())
        for account, currency, number in rows
        if currency in GOVERNED and Decimal(number.strip())
    }


@pytest.fixture(params=["riverbend", "lakeside", "imported"])
def ledger(request: pytest.FixtureRequest) -> Path:
    """The folder of each example ledger."""
    return ROOT / "ledgers" / str(request.param)


class Page:
    """Fava on one ledger, in this process, asked over its HTTP interface."""

    def __init__(self, folder: Path) -> None:
        """Load the ledger."""
        self.client: Client = create_app([str(folder / "main.beancount")], load=True).test_client()
        self.base = "/".join(self.client.get("/").headers["Location"].split("/")[:2]) + "/"

    def get(self, path: str, **query: str) -> Any:
        """Return the data of Fava's JSON interface, numbers exact."""
        response = self.client.get(f"{self.base}api/{path}", query_string=query)
        assert response.status_code == 200
        return json.loads(response.data, parse_float=Decimal, parse_int=Decimal)["data"]

    def books(self) -> Books:
        """Every balance of hours and credits that is not zero; other commodities are the region's own affair."""
        rows = self.get("query", query_string=QUERY)["rows"]
        return {(row[0], row[1]): Decimal(row[2]) for row in rows if row[1] in GOVERNED and row[2]}


def test_fava_has_no_errors(ledger: Path) -> None:
    assert Page(ledger).get("errors") == []


def test_fava_shows_the_balances_of_conductor(ledger: Path) -> None:
    books = Page(ledger).books()
    assert books
    assert books == conductor_books(ledger)


def test_bean_query_shows_the_balances_of_conductor(ledger: Path) -> None:
    assert bean_query_books(ledger) == conductor_books(ledger)


@pytest.mark.parametrize("page", ["income_statement/", "balance_sheet/", "trial_balance/", "journal/", "errors/"])
def test_fava_serves_its_pages(ledger: Path, page: str) -> None:
    fava = Page(ledger)
    assert fava.client.get(fava.base + page).status_code == 200


BROKEN = """\
option "title" "Broken"
option "operating_currency" "HOUR"
plugin "conductor_bean.plugins.conductor"

2026-01-01 custom "accountant" "carla"
  name: "Carla"
2026-01-01 custom "member" "Ada"
  name: "Ada"
2026-01-01 custom "member" "Bob"
  name: "Bob"
2026-01-01 custom "company" "Bakery"
  name: "Sunrise Bakery"
2026-01-01 custom "employment" "Bakery" "Ada"

2026-01-02 * "Sunrise Bakery" "Ada, 8 hours"
  Assets:Companies:Bakery:A      -8 HOUR
  Assets:Members:Ada:Hours        8 HOUR

2026-01-02 * "Sunrise Bakery" "Bob does not work here"
  Assets:Companies:Bakery:A      -4 HOUR
  Assets:Members:Bob:Hours        4 HOUR

2026-01-03 * "Ada" "a present, which no rule knows"
  Assets:Companies:Bakery:A       1 HOUR
  Assets:Members:Ada:Hours       -1 HOUR

2026-01-04 custom "plan-aproval" "bread-2026"
"""
REGION = """\
region: Broken
name: Broken
commodities:
  labour_time: {name: HOUR, precision: 0.01}
decisions:
  - date: 2026-01-01
    title: Founding assembly
    set: {fic_window_days: 180}
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A ledger with three errors among things that are right."""
    (tmp_path / "main.beancount").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "region.yaml").write_text(REGION, encoding="utf-8")
    return tmp_path


def test_every_tool_finds_the_same_errors(broken: Path) -> None:
    told = [(error["file"], error["line"], error["message"]) for error in conductor("check", str(broken))["errors"]]
    fava = Page(broken).get("errors")
    shown = [(Path(error["source"]["filename"]).name, int(error["source"]["lineno"])) for error in fava]
    assert len(told) == 3
    assert sorted(shown) == sorted((file, line) for file, line, _ in told)
    for _, _, message in told:
        assert any(message in error["message"] for error in fava)
    checked = script("bean-check", str(broken / "main.beancount"))
    assert checked.returncode == 1
    for file, line, message in told:
        assert any(f"{file}:{line}:" in text and message in text for text in checked.stderr.splitlines())


def test_what_was_rejected_is_in_nobodys_books(broken: Path) -> None:
    # Nothing is planned, so the factor is 1 and Ada keeps her eight hours.
    books = {("Assets:Companies:Bakery:A", "HOUR"): Decimal(-8), ("Assets:Members:Ada:Hours", "HOUR"): Decimal(8)}
    assert Page(broken).books() == books
    assert bean_query_books(broken) == books


def test_conductor_prints_no_balances_of_a_broken_ledger_in_silence(broken: Path) -> None:
    done = script("conductor", "balances", str(broken), "--json")
    assert done.returncode == 1
    assert done.stderr
