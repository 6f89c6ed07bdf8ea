"""The end of a company's credits: creditors pro rata, the rest to the region, never to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.shares import pro_rata
from conductor_bean.engine.assets import hand_over
from conductor_bean.engine.banking import release
from conductor_bean.engine.estate import end_lease, leases_of, leave_lists
from conductor_bean.engine.events import Transfer
from conductor_bean.engine.schooling import close_school
from conductor_bean.engine.wage_arrears import check_paid, forgive, leave_to_treasury, pay_arrears

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.loans import Loan, OutsideLoan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import Party


def check_without_loan(context: Context, company: Party) -> None:
    """Hold that a company which ends owes nothing to banks, and no wages that its pool does not reach for.

    Raises:
        Rejection: `company-has-loan` or `company-owes-wages`.
    """
    owing: list[Loan | OutsideLoan] = [*loans_of(context, company), *_outside_loans(context, company)]
    if owing and not context.hypothetical:
        first = owing[0]
        raise Rejection(
            "company-has-loan",
            f"{quoted(company.id)} owes {context.rsc(first.outstanding)} of the loan {quoted(first.id)}; repay it "
            "first, "
            "or record a bankruptcy",
        )
    check_paid(context, company.id)


def wind_up(context: Context, company: Party, instant: int) -> list[Transfer]:
    """Pay a company's creditors with its assets and from its pool, and end its offers, leases and places.

    RULES.md, part B, "Bankruptcy": assets go at their value to the creditors that they name, or to the region; wages in
    arrears are paid first of the cash; then banks, outside lenders and arrears, pro rata by largest remainder; what
    they do not get is written off; what is left over goes to the treasury.
    """
    loans = loans_of(context, company)
    covered = hand_over(context, company, loans, _outside_loans(context, company), instant)
    creditors = _creditors(context, company, loans, covered)
    pool = context.company_wallets[company.id]
    wages = pay_arrears(context, company.id, context.state.balances[pool.name])
    context.state.credits.month.taxes += sum(t.units for t in wages if t.type == "income_tax")
    forgive(context, company.id)
    units = context.state.balances[pool.name] - sum(t.units for t in wages if t.debit is pool)
    shares = pro_rata(max(0, units), [claim for _, claim in creditors])
    paid: dict[str, tuple[Account, int]] = {}
    for (account, _), share in zip(creditors, shares, strict=True):
        paid[account.name] = (account, paid.get(account.name, (account, 0))[1] + share)
    treasury = context.treasury
    left = units - sum(shares)
    paid[treasury.name] = (treasury, paid.get(treasury.name, (treasury, 0))[1] + left)
    transfers = wages + [
        Transfer("liquidation", pool, account, share, derived=True) for account, share in paid.values() if share > 0
    ]
    transfers += [release(context, loan, loan.outstanding) for loan in loans]
    for loan in loans:
        loan.outstanding = 0
    for agreed in _outside_loans(context, company):
        agreed.repaid = agreed.drawn
    kept = context.state.credits
    # What students owe to a school goes with it.
    kept.arrears = [arrear for arrear in kept.arrears if pool.name not in (arrear.debit, arrear.credit)]
    _end_everything(context, company, instant)
    return transfers


def _end_everything(context: Context, company: Party, instant: int) -> None:
    kept = context.state.credits
    for name in company.offers:
        if kept.offers[name].ended is None:
            kept.offers[name].ended = instant
    for held in leases_of(context, company.id):
        end_lease(context, held, instant)
    leave_lists(context, company.id)
    close_school(context, company.id, instant)
    kept.month.levels.pop(company.id, None)


def loans_of(context: Context, party: Party) -> list[Loan]:
    """Loans of a party that are not paid back, in order of bank, then id."""
    loans = context.state.credits.loans.values()
    mine = (loan for loan in loans if loan.borrower == party.id and loan.outstanding)
    return sorted(mine, key=lambda loan: (loan.bank, loan.id))


def _outside_loans(context: Context, company: Party) -> list[OutsideLoan]:
    mine = (loan for loan in context.tracker.outside_loans(company.id) if loan.outstanding)
    return sorted(mine, key=lambda loan: (loan.lender, loan.id))


def _creditors(
    context: Context, company: Party, loans: list[Loan], covered: dict[str, int]
) -> list[tuple[Account, int]]:
    """Who is owed how much that assets do not cover: banks by id, then lenders outside by name, then the treasury."""
    pool = context.company_wallets[company.id].name
    chart = context.chart
    banks: dict[str, int] = {}
    for loan in loans:
        banks[loan.bank] = banks.get(loan.bank, 0) + loan.outstanding
    public = 0
    for arrear in context.state.credits.arrears:
        if arrear.debit == pool and arrear.type == "loan_interest":
            owner = context.account(arrear.credit).owner
            banks[owner] = banks.get(owner, 0) + arrear.units
        elif arrear.debit == pool and arrear.type != "loan_repayment":
            public += arrear.units  # principal in arrears is outstanding already
    lenders: dict[str, int] = {}
    for agreed in _outside_loans(context, company):
        lenders[agreed.lender] = lenders.get(agreed.lender, 0) + agreed.outstanding
    creditors = [(chart.of("bank", bank), banks[bank] - covered.get(bank, 0)) for bank in sorted(banks)]
    creditors += [(chart.of("outside"), lenders[lender]) for lender in sorted(lenders)]
    return [*creditors, (context.treasury, public)] if public else creditors


def check_member_leaves(context: Context, member: Party) -> None:
    """Hold that a member who leaves has no loan and no lease (RULES.md, part A, "Ends").

    Raises:
        Rejection: `member-has-loan` or `member-has-lease`.
    """
    owing = loans_of(context, member)
    if owing and not context.hypothetical:
        raise Rejection(
            "member-has-loan",
            f"{quoted(member.id)} owes {context.rsc(owing[0].outstanding)} of the loan {quoted(owing[0].id)}; she "
            "repays "
            "it before she leaves",
        )
    held = leases_of(context, member.id)
    if held:
        raise Rejection(
            "member-has-lease",
            f"{quoted(member.id)} holds {quoted(held[0].id)}; record lease-end at an earlier instant before she leaves",
        )


def check_wallet_empty(context: Context, member: Party) -> None:
    """Hold that a member who leaves has spent or given all her credits.

    Raises:
        Rejection: `member-has-credits`.
    """
    units = context.state.balances.get(context.member_wallets[member.id].name, 0)
    if units and not context.hypothetical:
        raise Rejection(
            "member-has-credits",
            f"{quoted(member.id)} has {context.rsc(units)} in her wallet; a member leaves with an empty one, so "
            "let her "
            "spend or give them first",
        )


def member_leaves(context: Context, member: Party) -> None:
    """Take a member who leaves off every list; what she owes since earlier closes is owed no more."""
    kept = context.state.credits
    leave_lists(context, member.id)
    wallet = context.member_wallets[member.id].name
    kept.arrears = [arrear for arrear in kept.arrears if arrear.debit != wallet]
    leave_to_treasury(context, member.id)


def check_just_granted(context: Context, company: Party, fact: Fact) -> None:
    """Let a loan of the instant of a bankruptcy stand for good, where its bank has the funds so far.

    The bankruptcy shares out what was lent, so the loan cannot fall any more when the instant is settled.

    Raises:
        Rejection: `company-has-loan`.
    """
    for loan in loans_of(context, company):
        if loan.since != fact.instant:
            continue
        if context.state.balances[context.chart.of("bank", loan.bank).name] < 0:
            raise Rejection(
                "company-has-loan",
                f"the loan {quoted(loan.id)} is granted to {quoted(company.id)} at the same instant, and whether its "
                "bank "
                "has the funds is not known yet; give the bankruptcy a time: after it",
            )
        context.firm.add(loan.id)
