"""Credits under another name and of another precision: whole credits, and thousandths."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tests.rules.credits.region import BARE, OFFERS, PROPERTY, buy, close, endow, hours, loan, paid, region, wallet
from tests.support import check, load

D = Decimal

BASE = BARE + OFFERS + PROPERTY + endow()


def renamed(text: str) -> str:
    return text.replace(" RSC", " FLOW")


RATES: dict[str, Any] = {"income_tax": 0.12, "sales_tax_internal": 0.01, "profit_at_rest_tax": 0.02, "dividend": 1}


def test_credits_under_another_name() -> None:
    text = hours("Bakery", "Ada", 8) + buy("Ada", "loaf", "Bakery", 10, 42) + close("2026-01")
    flow = check(renamed(text), region=region(credit="FLOW", **RATES), prelude=renamed(BASE))
    rsc = check(text, region=region(**RATES), prelude=BASE)
    assert paid(flow) == paid(rsc)
    assert {p.units.currency for entry in flow.governed() for p in entry.postings} == {"HOUR", "FLOW"}


def test_the_old_name_is_another_commodity() -> None:
    found = load(buy("Ada", "loaf", "Bakery", 10, 42), region=region(credit="FLOW"), prelude=renamed(BASE))
    assert found.codes == ["wrong-commodity"]


WHOLE = region(
    precision="1", income_tax=0.12, sales_tax_internal=0.01, profit_at_rest_tax=0.02, dividend=1, housing_markup=0.05
)


def whole(text: str) -> str:
    return text.replace("price: 4.20", "price: 4")


def test_whole_credits_are_rounded_half_even_to_whole_credits() -> None:
    text = (
        '2026-01-01 custom "lease" "flat" "Dan"\n'
        + hours("Bakery", "Ada", "0.50")
        + hours("Bakery", "Bob", "7.75")
        + buy("Ada", "flour", "Mill", "0.25", 2)
        + buy("Ada", "flour", "Mill", "0.35", 4)
        + buy("Ada", "flour", "Mill", "0.5", 5)
        + buy("Bob", "flour", "Mill", "25", 250)
        + close("2026-01")
    )
    books = check(whole(text), region=WHOLE, prelude=whole(BASE))
    # 0.5 x 21 = 10.5 -> 10; tax 10 x 0.12 = 1.2 -> 1. 7.75 x 18 = 139.5 -> 140; tax 16.8 -> 17.
    assert paid(books, "wage") == [10, 140]
    assert paid(books, "income_tax") == [1, 17]
    # 0.25 x 10 = 2.5 -> 2, 0.35 x 10 = 3.5 -> 4. Rent 310 x 1.05 = 325.5 -> 326.
    assert paid(books, "rent") == [326]
    # The mill sold 2 + 4 + 5 + 250 = 261: 2.61 -> 3.
    assert paid(books, "sales_tax") == [3]
    # Bakery: 1000 on the 1st, 850 on the 2nd to 31st: (1000 + 30 x 850) x 0.02 / 31 = 17.09... = 17.
    # Mill: 1000, and 1261 on 30 days: (1000 + 30 x 1261) x 0.02 / 31 = 25.05... = 25.
    assert paid(books, "profit_tax") == [17, 25]
    # 18 + 3 + 42 = 63; / 4 = 15.75 -> 15.
    assert paid(books, "dividend") == [15] * 4


def test_whole_credits_have_no_hundredths() -> None:
    found = load(buy("Ada", "flour", "Mill", "0.25", "2.50"), region=WHOLE, prelude=whole(BASE))
    assert found.codes == ["too-many-digits"]
    found = load("", region=WHOLE, prelude=BASE)
    assert set(found.codes) == {"too-many-digits"}


THOUSANDTHS = region(precision="0.001", income_tax=0.12, sales_tax_internal=0.01, housing_markup=0.0333, dividend=1)


def test_thousandths_of_credits() -> None:
    text = (
        '2026-01-01 custom "lease" "flat" "Dan"\n2026-01-08 custom "lease-end" "flat"\n'
        + hours("Bakery", "Ada", "0.33")
        + buy("Ada", "loaf", "Bakery", "0.333", "1.399")
        + loan("loan-1", "Mill", "1000", rate="0.12", months=3)
        + close("2026-01", "2026-02", "2026-03", "2026-04")
    )
    books = check(text, region=THOUSANDTHS, prelude=BASE + endow_bank())
    # 0.33 x 21 = 6.93; x 0.12 = 0.8316 -> 0.832. 7 days x 10 x 1.0333 = 72.331. Sales 1.399 x 0.01 = 0.01399 -> 0.014.
    assert paid(books, "wage") == [D("6.930")]
    assert paid(books, "income_tax") == [D("0.832")]
    assert paid(books, "rent") == [D("72.331")]
    assert paid(books, "sales_tax") == [D("0.014")]
    # Annuity 340.0221... -> 340.022.
    #   10.000 and 330.022, 669.978 left; 6.69978 -> 6.700 and 333.322, 336.656 left; 3.36656 -> 3.367 and 336.656.
    assert paid(books, "loan_interest") == [D(10), D("6.700"), D("3.367")]
    assert paid(books, "loan_repayment") == [D("330.022"), D("333.322"), D("336.656")]
    # January: (0.832 + 0.014) / 4 = 0.2115 -> 0.211. February 10 / 4, March 1.675, April 0.84175 -> 0.841.
    assert paid(books, "dividend")[::4] == [D("0.211"), D("2.5"), D("1.675"), D("0.841")]


def endow_bank() -> str:
    return (
        '2026-01-01 * "issue"\n  by: "carla"\n  Equity:Issuance  -5000 RSC\n  Assets:Banks:PublicBank:Funds  5000 RSC\n'
    )


def test_finer_than_the_precision_is_refused() -> None:
    found = load(buy("Ada", "loaf", "Bakery", "0.333", "1.3986"), region=THOUSANDTHS, prelude=BASE)
    assert found.codes == ["too-many-digits"]
    assert re.search(r"1\.39[89]", found.message("too-many-digits"))


def test_hours_keep_their_own_precision() -> None:
    coarse = region(precision="0.001").replace("{name: HOUR, precision: 0.01}", "{name: HOUR, precision: 1}")
    found = load(hours("Bakery", "Ada", "0.5") + hours("Bakery", "Bob", 1), region=coarse, prelude=BASE)
    assert found.codes == ["too-many-digits"]
    assert paid(found, "wage") == [18]
    assert found.balance(wallet("Bob")) == 1018


def test_at_a_precision_as_fine_as_importers_use_up_to_two_units_may_differ() -> None:
    fine = region(precision="0.0000000001", income_tax=0.1)
    for amount, codes in (("12.6000000002", []), ("12.5999999998", []), ("12.6000000003", ["wrong-amount"])):
        assert load(buy("Ada", "loaf", "Bakery", 3, amount), region=fine, prelude=BASE).codes == codes
    for tax, codes in (("1.7999999998", []), ("1.8000000003", ["wrong-derived-amount"])):
        legs = (
            '  Assets:Companies:Bakery:Wallet  -18 RSC\n    transfer: "wage"\n'
            '  Assets:Members:Bob:Wallet  18 RSC\n    transfer: "wage"\n'
            f'  Assets:Members:Bob:Wallet  -{tax} RSC\n    transfer: "income_tax"\n'
            f'  Assets:Region:Treasury  {tax} RSC\n    transfer: "income_tax"\n'
            '  Assets:Members:Bob:Hours  0 HOUR\n    transfer: "taxes"\n  Equity:PSF  0 HOUR\n    transfer: "taxes"\n'
        )
        assert load(hours("Bakery", "Bob", 1) + legs, region=fine, prelude=BASE).codes == codes
