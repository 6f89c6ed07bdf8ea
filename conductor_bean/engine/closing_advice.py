"""Advice that a month's close gives: who could not pay, and which regional company sells above cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.costs import cost_of_unit, joined
from conductor_bean.domain.instants import month_from_number, month_number
from conductor_bean.domain.problems import quoted
from conductor_bean.engine.wage_arrears import told

if TYPE_CHECKING:
    from conductor_bean.domain.costs import CostSheet
    from conductor_bean.engine.context import Context

TRAILING_MONTHS = 3
"""Over how many months, this one included, the cost of a unit is looked at (RULES.md, part B, "At-cost")."""


def trailing(context: Context, company: str, month: str) -> CostSheet:
    """A company's trailing months as one sheet."""
    last = month_number(month)
    sheets = context.state.credits.costs.get(company, {})
    names = (month_from_number(number) for number in range(last - TRAILING_MONTHS + 1, last + 1))
    return joined([sheets[name] for name in names if name in sheets])


def advise_of_arrears(context: Context) -> None:
    """Say of each wallet that could not pay what it lacks."""
    lacking: dict[str, dict[str, int]] = {}
    for arrear in context.state.credits.arrears:
        kinds = lacking.setdefault(arrear.debit, {})
        kinds[arrear.type] = kinds.get(arrear.type, 0) + arrear.units
    for company in sorted(context.state.credits.wages_owed):
        context.advise(
            "payment-in-arrears",
            f"{context.company_wallets[company].name} owes wages: {told(context, company)}; they are paid first at the "
            "next close",
        )
    for wallet, kinds in sorted(lacking.items()):
        parts = ", ".join(f"{context.rsc(units)} of {kind}" for kind, units in kinds.items())
        when = "at" if wallet == context.treasury.name else "first at"
        context.advise("payment-in-arrears", f"{wallet} lacks {parts}; it is due {when} the next close")


def advise_of_prices(context: Context, month: str) -> None:
    """Say of regional companies which offers they sell to members above cost."""
    kept = context.state.credits
    for company in sorted(kept.costs):
        party = context.state.companies[company]
        sold_now = kept.costs[company].get(month)
        if party.ownership != "regional" or party.ended is not None or sold_now is None:
            continue
        sheet = trailing(context, company, month)
        prices = {name: kept.offers[name].price for name in party.offers}
        for name in sorted(sold_now.to_members):
            cost = cost_of_unit(sheet, name, prices)
            if sold_now.to_members[name] > 0 and cost is not None and prices[name] > cost:
                context.advise(
                    "sells-above-cost",
                    f"{quoted(company)} sells {quoted(name)} to members at {context.rsc(prices[name])}; over the last "
                    f"{TRAILING_MONTHS} months a unit cost {context.exact(cost)}, so at cost it is "
                    f"{context.rsc(round(cost))}",
                )
