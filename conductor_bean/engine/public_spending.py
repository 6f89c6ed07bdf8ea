"""What the region does with its own money: issue, capital, subsidies, property, pools, settlement.

These stand in the table as approved: as many distinct accountants as the region has decided stand in `by:` (seed of
Conductor: "sometimes requiring approval from multiple people to perform an action").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.properties import HOUSING
from conductor_bean.domain.transfers import table
from conductor_bean.engine.events import Outcome
from conductor_bean.engine.permissions import persons
from conductor_bean.engine.trade import check_existence, check_offered, check_parties, input_of, linked, simple

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.domain.properties import Property
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Movement


def check_all_parties(context: Context, movement: Movement) -> None:
    """Hold that the parties of a transaction and whoever stands in `by:` exist and take part.

    Raises:
        Rejection: those of `check_parties`, `accountant-not-found` or `accountant-has-ended`.
    """
    check_existence(context, movement)
    names = _approvers(movement)
    for name in names:
        context.known(context.state.accountants, "accountant", name, "accountant-not-found")
    check_parties(context, movement)
    for name in names:
        context.accountant(name)


def _approvers(movement: Movement) -> tuple[str, ...]:
    return () if movement.particulars is None else movement.particulars.by


def check_approvals(context: Context, movement: Movement) -> None:
    """Hold that enough accountants approved a transaction.

    Raises:
        Rejection: `missing-approvals`.
    """
    names = _approvers(movement)
    needed, found = context.rules.approvals, persons(context, names)
    if found < needed and not context.hypothetical:
        raise Rejection(
            "missing-approvals",
            f"{movement.transfers[0].type} needs the approval of {needed} accountant(s), {found} stand(s) in by:; "
            'name them, such as by: "carla, dora"',
        )


def approved(context: Context, movement: Movement) -> Outcome:
    """Spending of the region that needs nothing but approval."""
    check_all_parties(context, movement)
    outcome = simple(context, movement)
    check_approvals(context, movement)
    return outcome


def subsidy(context: Context, movement: Movement) -> Outcome:
    """The region subsidizes companies of its own, and no others."""
    check_all_parties(context, movement)
    outcome = simple(context, movement)
    for transfer in movement.transfers:
        company = context.state.companies[transfer.credit.owner]
        if company.ownership != "regional":
            raise Rejection(
                "company-is-not-regional",
                f"{quoted(company.id)} belongs to its workers; only regional companies are subsidized: "
                "name one, or buy what it offers",
            )
    check_approvals(context, movement)
    return outcome


def acquisition(context: Context, movement: Movement) -> Outcome:
    """A company acquires equipment or a facility, which becomes regional property."""
    bought = _property(context, movement)
    check_parties(context, movement)
    _check_not_bought(bought)
    if bought.kind == HOUSING:
        raise Rejection(
            "housing-is-not-acquired",
            f"{quoted(bought.id)} is housing; companies acquire equipment and facilities, the region buys housing "
            "(property_purchase)",
        )
    return _at_its_price(context, movement, bought)


def property_purchase(context: Context, movement: Movement) -> Outcome:
    """The region buys a property."""
    bought = _property(context, movement)
    check_all_parties(context, movement)
    _check_not_bought(bought)
    check_approvals(context, movement)
    return _at_its_price(context, movement, bought)


def property_sale(context: Context, movement: Movement) -> Outcome:
    """The region sells a property that nobody holds."""
    sold = _property(context, movement)
    check_all_parties(context, movement)
    check_not_sold(sold)
    if sold.lease is not None:
        raise Rejection(
            "property-is-leased",
            f"{quoted(sold.id)} is leased by {quoted(sold.lease.lessee)}; end the lease before it is sold",
        )
    check_approvals(context, movement)
    return _at_its_price(context, movement, sold)


def upkeep(context: Context, movement: Movement) -> Outcome:
    """The region pays the property tax, maintenance or administration of a property, for which rents are charged."""
    kept = _property(context, movement)
    check_all_parties(context, movement)
    check_not_sold(kept)
    if not input_of(movement):
        raise Rejection(
            "missing-input",
            f'upkeep of {quoted(kept.id)} says what it is for with input:, such as input: "maintenance"',
        )
    outcome = simple(context, movement)
    outcome.thing = kept.id
    if movement.transfers[0].credit.kind == "company_wallet":
        outcome.offer, outcome.sold = check_offered(context, movement)
    check_approvals(context, movement)
    return outcome


def check_not_sold(found: Property) -> None:
    """Hold that a property still belongs to the region."""
    if found.sold is not None:
        raise Rejection(
            "property-is-sold",
            f"{quoted(found.id)} was sold at {format_instant(found.sold)}; it is regional no more, so name another",
        )


def _check_not_bought(found: Property) -> None:
    if found.bought:
        raise Rejection(
            "property-is-acquired",
            f"{quoted(found.id)} was paid for already; a property is bought once, "
            "so remove this, or declare the other one",
        )


def _property(context: Context, movement: Movement) -> Property:
    found = linked(context, movement, context.state.credits.properties, "property-not-found", "property")
    context.check_settled(found.id)
    return found


def _at_its_price(context: Context, movement: Movement, found: Property) -> Outcome:
    if found.price is None:
        raise Rejection(
            "property-has-no-price",
            f"{quoted(found.id)} has no price:, so what it costs is not known; repeat the property with one",
        )
    units = movement.transfers[0].units
    if units != found.price:
        raise Rejection(
            "wrong-amount",
            f"{quoted(found.id)} costs {context.rsc(found.price)}, not {context.rsc(units)}; write "
            f"{context.rsc(found.price)}",
        )
    return Outcome(movement, movement.transfers, thing=found.id)


HANDLERS: dict[str, Callable[[Context, Movement], Outcome]] = {
    **{name: approved for name, row in table().items() if row.approved},
    "subsidy": subsidy,
    "upkeep": upkeep,
    "acquisition": acquisition,
    "property_purchase": property_purchase,
    "property_sale": property_sale,
}
