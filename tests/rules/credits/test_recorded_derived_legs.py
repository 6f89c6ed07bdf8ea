"""What follows may be written down: then it is verified, all of it or none (wages, releases, loans, closes)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from beancount.core import data
from beancount.parser import printer

from tests.rules.credits.region import PRELUDE, close, loan, paid, region
from tests.support import Loaded, check, load

D = Decimal

RATES = region(income_tax=0.12, sales_tax_internal=0.01, profit_at_rest_tax=0.02, dividend=0.5, housing_markup=0.05)

PAYROLL = """
2026-01-02 * "payroll"
  Assets:Companies:Bakery:A        -13 HOUR
  Assets:Members:Ada:Hours           8 HOUR
  Assets:Members:Bob:Hours           5 HOUR
  Assets:Companies:Bakery:Wallet  -258 RSC
    transfer: "wage"
  Assets:Members:Ada:Wallet        168 RSC
    transfer: "wage"
  Assets:Members:Bob:Wallet         90 RSC
    transfer: "wage"
  Assets:Members:Ada:Wallet        -20.16 RSC
    transfer: "income_tax"
  Assets:Members:Bob:Wallet        -10.80 RSC
    transfer: "income_tax"
  Assets:Region:Treasury            30.96 RSC
    transfer: "income_tax"
  Assets:Members:Ada:Hours           0 HOUR
    transfer: "taxes"
  Assets:Members:Bob:Hours           0 HOUR
    transfer: "taxes"
  Equity:PSF                         0 HOUR
    transfer: "taxes"
"""


def without(kind: str) -> str:
    lines = PAYROLL.splitlines(keepends=True)
    return "".join(
        line
        for index, line in enumerate(lines)
        if kind not in line and (index + 1 == len(lines) or kind not in lines[index + 1])
    )


def test_a_payroll_with_all_that_follows_is_verified_and_not_added_to() -> None:
    books = check(PAYROLL, region=RATES, prelude=PRELUDE)
    (entry,) = [entry for entry in books.governed() if entry.narration == "payroll"]
    assert len(entry.postings) == 12
    assert entry.tags == {"derived"}
    assert books.balance("Assets:Companies:Bakery:Wallet") == 1000 - 258


@pytest.mark.parametrize("kind", ["wage", "income_tax", "taxes"])
def test_all_that_follows_is_written_down_or_none(kind: str) -> None:
    found = load(without(kind), region=RATES, prelude=PRELUDE)
    assert found.codes == ["incomplete-derived-legs"]
    assert paid(found, "wage") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Ada:Wallet        168", "Ada:Wallet        169"),
        ("-20.16", "-20.15"),
        ("Bob:Wallet         90", "Cyd:Wallet         90"),
    ],
)
def test_a_wrong_leg_is_refused_with_both_amounts(before: str, after: str) -> None:
    text = PAYROLL.replace(before, after, 1)
    # What is off by itself is balanced by the leg that is shared.
    text = text.replace("-258 RSC", "-259 RSC") if "169" in after else text
    text = text.replace("30.96", "30.95") if "20.15" in after else text
    found = load(text, region=RATES, prelude=PRELUDE)
    assert found.codes == ["wrong-derived-amount"]
    (problem,) = found.books.errors
    if after.endswith("169"):
        assert text.splitlines()[problem.line - 1].startswith("  Assets:")
        assert "258" in problem.message
        assert "259" in problem.message


def test_a_leg_of_something_that_does_not_follow_is_refused() -> None:
    extra = '  Assets:Companies:Bakery:Wallet  -5 RSC\n    transfer: "profit_tax"\n'
    extra += '  Assets:Region:Treasury  5 RSC\n    transfer: "profit_tax"\n'
    found = load(PAYROLL + extra, region=RATES, prelude=PRELUDE)
    assert found.codes == ["derived-without-cause"]


REPAID = """
2026-01-10 * "early" ^loan-1
  Assets:Companies:Bakery:Wallet        -500 RSC
  Assets:Banks:PublicBank:Funds          500 RSC
  Assets:Banks:PublicBank:Loans         -{released} RSC
    transfer: "loan_release"
  Liabilities:Companies:Bakery:Loans     {released} RSC
    transfer: "loan_release"
