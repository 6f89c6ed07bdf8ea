"""Fixtures of the importer's tests: a PostgreSQL server from Debian's binaries."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importers.support import database


class Server:
    """A running server, reached through a socket in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def url(self, name: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql:///{name}?host={self._folder}&user=conductor"

    def holding(self, name: str, *, native_uuids: bool = False, backwards: bool = True) -> str:
        """The URL of a new database with the content of one of the app's SQLite databases, the last rows first."""
        import psycopg  # noqa: PLC0415 - an optional extra
        from psycopg import sql  # noqa: PLC0415

        self._count += 1
        copy = f"app{self._count}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(copy)))
        with psycopg.connect(self.url(copy)) as connection:
            _copy(database(name), connection, native_uuids=native_uuids, backwards=backwards)
        return self.url(copy)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server of its own for this session. Where Debian's is not installed, the tests that need it are skipped."""
    pytest.importorskip("psycopg")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    programs = found[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has at most 107 letters
    process: subprocess.Popen[bytes] | None = None
    try:
        who = _someone_else(folder)
        data = folder / "data"
        subprocess.run(
            [
                programs / "initdb",
                "-D",
                data,
                "-U",
                "conductor",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            **who,
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"],
                stdout=log,
                stderr=log,
                cwd=folder,
                **who,
            )
        server = Server(folder)
        _wait_for(server, process, folder / "log")
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _someone_else(folder: Path) -> dict[str, Any]:
    """Whom to run the server as: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    pytest.skip("a PostgreSQL server does not run as root, and there is no other user")


def _wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg  # noqa: PLC0415

    for _ in range(300):
        try:
            psycopg.connect(server.url()).close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


def _copy(source: Path, target: Any, *, native_uuids: bool, backwards: bool) -> None:
    """Copies all tables, with the types that the app declares in PostgreSQL."""
    from psycopg import sql  # noqa: PLC0415

    types = {"DATETIME": "TIMESTAMP"} | ({"CHAR(32)": "UUID"} if native_uuids else {})
    connection = sqlite3.connect(source)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = [(str(row[1]), str(row[2])) for row in connection.execute(f'PRAGMA table_info("{table}")')]
        declared = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(types.get(kind, kind))) for column, kind in columns
        )
        target.execute(sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(table), declared))
        insert = sql.SQL("INSERT INTO {} VALUES ({})").format(
            sql.Identifier(table), sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        )
        for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid {"DESC" if backwards else "ASC"}'):
            target.execute(insert, [_converted(cell, kind) for cell, (_, kind) in zip(row, columns, strict=True)])
    connection.close()


def _converted(cell: Any, kind: str) -> Any:
    if isinstance(cell, float):
        return Decimal(repr(cell))
    return bool(cell) if kind == "BOOLEAN" else cell
