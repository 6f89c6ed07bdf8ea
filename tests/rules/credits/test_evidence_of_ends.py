"""Bankruptcies, ends and reversals of credits written down: verified, all of it or none (`derived-from:`)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount.parser import printer

from tests.rules.credits.region import BANK, MILL, OUTSIDE, PLAIN, PRELUDE, TREASURY, hours, loan, move, paid
from tests.support import check, load

D = Decimal

OWING = (
    loan("loan-1", "Mill", 600)
    + '2026-01-01 custom "outside-loan" "credit-7" "Mill"\n  lender: "Coast Bank"\n  principal: 300 RSC\n'
    + move(OUTSIDE, MILL, 300, transfer="outside_loan", link="credit-7")
    + move(MILL, OUTSIDE, 1700, transfer="external_purchase", extra='  input: "stone"\n', date="2026-01-02")
)
BANKRUPT = OWING + '2026-01-10 custom "bankruptcy" "Mill"\n  by: "carla"\n'
ENDED = '2026-01-10 custom "company-end" "Mill"\n'
REVERSED = hours("Mill", "Cyd", 1, extra='  id: "it"\n') + '2026-01-10 custom "reversal" "it"\n'


def written(text: str, cause: str) -> str:
    """Return what a directive entails as the text that says it."""
    books = check(text, region=PLAIN, prelude=PRELUDE)
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"] == cause]
    return f"\n{printer.format_entry(entry)}"


CASES = [(BANKRUPT, "bankruptcy Mill"), (ENDED, "company-end Mill"), (REVERSED, "reversal it")]
IDS = [cause for _, cause in CASES]


@pytest.mark.parametrize(("text", "cause"), CASES, ids=IDS)
def test_what_is_right_is_not_added_again(text: str, cause: str) -> None:
    alone = check(text, region=PLAIN, prelude=PRELUDE)
    books = check(text + written(text, cause), region=PLAIN, prelude=PRELUDE)
    assert paid(books) == paid(alone)
    assert len([entry for entry in books.derived() if entry.meta["derived-from"] == cause]) == 1


@pytest.mark.parametrize(("text", "cause"), CASES, ids=IDS)
def test_without_its_cause_at_its_instant_it_is_refused(text: str, cause: str) -> None:
    legs = written(text, cause)
    for changed in (
        legs.replace("2026-01-10", "2026-01-11"),
        legs.replace(cause, cause + "y"),
        legs.replace(f'derived-from: "{cause}"', f'derived-from: "{cause}"\n  time: "12:00:00"'),
        legs * 2,
    ):
        found = load(text + changed, region=PLAIN, prelude=PRELUDE)
        assert found.codes == ["derived-without-cause"]
        # What the directive entails is there all the same.
        assert paid(found) == paid(check(text, region=PLAIN, prelude=PRELUDE))


def test_creditors_are_paid_by_their_claims_and_not_by_agreement() -> None:
    # 200 are left: the bank's 600 get 133.33, Coast Bank's 300 get 66.67.
    legs = written(BANKRUPT, "bankruptcy Mill")
    assert "133.33" in legs
    assert "66.67" in legs
    changed = legs.replace("133.33", "123.33").replace("66.67", "76.67")
    found = load(BANKRUPT + changed, region=PLAIN, prelude=PRELUDE)
    assert found.codes == ["wrong-derived-amount"]
    assert found.balance(BANK) == D("9533.33")  # 10000 - 600 + 133.33


def test_what_is_left_goes_to_nobody_else() -> None:
    legs = written(ENDED, "company-end Mill").replace(TREASURY, "Assets:Members:Cyd:Wallet")
    found = load(ENDED + legs, region=PLAIN, prelude=PRELUDE)
    assert len(found.errors) == 1
    assert found.balance("Assets:Members:Cyd:Wallet") == 1000
    assert found.balance(TREASURY) == 11_000


def test_half_of_a_bankruptcy_is_not_enough() -> None:
    legs = written(BANKRUPT, "bankruptcy Mill").splitlines(keepends=True)
    kept = [
        line
        for line, following in zip(legs, [*legs[1:], ""], strict=True)
        if "loan_release" not in line and "loan_release" not in following
    ]
    found = load(BANKRUPT + "".join(kept), region=PLAIN, prelude=PRELUDE)
    assert found.codes == ["incomplete-derived-legs"]


def test_a_wage_and_its_tax_taken_back_are_taken_back_whole() -> None:
    legs = written(REVERSED, "reversal it").replace("20.00", "19.00")
    found = load(REVERSED + legs, region=PLAIN, prelude=PRELUDE)
    assert found.codes == ["wrong-derived-amount"]
    assert found.balance(MILL) == 1000


def test_a_company_that_can_pay_all_is_written_down_in_the_same_way() -> None:
    text = BANKRUPT.replace("1700", "1")
    check(text + written(text, "bankruptcy Mill"), region=PLAIN, prelude=PRELUDE)
