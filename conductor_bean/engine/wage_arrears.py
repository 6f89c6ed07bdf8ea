"""Wages that a pool cannot pay yet: paid pro rata as far as it reaches, the rest owed to each member.

RULES.md, part B, "Wage arrears": where the region has decided so (`wage_arrears`), hours are registered whatever the
pool holds. What is owed is paid first at the next closes, and first of the cash of a bankruptcy; income tax follows
each payment. What is owed to a member who leaves is owed to the treasury.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.amounts import round_half_even
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.shares import pro_rata
from conductor_bean.engine.credit_state import Arrear
from conductor_bean.engine.events import Movement, Transfer

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Outcome
    from conductor_bean.engine.state import Posted

TREASURY = ""
"""To whom wages are owed whose member has left: no member has this id."""
_MOST_NAMES = 12


def income_tax(context: Context, wage: int) -> int:
    """The tax on a wage at the rate in force, rounded half-even."""
    exact = wage * context.rules.income_tax
    return round_half_even(exact.numerator, exact.denominator)


def as_written(context: Context, movement: Movement, derived: list[Transfer]) -> list[int]:
    """Let wages be those that the text writes down as paid, where it writes down less than is due.

    Args:
        context: The region.
        movement: A registration of hours.
        derived: Its wages and their taxes; changed in place.

    Returns:
        What of each wage is not paid, nothing where all is.
    """
    written = None if movement.evidence is None else movement.evidence.get("wage")
    if written is None or not context.rules.wage_arrears or context.hypothetical:
        return []
    wages, taxes = _of(derived, "wage"), _of(derived, "income_tax")
    unpaid = [0] * len(wages)
    for pool in {transfer.debit.name for transfer in wages}:
        _share(wages, unpaid, pool, max(0, -written.get(pool, 0)))
    _tax(context, wages, taxes)
    return unpaid if any(unpaid) else []


def recorded(movement: Movement, wages: list[int]) -> list[int] | None:
    """What of recorded wages is not paid: where labour time is off, the text says what is.

    Args:
        movement: Recorded wages.
        wages: What is due for each of them.

    Returns:
        What of each is not paid, or None where these are no shares of one pool each.
    """
    written = movement.transfers
    due = [Transfer("wage", t.debit, t.credit, wage, t.derived) for t, wage in zip(written, wages, strict=True)]
    unpaid = [0] * len(due)
    for pool in {transfer.debit.name for transfer in due}:
        _share(due, unpaid, pool, sum(transfer.units for transfer in written if transfer.debit.name == pool))
    right = all(transfer.units == share.units for transfer, share in zip(written, due, strict=True))
    return unpaid if right else None


def _of(transfers: list[Transfer], kind: str) -> list[Transfer]:
    return [transfer for transfer in transfers if transfer.type == kind]


def _share(wages: list[Transfer], unpaid: list[int], pool: str, units: int) -> None:
    """Pay the wages of a pool with so many units, pro rata; of equal remainders the first worker's comes first."""
    mine = [index for index, wage in enumerate(wages) if wage.debit.name == pool]
    mine.sort(key=lambda index: wages[index].credit.name)
    due = [wages[index].units + unpaid[index] for index in mine]
    for index, whole, share in zip(mine, due, pro_rata(units, due), strict=True):
        wages[index].units, unpaid[index] = share, whole - share


def _tax(context: Context, wages: list[Transfer], taxes: list[Transfer]) -> None:
    """Let the income tax of each wage follow from what is paid of it."""
    for wage, tax in zip(wages, taxes, strict=True):
        tax.units = income_tax(context, wage.units)


def pays(context: Context, outcome: Outcome) -> bool:
    """Whether an event is a registration of hours whose wages may be paid later."""
    return context.rules.wage_arrears and isinstance(outcome.event, Movement) and outcome.transfers[0].type in _WORK


_WORK = ("work_certificates", "wage")


def is_written(context: Context, outcome: Outcome) -> bool:
    """Whether the text says which wages were paid, so that they are held against what the pool reaches."""
    movement = outcome.event
    assert isinstance(movement, Movement)
    written = outcome.transfers[0].type == "wage" or "wage" in (movement.evidence or {})
    return written and not context.hypothetical


