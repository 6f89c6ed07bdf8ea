"""Which transfers the legs of a transaction in regional credits are."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from tests.model.events import Leg, Transaction, kind_of
from tests.model.state import RefusedError, State, Transfer

WALLETS = ("member_wallet", "company_wallet")
# What a person may record: name -> pairs of kinds, the debit's and the credit's.
RECORDED = {
    "gift": [("member_wallet", "member_wallet")],
    "purchase": list(product(WALLETS, ["company_wallet"])),
    "external_sale": [("outside", "company_wallet")],
    "external_purchase": list(product(WALLETS, ["outside"])),
    "wage": [("company_wallet", "member_wallet")],  # only where labour time is off
    "surcharge": [("outside", "treasury"), ("clearing", "treasury")],
    "loan_repayment": list(product(WALLETS, ["bank"])),
    "outside_loan": [("outside", "company_wallet")],
    "outside_repayment": [("company_wallet", "outside")],
    "subsidy": [("treasury", "company_wallet")],
    "upkeep": [("treasury", "company_wallet"), ("treasury", "outside")],
    "issue": [("issuance", "treasury"), ("issuance", "bank")],
    "retire": [("treasury", "issuance"), ("bank", "issuance")],
    "capitalization": [("treasury", "bank")],
    "acquisition": [("company_wallet", "outside"), ("company_wallet", "company_wallet")],
    "property_purchase": list(product(["treasury"], [*WALLETS, "outside"])),
    "property_sale": list(product([*WALLETS, "outside"], ["treasury"])),
    "pooling": [
        *product(["treasury", "clearing"], ["pool"]),
        *product(["pool"], ["company_wallet", "outside", "clearing", "treasury"]),
    ],
    "interregional_purchase": list(product(WALLETS, ["clearing"])),
    "interregional_sale": [("clearing", "company_wallet")],
    "interregional_gift": [("member_wallet", "clearing"), ("clearing", "member_wallet")],
    "settlement": [("treasury", "clearing"), ("clearing", "treasury")],
}
DERIVED = {
    "sales_tax": [("company_wallet", "treasury")],
    "sales_tax_refund": [("treasury", "company_wallet")],
    "wage": [("company_wallet", "member_wallet")],
    "income_tax": [("member_wallet", "treasury")],
    "rent": list(product(WALLETS, ["treasury"])),
    "outsider_rent": [("outside", "treasury")],
    "loan": list(product(["bank"], WALLETS)),
    "loan_claim": [("debt", "claim")],
    "loan_repayment": list(product(WALLETS, ["bank"])),
    "loan_interest": list(product(WALLETS, ["bank"])),
    "loan_release": [("claim", "debt")],
    "profit_tax": [("company_wallet", "treasury")],
    "tuition": [("member_wallet", "company_wallet")],
    "bank_surplus": [("bank", "treasury")],
    "dividend": [("treasury", "member_wallet")],
    "liquidation": list(product(["company_wallet"], ["bank", "company_wallet", "treasury", "outside"])),
}


def transfers_of(state: State, transaction: Transaction) -> list[Transfer]:
    """One debit and many credits, or the reverse, all of one type; the pair of kinds or `transfer:` says which."""
    legs = transaction.legs
    assert state.region.credits is not None
    if sum((leg.amount for leg in legs), Decimal(0)) != 0:
        raise RefusedError("*")
    if any(leg.amount % state.region.credits != 0 for leg in legs):
        raise RefusedError("*")
    debits, credits_ = sides(transaction)
    if not debits or not credits_ or (len(debits) > 1 and len(credits_) > 1):
        raise RefusedError("*")
    found = []
    kinds = {(kind_of(debit.account), kind_of(credit.account)) for debit, credit in product(debits, credits_)}
    if len(kinds) > 1 and not any(kinds <= {*pairs} for pairs in RECORDED.values()):
        raise RefusedError("*")
    # What is said of hours is said of a wage: any other transfer contradicts it.
    says_hours = any(leg.hours is not None for leg in legs)
    if says_hours and (kinds != {("company_wallet", "member_wallet")} or any(leg.hours is not None for leg in debits)):
        raise RefusedError("*")
    for debit, credit in product(debits, credits_):
        many = debit if len(debits) > 1 else credit
        name = type_of(state, transaction, (kind_of(debit.account), kind_of(credit.account)))
        hours = credit.hours or Decimal(0)
        found.append(Transfer(name, debit.account, credit.account, abs(many.amount), hours=hours))
    if len({transfer.type for transfer in found}) > 1:
        raise RefusedError("*")
    if found[0].type == "wage" and any(leg.hours is None for leg in credits_):
        raise RefusedError("missing-hours")
    return found


def sides(transaction: Transaction) -> tuple[list[Leg], list[Leg]]:
    """Debits and credits; where nothing is paid, the seller's wallet is credited, or without a link the member's."""
    legs = transaction.legs
    debits = [leg for leg in legs if leg.amount < 0]
    credits_ = [leg for leg in legs if leg.amount > 0]
    zeros = [leg for leg in legs if leg.amount == 0]
    if not debits and len(zeros) == len(legs) == 2:
        kinds = [kind_of(leg.account) for leg in zeros]
        pairs = RECORDED["purchase" if transaction.links else "wage"]
        for debit, credit in ((0, 1), (1, 0)):
            if (kinds[debit], kinds[credit]) in pairs:
                return [zeros[debit]], [zeros[credit]]
    return debits, credits_ + zeros


def type_of(state: State, transaction: Transaction, kinds: tuple[str, str]) -> str:
    """The row of the table."""
    rows = [name for name, pairs in RECORDED.items() if kinds in pairs and (name != "wage" or not state.region.labour)]
    if transaction.transfer is not None:
        if transaction.transfer not in rows:
            raise RefusedError("*")
        return transaction.transfer
    # A row of version 2 of the table is meant only where it is named; these regions keep version 1.
    rows = [name for name in rows if name != "upkeep"]
    if kinds == ("company_wallet", "member_wallet") and state.region.labour:
        raise RefusedError("derived-without-cause")
    if not rows:
        raise RefusedError("*")
    if "purchase" in rows:
        if not transaction.links:
            raise RefusedError("forbidden-transfer")
        return "purchase"
    if len(rows) > 1:
        raise RefusedError("ambiguous-transfer")
    return rows[0]
