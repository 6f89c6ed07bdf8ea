"""Ids: what shares a namespace, and that none is ever used again (LANGUAGE.md, "Accounts")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.look_alikes import folded
from conductor_bean.domain.problems import Rejection, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.engine.context import Context

_ARTICLES = {
    "accountant": "an accountant",
    "asset": "an asset",
    "basic service": "a basic service",
    "offer": "an offer",
    "outside-loan": "an outside-loan",
}


def check_new_link(context: Context, name: str) -> None:
    """Plans, services, offers, properties, assets and loans share one namespace.

    Raises:
        Rejection: `duplicate-id`.
    """
    state, kept = context.state, context.state.credits
    if name in state.plans:
        raise used(name, "plan", state.plans[name].filed)
    if name in state.services:
        raise used(name, "basic service", state.services[name].since)
    if name in kept.offers:
        raise used(name, "offer", kept.offers[name].since)
    if name in kept.properties:
        raise used(name, "property", kept.properties[name].since)
    if name in kept.assets:
        raise used(name, "asset", kept.assets[name].since)
    if name in kept.loans:
        raise used(name, "loan", kept.loans[name].since)
    if name in kept.outside_loans:
        raise used(name, "outside-loan", kept.outside_loans[name].since)


def check_new_party(context: Context, name: str) -> None:
    """Members and companies share another.

    Raises:
        Rejection: `duplicate-id`.
    """
    for kind, parties in (("member", context.state.members), ("company", context.state.companies)):
        if name in parties:
            raise used(name, kind, parties[name].since)


def namesake(context: Context, kind: str, name: str, known: Iterable[str]) -> str | None:
    """An id that looks like a new one, or None; from then on the new one is known too.

    Args:
        context: The region.
        kind: What the ids are of.
        name: The new id.
        known: The ids that there are, read once.
    """
    looks = context.looks.get(kind)
    if looks is None:
        before = list(known)
        looks = context.looks[kind] = {}
        for other, forms in zip(before, folded(before) if before else (), strict=True):
            looks |= dict.fromkeys(forms, other)
    ((small, large),) = folded([name])
    found = looks.get(small) or looks.get(large)
    looks.setdefault(small, name)
    looks.setdefault(large, name)
    return found


def advise_look_alike(context: Context, kind: str, name: str, known: Iterable[str]) -> None:
    """Advise of a new id that looks like another."""
    other = namesake(context, kind, name, known)
    if other is not None:
        context.advise(
            "look-alike-id",
            f"{quoted(name)} and {quoted(other)} look alike; see that nobody takes one for the other, or "
            "choose another id",
        )


def used(name: str, kind: str, since: int) -> Rejection:
    """Why an id is not used again."""
    return Rejection(
        "duplicate-id",
        f"{quoted(name)} is the id of {_ARTICLES.get(kind, 'a ' + kind)} since {format_instant(since)}, and an id is "
        "never used again; choose another",
    )
