"""LANGUAGE.md, "Accounts"."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data

from tests.support import HEAD, PARTIES, PRELUDE, Loaded, check, ledger, load, work, write


@ledger(prelude="")
def test_accounts_are_opened_by_the_engine_when_the_party_appears(books: Loaded) -> None:
    """
    2026-02-01 custom "member" "Ada"
    2026-02-02 custom "company" "Bakery"
    2026-02-03 custom "cooperation" "Bread" "Bakery"
    """
    opened = {(e.account, str(e.date), tuple(e.currencies)) for e in books.books.entries if isinstance(e, data.Open)}
    assert opened == {
        ("Equity:PSF", "2026-02-01", ("HOUR",)),
        ("Assets:Members:Ada:Hours", "2026-02-01", ("HOUR",)),
        ("Assets:Companies:Bakery:P", "2026-02-02", ("HOUR",)),
        ("Assets:Companies:Bakery:R", "2026-02-02", ("HOUR",)),
        ("Assets:Companies:Bakery:A", "2026-02-02", ("HOUR",)),
        ("Liabilities:Companies:Bakery:PRD", "2026-02-02", ("HOUR",)),
        ("Equity:Cooperations:Bread", "2026-02-03", ("HOUR",)),
    }
    places = {e.account: e.meta["lineno"] for e in books.books.entries if isinstance(e, data.Open)}
    assert (places["Assets:Members:Ada:Hours"], places["Assets:Companies:Bakery:P"]) == (2, 3)


@ledger()
def test_an_explicit_open_is_allowed_and_not_doubled(books: Loaded) -> None:
    """
    2026-01-01 open Assets:Members:Ada:Hours   HOUR
      note: "by hand"
    2026-01-01 open Assets:Companies:Bakery:A
    2025-12-31 open Equity:PSF
    """
    opens = [e.account for e in books.books.entries if isinstance(e, data.Open)]
    assert len(opens) == len(set(opens))


@ledger(files={"receipt.pdf": "x"})
def test_an_open_that_stands_too_late_or_a_document_does_no_harm(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      Assets:Companies:Bakery:A    -10 HOUR
      Assets:Members:Ada:Hours      10 HOUR
    2026-02-02 document Assets:Members:Ada:Hours "receipt.pdf"
    2026-03-01 open Assets:Members:Ada:Hours
    2026-03-02 * "work"
      Assets:Companies:Bakery:A    -10 HOUR
      Assets:Members:Ada:Hours      10 HOUR
    """
    assert books.amounts("work_certificates") == [10, 10]


@ledger()
def test_an_open_for_nobody_or_in_another_commodity_is_refused(books: Loaded) -> None:
    """
    2026-02-01 open Assets:Members:Zoe:Hours        ; ! account-without-owner
    2026-01-01 open Assets:Members:Ada:Hours   RSC  ; ! wrong-commodity
    """


@ledger()
def test_a_close_is_an_error(books: Loaded) -> None:
    """
    2026-02-01 close Assets:Members:Ada:Hours ; ! closed-account
    2026-02-02 * "she still works"
      Assets:Companies:Bakery:A    -1 HOUR
      Assets:Members:Ada:Hours      1 HOUR
    """
    assert books.amounts("work_certificates") == [1]


@pytest.mark.parametrize(
    ("account", "nearest"),
    [
        ("Assets:Members:Ada", "Assets:Members:Ada:Hours"),
        ("Assets:Members:Ada:Hour", "Assets:Members:Ada:Hours"),
        ("Assets:Members:Ada:Hours:Extra", "Assets:Members:Ada:Hours"),
        ("Assets:Companies:Bakery", "Assets:Companies:Bakery"),
        ("Assets:Companies:Bakery:Q", "Assets:Companies:Bakery"),
        ("Assets:Companies:Bakery:PRD", "Liabilities:Companies:Bakery:PRD"),
        ("Liabilities:Companies:Bakery:P", "Assets:Companies:Bakery:P"),
        ("Liabilities:Members:Ada:Hours", "Assets:Members:Ada:Hours"),
        ("Equity:PSF:Clinic", "Equity:PSF"),
        ("Equity:Cooperations", "Equity:Cooperations"),
        ("Equity:Cooperations:Bread:Extra", "Equity:Cooperations:Bread"),
        ("Assets:Banks:Public:Hours", "Assets:Banks:Public"),
        ("Assets:Region:Hours", "Assets:Region:Treasury"),
        ("Assets:Regions:Lakeside", "Assets:Regions:Lakeside:Clearing"),
        ("Equity:Issuance:HOUR", "Equity:Issuance"),
        ("Equity:Outside:World", "Equity:Outside"),
    ],
)
def test_a_governed_account_that_is_not_in_the_table_is_an_error_that_names_the_nearest(
    account: str, nearest: str
) -> None:
    text = (
        f'2026-02-01 * "typo"\n  Assets:Companies:Bakery:A  -1 HOUR\n  {account}  1 HOUR ; ! unknown-account\n'
        f'2026-02-02 note {account} "x" ; ! unknown-account\n'
    )
    found = check(text)
    messages = [problem.message for problem in found.books.errors]
    assert all(nearest in message for message in messages), messages


