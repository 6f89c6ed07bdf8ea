"""Ids for the ledger: readable, unique, and the same at every import of the same rows.

An id is made of a name, as a slug. Who was there first keeps the plain slug; a later one of the same name adds the
beginning of the row's uuid. So an id stays what it is when the app grows and is imported again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from conductor_bean.importers.workers_control.records import App

APP_ACCOUNTANT = "workers-control-app"
"""Who approves and rejects where the app has decisions but no accountant."""

_SLUG_LENGTH = 40
_NOT_COMPONENT = re.compile(r"[^A-Za-z0-9]+")
# What Unicode does not decompose, spelled as its readers spell it.
_SPELLINGS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "'": "", "’": ""}
)


@dataclass(slots=True)
class Ids:
    """The ledger's ids by the app's uuids.

    Attributes:
        members: Of members; they share one namespace with companies and accountants.
        companies: Of companies.
        accountants: Of accountants.
        cooperations: Of cooperations.
        plans: Of plans; they share one namespace with services.
        services: Of basic services.
        accountant: The accountant who stands for every decision: the app does not record who took it.
    """

    members: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    accountants: dict[str, str] = field(default_factory=dict)
    cooperations: dict[str, str] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    accountant: str = APP_ACCOUNTANT


def assign_ids(app: App) -> Ids:
    """Gives every party, cooperation, plan and service of an app its id."""
    ids = Ids()
    people: set[str] = {APP_ACCOUNTANT}
    groups = [(party.registered, party.uuid, party.name, "Member", ids.members) for party in app.members]
    groups += [(party.registered, party.uuid, party.name, "Company", ids.companies) for party in app.companies]
    for _, uuid, name, fallback, target in sorted(groups, key=lambda group: group[:4]):
        target[uuid] = _unique(_component(name, fallback, uuid), uuid, people)
    for party in app.accountants:
        ids.accountants[party.uuid] = _unique(_component(party.name, "Accountant", party.uuid), party.uuid, people)
    ids.accountant = next(iter(ids.accountants.values()), APP_ACCOUNTANT)
    cooperations: set[str] = set()
    for cooperation in app.cooperations:
        slug = _component(cooperation.name, "Cooperation", cooperation.uuid)
        ids.cooperations[cooperation.uuid] = _unique(slug, cooperation.uuid, cooperations)
    links: set[str] = set()
    things = [(plan.filed, plan.uuid, plan.product, "plan", ids.plans) for plan in app.plans]
    things += [(service.created, service.uuid, service.name, "service", ids.services) for service in app.services]
    for _, uuid, name, fallback, target in sorted(things, key=lambda thing: thing[:4]):
        target[uuid] = _unique(_slug(name).lower() or f"{fallback}-{uuid[:8]}", uuid, links)
    return ids


def _slug(name: str) -> str:
    """The name in letters, digits and single dashes; empty where nothing of it is left (or it is of another script)."""
    plain = unicodedata.normalize("NFKD", name.translate(_SPELLINGS)).encode("ascii", "ignore").decode()
    return _NOT_COMPONENT.sub("-", plain).strip("-")[:_SLUG_LENGTH].rstrip("-")


def _component(name: str, fallback: str, uuid: str) -> str:
    """A slug that may stand in an account's name, which begins with a capital or a digit."""
    slug = _slug(name)
    return slug[0].upper() + slug[1:] if slug else f"{fallback}-{uuid[:8]}"


def _unique(slug: str, uuid: str, taken: set[str]) -> str:
    """The slug, with as much of the uuid as makes it unique (letter case aside: people mix it up)."""
    candidates = [slug, *(f"{slug}-{uuid[:length]}" for length in (4, 8, 16, 32))]
    candidates += [f"{slug}-{uuid}-{number}" for number in range(2, len(taken) + 3)]
    found = next(candidate for candidate in candidates if candidate.lower() not in taken)
    taken.add(found.lower())
    return found
