"""Random facts of regional credits: offers, property, lists, loans, and how companies fail."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.model.credits.past import principal_of, whereabouts
from tests.model.credits.state import COSTS
from tests.model.events import Event, Fact, Value, account
from tests.simulator.happenings import Making

if TYPE_CHECKING:
    from tests.simulator.generator import Author

BANKS = (("PublicBank", "regional"), ("Union-1", "credit-union"), ("Second", "regional"))
REGIONS = ("Lakeside", "Hills")
OCCUPATIONS = ("baker", "teacher", "smith", "healer")
KINDS = ("housing", "housing", "equipment", "facility")


def offered(author: Author, *, new: bool = True) -> dict[str, Value]:
    """What an offer says."""
    rng = author.rng
    said: dict[str, Value] = {"product": "Bread", "unit": "loaf"}
    kind = rng.choice(("product", "product", "service", "job" if new else "product"))
    said["kind"] = kind
    if kind == "job":
        said["occupation"] = rng.choice(OCCUPATIONS) if rng.random() < 0.9 else "wizard"
        said["hours"] = rng.randint(1, 40)
    if kind != "job" or rng.random() < 0.2:
        said["price"] = author.credits(0, 1) if rng.random() < 0.2 else author.credits(1, 90)
    if author.wrong():
        said.pop(rng.choice([key for key in ("price", "occupation") if key in said]))
    return said


def offer(author: Author) -> Event:
    """A new offer, or an old one at another price."""
    rng = author.rng
    running = [found for found in author.state.credits.offers.values() if found.ended is None or author.wrong()]
    if running and rng.random() < 0.6:
        found = rng.choice(running)
        company = author.one(author.parties("company")) if author.wrong() else found.company
        return author.fact("offer", found.id, company, says=offered(author, new=False))
    company = author.one(author.parties("company"))
    return author.fact("offer", author.used_or_fresh("offer"), company, says=offered(author))


def end_offer(author: Author) -> Event | None:
    running = [found for found in author.state.credits.offers.values() if found.ended is None or author.wrong()]
    if not running:
        return None
    found = author.rng.choice(running)
    owner = author.one([found.company])
    return author.fact("offer-end", *((found.id, owner) if author.rng.random() < 0.5 else (author.one([found.id]),)))


def costs(author: Author, kind: str | None = None) -> dict[str, Value]:
    """What a property is and costs."""
    rng = author.rng
    said: dict[str, Value] = {"kind": kind or rng.choice(KINDS)}
    said |= {key: author.credits(0, 90) for key in COSTS}
    if rng.random() < 0.8:
        said["price"] = author.credits(1, rng.choice((50, 3000)))
    return said


def new_property(author: Author) -> Event | None:
    """A new property, or other costs of an old one."""
    rng = author.rng
    known = [
        found for found in author.state.credits.properties.values() if whereabouts(author.state, found.id) != "sold"
    ]
    if known and rng.random() < 0.5:
        found = rng.choice(known)
        author.touch(("property", found.id))
        return author.fact("property", found.id, says=costs(author, None if author.wrong() else found.kind))
    return author.fact("property", author.used_or_fresh("apt"), says=costs(author))


def somebody(author: Author) -> str:
    """Mostly a member, now and then a company."""
    return author.one(author.parties("member" if author.rng.random() < 0.8 else "company"))


def wait(author: Author) -> Event:
    rng = author.rng
    kind = rng.choice(KINDS) if not author.wrong() else "castle"
    waiting = author.state.credits.waiting.get(kind, [])
    if waiting and rng.random() < 0.3:
        return author.fact("wait-list-end", kind, author.one(waiting))
    return author.fact("wait-list", kind, somebody(author))


def let(author: Author) -> Event | None:
    """A property goes to the first on the list, or past it for a reason, or to somebody from elsewhere."""
    rng, credits_ = author.rng, author.state.credits
    taken = {stay.thing for stay in credits_.leases if stay.ended is None}
    free = [
        name
        for name in credits_.properties
        if author.wrong() or (name not in taken and whereabouts(author.state, name) != "sold")
    ]
    if not free:
        return None
    name = rng.choice(free)
    if author.touch(("property", name)):
        return None
    found = credits_.properties[name]
    line = credits_.waiting.get(found.kind, [])
    who = line[0] if line and found.kind == "housing" and rng.random() < 0.6 else somebody(author)
    said: dict[str, Value] = {}
    if rng.random() < 0.2:
        who, said = "outside", {"name": "A traveller"}
        if author.wrong():
            said = {}
    first = found.kind != "housing" or not line or line[0] == who
    by = None
    if rng.random() < (0.1 if first else 0.7):
        said["reason"], by = "fire", "carla"
    if author.wrong():
        said.pop("reason", None)
    return author.fact("lease", author.one([name]), who, by=by, says=said)


def end_lease(author: Author) -> Event | None:
    leases = [stay for stay in author.state.credits.leases if stay.ended is None]
    if not leases:
        return None
    stay = author.rng.choice(leases)
    if author.touch(("property", stay.thing)):
        return None
    who = (author.one([stay.who]),) if author.rng.random() < 0.5 else ()
    return author.fact("lease-end", author.one([stay.thing]), *who)


def study(author: Author) -> Event | None:
    """Asking for a place at a school, getting one, leaving it."""
    rng, credits_ = author.rng, author.state.credits
    schools = [name for name in author.parties("company") if author.state.parties[name].ownership == "regional"]
    if not schools and rng.random() < 0.9:
        return None
    school = author.one(schools)
    students = [stay.who for stay in credits_.enrolments if stay.thing == school and stay.ended is None]
    if students and rng.random() < 0.25:
        return author.fact("enrolment-end", school, author.one(students))
    line = credits_.requests.get(school, [])
    outside = [name for name in author.parties("member") if name not in students or author.wrong()]
    if rng.random() < 0.5:
        return author.fact("enrolment-request", school, author.one(outside))
    member = author.one(line[:2] if line and rng.random() < 0.7 else outside)
    said: dict[str, Value] = {"reason": "talent"} if rng.random() < 0.3 else {}
    return author.fact("enrolment", school, member, by="carla" if said and not author.wrong() else None, says=said)


def lend(author: Author) -> Event | None:
    """A loan of a bank, within what it has or now and then beyond."""
    rng = author.rng
    bank = author.one(sorted(author.state.credits.banks))
    if author.touch(("bank", bank)):
        return None
    funds = author.funds("bank", bank) if bank in author.state.credits.banks else Decimal(500)
    principal = author.part_of(funds)
    if principal <= 0:
        return None
    said: dict[str, Value] = {
        "principal": principal,
        "yearly-rate": Decimal(rng.choice(("0", "0.02", "0.12", "0.6", "1"))),
        "months": rng.choice((1, 2, 3, 6, 24)),
        "purpose": "an oven",
    }
    if rng.random() < 0.6:
        said["repayment"] = rng.choice(("annuity", "equal"))
    borrower = author.one(author.parties(rng.choice(("member", "company"))))
    if ("debt", borrower) in author.touched:
        return None
    author.touched.add(("debt", borrower))
    return author.fact("loan", author.used_or_fresh("loan"), bank, borrower, by="carla", says=said)


def lend_from_outside(author: Author) -> Event:
    lender = author.rng.choice(("Big bank", "Ürgün", "A cousin"))
    said: dict[str, Value] = {"lender": lender, "principal": author.credits(1, 3000)}
    return author.fact("outside-loan", author.used_or_fresh("credit"), author.one(author.parties("company")), says=said)


def own(author: Author) -> Event:
    """A company owns something; now and then it secures a loan or a bank, and now and then what it must not."""
    rng, credits_ = author.rng, author.state.credits
    company = author.one(author.parties("company"))
    loans = [loan.id for loan in credits_.outside_loans.values() if loan.company == company]
    loans += [loan.id for loan in credits_.loans.values() if loan.borrower == company]
    said: dict[str, Value] = {"value": author.credits(0, 2000)}
    if rng.random() < 0.8:
        wrong = [*author.parties("member"), *credits_.outside_loans, *author.ghosts[:2]]
        said["to"] = author.one(wrong if author.wrong() or not (loans or credits_.banks) else [*loans, *credits_.banks])
    return author.fact("asset", author.used_or_fresh("van"), company, says=said)


def own_no_longer(author: Author) -> Event:
    return author.fact("asset-end", author.one([*author.state.credits.assets, *author.ghosts[:1]]))


def fail(author: Author) -> Event | None:
    """A company is bankrupt, most likely one that owes more than it has."""
    companies = [name for name in author.parties("company") if name in author.state.parties]
    owing = [name for name in companies if principal_of(author.state, name) or is_late(author, name)]
    short = [name for name in owing if principal_of(author.state, name) > author.funds("company_wallet", name)]
    if not owing and author.rng.random() < 0.7:
        return None
    company = author.one(short or owing or companies)
    if ("debt", company) in author.touched:
        return None
    author.touched.add(("debt", company))
    return author.fact("bankruptcy", company, by="carla")


def is_late(author: Author, company: str) -> bool:
    """Whether a company did not pay all at the last close."""
    wallet = account("company_wallet", company)
    return any(due.payer == wallet for due in author.state.credits.arrears)


def neighbour(author: Author) -> Event:
    rng = author.rng
    names = {"bank": [bank for bank, _ in BANKS], "region": [*REGIONS], "pool": ["Transit", "Net"]}
    kind = rng.choice(list(names))
    said: dict[str, dict[str, Value]] = {
        "bank": {"ownership": rng.choice(("regional", "credit-union"))},
        "pool": {"with": "Hills", "purpose": "wires"},
    }
    return author.fact(kind, rng.choice(names[kind]), says=said.get(kind, {}))


def said_of(author: Author, fact: Fact) -> Fact:
    """A company with its ownership, an employment with its occupation and productivity."""
    if author.region.credits is None or fact.kind not in ("company", "employment"):
        return fact
    rng = author.rng
    said: dict[str, Value] = {}
    if fact.kind == "company":
        if rng.random() < 0.6:
            said["ownership"] = rng.choice(("regional", "workers", "regional"))
        return replace(fact, says=said)
    if not author.wrong():
        said["occupation"] = rng.choice(OCCUPATIONS) if not author.wrong() else "wizard"
    if rng.random() < 0.7:
        said["productivity"] = Decimal(rng.choice(("0", "0.5", "0.333", "1")))
    return replace(fact, says=said)


def stray_end(author: Author) -> Event:
    """An end, or a place on a list, of anything that has a name."""
    credits_ = author.state.credits
    parties = [*sorted(author.state.parties), *author.ghosts[:3]]
    things = [*credits_.offers, *credits_.properties, *credits_.loans, *author.ghosts[:3]]
    kind = author.rng.choice(("offer-end", "lease-end", "enrolment-end", "wait-list-end", "enrolment", "lease"))
    first = things if kind in ("offer-end", "lease-end", "lease") else ["housing"] if "wait" in kind else parties
    return author.fact(kind, author.rng.choice(first), author.rng.choice(parties))


FACTS: dict[Making, float] = {
    offer: 5,
    end_offer: 0.5,
    new_property: 1.5,
    wait: 2,
    let: 4,
    end_lease: 1,
    study: 5,
    lend: 3,
    lend_from_outside: 1,
    own: 2,
    own_no_longer: 0.2,
    fail: 1,
    neighbour: 0.5,
    stray_end: 0.7,
}
