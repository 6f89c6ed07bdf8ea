"""What people write in an app, however odd, comes out of the ledger as it was."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader

from conductor_bean.importers.workers_control.writing import label, number, quoted
from tests.importers.support import changed, errors_of, files_of, imported, report_of, text_of

HOSTILE = (
    'Ada "the Countess" Lovelace',
    "back\\slash \\n \\",
    'two\nlines\r\n\t; a comment\n2024-01-01 open Assets:Evil\n"',
    '"\n2024-01-01 custom "member" "Mallory"\n  name: "',
    'option "title" "Evil"',
    "面包店 👩‍🌾 \u2028 ",
    "turned \u202eround",
    "'; DROP TABLE member; --",
    "x" * 1000,
    "#tag ^link",
    "",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_quoted_text_is_read_back_as_it_was(text: str) -> None:
    entries, errors, _ = loader.load_string(f'2024-01-01 custom "member" "Ada"\n  name: {quoted(text)}\n')
    assert errors == []
    assert [entry.meta["name"] for entry in entries] == [text.replace("\u202e", "\ufffd")]
    assert "\n" not in quoted(text)


def test_what_no_text_file_should_hold_is_replaced() -> None:
    assert quoted("a\x00b\x1bc\ud800d\u202ee\u2066") == '"a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"'


def test_a_label_is_one_short_line() -> None:
    assert label(" a\n b\t c ") == "a b c"
    assert len(label("x" * 1000)) == 80


@pytest.mark.parametrize(
    ("value", "text"),
    [("0E-10", "0"), ("4.5000000000", "4.5"), ("100", "100"), ("1E+3", "1000"), ("1E-10", "0.0000000001")],
)
def test_amounts_are_plain_digits(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_an_app_full_of_one_odd_text_imports_and_holds(text: str, tmp_path: Path) -> None:
    columns = {
        "member": ["name"],
        "company": ["name"],
        "accountant": ["name"],
        "cooperation": ["name", "definition"],
        "plan": ["prd_name", "prd_unit", "description"],
        "basic_service": ["name", "description"],
    }
    statements = [(f"UPDATE {table} SET {column} = ?", [text]) for table in columns for column in columns[table]]
    folder = imported(changed(tmp_path / "app.sqlite", *statements), tmp_path / "region")
    assert errors_of(folder) == []
    assert len(report_of(folder, "companies")) == 3
    assert {row["product"] for row in report_of(folder, "plans")} == {text.replace("\u202e", "\ufffd")}
    assert "Mallory" not in {row["account"].split(":")[-2:][0] for row in report_of(folder, "balances")}


def test_names_are_kept_with_every_party(tmp_path: Path) -> None:
    text = text_of(imported(changed(tmp_path / "app.sqlite"), tmp_path / "region"))
    for name in ("Member 01", "Company 03", "Accountant 1", "Cooperation 02", "haircut 1"):
        assert f"  name: {json.dumps(name)}" in text


def test_microseconds_are_kept(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "UPDATE member SET registered_on = '2024-01-01 00:00:00.000007'")
    assert '  time: "00:00:00.000007"' in text_of(imported(source, tmp_path / "region"))


def test_instants_may_be_written_in_other_ways(tmp_path: Path) -> None:
    plain = imported(changed(tmp_path / "plain.sqlite"), tmp_path / "plain")
    statements = [
        "UPDATE member SET registered_on = replace(substr(registered_on, 1, 19), ' ', 'T')",
        "UPDATE company SET registered_on = registered_on || '+00:00'",
        "UPDATE transfer SET date = substr(date, 1, 19)",
    ]
    other = imported(changed(tmp_path / "other.sqlite", *statements), tmp_path / "other")
    assert files_of(other) == files_of(plain)


def test_ids_may_be_written_with_dashes(tmp_path: Path) -> None:
    plain = imported(changed(tmp_path / "plain.sqlite"), tmp_path / "plain")
    statement = "UPDATE member SET id = substr(id, 1, 8) || '-' || substr(id, 9, 12) || '-' || upper(substr(id, 21))"
    source = changed(tmp_path / "other.sqlite", statement)
    assert files_of(imported(source, tmp_path / "other")) == files_of(plain)


def test_transfers_of_one_event_a_moment_apart_are_one_transaction(tmp_path: Path) -> None:
    # The app looks at the clock for each transfer: on a real clock they are microseconds apart.
    source = changed(
        tmp_path / "app.sqlite", "UPDATE transfer SET date = replace(date, '.000000', '.000321') WHERE type = 'taxes'"
    )
    assert errors_of(imported(source, tmp_path / "region")) == []


def test_a_compensation_below_the_tenth_decimal_is_none(tmp_path: Path) -> None:
    copies = "SELECT {0}, date, debit_account, a.account, 1e-28, 'compensation_for_coop' FROM transfer, cooperation a"
    source = changed(
        tmp_path / "app.sqlite",
        "INSERT INTO transfer "
        + copies.format("'" + "ab" * 16 + "'")
        + " WHERE transfer.type = 'private_consumption' LIMIT 1",
        "DELETE FROM plan_cooperation",
        "UPDATE productive_consumption SET transfer_of_compensation = null",
        f"UPDATE private_consumption SET transfer_of_compensation = '{'ab' * 16}'",
        "DELETE FROM transfer WHERE type LIKE 'compensation%' AND value > 1e-10",
    )
    folder = imported(source, tmp_path / "region")
    assert 'transfer: "compensation' not in text_of(folder)
    assert "1 compensations below the tenth decimal" in text_of(folder)
