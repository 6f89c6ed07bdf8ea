"""Wages that a pool does not reach for, reckoned by hand (RULES.md, part B, "Wage arrears")."""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount.core import data
from beancount.parser import printer

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BARE,
    BOB,
    OFFERS,
    TREASURY,
    close,
    decision,
    endow,
    loan,
    move,
    moves,
    paid,
    region,
)
from tests.support import HEAD, Loaded, check, load

D = Decimal

LATE = region(wage_arrears="true", income_tax=0.12)
LATE_CREDITS = region(wage_arrears="true", income_tax=0.12, labour_time=False)
PRELUDE = BARE + OFFERS
"""Ada earns 21 an hour at the bakery, Bob 18; Cyd earns 20 at the mill."""


def payroll(*work: tuple[str, object], date: str = "2026-01-05", extra: str = "") -> str:
    """Return one transaction that registers hours of several workers of the bakery."""
    total = sum(D(str(number)) for _, number in work)
    legs = "".join(f"  Assets:Members:{worker}:Hours  {number} HOUR\n" for worker, number in work)
    return f'{date} * "payroll"\n{extra}  Assets:Companies:Bakery:A  -{total} HOUR\n{legs}'


def sale(amount: object, date: str) -> str:
    return move("Equity:Outside", BAKERY, amount, date=date, transfer="external_sale", says="bread")


def owed(books: Loaded) -> dict[str, dict[str, Decimal]]:
    commodity = books.books.region.credits
    assert commodity is not None
    found = books.books.machine.state.credits.wages_owed
    return {company: {m: commodity.number(u) for m, u in by.items()} for company, by in found.items()}


def arrears_of(month: str) -> str:
    return close(month).replace("\n", " ; ? payment-in-arrears\n")


