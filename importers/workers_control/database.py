"""Opens the database of a Workers Control app and reads its tables, and nothing else.

The database is treated as hostile: it is opened read-only, only the tables named here are read, only plain tables
count (a view or a virtual table could run code of its own), and `user`, `email`, `email_outbox` and
`password_reset_request` are never read, so that no password and no address can leave them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from conductor_bean.importers.workers_control.errors import ImportRefusedError, one_line

TABLES: dict[str, tuple[str, ...]] = {
    "social_accounting": ("id", "account_psf"),
    "member": ("id", "name", "registered_on", "account"),
    "company": ("id", "name", "registered_on", "p_account", "r_account", "a_account", "prd_account"),
    "accountant": ("id", "name"),
    "jobs": ("member_id", "company_id"),
    "company_work_invite": ("id",),
    "plan_draft": ("id",),
    "plan": (
        "id",
        "plan_creation_date",
        "planner",
        "costs_p",
        "costs_r",
        "costs_a",
        "prd_name",
        "prd_unit",
        "prd_amount",
        "description",
        "timeframe",
        "is_public_service",
        "requested_cooperation",
        "hidden_by_user",
    ),
    "plan_approval": (
        "id",
        "plan_id",
        "date",
        "transfer_of_credit_p",
        "transfer_of_credit_r",
        "transfer_of_credit_a",
    ),
    "plan_rejection": ("id", "plan_id", "date"),
    "cooperation": ("id", "creation_date", "name", "definition", "account"),
    "plan_cooperation": ("plan", "cooperation"),
    "coordination_tenure": ("id", "company", "cooperation", "start_date"),
    "coordination_transfer_request": ("id", "requesting_coordination_tenure", "candidate", "request_date"),
    "transfer": ("id", "date", "debit_account", "credit_account", "value", "type"),
    "private_consumption": ("id", "plan_id", "transfer_of_private_consumption", "transfer_of_compensation", "amount"),
    "productive_consumption": (
        "id",
        "plan_id",
        "transfer_of_productive_consumption",
        "transfer_of_compensation",
        "amount",
    ),
    "private_consumption_of_basic_service": ("id", "basic_service", "transfer_of_consumption", "transfer_of_taxes"),
    "productive_consumption_of_basic_service": ("id", "basic_service", "transfer_of_consumption", "transfer_of_taxes"),
    "registered_hours_worked": (
        "id",
        "company",
        "worker",
        "transfer_of_work_certificates",
        "transfer_of_taxes",
    ),
    "basic_service": ("id", "name", "description", "provider", "created_on", "deactivated_on"),
}
"""The tables that are read, and of each the columns."""

_RIGHT = "the database of a Workers Control app (0.2.5) is needed, as an SQLite file or a postgresql:// URL"
_POSTGRESQL = ("postgresql", "postgres")


class Source(Protocol):
    """A database that is open for reading."""

    def columns(self, table: str) -> set[str]:
        """The columns of a plain table; none where there is no such table."""
        ...

    def rows(self, table: str, columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
        """The rows of a table, in no order that means anything."""
        ...


@contextmanager
def open_database(database: str) -> Iterator[Source]:
    """Opens a database, checks that it is the app's, and closes it at the end.

    Args:
        database: Path of an SQLite file, or a `postgresql://` URL.

    Raises:
        ImportRefusedError: When it is missing, unreadable, damaged, or not the app's.
    """
    with _opened(database) as source:
        _check_schema(source)
        yield source


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


def _check_schema(source: Source) -> None:
    """Refuses a database that lacks a table or a column of the app."""
    found = {table: source.columns(table) for table in TABLES}
    missing = [table for table, columns in found.items() if not columns]
    if missing:
        # Versions after 0.2.5 call cooperations collaborations.
        newer = " (but collaboration: a later version?)" if source.columns("collaboration") else ""
        raise ImportRefusedError(
            f"the database has no table {_listed(missing)}{newer}", _RIGHT, "give the app's own database, in whole"
        )
    lacking = [f"{table}.{column}" for table in TABLES for column in TABLES[table] if column not in found[table]]
    if lacking:
        raise ImportRefusedError(
            f"the database has no column {_listed(lacking)}", _RIGHT, "migrate the app's database to version 0.2.5"
        )


def _listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


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
        yield from self._connection.execute(f'SELECT {listed} FROM "{table}"')  # noqa: S608 - names of TABLES only


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
