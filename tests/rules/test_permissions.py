"""PERMISSIONS.md without signatures: who stands in `by:`. Version 1 of the table advises, version 2 refuses.

Each ledger marks with `; 2 code` what is advice in version 1 and an error in version 2, at the same line.
"""

from __future__ import annotations

import re

import pytest

from tests.rules.credits.region import BAKERY, BARE, FUNDED, MILL, OFFERS, SCHOOL, loan, region
from tests.support import PARTIES, PRELUDE, REGION, Loaded, check, plan

CLEARING = "Assets:Regions:Lakeside:Clearing"
CREDITS = FUNDED + OFFERS


def both(text: str, *, of: str = REGION, prelude: str = PRELUDE, approvals: int = 1) -> tuple[Loaded, Loaded]:
    """Check a ledger in both versions of the table; return its books in each."""
    books = []
    for version, kind in ((1, "?"), (2, "!")):
        named = of.replace("commodities:", f"table: {version}\ncommodities:")
        named = named.replace("    set:\n", f"    set:\n      approvals: {approvals}\n", 1)
        books.append(check(re.sub("; 2 ", f"; {kind} ", text), region=named, prelude=prelude))
    return books[0], books[1]


def credits_(text: str, approvals: int = 1) -> tuple[Loaded, Loaded]:
    """The same for a ledger of regional credits."""
    return both(text, of=region(), prelude=CREDITS, approvals=approvals)


def test_an_accountant_is_appointed_by_another_who_was_in_office_before() -> None:
    _, second = both("""
    2026-02-01 custom "accountant" "emil" ; 2 appointment-without-approvals
    2026-02-02 custom "accountant" "fay"
      by: "carla"
    2026-02-03 custom "accountant" "gus" ; 2 appointment-without-approvals
      by: "Ada"
    """)
    assert sorted(second.books.machine.state.accountants) == ["carla", "dora", "fay"]
    message = second.books.errors[0].message
    assert message == (
        "accountant emil needs others in by: who were accountants before this instant: 1 needed, 0 found; "
        'name them, such as by: "carla"'
    )


def test_nobody_appoints_herself_nor_do_two_appoint_each_other_in_one_breath() -> None:
    both("""
    2026-02-01 custom "accountant" "emil" ; 2 appointment-without-approvals
      by: "emil"
    2026-02-02 custom "accountant" "fay" ; 2 appointment-without-approvals
      by: "gus"
    2026-02-02 custom "accountant" "gus" ; 2 appointment-without-approvals
      by: "fay"
    """)


def test_who_is_appointed_appoints_from_the_next_instant_on() -> None:
    both("""
    2026-02-01 custom "accountant" "emil"
      by: "carla"
    2026-02-01 custom "accountant" "fay"
      time: "00:00:01"
      by: "emil"
    """)


@pytest.mark.parametrize("approvals", [1, 2, 3])
def test_a_region_is_founded_without_anybody_s_approval(approvals: int) -> None:
    text = "".join(f'2026-01-01 custom "accountant" "{name}"\n' for name in ("carla", "dora", "emil"))
    both(text, prelude="", approvals=approvals)


def test_while_fewer_others_than_needed_were_in_office_nobody_has_to_approve() -> None:
    both(
        """
    2026-02-01 custom "accountant" "emil"
    2026-02-02 custom "accountant" "fay" ; 2 appointment-without-approvals
      by: "emil, dora"
    2026-02-03 custom "accountant" "gus"
      by: "carla, dora, emil"
    2026-02-04 custom "accountant-end" "emil"
      by: "carla, dora, gus"
    2026-02-04 custom "accountant-end" "dora" ; 2 appointment-without-approvals
      by: "dora, carla, gus"
    """,
        approvals=3,
    )


def test_an_accountant_s_service_is_ended_by_others_even_by_who_leaves_at_that_instant() -> None:
    both("""
    2026-02-01 custom "accountant-end" "dora" ; 2 appointment-without-approvals
      by: "dora"
    2026-02-02 custom "accountant" "emil"
      by: "carla"
    2026-02-03 custom "accountant" "fay"
      by: "carla"
    2026-02-04 custom "accountant-end" "emil"
      by: "fay"
    2026-02-04 custom "accountant-end" "fay"
      by: "emil"
    """)