def test_a_company_that_cannot_pay_for_two_months_and_then_can() -> None:
    text = (
        endow(100, "Bakery")
        + payroll(("Ada", 10), ("Bob", 10), date="2026-01-15")
        + arrears_of("2026-01")
        + payroll(("Ada", 10), ("Bob", 10), date="2026-02-15")
        + arrears_of("2026-02")
        + sale(2000, "2026-03-10")
        + close("2026-03")
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    # January: 10 x 21 + 10 x 18 = 390 are due, and the pool holds 100.
    #   Ada 100 x 210 / 390 = 53.846153...: 53.84, and the larger remainder; Bob 100 x 180 / 390 = 46.153846...: 46.15.
    #   53.84 + 46.15 = 99.99, so the hundredth that is left is Ada's: 53.85 and 46.15.
    #   12 % of 53.85 is 6.462: 6.46; of 46.15 it is 5.538: 5.54.
    # February: nothing is left in the pool, so all 390 are owed beside January's 156.15 and 133.85.
    # March: 2000 come in, and 366.15 to Ada and 313.85 to Bob are paid at its close, with 43.938 -> 43.94 and
    #   37.662 -> 37.66 of tax.
    assert moves(books, "wage") == [
        ("wage", BAKERY, ADA, D("53.85")),
        ("wage", BAKERY, BOB, D("46.15")),
        ("wage", BAKERY, ADA, D(0)),
        ("wage", BAKERY, BOB, D(0)),
        ("wage", BAKERY, ADA, D("366.15")),
        ("wage", BAKERY, BOB, D("313.85")),
    ]
    assert paid(books, "income_tax") == [D("6.46"), D("5.54"), 0, 0, D("43.94"), D("37.66")]
    assert D("53.85") + D("366.15") == 2 * 10 * 21
    assert D("46.15") + D("313.85") == 2 * 10 * 18
    assert owed(books) == {}
    assert books.balance(BAKERY) == 2000 - 390 - 390 + 100
    # Certificates and labour taxes are those of the hours, whenever they are paid.
    assert [amount for *_, amount in books.transfers("work_certificates")] == [10, 10, 10, 10]
    assert books.balance("Assets:Companies:Bakery:A") == -40


def test_at_the_close_the_tax_is_that_of_the_day_of_payment_and_counts_for_that_months_dividend() -> None:
    changed = region(decision("2026-02-01", income_tax=0.5), wage_arrears="true", income_tax=0.12, dividend=1)
    text = payroll(("Ada", 10)) + arrears_of("2026-01") + sale(300, "2026-02-10") + close("2026-02")
    books = check(text, region=changed, prelude=PRELUDE)
    # 210 are paid in February: half of it is tax, and the dividend shares 105 among four: 26.25 each.
    assert paid(books, "income_tax") == [0, 105]
    assert paid(books, "dividend") == [D("26.25")] * 4


def test_where_the_region_has_not_decided_it_hours_that_cannot_be_paid_are_refused_as_before() -> None:
    text = payroll(("Ada", 10)).replace('"payroll"', '"payroll" ; ! insufficient-balance')
    books = check(text, region=region(), prelude=PRELUDE)
    assert books.balance("Assets:Members:Ada:Hours") == 0


def test_wages_in_arrears_are_paid_before_all_else_that_is_owed() -> None:
    text = (
        loan("loan-1", "Bakery", 300, months=3)
        + move(BAKERY, "Equity:Outside", 300, date="2026-01-02", transfer="external_purchase", extra='  input: "x"\n')
        + payroll(("Bob", 10))
        + close("2026-01").replace("\n", " ; ? payment-in-arrears\n")
        + close("2026-02").replace("\n", " ; ? payment-in-arrears payment-in-arrears\n")
        + sale(200, "2026-03-01")
        + close("2026-03").replace("\n", " ; ? payment-in-arrears\n")
    )
    books = check(text, region=LATE, prelude=PRELUDE + endow(10_000, "Mill") + move(
        "Equity:Issuance", "Assets:Banks:PublicBank:Funds", 1000, by="carla"))  # fmt: skip
    # 180 of wages come first, the last 20 go to the instalments of 100 that stand since February.
    assert paid(books, "wage") == [0, 180]
    assert paid(books, "loan_repayment") == [20]


def test_the_message_names_each_worker_and_what_is_owed_to_her() -> None:
    books = check(payroll(("Ada", 10), ("Bob", 5)) + arrears_of("2026-01"), region=LATE, prelude=PRELUDE)
    assert "210.00 RSC to Ada, 90.00 RSC to Bob" in books.message("payment-in-arrears")


def test_at_one_instant_other_spending_comes_first_and_income_before_both() -> None:
    text = (
        endow(100, "Bakery")
        + payroll(("Ada", 10), date="2026-01-05")
        + move(BAKERY, "Equity:Outside", 60, date="2026-01-05", transfer="external_purchase", extra='  input: "x"\n')
        + sale(20, "2026-01-05")
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert paid(books, "wage") == [100 + 20 - 60]
    assert owed(books) == {"Bakery": {"Ada": 150}}


def test_of_two_payrolls_of_one_instant_the_last_by_the_key_is_paid_less() -> None:
    text = endow(300, "Bakery") + payroll(("Bob", 10)) + payroll(("Ada", 10))
    books = check(text, region=LATE, prelude=PRELUDE)
    # Both debit the bakery; Ada's account comes before Bob's.
    assert sorted(moves(books, "wage")) == [("wage", BAKERY, ADA, D(210)), ("wage", BAKERY, BOB, D(90))]


def test_what_falls_later_in_the_instant_pays_wages_after_all() -> None:
    # The bakery and the mill buy together from outside; the mill lacks its part, so the purchase falls.
    text = (
        endow(100, "Bakery")
        + payroll(("Ada", 10))
        + '2026-01-05 * "together" ; ! insufficient-balance\n  transfer: "external_purchase"\n  input: "flour"\n'
        + f"  {BAKERY}  -50 RSC\n  Assets:Companies:Mill:Wallet  -10 RSC\n  Equity:Outside  60 RSC\n"
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert paid(books, "wage") == [100]
    assert books.balance(BAKERY) == 0


def test_a_member_who_lives_on_a_wage_that_is_not_paid_cannot_spend_it() -> None:
    text = payroll(("Ada", 10)) + move(ADA, BOB, 50, date="2026-01-05").replace(
        '"a transfer"', '"a transfer" ; ! insufficient-balance'
    )
    check(text, region=LATE, prelude=PRELUDE)


REVERSED = '2026-02-02 custom "reversal" "it"\n  by: "carla"\n'


def test_a_reversal_of_unpaid_hours_cancels_what_is_owed() -> None:
    text = endow(42, "Bakery") + payroll(("Ada", 10), extra='  id: "it"\n') + arrears_of("2026-01") + REVERSED
    books = check(text + close("2026-02"), region=LATE, prelude=PRELUDE)
    assert owed(books) == {}
    assert (books.balance(ADA), books.balance(BAKERY), books.balance(TREASURY)) == (D(0), D(42), D(0))
    assert books.books.machine.state.credits.month.taxes == -D("5.04") * 100


def test_a_reversal_takes_back_first_what_is_owed_and_then_what_a_close_has_paid_since_with_its_tax() -> None:
    text = (
        endow(10, "Bakery")
        + payroll(("Ada", 10), extra='  id: "it"\n')
        + sale(50, "2026-01-20")
        + arrears_of("2026-01")
        + REVERSED
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    # 210 are due: 10 are paid at once, 50 at the close, 150 are owed. The reversal cancels the 150 and takes back 10
    # and 50, with 1.20 and 6.00 of tax: Ada, the bakery and the treasury have what they would have had.
    assert paid(books, "wage") == [10, 50, 10, 50]
    assert paid(books, "income_tax") == [D("1.20"), 6, D("1.20"), 6]
    assert owed(books) == {}
    assert (books.balance(ADA), books.balance(BAKERY), books.balance(TREASURY)) == (D(0), D(60), D(0))


def test_a_reversal_that_a_worker_cannot_bear_falls_and_everything_is_owed_as_before() -> None:
    text = (
        payroll(("Ada", 10), extra='  id: "it"\n')
        + sale(50, "2026-01-20")
        + arrears_of("2026-01")
        + move(ADA, BOB, 44, date="2026-02-01")
        + REVERSED.replace('"it"', '"it" ; ! insufficient-balance')
        + close("2026-02").replace("\n", " ; ? payment-in-arrears\n")
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert owed(books) == {"Bakery": {"Ada": 160}}


def test_hours_that_were_paid_are_paid_back_though_others_are_owed() -> None:
    text = (
        endow(210, "Bakery")
        + payroll(("Ada", 10), extra='  id: "it"\n')
        + payroll(("Ada", 10), date="2026-01-06")
        + REVERSED
    )
    books = check(text.replace("2026-02-02", "2026-01-20"), region=LATE, prelude=PRELUDE)
    assert owed(books) == {"Bakery": {"Ada": 210}}
    assert books.balance(ADA) == 0


def test_who_ceases_to_work_there_is_still_owed_and_so_is_who_comes_back() -> None:
    text = (
        payroll(("Ada", 10))
        + '2026-01-10 custom "employment-end" "Bakery" "Ada"\n'
        + arrears_of("2026-01")
        + '2026-02-01 custom "employment" "Bakery" "Ada"\n  occupation: "baker"\n'
        + payroll(("Ada", 10), date="2026-02-02")
        + sale(1000, "2026-02-20")
        + close("2026-02")
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert paid(books, "wage") == [0, 0, 210 + 180]


def test_what_is_owed_to_a_member_who_leaves_goes_to_the_treasury_untaxed() -> None:
    text = (
        payroll(("Ada", 10), ("Bob", 10))
        + '2026-01-10 custom "member-end" "Ada" ; ? wages-left-to-treasury\n'
        + arrears_of("2026-01")
        + sale(1000, "2026-02-20")
        + close("2026-02")
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert moves(books, "wage")[2:] == [("wage", BAKERY, BOB, D(180)), ("wage", BAKERY, TREASURY, D(210))]
    assert paid(books, "income_tax")[2:] == [D("21.60")]
    assert "180.00 RSC to Bob, 210.00 RSC to the treasury" in books.message("payment-in-arrears")


def test_a_company_ends_only_when_it_can_pay_its_wages_and_then_does() -> None:
    text = payroll(("Ada", 10)) + '2026-01-20 custom "company-end" "Bakery" ; ! company-owes-wages\n'
    books = check(text, region=LATE, prelude=PRELUDE)
    assert "record a bankruptcy" in books.message("company-owes-wages")
    rich = check(text.replace(" ; ! company-owes-wages", "") + sale(250, "2026-01-19"), region=LATE, prelude=PRELUDE)
    assert moves(rich, "wage", "liquidation")[1:] == [
        ("wage", BAKERY, ADA, D(210)),
        ("liquidation", BAKERY, TREASURY, D(40)),
    ]


def test_a_bankruptcy_pays_wages_first_from_what_cash_there_is() -> None:
    text = (
        loan("loan-1", "Bakery", 500, months=50)
        + move(BAKERY, "Equity:Outside", 500, date="2026-01-02", transfer="external_purchase", extra='  input: "x"\n')
        + payroll(("Ada", 10), ("Bob", 10))
        + sale(400, "2026-01-19")
        + '2026-01-20 custom "bankruptcy" "Bakery"\n  by: "carla"\n'
    )
    funded = PRELUDE + move("Equity:Issuance", "Assets:Banks:PublicBank:Funds", 1000, by="carla")
    books = check(text, region=LATE, prelude=funded)
    # 400 - 210 - 180 = 10 are left for the bank's 500.
    assert moves(books, "wage", "liquidation")[2:] == [
        ("wage", BAKERY, ADA, D(210)),
        ("wage", BAKERY, BOB, D(180)),
        ("liquidation", BAKERY, "Assets:Banks:PublicBank:Funds", D(10)),
    ]
    poor = check(text.replace("400 RSC", "100 RSC"), region=LATE, prelude=funded)
    # Ada 100 x 210 / 390 = 53.85, Bob 46.15; the rest is written off, and the bank has nothing.
    assert paid(poor, "wage")[2:] == [D("53.85"), D("46.15")]
    assert paid(poor, "liquidation") == []
    assert owed(poor) == {}


def again(books: Loaded) -> str:
    """Return the books as text, without the accounts that the engine opens."""
    entries = data.sorted(books.books.entries)
    return "\n".join(printer.format_entry(e) for e in entries if not isinstance(e, data.Open))


def test_output_written_back_and_loaded_again_gives_the_same_books() -> None:
    text = (
        endow(100, "Bakery")
        + payroll(("Ada", 10), ("Bob", 10))
        + arrears_of("2026-01")
        + sale(200, "2026-02-10")
        + close("2026-02").replace("\n", " ; ? payment-in-arrears\n")
    )
    first = check(text, region=LATE, prelude=PRELUDE)
    second = load(again(first), region=LATE, prelude="")
    assert second.errors == []
    assert moves(second) == moves(first)
    assert owed(second) == owed(first)


@pytest.mark.parametrize("wage", ["60.00", "40.00", "210.00"])
def test_written_down_wages_that_the_pool_does_not_reach_for_or_could_pass_are_refused(wage: str) -> None:
    tax = (D(wage) * D("0.12")).quantize(D("0.01"))
    text = endow(50, "Bakery") + (
        '2026-01-05 * "payroll"\n'
        "  Assets:Companies:Bakery:A  -10 HOUR\n  Assets:Members:Ada:Hours  10 HOUR\n"
        '  Assets:Members:Ada:Hours  -0 HOUR\n    transfer: "taxes"\n  Equity:PSF  0 HOUR\n    transfer: "taxes"\n'
        f'  {BAKERY}  -{wage} RSC ; ! wrong-derived-amount\n    transfer: "wage"\n'
        f'  {ADA}  {wage} RSC\n    transfer: "wage"\n'
        f'  {ADA}  -{tax} RSC\n    transfer: "income_tax"\n  {TREASURY}  {tax} RSC\n    transfer: "income_tax"\n'
    )
    books = check(text, region=LATE, prelude=PRELUDE)
    assert "50.00 RSC to Ada" in books.message("wrong-derived-amount")


def recorded(amount: object, hours_: object, *, mark: str = "", date: str = "2026-01-05", extra: str = "") -> str:
    return f'{date} * "wages"{mark}\n{extra}  {BAKERY}  -{amount} RSC\n  {ADA}  {amount} RSC\n    hours: {hours_}\n'


def test_where_labour_time_is_off_the_text_says_what_of_a_wage_was_paid() -> None:
    books = check(
        endow(100, "Bakery") + recorded(100, 10) + arrears_of("2026-01") + sale(300, "2026-02-01") + close("2026-02"),
        region=LATE_CREDITS,
        prelude=PRELUDE,
    )
    assert paid(books, "wage") == [100, 110]
    assert paid(books, "income_tax") == [12, D("13.20")]


def test_where_labour_time_is_off_less_than_the_pool_reaches_for_or_more_is_refused() -> None:
    for amount in (99, 210):
        text = endow(100, "Bakery") + recorded(amount, 10, mark=" ; ! wrong-amount")
        books = check(text, region=LATE_CREDITS, prelude=PRELUDE)
        assert "100.00 RSC to Ada" in books.message("wrong-amount")


def test_the_cost_of_a_month_is_what_its_hours_cost_whenever_they_are_paid() -> None:
    text = payroll(("Ada", 10)) + arrears_of("2026-01") + sale(300, "2026-02-10") + close("2026-02")
    books = check(text, region=LATE, prelude=PRELUDE)
    sheets = books.books.machine.state.credits.costs["Bakery"]
    assert {month: sheet.wages for month, sheet in sheets.items()} == {"2026-01": 21000, "2026-02": 0}


def test_wage_arrears_are_decided_by_true_or_false() -> None:
    for wrong in ("maybe", "yes", "1", "null"):
        books = load("", region=region(wage_arrears=wrong), prelude="", head=HEAD)
        assert books.codes == ["region-file-wrong-value"]
    books = load("", region=region(), prelude=PRELUDE)
    assert not books.books.machine.context.rules.wage_arrears