"""


@pytest.mark.parametrize(("released", "codes"), [("500", []), ("499", ["wrong-derived-amount"])])
def test_a_release_written_down_is_verified(released: str, codes: list[str]) -> None:
    text = loan("loan-1", "Bakery", 1000) + REPAID.format(released=released)
    assert load(text, region=RATES, prelude=PRELUDE).codes == codes


# What a directive entails

LENT = loan("loan-1", "Bakery", 1000, rate="0.12", date="2026-01-02")
LOAN_LEGS = [
    ("Assets:Banks:PublicBank:Funds", "Assets:Companies:Bakery:Wallet", "1000", "loan"),
    ("Liabilities:Companies:Bakery:Loans", "Assets:Banks:PublicBank:Loans", "1000", "loan_claim"),
]


def evidence(date: str, cause: str, legs: list[tuple[str, str, str, str]]) -> str:
    text = f'{date} * "written down" #derived\n  derived-from: "{cause}"\n'
    for debit, credit, amount, kind in legs:
        text += f'  {debit}  -{amount} RSC\n    transfer: "{kind}"\n  {credit}  {amount} RSC\n    transfer: "{kind}"\n'
    return text


def changed(index: int, amount: str) -> list[tuple[str, str, str, str]]:
    legs = list(LOAN_LEGS)
    debit, credit, _, kind = legs[index]
    legs[index] = (debit, credit, amount, kind)
    return legs


CAUSE = "loan loan-1 PublicBank Bakery"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (evidence("2026-01-02", CAUSE, LOAN_LEGS), ""),
        (evidence("2026-01-02", CAUSE, changed(0, "1001")), "wrong-derived-amount"),
        (evidence("2026-01-02", CAUSE, changed(1, "999")), "wrong-derived-amount"),
        (evidence("2026-01-02", CAUSE, LOAN_LEGS[:1]), "incomplete-derived-legs"),
        (evidence("2026-01-03", CAUSE, LOAN_LEGS), "derived-without-cause"),
        (evidence("2026-01-02", "loan loan-1", LOAN_LEGS), "derived-without-cause"),
        (evidence("2026-01-02", "loan loan-2 PublicBank Bakery", LOAN_LEGS), "derived-without-cause"),
        (evidence("2026-01-02", CAUSE, LOAN_LEGS) * 2, "derived-without-cause"),
    ],
)
def test_a_loan_written_down_is_verified(text: str, code: str) -> None:
    found = load(LENT + text, region=RATES, prelude=PRELUDE)
    assert found.codes == ([code] if code else [])
    assert found.balance("Assets:Companies:Bakery:Wallet") == 2000
    assert found.balance("Liabilities:Companies:Bakery:Loans") == -1000


MONTH = """
2026-01-02 custom "lease" "flat" "Ada"
2026-01-02 custom "lease" "oven" "Bakery"
2026-01-03 * "100 loaves" ^loaf
  id: "loaves"
  quantity: 100
  Assets:Members:Bob:Wallet         -420 RSC
  Assets:Companies:Bakery:Wallet     420 RSC
2026-01-04 * "work"
  id: "work"
  Assets:Companies:Mill:A             -5 HOUR
  Assets:Members:Cyd:Hours             5 HOUR
"""


def rewritten(found: Loaded) -> str:
    """Return the books of a ledger as text, without the plugin's `open`s."""
    return "\n".join(
        printer.format_entry(entry) for entry in data.sorted(found.books.entries) if not isinstance(entry, data.Open)
    )


def closed() -> tuple[str, str]:
    """Return a month with its close, and the transaction that the close entails as text."""
    text = LENT + MONTH + close("2026-01")
    books = check(text, region=RATES, prelude=PRELUDE)
    (entry,) = [entry for entry in books.derived() if entry.meta["derived-from"].startswith("month-close")]
    assert entry.meta["derived-from"] == "month-close 2026-01"
    assert str(entry.date) == "2026-01-31"
    assert "time" not in entry.meta
    return text, "\n" + printer.format_entry(entry)


def test_a_close_written_down_is_verified_and_not_added() -> None:
    text, written = closed()
    books = check(text + written, region=RATES, prelude=PRELUDE)
    assert len([entry for entry in books.derived() if entry.meta["derived-from"].startswith("month")]) == 1


def one_more_dividend(text: str) -> str:
    return text.replace("month-close 2026-01", "month-close 2026-02")


def another_day(text: str) -> str:
    return text.replace("2026-01-31 *", "2026-01-30 *")


@pytest.mark.parametrize("change", [one_more_dividend, another_day])
def test_a_close_written_down_without_its_cause_is_refused(change: Callable[[str], str]) -> None:
    text, written = closed()
    found = load(text + change(written), region=RATES, prelude=PRELUDE)
    assert found.codes == ["derived-without-cause"]


def test_a_dividend_written_down_above_what_is_due_is_refused() -> None:
    text, written = closed()
    lines = written.splitlines()
    wrong = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if "dividend" in following and ("Ada" in line or "Treasury" in line):
            name, number, commodity = line.split()
            more = D(1) if "Ada" in line else D(-1)
            wrong.append(f"  {name}  {D(number) + more} {commodity}")
        else:
            wrong.append(line)
    assert wrong != lines
    found = load(text + "\n".join(wrong) + "\n", region=RATES, prelude=PRELUDE)
    assert found.codes == ["wrong-derived-amount"]


ALL_KINDS = (
    LENT
    + MONTH
    + close("2026-01")
    + """
2026-02-01 custom "reversal" "work"
2026-02-02 custom "reversal" "loaves"
2026-02-10 * "early" ^loan-1
  Assets:Companies:Bakery:Wallet  -500 RSC
  Assets:Banks:PublicBank:Funds    500 RSC
"""
    + close("2026-02")
    + """
2026-03-01 custom "bankruptcy" "Bakery"
  by: "carla"
2026-03-01 custom "company-end" "Mill"
"""
)


def test_output_written_back_and_loaded_again_gives_the_same_books() -> None:
    first = load(ALL_KINDS, region=RATES, prelude=PRELUDE)
    assert first.errors == []
    second = load(rewritten(first), region=RATES, prelude="")
    assert second.errors == []
    third = load(rewritten(second), region=RATES, prelude="")
    assert rewritten(second) == rewritten(third)
    for account in first.books.machine.state.balances:
        assert second.balance(account) == first.balance(account), account
    shown = [[(p.account, p.units) for p in entry.postings] for entry in first.governed()]
    assert [[(p.account, p.units) for p in entry.postings] for entry in second.governed()] == shown
