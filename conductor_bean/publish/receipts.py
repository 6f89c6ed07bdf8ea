"""Receipts: what a party needs to find each of her transfers in the tree of an edition.

A receipt is one JSON document, of which format and checks stand in `receipt_reader` and `verifying`:

    receipt    1, the version of this format
    region     the region's id
    party      a member, or a company that workers own
    through    the last instant of the edition; it begins with the region's first
    tree       {"algorithm", "root", "leaves"}, as in the edition's data/edition.json
    statement  {"party", "opening", "transfers", "closing"}, as `conductor statement --json` prints it
    leaves     one of each transfer of the statement, in its order: {"index", "blind", "text", "path"}

What a row says of file, line, links and `derived` is for people: no leaf vouches for it. The hash of a leaf is
SHA-256(0x00 || blind || text), blind and path being hexadecimal, text UTF-8. A path holds hashes alone, and below each
of them stands a blind, so a receipt says nothing of others that the statement does not.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import printable
from conductor_bean.ledger import reports
from conductor_bean.publish.leaves import Fields, transfer_text, tree_of
from conductor_bean.publish.privacy import is_private
from conductor_bean.publish.tree import ALGORITHM

if TYPE_CHECKING:
    from conductor_bean.ledger.books import Books
    from conductor_bean.publish.key import Publication
    from conductor_bean.publish.leaves import Leaf, LedgerTree

FORMAT = 1


class ReceiptRefusedError(Exception):
    """No receipt could hold; the message says why, and what to do."""


def private_parties(books: Books) -> set[str]:
    """Everybody whose transfers have leaves: members, and companies that workers own."""
    account = books.machine.context.account
    return {found.owner for found in map(account, books.machine.state.balances) if is_private(books, found)}


def receipt(books: Books, publication: Publication, party: str) -> dict[str, Any]:
    """The receipt of one of the private parties, up to the last instant of the latest edition.

    Raises:
        ReceiptRefusedError: There is nothing private in it yet, or private transfers up to that instant were added,
            changed or taken away since.
    """
    until = books.last_instant if publication.until is None else publication.until
    if until == 0:
        raise ReceiptRefusedError(
            "the latest edition has no private transfers yet, so there is nothing to find in it; publish again once a "
            "month of them is over"
        )
    tree = tree_of(books, publication.key, until)
    if publication.root not in (None, tree.root.hex()):
        raise ReceiptRefusedError(
            f"the ledger's transfers up to {format_instant(until)} are not those that were published; publish again, "
            "or make the receipt from the ledger as it was then"
        )
    statement = _private_statement(books, party, until)
    return {
        "receipt": FORMAT,
        "region": books.region.id,
        "party": party,
        "through": format_instant(until),
        "tree": {"algorithm": ALGORITHM, "root": tree.root.hex(), "leaves": tree.size},
        "statement": statement,
        "leaves": _leaves(tree, party, statement["transfers"]),
    }


def _private_statement(books: Books, party: str, until: int) -> dict[str, Any]:
    """The statement of a party's private accounts; a bank or cooperation may have her id, too."""
    whole = reports.statement(books, party, 1, until)
    account = books.machine.context.account
    mine = {name for name in whole["closing"] if is_private(books, account(name))}
    return {
        "party": party,
        "opening": {name: balance for name, balance in whole["opening"].items() if name in mine},
        "transfers": [
            # The name of a file may hold what no terminal should obey, and no reader of receipts takes.
            row | {"file": printable(row["file"])}
            for row in whole["transfers"]
            if row["debit"] in mine or row["credit"] in mine
        ],
        "closing": {name: balance for name, balance in whole["closing"].items() if name in mine},
    }


def _leaves(tree: LedgerTree, party: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A leaf of each row, in their order."""
    leaves = {leaf.text: leaf for leaf in tree.leaves(party)}
    return [_leaf(leaves[text]) for text in texts(rows)]


def texts(rows: list[dict[str, Any]]) -> list[str]:
    """The text of the leaf of each transfer of a statement; of those that are the same, the first gets 1."""
    found = []
    seen: Counter[Fields] = Counter()
    for row in rows:
        fields = Fields(*(row[name] for name in Fields._fields))
        seen[fields] += 1
        found.append(transfer_text(fields, seen[fields]))
    return found


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {
        "index": leaf.index,
        "blind": leaf.blind.hex(),
        "text": leaf.text,
        "path": [beside.hex() for beside in leaf.path],
    }
