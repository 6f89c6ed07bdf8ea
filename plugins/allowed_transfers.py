"""Hold every transaction on governed accounts against the table of allowed transfers, and nothing else.

    plugin "conductor_bean.plugins.allowed_transfers"

    2026-03-02 * "Ada gives hours away"
      Assets:Members:Ada:Hours       -8 HOUR
      Assets:Companies:Bakery:A       8 HOUR    ; no row of the table goes this way

Stateless: it knows neither plans nor balances, so derived transfers are allowed wherever their accounts are. Useful
where another tool keeps the state, and after other plugins, to see that none of them added a forbidden transfer. The
commodities are those of region.yaml beside the ledger, HOUR and RSC at any precision where there is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from conductor_bean.ledger.table_check import check_table

__plugins__ = ("allowed_transfers",)


class AllowedTransfersError(NamedTuple):
    """A transfer that the table does not allow, in the shape that Beancount expects."""

    source: dict[str, Any]
    message: str
    entry: Any


def allowed_transfers(
    entries: list[Any], options_map: dict[str, Any], config: str | None = None
) -> tuple[list[Any], list[AllowedTransfersError]]:
    """Check transactions against the table.

    Args:
        entries: All entries of the ledger; returned as they are.
        options_map: Beancount's options.
        config: Path of region.yaml relative to the ledger, region.yaml beside it by default.

    Returns:
        The same entries and the errors.
    """
    errors = [
        AllowedTransfersError(
            {"filename": problem.file, "lineno": problem.line}, f"{problem.code}: {problem.message}", None
        )
        for problem in check_table(entries, options_map, config)
    ]
    return entries, errors
