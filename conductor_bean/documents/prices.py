"""The page *Prices and offers*: what there is, and what it costs; jobs, property, and who long lists are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.documents.about import about, share
from conductor_bean.documents.course import Course
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.offers import JOB
from conductor_bean.ledger import credit_reports, reports
from conductor_bean.ledger.service_reports import homes, median_wait, waits

if TYPE_CHECKING:
    from conductor_bean.domain.offers import Offer
    from conductor_bean.ledger.books import Books
    from conductor_bean.ledger.reports import Row

_PLAN = ("plan", "planner", "product", "unit", "price", "cost", "cooperation", "public", "expires")
_PROPERTY = ("property", "kind", "name", "monthly_cost", "price")


def prices(books: Books, course: Course | None = None) -> Row:
    """What can be had, at the last event.

    Returns:
        `about` (see there);
        `plans`: `[{"plan", "planner", "product", "unit", "price", "cost", "cooperation", "public", "expires"}]`, active
        ones, in hours a unit;
        `offers`: `[{"offer", "company", "product", "unit", "price", "kind", "occupation", "hours", "wage", "since"}]`
        that were not taken back, by id; kind `product`, `service` or `job`; price in credits, null for a job, whose
        `wage` is `{"min", "max"}` an hour of its occupation (null of no known one);
        `properties`: `[{"property", "kind", "name", "monthly_cost", "price", "held", "sold", "lessee", "since"}]`,
        `lessee` and `since` null in a public edition;
        `homes`: `[{"kind", "free", "held"}]`, how much of the region's property of each kind;
        `lists`: `[{"list", "length", "served"}]`, wait-lists for property and enrolment;
        `waits`: `[{"list", "median_days"}]`, the median of the days that those served had waited, null where they are
        fewer than `publication_contributors`;
        `services`: `[{"name", "description", "contact", "since"}]`, available basic services that are listed;
        `services_unlisted`: how many others there are.
    """
    course = course or Course.of(books)
    machine, has_credits = books.machine, books.region.credits is not None
    rows = reports.plans(books, machine, course.instant) if books.region.labour_time is not None else []
    offers, waited = machine.state.credits.offers, waits(books) if has_credits else {}
    least = books.region.decisions.at(course.instant).publication_contributors
    available = [service for _, service in sorted(machine.state.services.items()) if service.ended is None]
    return {
        "about": about(books, course),
        "plans": [{key: row[key] for key in _PLAN} for row in rows if row["state"] == "active"],
        "offers": [_offer(books, offer) for _, offer in sorted(offers.items()) if offer.ended is None],
        "properties": [_property(row) for row in credit_reports.properties(books, machine)] if has_credits else [],
        "homes": homes(machine) if has_credits else [],
        "lists": [
            {key: row[key] for key in ("list", "length", "served")}
            for row in (credit_reports.lists(machine, course.instant) if has_credits else [])
        ],
        "waits": [{"list": name, "median_days": median_wait(days, least)} for name, days in sorted(waited.items())],
        "services": [
            {
                "name": service.name,
                "description": service.description,
                "contact": service.contact,
                "since": format_instant(service.since)[:10],
            }
            for service in available
            if service.listed
        ],
        "services_unlisted": sum(not service.listed for service in available),
    }


def _offer(books: Books, offer: Offer) -> Row:
    wage = books.machine.context.rules.occupations.get(offer.occupation)
    is_job = offer.kind == JOB
    return {
        "offer": offer.id,
        "company": offer.company,
        "product": offer.product,
        "unit": offer.unit,
        "price": None if is_job else reports.rsc(books, offer.price),
        "kind": offer.kind,
        "occupation": offer.occupation,
        "hours": offer.hours,
        "wage": {"min": share(wage.minimum), "max": share(wage.maximum)} if wage is not None and is_job else None,
        "since": format_instant(offer.since),
    }


def _property(row: Row) -> Row:
    return {
        **{key: row[key] for key in _PROPERTY},
        "held": row["lessee"] is not None,
        "sold": row["sold"],
        "lessee": row["lessee_name"] or row["lessee"],
        "since": row["since"],
    }
