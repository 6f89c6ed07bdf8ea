"""Whose accounts are private: those of members, and those of companies that workers own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.ledger.books import Books

REGIONAL = "regional"

_COMPANIES = frozenset(("p", "r", "a", "prd", "company_wallet"))
PUBLIC_KINDS = frozenset(("psf", "cooperation", "treasury", "pool", "bank", "claim", "issuance", "outside", "clearing"))
"""Kinds of accounts that belong to everybody."""

_DEBTS_OF_MEMBERS = "Liabilities:Members:"


def is_private(books: Books, account: Account) -> bool:
    """Whether balance and transactions of an account are nobody's business but its owner's.

    Members' accounts are, always; a company's are unless the region owns it. Ownership is fixed at registration, so
    the answer never changes. A kind of account that is not known here is private until somebody decides otherwise.
    """
    if account.kind in PUBLIC_KINDS:
        return False
    if account.kind in _COMPANIES:
        return _is_private_company(books, account.owner)
    if account.kind == "debt" and not account.name.startswith(_DEBTS_OF_MEMBERS):
        return _is_private_company(books, account.owner)
    return True


def _is_private_company(books: Books, company: str) -> bool:
    party = books.machine.state.companies.get(company)
    return party is None or party.ownership != REGIONAL
