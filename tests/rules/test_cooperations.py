"""RULES.md, part A, "Cooperations": every transition, and coordinators with their history."""

from __future__ import annotations

import pytest

from tests.support import PARTIES, PRELUDE, Loaded, check, ledger, load, plan

BREAD = PRELUDE + '2026-01-01 custom "cooperation" "Bread" "Bakery"\n  name: "Bread"\n  definition: "Loaves of 1 kg"\n'
"""Bakery coordinates Bread; no plan has joined."""


def at(day: int, name: str, *ids: str, by: str = "", mark: str = "", time: str = "") -> str:
    """Return a directive of February 2026."""
    values = " ".join(f'"{value}"' for value in ids)
    text = f'2026-02-{day:02} custom "{name}" {values}{f" ; ! {mark}" if mark else ""}\n'
    return text + (f'  by: "{by}"\n' if by else "") + (f'  time: "{time}"\n' if time else "")


@ledger(prelude=BREAD)
def test_the_founder_becomes_coordinator_of_an_empty_cooperation(books: Loaded) -> None:
    """"""
    cooperation = books.books.machine.state.cooperations["Bread"]
    assert cooperation.coordinator == "Bakery"
    assert cooperation.plans == []
    assert books.coordinators("Bread") == [("Bakery", "2026-01-01T00:00:00")]


