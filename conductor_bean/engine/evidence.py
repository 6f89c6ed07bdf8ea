"""Derived legs that the text already holds: verified instead of added (LANGUAGE.md, "Derived legs")."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from decimal import Context as Context_
from fractions import Fraction
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import Rejection
from conductor_bean.engine.market import tax_of

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Groups, Movement, Transfer

UNNAMED = ""
"""Key of recorded legs that name no transfer; only what a directive entails may be written down so."""

_WIDE = Context_(prec=100, rounding=ROUND_HALF_EVEN)

DOUBT = ("hours of a rejected service",)
"""What taxes miss that follow from a service which was rejected for its own recorded taxes."""


def verify(context: Context, groups: Groups, derived: list[Transfer]) -> None:
    """Hold recorded derived legs against the computed transfers, leg by leg.

    At a precision finer than 0.00000001 up to two units a transfer may differ; then the recorded amounts stand.

    Raises:
        Rejection: `wrong-derived-amount`, `incomplete-derived-legs` or `derived-without-cause`.
    """
    unnamed = groups.get(UNNAMED)
    if unnamed is not None:
        _verify_unnamed(context, unnamed, derived)
        return
    computed, touching = _sums(derived)
    shared = _with_shared_leg(derived)
    for kind in groups:
        if kind not in computed:
            raise Rejection(
                "derived-without-cause", f"legs of {kind} are recorded, but this event entails none; remove them"
            )
    for kind, legs in computed.items():
        recorded = groups.get(kind)
        commodity = context.commodity_of(kind)
        if recorded is None and commodity is context.credits and not any(legs.values()):
            continue  # a rate of 0 gives a tax of 0, which nobody need write down
        if recorded is None:
            raise Rejection(
                "incomplete-derived-legs",
                f"some derived legs are recorded, but those of {kind} are missing; record all or none",
            )
        for name in sorted({*legs, *recorded}):
            right, found = legs.get(name), recorded.get(name)
            tolerance = commodity.tolerance * touching.get((kind, name), 1) if kind in shared else 0
            if right is None or found is None or abs(right - found) > tolerance:
                raise Rejection(
                    "wrong-derived-amount",
                    f"{kind} on {name} is recorded as {_leg(context, name, found)}, computed as "
                    f"{_leg(context, name, right)}; "
                    "mend the leg, or remove all derived legs and let them be added",
                    account=name,
                    transfer=kind,
                )
    _adopt(groups, [transfer for transfer in derived if transfer.type in shared])


def _sums(derived: list[Transfer]) -> tuple[Groups, dict[tuple[str, str], int]]:
    """Computed legs by transfer and account, and how many transfers touch each."""
    computed: Groups = {}
    touching: dict[tuple[str, str], int] = {}
    for transfer in derived:
        legs = computed.setdefault(transfer.type, {})
        for name, units in _legs(transfer):
            legs[name] = legs.get(name, 0) + units
            touching[transfer.type, name] = touching.get((transfer.type, name), 0) + 1
    return computed, touching


def _verify_unnamed(context: Context, recorded: dict[str, int], derived: list[Transfer]) -> None:
    """Hold legs that name no transfer against all that the directive entails: their sums an account are equal."""
    computed: dict[str, int] = {}
    for transfer in derived:
        for name, units in _legs(transfer):
            computed[name] = computed.get(name, 0) + units
    if not computed:
        raise Rejection("derived-without-cause", "this directive entails no transfer; remove the transaction")
    for name in sorted({*computed, *recorded}):
        right, found = computed.get(name), recorded.get(name)
        if right != found:
            raise Rejection(
                "wrong-derived-amount",
                f"{name} is recorded as {_leg(context, name, found)}, computed as {_leg(context, name, right)}; "
                "mend the leg, or remove the transaction and let it be derived",
                account=name,
            )


def verify_shown(movement: Movement, key: str, right: Decimal) -> None:
    """Hold a `fic:` or `price:` that the text already shows against the computed one, to its last written digit.

    Raises:
        Rejection: `wrong-derived-amount`.
    """
    found = None if movement.shown is None else movement.shown.get(key)
    if found is not None and found != right:
        exponent = found.as_tuple().exponent
        assert isinstance(exponent, int)
        if abs(_WIDE.subtract(right, found)) >= Decimal(1).scaleb(exponent):
            raise Rejection(
                "wrong-derived-amount",
                f"{key}: is recorded as {found:f}, computed as {right:f}; mend it, or remove it and let it be added",
            )


def _legs(transfer: Transfer) -> tuple[tuple[str, int], tuple[str, int]]:
    return (transfer.debit.name, -transfer.units), (transfer.credit.name, transfer.units)


def _with_shared_leg(derived: list[Transfer]) -> set[str]:
    """Transfers whose legs tell what each transfer was: one account gave to many, or many gave to one.

    Where several give to several, as in the close of a month, only the sums are known, so they must be exact.
    """
    debits: dict[str, set[str]] = {}
    credits_: dict[str, set[str]] = {}
    for transfer in derived:
        debits.setdefault(transfer.type, set()).add(transfer.debit.name)
        credits_.setdefault(transfer.type, set()).add(transfer.credit.name)
    return {kind for kind, names in debits.items() if len(names) == 1 or len(credits_[kind]) == 1}


def _adopt(groups: Groups, derived: list[Transfer]) -> None:
    """Let transfers take the recorded amounts, which may differ by the tolerance of fine precisions.

    An account of the many side stands in transfers between one pair of accounts only; the shared leg is their sum.
    """
    pairs: dict[tuple[str, str, str], list[Transfer]] = {}
    partners: dict[tuple[str, str], set[str]] = {}
    for transfer in derived:
        debit, credit = transfer.debit.name, transfer.credit.name
        pairs.setdefault((transfer.type, debit, credit), []).append(transfer)
        partners.setdefault((transfer.type, debit), set()).add(credit)
        partners.setdefault((transfer.type, credit), set()).add(debit)
    for (kind, debit, credit), transfers in pairs.items():
        if kind not in groups:
            continue
        own = debit if len(partners[kind, debit]) == 1 else credit
        transfers[0].units += abs(groups[kind][own]) - sum(transfer.units for transfer in transfers)


def _leg(context: Context, account: str, units: int | None) -> str:
    return "nothing" if units is None else context.amount(context.account(account), units)


def doubt(context: Context, movement: Movement, factor: tuple[int, int], *, dependent: bool) -> None:
    """Remember a service that is rejected for its recorded taxes alone, so that later taxes are not blamed for it."""
    transfer = movement.transfers[0]
    recorded = abs((movement.evidence or {}).get("taxes", {}).get(context.psf.name, 0))
    rate = Fraction(factor[1] - factor[0], factor[1])
    implied = Fraction(transfer.units) if dependent or not rate else recorded / rate
    context.state.doubtful.append((movement.instant, transfer.units, (implied.numerator, implied.denominator)))
    context.state.missing.setdefault(DOUBT, movement.instant)


def follows_from_doubt(context: Context, movement: Movement) -> bool:
    """Whether recorded taxes are right, had an earlier service not been rejected for its own recorded taxes."""
    recorded = (movement.evidence or {}).get("taxes", {})
    tolerance = context.labour_time.tolerance
    return any(
        all(
            abs(-recorded.get(transfer.credit.name, 0) - tax_of(transfer.units, factor)) <= tolerance
            for transfer in movement.transfers
        )
        for factor in context.taxes.doubtful_factors(movement.instant)
    )
