"""What companies own beside their wallets, and who has it when they end (RULES.md, part B, "Assets of companies").

Seed of Conductor, "Regional socialism": of a bankrupt company the assets become the property of its creditors; of one
that the regionally-owned bank funded, property of the region, which keeps them, rents them out or sells them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, format_instant
from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.properties import EQUIPMENT, Asset, Property
from conductor_bean.engine.namespaces import check_new_link

if TYPE_CHECKING:
    from conductor_bean.domain.loans import Loan, OutsideLoan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import Party


def asset(context: Context, fact: Fact) -> None:
    """A company owns something, with its value and the creditor that it secures."""
    name, owner = fact.ids
    check_new_link(context, name)
    company = context.company(owner)
    creditor = fact.data["to"]
    if creditor:
        _check_creditor(context, name, company, creditor)
    kept = context.state.credits
    kept.assets[name] = Asset(name, company.id, fact.data["name"], fact.data["value"], creditor, fact.instant)
    company.assets.append(name)


def _check_creditor(context: Context, name: str, company: Party, creditor: str) -> None:
    """Hold that an asset secures a bank, or a loan of its own company: never a person.

    Raises:
        Rejection: `creditor-not-found`, `creditor-is-a-person` or `creditor-of-another-company`.
    """
    kept = context.state.credits
    if creditor in kept.banks:
        return
    if creditor in context.state.members or creditor in context.state.accountants:
        raise Rejection(
            "creditor-is-a-person",
            f"to: {quoted(creditor)} is a person; what a company owns goes to a bank or lender that it owes, or to the "
            "region, and never to people: name a loan, a credit union, or nobody",
        )
    loans = {**kept.loans, **kept.outside_loans}
    if creditor not in loans:
        raise Rejection(
            "creditor-not-found",
            f"to: {quoted(creditor)} is no loan or bank at this instant; name the id of a loan of "
            f"{quoted(company.id)}, or of a credit union" + context.hint(creditor, {**loans, **kept.banks}, "creditor"),
            missing=("loan", creditor),
        )
    borrower = kept.loans[creditor].borrower if creditor in kept.loans else kept.outside_loans[creditor].company
    if borrower != company.id:
        raise Rejection(
            "creditor-of-another-company",
            f"to: {quoted(creditor)} is a loan to {borrower}; {quoted(name)} of {quoted(company.id)} secures loans of "
            "that company alone: name one of them",
        )


def asset_end(context: Context, fact: Fact) -> None:
    """A company owns something no longer: it was sold, or is worn out."""
    found = context.known(context.state.credits.assets, "asset", fact.ids[0], "asset-not-found")
    if found.ended is not None:
        raise Rejection(
            "asset-has-ended",
            f"{quoted(found.id)} is no asset of {quoted(found.company)} since {format_instant(found.ended)}; remove "
            "this directive",
        )
    found.ended = fact.instant


def hand_over(
    context: Context, company: Party, loans: list[Loan], outside: list[OutsideLoan], instant: int
) -> dict[str, int]:
    """Let what a company that ends owns go to the creditors that it names, at its value, or to the region.

    An asset covers at most what its creditor is still owed; what it is worth beyond stays with the region, as a
    property under the same id. Of a company that owes a regional bank all are the region's, and cover nothing.

    Args:
        context: The region.
        company: The company; its loans from outside owe less afterwards.
        loans: Its loans of banks that are not paid back.
        outside: Its loans from outside that are not paid back.
        instant: When it ends.

    Returns:
        Of each bank, units of its claim that assets cover.
    """
    kept = context.state.credits
    regional = any(kept.banks[loan.bank].ownership == "regional" for loan in loans)
    pool = context.company_wallets[company.id].name
    interest = [a for a in kept.arrears if a.debit == pool and a.type == "loan_interest"]
    regional = regional or any(
        kept.banks[context.account(arrear.credit).owner].ownership == "regional" for arrear in interest
    )
    claims: dict[str, int] = {}  # of each loan what it is owed, with its interest in arrears
    for loan in loans:
        claims[loan.id] = loan.outstanding
    for arrear in interest:
        claims[arrear.thing] = claims.get(arrear.thing, 0) + arrear.units
    covered: dict[str, int] = {}
    agreed = {loan.id: loan for loan in outside}
    for name in sorted(company.assets):
        found = kept.assets[name]
        if found.ended is not None:
            continue
        found.ended, left = instant, found.value
        if not regional and found.to in agreed:
            left -= _secured(agreed[found.to], found.value)
        elif not regional:
            for owed in sorted(claims):
                bank = kept.loans[owed].bank
                if found.to in (owed, bank):
                    share = min(left, claims[owed])
                    claims[owed] -= share
                    left -= share
                    covered[bank] = covered.get(bank, 0) + share
        if left or regional or not found.to:
            _become_property(context, name, found, left, instant)
    return covered


def _secured(loan: OutsideLoan, value: int) -> int:
    share = min(value, loan.outstanding)
    loan.repaid += share
    return share


def _become_property(context: Context, name: str, found: Asset, price: int, instant: int) -> None:
    """Let an asset, or what of its value no creditor was owed, be property of the region under the same id."""
    property_ = Property(name, EQUIPMENT, found.name, instant, price, [(instant // DAY, 0, EQUIPMENT)], (0, 0, 0, 0))
    property_.deal(instant, sale=False, stands=True)
    context.state.credits.properties[name] = property_