def pay_with(context: Context, outcome: Outcome, pool: str, units: int) -> None:
    """Let the wages of a registration be paid with so many units of a pool; balances follow."""
    wages, taxes = _of(outcome.transfers, "wage"), _of(outcome.transfers, "income_tax")
    unpaid = outcome.unpaid or [0] * len(wages)
    balances = context.state.balances
    for sign in (-1, 1):
        if sign == 1:
            _share(wages, unpaid, pool, units)
            _tax(context, wages, taxes)
        for transfer in (*wages, *taxes):
            balances[transfer.debit.name] -= sign * transfer.units
            balances[transfer.credit.name] += sign * transfer.units
    outcome.unpaid = unpaid if any(unpaid) else []


def paid_from(outcome: Outcome, pool: str) -> int:
    """What a registration pays from a pool."""
    return sum(wage.units for wage in _of(outcome.transfers, "wage") if wage.debit.name == pool)


def unpaid_of(outcome: Outcome, pool: str) -> int:
    """What a registration leaves unpaid of a pool's wages."""
    wages = _of(outcome.transfers, "wage") if outcome.unpaid else []
    return sum(units for wage, units in zip(wages, outcome.unpaid, strict=True) if wage.debit.name == pool)


def wrongly_written(context: Context, outcome: Outcome, pool: str, reach: int) -> Rejection:
    """Why wages are not as the text writes them down: the pool reaches less far, or further."""
    pay_with(context, outcome, pool, reach)
    right = ", ".join(
        f"{context.rsc(wage.units)} to {wage.credit.owner}"
        for wage in _of(outcome.transfers, "wage")
        if wage.debit.name == pool
    )
    by_hand = outcome.transfers[0].type == "wage"
    step = "write that, the rest is owed" if by_hand else "mend the legs, or remove all derived legs"
    return Rejection(
        "wrong-amount" if by_hand else "wrong-derived-amount",
        f"{pool} reaches for {context.rsc(min(reach, paid_from(outcome, pool)))} of wages at this instant, so it pays "
        f"{right}; {step}",
        account="" if by_hand else pool,
        transfer="" if by_hand else "wage",
    )


def owe(context: Context, outcome: Outcome) -> None:
    """Note what an accepted registration leaves unpaid; the company's month costs it all the same."""
    if not outcome.unpaid:
        return
    for wage, units in zip(_of(outcome.transfers, "wage"), outcome.unpaid, strict=True):
        company, member = wage.debit.owner, wage.credit.owner
        _change(context, company, member, units)
        context.tracker.sheet(company).wages += units


def _change(context: Context, company: str, member: str, units: int) -> None:
    owed = context.state.credits.wages_owed.setdefault(company, {})
    owed[member] = owed.get(member, 0) + units
    if not owed[member]:
        del owed[member]
    if not owed:
        del context.state.credits.wages_owed[company]


def pay_arrears(context: Context, company: str, units: int) -> list[Transfer]:
    """Pay wages in arrears with so many units of a pool, pro rata, and the income tax of each payment.

    Args:
        context: The region; what is owed is less afterwards.
        company: The company.
        units: What its pool has for them.
    """
    owed = context.state.credits.wages_owed.get(company, {})
    members = sorted(owed, key=lambda member: (member == TREASURY, member))
    pool = context.company_wallets[company]
    wages, taxes = [], []
    for member, share in zip(members, pro_rata(max(0, units), [owed[member] for member in members]), strict=True):
        if not share:
            continue
        wages.append(Transfer("wage", pool, _payee(context, member), share, derived=True))
        _change(context, company, member, -share)
        if member == TREASURY:
            continue
        tax = income_tax(context, share)
        taxes.append(Transfer("income_tax", context.member_wallets[member], context.treasury, tax, derived=True))
        later = context.state.credits.paid_later.setdefault(company, {})
        before = later.get(member, (0, 0))
        later[member] = (before[0] + share, before[1] + tax)
    return wages + taxes


def _payee(context: Context, member: str) -> Account:
    return context.treasury if member == TREASURY else context.member_wallets[member]


def owed_by(context: Context, company: str) -> int:
    """What a company owes of wages, in units."""
    return sum(context.state.credits.wages_owed.get(company, {}).values())


def owed_to(context: Context, member: str) -> list[tuple[str, int]]:
    """Which companies owe a member wages, and how much, in order of id."""
    owed = context.state.credits.wages_owed
    return [(company, owed[company][member]) for company in sorted(owed) if member in owed[company]]


