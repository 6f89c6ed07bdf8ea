"""The pages of a region as plain data: what each shows of its document, with links to Fava's own reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conductor_bean.fava.pages.blocks import Links, Page
from conductor_bean.fava.pages.companies import companies
from conductor_bean.fava.pages.cooperations import cooperations
from conductor_bean.fava.pages.decisions import decisions
from conductor_bean.fava.pages.months import months
from conductor_bean.fava.pages.plans import plans
from conductor_bean.fava.pages.prices import prices
from conductor_bean.fava.pages.query import Query
from conductor_bean.fava.pages.region import region
from conductor_bean.fava.pages.transfers import transfers

__all__ = ["ACCOUNTANTS", "PAGES", "TABS", "Links", "Page", "Query"]

PAGES: dict[str, Callable[[dict[str, Any], Query, Links], Page]] = {
    "region": region,
    "plans": plans,
    "companies": companies,
    "cooperations": cooperations,
    "prices": prices,
    "decisions": decisions,
    "transfers": transfers,
    "months": months,
}
"""The pages that everybody sees, by the names of their documents."""

TABS = {
    "region": "Region",
    "plans": "Plans",
    "companies": "Companies",
    "cooperations": "Cooperations",
    "prices": "Prices and offers",
    "decisions": "Decisions",
    "transfers": "Transfers",
    "months": "Month",
}

ACCOUNTANTS = {
    "statement": "Member statement",
    "problems": "Errors and advice",
    "review": "Plans to review",
    "services": "Basic services",
}
"""The tabs that only a private ledger has."""
