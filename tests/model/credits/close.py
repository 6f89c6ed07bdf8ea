"""The month-close: everybody pays what is due as far as the wallet reaches, then the dividend is paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.model.credits import unpaid
from tests.model.credits.dues import cost_of_school, dues, outsider_markups, regional
from tests.model.credits.movements import release
from tests.model.credits.past import days_of, months_between, of_month, outstanding
from tests.model.credits.state import Due
from tests.model.events import Fact, account, is_month
from tests.model.state import RefusedError, State, Transfer

ORDER = (
    "rent",
    "outsider_rent",
    "loan_interest",
    "loan_repayment",
    "tuition",
    "sales_tax",
    "sales_tax_refund",
    "profit_tax",
)


def close_month(state: State, fact: Fact) -> list[Transfer]:
    (month,) = fact.ids
    if not is_month(month) or days_of(month)[-1] != fact.instant.date():
        raise RefusedError("*")
    if state.credits.closed and months_between(state.credits.closed[-1], month) != 1:
        raise RefusedError("*")
    funds = dict(state.balances)
    transfers: list[Transfer] = []
    arrears: list[Due] = []
    costs = {school: cost_of_school(state, school, month) for school in regional(state)}
    in_arrears = [due for due in late(state) if due.type != "sales_tax_refund"]
    carried = [due for due in late(state) if due.type == "sales_tax_refund"]
    # All dues follow from the state before; wages in arrears are paid before all else that is.
    dues_now = dues(state, month)
    transfers += late_wages(state, fact, funds)
    for due in [*sorted(in_arrears, key=order), *sorted([*carried, *dues_now], key=order)]:
        paid = due.amount
        if due.type != "outsider_rent":
            paid = min(paid, funds.get(due.payer, Decimal(0)))
        if paid < due.amount:
            arrears.append(replace(due, amount=due.amount - paid))
        if paid > 0:
            transfers.append(Transfer(due.type, due.payer, due.payee, paid, derived=True, thing=due.thing))
            move(funds, transfers[-1])
            if due.type == "loan_repayment":
                transfers.append(release(state, due.thing, paid))
    state.credits.arrears = together(arrears)
    state.credits.costs_back = {school: min(Decimal(0), cost) for school, cost in costs.items()}
    state.credits.closed.append(month)
    surpluses = surplus(state, transfers)
    for transfer in surpluses:
        move(funds, transfer)
    return (
        transfers + surpluses + dividend(state, fact, transfers, surpluses, funds.get(account("treasury"), Decimal(0)))
    )


def late_wages(state: State, fact: Fact, funds: dict[str, Decimal]) -> list[Transfer]:
    """What pools did not reach for before."""
    found = []
    for company in sorted({company for company, _ in state.credits.owed}):
        money = funds.get(account("company_wallet", company), Decimal(0))
        for transfer in unpaid.pay_late(state, company, money, fact.instant):
            move(funds, transfer)
            found.append(transfer)
    return found


def late(state: State) -> list[Due]:
    """What is in arrears; of principal that was repaid early no more than is still owed."""
    found = []
    for due in state.credits.arrears:
        amount = min(due.amount, outstanding(state, due.thing)) if due.type == "loan_repayment" else due.amount
        found.append(replace(due, amount=amount))
    return found


def order(due: Due) -> tuple[int, str, str, str]:
    number = 0 if due.type == "outsider_rent" else ORDER.index(due.type)
    return number, due.payer, due.thing, due.payee


def move(funds: dict[str, Decimal], transfer: Transfer) -> None:
    funds[transfer.debit] = funds.get(transfer.debit, Decimal(0)) - transfer.amount
    funds[transfer.credit] = funds.get(transfer.credit, Decimal(0)) + transfer.amount


def together(arrears: list[Due]) -> list[Due]:
    """What somebody owes for the same is one debt."""
    found: dict[tuple[str, str, str, str], Due] = {}
    for due in arrears:
        key = (due.type, due.payer, due.thing, due.payee)
        found[key] = replace(due, amount=due.amount + (found[key].amount if key in found else 0))
    return list(found.values())


def surplus(state: State, transfers: list[Transfer]) -> list[Transfer]:
    """The interest that the regional banks received goes to the region."""
    found = []
    for bank, ownership in sorted(state.credits.banks.items()):
        funds = account("bank", bank)
        received = sum(
            (t.amount for t in transfers if t.type == "loan_interest" and t.credit == funds),
            Decimal(0),
        )
        if ownership == "regional" and received:
            found.append(Transfer("bank_surplus", funds, account("treasury"), received, derived=True))
    return found


def dividend(
    state: State, fact: Fact, transfers: list[Transfer], surpluses: list[Transfer], treasury: Decimal
) -> list[Transfer]:
    """A share of the region's profit, the same for each member, rounded down; never more than there is."""
    month = fact.ids[0]
    taxes = ("income_tax", "sales_tax", "profit_tax")
    before = [t.sign * t.amount for _, t in of_month(state, month, *taxes, "surcharge")]
    now = [t.amount for t in transfers if t.type in taxes] + [t.amount for t in surpluses]
    now += [-t.amount for t in transfers if t.type == "sales_tax_refund"]
    profit = sum(before + now, Decimal(0)) + outsider_markups(state, month) + state.credits.loss
    state.credits.loss = min(Decimal(0), profit)
    members = [party.id for party in state.parties.values() if party.kind == "member" and party.ended is None]
    if not members or state.region.credits is None:
        return []
    step = Fraction(state.region.credits)
    rate = state.region.on_day("dividend", fact.instant.date())
    wanted = min(rate * Fraction(profit), Fraction(treasury)) / len(members)
    share = Decimal(wanted // step) * state.region.credits
    if share <= 0:
        return []
    wallets = [account("member_wallet", member) for member in sorted(members)]
    return [Transfer("dividend", account("treasury"), wallet, share, derived=True) for wallet in wallets]
