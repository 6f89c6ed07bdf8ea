"""The close of a month: who pays what, in which order, and the social dividend (RULES.md, part B, "month-close")."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conductor_bean.engine.banking import release
from conductor_bean.engine.closing_advice import advise_of_arrears, advise_of_prices
from conductor_bean.engine.credit_state import Arrear
from conductor_bean.engine.dues import Calendar, Due, all_dues, carry_costs, note_costs
from conductor_bean.engine.events import Transfer
from conductor_bean.engine.wage_arrears import pay_arrears

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.context import Context


@dataclass(slots=True)
class _Closing:
    """Payments of one close, made one after the other on a copy of the wallets' balances."""

    context: Context
    transfers: list[Transfer] = field(default_factory=list)
    arrears: list[Arrear] = field(default_factory=list)
    interest: dict[str, int] = field(default_factory=dict)
    taxes: int = 0
    above_cost: int = 0
    moved: dict[str, int] = field(default_factory=dict)

    def balance(self, account: Account) -> int:
        return self.context.state.balances[account.name] + self.moved.get(account.name, 0)

    def transfer(self, kind: str, debit: Account, credit: Account, units: int) -> None:
        self.transfers.append(Transfer(kind, debit, credit, units, derived=True))
        self.moved[debit.name] = self.moved.get(debit.name, 0) - units
        self.moved[credit.name] = self.moved.get(credit.name, 0) + units

    def pay(self, due: Due) -> None:
        """Pay as much as the wallet has; what it lacks is due first at the next close."""
        bottomless = due.debit.kind == "outside"
        units = due.units if bottomless else max(0, min(due.units, self.balance(due.debit)))
        if units < due.units:
            self.arrears.append(Arrear(due.type, due.debit.name, due.credit.name, due.thing, due.units - units))
        if not units:
            return
        self.transfer(due.type, due.debit, due.credit, units)
        if due.type == "loan_repayment":
            loan = self.context.state.credits.loans[due.thing]
            loan.outstanding -= units
            released = release(self.context, loan, units)
            self.transfer(released.type, released.debit, released.credit, units)
        elif due.type == "loan_interest":
            self.interest[due.credit.owner] = self.interest.get(due.credit.owner, 0) + units
        elif due.type in ("sales_tax", "profit_tax"):
            self.taxes += units
        elif due.type == "sales_tax_refund":
            self.taxes -= units
        self.above_cost += due.above_cost


def close(context: Context, month: str) -> list[Transfer]:
    """What the close of a month derives, in the order of payment; arrears, costs and loans change with it.

    Args:
        context: The region at the month's last instant, before its close.
        month: The month, whose events are all applied.
    """
    kept = context.state.credits
    context.tracker.end_day()
    dues = all_dues(context, Calendar(context, month))
    carry_costs(context, dues)
    note_costs(context, dues)
    for due in dues:
        if due.type in ("rent", "outsider_rent"):
            kept.properties[due.thing].charged += due.units
    closing = _Closing(context)
    _pay_wages(context, closing)
    late = _in_arrears(context)
    # What the treasury owes it pays when the taxes of this close have come in.
    carried = [due for due in late if due.debit is context.treasury]
    for due in (due for due in late if due.debit is not context.treasury):
        closing.pay(due)
    for due in sorted([*carried, *dues], key=lambda due: due.order):
        closing.pay(due)
    _pay_surplus_and_dividend(context, closing, month)
    kept.arrears = _joined(closing.arrears)
    advise_of_arrears(context)
    advise_of_prices(context, month)
    kept.month.leases.clear()
    kept.month.enrolments.clear()
    return closing.transfers


def _pay_wages(context: Context, closing: _Closing) -> None:
    """Wages that pools did not reach for come before all else that is in arrears."""
    for company in sorted(context.state.credits.wages_owed):
        reach = closing.balance(context.company_wallets[company])
        for transfer in pay_arrears(context, company, reach):
            closing.transfer(transfer.type, transfer.debit, transfer.credit, transfer.units)
            closing.taxes += transfer.units if transfer.type == "income_tax" else 0


def _in_arrears(context: Context) -> list[Due]:
    account, kept = context.account, context.state.credits
    dues = [
        Due(arrear.type, account(arrear.debit), account(arrear.credit), arrear.units, arrear.thing)
        for arrear in kept.arrears
    ]
    for due in dues:
        if due.type == "loan_repayment":  # what was repaid early since then is owed no more
            due.units = min(due.units, kept.loans[due.thing].outstanding)
    return sorted((due for due in dues if due.units), key=lambda due: due.order)


def _pay_surplus_and_dividend(context: Context, closing: _Closing, month: str) -> None:
    """Interest of regional banks, and the share of regional profit that each member is paid."""
    kept = context.state.credits
    surplus = 0
    for bank in sorted(closing.interest):
        if kept.banks[bank].ownership == "regional":
            units = closing.interest[bank]
            closing.transfer("bank_surplus", context.chart.of("bank", bank), context.treasury, units)
            surplus += units
    profit = kept.month.taxes + closing.taxes + surplus + kept.month.surcharges + closing.above_cost
    base = profit + kept.profit_carried
    kept.profit_carried = min(0, base)
    members = sorted(member.id for member in context.state.members.values() if member.ended is None)
    kept.profits[month] = profit
    kept.dividends[month] = 0
    if not members or base <= 0:
        return
    paid = context.rules.dividend * base
    whole = paid.numerator // (paid.denominator * len(members))
    share = min(whole, max(0, closing.balance(context.treasury)) // len(members))
    if share < whole:
        context.advise(
            "dividend-limited",
            f"each member would be paid {context.rsc(whole)}, but the treasury holds {context.rsc(share)} for each; "
            "let it keep more of what comes in, or decide a smaller dividend",
        )
    kept.dividends[month] = share
    if share:
        for member in members:
            closing.transfer("dividend", context.treasury, context.member_wallets[member], share)


def _joined(arrears: list[Arrear]) -> list[Arrear]:
    """Arrears of one kind, wallet and thing as one, in the order in which they are paid."""
    sums: dict[tuple[str, str, str, str], int] = {}
    for arrear in arrears:
        key = (arrear.type, arrear.debit, arrear.credit, arrear.thing)
        sums[key] = sums.get(key, 0) + arrear.units
    return [Arrear(*key, units) for key, units in sorted(sums.items())]
