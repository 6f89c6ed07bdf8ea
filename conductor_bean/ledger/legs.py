"""Signed legs of a transaction to transfers of one type: who gave what to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import Rejection, quoted
from conductor_bean.domain.transfers import TransferType, allowed_from, allowed_to, table
from conductor_bean.engine.events import Groups, Transfer

if TYPE_CHECKING:
    from conductor_bean.domain.accounts import Account
    from conductor_bean.domain.amounts import Commodity

Leg = tuple["Account", int]
Between = Mapping[tuple[str, str], tuple[TransferType, ...]]

CONSUMPTION = frozenset(name for name, row in table().items() if row.recorded and "consumption" in name)
"""Consumption of labour time: one link names the plan or basic service."""

SINGLE = CONSUMPTION | {
    "purchase",
    "acquisition",
    "property_purchase",
    "upkeep",
    "property_sale",
    "loan_repayment",
    "outside_loan",
    "outside_repayment",
}
"""Transfers with exactly one debit, one credit and one link that resolves."""


def check_balance(legs: list[Leg], commodities: Mapping[str, Commodity | None]) -> None:
    """Hold that the legs sum to exactly zero per commodity; Beancount's tolerance does not apply.

    Raises:
        Rejection: `unbalanced-transaction`.
    """
    for economy, commodity in commodities.items():
        total = sum(units for account, units in legs if account.economy == economy)
        if total and commodity is not None:
            raise Rejection(
                "unbalanced-transaction",
                f"the legs sum to {commodity.number(total):f} {commodity.name}; they must sum to exactly zero, so mend "
                "the amount that is off",
            )


def recorded_transfers(
    legs: list[Leg], groups: Groups | None, between: Between, claimed: str | None, *, has_links: bool
) -> tuple[TransferType, list[Transfer]]:
    """Transfers of one type from one debit and many credits, or many debits and one credit.

    Args:
        legs: The legs that record the event, without the derived ones.
        groups: The derived legs beside them, for the message where nothing is recorded.
        between: What people may record between two kinds of accounts.
        claimed: What the text says in `transfer:`, if anything.
        has_links: Whether the transaction links anything: without a link, a purchase is a direct transfer.

    Raises:
        Rejection: `ambiguous-legs`, `ambiguous-transfer`, `transfer-contradicts-accounts`, `forbidden-transfer`,
            `derived-without-cause` or `hours-worked-must-be-positive`.
    """
    if not legs:
        names = ", ".join(sorted(groups or {}))
        raise Rejection(
            "derived-without-cause",
            f"{names} follows from another event and cannot be recorded alone; record that event",
        )
    debits, credits_ = _sides(legs, between, claimed)
    row = _row(debits, credits_, between, claimed, has_links=has_links)
    if row.name in SINGLE and len(legs) != 2:
        raise Rejection(
            "ambiguous-legs", f"{row.name} has exactly one debit and one credit; write one transaction for each"
        )
    if len(debits) == 1:
        debit = debits[0][0]
        return row, [Transfer(row.name, debit, credit, units, derived=False) for credit, units in credits_]
    credit = credits_[0][0]
    return row, [Transfer(row.name, debit, credit, units, derived=False) for debit, units in debits]


def _sides(legs: list[Leg], between: Between, claimed: str | None) -> tuple[list[Leg], list[Leg]]:
    """Debits and credits, in units of their own side."""
    debits = [(account, -units) for account, units in legs if units < 0]
    credits_ = [(account, units) for account, units in legs if units > 0]
    zeros = [account for account, units in legs if not units]
    pair = _pair_of_kinds(debits, credits_, zeros, between, claimed) if zeros else None
    for account in zeros:
        # A zero has no sign (Beancount drops that of -0): its direction follows from the kinds.
        charged = pair is not None and account.kind == pair[0] and (pair[0] != pair[1] or not debits)
        (debits if charged else credits_).append((account, 0))
    if len(legs) == 1:
        raise Rejection(
            "ambiguous-legs",
            "there is one leg only; write both, also where they are zero: Beancount drops a zero that it would fill in",
        )
    if not debits or not credits_ or (len(debits) != 1 and len(credits_) != 1):
        raise Rejection(
            "ambiguous-legs",
            f"{len(debits)} debits and {len(credits_)} credits do not say who gave what to whom; write one debit "
            "with many credits or many debits with one credit, and name derived legs with transfer:",
        )
    return debits, credits_


def _pair_of_kinds(
    debits: list[Leg], credits_: list[Leg], zeros: list[Account], between: Between, claimed: str | None
) -> tuple[str, str] | None:
    """The recorded pair in which the kinds of all legs fit, those with a sign on their side."""
    kinds = {account.kind for account, _ in (*debits, *credits_)} | {account.kind for account in zeros}
    for pair, rows in between.items():
        if (
            kinds == set(pair)
            and (claimed is None or any(row.name == claimed for row in rows))
            and all(account.kind == pair[0] for account, _ in debits)
            and all(account.kind == pair[1] for account, _ in credits_)
        ):
            return pair
    return None


def _row(
    debits: list[Leg], credits_: list[Leg], between: Between, claimed: str | None, *, has_links: bool
) -> TransferType:
    pairs = sorted({(debit.kind, credit.kind) for debit, _ in debits for credit, _ in credits_})
    fitting = [row for row in between.get(pairs[0], ()) if row.pairs.issuperset(pairs)]
    if claimed is not None:
        named = next((row for row in fitting if row.name == claimed), None)
        if named is not None:
            return named
        meant = table().get(claimed)
        if meant is not None and meant.derived and meant.pairs.issuperset(pairs):
            raise Rejection(
                "derived-without-cause",
                f"{claimed} follows from another event and cannot be recorded alone; record that event",
            )
        if fitting:
            raise contradiction(claimed, fitting)
    if not fitting and len(pairs) > 1:
        names = sorted({name for pair in pairs for name in _names(pair, between)})
        raise Rejection("ambiguous-legs", f"one transaction records transfers of one type; found {', '.join(names)}")
    if not fitting:
        raise _forbidden(*pairs[0], between)
    names = [row.name for row in fitting]
    if "purchase" in names:
        if not has_links:
            raise _direct(*pairs[0])
        return fitting[names.index("purchase")]
    if len(fitting) > 1:
        raise Rejection(
            "ambiguous-transfer",
            f'{pairs[0][0]} -> {pairs[0][1]} may be {", ".join(names)}; say which, such as transfer: "{names[0]}"',
        )
    return fitting[0]


def _names(pair: tuple[str, str], between: Between) -> list[str]:
    return [row.name for row in between.get(pair, ())] or ["-".join(pair)]


def contradiction(claimed: str, fitting: Iterable[TransferType]) -> Rejection:
    """Why a `transfer:` is refused that the accounts do not bear out."""
    right = " or ".join(row.name for row in fitting)
    return Rejection(
        "transfer-contradicts-accounts",
        f"transfer: {quoted(claimed)} does not fit the accounts; these accounts are {right}",
    )


def _direct(debit: str, credit: str) -> Rejection:
    return Rejection(
        "forbidden-transfer",
        f"{debit} -> {credit} without a link is a direct transfer, which is forbidden; a purchase links the "
        "offer that is "
        "bought (^its-id) and says its quantity:",
    )


def _forbidden(debit: str, credit: str, between: Between) -> Rejection:
    if (debit, credit) == ("member", "a"):
        # The one reversed pair that people mean something by: hours of -8.
        return Rejection(
            "hours-worked-must-be-positive",
            "the member is debited and the company credited, which would be negative hours; debit the A account "
            "and credit the member's Hours; to undo hours, record a reversal",
        )
    derived = [row.name for row in table().values() if row.derived and (debit, credit) in row.pairs]
    if derived:
        return Rejection(
            "derived-without-cause",
            f"{debit} -> {credit} is {' or '.join(derived)}, which follows from another event; "
            "record that event, the transfer is derived from it",
        )
    allowed = [f"{debit} -> {row.credit} ({row.name})" for row in allowed_from(debit)]
    right = f"{debit} may go: {', '.join(allowed)}" if allowed else f"nothing recorded charges {debit}"
    sources = [f"{row.debit} ({row.name})" for row in allowed_to(credit)]
    right += f"; {credit} may come from: {', '.join(sources)}" if sources else ""
    if (credit, debit) in between:
        right += "; to undo an event, record a reversal"
    return Rejection("forbidden-transfer", f"{debit} -> {credit} is not in the table of allowed transfers; {right}")