def test_two_accountants_who_are_one_member_are_one_person() -> None:
    both(
        """
    2026-02-01 custom "accountant" "ada-1"
      by: "carla, dora"
      member: "Ada"
    2026-02-01 custom "accountant" "ada-2"
      by: "carla, dora"
      member: "Ada"
    2026-02-02 custom "accountant" "emil" ; 2 appointment-without-approvals
      by: "ada-1, ada-2"
    2026-02-03 custom "accountant" "fay"
      by: "carla, ada-1"
    2026-02-04 custom "accountant-end" "ada-1" ; 2 appointment-without-approvals
      by: "ada-2, carla"
    """,
        approvals=2,
    )


def test_one_person_under_two_ids_does_not_spend_for_two_in_any_version() -> None:
    twins = '2026-01-02 custom "accountant" "ada-{}"\n  by: "carla, dora"\n  member: "Ada"\n'
    spend = '2026-01-03 * "issue" {}\n  by: "{}"\n  Equity:Issuance  -1 RSC\n  Assets:Region:Treasury  1 RSC\n'
    text = twins.format(1) + twins.format(2)
    text += spend.format("; ! missing-approvals", "ada-1, ada-2") + spend.format("", "ada-1, carla")
    both(text, of=region(), prelude=BARE, approvals=2)


def test_nobody_approves_a_plan_of_the_company_where_she_works() -> None:
    _, second = both(
        '2026-02-01 custom "accountant" "ada"\n  by: "carla"\n  member: "Ada"\n'
        + plan("cake", "Bakery", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02").replace(
            'custom "plan-approval" "cake"\n  by: "carla"',
            'custom "plan-approval" "cake" ; 2 approved-by-own-worker\n  by: "ada"',
        )
        + plan("rye", "Mill", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02").replace(
            'by: "carla"', 'by: "ada"'
        )
        + '2026-02-03 custom "employment-end" "Bakery" "Ada"\n'
        + plan("bun", "Bakery", a=1, quantity=1, filed="2026-02-04", approved="2026-02-04").replace(
            'by: "carla"', 'by: "ada"'
        )
    )
    assert "works at" in second.message("approved-by-own-worker")


def test_one_who_works_there_is_one_too_many_in_by() -> None:
    own = plan("cake", "Bakery", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02").replace(
        'custom "plan-approval" "cake"\n  by: "carla"',
        'custom "plan-approval" "cake" ; 2 approved-by-own-worker\n  by: "carla, ada"',
    )
    both('2026-02-01 custom "accountant" "ada"\n  by: "carla"\n  member: "Ada"\n' + own)


