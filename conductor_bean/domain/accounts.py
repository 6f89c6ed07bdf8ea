"""The kinds of accounts and the chart of governed accounts (LANGUAGE.md, "Accounts")."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache

LABOUR_TIME = "labour_time"
CREDITS = "credits"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account: who owns it, how it is named (`*` stands for the owner's id) and in which economy it lives.

    One kind has two names: the debt of a member and that of a company.
    """

    name: str
    owner_type: str
    patterns: tuple[str, ...]
    economy: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("p", "company", ("Assets:Companies:*:P",), LABOUR_TIME),
        Kind("r", "company", ("Assets:Companies:*:R",), LABOUR_TIME),
        Kind("a", "company", ("Assets:Companies:*:A",), LABOUR_TIME),
        Kind("prd", "company", ("Liabilities:Companies:*:PRD",), LABOUR_TIME),
        Kind("member", "member", ("Assets:Members:*:Hours",), LABOUR_TIME),
        Kind("psf", "social accounting", ("Equity:PSF",), LABOUR_TIME),
        Kind("cooperation", "cooperation", ("Equity:Cooperations:*",), LABOUR_TIME),
        Kind("member_wallet", "member", ("Assets:Members:*:Wallet",), CREDITS),
        Kind("company_wallet", "company", ("Assets:Companies:*:Wallet",), CREDITS),
        Kind("treasury", "region", ("Assets:Region:Treasury",), CREDITS),
        Kind("pool", "pool", ("Assets:Region:Pools:*",), CREDITS),
        Kind("bank", "bank", ("Assets:Banks:*:Funds",), CREDITS),
        Kind("claim", "bank", ("Assets:Banks:*:Loans",), CREDITS),
        Kind("debt", "borrower", ("Liabilities:Members:*:Loans", "Liabilities:Companies:*:Loans"), CREDITS),
        Kind("issuance", "region", ("Equity:Issuance",), CREDITS),
        Kind("outside", "outside", ("Equity:Outside",), CREDITS),
        Kind("clearing", "neighbour", ("Assets:Regions:*:Clearing",), CREDITS),
    )
}

GOVERNED_PREFIXES = (
    "Assets:Members",
    "Assets:Companies",
    "Assets:Banks",
    "Assets:Region",
    "Assets:Regions",
    "Liabilities:Members",
    "Liabilities:Companies",
    "Equity:PSF",
    "Equity:Cooperations",
    "Equity:Issuance",
    "Equity:Outside",
)

_PATTERNS = {tuple(pattern.split(":")): kind for kind in KINDS.values() for pattern in kind.patterns}
_DEBTS = dict(zip(("member", "company"), KINDS["debt"].patterns, strict=True))


@dataclass(slots=True, eq=False)
class Account:
    """A governed account; one object an account name, so that identity is equality."""

    name: str
    kind: str
    owner: str
    economy: str


class Chart:
    """Account names to accounts, each name parsed once."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account | None] = {}

    def find(self, name: str) -> Account | None:
        """The governed account of that name, or None where the table of accounts has none such."""
        try:
            return self._accounts[name]
        except KeyError:
            account = self._accounts[name] = _parse(name)
            return account

    def of(self, kind: str, owner: str = "") -> Account:
        """The account of a kind and owner; a debt's name says what its owner is, see `debt`."""
        return self._named(KINDS[kind].patterns[0].replace("*", owner), kind, owner)

    def debt(self, owner_type: str, owner: str) -> Account:
        """What a `member` or `company` owes to banks."""
        return self._named(_DEBTS[owner_type].replace("*", owner), "debt", owner)

    def _named(self, name: str, kind: str, owner: str) -> Account:
        account = self._accounts.get(name)
        if account is None:
            account = self._accounts[name] = Account(name, kind, owner, KINDS[kind].economy)
        return account


@lru_cache(maxsize=1 << 17)  # asked of every leg of a ledger, and bounded, since a server loads many
def is_governed(name: str) -> bool:
    """Whether an account lies where only accounts of the table may stand."""
    return any(name == prefix or name.startswith(prefix + ":") for prefix in GOVERNED_PREFIXES)


def nearest_pattern(name: str) -> str:
    """The account of the table that a mistyped governed account most probably meant."""
    parts = name.split(":")
    best = max(_likeness(pattern, parts) for pattern in _PATTERNS)
    candidates = [
        ":".join(
            (parts[index] if index < len(parts) else "ID") if part == "*" else part
            for index, part in enumerate(pattern)
        )
        for pattern in _PATTERNS
        if _likeness(pattern, parts) == best
    ]
    return (difflib.get_close_matches(name, candidates, 1, 0.0) or candidates)[0]


def _likeness(pattern: tuple[str, ...], parts: list[str]) -> int:
    """How many components are right; the last one, which says what the account is for, weighs more."""
    return sum(2 for part, found in zip(pattern, parts, strict=False) if part == found) + (pattern[-1] == parts[-1])


def near_governed(name: str) -> str:
    """The end of a sentence that names the governed account which a mistyped account most probably meant."""
    pattern = nearest_pattern(name)
    return f"; did you mean {pattern}?" if difflib.get_close_matches(name, [pattern], 1, 0.85) else ""


def _parse(name: str) -> Account | None:
    parts = name.split(":")
    for pattern, kind in _PATTERNS.items():
        if len(pattern) != len(parts):
            continue
        owner = ""
        for part, expected in zip(parts, pattern, strict=True):
            if expected == "*":
                owner = part
            elif part != expected:
                break
        else:
            return Account(name, kind.name, owner, kind.economy)
    return None
