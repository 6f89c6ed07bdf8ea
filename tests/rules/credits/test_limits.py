"""At the end of an instant no wallet is below zero: who falls, and in which order (LANGUAGE.md, "Time")."""

from __future__ import annotations

from tests.rules.credits.region import (
    ADA,
    BAKERY,
    BANK,
    BARE,
    BOB,
    CYD,
    MILL,
    OUTSIDE,
    PLAIN,
    TREASURY,
    endow,
    hours,
    issue,
    loan,
    move,
    paid,
)
from tests.support import Loaded, check, ledger

SMALL = BARE + endow(100) + issue(100) + issue(100, BANK)


def test_of_two_loans_that_a_bank_cannot_both_grant_the_last_by_its_key_falls() -> None:
    # Both are of the type loan, charge the same account; the credited wallets decide: Bakery before Mill.
    text = loan("a-loan", "Mill", 60, mark="insufficient-balance") + loan("b-loan", "Bakery", 60)
    books = check(text.replace("2026-01-01", "2026-01-02"), region=PLAIN, prelude=SMALL)
    assert books.balance(BAKERY) == 160
    assert books.balance(MILL) == 100
    assert books.balance("Liabilities:Companies:Mill:Loans") == 0


def test_facts_and_transactions_fall_by_one_and_the_same_key() -> None:
    # By type: capitalization < loan < retire.
    retire = move(BANK, "Equity:Issuance", 60, date="2026-01-02", by="carla")
    granted = loan("loan-1", "Mill", 60, date="2026-01-02")
    check(
        granted + retire.replace('"a transfer"', '"a transfer" ; ! insufficient-balance'), region=PLAIN, prelude=SMALL
    )
    both = granted + retire + move(TREASURY, BANK, 20, date="2026-01-02", by="carla")
    books = check(both, region=PLAIN, prelude=SMALL)
    assert books.balance(BANK) == 0


def test_of_the_regions_spending_the_last_type_by_name_falls() -> None:
    text = move(TREASURY, "Assets:Companies:School:Wallet", 60, date="2026-01-02", transfer="subsidy", by="carla",
                mark="insufficient-balance")  # fmt: skip
    text += move(TREASURY, BANK, 60, date="2026-01-02", by="carla")
    books = check(text, region=PLAIN, prelude=SMALL)
    assert books.balance(TREASURY) == 40


@ledger(region=PLAIN, prelude=SMALL)
def test_what_depended_on_income_that_fell_falls_too(books: Loaded) -> None:
    """
    2026-01-02 * "Cyd passes on what Bob passes on" ; ! insufficient-balance
      Assets:Members:Cyd:Wallet   -500 RSC
      Assets:Members:Dan:Wallet    500 RSC
    2026-01-02 * "Bob passes on what Ada gives" ; ! insufficient-balance
      Assets:Members:Bob:Wallet   -450 RSC
      Assets:Members:Cyd:Wallet    450 RSC
    2026-01-02 * "what Ada does not have" ; ! insufficient-balance
      Assets:Members:Ada:Wallet   -400 RSC
      Assets:Members:Bob:Wallet    400 RSC
    """
    assert books.balance(ADA) == books.balance(BOB) == books.balance(CYD) == 100


@ledger(region=PLAIN, prelude=SMALL)
def test_a_chain_that_holds_holds_in_whatever_order_it_is_written(books: Loaded) -> None:
    """
    2026-01-02 * "Cyd passes it on"
      Assets:Members:Cyd:Wallet   -300 RSC
      Assets:Members:Dan:Wallet    300 RSC
    2026-01-02 * "Bob passes it on"
      Assets:Members:Bob:Wallet   -200 RSC
      Assets:Members:Cyd:Wallet    200 RSC
    2026-01-02 * "Ada gives"
      Assets:Members:Ada:Wallet   -100 RSC
      Assets:Members:Bob:Wallet    100 RSC
    """
    assert books.balance("Assets:Members:Dan:Wallet") == 400


def test_wages_come_before_what_workers_spend_at_the_same_instant() -> None:
    spent = move(ADA, BOB, 121, date="2026-01-02")
    books = check(hours("Bakery", "Ada", 1) + spent, region=PLAIN, prelude=SMALL)
    assert books.balance(ADA) == 0


