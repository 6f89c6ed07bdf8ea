"""Who takes part: accountants, members, companies, employment; who comes, changes, offers services, and leaves."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from conductor_bean.simulation.names import ACCOUNTANTS, SERVICES, member_id
from conductor_bean.simulation.world import Company, World

_NEWCOMERS = 10
"""One of so many members arrives after the founding."""

_WITHOUT_WORK = 12
"""One of so many members is employed nowhere at first."""

STANDARD = "the trade's own"
"""Whose measure productivity is where nobody works yet who could rate it."""

_CHANGES = 0.015
"""Share of the members who change their work, or are rated anew, in a month."""


def found(world: World) -> None:
    """State who founds the region."""
    record = world.recorder
    for name, full in ACCOUNTANTS:
        record.declare("accountant", name, name=full)
    for company in world.companies:
        ownership = "regional" if company.trade.regional else "workers"
        record.declare("company", company.id, name=world.name(company.id), ownership=ownership)
    count = world.scenario.members
    later = count // _NEWCOMERS
    for index in range(count - later):
        _arrive(world, index)
    for number in range(later):
        index = count - later + number
        world.later((number + 1) * world.scenario.days // (later + 1), partial(_arrive, world, index))
    _offer_services(world)


def _arrive(world: World, index: int) -> None:
    member = member_id(index)
    world.recorder.declare("member", member, name=world.name(member))
    world.members.append(member)
    if index % _WITHOUT_WORK != _WITHOUT_WORK - 1:
        employ(world, member, world.companies[index % len(world.companies)])


def employ(world: World, member: str, company: Company) -> None:
    """Let a member begin to work at a company, rated by two who work there."""
    productivity = Decimal(world.random.randrange(4, 17)) / 20
    _rated(world, member, company, productivity, _peers(world, member, company)[:2])
    company.workers.append(member)
    world.employer[member] = company


def _offer_services(world: World) -> None:
    """Every eighth member offers a basic service, as long as there is somebody to take it."""
    if len(world.members) < 2:
        return
    for index, member in enumerate(world.members[::8]):
        kind, name = SERVICES[index % len(SERVICES)]
        service = f"{kind}-{member.lower()}"
        world.recorder.declare("basic-service", service, member, name=name)
        if index % 5 == 4:
            day = world.scenario.days * 2 // 3
            world.later(day, partial(_end_service, world, service, member))


def _end_service(world: World, service: str, member: str) -> None:
    if world.state.services[service].ended is None:
        world.recorder.declare("basic-service-end", service, by=member)


def morning(world: World) -> None:
    """Let some change their work, some be rated anew by their peers, and now and then somebody leave."""
    for _ in range(world.monthly(len(world.members) * _CHANGES)):
        member = world.choice(world.members)
        if world.happens(40):
            _advertise(world, member)
        else:
            _rate(world, member)
    if world.day.day == 12 and world.happens(min(90, len(world.members) / 3)):
        _say_goodbye(world)


def _rate(world: World, member: str) -> None:
    company = world.employer.get(member)
    if company is None:
        return
    productivity = Decimal(world.random.randrange(8, 20)) / 20
    _rated(world, member, company, productivity, _peers(world, member, company)[:3])


def _peers(world: World, member: str, company: Company) -> tuple[str, ...]:
    """Who else works at a company now, in the order in which they came."""
    employed = world.state.employments.get(company.id, {})
    return tuple(other for other in company.workers if other != member and other in employed)


def _rated(world: World, member: str, company: Company, productivity: Decimal, peers: tuple[str, ...]) -> None:
    """State an employment, rated by peers, or where nobody works there yet by the standard of the trade."""
    standard = "" if peers else STANDARD
    world.recorder.declare(
        "employment",
        company.id,
        member,
        occupation=company.trade.occupation,
        productivity=productivity,
        standard=standard,
        by=peers,
    )


def _advertise(world: World, member: str) -> None:
    """Offer a job, which somebody takes ten days later."""
    company = world.choice(world.companies)
    if world.employer.get(member) is company or world.days_left < 11:
        return
    job = world.next_id("job")
    occupation = company.trade.occupation
    world.recorder.declare("offer", job, company.id, product=f"Work as {occupation}", kind="job",
                           occupation=occupation, hours=Decimal(32))  # fmt: skip
    world.later(10, partial(_hire, world, job, member, company))


def _hire(world: World, job: str, member: str, company: Company) -> None:
    world.recorder.declare("offer-end", job, company.id)
    former = world.employer.get(member)
    if former is company or member not in world.members or company not in world.companies:
        return
    if former is not None:
        world.recorder.declare("employment-end", former.id, member)
        former.workers.remove(member)
    employ(world, member, company)


def _say_goodbye(world: World) -> None:
    """Somebody who holds nothing and owes nothing gives her credits away, and leaves the next morning."""
    if len(world.members) < 10 or world.days_left < 2:
        return
    member = world.choice(world.members)
    kept = world.state.credits
    borrowers = {loan.borrower for loan in kept.loans.values() if loan.outstanding}
    lessees = {held.lease.lessee for held in kept.properties.values() if held.lease is not None}
    if member in borrowers | lessees or any(member in enrolled for enrolled in kept.enrolled.values()):
        return
    world.members.remove(member)
    company = world.employer.pop(member, None)
    if company is not None:
        company.workers.remove(member)
    heir = world.choice(world.members)
    world.later(0, partial(_give_everything, world, member, heir), noon=True)
    world.later(1, partial(world.recorder.declare, "member-end", member))


def _give_everything(world: World, member: str, heir: str) -> None:
    units = world.units(world.wallet(member))
    if units:
        legs = [(world.wallet(member), world.wallet(heir), units)]
        world.recorder.move("gift", legs, (world.name(member), f"Farewell, to {world.name(heir)}"))
