"""Facts about enrolment in regional schools (seed of Conductor: new students first, or who was long not at school)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor_bean.domain.instants import DAY, years_later
from conductor_bean.domain.problems import Rejection, did_you_mean, quoted
from conductor_bean.domain.properties import Enrolment, Schooling
from conductor_bean.engine.estate import check_exception

if TYPE_CHECKING:
    from conductor_bean.engine.context import Context
    from conductor_bean.engine.events import Fact


def enrolment_request(context: Context, fact: Fact) -> None:
    """Let a member wait for a school."""
    school, member = _school(context, fact)
    waiting = context.state.credits.requests.setdefault(school, [])
    if member in waiting:
        raise Rejection("already-on-wait-list", f"{quoted(member)} waits for {school} already; remove this directive")
    _check_not_enrolled(context, school, member)
    waiting.append(member)


def enrolment(context: Context, fact: Fact) -> None:
    """Enrol a student, in the order of the school's list."""
    school, member = _school(context, fact)
    _check_not_enrolled(context, school, member)
    kept = context.state.credits
    waiting = kept.requests.get(school, [])
    first = next(iter(school_order(context, school, fact.instant)), member)
    if first != member:
        check_exception(context, fact, f"{quoted(first)} comes first on the list of {school}, {len(waiting)} in all")
    if member in waiting:
        waiting.remove(member)
    kept.enrolled.setdefault(school, {})[member] = Enrolment(school, member, fact.instant // DAY)
    kept.schooling.setdefault(member, Schooling()).attending.append(school)


def enrolment_end(context: Context, fact: Fact) -> None:
    """Let a student leave a school, or its list."""
    school, member = fact.ids
    context.known(context.state.companies, "company", school, "company-not-found")
    context.known(context.state.members, "member", member, "member-not-found")
    enrolled = context.state.credits.enrolled.get(school, {})
    waiting = context.state.credits.requests.get(school, [])
    if member not in enrolled and member in waiting:
        waiting.remove(member)
        return
    if member not in enrolled:
        raise Rejection(
            "not-enrolled",
            f"{quoted(member)} is not enrolled at {school} at this instant" + did_you_mean(member, enrolled),
            missing=("enrolment", school, member),
        )
    leave(context, school, member, fact.instant)


def leave(context: Context, school: str, member: str, instant: int) -> None:
    """End an enrolment."""
    kept = context.state.credits
    ended = kept.enrolled[school].pop(member)
    ended.until = instant // DAY
    kept.month.enrolments.append(ended)
    schooling = kept.schooling[member]
    schooling.attending.remove(school)
    schooling.left = instant


def leave_all(context: Context, member: str, instant: int) -> None:
    """End every enrolment and request of a member who leaves."""
    kept = context.state.credits
    schooling = kept.schooling.get(member)
    for school in list(schooling.attending) if schooling else ():
        leave(context, school, member, instant)
    for waiting in kept.requests.values():
        if member in waiting:
            waiting.remove(member)


def close_school(context: Context, school: str, instant: int) -> None:
    """End every enrolment at a school that ends."""
    kept = context.state.credits
    for member in sorted(kept.enrolled.get(school, {})):
        leave(context, school, member, instant)
    kept.requests.pop(school, None)


def school_order(context: Context, school: str, instant: int) -> list[str]:
    """Who is served in which order: new or long-absent students first, each by request (RULES.md, "Wait-lists")."""
    pause = context.rules.schooling_pause_years
    waiting = context.state.credits.requests.get(school, [])
    return sorted(waiting, key=lambda member: not _is_new(context.state.credits.schooling.get(member), instant, pause))


def _is_new(schooling: Schooling | None, instant: int, pause: int) -> bool:
    if schooling is None:
        return True
    if schooling.attending:
        return False
    return schooling.left is None or years_later(schooling.left, pause) <= instant


def _check_not_enrolled(context: Context, school: str, member: str) -> None:
    if member in context.state.credits.enrolled.get(school, {}):
        raise Rejection("already-enrolled", f"{quoted(member)} is enrolled at {school} already; remove this directive")


def _school(context: Context, fact: Fact) -> tuple[str, str]:
    school, member = fact.ids
    context.known(context.state.companies, "company", school, "company-not-found")
    context.known(context.state.members, "member", member, "member-not-found")
    company = context.company(school)
    context.member(member)
    if company.ownership != "regional":
        raise Rejection(
            "company-is-not-regional",
            f"{quoted(school)} belongs to its workers; wait-listed schools are regional companies",
        )
    return school, member
