"""Whose accounts are private: those of members, and those of companies that workers own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.ledger.books import Books

REGIONAL = "regional"

PUBLIC_KINDS = frozenset(("psf", "cooperation", "treasury", "pool", "bank", "claim", "issuance", "outside", "clearing"))
"""Kinds of accounts that belong to everybody."""


def is_private(books: Books, account: Account) -> bool:
    """Whether balance and transactions of an account are nobody's business but its owner's.

    Members' accounts are, always; a company's are unless the region owns it. Ownership is fixed at registration, and
    members and companies share their ids, so the answer never changes. A kind of account that is not known here is
    private until somebody decides otherwise.
    """
    if account.kind in PUBLIC_KINDS:
        return False
    company = books.machine.state.companies.get(account.owner)
    return company is None or company.ownership != REGIONAL
