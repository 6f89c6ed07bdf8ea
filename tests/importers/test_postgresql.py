"""The importer reads a real PostgreSQL server, to the same ledger as from SQLite."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importers.conftest import Server
from tests.importers.support import NAMES, conductor, database, files_of, imported, refused

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.mark.parametrize("name", NAMES)
def test_the_ledger_is_the_same_as_from_sqlite(name: str, postgresql: Server, tmp_path: Path) -> None:
    from_sqlite = imported(database(name), tmp_path / "sqlite")
    from_server = imported(postgresql.holding(name), tmp_path / "postgresql")
    assert files_of(from_server) == files_of(from_sqlite)
    assert conductor("check", from_server).exit_code == 0


def test_native_uuids_make_no_difference(postgresql: Server, tmp_path: Path) -> None:
    from_sqlite = imported(database("small1"), tmp_path / "sqlite")
    from_server = imported(postgresql.holding("small1", native_uuids=True), tmp_path / "postgresql")
    assert files_of(from_server) == files_of(from_sqlite)


@pytest.mark.parametrize(
    "scheme", ["postgres://", "postgresql+psycopg://", "postgresql+psycopg2://", "postgresql+pg8000://"]
)
def test_urls_as_the_app_writes_them_are_understood(scheme: str, postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.holding("small1").replace("postgresql://", scheme)
    assert (imported(url, tmp_path / "region") / "main.beancount").exists()


def test_the_database_is_only_read(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.holding("small1")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE " + connection.info.dbname + " SET default_transaction_read_only = on")
    imported(url, tmp_path / "region")


def test_an_empty_database_is_refused(postgresql: Server, tmp_path: Path) -> None:
    assert "has no table" in refused(postgresql.url(), tmp_path / "region")


def test_a_missing_column_is_named(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.holding("small1")
    with psycopg.connect(url) as connection:
        connection.execute('ALTER TABLE "transfer" DROP COLUMN value')
    assert "has no column transfer.value" in refused(url, tmp_path / "region")


def test_a_view_in_place_of_a_table_is_refused(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.holding("small1")
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE jobs RENAME TO work")
        connection.execute("CREATE VIEW jobs AS SELECT * FROM work")
    assert "jobs is a view" in refused(url, tmp_path / "region")


def test_a_broken_reference_is_refused(postgresql: Server, tmp_path: Path) -> None:
    url = postgresql.holding("small1")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE plan SET planner = repeat('ab', 16)")
    assert "names in planner" in refused(url, tmp_path / "region")


def test_a_server_that_is_not_there_is_refused_without_telling_the_password(tmp_path: Path) -> None:
    line = refused("postgresql://user:canary-7431@127.0.0.1:1/app", tmp_path / "region")
    assert "cannot be read" in line
    assert "canary-7431" not in line


def test_a_url_that_is_none_is_refused_without_telling_the_password(tmp_path: Path) -> None:
    line = refused("postgresql://user:canary-7431@[bad/app?nonsense=1", tmp_path / "region")
    assert "canary-7431" not in line


def test_another_kind_of_database_is_refused_without_telling_the_password(tmp_path: Path) -> None:
    line = refused("mysql://user:canary-7431@host/app", tmp_path / "region")
    assert "mysql:// is not a kind of database" in line
    assert "canary-7431" not in line


def test_without_the_driver_the_message_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = builtins.__import__

    def without(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "pg8000":
            raise ImportError(name)
        return importing(name, *arguments, **keywords)

    monkeypatch.delitem(sys.modules, "conductor_bean.importers.workers_control.postgresql", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    line = refused("postgresql://host/app", tmp_path / "region")
    assert "pip install 'conductor-bean[postgresql]'" in line
