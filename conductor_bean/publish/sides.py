"""Accounts as an edition sees them: public ones by name, private ones as the sum of all of their kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
STRANGER = "somebody outside"
BETWEEN_REGIONS = frozenset(("pooling", "settlement"))
"""Transfers in which another region, or whoever works for a pool, is the counterparty, and no person."""


OWNED = ("Assets:Companies:", "Liabilities:Companies:", "Assets:Banks:", "Assets:Regions:", "Equity:Cooperations:")
"""How names of public accounts begin that have their owner in them."""
_WORDS = {
    "Assets:Region:Treasury": "the treasury",
    "Equity:PSF": "the Public Sector Fund",
    "Equity:Outside": "outside the region",
    "Equity:Issuance": "issuance",
}


def name_of(account: str) -> str:
    """Whose an account of an edition is, in words; "" where it stands for several."""
    account = account.replace(":Partly-Told:", ":")
    if account.startswith(OWNED):
        return account.split(":")[2]
    if account.startswith("Assets:Region:Pools:"):
        return account.split(":")[3]
    if ":Private:Members:" in account:
        return "members"
    return "companies of workers" if ":Private:Companies:" in account else _WORDS.get(account, "")


@dataclass(frozen=True, slots=True)
class Side:
    """An account as an edition sees it.

    Attributes:
        account: Its name in the edition.
        party: Whose it is, where that is private, else ""; who stands behind an account that the region has with others
            is nobody whom the books know, and counts as one.
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


def facing(kind: str, debit: Side, credit: Side) -> tuple[Side, Side]:
    """Both sides of a transfer with whoever stands behind a neighbour's account, or outside, as a private party.

    People of a neighbour region always are. Those outside are opposite a public account, where no private party of the
    region stands to be hidden, or to hide them; they count on that side, among those who trade with the outside.
    """
    if kind in BETWEEN_REGIONS:
        return debit, credit
    if not debit.party and not credit.party:
        if debit.kind == "outside":
            return debit, replace(credit, party=STRANGER)
        if credit.kind == "outside":
            return replace(debit, party=STRANGER), credit
    return _of_a_neighbour(debit), _of_a_neighbour(credit)


def _of_a_neighbour(side: Side) -> Side:
    return replace(side, party=f"somebody of {side.branch}") if side.kind == "clearing" else side
