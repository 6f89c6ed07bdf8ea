"""Who may do what, where nobody signs: names in `by:` (PERMISSIONS.md, "The table of permissions").

What the first version of the table of transfers did not ask for is advice there, and an error from the second on.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from conductor_bean.domain.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conductor_bean.domain.plans import Plan
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact
    from conductor_bean.engine.state import Party


def persons(context: Context, names: Iterable[str]) -> int:
    """How many people accountants are: two of them who are one member are one person."""
    accountants = context.state.accountants
    return len({_person(accountants[name]) for name in names})


def check_appointment(context: Context, fact: Fact) -> None:
    """Hold that as many other accountants as the region has decided appoint an accountant, or end her service.

    Who was not in office before this instant approves nothing, so that nobody appoints herself in one breath; and
    while fewer others than needed were in office, as at the founding, nobody has to.

    Raises:
        Rejection: `appointment-without-approvals`.
    """
    (name,) = fact.ids
    accountants, needed = context.state.accountants, context.rules.approvals
    herself = _person(accountants[name]) if name in accountants else ("member", fact.data["member"] or None)
    others = [by for person, by in _in_office_before(context).items() if person != herself][:needed]
    if len(others) < needed or context.hypothetical:
        return
    approving = (accountants[by] for by in fact.by if by in accountants and by != name)
    found = {_person(party) for party in approving if _was_in_office(party, fact.instant)} - {herself}
    if len(found) < needed:
        context.object_to(
            "appointment-without-approvals",
            f"{fact.name} needs others in by: who were accountants before this instant: {needed} needed, "
            f"{len(found)} found; name them, such as by: {quoted(', '.join(others))}",
        )


def check_independent(context: Context, fact: Fact, plan: Plan) -> None:
    """Hold that nobody approves a plan of the company where she works.

    Raises:
        Rejection: `member-not-found` or `approved-by-own-worker`.
    """
    for name in fact.by:
        member = context.accountant(name).member
        if not member:
            continue
        context.known(context.state.members, "member", member, "member-not-found")
        if member in context.state.employments[plan.planner]:
            context.object_to(
                "approved-by-own-worker",
                f"{quoted(name)} works at {quoted(plan.planner)} (as {quoted(member)}), which planned "
                f"{quoted(plan.id)}; name an accountant who does not",
            )


def check_granted(context: Context, fact: Fact, needed: int, code: str) -> None:
    """Hold that enough accountants in office, and nobody else, stand in `by:` of a fact.

    Args:
        context: The region.
        fact: The fact.
        needed: How many it needs.
        code: The code where they do not.

    Raises:
        Rejection: The code.
    """
    accountants = context.state.accountants
    strangers = [name for name in fact.by if name not in accountants or accountants[name].ended is not None]
    found = persons(context, set(fact.by) - set(strangers))
    if context.hypothetical or (not strangers and found >= needed):
        return
    in_office = list(islice((name for name, party in accountants.items() if party.ended is None), needed))
    right = f"such as by: {quoted(', '.join(in_office))}" if in_office else "and appoint them first"
    stands = f"{quoted(strangers[0])} is none" if strangers else f"{found} stand(s) there"
    context.object_to(code, f"{fact.name} needs {needed} accountant(s) in office in by:, {stands}; name them, {right}")


def check_bankruptcy(context: Context, fact: Fact) -> None:
    """Hold that accountants, as many as the region has decided once it had as many, state a bankruptcy.

    Raises:
        Rejection: `bankruptcy-without-approval`.
    """
    needed = context.rules.approvals
    in_office = len(_in_office_before(context))
    check_granted(context, fact, needed if in_office >= needed else 1, "bankruptcy-without-approval")


def _person(accountant: Party) -> tuple[str, str | None]:
    """Who an accountant is: the member that she is said to be, or herself."""
    return ("member", accountant.member) if accountant.member else ("accountant", accountant.id)


def _in_office_before(context: Context) -> dict[tuple[str, str | None], str]:
    """People who were accountants right before this instant, each with an id: as many as are asked for, and one more.

    They are looked for once an instant: a hundred thousand appointments must not cost a hundred thousand searches.
    """
    if context.in_office is None:
        instant, found = context.state.now, dict[tuple[str, str | None], str]()
        for party in context.state.accountants.values():
            if _was_in_office(party, instant):
                found.setdefault(_person(party), party.id)
            if len(found) > context.rules.approvals:
                break
        context.in_office = found
    return context.in_office


def _was_in_office(accountant: Party, instant: int) -> bool:
    return accountant.since < instant and (accountant.ended is None or accountant.ended >= instant)