def as_arrears(context: Context) -> list[Arrear]:
    """All wages in arrears, as what wallets lack besides is said: by company and member, those to the treasury last."""
    owed = context.state.credits.wages_owed
    return [
        Arrear("wage", context.company_wallets[company].name, _payee(context, member).name, "", owed[company][member])
        for company in sorted(owed)
        for member in sorted(owed[company], key=lambda member: (member == TREASURY, member))
    ]


def told(context: Context, company: str) -> str:
    """To whom a company owes how much, as a person reads it."""
    owed = context.state.credits.wages_owed[company]
    members = sorted(owed, key=lambda member: (member == TREASURY, member))
    parts = [f"{context.rsc(owed[member])} to {member or 'the treasury'}" for member in members[:_MOST_NAMES]]
    more = len(members) - _MOST_NAMES
    return ", ".join(parts) + (f" and {more} more" if more > 0 else "")


def cancel(context: Context, posted: Posted) -> list[Transfer]:
    """Take back wages that registered hours left unpaid: first what is still owed, then what closes paid since.

    Returns:
        What closes paid of them, with its income tax, as it was paid (not mirrored).
    """
    posted.taken_back = []
    transfers: list[Transfer] = []
    wages = [(debit, credit) for kind, debit, credit, *_ in posted.transfers if kind == "wage"]
    for (debit, credit), units in zip(wages, posted.unpaid, strict=False):
        pool, wallet = context.account(debit), context.account(credit)
        company, member = pool.owner, wallet.owner
        kept = context.state.credits
        cancelled = min(units, kept.wages_owed.get(company, {}).get(member, 0))
        _change(context, company, member, -cancelled)
        returned = units - cancelled
        paid, taxed = kept.paid_later.get(company, {}).get(member, (0, 0))
        tax = round_half_even(taxed * returned, paid) if returned else 0
        if returned:
            kept.paid_later[company][member] = (paid - returned, taxed - tax)
            transfers.append(Transfer("wage", pool, wallet, returned, derived=True))
            transfers.append(Transfer("income_tax", wallet, context.treasury, tax, derived=True))
        context.tracker.sheet(company).wages -= units
        kept.month.taxes -= tax
        posted.taken_back.append((cancelled, returned, tax))
    return transfers


def restore(context: Context, posted: Posted) -> None:
    """Undo `cancel`: the reversal fell."""
    wages = [(debit, credit) for kind, debit, credit, *_ in posted.transfers if kind == "wage"]
    for (debit, credit), units, (cancelled, returned, tax) in zip(
        wages, posted.unpaid, posted.taken_back, strict=False
    ):
        company, member = context.account(debit).owner, context.account(credit).owner
        _change(context, company, member, cancelled)
        if returned:
            paid, taxed = context.state.credits.paid_later[company][member]
            context.state.credits.paid_later[company][member] = (paid + returned, taxed + tax)
        context.tracker.sheet(company).wages += units
        context.state.credits.month.taxes += tax
    posted.taken_back = []


def leave_to_treasury(context: Context, member: str) -> None:
    """Let what is owed to a member who leaves be owed to the treasury."""
    owing = owed_to(context, member)
    for company, units in owing:
        _change(context, company, member, -units)
        _change(context, company, TREASURY, units)
    if owing:
        parts = ", ".join(f"{context.rsc(units)} of {company}" for company, units in owing)
        context.advise(
            "wages-left-to-treasury",
            f"{quoted(member)} leaves while wages are owed to her: {parts}; they go to the treasury, so let her leave "
            "after the close that pays them if they are hers to have",
        )


def forgive(context: Context, company: str) -> None:
    """Write off what a company that has ended still owes of wages."""
    context.state.credits.wages_owed.pop(company, None)
    context.state.credits.paid_later.pop(company, None)


def check_paid(context: Context, company: str) -> None:
    """Hold that a company which is dissolved can pay the wages that it owes.

    Raises:
        Rejection: `company-owes-wages`.
    """
    owed = owed_by(context, company)
    if not owed:
        return
    pool = context.state.balances[context.company_wallets[company].name]
    if owed > max(0, pool) and not context.hypothetical:
        raise Rejection(
            "company-owes-wages",
            f"{quoted(company)} owes wages, {told(context, company)}, and its pool holds {context.rsc(pool)}; let "
            "income come first, or record a bankruptcy",
        )
