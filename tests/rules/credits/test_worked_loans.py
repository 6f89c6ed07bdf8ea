"""Loans reckoned by hand, instalment by instalment (RULES.md, part B, "Loans")."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.rules.credits.region import (
    BAKERY,
    BANK,
    CLAIM,
    FUNDED,
    UNION,
    close,
    debt,
    endow,
    loan,
    moves,
    paid,
    region,
    wallet,
)
from tests.rules.credits.region import PLAIN as NO_RATES
from tests.support import Loaded, check

D = Decimal

DEBT = debt("Bakery")
HALF_A_YEAR = close("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")


def lent(text: str, *, prelude: str = FUNDED, plain: str = NO_RATES) -> Loaded:
    return check(text, region=plain, prelude=prelude)


def test_a_loan_moves_the_principal_and_leaves_a_claim_and_a_debt() -> None:
    books = lent(loan("loan-1", "Bakery", 5000))
    assert moves(books, "loan", "loan_claim") == [
        ("loan", BANK, BAKERY, D(5000)),
        ("loan_claim", DEBT, CLAIM, D(5000)),
    ]
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"].startswith("loan ")]
    assert entry.meta["derived-from"] == "loan loan-1 PublicBank Bakery"
    assert "loan-1" in entry.links
    assert books.balance(DEBT) == -5000
    assert books.balance(CLAIM) == 5000


def test_an_annuity_ends_at_exactly_zero() -> None:
    books = lent(loan("loan-1", "Bakery", 1000, rate=0.12, months=3) + HALF_A_YEAR)
    # i = 0.12 / 12 = 0.01; annuity = 1000 x 0.01 / (1 - 1.01^-3) = 10 / 0.0294098... = 340.0221... = 340.02.
    # Granted in January: the first instalment falls due at the close of February.
    #   February: interest 1000.00 x 0.01 = 10.00;            principal 340.02 - 10.00 = 330.02; 669.98 outstanding
    #   March:    interest  669.98 x 0.01 =  6.6998 = 6.70;   principal 340.02 -  6.70 = 333.32; 336.66 outstanding
    #   April:    interest  336.66 x 0.01 =  3.3666 = 3.37;   the last one is all that is outstanding: 336.66
    assert paid(books, "loan_interest") == [D("10.00"), D("6.70"), D("3.37")]
    assert paid(books, "loan_repayment") == [D("330.02"), D("333.32"), D("336.66")]
    assert moves(books, "loan_release") == [
        ("loan_release", CLAIM, DEBT, amount) for amount in (D("330.02"), D("333.32"), D("336.66"))
    ]
    assert books.balance(DEBT) == books.balance(CLAIM) == 0


def test_a_loan_of_equal_principals_ends_at_exactly_zero() -> None:
    books = lent(loan("loan-1", "Bakery", 1000, rate=0.12, months=3, repayment="equal") + HALF_A_YEAR)
    # 1000 / 3 = 333.33, and the last one is what is left; interest 10.00, 666.67 x 0.01 = 6.67, 333.34 x 0.01 = 3.33.
    assert paid(books, "loan_repayment") == [D("333.33"), D("333.33"), D("333.34")]
    assert paid(books, "loan_interest") == [D("10.00"), D("6.67"), D("3.33")]
    assert books.balance(DEBT) == 0


def test_without_interest_an_annuity_is_an_equal_share() -> None:
    books = lent(loan("loan-1", "Ada", 100, months=3) + HALF_A_YEAR)
    assert paid(books, "loan_interest") == []
    assert paid(books, "loan_repayment") == [D("33.33"), D("33.33"), D("33.34")]
    assert books.balance(debt("Ada")) == 0


def test_a_loan_of_one_month_is_due_at_the_close_of_the_next() -> None:
    books = lent(loan("loan-1", "Bakery", 1000, rate=0.12, months=1, date="2026-01-31") + HALF_A_YEAR)
    assert paid(books, "loan_interest") == [10]
    assert paid(books, "loan_repayment") == [1000]


def test_interest_is_reckoned_on_the_rate_that_was_agreed_when_the_loan_was_granted() -> None:
    # 0.0625 / 12 x 1000 = 5.208333... = 5.21; then (1000 - 83.33) x 0.0625 / 12 = 4.77432... = 4.77.
    text = loan("loan-1", "Bakery", 1000, rate=0.0625, months=12, repayment="equal")
    assert paid(lent(text + close("2026-01", "2026-02", "2026-03")), "loan_interest") == [D("5.21"), D("4.77")]


def test_the_interest_of_a_regional_bank_is_passed_on_that_of_a_credit_union_is_not() -> None:
    text = loan("loan-1", "Bakery", 1000, rate=0.12) + loan("loan-2", "Mill", 1000, rate=0.12, bank="Union")
    books = lent(text + close("2026-01", "2026-02"), plain=region(dividend=1))
    assert sorted(moves(books, "loan_interest")) == [
        ("loan_interest", BAKERY, BANK, D(10)),
        ("loan_interest", wallet("Mill"), UNION, D(10)),
    ]
    assert paid(books, "bank_surplus") == [10]
    assert paid(books, "dividend") == [D("2.50")] * 4


EARLY = """\
{date} * "early" ^loan-1
  Assets:Companies:Bakery:Wallet  -{amount} RSC
  Assets:Banks:PublicBank:Funds    {amount} RSC