def test_without_member_nothing_is_known_of_who_an_accountant_is() -> None:
    text = '2026-02-01 custom "accountant" "Ada"\n  by: "carla"\n'
    both(
        text
        + plan("cake", "Bakery", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02").replace("carla", "Ada")
    )


def test_a_member_that_an_accountant_is_said_to_be_must_exist_when_she_approves() -> None:
    text = '2026-02-01 custom "accountant" "ada"\n  by: "carla"\n  member: "Adaa"\n'
    filed = plan("cake", "Bakery", a=1, quantity=1, filed="2026-02-02", approved="2026-02-02").replace(
        'custom "plan-approval" "cake"\n  by: "carla"',
        'custom "plan-approval" "cake" ; ! member-not-found\n  by: "ada"',
    )
    for books in both(text + filed):
        assert 'did you mean "Ada"?' in books.message("member-not-found")


@pytest.mark.parametrize("value", ['"ada"', '"A B"', "3", "TRUE", '""'])
def test_the_member_of_an_accountant_is_an_id(value: str) -> None:
    code = "invalid-id" if value.startswith('"') else "malformed-metadata"
    found = check(
        f'2026-02-01 custom "accountant" "emil" ; ! {code}\n  by: "carla"\n  member: {value}\n',
        prelude=PARTIES,
    )
    assert found.codes


def granted(by: str, mark: str = "") -> str:
    """Return a loan with another `by:`."""
    text = loan("loan-9", "Mill", 100, date="2026-01-02", mark=mark).replace("; !", "; 2")
    return text.replace('  by: "carla"\n', by)


@pytest.mark.parametrize(
    ("by", "mark"),
    [
        ("", "loan-without-approval"),
        ('  by: "Ada"\n', "loan-without-approval"),
        ('  by: "karla"\n', "loan-without-approval"),
        ('  by: "carla, Mill"\n', "loan-without-approval"),
        ('  by: "carla"\n', ""),
        ('  by: "dora, carla"\n', ""),
    ],
)
def test_a_loan_says_which_accountant_granted_it(by: str, mark: str) -> None:
    first, second = credits_(granted(by, mark))
    assert "loan-9" in first.books.machine.state.credits.loans
    assert ("loan-9" in second.books.machine.state.credits.loans) == (mark == "")


def test_who_has_left_office_grants_no_loan() -> None:
    left = '2026-01-02 custom "accountant-end" "dora"\n  by: "carla"\n'
    late = granted('  by: "dora"\n', "loan-without-approval").replace("2026-01-02", "2026-01-03")
    _, second = credits_(left + late)
    assert '"dora" is none; name them, such as by: "carla"' in second.message("loan-without-approval")


@pytest.mark.parametrize(
    ("approvals", "by", "holds"),
    [
        *((1, "", False), (1, "Cyd", False), (1, "carla", True), (2, "carla", False), (2, "carla, carla", False)),
        *((2, "carla, dora", True), (2, "carla, dora, Cyd", False), (3, "carla", True), (3, "", False)),
    ],
)
def test_a_bankruptcy_is_stated_by_as_many_as_the_region_has_decided(approvals: int, by: str, holds: bool) -> None:
    mark = "" if holds else " ; 2 bankruptcy-without-approval"
    text = f'2026-01-05 custom "bankruptcy" "Mill"{mark}\n' + (f'  by: "{by}"\n' if by else "")
    first, second = both(text, of=region(), prelude=BARE, approvals=approvals)
    assert first.books.machine.state.companies["Mill"].bankrupt
    assert second.books.machine.state.companies["Mill"].bankrupt is holds


def bought(*buyers: str, said: str = "", mark: str = "", seller: str = CLEARING) -> str:
    """Return a purchase of some wallets in another region, or outside."""
    kind = "interregional" if seller == CLEARING else "external"
    legs = "".join(f"  {buyer}  -10 RSC\n" for buyer in buyers)
    head = f'2026-01-05 * "bought"{mark and f" ; 2 {mark}"}\n  transfer: "{kind}_purchase"\n'
    return head + (f'  input: "{said}"\n' if said else "") + legs + f"  {seller}  {10 * len(buyers)} RSC\n"


ADA = "Assets:Members:Ada:Wallet"


@pytest.mark.parametrize(
    "text",
    [
        bought(BAKERY, mark="purchase-without-input"),
        bought(BAKERY, said="grain"),
        bought(ADA),
        bought(BAKERY, MILL, mark="purchase-without-input"),
        bought(ADA, SCHOOL, mark="purchase-without-input"),
        bought(ADA, SCHOOL, mark="purchase-without-input", seller="Equity:Outside"),
        bought(ADA, SCHOOL, said="chalk", seller="Equity:Outside"),
    ],
)
def test_a_company_says_what_it_buys_in_another_region(text: str) -> None:
    first, second = credits_(text)
    assert first.balance(CLEARING) + first.balance("Equity:Outside") >= second.balance(CLEARING)


def test_advice_stands_at_the_event_that_it_is_about() -> None:
    credits_(bought(ADA, said="nothing") + bought(BAKERY, mark="purchase-without-input").replace("01-05", "01-06"))
    credits_(bought(BAKERY, mark="purchase-without-input") + bought(MILL, said="grain"))


def test_a_rejected_event_gives_no_advice_beside_its_error() -> None:
    text = bought("Assets:Companies:Nobody:Wallet").replace('"bought"', '"bought" ; ! company-not-found')
    check(text, region=region(), prelude=CREDITS)
