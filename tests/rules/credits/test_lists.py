"""Wait-lists of housing and of schools: who is first, and what it takes to pass her."""

from __future__ import annotations

from tests.rules.credits.region import PLAIN, PRELUDE, paid, region
from tests.support import Loaded, ledger

COLLEGE = '2026-01-01 custom "company" "College"\n  ownership: "regional"\n'

FLATS = PRELUDE + "".join(
    f'2026-01-01 custom "property" "flat-{number}"\n  kind: "housing"\n  property-tax: 310 RSC\n'
    for number in (1, 2, 3)
)


@ledger(region=PLAIN, prelude=FLATS)
def test_housing_goes_to_who_waited_longest(books: Loaded) -> None:
    """
    2026-01-02 custom "wait-list" "housing" "Bob"
    2026-01-02 custom "wait-list" "housing" "Ada"
      time: "08:00:00"
    2026-01-03 custom "wait-list" "housing" "Cyd"
    2026-01-04 custom "lease" "flat-1" "Cyd" ; ! past-the-wait-list
    2026-01-04 custom "lease" "flat-1" "Dan" ; ! past-the-wait-list
    2026-01-05 custom "lease" "flat-1" "Bob"
    2026-01-06 custom "lease" "flat-2" "Ada"
    2026-01-07 custom "wait-list-end" "housing" "Cyd"
    2026-01-08 custom "lease" "flat-3" "Dan"
    """
    assert "Bob" in str([problem.message for problem in books.books.errors])


@ledger(region=PLAIN, prelude=FLATS)
def test_who_asks_at_one_instant_is_served_in_order_of_ids(books: Loaded) -> None:
    """
    2026-01-02 custom "wait-list" "housing" "Cyd"
    2026-01-02 custom "wait-list" "housing" "Ada"
    2026-01-03 custom "lease" "flat-1" "Cyd" ; ! past-the-wait-list
    2026-01-04 custom "lease" "flat-1" "Ada"
    2026-01-04 custom "lease" "flat-2" "Cyd"
    """
    assert books.codes


@ledger(region=PLAIN, prelude=FLATS)
def test_a_reason_and_a_name_pass_the_list(books: Loaded) -> None:
    """
    2026-01-02 custom "wait-list" "housing" "Bob"
    2026-01-03 custom "lease" "flat-1" "Cyd" ; ! past-the-wait-list
      reason: "her house burnt down"
    2026-01-03 custom "lease" "flat-1" "Dan" ; ! past-the-wait-list
      by: "carla"
    2026-01-04 custom "lease" "flat-1" "Cyd"
      reason: "her house burnt down"
      by: "carla"
    2026-01-05 custom "lease" "flat-2" "outside" ; ! past-the-wait-list
      name: "A theatre"
    2026-01-06 custom "lease" "flat-2" "Bob"
    """
    assert books.codes


@ledger(region=PLAIN, prelude=FLATS)
def test_nobody_waits_twice_and_only_members_and_companies_do(books: Loaded) -> None:
    """
    2026-01-02 custom "wait-list" "housing" "Bob"
    2026-01-03 custom "wait-list" "housing" "Bob" ; ! already-on-wait-list
    2026-01-03 custom "wait-list" "housing" "Bobb" ; ! member-not-found
    2026-01-03 custom "wait-list" "houses" "Ada" ; ! wait-list-not-found
    2026-01-03 custom "wait-list" "equipment" "Bakery"
    2026-01-03 custom "wait-list-end" "housing" "Ada" ; ! not-on-wait-list
    2026-01-04 custom "wait-list-end" "housing" "Bob"
    2026-01-05 custom "wait-list" "housing" "Bob"
    """
    assert books.codes


@ledger(region=PLAIN, prelude=FLATS)
def test_who_leaves_waits_no_longer(books: Loaded) -> None:
    """
    2026-01-02 custom "wait-list" "housing" "Dan"
    2026-01-02 * "farewell"
      Assets:Members:Dan:Wallet    -1000 RSC
      Assets:Members:Ada:Wallet     1000 RSC
    2026-01-03 custom "member-end" "Dan"
    2026-01-04 custom "lease" "flat-1" "Ada"
    """
    assert books.errors == []


# Schools


