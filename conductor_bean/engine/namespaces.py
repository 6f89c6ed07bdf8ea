"""Ids: what shares a namespace, and that none is ever used again (LANGUAGE.md, "Accounts")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import format_instant
from conductor_bean.domain.problems import Rejection, quoted

if TYPE_CHECKING:
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


def used(name: str, kind: str, since: int) -> Rejection:
    """Why an id is not used again."""
    return Rejection(
        "duplicate-id",
        f"{quoted(name)} is the id of {_ARTICLES.get(kind, 'a ' + kind)} since {format_instant(since)}, and an id is "
        "never used again; choose another",
    )
