"""What companies own, and who has it when they end (RULES.md, part B, "Assets of companies")."""

from __future__ import annotations

from decimal import Decimal

from tests.rules.credits.region import (
    BANK,
    BARE,
    BOB,
    MILL,
    OFFERS,
    OUTSIDE,
    TREASURY,
    UNION,
    close,
    endow,
    issue,
    loan,
    move,
    moves,
    paid,
    region,
)
from tests.support import Loaded, check, ledger

D = Decimal

PRELUDE = BARE + OFFERS + endow(10_000, "Ada", "Bob") + issue(10_000, BANK) + issue(10_000, UNION)


def asset(name: str, company: str, value: object, to: str = "", *, date: str = "2026-01-02", mark: str = "") -> str:
    return f'{date} custom "asset" "{name}" "{company}"{mark}\n  name: "{name}"\n  value: {value} RSC\n' + (
        f'  to: "{to}"\n' if to else ""
    )


def lent(name: str, amount: object, *, bank: str = "PublicBank") -> str:
    return loan(name, "Mill", amount, months=100, bank=bank)


def drawn(name: str, amount: object, lender: str) -> str:
    return (
        f'2026-01-01 custom "outside-loan" "{name}" "Mill"\n  lender: "{lender}"\n  principal: {amount} RSC\n'
        f'2026-01-01 * "{name}" ^{name}\n  transfer: "outside_loan"\n'
        f"  Equity:Outside  -{amount} RSC\n  {MILL}  {amount} RSC\n"
    )


def spent(amount: object) -> str:
    return move(MILL, OUTSIDE, amount, date="2026-01-03", transfer="external_purchase", extra='  input: "stone"\n')


BANKRUPT = '2026-01-20 custom "bankruptcy" "Mill"\n  by: "carla"\n'


def properties(books: Loaded) -> dict[str, tuple[str, Decimal | None]]:
    commodity = books.books.region.credits
    assert commodity is not None
    kept = books.books.machine.state.credits.properties
    return {name: (p.kind, None if p.price is None else commodity.number(p.price)) for name, p in kept.items()}


def test_a_bankruptcy_with_a_van_a_lathe_a_regional_and_an_outside_lender() -> None:
    text = (
        lent("loan-1", 6000)
        + drawn("credit-7", 3000, "Coast Bank")
        + asset("van-1", "Mill", 3000, "credit-7")
        + asset("lathe-2", "Mill", 1200)
        + spent(8100)
        + BANKRUPT
    )
    books = check(text, region=region(), prelude=PRELUDE)
    # The regional bank funded the mill, so van and lathe are the region's at their value, whoever the van secured, and
    # no claim is less for it: the bank is owed 6000, Coast Bank 3000, and 900 are left.
    #   bank 900 x 6000 / 9000 = 600, Coast Bank 900 x 3000 / 9000 = 300
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, BANK, D(600)),
        ("liquidation", MILL, OUTSIDE, D(300)),
    ]
    assert properties(books) == {"van-1": ("equipment", D(3000)), "lathe-2": ("equipment", D(1200))}


def test_without_a_regional_lender_assets_go_at_their_value_to_the_creditor_that_they_name() -> None:
    text = (
        lent("loan-1", 2000, bank="Union")
        + drawn("credit-7", 3000, "Coast Bank")
        + asset("van-1", "Mill", 1000, "credit-7")
        + asset("lathe-2", "Mill", 600, "Union")
        + asset("stone-3", "Mill", 400, "loan-1")
        + spent(4700)
        + BANKRUPT
    )
    books = check(text, region=region(), prelude=PRELUDE)
    # The van covers 1000 of Coast Bank's 3000, lathe and stone 600 + 400 of the Union's 2000. Of 300 in cash
    #   the Union has 300 x 1000 / 3000 = 100, Coast Bank 300 x 2000 / 3000 = 200.
    assert sorted(moves(books, "liquidation")) == [
        ("liquidation", MILL, UNION, D(100)),
        ("liquidation", MILL, OUTSIDE, D(200)),
    ]
    assert properties(books) == {}
    # What the Union did not get is written off, and what assets covered is paid: nobody owes it any more.
    assert paid(books, "loan_release") == [2000]


