"""Reads a Workers Control app's database from a PostgreSQL server. Needs pg8000, the extra `postgresql`."""

from __future__ import annotations

import getpass
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pg8000.native
from pg8000.exceptions import Error

from conductor_bean.importers.workers_control.errors import ImportRefusedError
from conductor_bean.importers.workers_control.generations import RIGHT

_OPTIONS = frozenset({"host", "port", "user", "password", "dbname", "sslmode"})
_PORT = 5432


class _PostgreSql:
    """A connection, reading from the one schema that its search path puts first."""

    def __init__(self, connection: pg8000.native.Connection, schema: str) -> None:
        self._connection = connection
        self._schema = schema

    def columns(self, table: str) -> set[str]:
        kinds = self._connection.run(
            "SELECT table_type FROM information_schema.tables WHERE table_schema = :schema AND table_name = :name",
            schema=self._schema,
            name=table,
        )
        if not kinds:
            return set()
        if kinds[0][0] != "BASE TABLE":
            raise ImportRefusedError(f"{table} is a view or a foreign table", RIGHT, "give the app's own database")
        found = self._connection.run(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = :schema AND table_name = :name",
            schema=self._schema,
            name=table,
        )
        return {str(row[0]) for row in found}

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        # Names are quoted, as `plan`, `user` and `transfer` may be words of SQL.
        selected = ", ".join(_quoted(column) for column in columns)
        # There are no row numbers. The app only ever adds transfers, and dumps keep their order: so their place does.
        place = f"{_quoted(self._schema)}.{_quoted(table)}"
        query = f"SELECT {selected} FROM {place} ORDER BY ctid"  # noqa: S608 - quoted identifiers
        for row in self._connection.run(query):
            yield tuple(row)


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


@contextmanager
def connect(url: str) -> Iterator[_PostgreSql]:
    """Connects to a server and holds one read-only snapshot of its database.

    Args:
        url: A `postgresql://` URL, as libpq reads it.

    Raises:
        ImportRefusedError: When there is no such server or database, or it cannot be read.
    """
    try:
        wanted = _parameters(url)
    except ValueError:
        # No cause and no detail: what is wrong with the URL may be quoted there, password and all.
        raise ImportRefusedError(
            "the postgresql:// URL is malformed", "it reads postgresql://user:password@host:port/database", "mend it"
        ) from None
    try:
        with pg8000.native.Connection(**wanted) as connection:
            connection.run("START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            schema = connection.run("SELECT current_schema()")
            yield _PostgreSql(connection, str(schema[0][0] or "public"))
            connection.run("ROLLBACK")
    except (Error, OSError) as error:
        # The URL is not repeated: it may hold a password.
        raise ImportRefusedError(
            f"the PostgreSQL database cannot be read ({_reason(error)})",
            RIGHT,
            "check the URL (?sslmode=require for a server that demands TLS), the server and the rights",
        ) from error


def _reason(error: Exception) -> str:
    """What the server said, in one line."""
    told = error.args[0] if error.args else ""
    return " ".join(str(told["M"] if isinstance(told, dict) and "M" in told else error).split())


def _parameters(url: str) -> dict[str, Any]:
    """What to connect to, of a URL and the environment as libpq takes them.

    Raises:
        ValueError: It is no URL of a database.
    """
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    if not set(options) <= _OPTIONS:
        raise ValueError
    environment = {name: os.environ.get(f"PG{name.upper()}", "") for name in _OPTIONS}
    host = options.get("host") or unquote(parts.hostname or "") or environment["host"]
    port = int(options.get("port") or parts.port or environment["port"] or _PORT)
    user = options.get("user") or unquote(parts.username or "") or environment["user"] or getpass.getuser()
    password = options.get("password") or unquote(parts.password or "") or environment["password"]
    name = options.get("dbname") or unquote(parts.path.removeprefix("/")) or os.environ.get("PGDATABASE") or user
    is_socket = host.startswith("/")
    place = {"unix_sock": str(PurePosixPath(host) / f".s.PGSQL.{port}")} if is_socket else {"host": host or "localhost"}
    return {
        "user": user,
        "password": password or None,
        "database": name,
        "port": port,
        "timeout": 30,
        "ssl_context": _tls(options.get("sslmode") or environment["sslmode"] or "prefer"),
        **place,
    }


def _tls(mode: str) -> ssl.SSLContext | None:
    """TLS as a mode of libpq demands it; None without.

    Raises:
        ValueError: There is no such mode.
    """
    if mode in ("disable", "allow", "prefer"):
        return None
    if mode not in ("require", "verify-ca", "verify-full"):
        raise ValueError
    context = ssl.create_default_context()
    context.check_hostname = mode == "verify-full"
    if mode == "require":
        context.verify_mode = ssl.CERT_NONE
    return context
