"""The generations of the app's database: what each calls the tables, columns and transfers that are read.

The importer has one set of names, those of the documentation and of the first generation. From 0.2.6 on the app calls
cooperations collaborations; its accounting is the same. What another generation calls otherwise stands here alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from conductor_bean.importers.workers_control.errors import ImportRefusedError

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

RIGHT = "the database of a Workers Control app (0.2.5 or later) is needed"


@dataclass(frozen=True, slots=True)
class Generation:
    """What one generation of the app calls otherwise than the importer.

    Attributes:
        versions: The app's versions.
        tables: Its names of tables, by the importer's.
        columns: Its names of columns, by the importer's.
        transfers: The importer's types of transfers, by its own.
    """

    versions: str
    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    transfers: dict[str, str] = field(default_factory=dict)

    def table(self, table: str) -> str:
        """Its name of a table."""
        return self.tables.get(table, table)

    def column(self, column: str) -> str:
        """Its name of a column."""
        return self.columns.get(column, column)

    def missing(self, columns_of: Callable[[str], set[str]]) -> tuple[list[str], list[str]]:
        """The tables that a database lacks of this generation, and the columns of the other tables."""
        found = {table: columns_of(self.table(table)) for table in TABLES}
        tables = [self.table(table) for table, columns in found.items() if not columns]
        columns = [
            f"{self.table(table)}.{self.column(column)}"
            for table, named in TABLES.items()
            for column in named
            if found[table] and self.column(column) not in found[table]
        ]
        return tables, columns


GENERATIONS = (
    Generation("0.2.5"),
    Generation(
        "0.2.6 or later",
        tables={"cooperation": "collaboration", "plan_cooperation": "plan_collaboration"},
        columns={"cooperation": "collaboration", "requested_cooperation": "requested_collaboration"},
        transfers={"compensation_for_collab": "compensation_for_coop"},
    ),
)
"""The generations, the first one first."""


def generation_of(columns_of: Callable[[str], set[str]]) -> Generation:
    """The generation of a database, told by its tables.

    Args:
        columns_of: Gives the columns of a plain table; none where there is no such table.

    Raises:
        ImportRefusedError: When it lacks a table or a column of the generation that it is nearest to, or holds tables
            of two generations: each may hold what the other does not.
    """
    lacking = {generation.versions: generation.missing(columns_of) for generation in GENERATIONS}
    nearest = min(GENERATIONS, key=lambda generation: tuple(map(len, lacking[generation.versions])))
    tables, columns = lacking[nearest.versions]
    if tables:
        raise ImportRefusedError(f"the database has no table {_listed(tables)}", RIGHT, _WHOLE)
    if columns:
        raise ImportRefusedError(f"the database has no column {_listed(columns)}", RIGHT, "migrate the app's database")
    others = {name for other in GENERATIONS for name in map(other.table, TABLES)} - set(map(nearest.table, TABLES))
    both = sorted(name for name in others if columns_of(name))
    if both:
        raise ImportRefusedError(
            f"the database holds tables of two versions of the app: beside those of {nearest.versions} also"
            f" {_listed(both)}",
            RIGHT,
            "finish the migration of the app's database",
        )
    return nearest


_WHOLE = "give the app's own database, in whole"


def _listed(names: list[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more
