"""The statement of a party as text, JSON, CSV and PDF says the same."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from conductor_bean.reporting.statement import COLUMNS, csv_bytes, safe
from tests.reporting.reading import paper_text, said
from tests.support import conductor

TIMES = [(), ("--from", "2026-02-01", "--to", "2026-04-30")]


def rows_of(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content, newline="")))


def document_of(rows: list[dict[str, str]], party: str) -> dict[str, Any]:
    """The JSON's numbers, read back from the CSV."""
    own = {row["account"] for row in rows if row["entry"] == "opening"}
    transfers = []
    for row in rows:
        amount = Decimal(row["amount"] or 0)
        if row["entry"] != "transfer" or (amount > 0 and row["counterpart"] in own):
            continue  # a transfer between two accounts of the party stands at both
        debit, credit = (row["account"], row["counterpart"])[:: -1 if amount > 0 else 1]
        transfers.append(
            {
                "instant": row["instant"],
                "type": row["type"],
                "debit": debit,
                "credit": credit,
                "commodity": row["commodity"],
                "amount": f"{abs(amount):f}",
                "derived": row["derived"] == "true",
                "file": row["file"],
                "line": int(row["line"]),
                "links": row["links"].split(),
            }
        )
    opening, closing = (
        {row["account"]: row["balance"] for row in rows if row["entry"] == entry} for entry in ("opening", "closing")
    )
    return {"party": party, "opening": opening, "transfers": transfers, "closing": closing}


@pytest.mark.parametrize("party", ["Ada", "Bakery"])
@pytest.mark.parametrize("time", TIMES)
def test_csv_holds_all_that_json_holds(riverbend: Path, party: str, time: tuple[str, ...]) -> None:
    result = conductor("statement", riverbend, party, *time, "--format", "csv")
    assert result.exit_code == 0
    assert document_of(rows_of(result.stdout), party) == said("statement", riverbend, party, *time)


def test_csv_runs_from_opening_to_closing(riverbend: Path) -> None:
    rows = rows_of(conductor("statement", riverbend, "Bakery", *TIMES[1], "--format", "csv").stdout)
    running: dict[str, Decimal] = {}
    for row in rows:
        if row["entry"] == "opening":
            running[row["account"]] = Decimal(row["balance"])
        elif row["entry"] == "transfer":
            running[row["account"]] += Decimal(row["amount"])
            assert running[row["account"]] == Decimal(row["balance"])
    assert running == {row["account"]: Decimal(row["balance"]) for row in rows if row["entry"] == "closing"}


def test_csv_is_that_of_rfc_4180(riverbend: Path, tmp_path: Path) -> None:
    assert conductor("statement", riverbend, "Ada", "--output", tmp_path / "ada.csv").exit_code == 0
    content = (tmp_path / "ada.csv").read_bytes()
    assert content.decode("utf-8").startswith(",".join(COLUMNS) + "\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")
    assert {len(row) for row in csv.reader(io.StringIO(content.decode(), newline=""))} == {len(COLUMNS)}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_run_is_made_safe(text: str) -> None:
    assert safe(text) == f"'{text}"
    transfer = {
        "instant": "2026-01-01T00:00:00",
        "type": "gift",
        "debit": text,
        "credit": "Assets:Members:Ada:Wallet",
        "commodity": "RSC",
        "amount": "3.00",
        "derived": False,
        "file": text,
        "line": 1,
        "links": [text, '"a,b"'],
    }
    account = "Assets:Members:Ada:Wallet"
    document = {"party": "Ada", "opening": {account: "0.00"}, "transfers": [transfer], "closing": {account: "3.00"}}
    (row,) = [r for r in rows_of(csv_bytes(document, {account: "RSC"}).decode()) if r["entry"] == "transfer"]
    assert row["counterpart"] == row["file"] == f"'{text}"
    assert row["links"] == f'\'{text} "a,b"'
    assert row["amount"] == "3.00"


def test_an_amount_that_was_taken_stays_a_number(riverbend: Path) -> None:
    rows = rows_of(conductor("statement", riverbend, "Ada", "--format", "csv").stdout)
    assert any(row["amount"].startswith("-") for row in rows)
    assert all(Decimal(row["amount"]).is_finite() for row in rows if row["amount"])


def test_paper_says_opening_transfers_and_closing(riverbend: Path, tmp_path: Path) -> None:
    assert conductor("statement", riverbend, "Ada", *TIMES[1], "-o", tmp_path / "ada.pdf").exit_code == 0
    text = paper_text((tmp_path / "ada.pdf").read_bytes())
    document = said("statement", riverbend, "Ada", *TIMES[1])
    assert "Statement of Ada" in text
    assert "From 2026-02-01 to 2026-04-30." in text
    for account in ("Assets:Members:Ada:Hours", "Assets:Members:Ada:Wallet"):
        assert f"opening {document['opening'][account]}" in text
        assert f"closing {document['closing'][account]}" in text
    assert all(f"{row['amount']} " in text for row in document["transfers"])


def test_the_same_statement_is_the_same_paper(riverbend: Path, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        assert conductor("statement", riverbend, "Ada", "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_json_is_the_same_by_option_by_format_and_as_a_file(riverbend: Path, tmp_path: Path) -> None:
    expected = said("statement", riverbend, "Ada")
    assert json.loads(conductor("statement", riverbend, "Ada", "--format", "json").stdout) == expected
    assert conductor("statement", riverbend, "Ada", "-o", tmp_path / "ada.json").exit_code == 0
    assert json.loads((tmp_path / "ada.json").read_text("utf-8")) == expected


@pytest.mark.parametrize(
    ("options", "said_"),
    [
        (("--format", "pdf"), "give --output FILE.pdf"),
        (("--format", "csv", "--json"), "either --json or --format"),
        (("--format", "csv", "--output", "x.pdf"), "does not end in .csv"),
        (("--output", "main.beancount"), "does not end in .json, .csv or .pdf"),
    ],
)
def test_wrong_options_are_refused(riverbend: Path, options: tuple[str, ...], said_: str) -> None:
    result = conductor("statement", riverbend, "Ada", *options)
    assert result.exit_code == 2
    assert said_ in " ".join(result.stderr.split())


def test_a_file_that_is_there_stays_unless_it_is_forced(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "ada.csv"
    target.write_text("mine")
    result = conductor("statement", small, "Ada", "-o", target)
    assert result.exit_code == 2
    assert target.read_text() == "mine"
    assert conductor("statement", small, "Ada", "-o", target, "--force").exit_code == 0
    assert target.read_bytes().startswith(b"entry,")


@pytest.mark.parametrize("form", ["csv", "pdf"])
def test_a_ledger_with_errors_has_no_statement_as_a_file(faulty: Path, tmp_path: Path, form: str) -> None:
    result = conductor("statement", faulty, "Ada", "-o", tmp_path / f"ada.{form}")
    assert result.exit_code == 1
    assert "nothing is written" in result.stderr
    assert list(tmp_path.iterdir()) == []
