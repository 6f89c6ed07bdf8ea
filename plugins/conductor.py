"""Make a ledger the economy of a region: check every rule and write down what follows.

In main.beancount, beside a region.yaml:

    plugin "conductor_bean.plugins.conductor"

    2026-03-02 * "Sunrise Bakery" "Ada, 8 hours"
      Assets:Companies:Bakery:A      -8 HOUR
      Assets:Members:Ada:Hours        8 HOUR

Once loaded, the transaction also holds the taxes that follow, tagged #derived. An event that breaks a rule is
reported with a stable code and taken out of the books, so that what is shown is what holds. `conductor explain CODE`
tells more of each.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from conductor_bean.ledger.checking import check_entries

__plugins__ = ("conductor",)


class ConductorError(NamedTuple):
    """An error of the region's economy, in the shape that Beancount expects."""

    source: dict[str, Any]
    message: str
    entry: Any


def conductor(
    entries: list[Any], options_map: dict[str, Any], config: str | None = None
) -> tuple[list[Any], list[ConductorError]]:
    """Check a ledger and complete it.

    Args:
        entries: All entries of the ledger.
        options_map: Beancount's options.
        config: Path of region.yaml relative to the ledger, region.yaml beside it by default.

    Returns:
        The books and the errors; advice is for the command line and the Fava pages.
    """
    checked = check_entries(entries, options_map, config)
    errors = [
        ConductorError({"filename": problem.file, "lineno": problem.line}, f"{problem.code}: {problem.message}", None)
        for problem in checked.problems
        if not problem.is_advice
    ]
    return checked.entries, errors
