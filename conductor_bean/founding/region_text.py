"""The first region.yaml: every decision written out, each with what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.transfers import VERSIONS
from conductor_bean.ledger.region_schema import SettingsModel

if TYPE_CHECKING:
    from conductor_bean.founding.charter import Charter, Commodity

SCHEMA = ".vscode/region.schema.json"
"""Where the schema of region.yaml stands in the region's folder, for editors."""

HOURS = {
    "fic_window_days": "the factor of individual consumption looks half of it back, half ahead",
    "member_overdraw": "hours below zero that a member may go; null is no limit",
    "account_deviation": "a company is flagged when so large a share of its plan is off",
    "plan_criteria": "in words: by what accountants judge plans",
}
CREDITS = {
    "approvals": "accountants that stand in by: of what the region itself spends",
    "income_tax": "of every wage; this and all rates from 0 to 1",
    "sales_tax_internal": "of what is sold within the region",
    "sales_tax_external": "of what is sold outside",
    "profit_at_rest_tax": "a month, of what lies in a company's pool and is not borrowed",
    "dividend": "share of what the region takes in that is paid out to its members each month",
    "housing_markup": "on the cost of housing",
    "non_member_markup": "on what is leased to people outside the region",
    "tuition_share": "of what a school costs, paid by its students",
    "schooling_pause_years": "who was enrolled within so many years is served after the others",
    "wage_arrears": "whether hours are registered that a pool cannot pay yet: the rest is owed",
}
PUBLICATION = {
    "publication_contributors": "parties at least behind a total that the public edition tells",
    "publication_margin": "how closely another contributor may estimate the largest one",
    "publication_largest": "share of a total that its largest contributor may have",
    "publication_two_largest": "share of it that the two largest may have together",
}

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z0-9-]+)*")
_WORDS_OF_YAML = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def region_text(charter: Charter) -> str:
    """The text of a new region's region.yaml."""
    return "\n".join((*_head(charter), *_decision(charter), ""))


def scalar(text: str) -> str:
    """A text as YAML takes it for nothing but that text."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_OF_YAML:
        return text
    # JSON's quotes are YAML's double quotes; a tag or an anchor within them is only text.
    return json.dumps(text, ensure_ascii=False)


def _head(charter: Charter) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={SCHEMA}"
    yield "#"
    yield "# What the region has decided. Decisions are appended, never edited: each is in force from its"
    yield "# date until a later one changes the same key. `conductor what-if` tries another one first."
    yield ""
    yield f"region: {scalar(charter.id)}"
    yield f"name: {scalar(charter.name)}"
    yield f"table: {VERSIONS[-1]}   # version of the table of transfers; it may rise, and never falls"
    yield "commodities:   # fixed for the ledger's life"
    for key, commodity in (("labour_time", charter.labour_time), ("credits", charter.credits)):
        if commodity is not None:
            yield f"  {key}: {_commodity(commodity)}"


def _commodity(commodity: Commodity) -> str:
    return f"{{name: {scalar(commodity.name)}, precision: {commodity.precision}}}"


def _decision(charter: Charter) -> Iterator[str]:
    yield "decisions:"
    yield f"  - date: {charter.date}"
    yield f"    title: {scalar(charter.title)}"
    yield "    set:"
    lines = list(_settings(charter))
    width = max(len(line) for line, _ in lines)
    yield from (f"{line:{width}}   # {meaning}" for line, meaning in lines)
    if charter.credits is None:
        return
    if charter.occupations:
        yield "    occupations:   # credits an hour; where in the range, the peers decide"
        for name, (low, high) in charter.occupations.items():
            yield f"      {scalar(name)}: {{min: {low}, max: {high}}}"
    else:
        yield "    # Wages need occupations, each with its range in credits an hour:"
        yield "    # occupations:"
        yield "    #   baker: {min: 18, max: 24}"


def _settings(charter: Charter) -> Iterator[tuple[str, str]]:
    """Each key with its value, as it was answered or by default, and what it means."""
    known = {**(HOURS if charter.labour_time else {}), **(CREDITS if charter.credits else {}), **PUBLICATION}
    for key, meaning in known.items():
        yield f"      {key}: {charter.settings.get(key, default_of(key))}", meaning


def default_of(key: str) -> str:
    """What is in force where no decision sets a key, as it stands in region.yaml."""
    return value_text(SettingsModel.model_fields[key].default)


def value_text(value: object) -> str:
    """What a key sets, as it stands in region.yaml."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "null" if value is None else scalar(value) if isinstance(value, str) else str(value)


assert {*HOURS, *CREDITS, *PUBLICATION} == set(SettingsModel.model_fields), "a setting without its meaning"