def test_what_an_asset_is_worth_beyond_the_claim_stays_with_the_region() -> None:
    text = (
        drawn("credit-7", 1000, "Coast Bank")
        + asset("van-1", "Mill", 700, "credit-7")
        + asset("van-2", "Mill", 500, "credit-7")
        + asset("van-3", "Mill", 50, "credit-7")
        + asset("desk-4", "Mill", 80)
        + spent(900)
        + BANKRUPT
    )
    books = check(text, region=region(), prelude=PRELUDE)
    # In order of id: van-1 covers 700 of 1000, of van-2's 500 the last 300, so 200 of it are the region's, and all of
    # van-3 and of the desk, which names nobody. Nothing is owed any more: the 100 in cash are the treasury's.
    assert properties(books) == {
        "van-2": ("equipment", D(200)),
        "van-3": ("equipment", D(50)),
        "desk-4": ("equipment", D(80)),
    }
    assert moves(books, "liquidation") == [("liquidation", MILL, TREASURY, D(100))]


def test_the_region_rents_out_or_sells_what_it_has_so() -> None:
    text = (
        asset("van-1", "Mill", 300)
        + BANKRUPT
        + '2026-01-21 custom "property" "van-1"\n  kind: "equipment"\n  maintenance: 31 RSC\n  price: 250 RSC\n'
        + '2026-01-22 custom "lease" "van-1" "Bob"\n'
        + '2026-01-25 custom "lease-end" "van-1"\n'
        + move(BOB, TREASURY, 250, date="2026-01-26", transfer="property_sale", link="van-1", by="carla")
        + close("2026-01")
    )
    books = check(text, region=region(), prelude=PRELUDE)
    assert paid(books, "rent") == [3]
    assert paid(books, "property_sale") == [250]


def test_of_a_company_that_is_dissolved_the_assets_are_the_regions() -> None:
    text = asset("van-1", "Mill", 300) + '2026-01-20 custom "company-end" "Mill"\n'
    books = check(text, region=region(), prelude=PRELUDE)
    assert properties(books) == {"van-1": ("equipment", D(300))}


def test_what_was_sold_or_is_worn_out_goes_to_nobody() -> None:
    text = asset("van-1", "Mill", 300) + '2026-01-10 custom "asset-end" "van-1"\n  reason: "sold"\n' + BANKRUPT
    assert properties(check(text, region=region(), prelude=PRELUDE)) == {}


def test_a_loan_and_its_asset_may_be_declared_at_one_instant() -> None:
    text = asset("van-1", "Mill", 300, "credit-7", date="2026-01-01") + drawn("credit-7", 300, "Coast Bank")
    check(text, region=region(), prelude=PRELUDE)


@ledger(region=region(), prelude=PRELUDE)
def test_assets_are_refused_for_each_of_their_faults(books: Loaded) -> None:
    """
    2026-01-02 custom "outside-loan" "credit-7" "Bakery"
      lender: "Coast Bank"
      principal: 100 RSC
    2026-01-02 custom "asset" "van-1" "Mill"
      value: 300 RSC
    2026-01-03 custom "asset" "van-1" "Mill" ; ! duplicate-id
      value: 400 RSC
    2026-01-03 custom "asset" "van-1" "Bakery" ; ! duplicate-id
      value: 400 RSC
    2026-01-03 custom "asset" "loaf" "Bakery" ; ! duplicate-id
      value: 400 RSC
    2026-01-03 custom "offer" "van-1" "Bakery" ; ! duplicate-id
      price: 4 RSC
    2026-01-03 custom "asset" "van-2" "Mil" ; ! company-not-found
      value: 300 RSC
    2026-01-03 custom "asset" "van-3" "Mill" ; ! missing-metadata
      name: "worth nothing"
    2026-01-03 custom "asset" "van-4" "Mill" ; ! negative-amount
      value: -1 RSC
    2026-01-03 custom "asset" "van-5" "Mill" ; ! creditor-is-a-person
      value: 300 RSC
      to: "Ada"
    2026-01-03 custom "asset" "van-6" "Mill" ; ! creditor-of-another-company
      value: 300 RSC
      to: "credit-7"
    2026-01-03 custom "asset" "van-7" "Mill" ; ! creditor-not-found
      value: 300 RSC
      to: "Unoin"
    2026-01-04 custom "asset-end" "van-9" ; ! asset-not-found
    2026-01-05 custom "asset-end" "van-1"
    2026-01-06 custom "asset-end" "van-1" ; ! asset-has-ended
    2026-01-07 custom "bankruptcy" "Mill"
      by: "carla"
    2026-01-08 custom "asset" "van-8" "Mill" ; ! company-is-bankrupt
      value: 300 RSC
    """
    assert 'did you mean "Union"' in books.message("creditor-not-found")
    assert "never to people" in books.message("creditor-is-a-person")


def test_a_bankruptcy_applies_after_the_assets_of_its_instant() -> None:
    text = BANKRUPT + asset("van-1", "Mill", 300, date="2026-01-20")
    assert properties(check(text, region=region(), prelude=PRELUDE)) == {"van-1": ("equipment", D(300))}
