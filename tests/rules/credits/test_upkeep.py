"""RULES.md, part B, `upkeep`: what the region pays for its property out of what rents were charged for."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import CYD, MILL, OFFERS, OUTSIDE, PRELUDE, TREASURY, close, move, paid, region
from tests.support import Loaded, check

D = Decimal
REGION = region(approvals=1).replace("commodities:", "table: 2\ncommodities:")
INPUT = '  input: "maintenance"\n'
LEASED = '2026-01-01 custom "lease" "flat" "Cyd"\n' + close("2026-01")
"""The flat costs 310 a month, and is held for all of January."""
MENDING = OFFERS + '2026-01-01 custom "offer" "mending" "Mill"\n  price: 40 RSC\n  kind: "service"\n'


def upkeep(
    credit: str = OUTSIDE,
    amount: object = 100,
    date: str = "2026-02-02",
    link: str = "flat",
    by: str = "carla",
    extra: str = INPUT,
    mark: str = "",
) -> str:
    return move(TREASURY, credit, amount, date=date, transfer="upkeep", link=link, by=by, extra=extra, mark=mark)


def found(text: str, rules: str = REGION) -> Loaded:
    return check(text, region=rules, prelude=PRELUDE.replace(OFFERS, MENDING))


def test_upkeep_is_charged_against_what_rents_brought() -> None:
    books = found(LEASED + upkeep(amount=100) + upkeep(amount=200, date="2026-02-03"))
    flat = books.books.machine.state.credits.properties["flat"]
    assert (flat.charged, flat.spent) == (31_000, 30_000)
    assert books.balance(TREASURY) == 10_000 + 310 - 300
    assert books.balance(CYD) == 1000 - 310


def test_more_spent_than_charged_is_an_advice() -> None:
    late = upkeep(amount=11, date="2026-02-03").replace(
        '"a transfer" ^flat', '"a transfer" ^flat ; ? upkeep-above-charges'
    )
    books = found(LEASED + upkeep(amount=300) + late)
    assert '311.00 RSC are spent on "flat", 310.00 RSC of rent were charged' in books.message("upkeep-above-charges")


def test_a_company_is_paid_the_price_of_what_it_offers() -> None:
    extra = INPUT + "  quantity: 2.5\n"
    books = found(LEASED + upkeep(MILL, 100, link="flat ^mending", extra=extra))
    assert paid(books, "upkeep") == [100]
    assert books.balance(MILL) == 1100
    found(LEASED + upkeep(MILL, 101, link="flat ^mending", extra=extra, mark="wrong-amount"))
    found(LEASED + upkeep(MILL, 100, link="flat ^loaf", extra=extra, mark="account-is-not-sellers"))
    found(LEASED + upkeep(MILL, 100, link="flat", extra=extra, mark="offer-not-found"))


def test_what_a_company_does_for_upkeep_is_sold_and_untaxed() -> None:
    extra = INPUT + '  id: "it"\n  quantity: 2.5\n'
    mended = LEASED + upkeep(MILL, 100, link="flat ^mending", extra=extra)
    taxed = REGION.replace("approvals: 1", "approvals: 1\n      sales_tax_internal: 0.10")
    assert "sales_tax_internal: 0.10" in taxed
    books = found(mended + close("2026-02"), taxed)
    sheet = books.books.machine.state.credits.costs["Mill"]["2026-02"]
    assert (sheet.sales, sheet.sold, sheet.to_members) == (10_000, {"mending": 25 * 10**11}, {})
    assert paid(books, "sales_tax") == []
    part = '2026-02-05 custom "reversal" "it"\n  quantity: 1.5\n'
    sheet = found(mended + part).books.machine.state.credits.costs["Mill"]["2026-02"]
    # 1.5 of 2.5 hours at 40.00 are taken back.
    assert (sheet.sales, sheet.sold) == (4_000, {"mending": 10**12})


def test_upkeep_names_its_property_and_says_what_it_is_for() -> None:
    found(LEASED + upkeep(extra="", mark="missing-input"))
    found(LEASED + upkeep(link="barn", mark="property-not-found"))
    found(LEASED + upkeep(link="", mark="missing-link"))
    found(LEASED + upkeep(by="", mark="missing-approvals"))


def test_nothing_is_spent_on_what_was_sold() -> None:
    flat = '2026-02-01 custom "property" "hut"\n  kind: "housing"\n  price: 100 RSC\n'
    sold = flat + move(CYD, TREASURY, 100, date="2026-02-02", transfer="property_sale", link="hut", by="carla")
    found(close("2026-01") + sold + upkeep(link="hut", date="2026-02-03", mark="property-is-sold"))


def test_upkeep_that_is_reversed_is_spent_no_more() -> None:
    text = LEASED + upkeep(extra=INPUT + '  id: "it"\n') + '2026-02-05 custom "reversal" "it"\n'
    assert found(text).books.machine.state.credits.properties["flat"].spent == 0


def test_without_its_name_two_rows_are_possible_from_version_2_on() -> None:
    """In version 1 the accounts alone mean a purchase of property, as they did before."""
    text = LEASED + upkeep().replace('  transfer: "upkeep"\n', "").replace("^flat", "^flat ; ! {}")
    found(text.format("ambiguous-transfer"))
    found(text.format("property-has-no-price"), REGION.replace("table: 2\n", ""))
