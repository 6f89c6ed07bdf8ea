"""What a public server answers: everything that is not named here stays closed, also what a later Fava adds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

METHODS: Final = frozenset({"GET", "HEAD"})

EXTENSION: Final = "Conductor"
"""The one extension whose pages are public."""

ENDPOINTS: Final = frozenset(
    {
        # pages
        "index",
        "account",
        "report",
        "extension_report",
        "extension_js_module",
        "extension_endpoint",
        # what the pages are made of
        "static",
        "public_style",
        "edition_index",
        "edition_file",
        # what Fava's front end asks for on these pages
        "json_api.get_account_report",
        "json_api.get_balance_sheet",
        "json_api.get_changed",
        "json_api.get_commodities",
        "json_api.get_income_statement",
        "json_api.get_journal_page",
        "json_api.get_ledger_data",
        "json_api.get_query",  # only QUERIES
        "json_api.get_statistics",
        "json_api.get_trial_balance",
    }
)
"""Flask's names of the routes a reader needs.

Left out on purpose: source, editor, context and source slices (text of files), options (names of files), queries of
readers and their downloads (any amount of work), documents and statements (files of the machine), import, upload and
whatever writes, errors, help, and /jump, which leads wherever the referrer says.
"""

REPORTS: Final = frozenset(
    {"balance_sheet", "commodities", "income_statement", "journal", "statistics", "trial_balance"}
)
"""Those of Fava's own reports that are public."""

QUERIES: Final = ("SELECT account, count(account) ORDER BY account",)
"""Queries that Fava's front end makes itself, for its statistics; no others are run."""

_TEXT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")

_FILTER = re.compile(
    r"""(?! .* [{] | .* \) [*+?] )         # nothing of a regular expression is repeated but a single character,
        (?! (?: [^*+?]* [*+?] ){3} )       # at most twice, and there are few alternatives: what is left ends
        (?! (?: [^|]* \| ){9} )
        [^\x00-\x1f\x7f]{0,200}""",
    re.VERBOSE,
)
"""Fava's filters are regular expressions, and some of those never end. These do, on names of a sensible length; on
others the limit of time ends them."""

PARAMETERS: Final[Mapping[str, re.Pattern[str]]] = {
    # Fava's filters
    "account": _FILTER,
    "filter": _FILTER,
    "time": re.compile(r"[^\x00-\x1f\x7f]{0,50}"),
    "conversion": re.compile(r"[A-Za-z0-9_.,'\-]{0,100}"),
    "interval": re.compile(r"[a-z]{0,10}"),
    # its reports: a page without its frame, a page (of the journal, of the extension), an account and what of it
    "partial": re.compile(r"true|"),
    "page": re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,39})?"),
    "order": re.compile(r"asc|desc"),
    "a": _TEXT,
    "query_string": re.compile("|".join(map(re.escape, QUERIES))),
    "r": re.compile(r"journal|changes|balances|"),
    # the pages of the extension: words to search for, what kind, in which state, of which month, which part of the
    # rows, and of which regional company the books
    "q": _TEXT,
    "kind": re.compile(r"[a-z_-]{0,40}"),
    "state": re.compile(r"[a-z_-]{0,40}"),
    "month": re.compile(r"[0-9Q-]{0,10}"),
    "part": re.compile(r"[0-9]{0,6}"),
    "party": _TEXT,
    "mtime": re.compile(r"[0-9]{0,20}"),
}
"""Parameters of a query, and what they may say. Others never reach Fava."""


def is_public(endpoint: str | None, arguments: Mapping[str, Any] | None, declared: frozenset[str]) -> bool:
    """Say whether a route is one of those a reader needs.

    Args:
        endpoint: Flask's name of the route, None where no route fits.
        arguments: What the route took from the path.
        declared: Names of the endpoints that the extension itself declares public.
    """
    if endpoint not in ENDPOINTS:
        return False
    arguments = arguments or {}
    if endpoint == "report":
        return arguments.get("report_name") in REPORTS
    if endpoint in {"extension_report", "extension_js_module"}:
        return bool(arguments.get("extension_name") == EXTENSION)
    if endpoint == "extension_endpoint":
        return arguments.get("extension_name") == EXTENSION and arguments.get("endpoint") in declared
    return True
