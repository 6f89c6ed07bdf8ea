"""Facts about regional property, its leases, and who waits for it (seed of Conductor: housing is wait-listed)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, date_of
from conductor_bean.domain.problems import Rejection, did_you_mean, quoted
from conductor_bean.domain.properties import HOUSING, OUTSIDE, PROPERTY_KINDS, Lease, Property
from conductor_bean.engine.namespaces import check_new_link
from conductor_bean.engine.public_spending import check_not_sold

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact

_PARTS = ("property-tax", "maintenance", "administration", "depreciation")


def property_(context: Context, fact: Fact) -> None:
    """Declare a property with what it costs a month, or replace what was said of it."""
    (name,) = fact.ids
    properties, data = context.state.credits.properties, fact.data
    parts = (data[_PARTS[0]], data[_PARTS[1]], data[_PARTS[2]], data[_PARTS[3]])
    day = fact.instant // DAY
    known = properties.get(name)
    context.check_stated_once(fact, name)
    if known is None:
        check_new_link(context, name)
        properties[name] = Property(
            name, data["kind"], data["name"], fact.instant, data["price"], [(day, sum(parts), data["kind"])], parts
        )
        return
    known.kind, known.name, known.price, known.parts = data["kind"], data["name"], data["price"], parts
    if known.costs[-1][0] == day:
        known.costs.pop()
    known.costs.append((day, sum(parts), known.kind))


def wait_list(context: Context, fact: Fact) -> None:
    """Let somebody wait for a kind of property."""
    waiting, party = _list(context, fact)
    context.borrower(party)
    if party in waiting:
        raise Rejection(
            "already-on-wait-list", f"{quoted(party)} waits for {fact.ids[0]} already; remove this directive"
        )
    waiting.append(party)


def wait_list_end(context: Context, fact: Fact) -> None:
    """Let somebody wait no longer."""
    waiting, party = _list(context, fact)
    if party not in waiting:
        raise Rejection(
            "not-on-wait-list",
            f"{quoted(party)} does not wait for {fact.ids[0]}" + did_you_mean(party, waiting),
            missing=("wait-list", *fact.ids),
        )
    waiting.remove(party)


def _list(context: Context, fact: Fact) -> tuple[list[str], str]:
    kind, party = fact.ids
    if kind not in PROPERTY_KINDS:
        raise Rejection(
            "wait-list-not-found",
            f"there is no wait-list {quoted(kind)}; there are {', '.join(PROPERTY_KINDS)}"
            + did_you_mean(kind, PROPERTY_KINDS),
        )
    return context.state.credits.lists.setdefault(kind, []), party


def lease(context: Context, fact: Fact) -> None:
    """Let somebody hold a property; housing follows its list."""
    name, lessee = fact.ids
    kept = context.state.credits
    if lessee == OUTSIDE and not fact.data["name"]:
        raise Rejection(
            "missing-metadata", f"the lease of {quoted(name)} to somebody outside lacks name:; say who it is"
        )
    leased = context.known(kept.properties, "property", name, "property-not-found")
    kind = OUTSIDE if lessee == OUTSIDE else context.borrower(lessee).kind
    check_not_sold(leased)
    if leased.lease is not None:
        raise Rejection(
            "property-is-leased",
            f"{quoted(name)} is leased by {quoted(leased.lease.lessee)} since "
            f"{date_of(leased.lease.since * DAY)}; end that lease first: at one instant leases begin before "
            "others end, "
            "so give this one a time: where both are of one day",
        )
    waiting = kept.lists.get(leased.kind, [])
    if leased.kind == HOUSING and waiting and waiting[0] != lessee:
        check_exception(context, fact, f"{quoted(waiting[0])} waits for housing longest, {len(waiting)} in all")
    if lessee in waiting:
        waiting.remove(lessee)
    leased.lease = Lease(name, lessee, kind, fact.data["name"], fact.instant // DAY)


def check_exception(context: Context, fact: Fact, why: str) -> None:
    """Hold that whoever passes a wait-list gives a reason, and says who decided it.

    Raises:
        Rejection: `past-the-wait-list`.
    """
    if not (fact.data["reason"] and fact.by) and not context.hypothetical:
        raise Rejection(
            "past-the-wait-list",
            f"{why}, not {quoted(fact.ids[1])}; follow the list, or give reason: and by:",
        )


def lease_end(context: Context, fact: Fact) -> None:
    """End a lease; the day of its end is not paid for."""
    found = context.known(context.state.credits.properties, "property", fact.ids[0], "property-not-found")
    if found.lease is None or (len(fact.ids) > 1 and found.lease.lessee != fact.ids[1]):
        who = "nobody" if found.lease is None else quoted(found.lease.lessee)
        raise Rejection(
            "property-is-not-leased",
            f"{quoted(found.id)} is leased by {who} at this instant; only a lease can end, by "
            "the property's id, and the lessee's if one is named",
            missing=("lease", found.id),
        )
    end_lease(context, found, fact.instant)


def end_lease(context: Context, found: Property, instant: int) -> None:
    """End the present lease of a property."""
    assert found.lease is not None
    found.lease.until = instant // DAY
    context.state.credits.month.leases.append(found.lease)
    found.lease = None


def leases_of(context: Context, party: str) -> list[Property]:
    """Properties that a party holds, in order of id."""
    properties = context.state.credits.properties
    return [
        properties[name]
        for name in sorted(properties)
        if properties[name].lease is not None and properties[name].lease.lessee == party  # type: ignore[union-attr]
    ]


def leave_lists(context: Context, party: str) -> None:
    """Take a party that ends off every wait-list."""
    for waiting in context.state.credits.lists.values():
        if party in waiting:
            waiting.remove(party)
