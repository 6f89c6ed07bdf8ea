"""Banks and credit unions: loans, early repayment, and funding from outside (RULES.md, part B)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant, month_number, month_of
from conductor_bean.domain.loans import Loan, OutsideLoan
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.engine.credit_state import Institution
from conductor_bean.engine.events import Outcome, Transfer
from conductor_bean.engine.evidence import verify
from conductor_bean.engine.namespaces import advise_look_alike, check_new_link, used
from conductor_bean.engine.permissions import check_granted
from conductor_bean.engine.trade import check_parties, linked

if TYPE_CHECKING:
    from collections.abc import Callable

    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact, Movement


def bank(context: Context, fact: Fact) -> None:
    """Found a bank or credit union."""
    (name,) = fact.ids
    banks = context.state.credits.banks
    if name in banks:
        raise used(name, "bank", banks[name].since)
    advise_look_alike(context, "bank", name, banks)
    banks[name] = Institution(name, fact.data["name"], fact.instant, ownership=fact.data["ownership"])
    context.open(context.chart.of("bank", name).name, context.chart.of("claim", name).name)


def loan(context: Context, fact: Fact) -> list[Transfer]:
    """Lend: the principal goes to the borrower's wallet, and stands as the bank's claim and the borrower's debt."""
    name, bank_id, borrower_id = fact.ids
    kept = context.state.credits
    check_new_link(context, name)
    context.known(kept.banks, "bank", bank_id, "bank-not-found")
    borrower = context.borrower(borrower_id)
    check_granted(context, fact, 1, "loan-without-approval")
    data = fact.data
    kept.loans[name] = Loan(
        id=name,
        bank=bank_id,
        borrower=borrower.id,
        borrower_type=borrower.kind,
        principal=data["principal"],
        yearly_rate=str(Fraction(data["yearly-rate"])),
        months=data["months"],
        repayment=data["repayment"],
        purpose=data["purpose"],
        since=fact.instant,
        month=month_number(month_of(fact.instant)),
        outstanding=data["principal"],
    )
    wallets = context.member_wallets if borrower.kind == "member" else context.company_wallets
    funds, claim = context.chart.of("bank", bank_id), context.chart.of("claim", bank_id)
    debt = context.chart.debt(borrower.kind, borrower.id)
    return [
        Transfer("loan", funds, wallets[borrower.id], data["principal"], derived=True),
        Transfer("loan_claim", debt, claim, data["principal"], derived=True),
    ]


def take_back_loan(context: Context, fact: Fact) -> None:
    """Undo a loan that the bank's funds did not allow."""
    del context.state.credits.loans[fact.ids[0]]


def outside_loan(context: Context, fact: Fact) -> None:
    """Agree on funding from outside the region; the money comes with transactions that link it."""
    name, company_id = fact.ids
    check_new_link(context, name)
    company = context.company(company_id)
    agreed = OutsideLoan(name, company.id, fact.data["lender"], fact.data["principal"], fact.instant)
    context.state.credits.outside_loans[name] = agreed
    context.tracker.outside_loan(agreed)


def early_repayment(context: Context, movement: Movement) -> Outcome:
    """A borrower pays back before it falls due; the bank's claim and her debt are released by as much."""
    repaid = linked(context, movement, context.state.credits.loans, "loan-not-found", "loan")
    context.check_settled(repaid.id)
    check_parties(context, movement)
    transfer = movement.transfers[0]
    if transfer.debit.owner != repaid.borrower:
        raise Rejection(
            "account-is-not-borrowers",
            f"the loan {quoted(repaid.id)} was granted to {repaid.borrower}, not to {transfer.debit.owner}; debit the "
            "borrower's wallet",
        )
    if transfer.credit.owner != repaid.bank:
        raise Rejection(
            "account-is-not-banks",
            f"the loan {quoted(repaid.id)} was granted by {repaid.bank}, not by {transfer.credit.owner}; credit "
            f"{context.chart.of('bank', repaid.bank).name}",
        )
    if transfer.units > repaid.outstanding:
        raise too_much(context, repaid, transfer.units)
    released = release(context, repaid, transfer.units)
    if movement.evidence is not None and not context.hypothetical:
        verify(context, movement.evidence, [released])
    return Outcome(movement, [*movement.transfers, released], thing=repaid.id)


def too_much(context: Context, repaid: Loan, units: int) -> Rejection:
    """Why more than is outstanding is not repaid."""
    return Rejection(
        "repayment-exceeds-loan",
        f"{context.rsc(units)} are repaid, but {context.rsc(repaid.outstanding)} of {quoted(repaid.id)} are "
        "outstanding; repay at most that",
    )


def release(context: Context, repaid: Loan, units: int) -> Transfer:
    """What leaves the bank's claim and the borrower's debt."""
    claim = context.chart.of("claim", repaid.bank)
    debt = context.chart.debt(repaid.borrower_type, repaid.borrower)
    return Transfer("loan_release", claim, debt, units, derived=True)


def draw(context: Context, movement: Movement) -> Outcome:
    """Money from a bank outside comes in, up to the principal that was agreed on."""
    agreed = _agreed(context, movement)
    units = movement.transfers[0].units
    if agreed.drawn + units > agreed.principal:
        raise over_principal(context, agreed, units)
    return Outcome(movement, movement.transfers, thing=agreed.id)


def over_principal(context: Context, agreed: OutsideLoan, units: int) -> Rejection:
    """Why more than was agreed on does not come in."""
    left = agreed.principal - agreed.drawn
    return Rejection(
        "wrong-amount",
        f"{context.rsc(units)} come in, but of the {context.rsc(agreed.principal)} agreed on at "
        f"{format_instant(agreed.since)} in {quoted(agreed.id)} {context.rsc(left)} are left; write at most that, or "
        "record another outside-loan",
    )


def pay_back_outside(context: Context, movement: Movement) -> Outcome:
    """A company pays a bank outside; what passes the principal is that bank's interest."""
    agreed = _agreed(context, movement)
    return Outcome(movement, movement.transfers, thing=agreed.id)


def _agreed(context: Context, movement: Movement) -> OutsideLoan:
    agreed = linked(context, movement, context.state.credits.outside_loans, "loan-not-found", "outside-loan")
    context.check_settled(agreed.id)
    check_parties(context, movement)
    for transfer in movement.transfers:
        pool = transfer.credit if transfer.type == "outside_loan" else transfer.debit
        if pool.owner != agreed.company:
            raise Rejection(
                "account-is-not-borrowers",
                f"{quoted(agreed.id)} was agreed on with {agreed.company}, not with {pool.owner}; name its wallet",
            )
    return agreed


HANDLERS: dict[str, Callable[[Context, Movement], Outcome]] = {
    "loan_repayment": early_repayment,
    "outside_loan": draw,
    "outside_repayment": pay_back_outside,
}
