"""Turns an app's rows, and what was inferred of them, into the facts of the ledger language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from conductor_bean.domain import instants
from conductor_bean.domain.facts import FACT_TYPES
from conductor_bean.importers.workers_control.breaches import Breaches
from conductor_bean.importers.workers_control.ids import APP_ACCOUNTANT, Ids
from conductor_bean.importers.workers_control.memberships import Memberships
from conductor_bean.importers.workers_control.records import App, Cooperation, Hours, Plan

Value = str | int | bool | Decimal


@dataclass(frozen=True, slots=True)
class Fact:
    """A custom directive.

    Attributes:
        instant: When it applies.
        type: Its type.
        ids: Its positional values.
        data: Its metadata. Decimals are hours.
        remark: What a reader must know of it: how it was inferred.
    """

    instant: int
    type: str
    ids: tuple[str, ...]
    data: dict[str, Value] = field(default_factory=dict)
    remark: str = ""

    @property
    def order(self) -> tuple[int, int, tuple[str, ...]]:
        """Its place: in order of application."""
        return (self.instant, FACT_TYPES[self.type].number, self.ids)


@dataclass(slots=True)
class Facts:
    """The facts by file, with counts of what was inferred and notes of what could not be."""

    parties: list[Fact] = field(default_factory=list)
    plans: list[Fact] = field(default_factory=list)
    inferred: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def facts_of(app: App, ids: Ids, memberships: Memberships, breaches: Breaches) -> Facts:
    """All facts of an app."""
    facts = Facts()
    facts.parties += _parties(app, ids)
    facts.parties += _employment(app, ids, facts)
    facts.plans += _plans(app, ids, facts, breaches)
    facts.plans += _cooperations(app, ids, facts)
    facts.plans += _memberships(app, ids, memberships, facts)
    facts.plans += _services(app, ids, breaches)
    facts.parties.sort(key=lambda fact: fact.order)
    facts.plans.sort(key=lambda fact: fact.order)
    return facts


def first_date(app: App) -> int:
    """The start of the first date on which anything happened."""
    return instants.start_of(instants.date_of(app.instants()[0]))


def _parties(app: App, ids: Ids) -> Iterator[Fact]:
    start = first_date(app)
    remark = "the app records neither since when somebody is an accountant, nor who decided about which plan"
    for party in app.accountants:
        yield Fact(start, "accountant", (ids.accountants[party.uuid],), {"name": party.name}, remark)
    if not app.accountants and (app.approvals or app.rejections):
        remark = "the app holds decisions about plans, but no accountant: this one stands for whoever took them"
        yield Fact(start, "accountant", (APP_ACCOUNTANT,), {"name": "Workers Control"}, remark)
    for party in app.members:
        yield Fact(party.registered, "member", (ids.members[party.uuid],), {"name": party.name})
    for party in app.companies:
        yield Fact(party.registered, "company", (ids.companies[party.uuid],), {"name": party.name})


def _employment(app: App, ids: Ids, facts: Facts) -> Iterator[Fact]:
    """Who worked where. The app holds the present jobs, without dates; the rest follows from registered hours."""
    registered = {party.uuid: party.registered for party in (*app.members, *app.companies)}
    worked: dict[tuple[str, str], list[Hours]] = {}
    for hours in app.hours:
        worked.setdefault((hours.company, hours.worker), []).append(hours)
    jobs = set(app.jobs)
    facts.inferred["employment"] = len(jobs | set(worked))
    facts.inferred["employment-end"] = len(set(worked) - jobs)
    for company, worker in sorted(jobs | set(worked)):
        names = (ids.companies[company], ids.members[worker])
        earliest = max(registered[company], registered[worker])
        remark = "inferred: the job is present, its beginning unknown"
        if (company, worker) in worked:
            first = worked[company, worker][0].certificates.instant
            # From the start of that day, as people begin before they register what they did; facts of an instant
            # come before its transactions.
            earliest = max(earliest, instants.start_of(instants.date_of(first)))
            remark = "inferred from the first hours registered"
        yield Fact(earliest, "employment", names, remark=remark)
        if (company, worker) not in jobs:
            last = max(hours.certificates.instant for hours in worked[company, worker])
            remark = "inferred from the last hours registered: the job is not present any more"
            yield Fact(max(last, earliest) + 1, "employment-end", names, remark=remark)


def _plans(app: App, ids: Ids, facts: Facts, breaches: Breaches) -> Iterator[Fact]:
    for plan in app.plans:
        data: dict[str, Value] = {
            "product": plan.product,
            "unit": plan.unit,
            "quantity": plan.quantity,
            "fixed-means": plan.fixed_means,
            "raw-materials": plan.raw_materials,
            "labour": plan.labour,
            "days": plan.days,
        }
        if plan.public:
            data["public"] = True
        if plan.description:
            data["description"] = plan.description
        yield Fact(plan.filed, "plan", (ids.plans[plan.uuid], ids.companies[plan.planner]), data)
    by = {"by": ids.accountant}
    facts.inferred["accountant of a decision"] = len(app.approvals) + len(app.rejections)
    for rejection in app.rejections:
        instant = breaches.rejections.get(rejection.uuid, rejection.instant)
        remark = breaches.said.get(rejection.uuid, "")
        yield Fact(instant, "plan-rejection", (ids.plans[rejection.plan],), dict(by), remark)
    for approval in app.approvals:
        yield Fact(approval.instant, "plan-approval", (ids.plans[approval.plan],), dict(by))


def _cooperations(app: App, ids: Ids, facts: Facts) -> Iterator[Fact]:
    facts.inferred["coordination-request"] = 0
    for cooperation in app.cooperations:
        name = ids.cooperations[cooperation.uuid]
        founder = ids.companies[cooperation.tenures[0].company]
        data: dict[str, Value] = {"name": cooperation.name}
        if cooperation.definition:
            data["definition"] = cooperation.definition
        yield Fact(cooperation.created, "cooperation", (name, founder), data)
        yield from _coordination(cooperation, name, ids, facts)


def _coordination(cooperation: Cooperation, name: str, ids: Ids, facts: Facts) -> Iterator[Fact]:
    for request in cooperation.requests:
        yield Fact(request.instant, "coordination-request", (name, ids.companies[request.candidate]))
    previous = cooperation.tenures[0]
    for tenure in cooperation.tenures[1:]:
        names = (name, ids.companies[tenure.company])
        asked = any(
            request.tenure == previous.uuid and request.candidate == tenure.company and request.instant <= tenure.start
            for request in cooperation.requests
        )
        if not asked:
            facts.inferred["coordination-request"] += 1
            remark = "inferred: the app records no request for this tenure"
            yield Fact(tenure.start, "coordination-request", names, remark=remark)
        yield Fact(tenure.start, "coordination-acceptance", names)
        previous = tenure


def _memberships(app: App, ids: Ids, memberships: Memberships, facts: Facts) -> Iterator[Fact]:
    cooperations = {cooperation.uuid: cooperation for cooperation in app.cooperations}
    free = {plan.uuid: plan.approved or plan.filed for plan in app.plans}
    facts.inferred["cooperation-acceptance"] = len(memberships.found)
    facts.inferred["cooperation-exit"] = sum(found.end is not None for found in memberships.found)
    for found in memberships.found:
        names = (ids.cooperations[found.cooperation], ids.plans[found.plan])
        if found.shown:
            remark = "inferred from the first price that shows it; it may have joined before"
        else:
            remark = "inferred: it cooperates at present, and no price shows since when"
        yield Fact(found.start, "cooperation-request", names, remark=remark)
        yield Fact(found.start, "cooperation-acceptance", names, remark="inferred, with its request")
        if found.end is not None:
            remark = "inferred from the last price that shows it as a member; it may have left later"
            yield Fact(found.end, "cooperation-exit", names, remark=remark)
            free[found.plan] = max(free[found.plan], found.end)
        else:
            free.pop(found.plan, None)
    for plan in app.plans:
        if plan.uuid in memberships.homeless:
            facts.notes.append(
                f"the plan {ids.plans[plan.uuid]} is in the cooperation {ids.cooperations[plan.home or '']}, but no "
                "time at which it may have joined agrees with the records: its membership is left out"
            )
    facts.inferred["cooperation-request"] = 0
    for plan in app.plans:
        if plan.requested is not None:
            names = (ids.cooperations[plan.requested], ids.plans[plan.uuid])
            since = max(free.get(plan.uuid, plan.expires), cooperations[plan.requested].created)
            yield from _pending(plan, since, names, facts)


def _pending(plan: Plan, since: int, names: tuple[str, str], facts: Facts) -> Iterator[Fact]:
    """The request that a plan has not had answered. The app does not record when it was made."""
    if plan.public or not plan.is_active(since):
        cooperation, name = names
        facts.notes.append(
            f"the plan {name} asks to join the cooperation {cooperation}, but was at no time an active plan of no "
            "cooperation that could ask: its request is left out"
        )
        return
    facts.inferred["cooperation-request"] += 1
    yield Fact(since, "cooperation-request", names, remark="inferred: the request is pending, its time unknown")


def _services(app: App, ids: Ids, breaches: Breaches) -> Iterator[Fact]:
    for service in app.services:
        data: dict[str, Value] = {"name": service.name}
        if service.description:
            data["description"] = service.description
        name = ids.services[service.uuid]
        yield Fact(service.created, "basic-service", (name, ids.members[service.provider]), data)
        if service.ended is not None:
            end = breaches.ends.get(service.uuid, service.ended)
            ended = (
                f"ended at {instants.format_instant(service.ended)}, and consumed after that: it ends after the last"
            )
            yield Fact(end, "basic-service-end", (name,), remark=ended if end != service.ended else "")
