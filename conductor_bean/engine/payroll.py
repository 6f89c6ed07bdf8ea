"""Work pays by itself: wages and income taxes of hours (seed of Conductor, "Regional socialism")."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.events import Outcome, Transfer
from conductor_bean.engine.evidence import verify
from conductor_bean.engine.wage_arrears import income_tax, recorded

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Movement
    from conductor_bean.engine.state import Employment, State

WORK = ("work_certificates", "wage")
"""Transactions that register hours: certificates, or, where labour time is off, wages with their hours."""


def wages(context: Context, transfers: list[Transfer]) -> list[Transfer]:
    """Wage and income tax of each worker of an hours transaction.

    Args:
        context: The region.
        transfers: Certificates from companies to members who are employed there.

    Raises:
        Rejection: `occupation-not-found`.
    """
    employments, treasury = context.state.employments, context.treasury
    pools, wallets = context.company_wallets, context.member_wallets
    paid, taxed = [], []
    for transfer in transfers:
        company, worker = transfer.debit.owner, transfer.credit.owner
        wage, tax = _paid(context, transfer, employments[company][worker], transfer.units)
        wallet = wallets[worker]
        paid.append(Transfer("wage", pools[company], wallet, wage, derived=True))
        taxed.append(Transfer("income_tax", wallet, treasury, tax, derived=True))
    return paid + taxed


def recorded_wages(context: Context, movement: Movement) -> Outcome:
    """Wages that the text records, where labour time is off: each credit says its hours, and the amount is right."""
    _check_hours_written(movement)
    _check_workers(context, movement)
    employments = context.state.employments
    paid_hours = [
        (transfer, units, _paid(context, transfer, employments[transfer.debit.owner][transfer.credit.owner], units))
        for transfer, units in zip(movement.transfers, hours_of(context, movement), strict=True)
    ]
    taxes, paid = [], []
    unpaid = _less_than_due(context, movement, [wage for _, _, (wage, _) in paid_hours])
    for transfer, units, (wage, tax) in paid_hours:
        worker = transfer.credit.owner
        if not context.hypothetical and not unpaid and abs(transfer.units - wage) > context.credits.tolerance:
            raise Rejection(
                "wrong-amount",
                f"{context.hours(units)} of {quoted(worker)} are paid {context.rsc(wage)}, not "
                f"{context.rsc(transfer.units)}; write {context.rsc(wage)}",
            )
        units_paid = wage if context.hypothetical else transfer.units
        paid.append(Transfer("wage", transfer.debit, transfer.credit, units_paid, derived=False))
        taxed = income_tax(context, transfer.units) if unpaid else tax
        taxes.append(Transfer("income_tax", transfer.credit, context.treasury, taxed, derived=True))
    if movement.evidence is not None and not context.hypothetical:
        verify(context, movement.evidence, taxes)
    return Outcome(movement, paid + taxes, unpaid=unpaid)


def _less_than_due(context: Context, movement: Movement, wages: list[int]) -> list[int]:
    """What recorded wages leave unpaid, where they pay less than is due: shares of what the pool reaches for."""
    if context.hypothetical or not context.rules.wage_arrears:
        return []
    if all(t.units + context.credits.tolerance >= wage for t, wage in zip(movement.transfers, wages, strict=True)):
        return []
    unpaid = recorded(movement, wages)
    return unpaid if unpaid is not None and any(unpaid) else []


def _check_hours_written(movement: Movement) -> None:
    written = () if movement.particulars is None else movement.particulars.hours
    for transfer, units in zip(movement.transfers, written or (None,) * len(movement.transfers), strict=True):
        if units is None:
            raise Rejection(
                "missing-hours",
                f"the wage of {quoted(transfer.credit.owner)} is for no hours; write hours: under her posting",
            )


def _check_workers(context: Context, movement: Movement) -> None:
    for transfer in movement.transfers:
        context.known(context.state.companies, "company", transfer.debit.owner, "company-not-found")
        context.known(context.state.members, "member", transfer.credit.owner, "member-not-found")
    for transfer in movement.transfers:
        context.company(transfer.debit.owner)
        context.member(transfer.credit.owner)
    for transfer in movement.transfers:
        if transfer.credit.owner not in context.state.employments[transfer.debit.owner]:
            raise not_employed(transfer.debit.owner, transfer.credit.owner)
    if len({(t.debit.owner, t.credit.owner) for t in movement.transfers}) < len(movement.transfers):
        raise Rejection(
            "hours-registered-twice",
            "one transaction pays one member of one company twice; write one leg with the sum of the hours",
        )


def not_employed(company: str, worker: str) -> Rejection:
    """Why nobody is paid by a company where she does not work."""
    return Rejection(
        "worker-not-at-company",
        f"{quoted(worker)} does not work at {quoted(company)} at this instant; record "
        f'custom "employment" "{company}" "{worker}" before the hours, or mend the account',
        missing=("employment", company, worker),
    )


def hours_of(context: Context, movement: Movement) -> list[int]:
    """Hours of each recorded wage, in units of labour time.

    Raises:
        Rejection: `hours-worked-must-be-positive`.
    """
    written = () if movement.particulars is None else movement.particulars.hours
    hours = []
    for transfer, units in zip(movement.transfers, written, strict=True):
        assert units is not None
        if isinstance(units, Decimal) or units <= 0:
            shown = f"{units:.10g}" if isinstance(units, Decimal) else context.hours(units)
            raise Rejection(
                "hours-worked-must-be-positive",
                f"hours: of {quoted(transfer.credit.owner)} is {shown}; hours worked are positive, with at most "
                f"{context.labour_time.digits} digits after the point",
            )
        hours.append(units)
    return hours


def hours_on_date(state: State, instant: int) -> dict[str, int]:
    """Units worked so far by each member on the date of an instant; another date begins with none."""
    date = instant // DAY
    if state.hours_date != date:
        state.hours_date, state.hours = date, {}
    return state.hours


def worked_by(context: Context, movement: Movement) -> list[tuple[str, int]]:
    """Who worked how long, of certificates or recorded wages."""
    recorded = movement.transfers
    hours = hours_of(context, movement) if recorded[0].type == "wage" else [transfer.units for transfer in recorded]
    return [(transfer.credit.owner, units) for transfer, units in zip(recorded, hours, strict=True)]


def _paid(context: Context, transfer: Transfer, employment: Employment, units: int) -> tuple[int, int]:
    try:
        return context.wages.paid(employment.occupation, employment.productivity, units)
    except KeyError:
        raise _unknown_occupation(context, transfer, employment.occupation) from None


def _unknown_occupation(context: Context, transfer: Transfer, occupation: str) -> Rejection:
    who = f"{quoted(transfer.credit.owner)} at {quoted(transfer.debit.owner)}"
    known = ", ".join(sorted(context.rules.occupations)[:12]) or "none"
    if not occupation:
        return Rejection(
            "occupation-not-found",
            f"the employment of {who} names no occupation:, so its wage is not known; repeat the employment with "
            "one of "
            f"those in force: {known}",
        )
    return Rejection(
        "occupation-not-found",
        f"{quoted(occupation)} ({who}) has no range of wages at this time; decide one in region.yaml, or name one in "
        f"force: {known}" + context.hint(occupation, context.rules.occupations),
    )
