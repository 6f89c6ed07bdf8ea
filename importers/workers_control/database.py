"""Opens the database of a Workers Control app and reads its tables, and nothing else.

The database is treated as hostile: it is opened read-only, only the tables named in generations.py are read, only plain
tables count (a view or a virtual table could run code of its own), and `user`, `email`, `email_outbox` and
`password_reset_request` are never read, so that no password and no address can leave them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from conductor_bean.importers.workers_control.errors import ImportRefusedError, one_line
from conductor_bean.importers.workers_control.generations import RIGHT, TABLES, Generation, generation_of

_RIGHT = f"{RIGHT}, as an SQLite file or a postgresql:// URL"
_POSTGRESQL = ("postgresql", "postgres")


class Source(Protocol):
    """A database that is open for reading, with its own names of tables and columns."""

    def columns(self, table: str) -> set[str]:
        """The columns of a plain table; none where there is no such table."""
        ...

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """The rows of a table, in the order in which the database keeps them: that of their insertion."""
        ...


@dataclass(frozen=True, slots=True)
class Tables:
    """The app's tables, by the importer's names.

    Attributes:
        source: The database.
        generation: What it calls them.
    """

    source: Source
    generation: Generation

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, in order of insertion: its cells by the importer's names of columns."""
        columns = TABLES[table]
        named = tuple(map(self.generation.column, columns))
        for cells in self.source.rows(self.generation.table(table), named):
            yield dict(zip(columns, cells, strict=True))


@contextmanager
def open_database(database: str) -> Iterator[Tables]:
    """Opens a database, checks that it is the app's, and closes it at the end.

    Args:
        database: Path of an SQLite file, or a `postgresql://` URL.

    Raises:
        ImportRefusedError: When it is missing, unreadable, damaged, or not the app's.
    """
    with _opened(database) as source:
        yield Tables(source, generation_of(source.columns))


def _opened(database: str) -> AbstractContextManager[Source]:
    scheme, separator, rest = database.partition("://")
    if not separator:
        return _open_sqlite(database)
    # Apps are configured with SQLAlchemy's spelling, which names the driver, too: postgresql+psycopg://.
    if scheme.split("+")[0] in _POSTGRESQL:
        return _open_postgresql("postgresql://" + rest)
    if scheme == "sqlite":
        return _open_sqlite(rest.removeprefix("/"))
    # The rest is not repeated: it may hold a password.
    raise ImportRefusedError(
        f"{one_line(scheme)[:20]}:// is not a kind of database that can be read",
        _RIGHT,
        "give the path of the SQLite file, or a postgresql:// URL",
    )


class _Sqlite:
    """An SQLite file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self, table: str) -> set[str]:
        kinds = self._connection.execute(
            "SELECT type, coalesce(sql, '') FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')", (table,)
        ).fetchall()
        if not kinds:
            return set()
        if kinds[0][0] != "table" or "VIRTUAL" in str(kinds[0][1]).upper().split("(")[0].split():
            raise ImportRefusedError(
                f"{table} is a view or a virtual table", _RIGHT, "give the app's own database, not one that imitates it"
            )
        return {str(row[1]) for row in self._connection.execute(f'PRAGMA table_info("{table}")')}

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        listed = ", ".join(f'"{column}"' for column in columns)
        yield from self._connection.execute(f'SELECT {listed} FROM "{table}" ORDER BY rowid')  # noqa: S608 - our names


@contextmanager
def _open_sqlite(database: str) -> Iterator[Source]:
    """Opens an SQLite file read-only and holds one snapshot of it."""
    remedy = "give the path of the app's SQLite file, or a postgresql:// URL"
    try:
        path = Path(database).resolve()
        if not path.exists():
            raise ImportRefusedError(f"there is no file {database}", _RIGHT, remedy)
        if not path.is_file():
            raise ImportRefusedError(f"{database} is not a file", _RIGHT, remedy)
        uri = path.as_uri() + "?mode=ro"
    except (OSError, ValueError, RuntimeError) as error:
        raise ImportRefusedError(f"{database!r} cannot be opened ({error})", _RIGHT, remedy) from error
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        # Nothing that the file's schema says may run: no functions in views, triggers, defaults or indexes.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("BEGIN")
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()
        if damage is None or damage[0] != "ok":
            raise ImportRefusedError(
                f"{database} is damaged ({damage and damage[0]})", _RIGHT, "restore it from a backup"
            )
        yield _Sqlite(connection)
    except sqlite3.Error as error:
        raise ImportRefusedError(
            f"{database} cannot be read as an SQLite database ({error})", _RIGHT, remedy
        ) from error
    finally:
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


@contextmanager
def _open_postgresql(url: str) -> Iterator[Source]:
    """Connects to PostgreSQL and holds one snapshot of it, read-only."""
    try:
        from conductor_bean.importers.workers_control.postgresql import connect  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise ImportRefusedError(
            "the driver of PostgreSQL is not installed",
            "pg8000 is needed to read a postgresql:// URL",
            "run: pip install 'conductor-bean[postgresql]'",
        ) from error
    with connect(url) as source:
        yield source