"""


def test_who_repays_early_ends_sooner() -> None:
    text = (
        loan("loan-1", "Bakery", 1000, rate=0.12, months=3)
        + close("2026-01")
        + EARLY.format(amount=500, date="2026-02-10")
    )
    books = lent(text + close("2026-02", "2026-03", "2026-04"))
    # 500 outstanding. February: interest 5.00, principal 340.02 - 5.00 = 335.02; 164.98 outstanding.
    # March: interest 1.65 (1.6498), principal 340.02 - 1.65 = 338.37, but only 164.98 are owed. April: nothing.
    assert paid(books, "loan_interest") == [D("5.00"), D("1.65")]
    assert paid(books, "loan_repayment") == [500, D("335.02"), D("164.98")]
    assert paid(books, "loan_release") == [500, D("335.02"), D("164.98")]
    assert books.balance(DEBT) == books.balance(CLAIM) == 0


def test_an_early_repayment_derives_the_release_in_its_own_transaction() -> None:
    books = lent(loan("loan-1", "Bakery", 1000, months=3) + EARLY.format(amount=500, date="2026-01-10"))
    (entry,) = [entry for entry in books.governed() if entry.narration == "early"]
    assert entry.tags == {"derived"}
    assert [(p.meta["transfer"], p.account, p.units.number) for p in entry.postings] == [
        ("loan_repayment", BAKERY, D(-500)),
        ("loan_repayment", BANK, D(500)),
        ("loan_release", CLAIM, D(-500)),
        ("loan_release", DEBT, D(500)),
    ]


def test_all_of_a_loan_may_be_repaid_at_once_and_nothing_more() -> None:
    granted = loan("loan-1", "Bakery", 1000, rate=0.12, months=3)
    books = lent(granted + EARLY.format(amount=1000, date="2026-01-10") + HALF_A_YEAR)
    assert paid(books, "loan_interest") == []
    assert books.balance(DEBT) == 0
    again = EARLY.format(amount="0.01", date="2026-01-11").replace("^loan-1", "^loan-1 ; ! repayment-exceeds-loan")
    lent(granted + EARLY.format(amount=1000, date="2026-01-10") + again)
    found = lent(
        granted
        + EARLY.format(amount="1000.01", date="2026-01-10").replace("^loan-1", "^loan-1 ; ! repayment-exceeds-loan")
    )
    assert "1000.00" in found.message("repayment-exceeds-loan")


def test_what_a_borrower_lacks_is_due_first_at_the_next_close() -> None:
    text = loan("loan-1", "Bakery", 900, rate=0.12, months=3, repayment="equal")
    spent = '2026-01-02 * "an oven"\n  transfer: "external_purchase"\n  input: "oven"\n'
    spent += "  Assets:Companies:Bakery:Wallet  -1800 RSC\n  Equity:Outside  1800 RSC\n"
    closes = (
        close("2026-01", "2026-02")
        .replace("-02-28", "-02-28", 1)
        .replace('"2026-02"', '"2026-02" ; ? payment-in-arrears')
    )
    books = lent(text + spent + closes + endow(1000, "Bakery", date="2026-03-05") + close("2026-03", "2026-04"))
    # 1000 + 900 - 1800 = 100 remain. February: interest 9.00, principal 300, of which 91 are paid; 809 outstanding.
    # March: 209 in arrears; interest 809 x 0.01 = 8.09, principal 300; 300 outstanding.
    # April: interest 300 x 0.01 = 3, and the last 300.
    assert paid(books, "loan_interest") == [D(9), D("8.09"), D(3)]
    assert paid(books, "loan_repayment") == [91, 209, 300, 300]
    assert books.balance(DEBT) == 0


def test_at_the_last_instalment_arrears_are_not_due_twice() -> None:
    text = loan("loan-1", "Bakery", 900, months=3, repayment="equal")
    spent = '2026-01-02 * "an oven"\n  transfer: "external_purchase"\n  input: "oven"\n'
    spent += "  Assets:Companies:Bakery:Wallet  -1800 RSC\n  Equity:Outside  1800 RSC\n"
    closes = close("2026-01", "2026-02", "2026-03", "2026-04")
    for month in ("2026-02", "2026-03", "2026-04"):
        closes = closes.replace(f'"{month}"', f'"{month}" ; ? payment-in-arrears')
    # 100 of 300 are paid in February; 200 + 300 + 300 = 800 stay due, no more, however often months are closed.
    books = lent(text + spent + closes + endow(1000, "Bakery", date="2026-05-05") + close("2026-05", "2026-06"))
    assert paid(books, "loan_repayment")[0] == 100
    assert sum(paid(books, "loan_repayment")) == 900
    assert books.balance(DEBT) == 0
    assert books.balance(BAKERY) == 1000 - 800


@pytest.mark.parametrize("months", [1, 2, 7, 24, 60])
@pytest.mark.parametrize("rate", ["0", "0.02", "0.0333", "0.5", "1"])
@pytest.mark.parametrize("repayment", ["annuity", "equal"])
def test_every_loan_ends_at_exactly_zero_with_its_last_instalment(months: int, rate: str, repayment: str) -> None:
    text = loan("loan-1", "Bakery", "777.77", rate=rate, months=months, repayment=repayment)
    text += endow(100_000, "Bakery")
    ends = ["31", "28", "31", "30", "31", "30", "31", "31", "30", "31", "30", "31"]
    for k in range(months + 1):
        year, month = 2026 + k // 12, k % 12
        day = "29" if (year, month) == (2028, 1) else ends[month]
        text += f'{year}-{month + 1:02}-{day} custom "month-close" "{year}-{month + 1:02}"\n'
    books = lent(text)
    assert books.balance(DEBT) == books.balance(CLAIM) == 0
    assert sum(paid(books, "loan_repayment")) == D("777.77")
    assert len(paid(books, "loan_repayment")) == months
    if repayment == "annuity" and months > 1:
        first = paid(books, "loan_repayment")[0] + sum(paid(books, "loan_interest")[:1])
        i = D(rate) / 12
        annuity = D("777.77") / months if not i else D("777.77") * i / (1 - (1 + i) ** -months)
        assert abs(first - annuity) <= D("0.005")
