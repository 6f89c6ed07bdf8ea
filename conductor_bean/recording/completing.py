"""What may stand for a value: ids of the ledger, those first that are still there."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conductor_bean.domain.accounts import KINDS
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.recording.glance import Glimpse, facts_in, files_of, last_date
from conductor_bean.recording.kind import SIDE, Field, Kind

Candidates = dict[str, str]
"""Ids with a word about each."""

_ENDS = {"bankruptcy": "company"}
_ALREADY_DECIDED = ("plan-approval", "plan-rejection", "plan-withdrawal")


@dataclass(slots=True)
class Glance:
    """What the texts of a ledger say of who and what there is.

    Attributes:
        facts: Facts by type, in order of date.
        today: The date as of which plans are active.
    """

    facts: dict[str, list[Glimpse]] = field(default_factory=dict)
    today: str = ""

    @staticmethod
    def of(main: Path, date: str = "") -> Glance:
        """Look at a ledger's files.

        Args:
            main: Its main.beancount.
            date: The date for which something is recorded, "" for the last one in the ledger.
        """
        files = files_of(main)
        glance = Glance(today=date or last_date(files))
        known = (fact for fact in facts_in(files) if fact.type in FACT_TYPES)
        for fact in sorted(known, key=lambda fact: (fact.date, FACT_TYPES[fact.type].number)):
            glance.facts.setdefault(fact.type, []).append(fact)
        return glance

    def present(self, name: str) -> Candidates:
        """Ids that a type of fact has declared and none has ended, with their names."""
        found: Candidates = {}
        for fact in self.facts.get(name, ()):
            found[fact.ids[0]] = fact.meta.get("name") or fact.meta.get("product") or " ".join(fact.ids[1:])
        for end in (f"{name}-end", *(end for end, of in _ENDS.items() if of == name)):
            for fact in self.facts.get(end, ()):
                found.pop(fact.ids[0], None)
        return found

    def employed(self, company: str) -> Candidates:
        """Who works at a company."""
        members = self.present("member")
        ended = {fact.ids: fact.date for fact in self.facts.get("employment-end", ())}
        return {
            fact.ids[1]: members[fact.ids[1]]
            for fact in self.facts.get("employment", ())
            if len(fact.ids) == 2
            and fact.ids[0] == company
            and fact.ids[1] in members
            and ended.get(fact.ids, "") < fact.date
        }

    def plans(self, *, active: bool) -> Candidates:
        """Plans that can be consumed, or that nobody has decided on yet."""
        approved = {fact.ids[0]: fact.date for fact in self.facts.get("plan-approval", ())}
        decided = {fact.ids[0] for name in _ALREADY_DECIDED for fact in self.facts.get(name, ())}
        found = {}
        for fact in self.facts.get("plan", ()):
            name = fact.ids[0]
            stands = self._runs(fact, approved.get(name)) if active else name not in decided
            if stands:
                found[name] = fact.meta.get("product", "")
        return found

    def _runs(self, plan: Glimpse, approved: str | None) -> bool:
        if approved is None:
            return False
        try:
            until = datetime.date.fromisoformat(approved) + datetime.timedelta(days=int(plan.meta.get("days", "0")))
        except (ValueError, OverflowError):
            return True
        return self.today < until.isoformat()


def candidates(glance: Glance, kind: Kind, each: Field, given: Mapping[str, Iterable[str]]) -> Candidates:
    """What may stand for a value of a kind of entry.

    Args:
        glance: What the ledger says.
        kind: The kind of entry.
        each: The value.
        given: What was typed for the other values.
    """
    if each.shape == SIDE:
        return _owners(glance, each.choices)
    if each.choices:
        return dict.fromkeys(each.choices, "")
    company = next(iter(given.get("company", ())), "")
    if each.shape == "work":
        return {f"{member}=": name for member, name in glance.employed(company).items()}
    if kind.name == "employment-end" and each.shape == "member":
        return glance.employed(company)
    if each.shape == "plan":
        return glance.plans(active=kind.name not in {"approve", "reject", "withdraw"})
    if each.shape == "new":
        return glance.present(kind.name) if kind.name in {"offer", "property"} else {}
    return _of_shape(glance, each.shape)


def _of_shape(glance: Glance, shape: str) -> Candidates:
    present = glance.present
    several: dict[str, Callable[[], Candidates]] = {
        "party": lambda: {**present("member"), **present("company")},
        "lessee": lambda: {**present("member"), **present("company"), "outside": "who is no member"},
        "consumable": lambda: {**glance.plans(active=True), **present("basic-service")},
        "service": lambda: present("basic-service"),
    }
    if shape in several:
        return several[shape]()
    return present(shape) if shape in FACT_TYPES else {}


def _owners(glance: Glance, kinds: Iterable[str]) -> Candidates:
    found: Candidates = {}
    for kind in kinds:
        if "*" in KINDS[kind].patterns[0]:
            shape = {"neighbour": "region"}.get(KINDS[kind].owner_type, KINDS[kind].owner_type)
            found.update(_of_shape(glance, shape))
        else:
            found[kind] = ""
    return found
