"""What the region owns: property that it buys, sells and rents out, and what companies acquire for it."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    MILL,
    OUTSIDE,
    PLAIN,
    PRELUDE,
    TREASURY,
    moves,
    paid,
)
from tests.support import Loaded, ledger

D = Decimal

PRICED = (
    PRELUDE
    + """\
2026-01-01 custom "property" "house"
  kind: "housing"
  property-tax: 10 RSC
  maintenance: 10 RSC
  administration: 10 RSC
  depreciation: 10 RSC
  price: 800 RSC
2026-01-01 custom "property" "kiln"
  kind: "equipment"
  property-tax: 10 RSC
  maintenance: 10 RSC
  administration: 10 RSC
  depreciation: 10 RSC
  price: 500 RSC
"""
)


@ledger(region=PLAIN, prelude=PRICED)
def test_a_company_acquires_equipment_that_becomes_the_regions(books: Loaded) -> None:
    """
    2026-01-02 * "a kiln from the coast" ^kiln
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    2026-01-03 * "a second time" ^kiln ; ! property-is-acquired
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    2026-01-03 * "nor does the region buy it again" ^kiln ; ! property-is-acquired
      by: "carla"
      transfer: "property_purchase"
      Assets:Region:Treasury            -500 RSC
      Equity:Outside                     500 RSC
    2026-01-04 custom "lease" "kiln" "Bakery"
    """
    assert moves(books, "acquisition") == [("acquisition", BAKERY, OUTSIDE, D(500))]


@ledger(region=PLAIN, prelude=PRICED)
def test_a_company_builds_equipment_for_another(books: Loaded) -> None:
    """
    2026-01-02 * "the mill built it" ^kiln
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Assets:Companies:Mill:Wallet       500 RSC
    """
    assert moves(books, "acquisition") == [("acquisition", BAKERY, MILL, D(500))]


@ledger(region=PLAIN, prelude=PRICED)
def test_an_acquisition_needs_a_property_at_its_price(books: Loaded) -> None:
    """
    2026-01-02 * "no link" ; ! missing-link
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    2026-01-02 * "no such property" ^klin ; ! property-not-found
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    2026-01-02 * "an offer is no property" ^flour ; ! property-not-found
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet     -10 RSC
      Assets:Companies:Mill:Wallet        10 RSC
    2026-01-02 * "another price" ^kiln ; ! wrong-amount
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -499 RSC
      Equity:Outside                     499 RSC
    2026-01-02 * "no price" ^oven ; ! property-has-no-price
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -499 RSC
      Equity:Outside                     499 RSC
    2026-01-02 * "two of them" ^kiln ^house ; ! ambiguous-link
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    """
    assert paid(books, "acquisition") == []


@ledger(region=PLAIN, prelude=PRICED)
def test_companies_acquire_no_homes(books: Loaded) -> None:
    """
    2026-01-02 * "a house for the director" ^house ; ! housing-is-not-acquired
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -800 RSC
      Equity:Outside                     800 RSC
    """
    assert paid(books, "acquisition") == []


@ledger(region=PLAIN, prelude=PRICED)
def test_the_region_buys_homes_and_sells_property(books: Loaded) -> None:
    """
    2026-01-02 * "Ada's house" ^house
      by: "carla"
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Ada:Wallet          800 RSC
    2026-01-03 * "twice" ^house ; ! property-is-acquired
      by: "carla"
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Ada:Wallet          800 RSC
    2026-01-04 * "to Bob" ^house
      by: "carla"
      Assets:Members:Bob:Wallet         -800 RSC
      Assets:Region:Treasury             800 RSC
    2026-01-05 * "sold twice" ^house ; ! property-is-sold
      by: "carla"
      Assets:Members:Cyd:Wallet         -800 RSC
      Assets:Region:Treasury             800 RSC
    2026-01-05 custom "lease" "house" "Cyd" ; ! property-is-sold
    2026-01-06 * "bought back" ^house
      by: "carla"
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Bob:Wallet          800 RSC
    2026-01-07 custom "lease" "house" "Cyd"
    2026-01-08 * "not while Cyd lives there" ^house ; ! property-is-leased
      by: "carla"
      transfer: "property_sale"
      Equity:Outside                    -800 RSC
      Assets:Region:Treasury             800 RSC
    """
    assert moves(books, "property_purchase")[0] == ("property_purchase", TREASURY, ADA, D(800))
    assert paid(books, "property_sale") == [800]


@ledger(region=PLAIN, prelude=PRICED)
def test_purchases_and_sales_of_property_are_approved_and_at_its_price(books: Loaded) -> None:
    """
    2026-01-02 * "nobody approved" ^house ; ! missing-approvals
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Ada:Wallet          800 RSC
    2026-01-02 * "by a member" ^house ; ! accountant-not-found
      by: "Ada"
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Ada:Wallet          800 RSC
    2026-01-02 * "no link: a present of the region" ; ! missing-link
      by: "carla"
      Assets:Region:Treasury            -800 RSC
      Assets:Members:Ada:Wallet          800 RSC
    2026-01-02 * "more than its price" ^house ; ! wrong-amount
      by: "carla"
      Assets:Region:Treasury            -900 RSC
      Assets:Members:Ada:Wallet          900 RSC
    2026-01-02 * "less than its price" ^kiln ; ! wrong-amount
      by: "carla"
      transfer: "property_sale"
      Assets:Companies:Mill:Wallet      -1 RSC
      Assets:Region:Treasury             1 RSC
    2026-01-02 * "nobody approved the sale" ^kiln ; ! missing-approvals
      Assets:Companies:Mill:Wallet      -500 RSC
      Assets:Region:Treasury             500 RSC
    """
    assert paid(books, "property_purchase", "property_sale") == []


@ledger(region=PLAIN, prelude=PRICED)
def test_a_repeated_property_replaces_its_costs_and_its_price(books: Loaded) -> None:
    """
    2026-01-02 custom "property" "kiln"
      kind: "equipment"
      property-tax: 10 RSC
      maintenance: 10 RSC
      administration: 10 RSC
      depreciation: 10 RSC
      price: 400 RSC
    2026-01-02 * "at the old price" ^kiln ; ! wrong-amount
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -500 RSC
      Equity:Outside                     500 RSC
    2026-01-02 * "at the new one" ^kiln
      transfer: "acquisition"
      Assets:Companies:Bakery:Wallet    -400 RSC
      Equity:Outside                     400 RSC
    2026-01-03 custom "property" "boat" ; ! malformed-metadata
      kind: "vehicle"
      property-tax: 10 RSC
      maintenance: 10 RSC
      administration: 10 RSC
      depreciation: 10 RSC
    2026-01-03 custom "property" "shed" ; ! negative-amount
      kind: "facility"
      property-tax: -10 RSC
      maintenance: 10 RSC
      administration: 10 RSC
      depreciation: 10 RSC
    """
    assert paid(books, "acquisition") == [400]


# Leases


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_property_is_leased_to_one_at_a_time(books: Loaded) -> None:
    """
    2026-01-02 custom "lease" "flat" "Ada"
    2026-01-03 custom "lease" "flat" "Bob" ; ! property-is-leased
    2026-01-03 custom "lease" "flat" "Ada" ; ! property-is-leased
    2026-01-04 custom "lease-end" "flat" "Bob" ; ! property-is-not-leased
    2026-01-05 custom "lease-end" "flat"
    2026-01-05 custom "lease-end" "oven" ; ! property-is-not-leased
    2026-01-06 custom "lease-end" "flat" ; ! property-is-not-leased
    2026-01-07 custom "lease" "flat" "Bob"
    """
    assert "Ada" in str([problem.message for problem in books.books.errors])


@ledger(region=PLAIN, prelude=PRELUDE)
def test_a_lease_needs_a_property_and_somebody(books: Loaded) -> None:
    """
    2026-01-02 custom "lease" "falt" "Ada" ; ! property-not-found
    2026-01-02 custom "lease" "flat" "Adda" ; ! member-not-found
    2026-01-02 custom "lease" "flat" "outside" ; ! missing-metadata
    2026-01-03 custom "lease" "flat" "outside"
      name: "A theatre"
    2026-01-04 custom "lease-end" "falt" ; ! property-not-found
    2026-01-05 custom "employment-end" "School" "Dan"
    2026-01-05 * "farewell"
      Assets:Members:Dan:Wallet    -1000 RSC
      Assets:Members:Ada:Wallet     1000 RSC
    2026-01-06 custom "member-end" "Dan"
    2026-01-07 custom "lease" "hall" "Dan" ; ! member-has-ended
    2026-01-07 custom "company-end" "Mill"
    2026-01-08 custom "lease" "oven" "Mill" ; ! company-has-ended
    """
    assert books.codes


@ledger(region=PLAIN, prelude=PRELUDE)
def test_with_a_company_its_leases_end_and_a_member_with_a_lease_does_not_leave(books: Loaded) -> None:
    """
    2026-01-02 custom "lease" "oven" "Mill"
    2026-01-02 custom "lease" "flat" "Dan"
    2026-01-03 custom "company-end" "Mill"
    2026-01-03 custom "lease" "oven" "Bakery" ; ! property-is-leased
    2026-01-04 custom "lease" "oven" "Bakery"
    2026-01-04 * "farewell"
      Assets:Members:Dan:Wallet    -1000 RSC
      Assets:Members:Ada:Wallet     1000 RSC
    2026-01-05 custom "member-end" "Dan" ; ! member-has-lease
    2026-01-06 custom "lease-end" "flat" "Dan"
    2026-01-06 custom "member-end" "Dan"
    """
    assert books.codes
