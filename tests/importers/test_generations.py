"""Databases of both generations of the app import: from 0.2.6 on it calls cooperations collaborations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.conftest import Server
from tests.importers.support import NAMES, RENAMED, changed, conductor, database, files_of, imported, refused, text_of


@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_migrated_database_gives_the_same_ledger(name: str, tmp_path: Path) -> None:
    version = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"
    migrated = changed(tmp_path / "app.sqlite", *RENAMED, version, name=name)
    folder = imported(migrated, tmp_path / "region")
    assert files_of(folder) == files_of(imported(database(name), tmp_path / "first"))


def test_a_compensation_of_a_collaboration_is_one_of_a_cooperation(tmp_path: Path) -> None:
    text = text_of(imported(database("small4"), tmp_path / "region"))
    assert 'transfer: "compensation_for_coop"' in text
    assert "collab" not in text.replace("Collab", "")


def test_a_compensation_keeps_its_old_name_through_a_migration(tmp_path: Path) -> None:
    migrated = changed(tmp_path / "app.sqlite", *RENAMED[:-1], name="medium11")
    folder = imported(migrated, tmp_path / "region")
    assert files_of(folder) == files_of(imported(database("medium11"), tmp_path / "first"))


@pytest.mark.parametrize("count", range(1, 5))
def test_a_migration_that_broke_off_is_refused(count: int, tmp_path: Path) -> None:
    half = changed(tmp_path / "app.sqlite", *RENAMED[:count])
    assert "the database has no " in refused(half, tmp_path / "region")


def test_a_database_with_the_tables_of_both_is_refused(tmp_path: Path) -> None:
    both = changed(tmp_path / "app.sqlite", "CREATE TABLE collaboration (id CHAR(32))")
    assert "tables of two versions of the app: beside those of 0.2.5 also collaboration;" in refused(
        both, tmp_path / "region"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE plan SET requested_collaboration = '{0}'", "names in requested_collaboration"),
        ("UPDATE coordination_tenure SET collaboration = '{0}'", "of the table coordination_tenure names in collab"),
        ("UPDATE plan_collaboration SET collaboration = 5", "plan_collaboration holds str '5' in the column collab"),
        ("DELETE FROM coordination_tenure", "of the table collaboration has no coordination_tenure"),
        ("ALTER TABLE collaboration RENAME COLUMN definition TO gone", "has no column collaboration.definition"),
        ("DROP TABLE plan_collaboration", "has no table plan_collaboration"),
    ],
)
def test_a_refusal_speaks_the_words_of_the_database(change: str, said: str, tmp_path: Path) -> None:
    source = changed(tmp_path / "app.sqlite", change.format("ab" * 16), name="small4")
    assert said in refused(source, tmp_path / "region")


def test_a_price_changed_in_the_second_generation_is_found(tmp_path: Path) -> None:
    statement = "UPDATE transfer SET value = value + 0.01 WHERE type = 'compensation_for_collab'"
    folder = imported(changed(tmp_path / "app.sqlite", statement, name="small4"), tmp_path / "region")
    result = conductor("check", folder)
    assert result.exit_code == 1
    assert "wrong-derived-amount" in result.output


def test_both_generations_read_the_same_from_postgresql(postgresql: Server, tmp_path: Path) -> None:
    from_server = imported(postgresql.holding("small4", native_uuids=True), tmp_path / "postgresql")
    assert files_of(from_server) == files_of(imported(database("small4"), tmp_path / "sqlite"))