def test_even_an_open_does_not_make_such_an_account_right() -> None:
    text = "2026-02-01 open Assets:Members:Ada:Savings ; ! unknown-account\n"
    check(text)


@pytest.mark.parametrize(
    "account", ["Equity:PSFund", "Assets:Membership:Ada", "Assets:MembersOfBoard", "Expenses:Rent"]
)
def test_what_only_looks_alike_is_the_regions_own_affair(account: str) -> None:
    text = (
        f"2026-02-01 open {account}\n2026-02-01 open Assets:Cash\n"
        f'2026-02-02 * "x"\n  {account}  1 EUR\n  Assets:Cash  -1 EUR\n'
    )
    check(text)


@pytest.mark.parametrize("account", ["Equity:PSFund", "Expenses:Rent", "Income:Gifts", "Assets:Members2:Ada:Hours"])
def test_labour_time_stands_on_no_other_account(account: str) -> None:
    text = (
        f'2026-02-01 open {account}\n2026-02-01 open Assets:Cash\n2026-02-02 * "x"\n'
        f"  {account}  1 HOUR ; ! commodity-on-other-account\n  Assets:Cash  -1 HOUR\n"
    )
    check(text)


@ledger()
def test_labour_time_is_no_price_or_cost_of_something_else_either(books: Loaded) -> None:
    """
    2026-02-01 open Assets:Cash
    2026-02-01 open Assets:Tools
    2026-02-02 * "bought for hours"
      Assets:Cash     1 EUR @ 2 HOUR ; ! commodity-on-other-account
      Assets:Tools   -1 EUR @ 2 HOUR
    2026-02-02 * "bought for hours"
      Assets:Tools    1 SPADE {2 HOUR} ; ! commodity-on-other-account
      Assets:Cash    -1 SPADE {2 HOUR}
    """


@ledger()
def test_no_transaction_mixes_governed_and_other_accounts(books: Loaded) -> None:
    """
    2026-02-01 open Expenses:Gifts
    2026-02-01 open Assets:Cash
    2026-02-02 * "hours leave"
      Assets:Members:Ada:Hours    -1 HOUR
      Expenses:Gifts               1 HOUR ; ! mixed-transaction
    2026-02-02 * "two things in one"
      Assets:Companies:Bakery:A   -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR
      Expenses:Gifts               1 EUR ; ! mixed-transaction
      Assets:Cash                 -1 EUR
    """
    assert books.amounts("work_certificates") == []
    assert all("Expenses:Gifts" not in str(e.postings) for e in books.books.entries if isinstance(e, data.Transaction))


@ledger()
def test_no_transaction_uses_another_commodity_a_cost_or_a_price(books: Loaded) -> None:
    """
    2026-02-02 * "euros"
      Assets:Companies:Bakery:A   -1 EUR ; ! wrong-commodity
      Assets:Members:Ada:Hours     1 EUR
    2026-02-02 * "a price"
      Assets:Companies:Bakery:A   -1 HOUR
      Assets:Members:Ada:Hours     1 HOUR @ 1 HOUR ; ! cost-or-price
    2026-02-02 * "a price in another commodity"
      Assets:Companies:Bakery:A   -2 HOUR @@ 2 EUR ; ! cost-or-price
      Assets:Members:Ada:Hours     2 HOUR @@ 2 EUR
    2026-02-02 * "a cost"
      Assets:Companies:Bakery:A   -3 HOUR
      Assets:Members:Ada:Hours     3 HOUR {1 HOUR} ; ! cost-or-price
    """
    assert books.amounts("work_certificates") == []


@ledger()
def test_pad_touches_no_governed_account_on_either_side(books: Loaded) -> None:
    """
    2026-02-01 open Equity:Opening
    2026-02-01 pad Assets:Members:Ada:Hours Equity:PSF ; ! pad-on-governed-account
    2026-02-01 pad Assets:Members:Bob:Hours Equity:Opening ; ! pad-on-governed-account
    2026-02-01 pad Equity:Opening Assets:Members:Cyd:Hours ; ! pad-on-governed-account
    """
    assert books.balance("Assets:Members:Ada:Hours") == 0