@ledger(region=region(schooling_pause_years=5), prelude=PRELUDE)
def test_schools_serve_first_who_was_never_enrolled(books: Loaded) -> None:
    """
    2026-01-02 custom "enrolment-request" "School" "Ada"
    2026-01-03 custom "enrolment" "School" "Ada"
    2026-01-11 custom "enrolment-end" "School" "Ada"
    2026-01-12 custom "enrolment-request" "School" "Ada"
    2026-01-13 custom "enrolment-request" "School" "Bob"
    2026-01-14 custom "enrolment" "School" "Ada" ; ! past-the-wait-list
    2026-01-15 custom "enrolment" "School" "Bob"
    2026-01-16 custom "enrolment" "School" "Ada"
    """
    assert '"Bob"' in books.message("past-the-wait-list") or "Bob" in books.message("past-the-wait-list")


@ledger(region=region(schooling_pause_years=5), prelude=PRELUDE)
def test_after_the_pause_one_counts_as_new_again(books: Loaded) -> None:
    """
    2026-01-02 custom "enrolment-request" "School" "Ada"
    2026-01-03 custom "enrolment" "School" "Ada"
    2026-01-10 custom "enrolment-end" "School" "Ada"
    2031-01-08 custom "enrolment-request" "School" "Ada" ; ? month-not-closed
    2031-01-09 custom "enrolment-request" "School" "Bob"
    2031-01-09 custom "enrolment" "School" "Ada" ; ! past-the-wait-list
    2031-01-10 custom "enrolment" "School" "Ada"
    2031-01-11 custom "enrolment" "School" "Bob"
    """
    assert books.codes


@ledger(region=region(schooling_pause_years=5), prelude=PRELUDE + COLLEGE)
def test_with_a_school_end_its_enrolments_and_the_pause_begins(books: Loaded) -> None:
    """
    2026-01-02 custom "enrolment-request" "School" "Ada"
    2026-01-03 custom "enrolment" "School" "Ada"
    2026-01-04 custom "enrolment-request" "School" "Bob"
    2026-01-10 custom "company-end" "School"
    2026-01-11 custom "enrolment-end" "School" "Ada" ; ! not-enrolled
    2026-01-11 custom "enrolment" "School" "Bob" ; ! company-has-ended
    2026-01-12 custom "enrolment-request" "College" "Ada"
    2026-01-13 custom "enrolment-request" "College" "Cyd"
    2026-01-14 custom "enrolment" "College" "Ada" ; ! past-the-wait-list
    2031-01-10 custom "enrolment" "College" "Ada" ; ? month-not-closed
    """
    assert books.codes


@ledger(
    region=region(schooling_pause_years=5),
    prelude=PRELUDE + COLLEGE,
)
def test_years_at_any_regional_school_count(books: Loaded) -> None:
    """
    2026-01-02 custom "enrolment-request" "College" "Ada"
    2026-01-03 custom "enrolment" "College" "Ada"
    2026-01-11 custom "enrolment-end" "College" "Ada"
    2026-01-12 custom "enrolment-request" "School" "Ada"
    2026-01-13 custom "enrolment-request" "School" "Bob"
    2026-01-14 custom "enrolment" "School" "Ada" ; ! past-the-wait-list
    2026-01-15 custom "enrolment" "School" "Ada"
      reason: "the mill needs a miller"
      by: "carla"
    """
    assert books.codes


@ledger(region=region(tuition_share=0.5), prelude=PRELUDE)
def test_enrolment_needs_a_regional_school_and_a_member(books: Loaded) -> None:
    """
    2026-01-02 custom "enrolment-request" "Mill" "Ada" ; ! company-is-not-regional
    2026-01-02 custom "enrolment-request" "Skool" "Ada" ; ! company-not-found
    2026-01-02 custom "enrolment-request" "School" "Adda" ; ! member-not-found
    2026-01-02 custom "enrolment-request" "School" "Ada"
    2026-01-03 custom "enrolment-request" "School" "Ada" ; ! already-on-wait-list
    2026-01-04 custom "enrolment" "Mill" "Ada" ; ! company-is-not-regional
    2026-01-04 custom "enrolment" "School" "Bob" ; ! past-the-wait-list
    2026-01-05 custom "enrolment" "School" "Ada"
    2026-01-06 custom "enrolment" "School" "Ada" ; ! already-enrolled
    2026-01-07 custom "enrolment-end" "School" "Cyd" ; ! not-enrolled
    2026-01-08 custom "enrolment-end" "School" "Ada"
    2026-01-09 custom "enrolment-end" "School" "Ada" ; ! not-enrolled
    """
    assert paid(books, "tuition") == []
