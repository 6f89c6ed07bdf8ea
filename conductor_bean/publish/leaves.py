"""The leaves of a ledger: one of each private transfer, blinded, so that nobody confirms what she only guesses.

A leaf is a blind of 32 bytes followed by the transfer's text. The blind is keyed BLAKE2b (RFC 7693) of that text: a
pseudorandom function by design, one pass and half the time of HMAC, and nobody who verifies a leaf needs to compute
it. Its key comes from the region's secret and the instant up to which the tree reaches, so that the leaves of two
editions cannot be told to belong together.

The tree says as little as it can: leaves stand in order of their hashes, whatever they are of, and are filled up with
leaves of nothing to the next power of two.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from conductor_bean.domain.instants import format_instant
from conductor_bean.ledger.reports import amount, commodity_of
from conductor_bean.publish.privacy import is_private
from conductor_bean.publish.tree import Tree, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor_bean.domain.accounts import Account
    from conductor_bean.engine.events import Transfer
    from conductor_bean.ledger.books import Books

VERSION = "conductor-bean transfer 1"
SECRET_SIZE = 32
BLIND_SIZE = 32

# What BLAKE2 calls personalization: the same key gives unrelated functions for each use.
_FOR_TREE = b"conductor tree 1"
_FOR_BLIND = b"conductor leaf 1"
_FOR_FILLER = b"conductor fill 1"


@dataclass(frozen=True, slots=True)
class Leaf:
    """What shows that a transfer stands in a tree.

    Attributes:
        text: The transfer, see `transfer_text`.
        blind: The bytes before it.
        index: Its place in the tree, from 0 on.
        path: Its audit path.
    """

    text: str
    blind: bytes
    index: int
    path: list[bytes]


class LedgerTree:
    """The tree of a ledger's private transfers up to an instant.

    Args:
        books: The ledger.
        key: The region's secret.
        until: The last instant.
    """

    def __init__(self, books: Books, key: bytes, until: int) -> None:
        if len(key) != SECRET_SIZE:
            raise ValueError(f"the secret of a region has {SECRET_SIZE} bytes")
        self._books = books
        self._until = until
        tree_key = blake2b(until.to_bytes(8, "big"), key=key, person=_FOR_TREE, digest_size=32).digest()
        self._blinds = blake2b(key=tree_key, person=_FOR_BLIND, digest_size=BLIND_SIZE)
        hashes = [leaf_hash(self._blind(text) + text) for text in _texts(_Reader(books), until)]
        hashes += _fillers(tree_key, _filled(len(hashes)) - len(hashes))
        hashes.sort()
        self._hashes = hashes
        self._tree = Tree(hashes)

    @property
    def root(self) -> bytes:
        """The tree head."""
        return self._tree.root

    @property
    def size(self) -> int:
        """The number of leaves, with those of nothing: a power of two."""
        return self._tree.size

    def leaves(self, party: str) -> list[Leaf]:
        """The leaves of all transfers of a member or of a company that workers own, in order of the books."""
        found = []
        for text in _texts(_Reader(self._books, party), self._until):
            blind = self._blind(text)
            index = bisect_left(self._hashes, leaf_hash(blind + text))
            found.append(Leaf(text.decode(), blind, index, self._tree.path(index)))
        return found

    def _blind(self, text: bytes) -> bytes:
        function = self._blinds.copy()
        function.update(text)
        return function.digest()


def tree_of(books: Books, key: bytes, until: int | None = None) -> LedgerTree:
    """The tree of a ledger's private transfers.

    Args:
        books: The ledger; its check must be complete.
        key: The region's secret of 32 bytes.
        until: The last instant; None is the ledger's last event.
    """
    return LedgerTree(books, key, books.last_instant if until is None else until)


class Fields(NamedTuple):
    """What a leaf says of a transfer, as `conductor transfers --json` does."""

    instant: str
    type: str
    debit: str
    credit: str
    commodity: str
    amount: str


def transfer_text(fields: Fields, repetition: int) -> str:
    """A transfer as the text that its leaf ends with: a JSON array without spaces, of strings and one integer.

    Args:
        fields: The transfer.
        repetition: 1, and one more for each transfer with the same fields.
    """
    # By hand, since json.dumps of the whole would take most of the time of a million leaves.
    return f'["{VERSION}",{",".join(map(_json, fields))},{repetition}]'


@lru_cache(maxsize=2**16)
def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class _Reader:
    """Which transfers are private (or a party's), and how their accounts and amounts are written.

    Args:
        books: The ledger.
        party: Whose transfers; everybody's, if not given.
    """

    def __init__(self, books: Books, party: str | None = None) -> None:
        self.books = books
        self._party = party
        self._wanted: dict[Account, bool] = {}
        self._amounts: dict[tuple[str, int], tuple[str, str]] = {}

    def wants(self, account: Account) -> bool:
        """Whether transfers of an account have a leaf here."""
        wanted = self._wanted.get(account)
        if wanted is None:
            wanted = is_private(self.books, account) and self._party in (None, account.owner)
            self._wanted[account] = wanted
        return wanted

    def amount(self, transfer: Transfer) -> tuple[str, str]:
        """Commodity and amount."""
        account, units = transfer.debit, transfer.units
        found = self._amounts.get((account.economy, units))
        if found is None:
            found = commodity_of(self.books, account.economy).name, amount(self.books, account, units)
            self._amounts[account.economy, units] = found
        return found


def _texts(reader: _Reader, until: int) -> Iterator[bytes]:
    """The text of each transfer that a reader wants, up to an instant."""
    seen: dict[Fields, int] = {}
    now, instant = 0, ""
    for outcome in reader.books.outcomes:
        if outcome.rejection is not None or outcome.event.instant > until:
            continue
        if outcome.event.instant != now:
            now = outcome.event.instant
            instant = format_instant(now)
            seen.clear()
        for transfer in outcome.transfers:
            debit, credit = transfer.debit, transfer.credit
            if reader.wants(debit) or reader.wants(credit):
                fields = Fields(instant, transfer.type, debit.name, credit.name, *reader.amount(transfer))
                repetition = seen[fields] = seen.get(fields, 0) + 1
                yield transfer_text(fields, repetition).encode()


def _filled(count: int) -> int:
    """The next power of two; a ledger without private transfers looks like one with a single one."""
    return 1 << max(0, count - 1).bit_length()


def _fillers(key: bytes, count: int) -> list[bytes]:
    """Hashes of leaves of nothing, which nobody can tell from others."""
    numbers = (number.to_bytes(8, "big") for number in range(count))
    return [leaf_hash(blake2b(n, key=key, person=_FOR_FILLER, digest_size=BLIND_SIZE).digest()) for n in numbers]
