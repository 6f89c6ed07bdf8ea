"""A database that is not the app's, or is damaged, is refused in one clear line."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from conductor_bean.importers.workers_control.generations import TABLES
from tests.importers.support import changed, database, files_of, imported, refused


def other(path: Path) -> None:
    sqlite3.connect(path).execute("CREATE TABLE notes (text)").connection.close()


def truncated(path: Path) -> None:
    path.write_bytes(database("small1").read_bytes()[:20_000])


def overwritten(path: Path) -> None:
    content = bytearray(database("medium11").read_bytes())
    content[40_000:200_000] = b"\xff" * 160_000
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no file"),
        (lambda path: path.mkdir(), "is not a file"),
        (lambda path: path.write_bytes(b""), "has no table social_accounting"),
        (lambda path: path.write_text("no database at all, only text" * 100), "cannot be read as an SQLite database"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\x00" * 200), "cannot be read"),
        (other, "has no table"),
        (truncated, "malformed"),
        (overwritten, "app.sqlite"),
    ],
)
def test_what_is_not_the_apps_database_is_refused(make: Callable[[Path], object], said: str, tmp_path: Path) -> None:
    path = tmp_path / "app.sqlite"
    make(path)
    assert said in refused(path, tmp_path / "region")


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "", "mysql://host/app", "file:app.sqlite?mode=rwc"])
def test_odd_paths_are_refused(name: str, tmp_path: Path) -> None:
    refused(name, tmp_path / "region")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(table: str, tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", f'ALTER TABLE "{table}" RENAME TO gone')
    assert f"has no table {table};" in refused(source, tmp_path / "region")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_column_is_named(table: str, tmp_path: Path) -> None:
    column = TABLES[table][-1]
    source = changed(tmp_path / "app.sqlite", f'ALTER TABLE "{table}" RENAME COLUMN "{column}" TO gone')
    assert f"has no column {table}.{column};" in refused(source, tmp_path / "region")


UNKNOWN = "ab" * 16


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE transfer SET debit_account = '{0}'", "names in debit_account"),
        ("UPDATE transfer SET credit_account = null", "holds nothing in the column credit_account"),
        ("UPDATE plan SET planner = '{0}'", "names in planner"),
        ("UPDATE plan SET requested_cooperation = '{0}'", "names in requested_cooperation"),
        ("UPDATE plan_approval SET plan_id = '{0}'", "names in plan_id"),
        ("UPDATE plan_rejection SET plan_id = '{0}'", "names in plan_id"),
        ("UPDATE plan_approval SET transfer_of_credit_r = '{0}'", "names in transfer_of_credit_r"),
        ("UPDATE private_consumption SET transfer_of_private_consumption = '{0}'", "which is no transfer"),
        ("UPDATE productive_consumption SET transfer_of_compensation = '{0}'", "which is no transfer"),
        ("UPDATE private_consumption_of_basic_service SET transfer_of_taxes = '{0}'", "which is no transfer"),
        ("UPDATE private_consumption_of_basic_service SET basic_service = '{0}'", "which is no basic_service"),
        ("UPDATE registered_hours_worked SET worker = '{0}'", "which is no member"),
        ("UPDATE registered_hours_worked SET company = '{0}'", "which is no company"),
        ("UPDATE jobs SET member_id = '{0}' WHERE rowid = 1", "which is no member"),
        ("UPDATE plan_cooperation SET cooperation = '{0}'", "which is no cooperation"),
        ("UPDATE coordination_tenure SET company = '{0}'", "which is no company"),
        ("DELETE FROM coordination_tenure", "has no coordination_tenure"),
        ("UPDATE basic_service SET provider = '{0}'", "which is no member"),
        ("DELETE FROM social_accounting", "which is no account of any party"),
        ("INSERT INTO social_accounting VALUES ('{0}', '{0}')", "second social accounting"),
        ("UPDATE member SET account = (SELECT p_account FROM company LIMIT 1)", "that another row owns"),
        ("UPDATE registered_hours_worked SET transfer_of_taxes = transfer_of_work_certificates", "of another event"),
        ("UPDATE transfer SET value = 'much'", "holds str 'much' in the column value"),
        ("UPDATE transfer SET value = 1e300", "10^15"),
        ("UPDATE transfer SET value = 9e999", "10^15"),
        ("UPDATE transfer SET value = x'00'", "holds bytes"),
        ("UPDATE transfer SET type = 'nonsense; \"'", "has the type"),
        ("UPDATE transfer SET date = 'yesterday'", "in the column date"),
        ("UPDATE transfer SET date = '1789-07-14 00:00:00'", "1900 to 2199"),
        ("UPDATE transfer SET date = 5", "in the column date"),
        ("UPDATE transfer SET id = 'short' WHERE rowid = 1", "32 hexadecimal digits"),
        ("UPDATE plan SET prd_amount = 1.5", "whole number"),
        ("UPDATE plan SET timeframe = 7.5", "whole number"),
        ("UPDATE plan SET timeframe = 1e9", "timeframe is 0 to 36500 days"),
        ("UPDATE plan SET timeframe = -1", "timeframe is 0 to 36500 days"),
        ("UPDATE plan SET is_public_service = 7", "true or false"),
        ("UPDATE member SET name = x'ff'", "holds bytes"),
        ("UPDATE member SET name = cast(x'ff' AS TEXT)", "cannot be read"),
        ("UPDATE member SET registered_on = ''", "in the column registered_on"),
    ],
)
def test_a_broken_row_is_refused_with_its_table_and_column(statement: str, said: str, tmp_path: Path) -> None:
    loosened = "PRAGMA writable_schema = ON", "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '')"
    path = changed(tmp_path / "app.sqlite", *loosened)
    connection = sqlite3.connect(path)
    connection.execute(statement.format(UNKNOWN))
    connection.commit()
    connection.close()
    assert said in refused(path, tmp_path / "region")


def test_an_app_that_nobody_has_used_is_refused(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", *(f'DELETE FROM "{table}"' for table in TABLES))
    assert "no member, no company, no plan and no transfer" in refused(source, tmp_path / "region")


def test_a_view_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite", "ALTER TABLE jobs RENAME TO work", "CREATE VIEW jobs AS SELECT * FROM work"
    )
    assert "jobs is a view" in refused(source, tmp_path / "region")


def test_a_virtual_table_is_refused(tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite", "DROP TABLE jobs", "CREATE VIRTUAL TABLE jobs USING fts5(member_id, company_id)"
    )
    assert "jobs is a view or a virtual table" in refused(source, tmp_path / "region")


def test_the_database_is_only_read(tmp_path: Path) -> None:
    source = changed(
        tmp_path / "app.sqlite",
        "CREATE TRIGGER evil AFTER UPDATE ON member BEGIN DELETE FROM transfer; END",
        "CREATE VIEW evil_view AS SELECT load_extension('evil')",
    )
    source.chmod(0o444)
    before = source.read_bytes()
    imported(source, tmp_path / "region")
    assert source.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.sqlite", "region"]


def test_paths_with_odd_characters_are_opened(tmp_path: Path) -> None:
    source = changed(tmp_path / "app ?mode=rwc#%20é.sqlite")
    assert files_of(imported(source, tmp_path / "region")) == files_of(imported(database("small1"), tmp_path / "other"))


def test_a_transfer_without_an_event_is_written_and_judged(tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", "DELETE FROM private_consumption")
    folder = imported(source, tmp_path / "region")
    text = "\n".join(content.decode() for content in files_of(folder).values())
    assert text.count("#without-event") == 1 + 2
    assert "could not be inferred: 1" in text
