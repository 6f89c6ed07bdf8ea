"""Facts about offers, neighbour regions and pools (RULES.md, part B)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import decimal_text
from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.offers import JOB, Offer
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.credit_state import Institution
from conductor_bean.engine.namespaces import advise_look_alike, check_new_link, used

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact


def region(context: Context, fact: Fact) -> None:
    """Declare a neighbour with which the region trades."""
    (name,) = fact.ids
    regions = context.state.credits.regions
    if name == context.region.id:
        raise Rejection("region-is-this-one", f"{quoted(name)} is this region itself; declare its neighbours")
    if name in regions:
        raise used(name, "region", regions[name].since)
    advise_look_alike(context, "region", name, chain((context.region.id,), regions))
    regions[name] = Institution(name, fact.data["name"], fact.instant)
    context.open(context.chart.of("clearing", name).name)


def pool(context: Context, fact: Fact) -> None:
    """Set up a pool of funds with other regions."""
    (name,) = fact.ids
    pools = context.state.credits.pools
    if name in pools:
        raise used(name, "pool", pools[name].since)
    advise_look_alike(context, "pool", name, pools)
    pools[name] = Institution(name, fact.data["name"], fact.instant, about=fact.data["purpose"])
    context.open(context.chart.of("pool", name).name)


def offer(context: Context, fact: Fact) -> None:
    """List a product, a service or a job; the same company may replace what it said."""
    name, company_id = fact.ids
    offers, data = context.state.credits.offers, fact.data
    if data["kind"] != JOB and data["price"] is None:
        raise Rejection("missing-metadata", f"offer {quoted(name)} lacks price:; only a job has none, so add it")
    if data["kind"] == JOB and not data["occupation"]:
        raise Rejection("missing-metadata", f"the job {quoted(name)} lacks occupation:; add it")
    known = offers.get(name)
    if known is None or known.company != company_id or known.ended is not None:
        check_new_link(context, name)
    company = context.company(company_id)
    context.check_stated_once(fact, name)
    if data["kind"] == JOB:
        check_occupation(context, data["occupation"], f"the job {quoted(name)}")
    offers[name] = Offer(
        id=name,
        company=company.id,
        product=data["product"],
        unit=data["unit"],
        price=data["price"] or 0,
        kind=data["kind"],
        occupation=data["occupation"],
        hours="" if data["hours"] is None else decimal_text(data["hours"]),
        since=fact.instant if known is None else known.since,
    )
    if known is None:
        company.offers.append(name)


def offer_end(context: Context, fact: Fact) -> None:
    """Take an offer back."""
    ended = context.known(context.state.credits.offers, "offer", fact.ids[0], "offer-not-found")
    if ended.ended is not None:
        raise Rejection(
            "offer-has-ended",
            f"the offer {quoted(ended.id)} was taken back at {format_instant(ended.ended)} already; remove this "
            "directive",
        )
    if len(fact.ids) > 1 and fact.ids[1] != ended.company:
        raise Rejection(
            "account-is-not-sellers", f"{quoted(ended.id)} is offered by {ended.company}, not by {fact.ids[1]}"
        )
    ended.ended = fact.instant


def check_occupation(context: Context, occupation: str, what: str) -> None:
    """Hold that an occupation has a range of wages at this time.

    Raises:
        Rejection: `occupation-not-found`.
    """
    known = context.rules.occupations
    if occupation not in known:
        shown = ", ".join(sorted(known)[:12]) or "none"
        found = f"names {quoted(occupation)}, which has no range of wages at this time" if occupation else "names none"
        raise Rejection(
            "occupation-not-found",
            f"occupation: of {what} {found}; decide one in region.yaml, or name one in force: {shown}"
            + context.hint(occupation, known),
        )
