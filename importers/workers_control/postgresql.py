"""Reads a Workers Control app's database from a PostgreSQL server. Needs psycopg 3, the extra `postgresql`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from conductor_bean.importers.workers_control.errors import ImportRefusedError

_RIGHT = "the database of a Workers Control app (0.2.5) is needed"


class _PostgreSql:
    """A connection, reading from the one schema that its search path puts first."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], schema: str) -> None:
        self._connection = connection
        self._schema = schema

    def columns(self, table: str) -> set[str]:
        kind = self._connection.execute(
            "SELECT table_type FROM information_schema.tables WHERE table_schema = %s AND table_name = %s",
            (self._schema, table),
        ).fetchone()
        if kind is None:
            return set()
        if kind[0] != "BASE TABLE":
            raise ImportRefusedError(f"{table} is a view or a foreign table", _RIGHT, "give the app's own database")
        found = self._connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            (self._schema, table),
        )
        return {str(row[0]) for row in found}

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        # Names are quoted, as `plan`, `user` and `transfer` may be words of SQL.
        query = sql.SQL("SELECT {} FROM {}").format(
            sql.SQL(", ").join(sql.Identifier(column) for column in columns), sql.Identifier(self._schema, table)
        )
        yield from self._connection.execute(query)


@contextmanager
def connect(url: str) -> Iterator[_PostgreSql]:
    """Connects to a server and holds one read-only snapshot of its database.

    Args:
        url: A `postgresql://` URL.

    Raises:
        ImportRefusedError: When there is no such server or database, or it cannot be read.
    """
    try:
        conninfo_to_dict(url)
    except psycopg.Error:
        # No cause and no detail: what is wrong with the URL may be quoted there, password and all.
        raise ImportRefusedError(
            "the postgresql:// URL is malformed", "it reads postgresql://user:password@host:port/database", "mend it"
        ) from None
    try:
        with psycopg.connect(url, connect_timeout=30) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            schema = connection.execute("SELECT current_schema()").fetchone()
            yield _PostgreSql(connection, str(schema[0]) if schema and schema[0] else "public")
            connection.rollback()
    except psycopg.Error as error:
        # The URL is not repeated: it may hold a password.
        raise ImportRefusedError(
            f"the PostgreSQL database cannot be read ({error})", _RIGHT, "check the URL, the server and the rights"
        ) from error
