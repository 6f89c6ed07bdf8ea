"""Accounts as an edition sees them: public ones by name, private ones as the sum of all of their kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conductor_bean.publish.privacy import is_private

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.ledger.books import Books

MERGED = "Assets:Private:Merged"
"""Stands in an edition for every account that would say too much."""

_CLASSES = {
    "member": "Assets:Private:Members:Hours",
    "member_wallet": "Assets:Private:Members:Wallet",
    "p": "Assets:Private:Companies:P",
    "r": "Assets:Private:Companies:R",
    "a": "Assets:Private:Companies:A",
    "prd": "Liabilities:Private:Companies:PRD",
    "company_wallet": "Assets:Private:Companies:Wallet",
}
_DEBTS = {
    "Liabilities:Members": "Liabilities:Private:Members:Loans",
    "Liabilities:Companies": "Liabilities:Private:Companies:Loans",
}
_REGION_WIDE = frozenset(("psf", "treasury", "issuance", "outside"))


@dataclass(frozen=True, slots=True)
class Side:
    """An account as an edition sees it.

    Attributes:
        account: Its name in the edition.
        party: Whose it is, where that is private, else "".
        branch: Whose it is, where it is public and not the region's own, else "".
        kind: Its kind.
    """

    account: str
    party: str
    branch: str
    kind: str


class Sides:
    """Accounts as an edition sees them, each looked at once."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._sides: dict[Account, Side] = {}

    def of(self, account: Account) -> Side:
        """How an edition shows an account."""
        try:
            return self._sides[account]
        except KeyError:
            side = self._sides[account] = self._look(account)
            return side

    def _look(self, account: Account) -> Side:
        if not is_private(self._books, account):
            branch = "" if account.kind in _REGION_WIDE else account.owner
            return Side(account.name, "", branch, account.kind)
        prefix = ":".join(account.name.split(":")[:2])
        shown = _CLASSES.get(account.kind) or _DEBTS[prefix]
        return Side(shown, account.owner, "", account.kind)
