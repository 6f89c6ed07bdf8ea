"""The checks of a receipt against an edition alone: nothing here knows the ledger or the region's secret.

A receipt that holds shows that each transfer of the statement, as it stands there, was in the books of which the
edition's totals were made, that none of them stands there twice, and that the balances follow from them. That a
transfer is missing from statement and tree alike only its owner can see, so she is to read the statement.
"""

from __future__ import annotations

from collections import Counter
from decimal import Context, Decimal, Inexact, localcontext
from typing import TYPE_CHECKING, NamedTuple

from conductor_bean.domain.accounts import Chart
from conductor_bean.domain.instants import parse_instant
from conductor_bean.domain.problems import quoted
from conductor_bean.publish.privacy import PUBLIC_KINDS
from conductor_bean.publish.receipts import texts
from conductor_bean.publish.tree import leads_to_root, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conductor_bean.publish.leaves import Leaf
    from conductor_bean.publish.receipt_reader import Receipt, TreeHead

_EXACT = Context(prec=60, traps=[Inexact])
_ASK = "ask the region's accountants for the entry"
_NEW = "ask the region's accountants for a new receipt"


class Fault(NamedTuple):
    """Something in a receipt that does not hold.

    Attributes:
        where: Its place in the document.
        message: What was found, what is right, what to do.
    """

    where: str
    message: str


def faults(receipt: Receipt, edition: TreeHead) -> list[Fault]:
    """All that does not hold in a receipt, in its own order."""
    with localcontext(_EXACT):
        return [*_of_edition(receipt.head, edition), *_of_statement(receipt), *_of_leaves(receipt, edition)]


def _of_edition(head: TreeHead, edition: TreeHead) -> Iterator[Fault]:
    for name, mine, theirs in (
        ("region", head.region, edition.region),
        ("through", head.through, edition.through),
        ("tree.leaves", str(head.leaves), str(edition.leaves)),
        ("tree.root", head.root.hex(), edition.root.hex()),
    ):
        if mine != theirs:
            yield Fault(
                name,
                f"it says {quoted(mine)}, but the edition {quoted(theirs)}; name the edition that the receipt is of, "
                f"or {_NEW} of this one",
            )


def _of_statement(receipt: Receipt) -> Iterator[Fault]:
    if receipt.opening.keys() != receipt.closing.keys():
        yield Fault("statement", f"opening and closing name different accounts; {_NEW}")
    chart = Chart()
    for name in receipt.opening:
        account = chart.find(name)
        if account is None or account.owner != receipt.party or account.kind in PUBLIC_KINDS:
            yield Fault("statement.opening", f"{quoted(name)} is no private account of the receipt's party; {_NEW}")
    yield from _of_transfers(receipt, chart)
    yield from _of_balances(receipt)


def _of_transfers(receipt: Receipt, chart: Chart) -> Iterator[Fault]:
    end = parse_instant(receipt.head.through)
    assert end is not None
    commodities: dict[str, str] = {}
    for number, row in enumerate(receipt.transfers):
        where = f"statement.transfers[{number}]"
        mine = [name for name in (row["debit"], row["credit"]) if name in receipt.opening]
        if not mine:
            yield Fault(where, f"it moves none of the accounts of the statement; {_NEW}")
        for name in (row["debit"], row["credit"]):
            account = chart.find(name)
            if name not in receipt.opening and account is not None and _is_hers(account.kind, account.owner, receipt):
                yield Fault(where, f"it moves {quoted(name)}, of which the statement has no balance; {_NEW}")
        instant = parse_instant(row["instant"])
        if instant is None or instant > end:
            yield Fault(where, f"it is of {row['instant']}, after the edition's last instant; {_NEW}")
        for name in mine:
            if commodities.setdefault(name, row["commodity"]) != row["commodity"]:
                yield Fault(where, f"it moves another commodity than others of {quoted(name)}; {_NEW}")


def _is_hers(kind: str, owner: str, receipt: Receipt) -> bool:
    return owner == receipt.party and kind not in PUBLIC_KINDS


def _of_balances(receipt: Receipt) -> Iterator[Fault]:
    """Each account begins at zero, as the tree does with the region, and ends where its transfers lead."""
    balances = {name: Decimal(0) for name in receipt.opening}
    for row in receipt.transfers:
        amount = Decimal(row["amount"])
        for name, signed in ((row["debit"], -amount), (row["credit"], amount)):
            if name in balances:
                balances[name] += signed
    for name, moved in balances.items():
        opening, closing = receipt.opening[name], receipt.closing.get(name)
        if opening:
            yield Fault(
                "statement.opening",
                f"{quoted(name)} opens with {opening:f}, but the receipt reaches back to the region's first day, "
                f"when it held 0; {_NEW}",
            )
        if closing is not None and opening + moved != closing:
            yield Fault(
                "statement.closing",
                f"{quoted(name)} opens with {opening:f} and its transfers make {moved:f}, so it closes with "
                f"{opening + moved:f}, not {closing:f}; {_NEW}",
            )


def _of_leaves(receipt: Receipt, edition: TreeHead) -> Iterator[Fault]:
    expected = {text: number for number, text in enumerate(texts(receipt.transfers))}
    places = Counter(leaf.index for leaf in receipt.leaves)
    told = Counter(leaf.text for leaf in receipt.leaves)
    same_edition = (receipt.head.root, receipt.head.leaves) == (edition.root, edition.leaves)
    for text, number in expected.items():
        if text not in told:
            yield Fault(f"statement.transfers[{number}]", f"no leaf is of this transfer; {_ASK}")
    for number, leaf in enumerate(receipt.leaves):
        where = f"leaves[{number}]"
        if leaf.text not in expected:
            yield Fault(
                where, f"it is of a transfer that the statement does not have, {quoted(leaf.text, 300)}; {_ASK}"
            )
        if told[leaf.text] > 1:
            yield Fault(where, f"another leaf is of the same transfer; {_NEW}")
        elif places[leaf.index] > 1:
            yield Fault(where, f"another leaf has the same index {leaf.index}; {_NEW}")
        if same_edition:
            yield from _of_path(where, leaf, edition)


def _of_path(where: str, leaf: Leaf, edition: TreeHead) -> Iterator[Fault]:
    if leaf.index >= edition.leaves:
        yield Fault(where, f"its index is {leaf.index}, but the edition has {edition.leaves} leaves, from 0 on; {_NEW}")
        return
    found = leaf_hash(leaf.blind + leaf.text.encode())
    if not leads_to_root(found, leaf.index, edition.leaves, leaf.path, edition.root):
        yield Fault(
            where,
            f"its path does not lead to the edition's root, so the edition does not hold this transfer: "
            f"{quoted(leaf.text, 300)}; {_ASK}",
        )