def test_a_payroll_that_falls_takes_with_it_what_was_paid_from_it() -> None:
    text = (
        hours("Bakery", "Ada", 5, mark="insufficient-balance")
        + move(ADA, BOB, 50, date="2026-01-02")
        + move(ADA, CYD, 150, date="2026-01-02", mark="insufficient-balance")
    )
    books = check(text, region=PLAIN, prelude=SMALL)
    # 100 + 105 - 50 - 150 would hold; without the wage the last of her gifts by the key falls.
    assert books.balance(ADA) == 50
    assert paid(books, "wage") == []


def test_a_reversal_counts_as_spending_of_who_has_to_give_back() -> None:
    text = (
        move(OUTSIDE, MILL, 50, date="2026-01-02", transfer="external_sale", extra='  id: "sold"\n')
        + move(MILL, OUTSIDE, 120, date="2026-01-03", transfer="external_purchase", extra='  input: "wheat"\n')
        + '2026-01-04 custom "reversal" "sold" ; ! insufficient-balance\n'
        + move(OUTSIDE, MILL, 20, date="2026-01-05", transfer="external_sale")
        + '2026-01-05 custom "reversal" "sold"\n'
    )
    books = check(text, region=PLAIN, prelude=SMALL)
    assert books.balance(MILL) == 0


def test_the_order_of_lines_decides_nothing() -> None:
    gifts = [move(ADA, account, 60, date="2026-01-02", says=f"to {account}") for account in (BOB, CYD)]
    for first, second in (gifts, reversed(gifts)):
        falls = [
            line.replace('"\n', '" ; ! insufficient-balance\n', 1) if CYD in line else line for line in (first, second)
        ]
        check("".join(falls), region=PLAIN, prelude=SMALL)


def test_of_several_repayments_of_one_loan_at_one_instant_no_more_stand_than_is_owed() -> None:
    text = loan("loan-1", "Mill", 90)
    for number, mark in enumerate(("", "", "repayment-exceeds-loan"), 1):
        text += move(MILL, BANK, 40, date="2026-01-02", link="loan-1", says=f"part {number}", mark=mark)
    text += move(MILL, BANK, 10, date="2026-01-02", link="loan-1", says="part 4")
    books = check(text, region=PLAIN, prelude=SMALL)
    assert sorted(paid(books, "loan_repayment")) == [10, 40, 40]
    assert books.balance("Liabilities:Companies:Mill:Loans") == 0


def test_of_several_drafts_of_one_outside_loan_at_one_instant_no_more_stand_than_was_agreed() -> None:
    text = '2026-01-01 custom "outside-loan" "credit-7" "Mill"\n  lender: "Coast Bank"\n  principal: 90 RSC\n'
    for number, mark in enumerate(("", "", "wrong-amount"), 1):
        text += move(OUTSIDE, MILL, 40, date="2026-01-02", transfer="outside_loan", link="credit-7",
                     says=f"part {number}", mark=mark)  # fmt: skip
    assert check(text, region=PLAIN, prelude=SMALL).balance(MILL) == 180


def test_what_is_repaid_of_a_loan_at_the_instant_at_which_it_falls_is_set_aside() -> None:
    granted = loan("loan-1", "Mill", 500, date="2026-01-02", mark="insufficient-balance")
    repaid = move(MILL, BANK, 5, date="2026-01-02", link="loan-1")
    other = loan("loan-2", "Bakery", 50, date="2026-01-02") + move(BAKERY, BANK, 5, date="2026-01-02", link="loan-2")
    marked = repaid.replace("^loan-1", "^loan-1 ; ? depends-on-rejected")
    for repayment in (marked, ""):  # the same balances as if it had never been written
        books = check(granted + repayment + other, region=PLAIN, prelude=SMALL)
        assert [books.balance(name) for name in (MILL, BAKERY, BANK)] == [100, 145, 55]
        assert books.balance("Liabilities:Companies:Mill:Loans") == 0
        assert books.balance("Liabilities:Companies:Bakery:Loans") == -45