def test_a_pad_moves_nothing_even_when_a_balance_asks_for_it() -> None:
    text = """
    2026-02-01 pad Assets:Members:Ada:Hours Equity:PSF ; ! pad-on-governed-account
    2026-02-02 balance Assets:Members:Ada:Hours  5 HOUR
    """  # that it fails follows from the pad, which is reported
    assert check(text).balance("Assets:Members:Ada:Hours") == 0


@ledger()
def test_balance_note_document_and_query_are_welcome(books: Loaded) -> None:
    """
    2026-02-01 * "work"
      Assets:Companies:Bakery:A    -10 HOUR
      Assets:Members:Ada:Hours      10 HOUR
    2026-02-02 balance Assets:Members:Ada:Hours   8.00 HOUR
    2026-02-02 balance Equity:PSF              -298.00 HOUR
    2026-02-02 note Assets:Members:Ada:Hours "FIC is 0.8: she keeps 8 of 10"
    2026-02-02 query "hours" "SELECT account, sum(position) WHERE account ~ 'Members' GROUP BY account"
    2026-02-02 event "location" "Riverbend"
    2026-02-02 commodity HOUR
      name: "Labour time"
    2026-02-03 balance Assets:Members:Ada:Hours   8.01 HOUR ; ! balance-failed
    """


EXACTLY = """
2026-02-01 * "work"
  Assets:Companies:Bakery:A    -10 HOUR
  Assets:Members:Ada:Hours      10 HOUR
"""


TOLERANT = ('option "tolerance_multiplier" "100"\n', 'option "inferred_tolerance_default" "*:1"\n')


@pytest.mark.parametrize("options", ["", *TOLERANT])
@pytest.mark.parametrize("asserted", ["8.00", "8", "8.02 ~ 0.02", "! 8.01", "! 7.99", "! 8.1", "! 8.03 ~ 0.02"])
def test_a_balance_of_a_governed_account_is_exact_unless_it_says_how_far_it_may_be_off(
    tmp_path: Path, options: str, asserted: str
) -> None:
    """Beancount alone takes 8.01 for 8.00; conductor and bean-check with its plugin say the same of each line."""
    holds, amount = not asserted.startswith("!"), asserted.removeprefix("! ")
    mark = "" if holds else " ; ! balance-failed"
    text = EXACTLY + f"2026-02-02 balance Assets:Members:Ada:Hours {amount} HOUR{mark}\n"
    head = options + HEAD
    check(text, head=head)
    folder = write(tmp_path, text, head=head)
    _, errors, _ = loader.load_file(str(folder / "main.beancount"))
    places = [(Path(error.source["filename"]).name, error.source["lineno"]) for error in errors]
    assert places == ([] if holds else [("doc.beancount", len(text.splitlines()))])


def test_a_balance_of_another_account_keeps_the_tolerance_of_beancount() -> None:
    check(
        """
2026-02-01 open Assets:Cellar
2026-02-01 open Equity:Cellar
2026-02-01 * "wine"
  Assets:Cellar   10.00 LITRE
  Equity:Cellar  -10.00 LITRE
2026-02-02 balance Assets:Cellar  10.01 LITRE
2026-02-03 balance Assets:Cellar  10.03 LITRE ; ! beancount-error
"""
    )


def test_the_commodities_may_have_other_names() -> None:
    region = "region: T\ncommodities:\n  labour_time: {name: STUNDE, precision: 0.1}\n"
    text = work("Bakery", "Ada", "1.5").replace("HOUR", "STUNDE")
    found = check(text, region=region, prelude=PRELUDE.replace("HOUR", "STUNDE"))
    # 1.5 x 0.2 = 0.3
    assert found.amounts("taxes") == [found.balance("Assets:Members:Ada:Hours") / 4]
    assert {e.currencies[0] for e in found.books.entries if isinstance(e, data.Open)} == {"STUNDE"}
    # HOUR is nothing special then.
    assert load(work("Bakery", "Ada", 1), region=region, prelude=PARTIES).codes == ["wrong-commodity"]


def test_credits_are_refused_by_name_while_they_are_off() -> None:
    text = """
    2026-02-01 * "a gift"
      Assets:Members:Ada:Wallet   -1 RSC ; ! credits-are-off
      Assets:Members:Bob:Wallet    1 RSC
    2026-02-01 open Assets:Region:Treasury ; ! credits-are-off
    2026-02-01 custom "bank" "PublicBank" ; ! credits-are-off
    2026-02-01 custom "offer" "sourdough" "Bakery" ; ! credits-are-off
    """
    check(text)


def test_other_roots_of_account_names_leave_no_gap() -> None:
    # Renamed roots take the accounts out of the table's names: hours on them are an error, not a silent pass.
    head = 'option "name_assets" "Aktiva"\n' + HEAD
    found = load(work("Bakery", "Ada", 8).replace("Assets:", "Aktiva:"), head=head)
    assert "commodity-on-other-account" in found.codes
