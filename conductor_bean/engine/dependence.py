"""What a rejected fact leaves missing, so that what depends on it is set aside instead of reported again.

RULES.md, part C: one primary error an event; what depends on a rejected event is not reported again as its own error
where that is avoidable.
"""

from __future__ import annotations

MISSING_AFTER = {
    "accountant": "accountant",
    "member": "member",
    "company": "company",
    "employment": "employment",
    "plan": "plan",
    "plan-approval": "approval",
    "cooperation": "cooperation",
    "coordination-request": "coordination",
    "cooperation-request": "request",
    "basic-service": "basic service",
    "region": "region",
    "bank": "bank",
    "pool": "pool",
    "offer": "offer",
    "property": "property",
    "wait-list": "wait-list",
    "lease": "lease",
    "enrolment": "enrolment",
    "loan": "loan",
    "outside-loan": "outside-loan",
    "asset": "asset",
}
"""What a rejected fact leaves missing: events that fail for want of it are set aside, not reported again."""

_IDS_IN_KEY = {"employment": 2, "coordination-request": 2, "cooperation-request": 2, "wait-list": 2, "enrolment": 2}


def missing_key(type_name: str, ids: tuple[str, ...]) -> tuple[str, ...] | None:
    """The key under which a rejected fact's absence is remembered, or None."""
    kind = MISSING_AFTER.get(type_name)
    return None if kind is None or not ids else (kind, *ids[: _IDS_IN_KEY.get(type_name, 1)])


def missing_behind(derived_from: str) -> tuple[str, ...]:
    """The key of the directive that a `derived-from:` names."""
    name, *ids = derived_from.split(" ")
    return missing_key(name, tuple(ids)) or ()