@ledger()
def test_any_company_of_the_region_may_found_one_but_nobody_else(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation" "Flour" "Mill"
    2026-02-01 custom "cooperation" "Hair" "Ada" ; ! company-not-found
    2026-02-02 custom "company-end" "Mill"
    2026-02-03 custom "cooperation" "Grain" "Mill" ; ! company-has-ended
    """
    assert set(books.books.machine.state.cooperations) == {"Flour"}


@ledger(prelude=BREAD)
def test_a_plan_joins_by_the_planners_request_and_the_coordinators_acceptance(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation-request" "Bread" "flour"
      by: "Mill"
    2026-02-02 custom "cooperation-acceptance" "Bread" "flour"
      by: "Bakery"
    """
    cooperation = books.books.machine.state.cooperations["Bread"]
    assert (cooperation.plans, cooperation.requests) == (["flour"], [])


@ledger(prelude=BREAD)
def test_founding_requesting_and_accepting_may_share_one_instant(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation-acceptance" "New" "flour"
    2026-02-01 custom "cooperation-request" "New" "flour"
    2026-02-01 custom "cooperation" "New" "Mill"
    """
    assert books.books.machine.state.cooperations["New"].plans == ["flour"]


# Each transition from each state of a plan's membership.

REACH = {
    "nothing": "",
    "requested": at(1, "cooperation-request", "Bread", "flour"),
    "cancelled": at(1, "cooperation-request", "Bread", "flour")
    + at(2, "cooperation-cancellation", "Bread", "flour", by="Mill"),
    "denied": at(1, "cooperation-request", "Bread", "flour")
    + at(2, "cooperation-denial", "Bread", "flour", by="Bakery"),
    "member": at(1, "cooperation-request", "Bread", "flour")
    + at(2, "cooperation-acceptance", "Bread", "flour", by="Bakery"),
    "left": at(1, "cooperation-request", "Bread", "flour")
    + at(2, "cooperation-acceptance", "Bread", "flour")
    + at(3, "cooperation-exit", "Bread", "flour", by="Mill"),
}
NOT_REQUESTED = dict.fromkeys(
    ("cooperation-cancellation", "cooperation-denial", "cooperation-acceptance"), "cooperation-was-not-requested"
)
OUTSIDE = {**NOT_REQUESTED, "cooperation-request": "", "cooperation-exit": "plan-has-no-cooperation"}
EXPECTED = {
    "nothing": OUTSIDE,
    "cancelled": OUTSIDE,
    "denied": OUTSIDE,
    "left": OUTSIDE,
    "requested": {
        "cooperation-request": "plan-is-already-requesting-cooperation",
        "cooperation-cancellation": "",
        "cooperation-denial": "",
        "cooperation-acceptance": "",
        "cooperation-exit": "plan-has-no-cooperation",
    },
    "member": {
        "cooperation-request": "plan-has-cooperation",
        "cooperation-cancellation": "cooperation-was-not-requested",
        "cooperation-denial": "cooperation-was-not-requested",
        "cooperation-acceptance": "plan-has-cooperation",
        "cooperation-exit": "",
    },
}


@pytest.mark.parametrize("state", REACH)
@pytest.mark.parametrize("step", OUTSIDE)
def test_every_step_from_every_state(state: str, step: str) -> None:
    check(REACH[state] + at(10, step, "Bread", "flour", mark=EXPECTED[state][step]), prelude=BREAD)


@pytest.mark.parametrize(
    ("step", "state", "who", "code"),
    [
        ("cooperation-request", "nothing", "Bakery", "requester-is-not-planner"),
        ("cooperation-cancellation", "requested", "Bakery", "requester-is-not-planner"),
        ("cooperation-denial", "requested", "Mill", "requester-is-not-coordinator"),
        ("cooperation-acceptance", "requested", "Mill", "requester-is-not-coordinator"),
        ("cooperation-exit", "member", "Clinic", "requester-is-not-authorized"),
        ("cooperation-exit", "member", "carla", "requester-is-not-authorized"),
        ("cooperation-request", "nothing", "Mill", ""),
        ("cooperation-cancellation", "requested", "Mill", ""),
        ("cooperation-denial", "requested", "Bakery", ""),
        ("cooperation-acceptance", "requested", "Bakery", ""),
        ("cooperation-exit", "member", "Bakery", ""),
        ("cooperation-exit", "member", "Mill", ""),
        ("cooperation-exit", "member", "Mill, Bakery", ""),
        ("cooperation-exit", "member", "Mill, Clinic", "requester-is-not-authorized"),
    ],
)
def test_who_acted_is_checked_whenever_it_is_given(step: str, state: str, who: str, code: str) -> None:
    check(REACH[state] + at(10, step, "Bread", "flour", by=who, mark=code), prelude=BREAD)


@pytest.mark.parametrize("step", OUTSIDE)
def test_unknown_plans_and_cooperations_are_named_with_the_nearest(step: str) -> None:
    found = check(
        at(1, step, "Bread", "fluor", mark="plan-not-found")
        + at(2, step, "Braed", "flour", mark="cooperation-not-found"),
        prelude=BREAD,
    )
    assert '"flour"' in found.message("plan-not-found")
    assert '"Bread"' in found.message("cooperation-not-found")


@ledger(prelude=BREAD)
def test_public_plans_do_not_join(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation-request" "Bread" "clinic" ; ! plan-is-public-service
    """
    assert books.books.machine.state.cooperations["Bread"].requests == []


@ledger(
    prelude=BREAD
    + plan("draft", "Mill", a=1, approved=None)
    + plan("short", "Mill", a=1, quantity=1, days=30)
    + plan("refused", "Mill", a=1, approved=None)
    + '2026-01-02 custom "plan-rejection" "refused"\n'
)
def test_only_active_plans_join(books: Loaded) -> None:
    """
    2026-01-30 custom "cooperation-request" "Bread" "short"
    2026-01-31 custom "cooperation-acceptance" "Bread" "short" ; ! plan-inactive
    2026-02-01 custom "cooperation-request" "Bread" "draft" ; ! plan-inactive
    2026-02-01 custom "cooperation-request" "Bread" "short" ; ! plan-inactive
    2026-02-01 custom "cooperation-request" "Bread" "refused" ; ! plan-inactive
    """
    assert books.books.machine.state.cooperations["Bread"].plans == []


@ledger(prelude=BREAD)
def test_a_plan_of_another_cooperation_does_not_join(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation" "Other" "Clinic"
    2026-02-01 custom "cooperation-request" "Bread" "flour"
    2026-02-02 custom "cooperation-request" "Other" "flour" ; ! plan-is-already-requesting-cooperation
    2026-02-03 custom "cooperation-cancellation" "Other" "flour" ; ? depends-on-rejected
    2026-02-04 custom "cooperation-acceptance" "Other" "flour" ; ? depends-on-rejected
    2026-02-05 custom "cooperation-acceptance" "Bread" "flour"
    2026-02-06 custom "cooperation-request" "Other" "flour" ; ! plan-has-cooperation
    2026-02-07 custom "cooperation-exit" "Other" "flour" ; ! plan-has-no-cooperation
    2026-02-08 custom "cooperation-exit" "Bread" "flour"
      by: "Bakery"
    2026-02-09 custom "cooperation-request" "Other" "flour"
    """
    state = books.books.machine.state
    assert (state.cooperations["Bread"].plans, state.cooperations["Other"].requests) == ([], ["flour"])


@ledger(prelude=BREAD)
def test_a_foreign_coordinator_removes_no_plan(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation" "Other" "Clinic"
    2026-02-01 custom "cooperation-request" "Bread" "flour"
    2026-02-01 custom "cooperation-acceptance" "Bread" "flour"
    2026-02-02 custom "cooperation-exit" "Bread" "flour" ; ! requester-is-not-authorized
      by: "Clinic"
    2026-02-03 custom "cooperation-exit" "Other" "flour" ; ! plan-has-no-cooperation
      by: "Clinic"
    """
    assert books.books.machine.state.cooperations["Bread"].plans == ["flour"]


# Coordination


@ledger(prelude=BREAD)
def test_coordination_passes_by_request_and_acceptance_and_its_history_stays_visible(books: Loaded) -> None:
    """
    2026-02-01 custom "coordination-request" "Bread" "Mill"
      by: "Bakery"
    2026-02-02 custom "coordination-acceptance" "Bread" "Mill"
      time: "13:42:29"
      by: "Mill"
    2026-02-03 custom "coordination-request" "Bread" "Bakery"
      by: "Mill"
    2026-02-04 custom "coordination-acceptance" "Bread" "Bakery"
    """
    assert books.coordinators("Bread") == [
        ("Bakery", "2026-01-01T00:00:00"),
        ("Mill", "2026-02-02T13:42:29"),
        ("Bakery", "2026-02-04T00:00:00"),
    ]


@ledger(prelude=BREAD)
def test_until_it_is_accepted_the_old_coordinator_stays(books: Loaded) -> None:
    """
    2026-02-01 custom "cooperation-request" "Bread" "flour"
    2026-02-01 custom "coordination-request" "Bread" "Mill"
    2026-02-02 custom "cooperation-acceptance" "Bread" "flour" ; ! requester-is-not-coordinator
      by: "Mill"
    2026-02-03 custom "coordination-acceptance" "Bread" "Mill"
    2026-02-04 custom "cooperation-acceptance" "Bread" "flour" ; ! requester-is-not-coordinator
      by: "Bakery"
    2026-02-05 custom "cooperation-acceptance" "Bread" "flour"
      by: "Mill"
    """
    assert books.books.machine.state.cooperations["Bread"].plans == ["flour"]


@ledger(prelude=BREAD)
def test_a_denied_offer_is_over(books: Loaded) -> None:
    """
    2026-02-01 custom "coordination-request" "Bread" "Mill"
    2026-02-02 custom "coordination-denial" "Bread" "Mill"
      by: "Mill"
    2026-02-03 custom "coordination-acceptance" "Bread" "Mill" ; ! coordination-was-not-requested
    2026-02-04 custom "coordination-denial" "Bread" "Mill" ; ! coordination-was-not-requested
    2026-02-05 custom "coordination-request" "Bread" "Clinic"
    """
    assert books.books.machine.state.cooperations["Bread"].offered == "Clinic"


@ledger(prelude=BREAD)
def test_only_the_coordinator_offers_the_role_and_only_the_candidate_answers(books: Loaded) -> None:
    """
    2026-02-01 custom "coordination-request" "Bread" "Mill" ; ! requester-is-not-coordinator
      by: "Mill"
    2026-02-01 custom "coordination-request" "Bread" "Bakery" ; ! candidate-is-coordinator
    2026-02-01 custom "coordination-request" "Bread" "Ada" ; ! company-not-found
    2026-02-02 custom "coordination-request" "Bread" "Mill"
    2026-02-03 custom "coordination-request" "Bread" "Clinic" ; ! coordination-already-requested
    2026-02-03 custom "coordination-acceptance" "Bread" "Clinic" ; ? depends-on-rejected
    2026-02-03 custom "coordination-acceptance" "Bread" "Mill" ; ! requester-is-not-candidate
      by: "Bakery"
    2026-02-03 custom "coordination-denial" "Bread" "Mill" ; ! requester-is-not-candidate
      by: "Bakery"
    """
    assert books.coordinators("Bread") == [("Bakery", "2026-01-01T00:00:00")]


# When a coordinator ends

FOUR = (
    PARTIES
    + "".join(f'2026-01-01 custom "company" "{name}"\n' for name in ("Alpha", "Beta", "Gamma"))
    + plan("alpha", "Alpha", a=10)
    + plan("beta", "Beta", a=10)
    + plan("gamma", "Gamma", a=10, days=40)
    + '2026-01-02 custom "cooperation" "Ring" "Bakery"\n'
)
"""Bakery coordinates Ring without a plan of its own; gamma's plan expires on 2026-02-10."""


def joined(plan_id: str, day: int) -> str:
    return (
        f'2026-01-{day:02} custom "cooperation-request" "Ring" "{plan_id}"\n'
        f'2026-01-{day:02} custom "cooperation-acceptance" "Ring" "{plan_id}"\n'
    )


def test_when_a_coordinator_ends_the_planner_of_the_longest_cooperating_active_plan_follows() -> None:
    found = check(joined("beta", 5) + joined("alpha", 6) + at(1, "company-end", "Bakery"), prelude=FOUR)
    assert found.coordinators("Ring") == [("Bakery", "2026-01-02T00:00:00"), ("Beta", "2026-02-01T00:00:00")]


def test_an_expired_plan_gives_no_successor() -> None:
    # gamma cooperates longest, but expired on 2026-02-10.
    steps = joined("gamma", 4) + joined("beta", 5)
    assert check(steps + at(9, "company-end", "Bakery"), prelude=FOUR).coordinators("Ring")[-1][0] == "Gamma"
    assert check(steps + at(10, "company-end", "Bakery"), prelude=FOUR).coordinators("Ring")[-1][0] == "Beta"


def test_leaving_and_joining_again_starts_anew() -> None:
    again = '2026-01-10 custom "cooperation-exit" "Ring" "beta"\n' + joined("beta", 11)
    found = check(joined("beta", 5) + joined("alpha", 6) + again + at(1, "company-end", "Bakery"), prelude=FOUR)
    assert found.coordinators("Ring")[-1] == ("Alpha", "2026-02-01T00:00:00")


def test_with_no_successor_the_role_passes_to_the_next_that_requests() -> None:
    found = check(
        at(1, "company-end", "Bakery")
        + at(5, "cooperation-request", "Ring", "alpha", time="10:00:00")
        + at(6, "cooperation-acceptance", "Ring", "alpha", by="Beta", mark="requester-is-not-coordinator")
        + at(7, "cooperation-acceptance", "Ring", "alpha", by="Alpha"),
        prelude=FOUR,
    )
    assert found.coordinators("Ring") == [("Bakery", "2026-01-02T00:00:00"), ("Alpha", "2026-02-05T10:00:00")]
    assert found.books.machine.state.cooperations["Ring"].plans == ["alpha"]


def test_while_nobody_coordinates_nobody_accepts() -> None:
    steps = at(1, "cooperation-request", "Ring", "alpha") + at(2, "company-end", "Bakery")
    found = check(
        steps + at(3, "cooperation-acceptance", "Ring", "alpha", by="Bakery", mark="requester-is-not-coordinator"),
        prelude=FOUR,
    )
    assert found.books.machine.state.cooperations["Ring"].coordinator is None


def test_an_offer_to_a_company_that_ends_is_over() -> None:
    found = check(
        at(1, "coordination-request", "Ring", "Alpha")
        + at(2, "company-end", "Alpha")
        + at(3, "coordination-acceptance", "Ring", "Alpha", mark="coordination-was-not-requested")
        + at(4, "coordination-request", "Ring", "Beta"),
        prelude=FOUR,
    )
    assert found.books.machine.state.cooperations["Ring"].offered == "Beta"


def test_an_offer_of_a_coordinator_that_ends_is_over() -> None:
    check(
        joined("beta", 5)
        + at(1, "coordination-request", "Ring", "Alpha")
        + at(2, "company-end", "Bakery")
        + at(3, "coordination-acceptance", "Ring", "Alpha", mark="coordination-was-not-requested"),
        prelude=FOUR,
    )


def test_when_all_end_at_one_instant_nobody_is_left() -> None:
    found = check(
        joined("beta", 5) + at(1, "company-end", "Bakery") + at(1, "company-end", "Beta"),
        prelude=FOUR,
    )
    cooperation = found.books.machine.state.cooperations["Ring"]
    assert (cooperation.coordinator, cooperation.plans) == (None, [])


def test_conflicting_requests_of_one_instant_are_decided_by_id_and_suggest_a_time() -> None:
    found = load(
        at(1, "coordination-request", "Ring", "Mill") + at(1, "coordination-request", "Ring", "Alpha"), prelude=FOUR
    )
    # Alpha comes before Mill; the later in that order is the error.
    assert [(line, code) for _, line, code in found.errors] == [(1, "coordination-already-requested")]
    assert "time:" in found.message("coordination-already-requested")
