"""The public facts of a region as directives of an edition, with nothing in them but what is listed here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.instants import date_of
from conductor_bean.engine.events import Fact
from conductor_bean.publish.ledger_text import Directive, Value

if TYPE_CHECKING:
    from decimal import Decimal

    from conductor_bean.domain.region import Region
    from conductor_bean.engine.events import Outcome
    from conductor_bean.ledger.books import Books

_PLAN = ("product", "unit", "quantity", "fixed-means", "raw-materials", "labour", "days", "public")
_PROPERTY = ("kind", "property-tax", "maintenance", "administration", "depreciation", "price")
_TOLD: dict[str, tuple[str, ...]] = {
    "company": ("name", "ownership"),
    "plan": _PLAN,
    "plan-withdrawal": (),
    "plan-rejection": (),
    "plan-approval": (),
    "cooperation": ("name", "definition"),
    "cooperation-exit": (),
    "coordination-request": (),
    "coordination-denial": (),
    "coordination-acceptance": (),
    "cooperation-request": (),
    "cooperation-cancellation": (),
    "cooperation-denial": (),
    "cooperation-acceptance": (),
    "region": ("name",),
    "bank": ("name", "ownership"),
    "pool": ("name", "with"),
    "offer": ("product", "unit", "price", "kind", "occupation", "hours"),
    "offer-end": (),
    "property": _PROPERTY,
    "bankruptcy": (),
    "company-end": (),
    "month-close": (),
}
"""What of which fact an edition tells: all that is not listed stays private, also what a later version may add."""


def public_facts(books: Books) -> list[Directive]:
    """The public facts of a ledger, in order of date, then as they apply."""
    found = []
    for outcome in books.outcomes:
        event = outcome.event
        if outcome.rejection is None and isinstance(event, Fact) and event.type.name in _TOLD:
            found.append((event.instant, event.type.number, event.ids, _directive(books.region, event)))
    found.sort(key=lambda item: item[:3])
    return [directive for *_, directive in found]


def _directive(region: Region, fact: Fact) -> Directive:
    keys = fact.type.keys
    data = tuple(
        (key, _shown(region, keys[key].type, fact.data[key]))
        for key in _TOLD[fact.type.name]
        if fact.data.get(key) not in (None, "")
    )
    return Directive(date_of(fact.instant), fact.type.name, fact.ids, data)


def _shown(region: Region, kind: str, value: Any) -> Value:
    commodity = {"amount": region.labour_time, "credits": region.credits}.get(kind)
    if commodity is not None:
        return decimal_text(commodity.number(value)), commodity.name
    if kind == "flag":
        return bool(value)
    if kind == "count":
        return int(value)
    if kind == "hours":
        return _number(value)
    return str(value)


def _number(value: Decimal | str) -> str:
    return value if isinstance(value, str) else decimal_text(value)


def links_of(outcomes: list[Outcome]) -> frozenset[str]:
    """Ids of plans, the only links that an edition carries."""
    return frozenset(
        outcome.event.ids[0]
        for outcome in outcomes
        if isinstance(outcome.event, Fact) and outcome.event.type.name == "plan"
    )
